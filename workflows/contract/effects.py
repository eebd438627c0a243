"""What leaves the desk, as data. An effect is decided by a rule, saved in the outbox and executed later.

Slack effects say WHAT to show, not how: the card is rendered from the case as it is when the effect leaves.
So ten refreshes of a card collapse into one, and a stale one can never overwrite a newer.
"""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from workflows.contract.effect_base import EffectBase, Urgency
from workflows.contract.file_effects import UploadFile, WriteCanvas, WriteDocument
from workflows.contract.review_effects import (
    AssignIssue,
    LinkIssues,
    ReadParticipants,
    ReadRatings,
    RenameIssue,
    ReopenIssue,
)
from workflows.lib.tickets import TicketRef


class Place(BaseModel):
    """Where in Slack: a channel (`#name` or id) or a person's DM with the bot."""

    model_config = ConfigDict(frozen=True)

    channel: str | None = None
    user: str | None = None

    @property
    def name(self) -> str:
        """How lanes and logs call it: `#product`, or `@U123` for a DM."""
        return self.channel or f"@{self.user}"


def channel(name: str) -> Place:
    """A channel, by name or id."""
    return Place(channel=name)


def dm(user: str) -> Place:
    """The DM between the bot and this person."""
    return Place(user=user)


# ---------------------------------------------------------------------------------------------- Slack


class ShowCard(EffectBase):
    """Show the case in a message that is updated in place, and posted anew when it is gone.

    `slot` names the message among the case's (`card`, `confirmation`); its rendering bears the same name.
    """

    type: Literal["show_card"] = "show_card"
    slot: str
    to: Place
    thread_of: str | None = None
    """The slot of the card in whose thread it belongs."""

    LANE: ClassVar[str] = "slack:{to.name}"
    """One lane a channel."""

    def collapse_key(self) -> str | None:
        """Refreshing twice is refreshing once."""
        return f"card:{self.slot}:{self.to.name}"


class Say(EffectBase):
    """Post a message that stays as it is. `what` names its rendering, `details` is what it may need."""

    type: Literal["say"] = "say"
    what: str
    to: Place
    thread_of: str | None = None
    """The slot of the card in whose thread it belongs."""
    details: dict[str, Any] = Field(default_factory=dict)

    LANE: ClassVar[str] = "slack:{to.name}"
    """One lane a channel."""


class LookAgain(EffectBase):
    """Look for a message by its mark: a try of it ended without an answer, and Slack may have posted it yet.

    Of what is found, the one that the case knows stays (of a message that is said once, the oldest); the others go.
    With `adopt` one that the case does not know may stay, too: a rule is told where it stands.
    """

    type: Literal["look_again"] = "look_again"
    urgency: Urgency = Urgency.CHORE
    mark: str
    message: ShowCard | Say = Field(discriminator="type")
    since: AwareDatetime
    """When it was decided: it cannot have been posted before."""
    round: int = 1
    adopt: bool = False

    LANE: ClassVar[str] = "slack:look"
    """Looking holds up nothing that people wait for."""

    def collapse_key(self) -> str | None:
        """Each round of looking is one, however many tries were lost."""
        return f"look:{self.mark}:{self.round}"


class ShowView(EffectBase):
    """Show the case in a modal that is open."""

    type: Literal["show_view"] = "show_view"
    urgency: Urgency = Urgency.ANSWER
    view: str
    view_id: str

    LANE: ClassVar[str] = "slack:view:{view_id}"
    """Modals of different people do not wait for each other."""

    def collapse_key(self) -> str | None:
        """Refreshing twice is refreshing once."""
        return f"view:{self.view_id}"


# -------------------------------------------------------------------------------------------- vendors


class ReadTicket(EffectBase):
    """Ask the ticket system whether there is such a ticket, and what it is."""

    type: Literal["read_ticket"] = "read_ticket"
    ticket: TicketRef

    LANE: ClassVar[str] = "tickets:{ticket.account}:read"
    """Questions somebody waits for do not stand behind chores, nor one account behind another."""


class AddTag(EffectBase):
    """Tag a ticket; other tags stay."""

    type: Literal["add_tag"] = "add_tag"
    ticket: TicketRef
    tag: str

    LANE: ClassVar[str] = "tickets:{ticket.account}:write"
    """Writes to this account of the ticket system."""


class CopyOnTicket(EffectBase):
    """Make somebody (Slack id or e-mail address) a CC of a ticket; those who are one stay."""

    type: Literal["copy_on_ticket"] = "copy_on_ticket"
    ticket: TicketRef
    person: str

    LANE: ClassVar[str] = "tickets:{ticket.account}:write"
    """Writes to this account of the ticket system."""


class FindIssues(EffectBase):
    """Look for existing issues."""

    type: Literal["find_issues"] = "find_issues"
    project: str
    words: str
    limit: int

    LANE: ClassVar[str] = "tracker:read"
    """Questions somebody waits for do not stand behind chores."""


class OpenIssue(EffectBase):
    """Open an issue in the tracker."""

    type: Literal["open_issue"] = "open_issue"
    project: str
    title: str
    description: str
    labels: tuple[str, ...] = ()
    assignee: str | None = None
    """Who it is assigned to: a user name in the tracker, or an e-mail address."""

    LANE: ClassVar[str] = "tracker:write"
    """Writes to the tracker."""


class CommentOnIssue(EffectBase):
    """Add a comment to an issue."""

    type: Literal["comment_on_issue"] = "comment_on_issue"
    project: str
    number: int
    body: str

    LANE: ClassVar[str] = "tracker:write"
    """Writes to the tracker."""


