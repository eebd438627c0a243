"""What is asked of the ticket system, and changed there: see `effects`."""

from typing import ClassVar, Literal

from workflows.contract.effect_base import EffectBase
from workflows.lib.tickets import TicketRef


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


class AssignTicket(EffectBase):
    """Make somebody (Slack id or e-mail address) the assignee of a ticket."""

    type: Literal["assign_ticket"] = "assign_ticket"
    ticket: TicketRef
    person: str

    LANE: ClassVar[str] = "tickets:{ticket.account}:write"
    """Writes to this account of the ticket system."""
