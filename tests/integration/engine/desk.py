"""A desk that runs errands: the real engine and dispatcher, with hand-made clocks and a hand-made outside."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from storage import cases, outbox, timers
from storage.database import Database
from storage.tables import EffectRow
from tests.integration.engine.errands import KIND, Do, Rule, decide, process
from tests.policies import company_policy
from workflows.contract.effects import Effect
from workflows.contract.events import EffectSucceeded
from workflows.contract.process import Case
from workflows.contract.slack_port import Posted
from workflows.engine.claims import EffectAttempt
from workflows.engine.dispatcher import Dispatcher
from workflows.engine.engine import Engine
from workflows.policy.model import Delivery, Policy

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DELIVERY = Delivery.model_validate(
    {
        "retry_first": "2s",
        "retry_longest": "10m",
        "retry_urgent": "30s",
        "give_up_after": "4h",
        "channel_pace": "1s",
        "modal_pace": "0s",
        "channel_retry_every": "5m",
        "lease": "60s",
        "keep_done": "30d",
    }
)
POLICY = company_policy().model_copy(update={"delivery": DELIVERY})


@dataclass
class HandClock:
    """Two clocks that stand still until they are moved: the desk's and the machine's."""

    at: datetime = MORNING
    real: datetime = datetime(2030, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """The desk's time."""
        return self.at

    def real_now(self) -> datetime:
        """The machine's time."""
        return self.real

    def advance(self, **units: float) -> None:
        """Let the desk's time pass."""
        self.at += timedelta(**units)


@dataclass
class Outside:
    """What lies behind the ports: it answers as it is told to, and keeps what it was asked, with the desk's time."""

    clock: HandClock
    asked: list[tuple[datetime, EffectAttempt]] = field(default_factory=list)
    answers: dict[str, deque[BaseException]] = field(default_factory=dict)
    """What goes wrong next, by lane; when nothing is left, all goes well."""

    def __call__(self, _case: Case, attempt: EffectAttempt) -> EffectSucceeded:
        """Execute an effect."""
        self.asked.append((self.clock.now(), attempt))
        troubles = self.answers.get(attempt.lane)
        if troubles:
            raise troubles.popleft()
        is_message = attempt.effect.type in {"show_card", "say"}
        return EffectSucceeded(attempt.effect, Posted("C1", f"{len(self.asked)}.0") if is_message else None)

    def fails(self, lane: str, *troubles: BaseException) -> None:
        """Let the next tries in this lane fail."""
        self.answers.setdefault(lane, deque()).extend(troubles)

    @property
    def lanes(self) -> list[str]:
        """The lanes of what was asked, in order."""
        return [attempt.lane for _, attempt in self.asked]

    @property
    def times(self) -> list[datetime]:
        """When it was asked."""
        return [at for at, _ in self.asked]


class ErrandDesk:
    """A desk. Several of them on one database are several processes."""

    def __init__(
        self,
        database: Database,
        clock: HandClock | None = None,
        outside: Outside | None = None,
        rule: Rule = decide,
        policy: Policy = POLICY,
    ) -> None:
        self.database = database
        self.clock = clock or HandClock()
        self.outside = outside or Outside(self.clock)
        self.woken = 0
        self.engine = Engine(database, process(rule), policy, self._wake)
        self.dispatcher = Dispatcher(self.engine, self.outside, self.clock, DELIVERY, Random(7))
        self._keys = 0

    def _wake(self) -> None:
        self.woken += 1

    def opens(self, event: object | None = None, key: str | None = None) -> Any:
        """Open an errand; the engine's `Outcome`."""
        return self.engine.open(KIND, event or Do(), key=key or self._key(), now=self.clock.now())

    def does(self, case_id: str, *effects: Effect, key: str | None = None, **what: Any) -> Any:
        """Let something happen to an errand; the engine's `Outcome`."""
        return self.happens(case_id, Do(effects=effects, **what), key)

    def happens(self, case_id: str, event: object, key: str | None = None) -> Any:
        """Let an event happen to an errand; the engine's `Outcome`."""
        return self.engine.submit(case_id, event, key=key or self._key(), now=self.clock.now())

    def fires(self) -> int:
        """Let the timers go off that are due."""
        return self.engine.fire_due(self.clock.now())

    def executes(self) -> int:
        """Execute everything that is due."""
        return self.dispatcher.drain()

    def waits_and_executes(self, seconds: float) -> int:
        """Let time pass second by second, and execute what comes due at its time."""
        tries = self.executes()
        end = self.clock.at + timedelta(seconds=seconds)
        while (due := self.engine.next_due()) is not None and due <= end:
            self.clock.at = max(self.clock.at, due)
            tries += self.executes()
        self.clock.at = end
        return tries

    def history(self, case_id: str = "ER-1") -> tuple[str, ...]:
        """What happened to an errand, in a word each."""
        history: tuple[str, ...] = self.engine.cases.read(case_id).history
        return history

    def timeline(self, case_id: str = "ER-1") -> list[str]:
        """The lines of an errand's timeline."""
        with self.database.read_only() as connection:
            return [row.what for row in cases.timeline(connection, case_id)]

    def pending(self) -> list[EffectRow]:
        """What has not left."""
        with self.database.read_only() as connection:
            return outbox.pending_effects(connection)

    def timers(self) -> dict[str, datetime]:
        """When the timers that wait are looked at next, by case and name."""
        with self.database.read_only() as connection:
            return {f"{row.case_id} {row.name}": row.retry_at for row in timers.waiting_timers(connection)}

    def _key(self) -> str:
        self._keys += 1
        return f"{id(self)}:{self._keys}"
