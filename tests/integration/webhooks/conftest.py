"""A desk without Slack: its webhooks on a real port, its cases in a real database."""

import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.types import Receive, Scope, Send

from bot.service.web import WebServer, web_app
from bot.webhooks.gitlab import GitLab
from bot.webhooks.pagerduty import PagerDuty
from bot.webhooks.receiver import Vendor
from bot.webhooks.routes import webhook_routes
from bot.webhooks.zendesk import Zendesk
from handlers.kit.process import rules_of
from handlers.registry import PROCESSES
from storage.database import Database
from storage.rows import every, table
from storage.tables import InboxRow
from tests.tickets import two_accounts
from tests.unit.webhooks.delivering import zendesk_headers
from tests.world import MovedClock
from workflows.contract.engine import FactHandler
from workflows.contract.values import IssueLink
from workflows.engine.engine import Engine
from workflows.engine.inbox import Inbox
from workflows.engine.telemetry import Telemetry
from workflows.feedback.model import KIND, Confirmed, Drafted, IssueWish, Typed
from workflows.lib.tickets import MAIN, TicketRef
from workflows.policy.feedback import Kind

ZENDESK, GITLAB, PAGERDUTY = "zendesk-secret", "gitlab-token", "pd-secret"
ZENDESK_EMEA = "zendesk-emea-secret"


class Counts(Telemetry):
    """Keeps what it is told of webhooks and what came of them."""

    def __init__(self) -> None:
        self.webhooks: list[tuple[str, str]] = []
        self.facts: list[tuple[str, str]] = []

    def webhook(self, vendor: str, outcome: str) -> None:
        """A webhook came."""
        self.webhooks.append((vendor, outcome))

    def fact(self, what: str, outcome: str) -> None:
        """A fact was handled."""
        self.facts.append((what, outcome))


NOBODY_HOME = FastAPI()


class Address:
    """Where the vendors find the desk: one server for all tests, which answers for the desk that runs now."""

    def __init__(self) -> None:
        self.app = NOBODY_HOME
        whole = FastAPI()
        whole.mount("", self._answer)
        self.server = WebServer(whole, "127.0.0.1", 0)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class HookedDesk:
    """The desk, and the vendors who call it."""

    def __init__(self, database: Database, address: "Address", *, with_secrets: bool = True) -> None:
        self.database = database
        self.address = address
        self.vendors: dict[str, Vendor] = {}
        if with_secrets:
            pagerduty = PagerDuty(f"older,{PAGERDUTY}")
            zendesks = {
                "zendesk": Zendesk(ZENDESK, MAIN, trusts_bodies=True),
                "zendesk-emea": Zendesk(ZENDESK_EMEA, "emea", trusts_bodies=True),
            }
            self.vendors = {**zendesks, "gitlab": GitLab(GITLAB), "pagerduty": pagerduty}
        self.clock = MovedClock()
        self.counts = Counts()
        self.handlers: list[FactHandler] = []
        self.start()

    def start(self) -> None:
        """Start, as after a crash: nothing is known but what the database holds."""
        self.engine = Engine(self.database, rules_of(PROCESSES), two_accounts())
        self.inbox = Inbox(self.engine, self.handlers, self.counts)
        routes = webhook_routes(self.vendors, self.inbox, self.clock)
        self.address.app = web_app(None, None, dict, [routes])

    def stop(self) -> None:
        """Stop, with whatever is not handled yet."""
        self.address.app = NOBODY_HOME

    # ------------------------------------------------------------------------------------ the vendors

    def post(self, path: str, body: Any, headers: dict[str, str]) -> httpx.Response:
        """Call the desk."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx.post(f"http://127.0.0.1:{self.address.server.port}{path}", content=raw, headers=headers)

    def zendesk(self, body: Any, secret: str = ZENDESK) -> httpx.Response:
        """Zendesk calls."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return self.post("/webhooks/zendesk", raw, zendesk_headers(secret, raw, stamp))

    def gitlab(self, body: Any, token: str = GITLAB, **headers: str) -> httpx.Response:
        """GitLab calls."""
        return self.post("/webhooks/gitlab", body, {"X-Gitlab-Token": token, "X-Gitlab-Event": "Issue Hook", **headers})

    def pagerduty(self, body: Any, secret: str = PAGERDUTY) -> httpx.Response:
        """PagerDuty calls."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = f"v1={hmac.new(secret.encode(), raw, sha256).hexdigest()}"
        return self.post("/webhooks/pagerduty", raw, {"X-PagerDuty-Signature": signature})

    # ------------------------------------------------------------------------------------- the desk

    def saved(self) -> list[InboxRow]:
        """What was saved, in order."""
        with self.database.read_only() as connection:
            told = table(InboxRow)
            return every(connection, InboxRow, select(told).order_by(told.c.id))

    def handle(self) -> int:
        """Handle what is due."""
        return self.inbox.handle_due(self.clock.now())

    def notes(self, case_id: str) -> list[tuple[str, str]]:
        """What the vendors told a case: who and what."""
        ours = {"desk"}
        entries = self.engine.cases.timeline(case_id)
        return [(entry.actor, entry.what) for entry in entries if entry.actor not in ours and entry.actor[0] != "U"]

    def feedback(self, ticket: int, issue: IssueLink | None = None, by: str = "U1") -> str:
        """An open case of feedback about this ticket; its number."""
        typed = Typed(TicketRef(MAIN, ticket), Kind.PRODUCT, "Nice", "general")
        drafted = self.engine.open(KIND, Drafted(by, typed, "V1"), key=f"d{ticket}{by}", now=self.clock.now())
        assert drafted.case is not None
        case_id = str(drafted.case.id)
        wish = IssueWish.EXISTING if issue else IssueWish.NONE
        self.engine.submit(case_id, Confirmed(by, wish, issue), key=f"c{ticket}{by}", now=self.clock.now())
        return case_id


@pytest.fixture(scope="session")
def address() -> Iterator[Address]:
    """Where the vendors find whichever desk runs."""
    address = Address()
    address.server.start()
    yield address
    address.server.stop()


@pytest.fixture
def desk(database: Database, address: Address) -> Iterator[HookedDesk]:
    """A running desk."""
    desk = HookedDesk(database, address)
    yield desk
    desk.stop()


@pytest.fixture
def deaf_desk(database: Database, address: Address) -> Iterator[HookedDesk]:
    """A running desk without any webhook's secret."""
    desk = HookedDesk(database, address, with_secrets=False)
    yield desk
    desk.stop()