class FindTitledIssue(EffectBase):
    """Look for the issue of exactly this title, open or closed."""

    type: Literal["find_titled_issue"] = "find_titled_issue"
    project: str
    title: str

    LANE: ClassVar[str] = "tracker:write"
    """It stands before a write, and among the writes: what was just opened is there when it looks."""


class LabelIssue(EffectBase):
    """Add and remove labels of an issue; others stay, but for those of the same scope."""

    type: Literal["label_issue"] = "label_issue"
    project: str
    number: int
    add: tuple[str, ...]
    remove: tuple[str, ...] = ()

    LANE: ClassVar[str] = "tracker:write"
    """Writes to the tracker."""


class CloseIssue(EffectBase):
    """Close an issue."""

    type: Literal["close_issue"] = "close_issue"
    project: str
    number: int

    LANE: ClassVar[str] = "tracker:write"
    """Writes to the tracker."""


class AskWhoIsOnDuty(EffectBase):
    """Ask who of the managers is on duty. `purpose` tells the rule what it wanted to know it for.

    The people in `skip` (Slack ids) are no answer: they were tried.
    """

    type: Literal["ask_who_is_on_duty"] = "ask_who_is_on_duty"
    purpose: str
    skip: tuple[str, ...] = ()
    fallback_only: bool = False
    """Only whom the policy names for when nobody is on duty: people and group."""
    at: datetime | None = None
    """Who was on duty then; None for now, which is when it is asked."""
    tries: int = 1
    """So often the on-call schedule is asked, where it may answer later, before a stand-in is taken for it."""

    LANE: ClassVar[str] = "pager:read"
    """Urgent by nature: a lane of its own."""


class AskWhoResponds(EffectBase):
    """Ask who responds to incidents now: the group, who is on call, and the lead."""

    type: Literal["ask_who_responds"] = "ask_who_responds"
    urgency: Urgency = Urgency.ESCALATION

    LANE: ClassVar[str] = "pager:responders"
    """Urgent by nature: a lane of its own."""

    def collapse_key(self) -> str | None:
        """Asking twice is asking once."""
        return "responders"


class OpenPage(EffectBase):
    """Page somebody. What is said is rendered from the case when it leaves; a page nobody wants any more stays.

    Under one `key` there is one page, however often this is tried, and whoever tries it.
    """

    type: Literal["open_page"] = "open_page"
    urgency: Urgency = Urgency.ESCALATION
    what: str
    """Names the page's rendering."""
    service: str
    key: str
    thread: str
    """The slot of the message in whose thread it is talked about."""

    LANE: ClassVar[str] = "pager:page"
    """Nothing stands before a page."""


class AskPage(EffectBase):
    """Ask how a page stands before anybody is pinged about it; answered by a `PageNow`, or None where there is none.

    What was asked of all open pages since `asked_at` answers it as well.
    """

    type: Literal["ask_page"] = "ask_page"
    urgency: Urgency = Urgency.ESCALATION
    key: str
    asked_at: AwareDatetime

    LANE: ClassVar[str] = "pager:ask"
    """One after another, so that one call answers all that wait."""


class AcknowledgePage(EffectBase):
    """Tell the paging service that somebody has taken it."""

    type: Literal["acknowledge_page"] = "acknowledge_page"
    urgency: Urgency = Urgency.ANSWER
    page_id: str

    LANE: ClassVar[str] = "pager:update"
    """One after another: acknowledged before resolved."""


class ResolvePage(EffectBase):
    """Tell the paging service that it is over."""

    type: Literal["resolve_page"] = "resolve_page"
    urgency: Urgency = Urgency.ANSWER
    page_id: str

    LANE: ClassVar[str] = "pager:update"
    """One after another: acknowledged before resolved."""


# ------------------------------------------------------------------------------------- other cases


class SummarizeCases(EffectBase):
    """Ask for a summary of each case of these kinds: for a digest, a hand-over, a weekly post.

    Answered by `CaseSummaries`. A case is among them when it is open, or was closed since `since` (ever, where that is
    None), and, where an `owner` is named, belongs to them. `purpose` tells the rule what it asked for.
    """

    type: Literal["summarize_cases"] = "summarize_cases"
    purpose: str
    kinds: tuple[str, ...]
    owner: str | None = None
    since: AwareDatetime | None = None

    LANE: ClassVar[str] = "desk:summaries"
    """Read from the desk's own database."""


class NotifyCase(EffectBase):
    """Let another case know something: the one of this kind that is open under `key`; where there is none, it opens.

    It gets a `CaseNotified`, which its rule answers with a case that holds `key` as its open key. So a review lets its
    manager's rotation know of it, and neither rule knows the other.
    """

    type: Literal["notify_case"] = "notify_case"
    kind: str
    key: str
    purpose: str
    details: dict[str, Any] = Field(default_factory=dict)

    LANE: ClassVar[str] = "desk:cases"
    """Between cases of the desk itself."""


Effect = Annotated[
    ShowCard
    | Say
    | LookAgain
    | ShowView
    | ReadTicket
    | AddTag
    | CopyOnTicket
    | FindIssues
    | FindTitledIssue
    | OpenIssue
    | CommentOnIssue
    | LabelIssue
    | CloseIssue
    | ReopenIssue
    | RenameIssue
    | AssignIssue
    | LinkIssues
    | ReadParticipants
    | ReadRatings
    | UploadFile
    | WriteCanvas
    | WriteDocument
    | AskWhoIsOnDuty
    | AskWhoResponds
    | OpenPage
    | AskPage
    | AcknowledgePage
    | ResolvePage
    | SummarizeCases
    | NotifyCase,
    Field(discriminator="type"),
]

EFFECT: TypeAdapter[Effect] = TypeAdapter(Effect)
