"""Incidents in any order: whatever happens, what is shown is what is so."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tests.plays.incident import SENTENCES, Play, cases, hold_card, shown
from tests.plays.promises import PLAYS, BrokenPromiseError, read
from tests.scenarios import incident
from tests.scenarios.conftest import Worlds
from tests.world import MONDAY, World
from workflows.incident import outputs
from workflows.lib.markup import slack_date

STEPS = 16
SHORT = {
    "incident": {
        "responders": None,
        "leads": ["marco@example.com"],
        "escalation": [
            {"after": "40%", "who": ["lead"], "how": "dm"},
            {"after": "100%", "who": ["on_call"], "how": "page"},
            {"after": "5m", "who": [{"user": "pia@example.com"}], "how": "dm", "every": "5m", "times": 3},
        ],
    }
}
WORLDS: tuple[dict[str, Any], ...] = ({}, {"webhooks": True}, {}, {"policy": SHORT})
"""The plays take turns: without webhooks, with them, and with a company's own steps, where everybody responds."""


@pytest.mark.parametrize("number", range(PLAYS))
def test_whatever_happens_what_is_shown_is_what_is_so(worlds: Worlds, number: int) -> None:
    """People, vendors, edits, deletions, hand-overs and restarts in any order; after each step nothing differs."""
    seed = 7_000 + number
    at = MONDAY + timedelta(hours=Random(seed).randrange(7 * 24))
    Play(worlds(at=at, **WORLDS[number % len(WORLDS)]), seed).goes_on(STEPS)


def test_a_wrong_minute_on_a_card_is_found(w: World) -> None:
    """The reader reads: a card whose time is off by one minute, or that hides its owner, is not let through."""
    incident.reports(w, w.alice)
    (case,) = cases(w)
    card = shown(w, case, outputs.CARD)
    assert card is not None
    assert case.due_at is not None
    assert {one.what for one in read(card, SENTENCES)} == {"due", "step:0", "step:1"}
    hold_card(w, case, card)
    token = f"until *{slack_date(case.due_at, w.policy.zone)}*"
    wrong = f"until *{slack_date(case.due_at + timedelta(minutes=1), w.policy.zone)}*"
    assert token in card
    with pytest.raises(BrokenPromiseError, match="of what is to come"):
        hold_card(w, case, card.replace(token, wrong))
    with pytest.raises(BrokenPromiseError, match="owner on the card"):
        hold_card(w, case.with_(owner="U0OMAR"), card)
