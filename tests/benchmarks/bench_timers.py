"""Timers beside APScheduler's own store, among very many that are not due; and what paced lanes can do at best.

All of it runs in this process: the engine and the dispatcher, on a clock that is moved.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import insert

from storage.database import Database
from storage.tables import CaseRow, TimerRow
from tests.benchmarks.table import Line
from tests.databases import migrate
from tests.integration.engine.desk import MORNING, ErrandDesk
from tests.integration.engine.errands import KIND, Do
from workflows.contract.errors import RetryLater
from workflows.contract.message_effects import Say, channel
from workflows.contract.page_effects import OpenPage
from workflows.contract.process import SetTimer

DUE = 1_000
FEW, MANY, MOST = 1_000, 100_000, 1_000_000
WAKES = 200
POSTS, IN_ITS_CHANNEL = 500, 200
FEEDBACKS = 300
PATIENCE_SECONDS = 120

_fired = threading.Semaphore(0)


def nothing() -> None:
    """What a job of APScheduler does."""
    _fired.release()


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def fired_by_apscheduler(url: str) -> float:
    """How long APScheduler takes for jobs that do nothing, all due, from its SQLAlchemy store."""
    scheduler = BackgroundScheduler(jobstores={"default": SQLAlchemyJobStore(url=url)}, timezone="UTC")
    scheduler.start(paused=True)
    for number in range(DUE):
        scheduler.add_job(nothing, "date", run_date=datetime.now(UTC), id=f"{number}", misfire_grace_time=None)

    def fire() -> None:
        scheduler.resume()
        for _ in range(DUE):
            assert _fired.acquire(timeout=PATIENCE_SECONDS)

    took = _seconds(fire)
    scheduler.shutdown()
    return took


def fired_by_desk(url: str) -> float:
    """How long the desk takes for timers that decide, save, and put something into the outbox."""
    database = Database(url)
    desk = ErrandDesk(database)
    for _ in range(DUE):
        desk.opens(Do(timers=(SetTimer("tag", MORNING),)))
    took = _seconds(desk.fires)
    assert len(desk.pending()) == DUE
    database.close()
    return took


def wake(url: str, pending: int) -> float:
    """How long it takes to find that nothing is due, in seconds, with so many timers pending."""
    database = Database(url)
    desk = ErrandDesk(database)
    later = MORNING + timedelta(days=1)
    case = {"id": "ER-9", "kind": KIND, "state": "open", "version": 1, "data": {}}
    with database.transaction() as connection:
        connection.execute(insert(CaseRow), {**case, "created_at": MORNING, "updated_at": MORNING})
        for batch in range(0, pending, 50_000):
            rows = (
                {"case_id": "ER-9", "name": f"t{n}", "state": "waiting", "failures": 0}
                for n in range(batch, min(batch + 50_000, pending))
            )
            connection.execute(insert(TimerRow), [{**row, "due_at": later, "retry_at": later} for row in rows])
    if not database.is_sqlite:
        with database.transaction() as connection:
            connection.exec_driver_sql("ANALYZE timer")

    def look() -> None:
        assert desk.fires() == 0
        assert desk.engine.next_due() == later

    took = sorted(_seconds(look) for _ in range(WAKES))[WAKES // 2]
    database.close()
    return took


def page_after(url: str, posts: int) -> timedelta:
    """How long a page waits, in the desk's time, behind so many posts, two in five of them in its own channel."""
    database = Database(url)
    desk = ErrandDesk(database)
    own, others = min(posts, IN_ITS_CHANNEL), max(posts - IN_ITS_CHANNEL, 0)
    places = [channel("#ops")] * own + [channel(f"#c{number % 20}") for number in range(others)]
    desk.opens(Do(effects=tuple(Say(what="note", to=place) for place in places)))
    desk.executes()
    asked_at = desk.clock.now()
    card = Say(what="card", to=channel("#ops"), urgency=OpenPage.model_fields["urgency"].default)
    desk.opens(Do(effects=(card, OpenPage(what="page", service="S", key="k", thread="card"))))
    while {"card", "page"} - {
        attempt.effect.what for _, attempt in desk.outside.asked if hasattr(attempt.effect, "what")
    }:
        desk.waits_and_executes(0.1)
    database.close()
    stood = max(at for at, attempt in desk.outside.asked if getattr(attempt.effect, "what", "") in {"card", "page"})
    return stood - asked_at


def into_one_channel(url: str) -> tuple[float, int]:
    """Messages a second, in the desk's time, into a channel that takes one a second; and how many 429 there were."""
    database = Database(url)
    desk = ErrandDesk(database)
    refused = 0
    last = MORNING - timedelta(days=1)
    answer = desk.outside

    def strict(case: object, attempt: object) -> object:
        nonlocal refused, last
        if desk.clock.now() - last < timedelta(seconds=1):
            refused += 1
            raise RetryLater("Too many.", wait=timedelta(seconds=1))
        last = desk.clock.now()
        return answer(case, attempt)  # type: ignore[arg-type]

    desk.dispatcher.execute = strict  # type: ignore[assignment]
    for _ in range(FEEDBACKS):
        desk.opens(Do(effects=(Say(what="note", to=channel("#product")),)))
    begin = desk.clock.now()
    desk.waits_and_executes(2 * FEEDBACKS)
    times = [at for at, _ in answer.asked]
    database.close()
    assert len(times) == FEEDBACKS
    return FEEDBACKS / ((times[-1] - begin).total_seconds() + 1), refused


def lines(folder: Path, postgres: Callable[[], str]) -> list[Line]:
    """Measure all of it."""

    def sqlite(name: str) -> str:
        url = f"sqlite:///{folder / name}.db"
        migrate(url)
        return url

    found = []
    for name, ours, theirs in (
        ("SQLite", sqlite("fired"), f"sqlite:///{folder / 'apscheduler.db'}"),
        ("PostgreSQL", postgres(), postgres()),
    ):
        took, floor = fired_by_desk(ours), fired_by_apscheduler(theirs)
        told = f"{DUE / took:.0f} a second"
        found.append(Line(f"{DUE:,} due timers, {name}", told, "APScheduler", f"{DUE / floor:.0f}", floor / took, 1.5))
    few = wake(sqlite("few"), FEW)
    for count in (MANY, MOST):
        took = wake(sqlite(f"many{count}"), count)
        told = f"{1000 * took:.2f} ms"
        found.append(
            Line(f"a wake-up among {count:,} timers", told, f"{FEW:,}", f"{1000 * few:.2f} ms", took / few, at_most=1.5)
        )
    behind, alone = page_after(sqlite("page"), POSTS), page_after(sqlite("alone"), 0)
    slots = (behind - alone).total_seconds()
    found.append(
        Line(
            f"a page behind {POSTS} posts",
            f"{behind.total_seconds():.1f} s",
            "one pacing slot",
            "1 s",
            slots,
            at_most=1,
        )
    )
    pace, refused = into_one_channel(sqlite("channel"))
    found.append(
        Line(
            f"{FEEDBACKS} feedbacks into one channel",
            f"{pace:.2f} a second, {refused} refused",
            "Slack's",
            "1 a second",
            pace,
            0.9,
        )
    )
    return found
