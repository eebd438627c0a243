"""How soon people are answered: the desk beside a bare Bolt app and the field's usual form, all in one run.

Each is a process of its own, reached by a Slack that answers at once. Every command is a new case, and the desk's
outbox works beside it.
"""

import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.contestants import Contestant, bare_bolt, desk, memory_mb, running, usual_form
from tests.benchmarks.slack import HOST, HttpSlack, SlackStandIn, Timings, command, drive, message
from tests.benchmarks.table import Line

ALONE, TOGETHER, CROWD = 150, 320, 200
AT_ONCE = 32
PATIENCE_MS = 1000


@dataclass(frozen=True)
class Measured:
    """What one contestant did. Seconds and megabytes are of its process."""

    start: float
    rest_mb: float
    alone: Timings
    together: Timings
    crowd: Timings
    messages: Timings | None = None
    """Messages in a channel that concern nobody; None for who does not listen to messages."""

    @property
    def told(self) -> str:
        """One at a time, in words."""
        return f"{self.alone.per_second:.0f} a second, {self.alone.at(0.5):.0f} / {self.alone.at(0.99):.0f} ms"

    @property
    def told_together(self) -> str:
        """Many at once, in words."""
        return f"{self.together.per_second:.0f} a second, {self.together.at(0.5):.0f} / {self.together.at(0.99):.0f} ms"


@asynccontextmanager
async def reached(who: Contestant, log: Path) -> AsyncIterator[tuple[SlackStandIn | HttpSlack, int, float]]:
    """A contestant that runs: the way to it, its process id, and how many seconds its start took."""
    async with SlackStandIn() as slack:
        begin = time.perf_counter()
        async with running(who, slack, log) as pid:
            yield HttpSlack(who.http_port) if who.http_port else slack, pid, time.perf_counter() - begin


async def measure(who: Contestant, log: Path, *, hears_messages: bool = False) -> Measured:
    """Start it, ask one at a time, many at once, everybody at once; then what concerns nobody."""
    async with reached(who, log) as (slack, pid, started):
        rest = memory_mb(pid)
        await drive(slack, command, range(10), 1)
        alone = await drive(slack, command, range(1_000, 1_000 + ALONE), 1)
        together = await drive(slack, command, range(2_000, 2_000 + TOGETHER), AT_ONCE)
        crowd = await drive(slack, command, range(3_000, 3_000 + CROWD), CROWD)
        chatter = range(4_000, 4_000 + TOGETHER) if hears_messages else range(0)
        messages = await drive(slack, message, chatter, AT_ONCE) if chatter else None
    return Measured(started, rest, alone, together, crowd, messages)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind((HOST, 0))
        port: int = one.getsockname()[1]
        return port


async def lines(folder: Path, postgres_url: str) -> list[Line]:
    """Measure all of them."""
    log = folder / "answers.log"
    port = free_port()
    bare = await measure(bare_bolt(), log, hears_messages=True)
    bare_http = await measure(bare_bolt(port), log)
    usual = await measure(usual_form(f"sqlite:///{folder / 'usual.db'}"), log)
    ours = await measure(desk("desk", f"sqlite:///{folder / 'desk.db'}"), log, hears_messages=True)
    ours_http = await measure(desk("desk", f"sqlite:///{folder / 'http.db'}", port), log)
    ours_postgres = await measure(desk("desk", postgres_url), log)
    assert ours.messages is not None
    assert bare.messages is not None

    def together(name: str, one: Measured, other: Measured, at_least: float) -> Line:
        ratio = one.together.per_second / other.together.per_second
        return Line(f"{AT_ONCE} at once, {name}", one.told_together, "bare Bolt", other.told_together, ratio, at_least)

    def alone(name: str, one: Measured) -> tuple[Line, Line]:
        ratio = one.alone.per_second / usual.alone.per_second
        tail = one.alone.at(0.99) / one.alone.at(0.5)
        return (
            Line(f"one at a time, {name}", one.told, "the usual form", usual.told, ratio, 2.5),
            Line(f"its slowest hundredth, {name}", one.told, "its own median", "", tail, at_most=4),
        )

    def crowd(name: str, one: Measured) -> Line:
        slowest = one.crowd.at(1)
        told = f"{slowest:.0f} ms"
        return Line(f"the slowest of {CROWD} at once, {name}", told, "one second", "", slowest / PATIENCE_MS, at_most=1)

    heard, floor = ours.messages.per_second, bare.messages.per_second
    return [
        together("SQLite", ours, bare, 0.25),
        together("SQLite over HTTP", ours_http, bare_http, 0.25),
        together("PostgreSQL", ours_postgres, bare, 0.15),
        *alone("SQLite", ours),
        *alone("PostgreSQL", ours_postgres),
        crowd("SQLite", ours),
        crowd("PostgreSQL", ours_postgres),
        Line(
            "a message that concerns nobody", f"{heard:.0f} a second", "bare Bolt", f"{floor:.0f}", heard / floor, 0.5
        ),
        _start(ours, usual),
        _memory(ours, bare),
    ]


def _start(ours: Measured, usual: Measured) -> Line:
    told, theirs = f"{ours.start:.1f} s", f"{usual.start:.1f} s"
    return Line("start, empty", told, "the usual form", theirs, ours.start / usual.start, at_most=1.3)


def _memory(ours: Measured, bare: Measured) -> Line:
    told, theirs = f"{ours.rest_mb:.0f} MB", f"{bare.rest_mb:.0f} MB"
    return Line("memory at rest", told, "bare Bolt", theirs, ours.rest_mb / bare.rest_mb, at_most=2.5)
