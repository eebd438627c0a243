"""What a card promises of reminders comes, whatever is snoozed, claimed or handed on before."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.contact import cards
from tests.tickets import ticket
from tests.unit.contact.plays import FRIDAY, MANAGERS, MARCO, MARIA, MONDAY, ON_DUTY, POLICY, REQUEST, Play, changed
from workflows.contact import events, model, schedule
from workflows.contact.events import ContactRequested
from workflows.contact.model import Source
from workflows.contract.events import Duty, DutySource, EffectSucceeded
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.slack_port import Person, Posted

KENJI = Person("U0KENJI", "Kenji Kato", "kenji@example.com", "Asia/Tokyo")
ACTS = [
    events.Snoozed("U0MARIA"),
    events.Snoozed("U0MARCO"),
    events.Claimed("U0MARIA", "Europe/Lisbon"),
    events.Claimed("U0MARCO", "America/Los_Angeles"),
    events.Reassigned("U0MARIA", MARCO),
    events.Reassigned("U0MARCO", MARIA),
    events.ReassignedToDuty("U0MARIA"),
]
STEPS = st.lists(st.one_of(st.sampled_from(ACTS), st.timedeltas(timedelta(0), timedelta(hours=9))), max_size=25)


def reminders(play: Play) -> list[str]:
    """The reminders that were sent so far, privately or in the thread."""
    kinds = {"reminder", "snoozed", "overdue"}
    private = [slot for slot, notice in play.case.notices.items() if notice.kind in kinds]
    return private + [say.what for say in play.said("reminder_notice")]


@given(STEPS, st.integers(0, 72))
@settings(max_examples=300)
def test_every_promised_reminder_comes_at_its_time(steps: list[object], hour: int) -> None:
    """Whatever people do, a card never names a time that is past, and at the time it names a reminder comes."""
    start = MONDAY + timedelta(hours=hour)
    play = Play(now=start, case=model.blank("MC-1", start)).asked()
    for step in steps:
        if not isinstance(step, timedelta):
            play.happens(step)
            continue
        moment = play.now + step
        while (promised := play.case.next_reminder) is not None and promised <= moment:
            before = len(reminders(play))
            assert promised > play.now or before == 0
            play.passes_until(promised)
            assert len(reminders(play)) > before, f"promised {promised}"
        play.passes_until(moment)
        assert play.case.timers == play.timers
        assert play.case.next_reminder is None or play.case.next_reminder > play.now


@given(STEPS)
@settings(max_examples=200)
def test_the_last_reminder_before_the_due_time_cannot_be_snoozed_away(steps: list[object]) -> None:
    """In any order of snoozes, claims and reassignments it comes to who has it, at 95 % to the second."""
    play = Play(now=FRIDAY).asked()
    last = datetime(2026, 11, 24, 15, 31, tzinfo=UTC)
    for step in steps:
        if not isinstance(step, timedelta):
            play.happens(step)
        elif play.now + step < last:
            play.passes_until(play.now + step)
    assignee = play.case.assignee
    play.passes_until(last)
    assert [notice.to for notice in play.case.notices.values() if notice.percent == 95] == [assignee]


def test_a_snooze_that_would_outlast_the_last_reminder_ends_with_it() -> None:
    """The card says so, and one reminder comes, not two."""
    play = Play(now=MONDAY).asked()
    play.happens(events.Claimed("U0MARIA", "Europe/Lisbon"))
    play.passes(hours=45)
    play.happens(events.Snoozed("U0MARIA"))
    last = MONDAY + timedelta(hours=48 * 0.95)
    assert play.case.snoozed_until == play.case.next_reminder == last
    play.forget()
    play.passes_until(last)
    assert play.private("snoozed") == []
    assert play.private("reminder")[-1] == "U0MARIA"


@pytest.mark.parametrize(
    ("who", "first", "second"),
    [
        # due on Wednesday at 09:00 UTC; four hours of the reader's own working day, 09:00 to 17:00, then the morning
        (MARCO, "2026-03-04 21:00", "2026-03-05 17:00"),
        (KENJI, "2026-03-05 04:00", "2026-03-06 00:00"),
        (MARIA, "2026-03-04 13:00", "2026-03-05 09:00"),
    ],
)
def test_overdue_it_rings_every_four_hours_of_the_readers_own_day(who: Person, first: str, second: str) -> None:
    """In Los Angeles and Tokyo as often as in Lisbon."""
    play = Play(now=MONDAY).asked(duty=Duty((who,), DutySource.SCHEDULE))
    play.passes(hours=48)
    at = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (first, second)]
    for moment in at:
        assert play.case.next_reminder == moment
        before = len(play.private("overdue"))
        play.passes_until(moment)
        assert len(play.private("overdue")) == before + 1


def test_a_snooze_of_an_overdue_one_moves_its_one_reminder() -> None:
    """After the snooze comes one reminder, and the next one four business hours later."""
    play = Play(now=MONDAY).asked()
    play.passes(hours=48, minutes=10)
    play.happens(events.Snoozed("U0MARIA"))
    assert play.case.next_reminder == MONDAY + timedelta(hours=50, minutes=10)
    play.passes(hours=2)
    assert len(play.private("overdue")) == 2
    assert play.case.next_reminder == MONDAY + timedelta(hours=54, minutes=10)
    play.passes(hours=3, minutes=59)
    assert len(play.private("overdue")) == 2
    assert play.private("snoozed") == []


def test_who_gets_it_late_is_promised_nothing_that_is_past() -> None:
    """Handed on at 90 %: the reminders before that are over, and the fallback group is not named any more."""
    nobody = Duty((MARIA,), DutySource.FALLBACK, "Nobody is on duty.", MANAGERS)
    play = Play(now=MONDAY).asked(duty=nobody)
    assert "subteam" in cards.facts(play.case, POLICY)[0]
    play.passes(hours=43)
    play.happens(events.Reassigned("U0MARIA", MARCO))
    assert play.case.next_reminder == MONDAY + timedelta(hours=48 * 0.95)
    assert play.case.asks_again_at == datetime(2026, 3, 4, 18, 0, tzinfo=UTC), "ten o'clock in Los Angeles"
    assert cards.facts(play.case, POLICY)[0] == "*Owner:* <@U0MARCO>"


def test_the_hour_in_which_somebody_claims_it_counts_from_the_card() -> None:
    """A webhook that comes five hours late, and a card that could not be posted for two, do not ring at once."""
    early = ContactRequested(
        Source.TICKETS, "tickets", ticket(5), field_says=True, asked_at=MONDAY - timedelta(hours=5)
    )
    play = Play(now=MONDAY)
    play.happens(early)
    play.answers_duty(ON_DUTY)
    assert play.case.asks_again_at == MONDAY + timedelta(hours=1)
    play.now = MONDAY + timedelta(minutes=50)
    card = next(one for one in play.cards() if one.slot == "card")
    play.happens(EffectSucceeded(card, Posted("C0ESC", "1.1")))
    assert play.case.asks_again_at == MONDAY + timedelta(hours=1, minutes=50)
    play.passes(minutes=59)
    assert not play.said("unclaimed_notice")
    play.passes(minutes=1)
    assert len(play.said("unclaimed_notice")) == 1


def test_who_snoozed_it_is_named_to_somebody_else() -> None:
    """Marco snoozed what Maria has."""
    play = Play(now=MONDAY).asked()
    play.happens(events.Snoozed("U0MARCO"))
    play.passes(hours=2)
    (notice,) = [one for one in play.case.notices.values() if one.kind == "snoozed"]
    assert (notice.to, notice.snoozed_by) == ("U0MARIA", "U0MARCO")


def test_the_promise_is_the_timers() -> None:
    """What the case knows of its timers is what was set, from the first event to the last."""
    play = Play(now=MONDAY)
    play.happens(REQUEST)
    assert play.case.timers == play.timers
    assert schedule.due_at(MONDAY, POLICY) == play.case.timers["due"]
    play.answers_duty(ON_DUTY)
    play.happens(events.Cancelled("U0MARIA", "Withdrawn"))
    assert play.case.timers == {} == play.timers
    assert [effect for effect in play.effects if isinstance(effect, ShowCard | Say)]
    assert changed(POLICY, snooze="1h").contact.snooze.length == timedelta(hours=1)
