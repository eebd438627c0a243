"""The one engine: an event comes in, a rule decides, and everything it decided is saved in one transaction.

Only when `open` or `submit` has returned may Slack be answered: acknowledged means saved.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from storage import cases, inbox, outbox, timers
from storage.database import Database
from storage.postgresql import TROUBLE
from storage.tables import CaseRow, EffectRow, TimerRow, TimerState
from storage.turns import Turn, working_for
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

        def work(session: Session) -> Outcome[Any]:
            case_id = f"{process.prefix}-{cases.next_number(session, process.prefix)}"
            row = CaseRow(id=case_id, kind=kind, state="", created_at=now, updated_at=now, version=0, data={})
            return self._apply(session, process, row, process.blank(case_id, now), event, now)

        return self._take(event, key, now, work)

    def open_standing(self, now: datetime) -> None:
        """Open the cases that are always there, such as a week's review, where there is none."""
        for kind, process in self.processes.items():
            for key in process.standing:
                if self.cases.with_open_key(key) is None:
                    self.open(kind, StandingCaseOpened(key), key=f"standing:{kind}:{key}:{now.isoformat()}", now=now)

    def submit(self, case_id: str, event: object, *, key: str, now: datetime) -> Outcome[Any]:
        """Let an event happen to a case. `LookupError` when there is no such case."""

        def work(session: Session) -> Outcome[Any]:
            return self.apply(session, case_id, event, now)

        return self._take(event, key, now, work)

    def apply(self, session: Session, case_id: str, event: object, now: datetime) -> Outcome[Any]:
        """The same inside a transaction that is open already, for events that are saved together with others."""
        row = cases.lock_case(session, case_id)
        if row is None:
            raise LookupError(f"There is no case {case_id}.")
        process = self.processes[row.kind]
        return self._apply(session, process, row, process.model.model_validate(row.data), event, now)

    def show_again(self, case_id: str, where: tuple[str | None, str | None], now: datetime) -> None:
        """Show a message of a case, by channel id and ts, once more as the case is now; nothing when it is none."""
        with self.database.transaction() as session:
            row = cases.lock_case(session, case_id)
            messages: Mapping[str, MessageRef] = self.cases.of_row(row).messages if row else {}
            for slot, at in messages.items():
                if (at.channel, at.ts) == where:
                    to = dm(at.place[1:]) if at.place.startswith("@") else channel(at.place)
                    shown = ShowCard(slot=slot, to=to)
                    outbox.add_effect(session, effect_row(case_id, shown, now, self.policy.delivery))
        self.wake()

    def read_settled(self, case_id: str) -> Any:  # noqa: ANN401 - the process' own model
        """A case as every transaction has left it that was at it already, or None.

        One that is just being saved may have counted on an effect that waited, and that is on its way now.
        """
        with self.database.transaction() as session:
            row = cases.lock_case(session, case_id)
        return row and self.cases.of_row(row)

    def has_changed(self, session: Session, case: Case) -> bool:
        """Whether a case is not any more as it was read.

        A rule refreshes the messages the case knows of: one that was being posted for the first time is not among
        them, and would keep showing the case as it had been.
        """
        row = cases.lock_case(session, case.id)
        return row is not None and self.cases.of_row(row).with_(messages={}) != case.with_(messages={})

    def keep_posted(self, session: Session, case_id: str, event: object, now: datetime) -> None:
        """Save where a message stands, and nothing else of this event: the rule failed over it."""
        row = cases.lock_case(session, case_id) if _is_posted_card(event) else None
        if row is not None:
            _save(
                session, row, Decision(_with_what_was_posted(self.cases.of_row(row), event)), now, self.policy.delivery
            )

    def wants(self, case: Any, effect: Effect) -> bool:  # noqa: ANN401 - the process' own model
        """Whether this effect of this case is still wanted, now that its turn has come."""
        kinds = (process for process in self.processes.values() if isinstance(case, process.model))
        return all(process.wanted(case, effect, self.policy) for process in kinds)

    def still_wants(self, session: Session, case_id: str, effect: Effect) -> bool:
        """The same when it is done: the case may have moved on while it was on its way."""
        row = cases.lock_case(session, case_id)
        return row is None or self.wants(self.cases.of_row(row), effect)

    def forget(self, now: datetime) -> None:
        """Drop the keys of events that are long past: Slack does not send one again after a day."""
        with working_for(Turn.SWEEP), self.database.transaction() as session:
            cases.forget_events(session, now - REMEMBERED)

    def next_due(self) -> datetime | None:
        """When a timer goes off, an effect may leave or a webhook has to be handled next; None when nothing waits."""
        with self.database.read_only() as session:
            times = (timers.next_timer_at(session), outbox.next_effect_at(session), inbox.next_due_at(session))
        return min((time for time in times if time is not None), default=None)

    def fire_due(self, now: datetime) -> int:
        """Let every timer go off that is due; returns how many. Each one is saved together with what it does."""
        fired = 0
        with working_for(Turn.SWEEP):
            while self._is_timer_due(now) and self._fire_one(now):
                fired += 1
        return fired

    def _is_timer_due(self, now: datetime) -> bool:
        with self.database.read_only() as session:
            return timers.is_due(session, now)

    def _fire_one(self, now: datetime) -> bool:
        with self.database.transaction() as session:
            timer = timers.claim_due_timer(session, now)
            if timer is None:
                return False
            late = now - timer.due_at
            event = TimerDue(timer.name, timer.due_at, late if late > LATE else timedelta(0))
            try:
                with session.begin_nested():
                    timer.state = TimerState.FIRED
                    session.add(timer)
                    self.apply(session, timer.case_id, event, now)
            except TROUBLE:  # the database's trouble, not the rule's: it is tried again at once
                raise
            except Exception:  # a broken rule must not hold up the timers of the other cases
                log.exception("timer_failed", case=timer.case_id, timer=timer.name)
                self._postpone(session, timer, now)
            else:
                log.info("timer_fired", case=timer.case_id, timer=timer.name, late_seconds=late.total_seconds())
                self.telemetry.timer(timer.name, late)
        self.wake()
        return True

    @staticmethod
    def _postpone(session: Session, timer: TimerRow, now: datetime) -> None:
        session.refresh(timer)
        timer.retry_at = now + min(AFTER_A_BROKEN_RULE * 2 ** min(timer.failures, 10), timedelta(hours=1))
        timer.failures += 1
        session.add(timer)

    def _take(self, event: object, key: str, now: datetime, work: Callable[[Session], Outcome[Any]]) -> Outcome[Any]:
        """Do the work once for this key. Another transaction may win a race for a key: then look again."""
        outcome = self._take_racing(key, now, work)
        what, result = type(event).__name__, _result_word(outcome)
        log.info("event", what=what, case=outcome.case.id if outcome.case else None, result=result)
        self.telemetry.event(what, result)
        self.wake()
        return outcome

    def _take_racing(self, key: str, now: datetime, work: Callable[[Session], Outcome[Any]]) -> Outcome[Any]:
        """One may lose more than one race: for the first number of all, then for what may be open only once."""
        for _ in range(LOST_RACES):
            try:
                return self._take_once(key, now, work)
            except IntegrityError:
                repeated = self._repeated(key)
                if repeated is not None:
                    return repeated
        return self._take_once(key, now, work)

    def _take_once(self, key: str, now: datetime, work: Callable[[Session], Outcome[Any]]) -> Outcome[Any]:
        try:
            with self.database.transaction() as session:
                taken = cases.claim_event_key(session, key, now)
                outcome = work(session)
                if outcome.case is None:
                    raise _NothingToSave(outcome)
                taken.outcome = {"case": outcome.case.id}
        except _NothingToSave as nothing:
            return nothing.outcome
        return outcome

    def _repeated(self, key: str) -> Outcome[Any] | None:
        with self.database.read_only() as session:
            taken = cases.claimed_event_key(session, key)
            row = taken and cases.read_case(session, taken.outcome["case"])
        return Outcome(self.cases.of_row(row), repeated=True) if row else None

    def _apply(
        self,
        session: Session,
        process: Process[CaseT],
        row: CaseRow,
        case: CaseT,
        event: object,
        now: datetime,
    ) -> Outcome[CaseT]:
        decision = process.follow(_with_what_was_posted(case, event), event, self.policy, now)
        if decision.refusal is not None:
            return Outcome(None, refusal=decision.refusal)
        duplicate = self._duplicate(session, decision.case)
        if duplicate is not None:
            return Outcome(None, duplicate=duplicate)
        _save(session, row, decision, now, self.policy.delivery)
        return Outcome(decision.case)

    def _duplicate(self, session: Session, case: CaseT) -> CaseT | None:
        row = case.open_key and cases.case_with_open_key(session, case.open_key)
        return self.cases.of_row(row) if row and row.id != case.id else None


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


