"""What may be asked of the engine by those who hand it events, without knowing the database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol

from workflows.contract.case_effects import SummarizeCases
from workflows.contract.events import CaseSummaries
from workflows.contract.facts import IncomingFact
from workflows.contract.process import CaseT
from workflows.lib.tickets import TicketRef
from workflows.policy.model import Policy


@dataclass(frozen=True)
class Outcome(Generic[CaseT]):
    """What became of an event. `refusal` and `duplicate` mean that nothing was saved.

    `duplicate` is the open case that stands in the way of a second one. `repeated` says that this event was taken
    before and nothing was done now; `case` is then the case as it is.
    """

    case: CaseT | None
    refusal: str | None = None
    duplicate: CaseT | None = None
    repeated: bool = False


@dataclass(frozen=True)
class TimelineEntry:
    """A line of a case's timeline. `actor` is a Slack user id or the name of a system."""

    at: datetime
    actor: str
    what: str


@dataclass(frozen=True)
class QueuePage(Generic[CaseT]):
    """A page of a queue, from 0; `counts` says how many stand in the whole of it, by rank."""

    cases: Sequence[CaseT]
    counts: Mapping[int, int]
    number: int = 0
    size: int = 1

    @property
    def total(self) -> int:
        """How many stand in the queue."""
        return sum(self.counts.values())

    @property
    def pages(self) -> int:
        """How many pages it has: one when it is empty."""
        return max((self.total + self.size - 1) // self.size, 1)


class CaseReader(Protocol):
    """The cases as they are now; each is the model of its process."""

    def read(self, case_id: str) -> Any:  # noqa: ANN401 - the process' own model
        """One case, or None."""
        ...

    def with_open_key(self, open_key: str) -> Any:  # noqa: ANN401 - the process' own model
        """The open case that holds this key, or None."""
        ...

    def newest(self, kind: str, state: str, owner: str) -> Any:  # noqa: ANN401 - the process' own model
        """The newest case of this kind, state and owner, or None."""
        ...

    def in_states(self, kind: str, states: Sequence[str], limit: int | None = 100) -> list[Any]:
        """The cases of this kind that are in one of these states, the oldest first; all without a `limit`."""
        ...

    def queue(self, kind: str, owner: str, *, page: int, size: int) -> QueuePage[Any]:
        """A page of what this owner has in their queue, with what nobody owns; the last one where there are fewer."""
        ...

    def of_ticket(self, kind: str, ticket: TicketRef) -> list[Any]:
        """The cases of this kind about this ticket, the oldest first."""
        ...

    def following(self, kind: str, subject: str) -> list[Any]:
        """The cases of this kind that follow this thing outside, the oldest first."""
        ...

    def summaries(self, asked: SummarizeCases, policy: Policy, now: datetime) -> CaseSummaries:
        """The cases that were asked for, each in brief, as its process summarizes it."""
        ...

    def timeline(self, case_id: str) -> list[TimelineEntry]:
        """Everything that happened to a case, the oldest first."""
        ...


class CaseEngine(Protocol):
    """Takes events; `cases` is what they have come to."""

    @property
    def policy(self) -> Policy:
        """What the company has set."""
        ...

    @property
    def cases(self) -> CaseReader:
        """The cases as they are now."""
        ...

    def open(self, kind: str, event: object, *, key: str, now: datetime) -> Outcome[Any]:
        """Open a case of this kind with its first event. `key` names the event: the same key is taken once."""
        ...

    def submit(self, case_id: str, event: object, *, key: str, now: datetime) -> Outcome[Any]:
        """Let an event happen to a case. `LookupError` when there is no such case."""
        ...

    def show_again(self, case_id: str, where: tuple[str | None, str | None], now: datetime) -> None:
        """Show a message of a case, by channel id and ts, once more as the case is now; nothing when it is none."""
        ...


FactHandler = Callable[[CaseEngine, IncomingFact, datetime], None]
"""Handles every fact, and opens a case where one is due. What it submits bears a key made of `IncomingFact.key`."""


def open_or_submit(engine: CaseEngine, kind: str, event: object, *, key: str, now: datetime) -> Outcome[Any]:
    """Open a case with this event, or let it happen to the one that is open for the same thing, the `duplicate`.

    `key` names the event and is taken once, however often this is called. With a `refusal` nothing was saved.
    """
    outcome = engine.open(kind, event, key=key, now=now)
    if outcome.duplicate is None:
        return outcome
    again = engine.submit(outcome.duplicate.id, event, key=key, now=now)
    if again.refusal is not None:  # it was closed in this very moment: then this begins one of its own
        return engine.open(kind, event, key=key, now=now)
    return Outcome(again.case, duplicate=again.case, repeated=again.repeated)
