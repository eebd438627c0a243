"""Clocks, message times and rate limits, for any course time may take."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sandbox.core.clock import ClockFile, MovedClock
from sandbox.core.model import AppSettings
from sandbox.core.rates import BURST, Rates
from sandbox.core.scopes import RULES
from sandbox.core.workspace import Workspace
from sandbox.slack.events_api import signature

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@given(st.lists(st.timedeltas(timedelta(days=-30), timedelta(days=30)), max_size=30))
def test_message_times_always_rise(jumps: list[timedelta]) -> None:
    """Whatever the clock does: stand still, run, go back."""
    moment = [START]
    workspace = Workspace(AppSettings(), lambda: moment[0], lambda: 0.0)
    times = [workspace.next_ts()]
    for jump in jumps:
        moment[0] += jump
        times.append(workspace.next_ts())
    assert sorted(set(times), key=float) == times


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200))
def test_no_minute_holds_more_calls_than_its_tier(pauses: list[float]) -> None:
    """For any pace of calls, every window of 60 seconds stays within the limit."""
    now = [0.0]
    rates = Rates(lambda: now[0])
    passed = []
    for pause in pauses:
        now[0] += pause
        if rates.seconds_to_wait("users.list", RULES["users.list"], None) == 0:
            passed.append(now[0])
    for end in passed:
        assert sum(end - 60 < moment <= end for moment in passed) <= 20


@given(st.lists(st.floats(0, 3), min_size=1, max_size=100))
def test_a_channel_never_takes_more_than_its_burst_and_one_a_second(pauses: list[float]) -> None:
    """And after waiting as told, the next message passes."""
    now = [0.0]
    rates = Rates(lambda: now[0])
    rule = RULES["chat.postMessage"]
    passed = 0
    for pause in pauses:
        now[0] += pause
        wait = rates.seconds_to_wait("chat.postMessage", rule, "C1")
        if wait:
            now[0] += wait
            assert rates.seconds_to_wait("chat.postMessage", rule, "C1") == 0
        passed += 1
    assert passed <= BURST + now[0] + 1e-6


def test_a_moved_clock_is_ahead_by_its_offset() -> None:
    """Offset and time agree."""
    ahead, here = MovedClock(3600.0), MovedClock()
    assert timedelta(minutes=59) < ahead.now() - here.now() < timedelta(minutes=61)


def test_a_clock_file_is_written_whole(tmp_path: Path) -> None:
    """No file counts as no offset; nothing is left beside it."""
    clock = ClockFile(tmp_path / "clock.json")
    assert clock.offset() == 0.0
    clock.set_offset(-60.5)
    assert json.loads((tmp_path / "clock.json").read_text()) == {"offset_seconds": -60.5}
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]


def test_the_signature_is_slacks_own_example() -> None:
    """The worked example of Slack's documentation."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
        b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature("8f742231b10e8888abcd99yyyzzz85a5", 1531420618, body) == expected
