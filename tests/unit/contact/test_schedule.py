"""When a customer has to be contacted, and when who has it is reminded."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.unit.contact.plays import FRIDAY, MARCO, POLICY, REQUEST, Play, changed
from workflows.contact import schedule
from workflows.contact.events import Claimed
from workflows.lib import business_time


def utc(text: str) -> datetime:
    """A time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-20 17:55", "2026-11-24 17:55"),  # Friday -> Tuesday
        ("2026-11-21 03:00", "2026-11-25 00:00"),  # Saturday -> Wednesday 00:00
        ("2026-11-22 23:59", "2026-11-25 00:00"),  # Sunday -> Wednesday 00:00
        ("2026-11-19 12:00", "2026-11-23 12:00"),  # Thursday 12:00 -> Monday 12:00
        ("2026-11-16 09:00", "2026-11-18 09:00"),  # Monday -> Wednesday
        ("2026-11-18 00:00", "2026-11-20 00:00"),  # Wednesday 00:00 -> Friday 00:00
    ],
)
def test_contact_is_due_after_48_hours_monday_to_friday(asked: str, due: str) -> None:
    """The examples of the process: real hours, the weekend standing still, in UTC."""
    assert schedule.due_at(utc(asked), POLICY) == utc(due)


def test_the_due_time_explains_itself() -> None:
    """Which clock, from when, and what was skipped."""
    assert schedule.explained(FRIDAY, POLICY) == "48 h Mon-Fri from Fri 17:55 UTC, weekend skipped"


@pytest.mark.parametrize(
    ("zone", "asked", "due"),
    [
        ("Asia/Jerusalem", "2026-03-26 10:00", "2026-03-30 10:00"),  # put forward on Friday, a day of 23 hours
        ("Africa/Cairo", "2026-04-23 10:00", "2026-04-27 10:00"),  # put forward on Friday at midnight
        ("Europe/Lisbon", "2026-10-23 10:00", "2026-10-27 11:00"),  # put back on Sunday, which does not count
    ],
)
def test_the_days_begin_and_end_in_the_zone_of_the_policy(zone: str, asked: str, due: str) -> None:
    """Where the clocks change, the hours stay real."""
    policy = changed(POLICY, time_zone=zone)
    assert schedule.due_at(utc(asked), policy) == utc(due)
    spent = business_time.between(utc(asked), utc(due), schedule.calendar(policy))
    assert spent == timedelta(hours=48)


def test_holidays_count_unless_the_policy_says_otherwise() -> None:
    """A day off extends the time only where the company wants it."""
    holidays = POLICY.holidays.model_copy(update={"extra": (date(2026, 11, 23),)})
    policy = POLICY.model_copy(update={"holidays": holidays})
    assert schedule.due_at(FRIDAY, policy) == utc("2026-11-24 17:55")
    still = changed(policy, holidays_stand_still=True)
    assert schedule.due_at(FRIDAY, still) == utc("2026-11-25 17:55")
    assert "holiday 23 Nov" in schedule.explained(FRIDAY, still)


def planned(play: Play) -> list[tuple[int, datetime]]:
    """The reminders that will come."""
    return [(one.percent, one.at) for one in schedule.plan(play.case, play.policy)]


def test_reminders_come_in_the_working_hours_of_their_reader() -> None:
    """Monday 17:55 is after work in Lisbon, and the next morning the one at 80 % takes its place."""
    play = Play(now=FRIDAY).asked()
    assert planned(play) == [(80, utc("2026-11-24 09:00")), (95, utc("2026-11-24 15:31"))]


def test_the_last_reminder_does_not_wait_for_the_morning() -> None:
    """Asked on Saturday it is due on Wednesday at midnight, and 21:36 is the last moment to say so."""
    play = Play(now=utc("2026-11-21 12:00")).asked()
    assert planned(play)[-1] == (95, utc("2026-11-24 21:36"))


def test_another_reader_has_other_mornings() -> None:
    """In Los Angeles work begins at 17:00 UTC."""
    play = Play(now=utc("2026-11-16 09:00")).asked()
    assert planned(play)[0] == (50, utc("2026-11-17 09:00"))
    play.happens(Claimed(MARCO.id, MARCO.time_zone))
    assert planned(play)[0] == (50, utc("2026-11-17 17:00"))
    assert play.timers["remind:50"] == utc("2026-11-17 17:00")


def test_where_nobody_is_known_reminders_come_at_their_time() -> None:
    """There is no reader whose working hours could be kept."""
    play = Play(now=FRIDAY)
    play.happens(REQUEST)
    assert [percent for percent, _ in planned(play)] == [50, 80, 95]


def test_a_zone_nobody_knows_is_taken_for_utc() -> None:
    """What Slack says of a person is not trusted to be a zone."""
    play = Play(now=FRIDAY).asked()
    odd = play.case.with_(owner_zone="Mars/Olympus")
    assert schedule.reads_at(utc("2026-11-23 03:00"), odd, POLICY) == utc("2026-11-23 09:00")
