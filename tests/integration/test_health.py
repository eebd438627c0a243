"""/readyz: ready while the desk does its work, and not when something is late beyond the policy's limits."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot.service.health import Health
from bot.service.run import Running
from bot.service.web import WebServer, web_app
from sandbox.server import Sandbox
from tests.tickets import ticket
from tests.world import World, sandbox_settings, world
from workflows.contract.errors import RetryLater
from workflows.contract.events import EffectSucceeded
from workflows.contract.facts import IncomingFact, TicketChange, TicketChanged
from workflows.contract.process import Case
from workflows.engine.claims import EffectAttempt


class Watched:
    """A desk, and who asks it whether it is ready."""

    def __init__(self, live: World) -> None:
        self.world = live
        self.connected = True

    def asked(self) -> tuple[int, dict[str, Any]]:
        """The status and body of /readyz."""
        desk = self.world.desk
        limits = self.world.policy.health
        lease = self.world.policy.delivery.lease
        tracker = desk.health_tracker
        health = Health(desk.database, self.world.clock, limits, tracker, lambda: self.connected, lease=lease)
        server = WebServer(web_app(None, None, health.report), "127.0.0.1", 0)
        server.start()
        try:
            answer = httpx.get(f"http://127.0.0.1:{server.port}/readyz")
            alive = httpx.get(f"http://127.0.0.1:{server.port}/healthz")
        finally:
            server.stop()
        assert alive.status_code == 200
        return answer.status_code, answer.json()

    def send_feedback(self) -> None:
        """Somebody sends feedback; what that decides waits in the outbox."""
        alice = self.world.alice
        alice.runs("/feedback 123456 Hard to find", in_="#support")
        alice.submits()
        alice.submits()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """A running desk."""
    with world(tmp_path) as live:
        yield Watched(live)


def test_a_desk_with_nothing_to_do_is_ready(watched: Watched) -> None:
    """Nothing waits, nobody was called: that is no fault."""
    status, body = watched.asked()
    assert (status, body["ready"]) == (200, True)
    assert body["timers"] == {"ok": True, "waiting": 0, "oldest_seconds": 0, "limit_seconds": 300}
    assert (body["slack"], body["vendors"]) == ({"ok": True, "connected": True, "last_event": None}, {})


def test_what_it_heard_and_whom_it_called_is_said(watched: Watched) -> None:
    """The last event of Slack, and the last success of each vendor."""
    watched.send_feedback()
    watched.world.settle()
    _, body = watched.asked()
    assert body["slack"]["last_event"] == "2026-03-02T09:00:00+00:00"
    zendesk = {"ok": True, "last_success": "2026-03-02T09:00:00+00:00", "failing_since": None}
    assert body["vendors"]["Zendesk"] == zendesk


def test_an_overdue_timer_makes_it_unready(watched: Watched) -> None:
    """Up to the limit it may be late; beyond it something is wrong."""
    watched.send_feedback()
    watched.world.settle()
    due = watched.world.next_due()
    assert due is not None
    watched.world.clock.at = due
    watched.world.jump(minutes=5)
    assert watched.asked()[0] == 200
    watched.world.jump(seconds=1)
    status, body = watched.asked()
    assert (status, body["timers"]["ok"], body["timers"]["oldest_seconds"]) == (503, False, 301)
    watched.world.settle()
    assert watched.asked()[0] == 200


def test_an_outbox_that_stands_still_makes_it_unready_within_a_minute(watched: Watched) -> None:
    """Something may leave, and no desk takes it on: all of them are frozen, or wait for one that is."""
    watched.send_feedback()
    watched.world.jump(minutes=1)
    assert watched.asked()[0] == 200
    watched.world.jump(seconds=1)
    status, body = watched.asked()
    assert (status, body["outbox"]["ok"], body["effects"]["ok"]) == (503, False, True)
    watched.world.settle()
    assert watched.asked()[0] == 200


def test_an_effect_that_does_not_leave_makes_it_unready(watched: Watched) -> None:
    """Its vendor is down: it is tried over and over, so the outbox does not stand still, but nothing leaves."""
    watched.send_feedback()
    watched.world.desk.dispatcher.execute = _cannot
    watched.world.advance(minutes=30)
    assert watched.asked()[0] == 200
    watched.world.jump(seconds=1)
    status, body = watched.asked()
    assert (status, body["effects"]["ok"], body["outbox"]["ok"]) == (503, False, True)
    assert body["effects"]["waiting"] > 0


def _cannot(_case: Case, _attempt: EffectAttempt) -> EffectSucceeded:
    raise RetryLater("Nothing works today.")


def test_a_webhook_nobody_handles_makes_it_unready(watched: Watched) -> None:
    """It is saved, and no case has heard of it."""
    now = watched.world.clock.at
    solved = TicketChanged(at=now, ticket=ticket(1), change=TicketChange.SOLVED)
    watched.world.desk.inbox.take([IncomingFact("zendesk:1", solved)], now)
    watched.world.jump(minutes=5, seconds=1)
    status, body = watched.asked()
    assert (status, body["webhooks"]) == (503, {"ok": False, "waiting": 1, "oldest_seconds": 301, "limit_seconds": 300})


def test_a_vendor_that_fails_for_too_long_makes_it_unready(watched: Watched) -> None:
    """An hour of failures, however long ago the last success was; and well again with the next success."""
    health_tracker = watched.world.desk.health_tracker
    health_tracker.vendor_called("GitLab", "ok")
    watched.world.jump(hours=5)
    health_tracker.vendor_called("GitLab", "retry_later")
    assert watched.asked()[0] == 200, "one failure after a quiet morning"
    watched.world.jump(minutes=60)
    health_tracker.vendor_called("GitLab", "misconfigured")
    assert watched.asked()[0] == 200
    watched.world.jump(seconds=1)
    status, body = watched.asked()
    assert (status, body["vendors"]["GitLab"]["failing_since"]) == (503, "2026-03-02T14:00:00+00:00")
    health_tracker.vendor_called("GitLab", "not_found")
    assert watched.asked()[0] == 200


def test_a_failure_nobody_has_seen_again_is_forgotten(watched: Watched) -> None:
    """Nobody calls the vendor any more: its last failure does not make the desk unready for ever, nor the next one."""
    health_tracker = watched.world.desk.health_tracker
    for _ in range(2):
        health_tracker.vendor_called("GitLab", "error")
        watched.world.jump(minutes=31)
    assert watched.asked()[0] == 503
    watched.world.jump(minutes=30)
    assert watched.asked()[0] == 200
    health_tracker.vendor_called("GitLab", "error")
    assert watched.asked()[0] == 200


def test_a_vendor_nobody_calls_is_well(watched: Watched) -> None:
    """A quiet weekend is no outage."""
    watched.world.desk.health_tracker.vendor_called("Zendesk", "ok")
    watched.world.jump(days=3)
    assert watched.asked()[0] == 200


def test_a_vendor_that_never_answered_is_counted_from_its_first_failure(watched: Watched) -> None:
    """There is no success to count from."""
    for _ in range(2):
        watched.world.desk.health_tracker.vendor_called("PagerDuty", "error")
        watched.world.jump(minutes=31)
    assert watched.asked()[0] == 503


def test_without_slack_it_is_not_ready(watched: Watched) -> None:
    """Nobody can press a button."""
    watched.connected = False
    status, body = watched.asked()
    assert (status, body["slack"]["ok"]) == (503, False)


@pytest.mark.parametrize(("limit", "status"), [(None, 200), ("1 hour", 503)])
def test_silence_of_slack_counts_only_where_the_policy_says_so(tmp_path: Path, limit: str | None, status: int) -> None:
    """By default a quiet night is no fault."""
    with world(tmp_path, policy={"health": {"slack_silent": limit}}) as live:
        live.alice.runs("/feedback help", in_="#support")
        live.jump(hours=1, seconds=1)
        assert Watched(live).asked()[0] == status


def test_without_its_database_it_is_not_ready(watched: Watched) -> None:
    """And says that it is the database."""
    with watched.world.desk.database.transaction() as connection:
        connection.execute(text("ALTER TABLE timer RENAME TO elsewhere"))
    status, body = watched.asked()
    assert (status, body["ready"], body["database"]) == (503, False, {"ok": False})
    with watched.world.desk.database.transaction() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO timer"))


@pytest.mark.parametrize("port", ["0", ""])
def test_what_watches_the_desk_has_a_port_of_its_own(tmp_path: Path, port: str) -> None:
    """On the port that a proxy leads to there are no numbers; without a port for them they are nowhere."""
    with Sandbox() as sandbox:
        url = f"sqlite:///{tmp_path / 'desk.db'}"
        desk = Running(sandbox_settings(sandbox, url, METRICS_PORT=port, PORT="0"))
        desk.start()
        try:
            public = [httpx.get(f"http://127.0.0.1:{desk.web.port}{path}").status_code for path in PATHS]
            own = desk.watched and [
                httpx.get(f"http://127.0.0.1:{desk.watched.port}{path}").status_code for path in PATHS
            ]
        finally:
            desk.stop()
    assert public == [200, 404, 404]
    assert own == ([200, 200, 200] if port else None)


PATHS = ("/healthz", "/readyz", "/metrics")
