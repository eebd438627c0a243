"""The world of a scenario: a Slack workspace with its people, the vendors, a clock, and the desk itself.

The desk is the real one, put together by `bot.service.assemble`, and reaches the sandbox over its real protocols. Only
the threads of `bot.service.worker` are left out: `settle` does their work in the thread of the test, so that a
scenario is the same each time. The sandbox grants exactly what the manifest asks for.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Literal

from bot.service.assemble import Assembly, assemble, webhook_readers
from bot.service.clock import SystemClock
from bot.service.settings import Settings
from bot.service.settings import load as load_settings
from bot.service.socket_mode import SocketMode
from bot.service.web import WebServer, web_app
from bot.webhooks.routes import webhook_routes
from handlers.kit.process import DeskProcess
from handlers.registry import PROCESSES
from sandbox.core.manifest import read_manifest
from sandbox.core.model import AppSettings
from sandbox.driver.client import SandboxClient
from sandbox.driver.people import SandboxPerson
from sandbox.server import HOST, Sandbox
from sandbox.vendors.hooks import SECRETS
from tests.databases import SQLiteFiles
from tests.policies import company_policy
from workflows.policy.model import Policy

Mode = Literal["socket", "http"]

MANIFEST = Path(__file__).parents[1] / "manifest.yml"

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning in winter: most of the sandbox's people are an hour or less from UTC."""

NOT_YET = "http://127.0.0.1:9/"
"""Where Slack's requests go while the desk is down: nobody listens there."""


def own_seconds() -> float:
    """The seconds of processor this process has had: Slack's patience, which a busy machine does not use up."""
    return time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID)


class MovedClock(SystemClock):
    """A clock that stands still until a scenario moves it."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at
        self.skipped = timedelta(0)

    def now(self) -> datetime:
        """The desk's time."""
        return self.at

    def real_now(self) -> datetime:
        """Real time, and what a scenario skipped of it."""
        return super().real_now() + self.skipped

    def skip_real(self, **units: float) -> None:
        """Let real time pass, in which leases run out."""
        self.skipped += timedelta(**units)


class World:
    """Everything a scenario needs, by the names people use."""

    def __init__(
        self,
        sandbox: Sandbox,
        client: SandboxClient,
        clock: MovedClock,
        settings: Settings,
        policy: Policy,
        processes: Sequence[DeskProcess] = PROCESSES,
    ) -> None:
        self.sandbox = sandbox
        self.slack = client
        self.clock = clock
        self.settings = settings
        self.policy = policy
        self.processes = processes
        self.zendesk = sandbox.vendors.zendesk
        self.zendesk_emea = sandbox.vendors.zendesk_emea
        self.gitlab = sandbox.vendors.gitlab
        self.pagerduty = sandbox.vendors.pagerduty
        self.salesforce = sandbox.vendors.salesforce
        self.calendly = sandbox.vendors.calendly
        self.desk: Assembly
        self.way_in: SocketMode | WebServer
        self.start()

    def start(self) -> None:
        """Start the desk."""
        self.desk = assemble(self.settings, self.policy, self.clock, Random(7), self.processes)
        self.desk.engine.open_standing(self.clock.now())
        self.way_in = self._web() if self.settings.mode == "http" else self._socket()
        self.webhook_server = self._webhook_server()

    def _webhook_server(self) -> WebServer | None:
        """What the vendors' webhooks call, where their secrets are set."""
        known = webhook_readers(self.settings, self.policy)
        if not known:
            return None
        webhook_server = WebServer(
            web_app(None, None, dict, [webhook_routes(known, self.desk.inbox, self.clock)]), HOST, 0
        )
        webhook_server.start()
        self.sandbox.vendors.hooks.point_to(f"http://{HOST}:{webhook_server.port}")
        return webhook_server

    def _socket(self) -> SocketMode:
        token = self.settings.slack_app_token
        assert token is not None
        socket = SocketMode(self.desk.bolt, token.get_secret_value())
        socket.start()
        return socket

    def _web(self) -> WebServer:
        secret, delivery = self.settings.slack_signing_secret, self.sandbox.app.http
        assert secret is not None
        assert delivery is not None
        web = WebServer(web_app(self.desk.bolt, secret.get_secret_value(), dict), HOST, 0)
        web.start()
        delivery.request_url = f"http://{HOST}:{web.port}/slack/events"
        return web

    def stop(self) -> None:
        """Stop the desk; what waits, waits in the database."""
        if self.webhook_server is not None:
            self.webhook_server.stop()
        self.way_in.stop()
        self.desk.close()

    def restart(self, policy: dict[str, Any] | None = None) -> None:
        """Stop the desk and start it again on the same database, or with another policy."""
        self.stop()
        if policy is not None:
            self.policy = scenario_policy(policy)
        self.start()

    def settle(self) -> None:
        """Let everything happen that is due now, until nothing is left to do."""
        busy = True
        while busy:
            self.sandbox.vendors.hooks.settle()
            assert self.slack.settle(), "an event never came to an end"
            now = self.clock.now()
            fired = self.desk.engine.fire_due(now) + self.desk.inbox.handle_due(now)
            busy = bool(fired + self.desk.dispatcher.drain())

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

    def polls(self) -> None:
        """Let the desk ask the paging service how its pages stand, as it does each minute."""
        self.desk.page_poller.poll()
        self.settle()

    def jump(self, **units: float) -> None:
        """Let time pass while the desk does nothing, as when it was down."""
        self.clock.at += timedelta(**units)

    def next_due(self) -> datetime | None:
        """When something happens next by itself."""
        return self.desk.engine.next_due()

    def __getattr__(self, name: str) -> SandboxPerson:
        """A person by name: `world.alice`."""
        return self.slack.person(name)


