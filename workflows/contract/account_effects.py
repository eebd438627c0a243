"""What is asked about customers and their accounts: see `effects`. Nothing is changed there."""

from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime, Field

from workflows.contract.effect_base import EffectBase, Urgency
from workflows.lib.tickets import TicketRef


class FindAccounts(EffectBase):
    """Ask for accounts: of these `ids`, or of this `name`, or those of a customer success manager (e-mail address).

    Answered by `AccountList`; with a `ticket`, with where that stands beside its account. `purpose` and `details` tell
    the rule what it asked for.
    """

    type: Literal["find_accounts"] = "find_accounts"
    purpose: str = ""
    ids: tuple[str, ...] = ()
    name: str = ""
    exactly: bool = True
    csm: str = ""
    ticket: TicketRef | None = None
    details: dict[str, Any] = Field(default_factory=dict)

    LANE: ClassVar[str] = "accounts:read"


class FindOrganizations(EffectBase):
    """Ask the ticket system for a customer: by `id`, or by `external_id`, or else by just this `name`.

    Answered by `OrganizationList`; `with_tickets` also with what the only one that is found waits for.
    """

    type: Literal["find_organizations"] = "find_organizations"
    purpose: str
    account: str
    """The account of the ticket system."""
    id: int | None = None
    external_id: str = ""
    name: str = ""
    with_tickets: bool = False
    details: dict[str, Any] = Field(default_factory=dict)

    LANE: ClassVar[str] = "tickets:{account}:read"


class ReadOrigin(EffectBase):
    """Ask the ticket system who a ticket is from; hundreds of them hold up no question somebody waits for."""

    type: Literal["read_origin"] = "read_origin"
    urgency: Urgency = Urgency.CHORE
    ticket: TicketRef

    LANE: ClassVar[str] = "tickets:{ticket.account}:read"


class ReadOpened(EffectBase):
    """Ask an account of the ticket system for the tickets opened from `since` up to `until`."""

    type: Literal["read_opened"] = "read_opened"
    urgency: Urgency = Urgency.CHORE
    account: str
    since: AwareDatetime
    until: AwareDatetime

    LANE: ClassVar[str] = "tickets:{account}:read"


class ReadProject(EffectBase):
    """Ask the issue tracker for a project, by number or path."""

    type: Literal["read_project"] = "read_project"
    project: str
    purpose: str = ""
    details: dict[str, Any] = Field(default_factory=dict)

    LANE: ClassVar[str] = "tracker:read"


class MakeSchedulingLink(EffectBase):
    """Have a link made with which a customer books one call with this person (Slack id), by their page in the policy.

    Answered by `SchedulingLink`, or None for somebody who has no page there.
    """

    type: Literal["make_scheduling_link"] = "make_scheduling_link"
    person: str

    LANE: ClassVar[str] = "scheduling"
