"""What a company may set about requests to Support Operations.

Source: the handbook's page "Working with Customer Support Operations".
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from workflows.lib.durations import PositiveDuration, PositiveRealDuration
from workflows.lib.templates import only
from workflows.policy.feedback import Question
from workflows.policy.fields import (
    Channel,
    Key,
    LabelText,
    OptionText,
    PlaceholderText,
    Project,
    Section,
    Text,
    TitleText,
    Url,
)

_MOST_ITEMS: Final = 10
"""A modal holds a hundred blocks, and a person reads fewer."""
_MOST_OPTIONS: Final = 10
"""Slack shows no more radio buttons or checkboxes in one question."""


FilePath = Annotated[str, Field(min_length=1, max_length=150)]
"""A file's path in its project; Slack holds no longer one in a menu."""


class RequestKind(StrEnum):
    """What is asked of Support Operations; the kind decides the way it goes."""

    BUG = "bug"
    FEATURE = "feature"
    QUESTION = "question"
    RFC = "rfc"
    """The requester does not know yet what is wanted."""
    PORTAL = "portal"
    """A customer filed a ticket that asks for a change of the support portal."""
    MERGE_REQUEST = "merge_request"
    """A change of the team's files, drafted for the requester."""
    FILED = "filed"
    """Another case files it for somebody, in words of its own."""


class MergeRequestPolicy(Section):
    """Where the desk may draft a merge request, and who approves it."""

    project: Project = Field(description="The project of the files: its path or number.")
    branch: Text | None = Field(description="The branch it goes into; null for the project's default branch.")
    files: Annotated[tuple[FilePath, ...], Field(min_length=1, max_length=100)] = Field(
        description="The files that may be changed so, by their paths in the project."
    )
    approvers: tuple[Text, ...] = Field(description="Who is asked to approve it, by their user names in the tracker.")


class SelfService(Section):
    """Something one can do without Support Operations."""

    label: OptionText = Field(description="What it is.")
    description: Annotated[str, Field(min_length=1, max_length=500)] = Field(description="How it is done.")
    url: Url = Field(description="The page that says how, step by step.")
    merge_request: MergeRequestPolicy | None = Field(
        default=None, description="Where the desk drafts the merge request; null where it can't."
    )


class FormField(Section):
    """A question of a form; its answer stands in the issue under a heading."""

    label: LabelText = Field(description="The question.")
    placeholder: PlaceholderText = Field(description="An example, shown while the field is empty.")
    hint: LabelText | None = Field(default=None, description="What stands below the field; null for nothing.")
    heading: Text = Field(description="The heading in the issue's template; where there is none, it stands at the end.")
    long: bool = Field(default=True, description="Whether several lines may be typed.")
    required: bool = Field(default=True, description="Whether it has to be answered.")


class IssueForm(Section):
    """A kind of request that becomes an issue."""

    label: OptionText = Field(description="When to choose it.")
    description: OptionText = Field(description="What it is, in a few words.")
    project: Project = Field(description="The project of its issues: its path or number.")
    template: Text | None = Field(description="The project's issue template, by its name; null for none.")
    labels: tuple[Text, ...] = Field(description="The labels of its issues.")
    confirm: bool = Field(description="Whether the requester has to confirm what Support Operations expects.")
    told: Text = Field(description="What the requester is told of what happens next.")
    fields: Annotated[Mapping[Key, FormField], Field(min_length=1, max_length=_MOST_ITEMS)] = Field(
        description="What is asked, in this order, merged by key."
    )


class QuestionWay(Section):
    """A question: posted in the channel, where a member of the team answers."""

    label: OptionText = Field(description="When to choose it.")
    description: OptionText = Field(description="What it is, in a few words.")
    remind_after: PositiveDuration = Field(description="Nobody answered in this time: one reminder in its thread.")


class PortalWay(Section):
    """A customer's ticket that asks for a change of the support portal: its form is set, nothing is replied."""

    label: OptionText = Field(description="When to choose it.")
    description: OptionText = Field(description="What it is, in a few words.")
    form: Text = Field(description="The ticket form by which Support Operations finds it, by its name.")
    note: Annotated[str, AfterValidator(only("requester", "why", "form")), Field(min_length=1, max_length=2000)] = (
        Field(description="The internal note on the ticket; {requester}, {why} and {form} are filled in.")
    )


class Severity(Section):
    """How bad a bug is."""

    label: OptionText = Field(description="Its name in the form.")
    description: OptionText = Field(description="When to choose it.")
    labels: tuple[Text, ...] = Field(description="The labels its issue gets.")


