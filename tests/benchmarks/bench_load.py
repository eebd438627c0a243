"""The desk with much to do, with much behind it, and beside others of its kind; each beside the same desk without."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot.service.socket_mode import CONNECTIONS
from storage.cases import read_case
from storage.database import Database
from storage.tables import CaseRow, TimerRow
from tests.benchmarks.contestants import Contestant, desk, memory_mb, running
from tests.benchmarks.slack import HOST, SlackStandIn, command, drive
from tests.benchmarks.table import Line
from tests.databases import migrate

ALONE, TOGETHER, AT_ONCE = 150, 640, 32
POSTS, DUE = 500, 1_000
CASES = 100_000
SETTLED_SECONDS = 3
FIRST_CASE = "MC-1"


def _vendors(slack: SlackStandIn) -> dict[str, str]:
    base = f"http://{HOST}:{slack.port}/vendor"
    return {
        "ZENDESK_URL": base,
        "ZENDESK_EMAIL": "desk@example.com",
        "ZENDESK_TOKEN": "bench",
        "GITLAB_URL": base,
        "GITLAB_TOKEN": "bench",
        "PAGERDUTY_API_URL": base,
        "PAGERDUTY_TOKEN": "bench",
        "PAGERDUTY_FROM": "desk@example.com",
    }


async def busy(folder: Path) -> list[Line]:
    """One at a time while posts wait, everything outside hangs, and timers come due; and the same desk idle."""
    url = f"sqlite:///{folder / 'busy.db'}"
    log = folder / "load.log"
    async with SlackStandIn() as slack, running(desk("desk", url, None, **_vendors(slack)), slack, log):
        await drive(slack, command, range(10), 1)
        await asyncio.sleep(SETTLED_SECONDS)
        idle = await drive(slack, command, range(1_000, 1_000 + ALONE), 1)
        slack.hangs |= {"chat.postMessage", "chat.update", "vendors"}
        await drive(slack, command, range(2_000, 2_000 + POSTS), AT_ONCE)
        _copy_cases(url, DUE, datetime.now(UTC))
        loaded = await drive(slack, command, range(5_000, 5_000 + ALONE), 1)
    slow, quick = loaded.at(0.99), idle.at(0.99)
    what = f"one at a time, {POSTS} posts wait, all hangs, {DUE:,} timers due: 99 in 100"
    return [Line(what, f"{slow:.0f} ms", "the same desk idle", f"{quick:.0f} ms", slow / quick, at_most=2)]


async def laden(folder: Path) -> list[Line]:
    """Its start and its memory with very many open cases, beside none."""
    log = folder / "load.log"
    empty, full = f"sqlite:///{folder / 'empty.db'}", f"sqlite:///{folder / 'full.db'}"
    for url in (empty, full):
        migrate(url)
        await _first_answer(desk("desk", url), log)
    _copy_cases(full, CASES, datetime.now(UTC) + timedelta(days=9))
    quick, small = await _first_answer(desk("desk", empty), log)
    slow, large = await _first_answer(desk("desk", full), log)
    among, itself = f"{CASES:,} open cases", "itself, empty"
    return [
        Line(
            f"first answer after a start, {among}", f"{slow:.2f} s", itself, f"{quick:.2f} s", slow / quick, at_most=1.3
        ),
        Line(f"memory, {among}", f"{large:.0f} MB", itself, f"{small:.0f} MB", large / small, at_most=1.2),
    ]


async def _first_answer(who: Contestant, log: Path) -> tuple[float, float]:
    """Seconds from the start to the first answer, and megabytes a moment later."""
    begin = time.perf_counter()
    async with SlackStandIn() as slack, running(who, slack, log) as pid:
        number = int(begin * 1000) % 10**9  # a ticket nobody has asked for
        await drive(slack, command, range(number, number + 1), 1)
        took = time.perf_counter() - begin
        await asyncio.sleep(SETTLED_SECONDS)
        return took, memory_mb(pid)


async def several(folder: Path, one_url: str, three_url: str) -> list[Line]:
    """Commands a second with three processes on one PostgreSQL, beside one."""
    rates = []
    for url, processes in ((one_url, 1), (three_url, 3)):
        async with SlackStandIn() as slack, AsyncExitStack() as stack:
            for number in range(processes):
                await stack.enter_async_context(running(desk("desk", url), slack, folder / "load.log"))
                await slack.has_connections(CONNECTIONS * (number + 1))
            await drive(slack, command, range(20), 1)
            rates.append((await drive(slack, command, range(1_000, 1_000 + TOGETHER), AT_ONCE)).per_second)
    one, three = rates
    return [Line("three processes on one PostgreSQL", f"{three:.0f} a second", "one", f"{one:.0f}", three / one, 1.7)]


def _copy_cases(url: str, number: int, due_at: datetime) -> None:
    """So many copies of the first case, each with a timer."""
    database = Database(url)
    with database.read_only() as connection:
        first = read_case(connection, FIRST_CASE)
    assert first is not None
    columns = first.model_dump()

    def copies() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        for name in (f"MC-{1_000_000 + n}" for n in range(number)):
            ticket = f"main/{name[3:]}9"
            data = columns["data"] | {"id": name, "ticket": {"account": "main", "number": int(f"{name[3:]}9")}}
            timer = {"case_id": name, "name": "remind:50", "state": "waiting", "failures": 0}
            case = columns | {"id": name, "ticket": ticket, "open_key": f"bench:{name}", "data": data}
            yield case, timer | {"due_at": due_at, "retry_at": due_at}

    rows = copies()
    while some := list(islice(rows, 200)):
        with database.transaction() as connection:
            connection.execute(insert(CaseRow), [case for case, _ in some])
            connection.execute(insert(TimerRow), [timer for _, timer in some])
    database.close()
