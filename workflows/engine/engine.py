"""The one engine: an event comes in, a rule decides, and everything it decided is saved in one transaction.

Only when `open` or `submit` has returned may Slack be answered: acknowledged means saved.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from storage import cases, inbox, outbox, timers
from storage.database import Database
from storage.postgresql import TROUBLE
from storage.pruning import BATCH, prune
from storage.tables import CaseRow, EffectRow, TimerRow
from storage.turns import Turn, working_for
from storage.writer import savepoint
from workflows.contract.effects import Effect
from workflows.contract.engine import Outcome
from workflows.contract.events import EffectSucceeded, StandingCaseOpened, TimerDue
from workflows.contract.facts import ticket_subject
from workflows.contract.message_effects import ShowCard, ShowView, channel, dm
from workflows.contract.process import CancelTimer, Case, CaseT, Decision, MessageRef, Process, SetTimer
from workflows.contract.slack_port import Posted
from workflows.engine.cases import Cases
from workflows.engine.telemetry import NULL_TELEMETRY, Telemetry
from workflows.policy.model import Delivery, Policy

log = structlog.get_logger(__name__)

LATE = timedelta(minutes=2)
"""A timer that goes off later than this says so: the bot was down, or very busy."""

TOGETHER = 20
"""So many timers share a commit: it takes a moment, and their cases are held as long."""

REMEMBERED = timedelta(days=7)
"""How long the key of an event is kept, to know it when it comes again."""

LOST_RACES = 5
"""So often an event looks again after another transaction was faster; each race has a winner, so there are few."""

AFTER_A_BROKEN_RULE = timedelta(minutes=1)
"""A timer whose rule failed is tried again after this time, doubled with each failure up to an hour."""


class Engine:
    """Takes events for the cases of all processes.

    `wake` is called after every commit that put something into the outbox or set a timer.
    """

    def __init__(
        self,
        database: Database,
        processes: Mapping[str, Process[Any]],
        policy: Policy,
        wake: Callable[[], None] = lambda: None,
        telemetry: Telemetry = NULL_TELEMETRY,
    ) -> None:
        self.database = database
        self.processes = processes
        self.policy = policy
        self.cases = Cases(database, processes)
        self.wake = wake
        self.telemetry = telemetry

    def open(self, kind: str, event: object, *, key: str, now: datetime) -> Outcome[Any]:
        """Open a case of this kind with its first event. `key` names the event: the same key is taken once."""
        process = self.processes[kind]

        def work(connection: Connection) -> Outcome[Any]:
            case_id = f"{process.prefix}-{cases.next_number(connection, process.prefix)}"
            return self._apply(connection, process, process.blank(case_id, now), None, event, now)

        return self._take(event, key, now, work)

    def open_standing(self, now: datetime) -> None:
        """Open the cases that are always there, such as a week's review, where there is none."""
        for kind, process in self.processes.items():
            for key in process.standing:
                if self.cases.with_open_key(key) is None:
                    self.open(kind, StandingCaseOpened(key), key=f"standing:{kind}:{key}:{now.isoformat()}", now=now)

    def submit(self, case_id: str, event: object, *, key: str, now: datetime) -> Outcome[Any]:
        """Let an event happen to a case. `LookupError` when there is no such case."""

        def work(connection: Connection) -> Outcome[Any]:
            return self.apply(connection, case_id, event, now)

        return self._take(event, key, now, work)

    def apply(self, connection: Connection, case_id: str, event: object, now: datetime) -> Outcome[Any]:
        """Apply an event inside a transaction that is open already, for events that are saved together with others."""
        row = cases.lock_case(connection, case_id)
        if row is None:
            raise LookupError(f"There is no case {case_id}.")
        return self.apply_to(connection, row, self.cases.of_row(row), event, now)

    def apply_to(self, connection: Connection, row: CaseRow, case: Case, event: object, now: datetime) -> Outcome[Any]:
        """Apply an event to a case that this transaction has locked and read."""
        return self._apply(connection, self.processes[row.kind], case, row, event, now)

    def show_again(self, case_id: str, where: tuple[str | None, str | None], now: datetime) -> None:
        """Show a message of a case, by channel id and ts, once more as the case is now; nothing when it is none."""
        with self.database.transaction() as connection:
            row = cases.lock_case(connection, case_id)
            messages: Mapping[str, MessageRef] = self.cases.of_row(row).messages if row else {}
            for slot, at in messages.items():
                if (at.channel, at.ts) == where:
                    to = dm(at.place[1:]) if at.place.startswith("@") else channel(at.place)
                    shown = ShowCard(slot=slot, to=to)
                    outbox.add_effect(connection, effect_row(case_id, shown, now, self.policy.delivery))
        self.wake()

    def keep_posted(self, connection: Connection, row: CaseRow, case: Case, event: object, now: datetime) -> None:
        """Save where a message stands, and nothing else of this event: the rule failed over it."""
        if _is_posted_card(event):
            _save(connection, row, case, Decision(_with_what_was_posted(case, event)), now, self.policy.delivery)

    def wants(self, case: Any, effect: Effect) -> bool:  # noqa: ANN401 - the process' own model
        """Whether this effect of this case is still wanted, now that its turn has come."""
        kinds = (process for process in self.processes.values() if isinstance(case, process.model))
        return all(process.wanted(case, effect, self.policy) for process in kinds)

    def forget(self, now: datetime) -> None:
        """Drop what is long past: effects and timers that are done, and the keys of events.

        Slack does not send an event again after a day.
        """
        with working_for(Turn.SWEEP):
            while self._prune(now):
                pass

    def _prune(self, now: datetime) -> bool:
        with self.database.transaction() as connection:
            forgotten = cases.forget_events(connection, now - REMEMBERED, BATCH)
            return prune(connection, now - self.policy.delivery.keep_done.length) or forgotten == BATCH

    def next_due(self) -> datetime | None:
        """When a timer goes off, an effect may leave or a webhook has to be handled next; None when nothing waits."""
        with self.database.read_only() as connection:
            times = (timers.next_timer_at(connection), outbox.next_effect_at(connection), inbox.next_due_at(connection))
        return min((time for time in times if time is not None), default=None)

    def fire_due(self, now: datetime) -> int:
        """Let every timer go off that is due; returns how many. Each one is saved together with what it does.

        Several share a commit, as long as nobody waits for it.
        """
        fired = 0
        with working_for(Turn.SWEEP):
            while self._is_timer_due(now) and (some := self._fire_some(now)):
                fired += some
        return fired

    def _is_timer_due(self, now: datetime) -> bool:
        with self.database.read_only() as connection:
            return timers.is_due(connection, now)

    def _fire_some(self, now: datetime) -> int:
        seen: list[TimerRow] = []
        fired: list[TimerRow] = []
        with self.database.transaction() as connection:
            while (timer := timers.claim_due_timer(connection, now)) is not None:
                seen.append(timer)
                if self._fire(connection, timer, now):
                    fired.append(timer)
                if len(seen) == TOGETHER or self.database.is_waited_for:
                    break
        for timer in fired:
            late = now - timer.due_at
            log.info("timer_fired", case=timer.case_id, timer=timer.name, late_seconds=late.total_seconds())
            self.telemetry.timer(timer.name, late)
        if seen:
            self.wake()
        return len(seen)

    def _fire(self, connection: Connection, timer: TimerRow, now: datetime) -> bool:
        """Let one timer go off; False when its rule broke, which must not hold up those of the other cases."""
        late = now - timer.due_at
        event = TimerDue(timer.name, timer.due_at, late if late > LATE else timedelta(0))
        try:
            with savepoint(connection):
                timers.fire_timer(connection, timer)
                self.apply(connection, timer.case_id, event, now)
        except TROUBLE:  # the database's trouble, not the rule's: it is tried again at once
            raise
        except Exception:
            log.exception("timer_failed", case=timer.case_id, timer=timer.name)
            wait = min(AFTER_A_BROKEN_RULE * 2 ** min(timer.failures, 10), timedelta(hours=1))
            timers.postpone_timer(connection, timer, now + wait)
            return False
        return True

    def _take(self, event: object, key: str, now: datetime, work: Callable[[Connection], Outcome[Any]]) -> Outcome[Any]:
        """Do the work once for this key. Another transaction may win a race for a key: then look again."""
        outcome = self._take_racing(key, now, work)
        what, result = type(event).__name__, _result_word(outcome)
        log.info("event", what=what, case=outcome.case.id if outcome.case else None, result=result)
        self.telemetry.event(what, result)
        self.wake()
        return outcome

    def _take_racing(self, key: str, now: datetime, work: Callable[[Connection], Outcome[Any]]) -> Outcome[Any]:
        """One may lose more than one race: for the first number of all, then for what may be open only once."""
        for _ in range(LOST_RACES):
            try:
                return self._take_once(key, now, work)
            except IntegrityError:
                repeated = self._repeated(key)
                if repeated is not None:
                    return repeated
        return self._take_once(key, now, work)

    def _take_once(self, key: str, now: datetime, work: Callable[[Connection], Outcome[Any]]) -> Outcome[Any]:
        try:
            with self.database.transaction() as connection:
                cases.claim_event_key(connection, key, now)
                outcome = work(connection)
                if outcome.case is None:
                    raise _NothingToSave(outcome)
                cases.keep_outcome(connection, key, {"case": outcome.case.id})
        except _NothingToSave as nothing:
            return nothing.outcome
        return outcome

    def _repeated(self, key: str) -> Outcome[Any] | None:
        with self.database.read_only() as connection:
            taken = cases.claimed_event_key(connection, key)
            row = taken and cases.read_case(connection, taken.outcome["case"])
        return Outcome(self.cases.of_row(row), repeated=True) if row else None

    def _apply(
        self,
        connection: Connection,
        process: Process[CaseT],
        case: CaseT,
        row: CaseRow | None,
        event: object,
        now: datetime,
    ) -> Outcome[CaseT]:
        """Decide, and save what was decided; a new case has no `row` yet."""
        decision = process.follow(_with_what_was_posted(case, event), event, self.policy, now)
        if decision.refusal is not None:
            return Outcome(None, refusal=decision.refusal)
        duplicate = self._duplicate(connection, decision.case, row)
        if duplicate is not None:
            return Outcome(None, duplicate=duplicate)
        if row is None:
            _open(connection, process.kind, decision, now, self.policy.delivery)
        else:
            _save(connection, row, case, decision, now, self.policy.delivery)
        return Outcome(decision.case)

    def _duplicate(self, connection: Connection, case: CaseT, row: CaseRow | None) -> CaseT | None:
        """Another case that holds the open key of this one; whoever holds a key already has been asked."""
        if case.open_key is None or (row is not None and row.open_key == case.open_key):
            return None
        held = cases.case_with_open_key(connection, case.open_key)
        return self.cases.of_row(held) if held and held.id != case.id else None


