"""Until when a response is waited for."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.incident.plays import POLICY
from workflows.incident.clock import due_at, explain, is_outside

OWN = POLICY.incident
ANGELES = ZoneInfo("America/Los_Angeles")


def local(day: int, clock: str, month: int = 3) -> datetime:
    """A time in Los Angeles in 2026."""
    hours, minutes = map(int, clock.split(":"))
    return datetime(2026, month, day, hours, minutes, tzinfo=ANGELES)


@pytest.mark.parametrize(
    ("level", "start", "due"),
    [
        ("mission_critical", local(4, "10:00"), local(4, "10:10")),  # Wednesday
        ("business_critical", local(4, "10:00"), local(4, "10:30")),
        ("business_operational", local(4, "10:00"), local(4, "18:00")),
        ("administrative", local(4, "10:00"), local(5, "10:00")),
        ("mission_critical", local(6, "17:55"), local(6, "18:05")),  # Friday evening: the short clocks run on
        ("business_critical", local(7, "03:00"), local(7, "03:30")),  # Saturday
        ("business_operational", local(6, "16:00"), local(8, "22:00")),  # an hour, then 7 from Sunday 15:00
        ("business_operational", local(6, "09:00"), local(6, "17:00")),  # just in time for the end
        ("business_operational", local(6, "17:00"), local(8, "23:00")),  # the end itself is closed
        ("business_operational", local(7, "12:00"), local(8, "23:00")),  # the weekend stands still
        ("administrative", local(6, "16:00"), local(9, "14:00")),
        ("administrative", local(30, "16:00", 10), local(2, "14:00", 11)),  # the clocks were put back on Sunday
    ],
)
def test_the_due_time_of_each_level(level: str, start: datetime, due: datetime) -> None:
    """The short clocks always run; the long ones stand still from Friday 17:00 to Sunday 15:00 in Los Angeles."""
    assert due_at(start, OWN.levels[level], OWN) == due.astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "outside"),
    [
        (local(6, "16:59"), False),
        (local(6, "17:00"), True),
        (local(8, "14:59"), True),
        (local(8, "15:00"), False),
        (local(4, "03:00"), False),
    ],
)
def test_support_hours_are_one_stretch_a_week(at: datetime, *, outside: bool) -> None:
    """Sunday 15:00 to Friday 17:00: the beginning belongs to it, the end does not."""
    assert is_outside(at, OWN) is outside


def test_a_due_time_explains_itself() -> None:
    """What was counted, from when, and what was skipped."""
    start = local(6, "16:00")
    assert explain(start, "mission_critical", POLICY) == "10 minutes from Sat 00:00 UTC, day and night"
    text = explain(start, "business_operational", POLICY)
    assert text.startswith("8 h (Sun 15:00 to Fri 17:00) from Fri 16:00 America/Los_Angeles")
    assert "skipped" in text


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.sampled_from(sorted(OWN.levels)),
)
def test_the_pings_come_before_the_page_and_in_order(start: datetime, level: str) -> None:
    """Half time, then 90 %, then the end; never sooner than the wait itself."""
    half, warn, due = (due_at(start, OWN.levels[level], OWN, percent) for percent in (50, 90, 100))
    assert start < half < warn < due
    assert due - start >= OWN.levels[level].wait.length
    assert due - start <= OWN.levels[level].wait.length + timedelta(days=3)
