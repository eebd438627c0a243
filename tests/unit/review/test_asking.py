"""Asking for ratings: each is passed on once, also where the questions overlap."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.policies import company_policy
from tests.unit.review.plays import MONDAY
from workflows.contract.case_effects import NotifyCase
from workflows.contract.events import EffectSucceeded, StandingCaseOpened, TimerDue
from workflows.contract.process import SetTimer
from workflows.contract.review_effects import ReadRatings
from workflows.contract.ticket_ports import Rating, RatingList
from workflows.lib.durations import Duration
from workflows.policy.model import Policy
from workflows.review.asking import ASK, PROCESS, RatingsCase, decide

OFF = company_policy()
ON = OFF.model_copy(update={"review": OFF.review.model_copy(update={"ask_every": Duration.parse("5m")})})


def rating(number: int, minutes: float, score: str = "bad", comment: str = "") -> Rating:
    """A rating given so many minutes after Monday."""
    return Rating(number, 123456, score, comment, MONDAY + timedelta(minutes=minutes))


def begun() -> RatingsCase:
    """The case, on Monday."""
    return decide(PROCESS.blank("RA-1", MONDAY), StandingCaseOpened("review_ratings"), ON, MONDAY).case


def asked(case: RatingsCase, at: datetime, *found: Rating, policy: Policy = ON) -> tuple[RatingsCase, list[Any]]:
    """It asks, and is answered; what is passed on."""
    question = decide(case, TimerDue(ASK, at), policy, at)
    (effect,) = [one for one in question.effects if isinstance(one, ReadRatings)]
    answer = decide(question.case, EffectSucceeded(effect, RatingList(found)), policy, at)
    return answer.case, [one for one in answer.effects if isinstance(one, NotifyCase)]


def test_each_is_passed_on_once() -> None:
    """In two answers that overlap; a changed one once more."""
    case, first = asked(begun(), MONDAY + timedelta(minutes=5), rating(1, 1))
    assert len(first) == 1
    case, second = asked(case, MONDAY + timedelta(minutes=10), rating(1, 1), rating(2, 6))
    assert [one.details["at"][11:16] for one in second] == ["09:06"]
    _, third = asked(case, MONDAY + timedelta(minutes=15), rating(1, 1, "good"), rating(2, 6))
    assert [one.details["tone"] for one in third] == ["good"]


@pytest.mark.parametrize("one", [rating(1, -5), rating(1, 0), rating(1, 3, "offered")])
def test_what_is_none_of_ours_is_left_alone(one: Rating) -> None:
    """Given before the desk began, or none yet."""
    assert asked(begun(), MONDAY + timedelta(minutes=5), one)[1] == []


def test_the_questions_overlap() -> None:
    """A list may lag behind: ten minutes are asked for again."""
    case, _ = asked(begun(), MONDAY + timedelta(minutes=30), rating(1, 20))
    at = MONDAY + timedelta(minutes=35)
    (effect,) = decide(case, TimerDue(ASK, at), ON, at).effects
    assert isinstance(effect, ReadRatings)
    assert effect.since == MONDAY + timedelta(minutes=10)
    assert effect.until == at


def test_switched_off_it_asks_nothing() -> None:
    """It does not begin; begun, it looks once a day whether it is on again."""
    opened = decide(PROCESS.blank("RA-1", MONDAY), StandingCaseOpened("review_ratings"), OFF, MONDAY)
    assert opened.refusal is not None
    decision = decide(begun(), TimerDue(ASK, MONDAY), OFF, MONDAY)
    assert (decision.effects, decision.timers) == ((), (SetTimer(ASK, MONDAY + timedelta(days=1)),))
