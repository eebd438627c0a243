"""The numbers at /metrics, from a desk at work in the sandbox."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.service.slack_app import TimedApp
from bot.service.web import WebServer, web_app
from storage.database import Database
from tests.world import MovedClock, World, world

NOBODYS_BUSINESS = re.compile(r"[UCDGT]0[0-9A-Z]{6,}|#\w+|FB-\d|123456|alice", re.IGNORECASE)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[World]:
    """A desk that has taken one customer's feedback."""
    with world(tmp_path) as live:
        live.alice.runs("/feedback 123456 Choosing a schedule's owner is hard", in_="#support")
        live.alice.submits()
        live.settle()
        live.alice.submits()
        live.settle()
        yield live


def numbers(desk: World) -> dict[str, float]:
    """What /metrics says, by its lines."""
    server = WebServer(web_app(None, None, dict, [desk.desk.metrics.routes()]), "127.0.0.1", 0)
    server.start()
    try:
        answer = httpx.get(f"http://127.0.0.1:{server.port}/metrics")
    finally:
        server.stop()
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    lines = (line for line in answer.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_what_the_desk_does_is_counted(desk: World) -> None:
    """Events by kind and result, effects by system and outcome, calls to vendors, answers to Slack."""
    seen = numbers(desk)
    assert seen['desk_events_total{event="Confirmed",result="saved"}'] == 1
    assert seen['desk_effects_total{effect="add_tag",outcome="done",system="tickets"}'] == 1
    assert seen['desk_effects_total{effect="show_card",outcome="done",system="slack"}'] >= 2
    assert seen['desk_vendor_calls_total{operation="add_tag",outcome="ok",vendor="Zendesk"}'] == 1
    assert seen['desk_vendor_call_seconds_count{operation="add_tag",vendor="Zendesk"}'] == 1
    assert seen['desk_ack_seconds_count{outcome="ok",request="command"}'] == 1
    assert seen['desk_ack_seconds_bucket{le="3.0",outcome="ok",request="view_submission"}'] == 2


def test_the_lateness_of_timers_is_measured(desk: World) -> None:
    """One that went off in time, and one an hour late."""
    desk.advance(days=1, minutes=5)
    assert numbers(desk)['desk_timer_lateness_seconds_bucket{le="0.5"}'] == 1
    desk.jump(days=4)
    desk.settle()
    seen = numbers(desk)
    assert seen["desk_timer_lateness_seconds_count"] == 2
    assert seen['desk_timer_lateness_seconds_bucket{le="3600.0"}'] == 1


def test_what_waits_is_counted_when_somebody_looks(desk: World) -> None:
    """A timer that is overdue, and an effect its vendor does not take."""
    assert numbers(desk)['desk_backlog{queue="effects"}'] == 0
    desk.jump(days=4)
    seen = numbers(desk)
    assert seen['desk_backlog{queue="timers"}'] == 2
    assert seen['desk_backlog_oldest_seconds{queue="timers"}'] > 86_400
    assert seen["desk_database_up"] == 1


def test_nothing_in_it_names_a_person_a_channel_or_a_case(desk: World) -> None:
    """Labels have few values, and none of them is anybody's business."""
    desk.settle()
    assert [line for line in numbers(desk) if NOBODYS_BUSINESS.search(line)] == []


def test_without_its_database_the_desk_still_says_so(tmp_path: Path) -> None:
    """The numbers that need it are left out."""
    from bot.service.metrics import Metrics  # noqa: PLC0415

    database = Database(f"sqlite:///{tmp_path / 'gone' / 'desk.db'}")
    metrics = Metrics(database, MovedClock())
    names = {sample.name: sample.value for family in metrics.registry.collect() for sample in family.samples}
    assert names["desk_database_up"] == 0
    assert "desk_backlog" not in names


def test_each_desk_counts_for_itself(tmp_path: Path) -> None:
    """Two desks in one process share no numbers."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with world(tmp_path / "one") as one, world(tmp_path / "two") as two:
        one.alice.runs("/feedback help", in_="#support")
        assert 'desk_ack_seconds_count{outcome="ok",request="command"}' in numbers(one)
        assert 'desk_ack_seconds_count{outcome="ok",request="command"}' not in numbers(two)


def test_a_desk_is_timed_as_slack_sees_it(desk: World) -> None:
    """The app the desk runs is the one that tells how long it took."""
    assert isinstance(desk.desk.bolt, TimedApp)
