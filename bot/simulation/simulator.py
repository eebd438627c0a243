"""The simulator: the real engine and rules, a clock that jumps, and stubs in place of Slack and the vendors.

What people would do is a script: actions with their times, or so long after somebody was paged.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from bot.service.clock import SystemClock
from bot.simulation.stubs import (
    StubAccounts,
    StubCustomers,
    StubForms,
    StubIssues,
    StubPager,
    StubReader,
    StubSlack,
    StubTickets,
)
from handlers.kit.process import rules_of, views_of
from handlers.registry import PROCESSES
from storage.database import Database
from workflows.contract.actors import PAGER, named
from workflows.contract.errors import DeskError
from workflows.engine.dispatcher import Dispatcher
from workflows.engine.engine import Engine
from workflows.engine.executor import EffectExecutor, Ports
from workflows.engine.inbox import Inbox
from workflows.lib.markup import plain
from workflows.policy.model import Policy

MENTION = re.compile(r"<(?:@|!subteam\^|#)([A-Z0-9]+)>")
DATE = re.compile(r"<!date\^(\d+)\^[^<>]*>")
EMOJI = re.compile(r":[a-z_]+: ?")
NOTES = "the timeline"


@dataclass(frozen=True)
class ScriptedAction:
    """What somebody does. `of` makes the event from the case as it is then; None when there is nothing to do.

    `after` counts from the beginning, or with `after_page` from when somebody was paged first.
    """

    after: timedelta
    of: Callable[[Any, datetime], object | None]
    after_page: bool = False


@dataclass(frozen=True)
class SimulatedStep:
    """Something that would happen: when, where, and what."""

    at: datetime
    where: str
    what: str
    is_page: bool = False
    """Whether the paging service does it."""


@dataclass(frozen=True)
class SimulationResult:
    """What would happen, and the case at the end."""

    case: Any
    steps: tuple[SimulatedStep, ...]


class SimulationClock(SystemClock):
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The simulated time."""
        return self.at


def run_simulation(
    policy: Policy,
    kind: str,
    begin: object,
    actions: Sequence[ScriptedAction],
    *,
    at: datetime,
    zone: ZoneInfo,
    lasting: timedelta,
) -> SimulationResult:
    """Play it from `at` (aware) on, until nothing is left to happen or the time is over; times are shown in `zone`.

    `DeskError` when the rules refuse to begin.
    """
    with TemporaryDirectory(prefix="escalation-desk-") as folder:
        simulation = _Simulation(policy, Path(folder), at, zone)
        try:
            return simulation.play(kind, begin, actions, at + lasting)
        finally:
            simulation.database.close()


def headings(policy: Policy) -> list[str]:
    """The headings the policy expects in the tracker's issue templates."""
    forms = (policy.request.bug, policy.request.feature, policy.request.rfc)
    return ["Severity", "Size", *(field.heading for form in forms for field in form.fields.values())]


class _Simulation:
    def __init__(self, policy: Policy, folder: Path, at: datetime, zone: ZoneInfo) -> None:
        self.zone = zone
        self.clock = SimulationClock(at)
        self.steps: list[SimulatedStep] = []
        self.slack = StubSlack(self._report)
        self.pager = StubPager(self._report, self.clock.now)
        self.policy = policy
        self.database = Database(f"sqlite:///{folder / 'simulation.db'}")
        self.database.migrate()
        self.engine = Engine(self.database, rules_of(PROCESSES), policy)
        tickets = {name: StubTickets(self._report) for name in policy.tickets.accounts}
        ports = Ports(
            self.slack,
            tickets,
            StubIssues(self._report),
            on_call=self.pager,
            pager=self.pager,
            forms={name: StubForms(self._report) for name in policy.tickets.accounts},
            reader=StubReader(headings(policy)),
            customers=dict.fromkeys(policy.tickets.accounts, StubCustomers(self.clock.now)),
            accounts=StubAccounts(),
        )
        views = views_of(PROCESSES)
        executor = EffectExecutor(ports, views, self.engine, self.clock, Inbox(self.engine))
        self.dispatcher = Dispatcher(self.engine, executor, self.clock, policy.delivery, Random(1))  # noqa: S311
        self.noted = 0

    def play(self, kind: str, begin: object, actions: Sequence[ScriptedAction], end: datetime) -> SimulationResult:
        start = self.clock.at
        opened = self.engine.open(kind, begin, key="begin", now=start)
        if opened.case is None:
            raise DeskError(opened.refusal or "The rules do not begin like this.")
        waiting = list(actions)
        while True:
            self._let_happen(opened.case.id)
            due = [(moment, action) for action in waiting if (moment := self._moment(action, start)) is not None]
            times = [moment for moment, _ in due] + [moment for moment in (self.engine.next_due(),) if moment]
            if not times or min(times) > end:
                break
            self.clock.at = max(self.clock.at, min(times))
            for moment, action in due:
                if moment <= self.clock.at:
                    waiting.remove(action)
                    self._perform(opened.case.id, action, len(waiting))
        return SimulationResult(self.engine.cases.read(opened.case.id), tuple(self.steps))

    def _let_happen(self, case_id: str) -> None:
        """Fire and execute what is due now; then the lines of the timeline that came of it."""
        while self.engine.fire_due(self.clock.at) + self.dispatcher.drain():
            pass
        lines = self.engine.cases.timeline(case_id)
        for line in lines[self.noted :]:
            who = self.slack.names.get(line.actor, named(line.actor, self.policy))
            self.steps.append(SimulatedStep(line.at, NOTES, self._readable(f"{who} {line.what}")))
        self.noted = len(lines)

    def _moment(self, action: ScriptedAction, start: datetime) -> datetime | None:
        if not action.after_page:
            return start + action.after
        return self.pager.paged[0] + action.after if self.pager.paged else None

    def _perform(self, case_id: str, action: ScriptedAction, left: int) -> None:
        event = action.of(self.engine.cases.read(case_id), self.clock.at)
        if event is not None:
            self.engine.submit(case_id, event, key=f"act:{left}", now=self.clock.at)

    def _report(self, where: str, what: str) -> None:
        step = SimulatedStep(self.clock.at, named(where, self.policy), self._readable(what), where == PAGER)
        self.steps.append(step)

    def _readable(self, text: str) -> str:
        dated = DATE.sub(lambda date: self._local(int(date[1])), EMOJI.sub("", text))
        named = MENTION.sub(lambda mention: f"@{self.slack.names.get(mention[1], mention[1])}", plain(dated))
        return named.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    def _local(self, epoch: int) -> str:
        return f"{datetime.fromtimestamp(epoch, self.zone):%a %H:%M}"
