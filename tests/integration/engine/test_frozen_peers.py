"""A desk that is frozen (stopped, swapped out, its host gone) keeps what it executes for a lease, and nothing else.

On PostgreSQL, where there are others to hold up.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.doctor import local as checks
from bot.doctor.findings import CheckState, Findings
from bot.service.clock import SystemClock
from bot.service.health import Health, HealthTracker
from bot.service.settings import load as load_settings
from bot.service.skew import warn_of_skew
from storage import cases, outbox
from storage.database import Database
from storage.machine_time import clock_skew
from storage.postgresql import TimeOuts
from tests.databases import let_leases_run_out
from tests.integration.engine.desk import DELIVERY, MORNING, ErrandDesk, HandClock
from tests.integration.engine.errands import Do
from tests.policies import company_policy
from workflows.contract.events import EffectSucceeded
from workflows.contract.message_effects import Say, channel
from workflows.contract.process import Case
from workflows.engine.claims import EffectAttempt
from workflows.engine.dispatcher import MOST_RENEWALS

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("database_url", ["postgres"], indirect=True)]

SOON = TimeOuts(
    lock=timedelta(seconds=20), idle_in_transaction=timedelta(milliseconds=200), statement=timedelta(seconds=30)
)
"""Who stands still in a transaction loses it after a fifth of a second."""


def say(place: str) -> Say:
    """A message into a channel."""
    return Say(what="note", to=channel(place), details={"text": "hello"})


@contextmanager
def frozen(url: str, time_outs: TimeOuts | None = None) -> Iterator[Connection]:
    """The transaction of another desk, which stands still; in the end it wakes, and finds what became of it."""
    database = Database(url, time_outs)
    with suppress(DBAPIError), database.transaction() as connection:
        yield connection
    database.close()


def test_a_desk_frozen_while_it_claims_a_lane_holds_up_no_other(desk: ErrandDesk, database_url: str) -> None:
    """Its lane is passed over, and all others leave."""
    desk.opens(Do(effects=(say("#a"), say("#b"))))
    with frozen(database_url) as peer:
        assert outbox.claim_lane(peer, "peer", MORNING, MORNING, DELIVERY.lease.length) == "slack:#a"
        assert desk.executes() == 1
    assert desk.outside.lanes == ["slack:#b"]


def test_a_desk_frozen_while_it_holds_a_case_loses_it(desk: ErrandDesk, database_url: str) -> None:
    """The database ends its transaction: the case moves on, and nothing the frozen one began is saved."""
    desk.opens(Do(effects=(say("#a"),)))
    with frozen(database_url, SOON) as peer:
        row = cases.lock_case(peer, "ER-1")
        assert row is not None
        cases.change_case(peer, row, {"state": "frozen"})
        desk.does("ER-1", word="moved on")
        desk.executes()
    assert desk.history() == ("did", "moved on", "executed say")
    assert desk.engine.cases.read("ER-1").state == "open"


def test_nobody_waits_longer_for_a_lock_than_slack_does_for_an_answer(desk: ErrandDesk, database_url: str) -> None:
    """Who clicks meanwhile is told that nothing was saved, in time; and nothing was."""
    desk.opens()
    hasty = Database(database_url, TimeOuts(lock=timedelta(milliseconds=50)))
    impatient = ErrandDesk(hasty, desk.clock)
    with frozen(database_url) as peer:
        cases.lock_case(peer, "ER-1")
        with pytest.raises(OperationalError):
            impatient.does("ER-1", word="clicked", key="click")
    assert desk.history() == ("did",)
    impatient.does("ER-1", word="clicked", key="click")
    assert desk.history() == ("did", "clicked")
    hasty.close()


def test_every_connection_has_its_limits(database: Database) -> None:
    """In time for Slack's three seconds; a migration has none."""
    with database.transaction() as connection:
        shown = [
            connection.execute(text(f"SHOW {name}")).scalar_one()
            for name in ("lock_timeout", "idle_in_transaction_session_timeout", "statement_timeout")
        ]
    assert shown == ["2s", "5s", "30s"]


def test_what_takes_longer_than_a_lease_is_not_done_twice(desk: ErrandDesk, database_url: str) -> None:
    """While it is being executed its lease is renewed; a desk that hangs for many leases loses it in the end."""
    others = Database(database_url)
    other = ErrandDesk(others, desk.clock)
    taken: list[int] = []

    def slowly(case: Case, attempt: EffectAttempt) -> EffectSucceeded:
        for _ in range(MOST_RENEWALS + 1):
            let_leases_run_out(desk.database)
            desk.dispatcher.renew_leases()
            taken.append(other.executes())
        return desk.outside(case, attempt)

    desk.dispatcher.execute = slowly
    desk.opens(Do(effects=(say("#a"),)))
    desk.executes()
    assert taken == [0] * MOST_RENEWALS + [1]
    others.close()


class AheadClock(HandClock):
    """A machine's clock that runs, and is ahead of the true one by so much."""

    def __init__(self, ahead: timedelta) -> None:
        super().__init__()
        self.ahead = ahead

    def real_now(self) -> datetime:
        """The machine's time."""
        return SystemClock().real_now() + self.ahead


@pytest.mark.parametrize(("seconds", "is_well"), [(0, True), (12, True), (-12, True), (18, False), (-70, False)])
def test_a_clock_that_differs_by_a_quarter_of_a_lease_is_said(
    database: Database, database_url: str, logs: list[Any], *, seconds: int, is_well: bool
) -> None:
    """In /readyz, in `doctor` and in the log: the machine's clock is compared with the database's."""
    policy, findings = company_policy(), Findings()
    with database.read_only() as connection:
        skew = clock_skew(connection, SystemClock().real_now)
    clock = AheadClock(timedelta(seconds=seconds) - skew)
    lease = policy.delivery.lease
    health = Health(
        database,
        clock,
        policy.health,
        HealthTracker(clock, policy.health.vendor_failing.length),
        lambda: True,
        lease=lease,
    )
    report = health.report()["clock"]
    assert report["ok"] is is_well
    assert abs(report["ahead_seconds"] - seconds) < 2
    settings = load_settings({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DATABASE_URL": database_url})
    checks.clocks(settings, clock, lease, findings)
    assert [(one.part, one.state is CheckState.OK) for one in findings.found] == [("clock", is_well)]
    warn_of_skew(database, clock, lease)
    assert ("clock_skewed" in [line["event"] for line in logs]) is not is_well
