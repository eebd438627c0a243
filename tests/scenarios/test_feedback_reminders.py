"""The two reminders: counted in business days, sent once, honest when they are late."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.driver.observations import Shown
from tests.scenarios.conftest import Worlds
from tests.scenarios.feedback import card, clicks, confirmation, notices, sends, whispers
from tests.world import MONDAY, World

FRIDAY = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)


def product_reminders(w: World) -> list[Shown]:
    """The reminders in the thread of the card."""
    return [reply for reply in w.pia.sees_thread(card(w))[1:] if "has waited" in reply.rendered]


def own_reminders(w: World) -> list[Shown]:
    """The reminders in the submitter's DM."""
    return notices(w.alice, "Have you told the customer")


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        (MONDAY, MONDAY + timedelta(days=3)),
        (FRIDAY, datetime(2026, 3, 11, 10, 0, tzinfo=UTC)),  # Wednesday: the weekend stands still
        (datetime(2026, 3, 7, 15, 0, tzinfo=UTC), datetime(2026, 3, 12, 0, 0, tzinfo=UTC)),  # on a Saturday
    ],
)
def test_the_product_team_is_reminded_once_after_three_business_days(
    worlds: Worlds, sent: datetime, due: datetime
) -> None:
    """In the card's thread, with the buttons to act; not a minute before, and never again."""
    w = worlds(at=sent)
    sends(w, w.alice)
    w.advance_to(due - timedelta(minutes=1))
    assert product_reminders(w) == []
    w.advance_to(due)
    (reminder,) = product_reminders(w)
    assert "3 business days" in reminder.rendered
    assert reminder.buttons == ["Acknowledge", "Not ours"]
    assert "late" not in reminder.rendered
    w.advance(days=30)
    assert len(product_reminders(w)) == 1


@pytest.mark.parametrize(
    ("sent", "due"),
    [(MONDAY, MONDAY + timedelta(days=1)), (FRIDAY, datetime(2026, 3, 9, 10, 0, tzinfo=UTC))],
)
def test_the_submitter_is_reminded_once_after_one_business_day(worlds: Worlds, sent: datetime, due: datetime) -> None:
    """By DM, with the button; from a Friday it is Monday."""
    w = worlds(at=sent)
    sends(w, w.alice)
    w.advance_to(due - timedelta(minutes=1))
    assert own_reminders(w) == []
    w.advance_to(due)
    (reminder,) = own_reminders(w)
    assert "FB-1" in reminder.rendered
    assert reminder.buttons == ["Told the customer"]
    w.advance(days=30)
    assert len(own_reminders(w)) == 1


def test_the_card_says_when_the_reminder_comes(w: World) -> None:
    """In each reader's own time zone, with how it was counted."""
    sends(w, w.alice)
    assert "Reminder Mar 5, 2026 at 10:00 (3 business days)" in card(w).rendered  # Copenhagen
    assert "I remind you Mar 3, 2026 at 09:00" in confirmation(w.alice).rendered  # London


def test_holidays_and_the_zone_of_the_company_count(worlds: Worlds) -> None:
    """A day off of the company's stands still, in its own zone."""
    policy = {"time_zone": "Europe/Copenhagen", "holidays": {"extra": ["2026-03-03"]}}
    w = worlds(policy=policy)
    sends(w, w.alice)
    w.advance_to(datetime(2026, 3, 4, 8, 59, tzinfo=UTC))
    assert own_reminders(w) == []
    w.advance(minutes=1)
    assert len(own_reminders(w)) == 1


def test_nobody_is_reminded_of_what_is_done(w: World) -> None:
    """Acknowledged and told in time: no reminder ever."""
    sends(w, w.alice)
    clicks(w, w.pia, "Acknowledge", on=card(w))
    clicks(w, w.alice, "Told the customer", on=confirmation(w.alice))
    w.advance(days=30)
    assert product_reminders(w) == []
    assert own_reminders(w) == []


def test_the_buttons_of_the_reminders_act_like_the_cards(w: World) -> None:
    """Pressed there, it shows everywhere; the reminders lose their buttons."""
    sends(w, w.alice)
    w.advance(days=4)
    clicks(w, w.pia, "Acknowledge", on=product_reminders(w)[0])
    clicks(w, w.alice, "Told the customer", on=own_reminders(w)[0])
    assert "Acknowledged by @pia" in card(w).rendered
    assert "@pia has" in product_reminders(w)[0].rendered
    assert "Yes, " in own_reminders(w)[0].rendered
    assert product_reminders(w)[0].buttons == own_reminders(w)[0].buttons == []
    assert "This case is closed." in confirmation(w.alice).rendered


def test_a_reminder_still_shows_its_button_for_what_is_left(w: World) -> None:
    """The customer was told, nobody acknowledged: only the product team's reminder keeps its buttons."""
    sends(w, w.alice)
    w.advance(days=4)
    clicks(w, w.alice, "Told the customer", on=own_reminders(w)[0])
    assert product_reminders(w)[0].buttons == ["Acknowledge", "Not ours"]


def test_late_reminders_say_so_and_come_once(w: World) -> None:
    """The desk was down for a week: each reminder comes once, at once, and says how late it is."""
    sends(w, w.alice)
    w.stop()
    w.jump(days=7)
    w.start()
    w.settle()
    (product,) = product_reminders(w)
    (own,) = own_reminders(w)
    assert "(This is 4 days late.)" in product.rendered
    assert "late.)" in own.rendered
    w.advance(days=30)
    assert len(product_reminders(w)) == len(own_reminders(w)) == 1


def test_a_reminder_survives_a_restart(w: World) -> None:
    """Timers are rows: started again, the desk reminds in time."""
    sends(w, w.alice)
    w.restart()
    w.advance(days=2, hours=23)
    w.restart()
    w.advance(hours=2)
    assert len(product_reminders(w)) == 1
    assert "late" not in product_reminders(w)[0].rendered


def test_a_reminder_that_slack_does_not_take_comes_later(w: World) -> None:
    """Slack has trouble just then: the reminder comes when it is over, once."""
    sends(w, w.alice)
    w.slack.faults.status("chat.*", 503, times=4)
    w.advance(days=1, hours=1)
    assert len(own_reminders(w)) == 1


def test_moved_while_the_reminder_stands_in_the_old_thread(w: World) -> None:
    """Moved from the reminder itself: the new channel has its own time, and nobody is told "late"."""
    sends(w, w.alice)
    w.advance(days=4)
    clicks(w, w.pia, "Not ours", on=product_reminders(w)[0])
    w.pia.fills({"Which area does FB-1 belong to?": "Runner and CI/CD (#product-runner)"})
    w.pia.submits()
    w.settle()
    assert whispers(w.pia, "#product") == []
    moved = card(w, "#product-runner")
    left = w.pia.sees_thread(card(w))
    assert [message.buttons for message in left] == [[], []]
    w.advance(days=5)
    (reminder,) = w.pia.sees_thread(moved)[1:]
    assert reminder.buttons == ["Acknowledge", "Not ours"]