class _NothingToSave(Exception):  # noqa: N818 - it only ends the transaction
    def __init__(self, outcome: Outcome[Any]) -> None:
        super().__init__()
        self.outcome = outcome


def _result_word(outcome: Outcome[Any]) -> str:
    if outcome.repeated:
        return "repeated"
    if outcome.duplicate is not None:
        return "duplicate"
    return "saved" if outcome.refusal is None else "refused"


def _with_what_was_posted(case: CaseT, event: object) -> CaseT:
    match event:
        case EffectSucceeded(ShowCard(slot=slot, to=to), Posted(channel, ts)):
            return case.with_message(slot, MessageRef(place=to.name, channel=channel, ts=ts))
    return case


def _is_posted_card(event: object) -> bool:
    return (
        isinstance(event, EffectSucceeded) and isinstance(event.effect, ShowCard) and isinstance(event.result, Posted)
    )


def _open(connection: Connection, kind: str, decision: Decision[Any], now: datetime, delivery: Delivery) -> None:
    case = decision.case
    columns = {"id": case.id, "kind": kind, "created_at": now, "version": 1, **_columns(case, None, now)}
    cases.insert_case(connection, columns)
    inbox.follow(connection, case.id, frozenset(), _followed(case))
    _save_what_follows(connection, decision, now, delivery)


