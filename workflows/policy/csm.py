"""What a company may set about the help for customer success managers."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field

from workflows.lib.durations import PositiveRealDuration
from workflows.lib.templates import only
from workflows.policy.fields import Email, Group, OpensAt, PersonRef, Section, Text, Url

_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}(\.[A-Za-z][A-Za-z0-9_]{0,79}){0,4}", re.ASCII)
_VERSION: Final = re.compile(r"v[0-9]{2,3}\.0", re.ASCII)


class AccountSource(StrEnum):
    """Where accounts and their customer success managers are known."""

    NONE = "none"
    SYSTEM = "system"
    """A system of record, such as a CRM: see `vendors.accounts`."""
    ROSTER = "roster"


class Notice(StrEnum):
    """How a customer success manager hears of the new tickets of an account."""

    EACH = "each"
    DIGEST = "digest"
    NONE = "none"


def _null_is_none(value: object) -> object:
    return "none" if value is None else value


def _field(name: str) -> str:
    if not _FIELD.fullmatch(name):
        raise ValueError("A field is written by its API name, such as CSM__r.Email: letters, digits, _ and dots")
    return name


def _version(name: str) -> str:
    if not _VERSION.fullmatch(name):
        raise ValueError("A version of the API is written v62.0")
    return name


AccountField = Annotated[str, AfterValidator(_field)]
"""The API name of a field, or of one of a record it looks up: `CSM__r.Email`."""


class AccountFields(Section):
    """The fields of an account in the system that knows them. Every company names its own differently."""

    version: Annotated[str, AfterValidator(_version)] = Field(description="The version of that system's REST API.")
    csm_email: AccountField = Field(description="The e-mail address of the account's customer success manager.")
    csm_name: AccountField | None = Field(description="Their name; null for none.")
    plan: AccountField | None = Field(description="What the account bought; null for none.")
    sold_to: AccountField | None = Field(description="The e-mail address of who bought; null for none.")
    case_ticket: AccountField | None = Field(
        description="The field of a case that holds its ticket's number; null where tickets are no cases."
    )
    most: Annotated[int, Field(ge=1, le=50)] = Field(
        description="So many accounts are shown; a question that finds more was too wide."
    )
    most_of_csm: Annotated[int, Field(ge=1, le=2000)] = Field(
        description="So many accounts one customer success manager may have."
    )


class RosterAccount(Section):
    """One account of the roster, by its name."""

    csm: Email | None = Field(default=None, description="Its customer success manager.")
    ids: tuple[Text, ...] = Field(
        default=(), description="Its ids in the ticket system, as in `csm.organization_fields.account`."
    )
    plan: str = Field(default="", description="What it bought.")
    sold_to: Email | None = Field(default=None, description="The e-mail address of who bought.")
    url: Url | None = Field(default=None, description="Its page.")


class OrganizationFields(Section):
    """What a company keeps in the ticket system of an organisation, by the keys of its fields."""

    account: Text = Field(
        description="What holds the account's id: external_id, or the key of a field; without one the name counts."
    )
    project: Text = Field(description="The field that holds the id of the collaboration project.")


class Storm(Section):
    """When many tickets come at once, they are told in one message."""

    over: Annotated[int, Field(ge=1, le=100)] = Field(description="So many messages of their own a person gets.")
    within: PositiveRealDuration = Field(description="Within this time; what comes besides is gathered.")
    gathered_for: PositiveRealDuration = Field(description="For so long, and then told in one message.")


class Onboarding(Section):
    """How a customer's people become support contacts."""

    contacts_url: Url = Field(description="The page that says how support contacts are managed.")
    subject: Annotated[Text, AfterValidator(only("account", "company"))] = Field(description="The e-mail's subject.")
    email: Annotated[Text, AfterValidator(only("account", "company", "contacts_url", "name"))] = Field(
        description="The e-mail to the sold-to address: {account}, {company}, {contacts_url} and {name}."
    )


class ProjectRequest(Section):
    """The request to change an organisation's collaboration project, in the form of the page."""

    title: Annotated[Text, AfterValidator(only("org", "project_id"))] = Field(description="Its title.")
    text: Annotated[Text, AfterValidator(only("org", "org_url", "project_id", "project_url"))] = Field(
        description="Its text: {org}, {org_url}, {project_id} and {project_url}."
    )


class CsmPolicy(Section):
    """Help for customer success managers: `/csm`."""

    accounts: Annotated[AccountSource, BeforeValidator(_null_is_none)] = Field(
        description="Where accounts are known: system, roster, or none. With none, nobody is told of new tickets."
    )
    roster: Mapping[Text, RosterAccount] = Field(
        description="The accounts by name, merged by key, where they are known from here."
    )
    account_fields: AccountFields = Field(description="The fields of an account in the system that knows them.")
    organization_fields: OrganizationFields = Field(description="What the ticket system knows of an organisation.")
    group: Group | None = Field(
        description="The user group that may look up accounts and organisations; null for every member."
    )
    lead: PersonRef | None = Field(
        description="Who is told of accounts without a manager, once, in a digest; null for the admins."
    )
    lead_digest_at: OpensAt = Field(description="At this time of day, in the policy's time zone.")
    ask_every: PositiveRealDuration | None = Field(
        description="How often the ticket system is asked for new tickets; null where its webhooks tell of them."
    )
    notice: Annotated[Notice, BeforeValidator(_null_is_none)] = Field(
        description="What holds until somebody chooses: each, digest or none."
    )
    digest_at: OpensAt = Field(description="The digest comes at this time of day, where the person is.")
    storm: Storm = Field(description="When many tickets come at once, they are told in one message.")
    answer_links: bool = Field(description="Whether a pasted link to a ticket's JSON is answered with a readable one.")
    tips: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="What customers should know before they open a ticket."
    )
    tips_reply: Annotated[Text, AfterValidator(only("company"))] = Field(
        description="The same as a message to a customer; {company} may be in it."
    )
    onboarding: Onboarding = Field(description="How a customer's people become support contacts.")
    project_request: ProjectRequest = Field(description="The request to change a collaboration project.")
    text_limit: Annotated[int, Field(ge=100, le=3000)] = Field(
        description="How many characters may be typed into a field; Slack allows 3000."
    )
