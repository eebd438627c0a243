"""Killed at any moment, the desk ends up where it would have been: nothing lost, nothing said twice.

A whole run of feedback is played, and the desk is killed at every call through a port and every commit, one
moment at a time. Then another desk starts on the same database, and the story goes on. What nobody
was answered happens again, as Slack and people do it: the same event, under the same key.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random, randrange
from typing import Any

import pytest

from handlers.kit.process import rules_of, views_of
from handlers.registry import PROCESSES
from storage import cases, outbox, timers
from storage.database import Database
from tests.databases import let_leases_run_out
from tests.integration.engine.desk import POLICY as DEFAULT
from tests.integration.engine.desk import HandClock
from tests.integration.engine.killing import Fuse, Killed, Often, breakable, breakable_commits
from tests.integration.engine.workspace import FakeIssues, FakeOnCall, FakeSlack, FakeTickets
from tests.tickets import ticket
from workflows.engine.dispatcher import Dispatcher
from workflows.engine.engine import Engine
from workflows.engine.executor import EffectExecutor, Ports
from workflows.engine.inbox import Inbox
from workflows.feedback import model
from workflows.policy.feedback import Kind
from workflows.policy.model import Policy

CASE = "FB-1"
ALICE, PIA, MAX = "UALICE", "UPIA", "UMAX"
SOAK = bool(os.environ.get("SOAK"))
PARTS = 6 if SOAK else 2
"""The moments are shared out among so many tests, so that they can run side by side."""

STEP = 1 if SOAK else 5
"""`make soak` kills at every moment; `make test` at every fifth, at others in each run (by the run's random seed)."""


def policy() -> Policy:
    """The company's policy, with an on-duty schedule."""
    managers = DEFAULT.managers.model_copy(update={"on_duty_schedule": "Managers"})
    return DEFAULT.model_copy(update={"managers": managers, "admins": ("UOMAR",)})


POLICY = policy()


@dataclass
class FeedbackRun:
    """A desk, what is behind its ports, and what people do. `fuse` kills the desk, `restart` brings a new one."""

    url: str
    fuse: Fuse
    slack: FakeSlack = field(default_factory=FakeSlack)
    tickets: FakeTickets = field(default_factory=FakeTickets)
    issues: FakeIssues = field(default_factory=FakeIssues)
    clock: HandClock = field(default_factory=HandClock)
    deaths: int = 0

    def start(self) -> None:
        """Put a desk together."""
        self.database = Database(self.url)
        ports = breakable(Ports(self.slack, {"main": self.tickets}, self.issues, FakeOnCall()), self.fuse)
        self.engine = Engine(self.database, rules_of(PROCESSES), POLICY)
        views = views_of(PROCESSES)
        executor = EffectExecutor(ports, views, self.engine, self.clock, Inbox(self.engine))
        self.dispatcher = Dispatcher(self.engine, executor, self.clock, POLICY.delivery, Random(7))

    def stop(self) -> None:
        """Throw the desk away."""
        self.database.close()

    def until_done(self, act: Callable[[], object]) -> None:
        """Do it; as often as the desk is killed over it, start another one, let the leases run out, do it again."""
        while True:
            try:
                act()
            except Killed:
                self.deaths += 1
                self.stop()
                self.start()
                let_leases_run_out(self.database)
            else:
                return

    def opens(self, event: object) -> None:
        """Somebody opens a case."""
        now = self.clock.now()
        self.until_done(lambda: self.engine.open(model.KIND, event, key=repr(event), now=now))
        self.settle()

    def happens(self, event: object) -> None:
        """Somebody does something with the case."""
        now = self.clock.now()
        self.until_done(lambda: self.engine.submit(CASE, event, key=repr(event), now=now))
        self.settle()

    def settle(self) -> None:
        """Let everything happen that is due."""
        self.until_done(lambda: (self.engine.fire_due(self.clock.now()), self.dispatcher.drain()))

    def advance(self, **units: float) -> None:
        """Let time pass, and everything happen at its time."""
        end = self.clock.at + timedelta(**units)
        while (due := self.engine.next_due()) is not None and due <= end:
            self.clock.at = max(self.clock.at, due)
            self.settle()
        self.clock.at = end

    def plays(self) -> None:
        """From the typed form to the closed loop, with both reminders on the way."""
        typed = model.Typed(ticket(123456), Kind.PRODUCT, "The pipelines are slow.", "general", "pipelines")
        self.opens(model.Drafted(ALICE, typed, "V1"))
        self.happens(model.Confirmed(ALICE, model.IssueWish.NEW))
        self.advance(days=4)
        self.happens(model.Acknowledged(PIA))
        self.happens(model.CustomerTold(ALICE))
        self.advance(hours=2)  # and everything that may have gone out twice was looked for

    def plays_on(self) -> None:
        """The same with a manager called, and the card moved, on the way."""
        typed = model.Typed(ticket(123456), Kind.PRODUCT, "The pipelines are slow.", "general", "pipelines")
        self.opens(model.Drafted(ALICE, typed, "V1"))
        self.happens(model.Confirmed(ALICE, model.IssueWish.NEW))
        self.happens(model.ManagerCalled(ALICE))
        self.happens(model.ManagerTook(MAX))
        self.advance(days=4)
        self.happens(model.Moved(PIA, "runner"))
        self.advance(minutes=5)
        self.happens(model.Acknowledged(PIA))
        self.happens(model.CustomerTold(ALICE))
        self.advance(hours=2)  # and everything that may have gone out twice was looked for

    def end(self) -> dict[str, Any]:
        """How it all stands: the case, its timeline, what waits, and what everybody sees."""
        with self.database.read_only() as connection:
            row = cases.read_case(connection, CASE)
            assert row is not None
            case = model.FeedbackCase.model_validate(row.data)
            shown = {slot: self._text(ref.channel, ref.ts) for slot, ref in case.messages.items()}
            return {
                "case": case.model_dump(exclude={"messages"}),
                "shown": shown,
                "timeline": sorted((line.actor, line.what) for line in cases.timeline(connection, CASE)),
                "timers": [(timer.name, timer.due_at) for timer in timers.waiting_timers(connection)],
                "outbox": [effect.payload for effect in outbox.pending_effects(connection)],
                "slack": {place: sorted(texts, key=str) for place, texts in self.slack.texts().items()},
                "view": self.slack.views["V1"][-1],
                "tags": self.tickets.tags,
                "issues": [(issue, text) for _, issue, text in self.issues.opened],
                "comments": [(number, text) for _, number, text in self.issues.comments],
            }

    def _text(self, channel: str, ts: str) -> str:
        return self.slack.channels[channel][ts].message.text


@contextmanager
def feedback_run(url: str, fuse: Fuse) -> Iterator[FeedbackRun]:
    """A story on this database."""
    live = FeedbackRun(url, fuse)
    live.start()
    with breakable_commits(fuse):
        try:
            yield live
        finally:
            live.stop()


@dataclass(frozen=True)
class FeedbackRuns:
    """Plays stories on fresh databases of one kind."""

    fresh: Callable[[], Any]

    def play(
        self, fuse: Fuse, plot: Callable[[FeedbackRun], None] = FeedbackRun.plays
    ) -> tuple[FeedbackRun, dict[str, Any]]:
        """Play it once; the story and how it ended."""
        with self.fresh() as url, feedback_run(url, fuse) as live:
            plot(live)
            return live, live.end()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def runs(request: pytest.FixtureRequest) -> FeedbackRuns:
    """Stories on SQLite and on PostgreSQL."""
    if request.param == "postgres":
        return FeedbackRuns(request.getfixturevalue("postgres").migrated)

    @contextmanager
    def fresh() -> Iterator[str]:
        yield request.getfixturevalue("sqlite_files").migrated()

    return FeedbackRuns(fresh)


@pytest.mark.parametrize("plot", [FeedbackRun.plays, FeedbackRun.plays_on])
def test_the_run_is_a_whole_one(runs: FeedbackRuns, plot: Callable[[FeedbackRun], None]) -> None:
    """What the other tests compare with: everybody was told, the loop is closed, and nothing waits."""
    live, end = runs.play(Fuse(), plot)
    assert live.deaths == 0
    assert end["case"]["state"] == model.FeedbackState.CLOSED
    assert (end["timers"], end["outbox"]) == ([], [])
    assert end["tags"] == {123456: {"feedback"}}
    assert [issue.number for issue, _ in end["issues"]] == [100]
    assert {"tell_customer_reminder", "card", "confirmation"} <= set(end["shown"])
    assert ("desk", "reminded the product team") in end["timeline"]
    assert len(end["slack"]["#product"]) == 2


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_any_moment_the_desk_ends_where_it_would_have(runs: FeedbackRuns, part: int) -> None:
    """One kill a story, after every call and every commit.

    Before a call nothing has changed since the call or commit before it: a kill there is the same kill.
    """
    fuse = Fuse()
    _, expected = runs.play(fuse)
    moments = [number for number, name in enumerate(fuse.moments, start=1) if name.startswith("after")]
    for moment in moments[randrange(STEP) :: STEP][part::PARTS]:
        live, end = runs.play(Fuse({moment}))
        assert live.deaths == 1
        assert end == expected, f"killed at moment {moment}, {fuse.moments[moment - 1]}"


@pytest.mark.parametrize("seed", range(3))
def test_killed_over_and_over_the_desk_ends_where_it_would_have(runs: FeedbackRuns, seed: int) -> None:
    """No desk lives longer than it takes to execute two or three effects, and the story still ends well."""
    _, expected = runs.play(Fuse(), FeedbackRun.plays_on)
    live, end = runs.play(Often(Random(seed)), FeedbackRun.plays_on)
    assert live.deaths > 15
    assert end == expected


def test_the_moments_are_those_of_ports_and_commits(runs: FeedbackRuns) -> None:
    """No kind of call is left out."""
    fuse = Fuse()
    runs.play(fuse, FeedbackRun.plays_on)
    calls = {"post", "update", "open_dm", "update_view", "read", "add_tag", "search", "create", "on_duty", "commit"}
    assert {f"{when} {call}" for when in ("before", "after") for call in calls} <= set(fuse.moments)
