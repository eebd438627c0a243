"""The world of a scenario: a Slack workspace with its people, the vendors, a clock, and the desk itself.

The desk is the real one, put together by `bot.assemble`, and reaches the sandbox over its real protocols. Only the
threads of `bot.pulse` are left out: `settle` does their work in the test's own thread, so that a scenario is the same
each time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bot.assemble import Assembly, assemble
from bot.clock import SystemClock
from bot.policy import load
from bot.settings import Settings
from bot.settings import load as load_settings
from bot.socket import SocketMode
from sandbox.client import SandboxClient
from sandbox.people import Person
from sandbox.server import Sandbox
from workflows.policy import Policy

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning in winter: most of the sandbox's people are an hour or less from UTC."""


class MovedClock(SystemClock):
    """A clock that stands still until a scenario moves it."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        """The desk's time."""
        return self.at


class World:
    """Everything a scenario needs, by the names people use."""

    def __init__(self, sandbox: Sandbox, client: SandboxClient, clock: MovedClock, settings: Settings, policy: Policy):
        self.sandbox = sandbox
        self.slack = client
        self.clock = clock
        self.settings = settings
        self.policy = policy
        self.desk: Assembly
        self.start()

    def start(self) -> None:
        """Start the desk."""
        self.desk = assemble(self.settings, self.policy, self.clock, Random(7))
        self.socket = SocketMode(self.desk.bolt, self.settings.slack_app_token.get_secret_value())
        self.socket.start()

    def stop(self) -> None:
        """Stop the desk; what waits, waits in the database."""
        self.socket.stop()
        self.desk.close()

    def restart(self) -> None:
        """Stop the desk and start it again on the same database."""
        self.stop()
        self.start()

    def settle(self) -> None:
        """Let everything happen that is due now, until nothing is left to do."""
        self.desk.engine.fire_due(self.clock.now())
        self.desk.dispatcher.drain()
        self.slack.settle()

    def advance(self, **units: float) -> None:
        """Let time pass, and everything happen that comes due on the way, at its time."""
        self.advance_to(self.clock.at + timedelta(**units))

    def advance_to(self, moment: datetime) -> None:
        """Let time pass until then."""
        self.settle()
        while (due := self.next_due()) is not None and due <= moment:
            self.clock.at = max(self.clock.at, due)
            self.settle()
        self.clock.at = moment
        self.settle()

    def jump(self, **units: float) -> None:
        """Let time pass while the desk does nothing, as when it was down."""
        self.clock.at += timedelta(**units)

    def next_due(self) -> datetime | None:
        """When something happens next by itself."""
        return self.desk.engine.next_due()

    def __getattr__(self, name: str) -> Person:
        """A person by name: `world.alice`."""
        return self.slack.person(name)


def sandbox_settings(sandbox: Sandbox, database_url: str, **more: str) -> Settings:
    """The settings of a desk that lives in this sandbox."""
    return load_settings(
        {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_SIGNING_SECRET": "sandbox-signing-secret",
            "SLACK_API_URL": sandbox.api_url,
            "DATABASE_URL": database_url,
            "ZENDESK_URL": f"{sandbox.url}/vendors/zendesk",
            "ZENDESK_EMAIL": "desk@example.com",
            "ZENDESK_TOKEN": "sandbox-zendesk",
            "GITLAB_URL": f"{sandbox.url}/vendors/gitlab",
            "GITLAB_TOKEN": "sandbox-gitlab",
            "PAGERDUTY_TOKEN": "sandbox-pagerduty",
            "PAGERDUTY_FROM": "desk@example.com",
            "PAGERDUTY_API_URL": f"{sandbox.url}/vendors/pagerduty",
            **more,
        }
    )


@contextmanager
def world(tmp_path: Path, *, policy: dict[str, Any] | None = None, at: datetime = MONDAY) -> Iterator[World]:
    """A world with the default policy, or with what a scenario changes in it."""
    clock = MovedClock(at)
    own = tmp_path / "policy.yml"
    own.write_text(_yaml(policy or {}), encoding="utf-8")
    with Sandbox(now=clock.now, rate_limits=False) as sandbox, SandboxClient(sandbox.url) as client:
        settings = sandbox_settings(sandbox, f"sqlite:///{tmp_path / 'desk.db'}")
        live = World(sandbox, client, clock, settings, load(own))
        try:
            yield live
        finally:
            live.stop()


def _yaml(policy: dict[str, Any]) -> str:
    import yaml

    merged = {"delivery": {"channel_pace": "0s"}, "admins": ["omar@example.com"], **policy}
    return yaml.safe_dump(merged)
