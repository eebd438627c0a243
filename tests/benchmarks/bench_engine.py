"""How fast the engine is, as a ratio to what the database alone takes for the same rows: `make bench`.

Each line measures the desk and its floor in turns within one run, so that a slow machine slows both. The times are
medians. Nothing here is a test: a ratio is read by a person.
"""

import logging
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import structlog
from sqlalchemy import Connection
from sqlmodel import insert

from storage import outbox, timers
from storage.database import Database
from storage.tables import CaseRow, EffectRow, EffectState, EventRow, LaneRow, TimelineRow, TimerRow
from tests.databases import Postgres, SQLiteFiles, stop
from tests.integration.engine.desk import DELIVERY, MORNING, ErrandDesk
from tests.integration.engine.errands import KIND, Do
from workflows.contract.message_effects import Say, channel
from workflows.contract.process import SetTimer
from workflows.contract.ticket_effects import AddTag
from workflows.lib.tickets import MAIN, TicketRef

EVENTS = 300
EFFECTS = 300
LANES = 30
DUE = 1000
FEW, MANY = 1_000, 100_000
LATER = MORNING + timedelta(days=1)


def seconds(act: Callable[[], object]) -> float:
    """How long this takes, in seconds."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def row(name: str, what: str, desk: float, floor: float) -> None:
    """Print a line of the table; `desk` and `floor` in seconds each."""
    print(f"{name:<11} {what:<34} {1 / desk:>9.0f}/s {1 / floor:>9.0f}/s {desk / floor:>7.1f}x")  # noqa: T201


# -------------------------------------------------------------------------------------------------- events


def events(database: Database) -> tuple[float, float]:
    """An event that opens a case with a note, a timer and an effect; and the same rows, inserted in one transaction."""
    desk = ErrandDesk(database)
    event = Do("bench", (Say(what="note", to=channel("#a"), details={"text": "hello"}),), (SetTimer("ask", LATER),))
    desk.engine.open(KIND, event, key="warm", now=MORNING)
    engine, floor = [], []
    for number in range(EVENTS):
        engine.append(seconds(partial(desk.engine.open, KIND, event, key=f"event {number}", now=MORNING)))
        floor.append(seconds(partial(_insert_bare, database, number)))
    return statistics.median(engine), statistics.median(floor)


def _insert_bare(database: Database, number: int) -> None:
    case_id = f"B-{number}"
    data = {"id": case_id, "history": ["bench"], "state": "open"}
    with database.transaction() as connection:
        connection.execute(insert(EventRow), {"key": f"bare {number}", "at": MORNING, "outcome": {"case": case_id}})
        case = {"id": case_id, "kind": KIND, "state": "open", "version": 1, "data": data}
        connection.execute(insert(CaseRow), {**case, "created_at": MORNING, "updated_at": MORNING})
        connection.execute(insert(TimelineRow), {"case_id": case_id, "at": MORNING, "actor": "x", "what": "bench"})
        timer = {"case_id": case_id, "name": "ask", "state": "waiting", "failures": 0}
        connection.execute(insert(TimerRow), {**timer, "due_at": LATER, "retry_at": LATER})
        effect = {"mark": uuid4().hex, "case_id": case_id, "lane": "slack:#a", "priority": 20, "attempts": 0}
        payload = {"type": "say", "what": "note"}
        connection.execute(
            insert(EffectRow),
            {
                **effect,
                "payload": payload,
                "state": "done",
                "created_at": MORNING,
                "due_at": MORNING,
                "finished_at": MORNING,
            },
        )


# ------------------------------------------------------------------------------------------------- effects


def effects(database: Database) -> tuple[float, float]:
    """Carrying an effect to an outside that answers at once; and just claiming it and marking it as done."""
    desk = ErrandDesk(database)
    tags = tuple(AddTag(ticket=TicketRef(MAIN, number), tag="x") for number in range(EFFECTS // LANES))
    for number in range(LANES):
        desk.opens(Do(effects=tags))
        with database.transaction() as connection:  # a lane each, as so many channels would have
            lane = f"lane {number}"
            connection.execute(insert(LaneRow), {"name": lane})
            connection.exec_driver_sql(f"UPDATE effect SET lane = '{lane}' WHERE case_id = 'ER-{number + 1}'")
    desk_took, floor = [], []
    for _ in range(EFFECTS // 2):
        desk_took.append(seconds(desk.dispatcher.execute_one))
        floor.append(seconds(lambda: _claim_bare(database)))
    return statistics.median(desk_took), statistics.median(floor)


def _claim_bare(database: Database) -> None:
    with database.transaction() as connection:
        lane = outbox.claim_lane(connection, "bench", MORNING, MORNING, DELIVERY.lease.length)
        assert lane is not None
        effect = outbox.next_effect(connection, lane, MORNING)
        assert effect is not None
        outbox.end_effect(connection, effect.id or 0, EffectState.DONE, MORNING)
        assert outbox.holds_lane(connection, lane, "bench")
        outbox.free_lane(connection, lane)


# -------------------------------------------------------------------------------------------------- timers


def claims(database: Database, pending: int) -> float:
    """How long it takes to claim a thousand due timers, one transaction, among so many that are not due."""
    with database.transaction() as connection:
        _add_timers(connection, "waiting", pending, LATER)
        _add_timers(connection, "due", DUE, MORNING)
    if not database.is_sqlite:
        with database.transaction() as connection:
            connection.exec_driver_sql("ANALYZE timer")

    def claim() -> None:
        with database.transaction() as connection:
            for _ in range(DUE):
                timer = timers.claim_due_timer(connection, MORNING)
                assert timer is not None
                timers.fire_timer(connection, timer)

    return seconds(claim)


def _add_timers(connection: Connection, case_id: str, count: int, due_at: object) -> None:
    case = {"id": case_id, "kind": KIND, "state": "open", "version": 1, "data": {}}
    connection.execute(insert(CaseRow), {**case, "created_at": MORNING, "updated_at": MORNING})
    timer = {"case_id": case_id, "state": "waiting", "failures": 0, "due_at": due_at, "retry_at": due_at}
    connection.execute(insert(TimerRow), [{**timer, "name": f"t{number}"} for number in range(count)])


# ----------------------------------------------------------------------------------------------- the table


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """A database, closed afterwards."""
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def bench(name: str, fresh: Callable[[], str]) -> None:
    """Measure one kind of database."""
    with opened(fresh()) as database:
        row(name, "events, one transaction each", *events(database))
    with opened(fresh()) as database:
        row(name, "effects, one worker", *effects(database))
    with opened(fresh()) as few, opened(fresh()) as many:
        few_took, many_took = claims(few, FEW), claims(many, MANY)
        row(name, f"due timers among {MANY:,} ({FEW:,})", many_took / DUE, few_took / DUE)


def main() -> None:
    """Print the table, for SQLite and for PostgreSQL."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(f"{'':<11} {'':<34} {'desk':>11} {'floor':>11} {'ratio':>8}")  # noqa: T201
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    home = Path(tempfile.mkdtemp(prefix="desk-pg-"))
    try:
        bench("SQLite", SQLiteFiles(folder).migrated)
        server = Postgres(home, fast=False)
        bench("PostgreSQL", server.create_migrated)
    finally:
        stop(home)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