def sandbox_settings(sandbox: Sandbox, database_url: str, **more: str) -> Settings:
    """The settings of a desk that lives in this sandbox."""
    events = {"PAGERDUTY_EVENTS_URL": f"{sandbox.url}/vendors/pagerduty-events"}
    emea = {"ZENDESK_URL_EMEA": f"{sandbox.url}/vendors/zendesk-emea"}
    return load_settings(
        {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
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
            **({"SLACK_SIGNING_SECRET": "sandbox-signing-secret"} if sandbox.app.http else SOCKET_MODE),
            **(events if more.get("PAGERDUTY_ROUTING_KEY") else {}),
            **(emea if more.get("ZENDESK_TOKEN_EMEA") else {}),
            **more,
        }
    )


def accounts_settings(sandbox: Sandbox) -> dict[str, str]:
    """The settings with which accounts are known, and links to book a call made."""
    return {
        "SALESFORCE_URL": f"{sandbox.url}/vendors/salesforce",
        "SALESFORCE_CLIENT_ID": "sandbox-connected-app",
        "SALESFORCE_USERNAME": "desk@example.com",
        "SALESFORCE_PRIVATE_KEY": sandbox.vendors.salesforce.private_key,
        "CALENDLY_TOKEN": "sandbox-calendly",
        "CALENDLY_API_URL": f"{sandbox.url}/vendors/calendly",
    }


SOCKET_MODE = {"SLACK_APP_TOKEN": "xapp-sandbox"}

WEBHOOKS = {
    "ZENDESK_WEBHOOK_SECRET": SECRETS["zendesk"],
    "GITLAB_WEBHOOK_TOKEN": SECRETS["gitlab"],
    "PAGERDUTY_WEBHOOK_SECRET": SECRETS["pagerduty"],
}
"""The settings with which the vendors' webhooks are heard."""


@contextmanager
def world(
    tmp_path: Path,
    *,
    policy: dict[str, Any] | None = None,
    at: datetime = MONDAY,
    mode: Mode = "socket",
    webhooks: bool = False,
    accounts: bool = False,
    processes: Sequence[DeskProcess] = PROCESSES,
    commands: Sequence[str] = (),
    **more: str,
) -> Iterator[World]:
    """A world with the company's policy, or with what a scenario changes in it; `more` are settings.

    `processes` are run, and `commands` are known to Slack besides those of the manifest. With `webhooks` the vendors
    tell the desk what people do in them; with `accounts` it knows customers' accounts.
    """
    clock = MovedClock(at)
    request_url = NOT_YET if mode == "http" else None
    app = installed_app()
    app = replace(app, commands=(app.commands or frozenset()) | frozenset(commands))
    with (
        Sandbox(app, now=clock.now, real=own_seconds, rate_limits=False, request_url=request_url) as sandbox,
        SandboxClient(sandbox.url) as client,
    ):
        more = {**(WEBHOOKS if webhooks else {}), **(accounts_settings(sandbox) if accounts else {}), **more}
        (tmp_path / "desk.db").write_bytes(empty_desk())
        settings = sandbox_settings(sandbox, f"sqlite:///{tmp_path / 'desk.db'}", **more)
        live = World(sandbox, client, clock, settings, scenario_policy(policy or {}), processes)
        try:
            yield live
        finally:
            live.stop()


@cache
def installed_app() -> AppSettings:
    """The app that the manifest asks for, read once a process."""
    return read_manifest(MANIFEST)


@cache
def empty_desk() -> bytes:
    """A database with today's tables, migrated once a process."""
    with TemporaryDirectory() as folder:
        return Path(SQLiteFiles(Path(folder)).migrated().removeprefix("sqlite:///")).read_bytes()


def scenario_policy(changes: dict[str, Any]) -> Policy:
    """The company's policy with an admin, without the pace that a moved clock would have to wait for."""
    delivery = {"channel_pace": "0s", "modal_pace": "0s", **changes.get("delivery", {})}
    return company_policy({"admins": ["omar@example.com"], **changes, "delivery": delivery})
