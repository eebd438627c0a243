"""A channel that cannot be written to is answered alike by all processes that have a card."""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.contact import plays as contact
from tests.unit.feedback import plays as feedback
from tests.unit.incident import plays as incident
from workflows.contract import channels
from workflows.contract.events import EffectFailed, EffectSucceeded, Failure, TimerDue
from workflows.contract.message_effects import ShowCard
from workflows.contract.process import Decision, SetTimer
from workflows.contract.slack_port import Posted
from workflows.feedback.model import Confirmed

NOT_IN = (Failure.UNREACHABLE, "Not in channel.", "not_in_channel")
AWAY = (Failure.GAVE_UP, "Slack does not answer.", "")


def _feedback() -> tuple[Any, ShowCard]:
    play = feedback.Play().after(feedback.drafted())
    play.happens(Confirmed(feedback.ALICE))
    return play, _card(play.waiting)


def _contact() -> tuple[Any, ShowCard]:
    play = contact.Play().asked()
    return play, _card(play.effects)


def _incident() -> tuple[Any, ShowCard]:
    play = incident.Play()
    play.happens(incident.reported())
    return play, _card(play.waiting)


def _card(effects: list[Any]) -> ShowCard:
    return next(effect for effect in effects if isinstance(effect, ShowCard) and effect.slot == "card")


def _asks_again(decision: Decision[Any], card: ShowCard) -> bool:
    return any(isinstance(one, ShowCard) and (one.slot, one.to) == (card.slot, card.to) for one in decision.effects)


EVERY = pytest.mark.parametrize("begun", [_feedback, _contact, _incident], ids=["feedback", "contact", "incident"])


@EVERY
def test_a_channel_that_takes_no_card_is_tried_again_until_it_does(begun: Any) -> None:
    """The case goes on elsewhere meanwhile; each try that fails is silent, and the one that works ends it."""
    play, card = begun()
    shut = play.happens(EffectFailed(card, *NOT_IN))
    every = play.policy.delivery.channel_retry_every.length
    assert SetTimer(channels.TIMER, play.now + every) in shut.timers
    assert play.case.channel_trouble == channels.trouble(card.to.name, EffectFailed(card, *NOT_IN))
    for _ in range(2):
        again = play.happens(TimerDue(channels.TIMER, play.now, timedelta(0)))
        assert _asks_again(again, card)
        assert channels.next_try(play.case, play.policy, play.now) in again.timers
        failed = play.happens(EffectFailed(card, *NOT_IN))
        assert failed.effects == ()
    back = play.happens(EffectSucceeded(card, Posted("C0THERE", "1700000009.000100")))
    assert play.case.channel_trouble is None
    assert f"can write to {card.to.name} again" in [note.what for note in back.notes]
    assert play.happens(TimerDue(channels.TIMER, play.now)).effects == ()


def test_a_channel_is_tried_less_often_the_longer_it_is_shut() -> None:
    """Five hundred cases in a channel that stays shut do not keep Slack busy for weeks."""
    play, _ = _contact()
    waits, now = [], play.case.opened_at
    for _ in range(40):
        timer = channels.next_try(play.case, play.policy, now)
        waits.append(timer.due_at - now)
        now = timer.due_at
    assert (waits[0], waits[-1]) == (timedelta(minutes=5), timedelta(days=1))
    assert waits == sorted(waits)


@EVERY
def test_while_slack_is_away_no_channel_is_blamed(begun: Any) -> None:
    """No other channel, no DM, nobody told: there is no way to; the card is sent on and on."""
    play, card = begun()
    decision = play.happens(EffectFailed(card, *AWAY))
    assert play.case.channel_trouble is None
    assert decision.effects == (card,)
    assert decision.timers == ()


@pytest.mark.parametrize("why", [Failure.GAVE_UP, Failure.MISCONFIGURED, Failure.UNREACHABLE])
def test_a_manager_whose_dm_fails_is_replaced_whatever_the_reason(why: Failure) -> None:
    """The right to write DMs may be missing while channels work: a request does not wait for that."""
    play = contact.Play().asked()
    dm = next(effect for effect in play.effects if isinstance(effect, ShowCard) and effect.to.user)
    play.forget()
    play.happens(EffectFailed(dm, why, "No DM.", ""))
    assert dm.to.user in play.case.unreachable
    assert play.effects
