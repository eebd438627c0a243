"""Asking instead of hearing: what comes of it are facts, taken in as if a vendor had told them: see `effects`."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime

from workflows.contract.effect_base import EffectBase
from workflows.lib.tickets import TicketRef


class AskForRatings(EffectBase):
    """Ask an account of the ticket system for the feedback that customers gave from `since` up to `until`."""

    type: Literal["ask_for_ratings"] = "ask_for_ratings"
    account: str
    since: AwareDatetime
    until: AwareDatetime

    LANE: ClassVar[str] = "tickets:{account}:news"
    """A long list holds up nobody who waits for one ticket."""

    def collapse_key(self) -> str | None:
        """While nobody answers, one question is enough."""
        return f"ratings:{self.account}"


class AskForTicketChanges(EffectBase):
    """Ask an account what happened since then to the tickets that open cases follow."""

    type: Literal["ask_for_ticket_changes"] = "ask_for_ticket_changes"
    account: str
    since: AwareDatetime
    until: AwareDatetime

    LANE: ClassVar[str] = "tickets:{account}:news"

    def collapse_key(self) -> str | None:
        """While nobody answers, one question is enough."""
        return f"tickets:{self.account}"


class AskForIssueChanges(EffectBase):
    """Ask the tracker what happened since then to the issues that open cases follow, and in these whole projects."""

    type: Literal["ask_for_issue_changes"] = "ask_for_issue_changes"
    projects: tuple[str, ...]
    since: AwareDatetime
    until: AwareDatetime

    LANE: ClassVar[str] = "tracker:news"

    def collapse_key(self) -> str | None:
        """While nobody answers, one question is enough."""
        return "issues"


class CheckTicket(EffectBase):
    """Somebody said that something happened to a ticket: ask the ticket system what did, and take that in."""

    type: Literal["check_ticket"] = "check_ticket"
    ticket: TicketRef
    at: AwareDatetime
    """When it is said to have happened."""
    is_feedback: bool
    """Whether it is feedback that was given; else a change of the ticket."""
    answer: str = ""

    LANE: ClassVar[str] = "tickets:{ticket.account}:news"
