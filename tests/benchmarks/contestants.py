"""Who is measured, each as a process of its own: the desk, a bare Bolt app, the field's usual form."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.slack import HOST, PATIENCE_SECONDS, SIGNING_SECRET, SlackStandIn

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Contestant:
    """A program, and the settings it needs besides Slack's address."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    http_port: int | None = None
    """Where Slack's requests go, when it is not reached over Socket Mode."""


def bare_bolt(http_port: int | None = None) -> Contestant:
    """Bolt, which only acknowledges."""
    way = ("http", str(http_port)) if http_port else ("socket",)
    return Contestant("bare Bolt", ("-m", "tests.benchmarks.peers.bare_bolt", *way), {}, http_port)


def usual_form(database_url: str) -> Contestant:
    """The field's usual form."""
    return Contestant("usual form", ("-m", "tests.benchmarks.peers.usual_form"), {"DATABASE_URL": database_url})


def desk(name: str, database_url: str, http_port: int | None = None, **more: str) -> Contestant:
    """The desk, as people run it."""
    way = {"SLACK_SIGNING_SECRET": SIGNING_SECRET} if http_port else {"SLACK_APP_TOKEN": "xapp-bench"}
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "DATABASE_URL": database_url,
        "PORT": str(http_port or 0),
        "LOG_LEVEL": "WARNING",
        **way,
    }
    return Contestant(name, ("-m", "bot", "run"), {**settings, **more}, http_port)


@asynccontextmanager
async def running(who: Contestant, slack: SlackStandIn, log: Path) -> AsyncIterator[int]:
    """Run it until Slack can reach it; its process id."""
    environment = {"PATH": os.environ["PATH"], "SLACK_API_URL": slack.api_url, **who.environment}
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: ASYNC220 - it only starts
            [sys.executable, *who.arguments], env=environment, cwd=ROOT, stdout=out, stderr=out
        )
    try:
        await (_listens(who.http_port) if who.http_port else slack.connected())
        yield process.pid
    finally:
        process.kill()
        process.wait()
        slack._connected.clear()  # whoever comes next connects anew


async def _listens(port: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            assert time.monotonic() < until, "It does not listen."
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return


def memory_mb(pid: int) -> float:
    """What a process holds of the machine's memory, in megabytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