def _save(
    connection: Connection, row: CaseRow, before: Case, decision: Decision[Any], now: datetime, delivery: Delivery
) -> None:
    case = decision.case
    cases.change_case(connection, row, _columns(case, row.closed_at, now))
    inbox.follow(connection, case.id, _followed(before), _followed(case))
    _save_what_follows(connection, decision, now, delivery)


def _columns(case: Case, closed_at: datetime | None, now: datetime) -> dict[str, Any]:
    """What is saved of a case: the whole of it, and what is searched for."""
    rank, since = case.queue or (None, None)
    return {
        "state": case.state,
        "owner": case.owner,
        "open_key": case.open_key,
        "ticket": case.ticket.key if case.ticket else None,
        "data": case.model_dump(mode="json"),
        "updated_at": now,
        "closed_at": (closed_at or now) if case.is_over else None,
        "queue_rank": rank,
        "queue_since": since,
    }


def _followed(case: Case) -> frozenset[str]:
    tickets = () if case.ticket is None else (ticket_subject(case.ticket),)
    return frozenset((*case.follows, *tickets))


def _save_what_follows(connection: Connection, decision: Decision[Any], now: datetime, delivery: Delivery) -> None:
    case_id = decision.case.id
    for note in decision.notes:
        cases.add_note(connection, case_id, now, note.actor, note.what)
    for change in decision.timers:
        _change_timer(connection, case_id, change)
    for effect in decision.effects:
        outbox.add_effect(connection, effect_row(case_id, effect, now, delivery))


def _change_timer(connection: Connection, case_id: str, change: SetTimer | CancelTimer) -> None:
    match change:
        case SetTimer(name, due_at):
            timers.set_timer(connection, case_id, name, due_at)
        case CancelTimer(str() as name):
            timers.cancel_timer(connection, case_id, name)
        case CancelTimer():
            timers.cancel_all_timers(connection, case_id)


def collapse_key(case_id: str, effect: Effect) -> str | None:
    """Under which key an effect of this case waits: a second one of the key adds nothing."""
    key = effect.collapse_key()
    return key and f"{case_id}:{key}"


def effect_row(case_id: str, effect: Effect, now: datetime, delivery: Delivery) -> EffectRow:
    """The outbox row of an effect of this case.

    A modal waits a moment: its person may just have sent it, and Slack would lay our answer to that over a newer view.
    """
    return EffectRow(
        mark=uuid4().hex,
        case_id=case_id,
        lane=effect.lane,
        priority=effect.urgency,
        payload=effect.model_dump(mode="json"),
        collapse_key=collapse_key(case_id, effect),
        once_key=effect.once,
        created_at=now,
        due_at=now + delivery.modal_pace.length if isinstance(effect, ShowView) else now,
    )
