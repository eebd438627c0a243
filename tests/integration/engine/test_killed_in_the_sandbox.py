"""Killed while it talks to Slack and the vendors over their real protocols, the desk says nothing twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from handlers.kit.process import views_of
from handlers.registry import PROCESSES
from sandbox.driver.client import SandboxClient
from sandbox.server import Sandbox
from storage import outbox
from storage.database import Database
from tests.integration.engine.killing import Fuse, Killed, Often, breakable, breakable_commits
from tests.policies import write_company_policy
from tests.scenarios.feedback import FEATURE, TEXT, TICKET, posted
from tests.world import World, own_seconds, sandbox_settings, world
from workflows.contract.clock import Clock
from workflows.engine.executor import EffectExecutor

ROOT = Path(__file__).parents[3]


@dataclass
class LeaseClock:
    """The world's clock, with a machine's time that jumps beyond the leases at each death."""

    clock: Clock
    jumped: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The desk's time."""
        return self.clock.now()

    def real_now(self) -> datetime:
        """The machine's time."""
        return self.clock.real_now() + self.jumped


@dataclass
class Mortal:
    """A world whose desk is killed by a fuse, and started again."""

    w: World
    fuse: Fuse
    deaths: int = 0

    def rig(self) -> None:
        """Lay the fuse into the desk that was just started."""
        w, desk = self.w, self.w.desk
        views = views_of(PROCESSES)
        desk.dispatcher.execute = EffectExecutor(
            breakable(desk.ports, self.fuse), views, desk.engine, w.clock, desk.inbox
        )
        desk.dispatcher.clock = desk.dispatcher.claims.clock = LeaseClock(w.clock, timedelta(minutes=2) * self.deaths)

    def settle(self) -> None:
        """Let everything happen that is due, over as many lives as it takes."""
        while True:
            try:
                self.w.settle()
            except Killed:
                self.deaths += 1
                self.w.restart()
                self.rig()
            else:
                return

    def advance(self, **units: float) -> None:
        """Let time pass, and everything happen at its time."""
        end = self.w.clock.at + timedelta(**units)
        self.settle()
        while (due := self.w.next_due()) is not None and due <= end:
            self.w.clock.at = max(self.w.clock.at, due)
            self.settle()
        self.w.clock.at = end

    def plays(self) -> dict[str, Any]:
        """From the command to the closed loop; how it all looks in the end."""
        w = self.w
        assert w.alice.runs("/feedback", in_="#support").acked
        w.alice.fills({TICKET: "123456", TEXT: "Pipelines are slow", FEATURE: "pipelines"})
        assert w.alice.submits().acked
        self.settle()
        assert w.alice.submits().acked
        self.settle()
        self.advance(days=4)
        (card,) = [message for message in posted(w.pia, "#product") if "Acknowledge" in message.buttons]
        assert w.pia.clicks("Acknowledge", on=card).acked
        self.settle()
        confirmation = next(message for message in w.alice.dm() if "Told the customer" in message.buttons)
        assert w.alice.clicks("Told the customer", on=confirmation).acked
        self.advance(hours=1)  # what a death held up is tried again
        return {
            "#product": [self._seen(message) for message in posted(w.pia, "#product")],
            "thread": [self._seen(message) for message in w.pia.sees_thread(card)],
            "alice": sorted(self._seen(message) for message in w.alice.dm()),
            "tags": w.zendesk.ticket("123456")["tags"],
            "case": w.desk.engine.cases.read("FB-1").model_dump(exclude={"messages", "view_id"}),
            "timeline": self._timeline(),
            "next": w.next_due(),
        }

    @staticmethod
    def _seen(message: Any) -> tuple[str, str]:
        return (message.text, str(message.buttons))

    def _timeline(self) -> list[tuple[str, str]]:
        with self.w.desk.database.read_only() as connection:
            rows = connection.exec_driver_sql("SELECT actor, what FROM timeline").all()
        return sorted((row.actor, row.what) for row in rows)


