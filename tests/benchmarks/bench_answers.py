"""How soon people are answered: the desk beside a bare Bolt app and the field's usual form, all in one run.

Each is a process of its own, reached over Socket Mode by a Slack that answers at once. Every command is a new case, and
the desk's outbox works beside it. `python -m tests.benchmarks.bench_answers` prints one table.
"""

import asyncio
import os
import platform
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.contestants import Contestant, bare_bolt, desk, memory_mb, running, usual_form
from tests.benchmarks.slack import SlackStandIn, Timings, command, drive, message

ALONE, TOGETHER, CROWD = 150, 320, 200
AT_ONCE = 32


@dataclass(frozen=True)
class Measured:
    """What one contestant did. Seconds and megabytes are of its process."""

    name: str
    start: float
    rest_mb: float
    alone: Timings
    together: Timings
    crowd: Timings
    messages: Timings | None
    """Messages in a channel that concern nobody; None for who does not listen to messages."""


async def measure(who: Contestant, log: Path, *, hears_messages: bool) -> Measured:
    """Start it, ask one at a time, many at once, everybody at once; then what concerns nobody."""
    async with SlackStandIn() as slack:
        begin = time.perf_counter()
        async with running(who, slack, log) as pid:
            started, rest = time.perf_counter() - begin, memory_mb(pid)
            await drive(slack, command, range(10), 1)
            alone = await drive(slack, command, range(1_000, 1_000 + ALONE), 1)
            together = await drive(slack, command, range(2_000, 2_000 + TOGETHER), AT_ONCE)
            crowd = await drive(slack, command, range(3_000, 3_000 + CROWD), CROWD)
            chatter = range(4_000, 4_000 + TOGETHER) if hears_messages else range(0)
            messages = await drive(slack, message, chatter, AT_ONCE) if chatter else None
    return Measured(who.name, started, rest, alone, together, crowd, messages)


def row(one: Measured) -> str:
    """A line of the table: how many a second, and how long in milliseconds."""
    chatter = f"{one.messages.per_second:.0f}" if one.messages else "-"
    return (
        f"{one.name:<16} {one.alone.per_second:>7.0f} {one.alone.at(0.5):>7.1f} {one.alone.at(0.99):>7.1f}"
        f" {one.together.per_second:>7.0f} {one.together.at(0.5):>7.0f} {one.together.at(0.99):>7.0f}"
        f" {one.crowd.at(1):>8.0f} {chatter:>8} {one.rest_mb:>7.0f} {one.start:>6.1f}"
    )


async def main() -> None:
    """Print the table, and the ratios that count."""
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    try:
        found = {
            who.name: await measure(who, folder / f"{number}.log", hears_messages=who.name != "usual form")
            for number, who in enumerate(
                (
                    bare_bolt(),
                    usual_form(f"sqlite:///{folder / 'usual.db'}"),
                    desk("desk, SQLite", f"sqlite:///{folder / 'desk.db'}"),
                )
            )
        }
    finally:
        shutil.rmtree(folder)
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores")  # noqa: T201
    print(f"{'':<16} {'one at a time':^23} {f'{AT_ONCE} at once':^23} {f'of {CROWD}':>8}")  # noqa: T201
    columns = ("", "a sec", "p50 ms", "p99 ms", "a sec", "p50 ms", "p99 ms", "slowest", "chatter", "MB", "start")
    widths = (16, 7, 7, 7, 7, 7, 7, 8, 8, 7, 6)
    print(" ".join(f"{name:>{width}}" for name, width in zip(columns, widths, strict=True)))  # noqa: T201
    for one in found.values():
        print(row(one))  # noqa: T201
    bare, usual, ours = found.values()
    print(  # noqa: T201
        f"{AT_ONCE} at once beside bare Bolt: {ours.together.per_second / bare.together.per_second:.2f}; "
        f"one at a time beside the usual form: {ours.alone.per_second / usual.alone.per_second:.2f}; "
        + (
            f"chatter beside bare Bolt: {ours.messages.per_second / bare.messages.per_second:.2f}"
            if ours.messages and bare.messages
            else ""
        )
    )


if __name__ == "__main__":
    asyncio.run(main())