class Size(Section):
    """How large a feature is."""

    label: OptionText = Field(description="Its name in the form.")
    description: OptionText = Field(description="When to choose it.")
    told: Text = Field(description="What the requester is told about it.")
    labels: tuple[Text, ...] = Field(default=(), description="The labels its issue gets.")


class Meaning(StrEnum):
    """What a stage of the tracker means for the requester."""

    PROGRESS = "progress"
    """It is worked on."""
    QUESTION = "question"
    """It waits for the requester's answer."""
    STAGING = "staging"
    """It is on staging, for the requester to test."""
    SHIPPED = "shipped"
    SELF_SERVICE = "self_service"
    """It is closed with instructions: the requester can do it."""


class Stage(Section):
    """A label by which Support Operations shows how far a request is."""

    label: OptionText = Field(description="What the requester reads.")
    means: Meaning = Field(description="progress, question, staging, shipped or self_service.")


class RequestWords(Section):
    """The words of the forms. Slack shows at most 24 characters of a title or button."""

    title: TitleText = Field(description="The title of the forms.")
    submit: TitleText = Field(description="The button that files the request.")
    summary: Question = Field(description="The question for what it is about, in one line: the issue's title.")
    severity: Question = Field(description="The question for how bad a bug is.")
    size: Question = Field(description="The question for how large a feature is.")
    cc: Question = Field(description="The question for who else should know, by their names in the tracker.")
    question: Question = Field(description="The question itself, for the channel.")
    ticket: Question = Field(description="The question for the customer's ticket.")
    why: Question = Field(description="The question for what the customer wants changed.")


class RequestPolicy(Section):
    """Requests to Support Operations: `/supportops`."""

    channel: Channel = Field(description="Where questions are posted.")
    self_service: Annotated[Mapping[Key, SelfService], Field(max_length=_MOST_ITEMS)] = Field(
        description="What one can do oneself, offered first, merged by key."
    )
    bug: IssueForm = Field(description="A bug.")
    feature: IssueForm = Field(description="A feature request.")
    rfc: IssueForm = Field(description="Where nobody knows yet what is wanted: a request for comments.")
    question: QuestionWay = Field(description="A question.")
    portal: PortalWay = Field(description="A ticket that asks for a change of the support portal.")
    severities: Annotated[Mapping[Key, Severity], Field(min_length=1, max_length=_MOST_OPTIONS)] = Field(
        description="How bad a bug can be, the worst first, merged by key."
    )
    sizes: Annotated[Mapping[Key, Size], Field(min_length=1, max_length=_MOST_OPTIONS)] = Field(
        description="How large a feature can be, merged by key."
    )
    confirmations: Annotated[tuple[OptionText, ...], Field(min_length=1, max_length=_MOST_OPTIONS)] = Field(
        description="What the requester confirms before an issue is opened."
    )
    stages: Mapping[Text, Stage] = Field(
        description="The labels of the tracker that say how far a request is, the furthest last, merged by key."
    )
    ask_every: PositiveRealDuration | None = Field(
        description="How often the tracker is asked how a request stands; null where its webhook tells of everything."
    )
    remind_after: PositiveDuration = Field(
        description="A question to the requester, or a sign-off, waits longer than this: one reminder."
    )
    signed_off_labels: tuple[Text, ...] = Field(description="The labels an issue gets when the requester signs it off.")
    ship_day: Annotated[int, Field(ge=1, le=28)] = Field(description="Changes ship on this day of the month.")
    rollout_url: Url = Field(description="How a change is announced to the team, read after the sign-off.")
    tips: Annotated[tuple[Text, ...], Field(max_length=_MOST_ITEMS)] = Field(description="General tips: the help text.")
    retry_every: PositiveRealDuration = Field(
        description="A request the tracker did not take is tried again so often, until it does."
    )
    draft_kept_for: PositiveDuration = Field(description="A form that was not finished is kept this long.")
    text_limit: Annotated[int, Field(ge=100, le=3000)] = Field(
        description="How many characters may be typed into a field; Slack allows 3000."
    )
    words: RequestWords = Field(description="The words of the forms.")

    @model_validator(mode="after")
    def _one_means_staging(self) -> Self:
        if not any(stage.means is Meaning.STAGING for stage in self.stages.values()):
            raise ValueError("One of the stages has to mean staging, or nobody is ever asked to sign off")
        return self

    def form(self, kind: RequestKind) -> IssueForm | None:
        """The form of a kind that becomes an issue, or None."""
        return {RequestKind.BUG: self.bug, RequestKind.FEATURE: self.feature, RequestKind.RFC: self.rfc}.get(kind)

    def project(self, kind: RequestKind) -> str:
        """Where issues of a kind go; what another case files goes where bugs go."""
        return (self.form(kind) or self.bug).project
