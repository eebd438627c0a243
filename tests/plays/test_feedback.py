"""Feedback in any order: whatever happens, what is shown is what is so."""

from datetime import timedelta
from random import Random

import pytest

from tests.plays.feedback import FeedbackStory, hold_message
from tests.plays.promises import PLAYS, BrokenPromiseError
from tests.scenarios.conftest import Worlds
from tests.scenarios.contact import policy
from tests.scenarios.feedback import sends
from tests.world import MONDAY
from workflows.feedback import outputs
from workflows.lib.markup import slack_date

STEPS = 10


@pytest.mark.parametrize("number", range(PLAYS))
def test_whatever_happens_what_is_shown_is_what_is_so(worlds: Worlds, number: int) -> None:
    """Product feedback, bugs, venting, calls for a manager; vendors and channels that fail, deletions, restarts."""
    seed = 13_000 + number
    at = MONDAY + timedelta(hours=Random(seed).randrange(7 * 24))
    FeedbackStory(worlds(at=at, policy=policy()), seed).goes_on(STEPS)


def test_a_wrong_minute_is_found(worlds: Worlds) -> None:
    """The reader reads: a card or a submitter's message whose time is off by one minute is not let through."""
    w = worlds(policy=policy())
    sends(w, w.alice)
    story = FeedbackStory(w, 0)
    (case,) = story.cases()
    waiting = story.waiting(case.id)
    for slot, at in ((outputs.CARD, case.acknowledge_by), (outputs.CONFIRMATION, case.tell_customer_by)):
        text = story.shown(case.messages[slot].channel, case.messages[slot].ts)
        assert text is not None
        assert at is not None
        hold_message(case, slot, text, waiting)
        right, wrong = (slack_date(one, w.policy.zone) for one in (at, at + timedelta(minutes=1)))
        assert right in text
        with pytest.raises(BrokenPromiseError):
            hold_message(case, slot, text.replace(right, wrong), waiting)
