"""The right side's small sums: how far away, and when is Monday."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.page.controls import next_monday
from sandbox.page.panel import away


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=40), "in less than a minute"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=59, seconds=50), "in 1 hour"),
        (timedelta(hours=5), "in 5 hours"),
        (timedelta(days=3), "in 3 days"),
    ],
)
def test_how_far_away_a_timer_is(span: timedelta, words: str) -> None:
    """Roughly, in words."""
    assert away(span) == words


@pytest.mark.parametrize(
    ("now", "zone", "monday"),
    [
        ("2026-03-02T08:59:00+00:00", "Europe/London", "2026-03-02T09:00:00+00:00"),
        ("2026-03-02T09:00:00+00:00", "Europe/London", "2026-03-09T09:00:00+00:00"),
        ("2026-03-06T17:55:00+00:00", "Europe/Copenhagen", "2026-03-09T08:00:00+00:00"),
        (
            "2026-03-27T12:00:00+00:00",
            "Europe/Copenhagen",
            "2026-03-30T07:00:00+00:00",
        ),  # the clocks go forward between
    ],
)
def test_monday_at_nine_is_the_readers(now: str, zone: str, monday: str) -> None:
    """The next one that is still to come, on the reader's clock."""
    assert next_monday(datetime.fromisoformat(now), ZoneInfo(zone)) == datetime.fromisoformat(monday)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - Hypothesis adds the zone
def test_monday_is_always_ahead_and_within_a_week(now: datetime) -> None:
    """Never in the past, never further than the hour that a clock change adds."""
    here = next_monday(now, ZoneInfo("America/New_York")).astimezone(ZoneInfo("America/New_York"))
    assert (here.weekday(), here.hour, here.minute) == (0, 9, 0)
    assert timedelta(0) < here - now <= timedelta(days=7, hours=1)