def _save(session: Session, row: CaseRow, decision: Decision[CaseT], now: datetime, delivery: Delivery) -> None:
    case = decision.case
    row.state, row.owner, row.open_key = case.state, case.owner, case.open_key
    row.ticket = case.ticket.key if case.ticket else None
    row.data = case.model_dump(mode="json")
    row.version += 1
    row.updated_at = now
    row.closed_at = (row.closed_at or now) if case.is_over else None
    row.queue_rank, row.queue_since = case.queue or (None, None)
    session.add(row)
    session.flush()
    tickets = () if case.ticket is None else (ticket_subject(case.ticket),)
    inbox.follow(session, case.id, frozenset((*case.follows, *tickets)))
    for note in decision.notes:
        cases.add_note(session, case.id, now, note.actor, note.what)
    for change in decision.timers:
        _change_timer(session, case.id, change)
    for effect in decision.effects:
        outbox.add_effect(session, effect_row(case.id, effect, now, delivery))


def _change_timer(session: Session, case_id: str, change: SetTimer | CancelTimer) -> None:
    match change:
        case SetTimer(name, due_at):
            timers.set_timer(session, case_id, name, due_at)
        case CancelTimer(str() as name):
            timers.cancel_timer(session, case_id, name)
        case CancelTimer():
            timers.cancel_all_timers(session, case_id)


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
