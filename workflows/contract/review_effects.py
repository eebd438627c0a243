"""What a satisfaction review asks of the tracker and the ticket system besides: see `effects`."""

from typing import ClassVar, Literal

from workflows.contract.effect_base import EffectBase
from workflows.lib.tickets import TicketRef


class ReopenIssue(EffectBase):
    """Open a closed issue again."""

    type: Literal["reopen_issue"] = "reopen_issue"
    project: str
    number: int

    LANE: ClassVar[str] = "tracker:write"


class RenameIssue(EffectBase):
    """Give an issue another title."""

    type: Literal["rename_issue"] = "rename_issue"
    project: str
    number: int
    title: str

    LANE: ClassVar[str] = "tracker:write"


class LinkIssues(EffectBase):
    """Make two issues related; each shows the other then."""

    type: Literal["link_issues"] = "link_issues"
    project: str
    number: int
    other_project: str
    other_number: int

    LANE: ClassVar[str] = "tracker:write"


class AssignIssue(EffectBase):
    """Make somebody the assignee of an issue: a user name in the tracker, or an e-mail address."""

    type: Literal["assign_issue"] = "assign_issue"
    project: str
    number: int
    assignee: str

    LANE: ClassVar[str] = "tracker:write"


class ReadParticipants(EffectBase):
    """Ask who of the staff answered a ticket."""

    type: Literal["read_participants"] = "read_participants"
    ticket: TicketRef

    LANE: ClassVar[str] = "tickets:{ticket.account}:read"
