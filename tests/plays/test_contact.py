"""Manager contact in any order: whatever happens, what is shown is what is so."""

from datetime import timedelta
from random import Random

import pytest

from tests.plays.contact import ContactStory, hold_message
from tests.plays.promises import PLAYS, BrokenPromiseError
from tests.scenarios.conftest import Worlds
from tests.scenarios.contact import asks, policy
from tests.world import MONDAY
from workflows.contact.model import CARD
from workflows.lib.markup import slack_date

STEPS = 10


@pytest.mark.parametrize("number", range(PLAYS))
def test_whatever_happens_what_is_shown_is_what_is_so(worlds: Worlds, number: int) -> None:
    """People, customers, edits, snoozes, hand-overs, a tracker that is down and restarts; nothing differs."""
    seed = 11_000 + number
    at = MONDAY + timedelta(hours=Random(seed).randrange(7 * 24))
    ContactStory(worlds(at=at, policy=policy(), webhooks=number % 2 == 0), seed).goes_on(STEPS)


def test_a_wrong_minute_on_a_card_is_found(worlds: Worlds) -> None:
    """The reader reads: a card whose time is off by one minute, or that names another owner, is not let through."""
    w = worlds(policy=policy())
    asks(w, w.alice)
    story = ContactStory(w, 0)
    (case,) = story.cases()
    ref, waiting = case.messages[CARD], story.waiting(case.id)
    card = story.shown(ref.channel, ref.ts)
    assert card is not None
    hold_message(case, CARD, card, waiting)
    for at in (case.due_at, case.asks_again_at):
        assert at is not None
        right, wrong = (slack_date(one, w.policy.zone) for one in (at, at + timedelta(minutes=1)))
        assert right in card
        with pytest.raises(BrokenPromiseError):
            hold_message(case, CARD, card.replace(right, wrong), waiting)
    with pytest.raises(BrokenPromiseError):
        hold_message(case.with_(owner="U0OMAR"), CARD, card, waiting)