@contextmanager
def mortal(folder: Path, fuse: Fuse) -> Iterator[Mortal]:
    """A world with a fuse."""
    folder.mkdir()
    with world(folder) as w, breakable_commits(fuse):
        live = Mortal(w, fuse)
        live.rig()
        yield live


def test_killed_over_and_over_the_workspace_looks_the_same(tmp_path: Path) -> None:
    """Ports, commits, restarts and all: each message stands once, each button and each word where it would be."""
    fuse = Fuse()
    with mortal(tmp_path / "undisturbed", fuse) as live:
        expected = live.plays()
        assert live.deaths == 0
    assert len(expected["#product"]) == 1
    assert len(expected["thread"]) == 2
    with mortal(tmp_path / "disturbed", Often(Random(1))) as live:
        assert live.plays() == expected
        assert live.deaths > 5


# ----------------------------------------------------------------------------------------------- SIGKILL

HANGS_SECONDS = 3600  # until it is released
LEASE_SECONDS = 3


@contextmanager
def desk_process(environment: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`python -m bot run`, killed in the end if it still lives."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], env=environment, cwd=ROOT, stdout=out, stderr=out
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()


@pytest.mark.timeout(90)
def test_a_desk_killed_while_slack_is_slow_posts_one_card(tmp_path: Path) -> None:
    """A true SIGKILL while `chat.postMessage` hangs: Slack posts all the same, and the next desk finds it."""
    policy = tmp_path / "policy.yml"
    delivery = {"lease": f"{LEASE_SECONDS}s", "channel_pace": "0s", "modal_pace": "0s"}
    write_company_policy(policy, {"delivery": delivery})
    with Sandbox(real=own_seconds, rate_limits=False) as sandbox, SandboxClient(sandbox.url) as slack:
        environment = _environment(sandbox, tmp_path, policy)
        alice, pia = slack.person("alice"), slack.person("pia")
        with desk_process(environment, tmp_path / "log") as desk:
            slack.until(lambda: slack.state()["connections"] or None, seconds=30)
            alice.runs("/feedback", in_="#support")
            alice.fills({TICKET: "123456", TEXT: "Pipelines are slow"})
            alice.submits()
            slack.faults.hang("chat.postMessage", HANGS_SECONDS, times=2)
            alice.submits()
            slack.until(lambda: slack.state()["held_calls"] == 2 or None)  # both lanes hang now
            desk.send_signal(signal.SIGKILL)
            desk.wait()
        assert posted(pia, "#product") == []
        assert slack.faults.release() == 2
        assert len(posted(pia, "#product")) == 1
        with desk_process(environment, tmp_path / "log"):
            cards = slack.until(lambda: posted(pia, "#product") or None, seconds=30)
            slack.until(lambda: _nothing_waits(tmp_path) or None, seconds=30)
        assert len(cards) == len(posted(pia, "#product")) == 1
        assert len(alice.dm()) == 1


def _environment(sandbox: Sandbox, folder: Path, policy: Path) -> dict[str, str]:
    url = f"sqlite:///{folder / 'desk.db'}"
    more = {"ESCALATIONS_POLICY": str(policy), "DESK_CLOCK_FILE": str(folder / "clock"), "PORT": "0"}
    settings = sandbox_settings(sandbox, url, **more)
    set_here = settings.model_dump(exclude_unset=True)
    plain = {name.upper(): _plain(value) for name, value in set_here.items() if value is not None}
    return {"PATH": os.environ["PATH"], **plain}


def _plain(value: Any) -> str:
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


def _nothing_waits(folder: Path) -> bool:
    database = Database(f"sqlite:///{folder / 'desk.db'}")
    try:
        with database.read_only() as connection:
            waiting = outbox.pending_effects(connection)
        return all(row.payload["type"] == "look_again" for row in waiting)  # it looks for two minutes
    finally:
        database.close()
