"""Asking at intervals: from where the last answer ended, a little overlapping, and never before it began."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.policies import company_policy
from tests.tickets import EMEA
from workflows.contract.events import EffectFailed, EffectSucceeded, Failure, NewsTaken, StandingCaseOpened, TimerDue
from workflows.contract.message_effects import Say
from workflows.contract.news_effects import AskForIssueChanges, AskForRatings, AskForTicketChanges
from workflows.contract.process import SetTimer
from workflows.polling.asking import KIND, PROCESS, PollingCase, decide

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OFF = company_policy()
ON = company_policy(
    {
        "admins": ["omar@example.com"],
        "polling": {"ratings": "5m", "tickets": "10m", "issues": "15m"},
        "tickets": {"accounts": {"emea": EMEA}},
    }
)


def after(minutes: float) -> datetime:
    """So many minutes after Monday."""
    return MONDAY + timedelta(minutes=minutes)


def begun() -> PollingCase:
    """The case, on Monday."""
    return decide(PROCESS.blank("PO-1", MONDAY), StandingCaseOpened(KIND), ON, MONDAY).case


def asked(case: PollingCase, topic: str, minutes: float) -> tuple[PollingCase, list[Any]]:
    """It asks; what it asks."""
    decision = decide(case, TimerDue(topic, after(minutes)), ON, after(minutes))
    return decision.case, list(decision.effects)


def test_each_is_asked_at_its_own_interval_and_of_each_account() -> None:
    """Ratings and tickets by account, issues at once: those of the feedback projects, and those that are followed."""
    opened = decide(PROCESS.blank("PO-1", MONDAY), StandingCaseOpened(KIND), ON, MONDAY)
    assert set(opened.timers) == {
        SetTimer("ratings", after(5)),
        SetTimer("tickets", after(10)),
        SetTimer("issues", after(15)),
    }
    case, ratings = asked(opened.case, "ratings", 5)
    assert ratings == [AskForRatings(account=one, since=MONDAY, until=after(5)) for one in ("main", "emea")]
    case, tickets = asked(case, "tickets", 10)
    assert tickets == [AskForTicketChanges(account=one, since=MONDAY, until=after(10)) for one in ("main", "emea")]
    (issues,) = asked(case, "issues", 15)[1]
    assert issues == AskForIssueChanges(projects=("gitlab-com/support/feedback",), since=MONDAY, until=after(15))


def test_the_questions_overlap_and_go_on_where_the_last_answer_ended() -> None:
    """A list may lag behind: ten minutes are asked for again, but nothing from before the desk began."""
    case = begun()
    for minutes, since in ((5, 0), (10, 0), (30, 0), (35, 20), (40, 25)):
        case, (main, _) = asked(case, "ratings", minutes)
        assert main.since == after(since), minutes
        case = decide(case, EffectSucceeded(main, NewsTaken(0)), ON, after(minutes)).case


def test_what_was_not_answered_is_asked_for_again_from_the_same_place() -> None:
    """And the admins are told, once a month: nobody hears of ratings meanwhile."""
    case, (main, _) = asked(begun(), "ratings", 60)
    failed = decide(case, EffectFailed(main, Failure.MISCONFIGURED, "Check the token."), ON, after(60))
    (told,) = failed.effects
    assert isinstance(told, Say)
    assert "does not reach me: Check the token." in str(told.details)
    assert asked(failed.case, "ratings", 120)[1][0].since == MONDAY


@pytest.mark.parametrize("topic", ["ratings", "tickets", "issues"])
def test_switched_off_it_asks_nothing(topic: str) -> None:
    """It does not begin; begun, it looks once a day whether it is on again."""
    assert decide(PROCESS.blank("PO-1", MONDAY), StandingCaseOpened(KIND), OFF, MONDAY).refusal is not None
    decision = decide(begun(), TimerDue(topic, MONDAY), OFF, MONDAY)
    assert (decision.effects, decision.timers) == ((), (SetTimer(topic, MONDAY + timedelta(days=1)),))
