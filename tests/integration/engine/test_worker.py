"""The threads that keep the desk going: with real threads, real time and a clock that may fail."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.service.clock import SystemClock
from bot.service.worker import Worker
from storage.database import Database
from tests.integration.engine.desk import ErrandDesk, HandClock
from tests.integration.engine.errands import KIND, Do
from tests.policies import company_policy
from tests.threads import PATIENCE_SECONDS
from tests.tickets import ticket
from workflows.contract.events import EffectSucceeded
from workflows.contract.process import Case, SetTimer
from workflows.contract.ticket_effects import AddTag
from workflows.engine.claims import EffectAttempt
from workflows.engine.inbox import Inbox
from workflows.engine.pages import PagePoller

NEVER = timedelta(hours=1)
TAG = AddTag(ticket=ticket(1), tag="x")


class Running(HandClock):
    """A clock that runs as fast as the machine's."""

    def now(self) -> datetime:
        """The desk's time."""
        return SystemClock().real_now()

    def real_now(self) -> datetime:
        """The machine's time."""
        return SystemClock().real_now()


class Failing(HandClock):
    """A clock that fails each thread's first questions."""

    def __init__(self) -> None:
        super().__init__()
        self.failures = 3

    def now(self) -> datetime:
        """The desk's time, in the end."""
        self.failures -= 1
        if self.failures >= 0:
            raise OverflowError
        return super().now()


class ExecutorProbe:
    """An outside that lets a test wait for what it is asked."""

    def __init__(self, desk: ErrandDesk) -> None:
        self.desk = desk
        self.asked = threading.Semaphore(0)

    def __call__(self, case: Case, attempt: EffectAttempt) -> EffectSucceeded:
        """Execute it, and say so."""
        succeeded = self.desk.outside(case, attempt)
        self.asked.release()
        return succeeded

    def waits(self) -> bool:
        """Wait until something is executed."""
        return self.asked.acquire(timeout=PATIENCE_SECONDS)


@contextmanager
def at_work(desk: ErrandDesk, sweep: timedelta = NEVER) -> Iterator[ExecutorProbe]:
    """The desk's threads, which look by themselves only as often as `sweep`."""
    probe = ExecutorProbe(desk)
    desk.dispatcher.execute = probe
    worker = Worker(desk.engine, desk.dispatcher, desk.clock, Inbox(desk.engine), workers=2, sweep=sweep)
    desk.engine.wake = worker.wake
    worker.start()
    try:
        yield probe
    finally:
        worker.stop()


def test_what_was_decided_leaves_at_once(desk: ErrandDesk) -> None:
    """Nobody waits for the next round: an event wakes the workers."""
    with at_work(desk) as probe:
        for _ in range(3):
            desk.opens(Do(effects=(TAG,)))
            assert probe.waits()
    assert [desk.history(f"ER-{n}")[-1] for n in (1, 2, 3)] == ["executed add_tag"] * 3


def test_what_came_due_while_the_desk_was_down_happens_at_the_start(desk: ErrandDesk) -> None:
    """A start looks before it waits."""
    desk.opens(Do(effects=(TAG,)))
    with at_work(desk) as probe:
        assert probe.waits()


def test_a_timer_wakes_the_desk_at_its_time(database: Database) -> None:
    """The alarm is set to the next due time, however rarely the desk looks by itself."""
    desk = ErrandDesk(database, Running())
    with at_work(desk) as probe:
        soon = desk.clock.now() + timedelta(milliseconds=200)
        desk.opens(Do(timers=(SetTimer("tag", soon),)))
        assert probe.waits()
    assert desk.history()[:2] == ("did", "tag went off")


def test_an_error_nobody_foresaw_does_not_end_the_threads(database: Database) -> None:
    """Whatever goes wrong in a round, there is a next one."""
    desk = ErrandDesk(database, Failing())
    with at_work(desk, sweep=timedelta(milliseconds=100)) as probe:
        desk.engine.open(KIND, Do(effects=(TAG,)), key="k", now=desk.clock.at)
        assert probe.waits()


def test_a_desk_can_be_stopped_at_any_moment(desk: ErrandDesk) -> None:
    """Thirty starts and stops, each at another moment of the work: none hangs."""
    for _ in range(30):
        with at_work(desk):
            desk.opens(Do(effects=(TAG,)))


class PollProbe(PagePoller):
    """A poller that says when it is asked to poll."""

    def __init__(self, desk: ErrandDesk) -> None:
        super().__init__(None, Inbox(desk.engine), desk.clock)
        self.asked = threading.Semaphore(0)

    def poll(self) -> int:
        """Say so."""
        self.asked.release()
        return super().poll()


def test_the_open_pages_are_asked_about_again_and_again(database: Database) -> None:
    """By a thread of its own, at least each minute: no timer and no outbox waits for the paging service."""
    desk = ErrandDesk(database)
    probe = PollProbe(desk)
    soon = timedelta(milliseconds=10)
    worker = Worker(desk.engine, desk.dispatcher, desk.clock, probe.inbox, probe, workers=1, sweep=NEVER, poll=soon)
    worker.start()
    try:
        assert all(probe.asked.acquire(timeout=PATIENCE_SECONDS) for _ in range(3))
    finally:
        worker.stop()
    pages = company_policy().polling.pages
    assert pages is not None
    assert timedelta(minutes=1) >= pages.length
