"""Customers' accounts, and the customers themselves as the ticket system has them, as protocols.

See `workflows.contract`. An account is what a company sold to (Salesforce, or a roster in the policy); an organisation
is the same customer in the ticket system. Nothing here is ever changed by the desk.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from workflows.contract.ticket_ports import Ticket


@dataclass(frozen=True)
class Account:
    """A customer's account. `id` is the vendor's; what is not known is empty."""

    id: str
    name: str
    csm_email: str = ""
    csm_name: str = ""
    plan: str = ""
    sold_to: str = ""
    """The e-mail address of who bought."""
    url: str = ""


@dataclass(frozen=True)
class AccountList:
    """The accounts that were found. With `more` there are others: the question was too wide.

    `case_url` is where the ticket that was asked about is read beside the account, where that is known.
    """

    accounts: tuple[Account, ...]
    more: bool = False
    case_url: str = ""


class Accounts(Protocol):
    """Who looks after which customer (Salesforce, or the policy's roster). Read only."""

    def by_ids(self, ids: tuple[str, ...]) -> AccountList:
        """The accounts of these ids; those that are gone are left out."""
        ...

    def named(self, name: str, *, exactly: bool) -> AccountList:
        """The accounts of just this name, capitals or not; without `exactly`, else those with it in their names."""
        ...

    def of_csm(self, email: str) -> AccountList:
        """The accounts of a customer success manager."""
        ...

    def case_url(self, ticket: int) -> str:
        """Where this ticket stands as a case beside its account; empty where it does not."""
        ...


@dataclass(frozen=True)
class Organization:
    """A customer in the ticket system. `fields` are what a company keeps of it besides, by key, as text."""

    id: int
    name: str
    external_id: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenTickets:
    """The tickets of an organisation that are not solved: number and subject of some, and how many there are.

    With `more` there may be others: there were too many to look at all.
    """

    count: int
    newest: tuple[tuple[int, str], ...] = ()
    more: bool = False


@dataclass(frozen=True)
class OrganizationList:
    """The organisations that were found; of the only one its open tickets, where they were asked for."""

    organizations: tuple[Organization, ...]
    open_tickets: OpenTickets | None = None


@dataclass(frozen=True)
class TicketOrigin:
    """Who a ticket is from. `organization` is None for somebody who belongs to none."""

    ticket: Ticket
    created_at: datetime
    organization: Organization | None = None


@dataclass(frozen=True)
class OpenedTickets:
    """Tickets that were opened: number and time of each."""

    tickets: tuple[tuple[int, datetime], ...]


class Customers(Protocol):
    """The customers of an account of the ticket system (Zendesk)."""

    def origin(self, ticket: int) -> TicketOrigin:
        """A ticket with who it is from. `NotFound` when there is none of this number."""
        ...

    def organizations(self, *, id_: int | None = None, external_id: str = "", name: str = "") -> list[Organization]:
        """The organisation of this id, or of this external id, or else those of just this name."""
        ...

    def open_tickets(self, organization: int) -> OpenTickets:
        """What an organisation waits for."""
        ...

    def opened(self, since: datetime, until: datetime) -> list[tuple[int, datetime]]:
        """The tickets opened from `since` up to `until` (both aware): number and time; its index lags by minutes."""
        ...


@dataclass(frozen=True)
class TrackerProject:
    """A project of the issue tracker."""

    id: int
    path: str
    url: str


class Projects(Protocol):
    """The projects of the issue tracker (GitLab)."""

    def find_project(self, project: str) -> TrackerProject:
        """A project by its number or path. `NotFound` when there is none, or when it is not shown to us."""
        ...


@dataclass(frozen=True)
class SchedulingLink:
    """A link with which a customer books one call."""

    url: str


class SchedulingLinks(Protocol):
    """Who makes links that are used once (Calendly)."""

    def single_use(self, page: str) -> SchedulingLink:
        """A new link to the event type whose page this is. `NotFound` when there is none."""
        ...
