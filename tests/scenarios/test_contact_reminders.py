"""The clock of a request: reminders, escalation, snooze, weekends, holidays, and a desk that was down."""

from datetime import timedelta
from typing import Any

import pytest

from tests.scenarios.conftest import Worlds
from tests.scenarios.contact import FRIDAY, asks, at, card, clicks, contacts, dms, policy, submits, thread
from tests.world import World

REMINDED = "% of the time"
OVERDUE = "should have been contacted by"


@pytest.fixture
def w(worlds: Worlds) -> World:
    """Friday 17:55: Alice asks for contact, and Maria is on duty."""
    live = worlds(policy=policy(), at=FRIDAY)
    asks(live, live.alice)
    return live


def test_friday_evening_to_tuesday_evening(w: World) -> None:
    """Claimed on Monday, reminded on Tuesday, contacted in time: nobody hears of it again."""
    assert w.desk.engine.cases.read("MC-1").due_at == at("2026-11-24 17:55")
    w.advance_to(at("2026-11-23 09:30"))
    assert thread(w) == []
    clicks(w, w.maria, "Claim")
    w.advance_to(at("2026-11-24 08:59"))
    assert dms(w.maria, REMINDED) == []
    w.advance_to(at("2026-11-24 09:00"))
    assert "80 % of the time" in dms(w.maria, REMINDED)[0].rendered
    w.advance_to(at("2026-11-24 16:00"))
    assert "95 % of the time" in dms(w.maria, REMINDED)[1].rendered
    contacts(w, w.maria, on=dms(w.maria, REMINDED)[1])
    assert "In time" in card(w).rendered
    w.advance(days=7)
    assert thread(w) == []
    assert dms(w.omar) == []
    assert len(dms(w.maria)) == 3


def test_forgotten_it_escalates(w: World) -> None:
    """Monday: the owner is mentioned. Tuesday 17:55: owner, backup and lead. Then every four business hours."""
    w.advance_to(at("2026-11-23 10:00"))
    assert "@maria Nobody has claimed MC-1 in 1 business hour" in thread(w)[-1].rendered
    assert thread(w)[-1].mentions == ["@maria"]
    w.advance_to(at("2026-11-24 17:55"))
    assert "Overdue" in card(w).rendered
    assert {"@maria", "@support-managers"} <= set(thread(w)[-1].mentions) | set(thread(w)[-1].rendered.split())
    assert len(dms(w.maria, OVERDUE)) == 1
    assert "A customer was not contacted in time" in dms(w.omar)[-1].rendered
    w.advance_to(at("2026-11-25 13:00"))
    assert len(dms(w.maria, OVERDUE)) == 2
    w.advance_to(at("2026-11-26 09:00"))
    assert len(dms(w.maria, OVERDUE)) == 3
    contacts(w, w.maria)
    assert "Late" in card(w).rendered
    w.advance(days=7)
    assert dms(w.maria, OVERDUE) == []
    assert len(thread(w)) == 2


def test_the_backup_is_who_is_on_duty_then(w: World) -> None:
    """The rotation has moved on: the one on duty now is mentioned, and the owner stays."""
    w.pagerduty.set_on_duty("PSSATRM", ["marco@example.com"])
    w.advance_to(at("2026-11-24 17:55"))
    assert set(thread(w)[-1].mentions) == {"@maria", "@marco"}
    assert "Owner: @maria" in card(w).rendered


def test_reminders_stop_the_moment_the_customer_was_contacted(w: World) -> None:
    """Contacted right after the first one: the second never comes, and the first says that it is done."""
    w.advance_to(at("2026-11-24 09:00"))
    contacts(w, w.maria)
    w.advance(days=5)
    (reminder,) = [one for one in dms(w.maria) if "Done" in one.rendered][1:]
    assert reminder.buttons == ["Note an action", "Why?"]
    assert len(dms(w.maria)) == 2


def test_a_reminder_that_waits_in_the_outbox_is_dropped(w: World) -> None:
    """Slack has trouble while the reminder is on its way; meanwhile the request is cancelled: it never arrives."""
    w.advance_to(at("2026-11-24 08:59"))
    w.slack.faults.status("chat.postMessage", 503, times=3)
    w.advance_to(at("2026-11-24 09:00"))
    assert dms(w.maria, REMINDED) == []
    clicks(w, w.marco, "Cancel")
    submits(w, w.marco, **{"Why shall nobody contact the customer?": "Withdrawn"})
    w.slack.faults.clear()
    w.advance(days=5)
    assert [one.rendered.split("\n")[0] for one in dms(w.maria)] == [
        ":no_entry_sign: Cancelled: nothing has to be done here.",
        ":no_entry_sign: @marco cancelled MC-1 (ticket #123456 (https://gitlab.zendesk.com/agent/tickets/123456)):",
    ]
    assert any("held back" in entry.what for entry in w.desk.engine.cases.timeline("MC-1"))


def test_a_desk_that_was_down_over_the_due_time_sends_one_late_message(w: World) -> None:
    """It says how late it is; what it missed on the way is left out, to each person one message."""
    w.stop()
    w.jump(days=4, hours=2)
    w.start()
    w.settle()
    (message,) = [one for one in dms(w.maria) if "this one is yours" not in one.rendered]
    assert "2 h late" in message.rendered
    (said,) = thread(w)
    assert "2 h late" in said.rendered
    (lead,) = dms(w.omar)
    assert "2 h late" in lead.rendered
    w.advance(hours=1)
    assert len(thread(w)) == 1


