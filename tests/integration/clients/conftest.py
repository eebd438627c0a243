"""The sandbox's vendors behind a real server on a free port."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn
from fastapi import FastAPI

from bot.clients.gitlab import GitLab
from bot.clients.pagerduty import PagerDuty
from bot.clients.zendesk import Zendesk
from sandbox.vendors import Vendors, zendesk_seed
from sandbox.vendors import gitlab as sandbox_gitlab
from sandbox.vendors import pagerduty as sandbox_pagerduty
from sandbox.vendors import zendesk as sandbox_zendesk


@dataclass
class Clock:
    """A clock that moves when it is told to."""

    time: datetime = datetime(2026, 11, 20, 17, 55, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the time."""
        return self.time

    def move(self, **by: float) -> None:
        """Let time pass."""
        self.time += timedelta(**by)


@dataclass
class Outside:
    """The vendors, where they are, and what was observed of the calls to them."""

    vendors: Vendors
    url: str
    clock: Clock
    observed: list[tuple[str, str, str]] = field(default_factory=list)

    def observe(self, vendor: str, operation: str, seconds: float, outcome: str) -> None:
        """Note a call."""
        assert seconds >= 0
        self.observed.append((vendor, operation, outcome))


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[FastAPI, str]]:
    """A server whose routes each test puts anew."""
    app = FastAPI()
    # With the protocol named, asyncio sets TCP_NODELAY; without, each answer waits 40 ms for an ACK.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield app, f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture
def outside(server: tuple[FastAPI, str]) -> Outside:
    """Fresh vendors."""
    app, url = server
    clock = Clock()
    vendors = Vendors(clock.now)
    app.router.routes.clear()
    app.include_router(vendors.router())
    app.include_router(vendors.control())
    return Outside(vendors, url, clock)


@pytest.fixture
def zendesk(outside: Outside) -> Iterator[Zendesk]:
    """The desk's client for Zendesk."""
    client = Zendesk(
        f"{outside.url}/vendors/zendesk",
        zendesk_seed.EMAIL,
        sandbox_zendesk.TOKEN,
        now=outside.clock.now,
        observe=outside.observe,
    )
    yield client
    client.disconnect()


@pytest.fixture
def gitlab(outside: Outside) -> Iterator[GitLab]:
    """The desk's client for GitLab."""
    url = f"{outside.url}/vendors/gitlab"
    client = GitLab(url, sandbox_gitlab.TOKEN, now=outside.clock.now, observe=outside.observe)
    yield client
    client.disconnect()


@pytest.fixture
def pagerduty(outside: Outside) -> Iterator[PagerDuty]:
    """The desk's client for PagerDuty."""
    client = PagerDuty(
        sandbox_pagerduty.TOKEN,
        sandbox_pagerduty.FROM,
        f"{outside.url}/vendors/pagerduty",
        now=outside.clock.now,
        observe=outside.observe,
    )
    yield client
    client.disconnect()
