"""The ticket system, as protocols: see `workflows.contract`."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Ticket:
    """A ticket as the ticket system has it now. `status` is the vendor's word: new, open, ..., closed."""

    id: int
    subject: str
    status: str
    tags: frozenset[str] = frozenset()
    requester_name: str | None = None
    requester_email: str | None = None
    organization: str | None = None
    assignee_name: str | None = None
    assignee_email: str | None = None
    is_suspended: bool = False
    """Whether who asked is suspended, as senders of spam are."""


@dataclass(frozen=True)
class Participants:
    """The staff who answered a ticket, by their e-mail addresses, each once."""

    emails: tuple[str, ...]


class Tickets(Protocol):
    """One account of the ticket system: tickets are known by their numbers in it."""

    def read(self, ticket: int) -> Ticket:
        """One ticket. `NotFound` when there is none of this number."""
        ...

    def participants(self, ticket: int) -> Participants:
        """The staff who wrote to the customer in a ticket, the first to answer first."""
        ...

    def add_tag(self, ticket: int, tag: str) -> None:
        """Add one tag and lose none that is there or is set meanwhile. `Refused` for a closed ticket."""
        ...

    def add_cc(self, ticket: int, email: str) -> None:
        """Make somebody a CC of a ticket. `Refused` for a closed ticket."""
        ...

    def assign(self, ticket: int, email: str) -> None:
        """Make somebody of the staff a ticket's assignee. `Refused` for a closed ticket, and for who is none."""
        ...

    def add_internal_note(self, ticket: int, body: str, *, mark: str, again: bool = False) -> None:
        """A note only staff can see; never public, never twice."""
        ...


class Forms(Protocol):
    """The forms of an account of the ticket system."""

    def set_form(self, ticket: int, form: str) -> None:
        """Set a ticket's form, by the form's name, and say nothing to the customer."""
        ...