def test_a_desk_that_was_down_over_a_reminder_sends_the_newest_late(w: World) -> None:
    """Of those that were missed only the last one comes."""
    clicks(w, w.maria, "Claim")
    w.stop()
    w.clock.at = at("2026-11-24 16:01")
    w.start()
    w.settle()
    (reminder,) = dms(w.maria, REMINDED)
    assert "95 % of the time" in reminder.rendered
    assert "30 min late" in reminder.rendered


def test_a_restart_in_between_loses_and_doubles_nothing(w: World) -> None:
    """What waits is in the database."""
    w.restart()
    w.advance_to(at("2026-11-24 09:00"))
    w.restart()
    w.advance_to(at("2026-11-24 17:55"))
    assert len(dms(w.maria, OVERDUE)) == 1
    assert len([one for one in dms(w.maria) if one.buttons]) == 4  # assigned, 80 %, 95 %, overdue


def test_a_snooze_brings_the_reminder_back_two_hours_later(w: World) -> None:
    """From the reminder itself; card and messages say that it is snoozed."""
    w.advance_to(at("2026-11-24 09:00"))
    clicks(w, w.maria, "Snooze reminder", on=dms(w.maria, REMINDED)[0])
    assert "Reminders are snoozed until" in card(w).rendered
    w.advance_to(at("2026-11-24 10:59"))
    assert dms(w.maria, "You snoozed this") == []
    w.advance_to(at("2026-11-24 11:00"))
    assert len(dms(w.maria, "You snoozed this")) == 1
    assert "snoozed until" not in card(w).rendered


def test_reminders_follow_who_has_it(w: World) -> None:
    """Marco has claimed it: he is reminded, in the working hours of Los Angeles, and Maria is not."""
    w.advance_to(at("2026-11-23 17:00"))
    clicks(w, w.marco, "Claim")
    w.advance_to(at("2026-11-24 15:30"))
    assert [one.rendered[:20] for one in dms(w.marco, REMINDED)] == [":alarm_clock: 50 % o"]
    w.advance_to(at("2026-11-24 17:54"))
    assert "95 % of the time" in dms(w.marco, REMINDED)[1].rendered, "80 % would have come at midnight"
    assert dms(w.maria, REMINDED) == []


@pytest.mark.parametrize(
    ("own", "due"),
    [
        ({}, "2026-11-24 17:55"),
        ({"holidays": {"extra": ["2026-11-23"]}}, "2026-11-24 17:55"),
        (
            {"holidays": {"extra": ["2026-11-23"]}, "contact": {"holidays_stand_still": True}},
            "2026-11-25 17:55",
        ),
    ],
)
def test_weekends_stand_still_and_holidays_only_where_the_policy_says_so(
    worlds: Worlds, own: dict[str, Any], due: str
) -> None:
    """And on a holiday nobody is reminded: 50 % and 80 % would come on the Monday off."""
    w = worlds(policy=policy() | own, at=FRIDAY)
    asks(w, w.alice)
    assert w.desk.engine.cases.read("MC-1").due_at == at(due)
    w.advance_to(at("2026-11-23 23:00"))
    if own:
        assert dms(w.maria, REMINDED) == []


@pytest.mark.parametrize(
    ("zone", "asked", "due"),
    [
        ("Asia/Jerusalem", "2026-03-26 10:00", "2026-03-30 10:00"),
        ("Africa/Cairo", "2026-04-23 10:00", "2026-04-27 10:00"),
        ("Australia/Lord_Howe", "2026-10-02 01:00", "2026-10-06 00:30"),
    ],
)
def test_where_the_clocks_change_the_hours_stay_real(worlds: Worlds, zone: str, asked: str, due: str) -> None:
    """A Friday of 23 hours, a midnight that does not exist, a change of half an hour."""
    w = worlds(policy=policy(time_zone=zone), at=at(asked))
    asks(w, w.alice)
    read = w.desk.engine.cases.read("MC-1")
    assert read.due_at == at(due)
    w.advance_to(read.due_at - timedelta(minutes=1))
    assert "Overdue" not in card(w).rendered
    w.advance_to(read.due_at)
    assert "Overdue" in card(w).rendered


def test_the_policys_numbers_are_used(worlds: Worlds) -> None:
    """Another company: eight hours, one reminder, a snooze of ten minutes."""
    own = policy(within="8h", remind_at=[60], snooze="10m", unclaimed_after="10m", remind_overdue_every="30m")
    w = worlds(policy=own)
    asks(w, w.alice)
    assert w.desk.engine.cases.read("MC-1").due_at == at("2026-03-02 17:00")
    w.advance(minutes=10)
    assert "in 10 minutes" in thread(w)[-1].rendered
    w.advance_to(at("2026-03-02 13:48"))
    clicks(w, w.maria, "Snooze reminder", on=dms(w.maria, "60 %")[0])
    w.advance(minutes=10)
    assert len(dms(w.maria, "You snoozed this")) == 1
    w.advance_to(at("2026-03-02 17:30"))
    assert len(dms(w.maria, OVERDUE)) == 1, "after work she is left in peace until the morning"
