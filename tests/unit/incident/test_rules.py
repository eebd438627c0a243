"""What follows from what, one rule at a time."""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.incident.plays import (
    ALICE,
    KEY,
    NOBODY,
    NOW,
    OMAR,
    PIA,
    POLICY,
    REPORT,
    RESPONDERS,
    Play,
    fact,
    paged,
    reported,
    result_of,
    waiting,
    written,
)
from workflows.contract.events import EffectDelayed, EffectFailed, EffectSucceeded, Failure, TimerDue
from workflows.contract.facts import PageChange
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.page_effects import AcknowledgePage, AskWhoResponds, OpenPage, ResolvePage
from workflows.contract.values import Progress
from workflows.incident import events, outputs
from workflows.incident.model import IncidentState, blank
from workflows.incident.rules import decide, wanted

SPOKE = events.Spoke(OMAR, NOW + timedelta(minutes=3))


def kinds(effects: Any) -> set[type]:
    """Which kinds of effects these are."""
    return {type(effect) for effect in effects}


def progress(play: Play) -> Progress | None:
    """How far the page is."""
    return play.case.page.progress if play.case.page else None


@pytest.mark.parametrize(
    ("play", "event", "state"),
    [
        (Play, reported(), IncidentState.WAITING),
        (Play, written(), IncidentState.WAITING),
        (Play, written(text="Thanks!"), IncidentState.QUESTION),
        (lambda: Play().after(written(text="Thanks!")), events.SystemPicked(ALICE, ("sla",)), IncidentState.WAITING),
        (lambda: Play().after(written(text="Thanks!")), events.MessageDeleted(), IncidentState.DISMISSED),
        (lambda: Play().after(written(text="Thanks!")), events.MessageEdited("Zendesk is down"), IncidentState.WAITING),
        (lambda: Play().after(written(text="Thanks!")), events.MessageEdited("Thank you!"), IncidentState.QUESTION),
        (lambda: Play().after(written()), events.SystemPicked(ALICE, ("triggers",)), IncidentState.WAITING),
        (lambda: Play().after(written()), events.Dismissed(ALICE), IncidentState.DISMISSED),
        (lambda: Play().after(written()), events.MessageDeleted(), IncidentState.WAITING),
        (lambda: Play().after(written()), events.PageAsked(ALICE), IncidentState.PAGED),
        (waiting, SPOKE, IncidentState.ANSWERED),
        (waiting, events.Spoke(ALICE, NOW), IncidentState.WAITING),
        (waiting, events.Spoke(OMAR, NOW - timedelta(minutes=1)), IncidentState.WAITING),  # said before it was reported
        (waiting, events.TakenOn(PIA), IncidentState.ANSWERED),
        (waiting, events.Held(ALICE), IncidentState.HELD),
        (waiting, events.Dismissed(ALICE), IncidentState.DISMISSED),
        (waiting, events.PageAsked(ALICE), IncidentState.PAGED),
        (waiting, events.Resolved(ALICE, "Gone"), IncidentState.RESOLVED),
        (waiting, events.MessageDeleted(), IncidentState.WAITING),
        (lambda: waiting().after(events.Held(ALICE)), SPOKE, IncidentState.ANSWERED),
        (lambda: waiting().after(SPOKE), events.Reopened(ALICE), IncidentState.WAITING),
        (lambda: waiting().after(SPOKE), events.PageAsked(ALICE), IncidentState.PAGED),
        (lambda: waiting().after(events.Resolved(ALICE, "Gone")), events.Reopened(ALICE), IncidentState.WAITING),
        (paged, SPOKE, IncidentState.PAGED),
        (paged, events.TakenOn(OMAR), IncidentState.ACKNOWLEDGED),
        (paged, events.Resolved(OMAR, "Gone"), IncidentState.RESOLVED),
        (paged, fact(PageChange.ACKNOWLEDGED, minutes=11), IncidentState.ACKNOWLEDGED),
        (paged, fact(PageChange.RESOLVED, minutes=11), IncidentState.RESOLVED),
        (paged, fact(PageChange.REASSIGNED, minutes=11), IncidentState.PAGED),
        (paged, fact(PageChange.RESOLVED, minutes=11, key="somebody-elses"), IncidentState.PAGED),
        (
            lambda: paged().after(fact(PageChange.ACKNOWLEDGED, minutes=11)),
            fact(PageChange.UNACKNOWLEDGED, minutes=40),
            IncidentState.PAGED,
        ),
        (
            lambda: paged().after(fact(PageChange.RESOLVED, minutes=11)),
            fact(PageChange.REOPENED, minutes=12),
            IncidentState.PAGED,
        ),
        (lambda: paged().after(events.Resolved(OMAR, "Gone")), events.Reopened(ALICE), IncidentState.PAGED),
    ],
)
def test_what_becomes_of_it(play: Any, event: object, state: IncidentState) -> None:
    """From each state, by each act."""
    one: Play = play()
    one.happens(event)
    assert one.refused is None
    assert one.case.state == state


@pytest.mark.parametrize(
    ("play", "event", "words"),
    [
        (waiting, events.TakenOn(ALICE), "You reported this"),
        (waiting, events.SystemPicked(PIA, ("triggers",)), "was started already"),
        (waiting, events.PagedByHand(PIA), "Nobody has to page by hand"),
        (waiting, events.Reopened(PIA), "is open"),
        (lambda: waiting().after(events.TakenOn(PIA)), events.TakenOn(PIA), "You are on INC-1 already"),
        (lambda: waiting().after(events.Resolved(PIA, "Gone")), events.TakenOn(OMAR), "was resolved"),
        (lambda: waiting().after(events.Resolved(PIA, "Gone")), events.PageAsked(OMAR), "was resolved"),
        (lambda: waiting().after(events.Resolved(PIA, "Gone")), events.Resolved(OMAR, "Too"), "was resolved"),
        (lambda: Play().after(written(), events.Dismissed(PIA)), events.Held(PIA), "Nobody would be paged"),
        (paged, events.PageAsked(PIA), "was paged already"),
        (paged, events.Held(PIA), "cannot be called back"),
        (paged, events.Dismissed(PIA), "Somebody was paged for this"),
        (paged, events.Available(PIA), "This asks <@U0ALICE>"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(play: Any, event: object, words: str) -> None:
    """The sentence is for the person who pressed."""
    one: Play = play()
    before = one.case
    one.happens(event)
    assert words in (one.refused or "")
    assert one.case == before


def test_somebody_unknown_is_looked_up_before_their_answer_counts() -> None:
    """And it counts from when it was written."""
    play = waiting()
    play.happens(events.Spoke(PIA, NOW + timedelta(minutes=4)))
    assert play.case.state == IncidentState.WAITING
    assert kinds(play.waiting) == {AskWhoResponds}
    play.executes()
    assert play.case.state == IncidentState.WAITING  # she does not belong to the responders
    play.happens(events.Spoke(PIA, NOW + timedelta(minutes=5)))
    joined = RESPONDERS.group and type(RESPONDERS.group)("S0OPS", (OMAR, PIA))
    play.executes(responders=type(RESPONDERS)(joined, (), ()))
    assert play.case.state == IncidentState.ANSWERED
    assert play.case.response is not None
    assert play.case.response.at == NOW + timedelta(minutes=5)


def test_an_answer_that_was_looked_up_too_late_is_said_beside_the_page() -> None:
    """Never both a page and "answered in time" without saying so."""
    play = waiting()
    play.case = play.case.with_(responders=None)
    play.now = NOW + timedelta(minutes=9, seconds=59)
    play.happens(events.Spoke(OMAR, play.now))
    play.until(minutes=10, executed=False)
    assert play.case.state == IncidentState.PAGED
    play.executes()
    assert play.case.state == IncidentState.PAGED
    assert play.case.response is not None
    assert play.case.page is not None
    assert play.case.response.at < play.case.page.at


def test_before_anybody_knows_who_responds_an_answer_waits() -> None:
    """When Slack cannot say, it is no response: a page too many is better than one too few."""
    play = Play()
    play.happens(reported())
    play.happens(events.Spoke(OMAR, NOW))
    ask = next(effect for effect in play.waiting if isinstance(effect, AskWhoResponds))
    play.happens(EffectFailed(ask, Failure.GAVE_UP, "Slack does not answer."))
    assert play.case.state == IncidentState.WAITING
    play.happens(events.Spoke(PIA, NOW))
    assert play.case.state == IncidentState.WAITING
    play.executes()
    assert play.case.state == IncidentState.ANSWERED


def test_a_page_carries_its_key_and_is_asked_for_once() -> None:
    """Stable per case and opening."""
    play = paged()
    assert play.keys == {KEY}
    play.until(hours=5)
    assert [type(effect) for effect in play.asked].count(OpenPage) == 1


def test_opened_again_it_has_another_key() -> None:
    """PagerDuty cannot open what it has resolved."""
    play = paged().after(events.Resolved(OMAR, "Gone"), events.Reopened(ALICE))
    assert play.keys == {KEY, KEY[:-1] + "2"}


@pytest.mark.parametrize("failure", [Failure.GAVE_UP, Failure.MISCONFIGURED])
def test_a_page_that_was_given_up_goes_on_under_the_same_key(failure: Failure) -> None:
    """As long as it is wanted; the manual steps are shown once."""
    play = waiting().until(minutes=10, executed=False)
    for _ in range(3):
        page = next(effect for effect in play.waiting if isinstance(effect, OpenPage))
        play.waiting.remove(page)
        play.happens(EffectDelayed(page, "No answer.", play.now))
        play.happens(EffectFailed(page, failure, "No answer."))
        others = [effect for effect in play.waiting if not isinstance(effect, OpenPage)]
        play.waiting = [effect for effect in play.waiting if isinstance(effect, OpenPage)]
        for effect in others:
            play.happens(EffectSucceeded(effect, result_of(effect)))
    assert play.keys == {KEY}
    assert play.posted(outputs.MANUAL) == 1
    play.executes()
    assert progress(play) is Progress.DONE


@pytest.mark.parametrize("failure", [Failure.NOT_CONNECTED, Failure.REFUSED, Failure.NOT_FOUND])
def test_a_page_that_cannot_go_out_is_done_by_hand(failure: Failure) -> None:
    """At once; and it can be tried again."""
    play = waiting().until(minutes=10, executed=False)
    page = next(effect for effect in play.waiting if isinstance(effect, OpenPage))
    play.waiting.remove(page)
    play.happens(EffectFailed(page, failure, "It cannot be."))
    assert play.posted(outputs.MANUAL) == 1
    assert progress(play) is Progress.FAILED
    play.executes().after(events.PageAsked(PIA))
    assert progress(play) is Progress.DONE
    assert play.keys == {KEY}


def test_the_manual_steps_wait_until_it_is_known_whom_to_mention() -> None:
    """Or until it is known that nobody can say."""
    play = Play()
    play.happens(reported())
    play.happens(events.PageAsked(ALICE))
    page = next(effect for effect in play.waiting if isinstance(effect, OpenPage))
    ask = next(effect for effect in play.waiting if isinstance(effect, AskWhoResponds))
    play.happens(EffectDelayed(page, "No answer.", play.now))
    assert play.posted(outputs.MANUAL) == 0
    play.happens(EffectSucceeded(ask, NOBODY))
    assert play.posted(outputs.MANUAL) == 1


def test_taken_on_before_the_page_is_out_the_paging_service_is_told_afterwards() -> None:
    """It went out all the same, in that moment: then it is acknowledged there, too."""
    play = waiting().until(minutes=10, executed=False)
    page = next(effect for effect in play.waiting if isinstance(effect, OpenPage))
    play.happens(events.TakenOn(OMAR))
    decision = play.happens(EffectSucceeded(page, result_of(page)))
    assert AcknowledgePage in kinds(decision.effects)
    assert play.case.state == IncidentState.ACKNOWLEDGED


@pytest.mark.parametrize("event", [events.Held(ALICE), events.Dismissed(ALICE), events.Resolved(ALICE, "Gone")])
def test_a_page_nobody_wants_any_more_is_resolved_where_it_went_out_after_all(event: object) -> None:
    """Nobody is left ringing."""
    play = waiting().until(minutes=10, executed=False)
    page = next(effect for effect in play.waiting if isinstance(effect, OpenPage))
    play.happens(event)
    assert play.refused is None
    decision = play.happens(EffectSucceeded(page, result_of(page)))
    assert ResolvePage in kinds(decision.effects)


def test_a_page_that_was_withdrawn_can_still_be_sent() -> None:
    """Under its key, for it never went out."""
    play = waiting().until(minutes=10, executed=False)
    page = next(effect for effect in play.waiting if isinstance(effect, OpenPage))
    play.waiting.remove(page)
    play.after(events.Held(ALICE), EffectSucceeded(page, None), events.PageAsked(ALICE))
    assert progress(play) is Progress.DONE
    assert play.keys == {KEY}


def test_a_page_that_was_given_up_and_is_not_wanted_any_more_is_left_alone() -> None:
    """Somebody is on it."""
    play = waiting().until(minutes=10, executed=False)
    page = next(effect for effect in play.waiting if isinstance(effect, OpenPage))
    play.happens(events.TakenOn(OMAR))
    decision = play.happens(EffectFailed(page, Failure.GAVE_UP, "No answer."))
    assert OpenPage not in kinds(decision.effects)


def test_a_page_that_was_acknowledged_when_it_was_found_is_acknowledged_here() -> None:
    """The desk was down when it went out and somebody took it."""
    play = waiting().until(minutes=10, executed=False)
    page = next(effect for effect in play.waiting if isinstance(effect, OpenPage))
    play.happens(EffectSucceeded(page, result_of(page, status="acknowledged")))
    assert play.case.state == IncidentState.ACKNOWLEDGED
    assert outputs.PING_TIME not in play.timers


def test_the_webhook_may_be_faster_than_the_answer() -> None:
    """It tells the page's id; the answer that comes later does not set it back."""
    play = waiting().until(minutes=10, executed=False)
    page = next(effect for effect in play.waiting if isinstance(effect, OpenPage))
    play.happens(fact(PageChange.ACKNOWLEDGED, minutes=11))
    assert play.case.page is not None
    assert play.case.page.id == "PD1"
    play.happens(EffectSucceeded(page, result_of(page)))
    assert play.case.state == IncidentState.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([(PageChange.RESOLVED, 15), (PageChange.ACKNOWLEDGED, 12)], IncidentState.RESOLVED),
        ([(PageChange.ACKNOWLEDGED, 12), (PageChange.ACKNOWLEDGED, 12)], IncidentState.ACKNOWLEDGED),
        ([(PageChange.REOPENED, 20), (PageChange.RESOLVED, 15)], IncidentState.PAGED),
        ([(PageChange.RESOLVED, 15), (PageChange.REOPENED, 20), (PageChange.RESOLVED, 15)], IncidentState.PAGED),
        ([(PageChange.RESOLVED, 15), (PageChange.REOPENED, 15)], IncidentState.RESOLVED),
        ([(PageChange.ACKNOWLEDGED, 12), (PageChange.UNACKNOWLEDGED, 11)], IncidentState.ACKNOWLEDGED),
        ([(PageChange.ACKNOWLEDGED, 1)], IncidentState.PAGED),
    ],
)
def test_what_comes_late_or_twice_from_pagerduty(facts: list[tuple[PageChange, int]], state: IncidentState) -> None:
    """The newest counts, whenever it comes; a page has not been touched before it was sent."""
    play = paged()
    for change, minutes in facts:
        play.happens(fact(change, minutes=minutes))
    assert play.case.state == state


def test_resolving_in_slack_is_not_undone_by_its_own_echo() -> None:
    """PagerDuty tells of what the desk did there itself."""
    play = paged().after(events.TakenOn(OMAR), events.Resolved(OMAR, "Gone"))
    play.after(fact(PageChange.ACKNOWLEDGED, minutes=11), fact(PageChange.RESOLVED, minutes=12))
    assert play.case.state == IncidentState.RESOLVED
    assert play.case.summary == "Gone"


def test_pings_that_come_due_together_after_a_downtime_are_one_page() -> None:
    """Late, it says how late; it never floods."""
    play = waiting().until(minutes=10, late=timedelta(hours=2))
    assert play.posted(outputs.BEFORE_PAGE) == 0
    assert play.case.page is not None
    assert play.case.page.late == 120


def test_a_late_first_ping_is_said_when_the_second_is_not_due_yet() -> None:
    """With how late it is."""
    play = waiting("sla").until(minutes=15, late=timedelta(minutes=5))
    assert play.posted(outputs.BEFORE_PAGE) == 1
    assert play.case.reminders_late == {"before_page:0.1": 5}


@pytest.mark.parametrize(
    ("slot", "play", "event"),
    [
        ("before_page:0.1", waiting, SPOKE),
        ("before_page:1.1", waiting, events.Held(ALICE)),
        ("before_page:1.1", waiting, events.CriticalityChanged(ALICE, ("sla",))),
        ("page_ping:1.1:1", paged, events.TakenOn(OMAR)),
        ("page_ping:1.1:6", paged, events.TakenOn(OMAR)),
        ("manual_steps:1.1", paged, events.Resolved(OMAR, "Gone")),
        ("still_on_it:1", lambda: waiting().after(SPOKE), events.Resolved(OMAR, "Gone")),
    ],
)
def test_a_ping_that_waits_is_dropped_when_its_reason_is_gone(slot: str, play: Any, event: object) -> None:
    """Nobody is rung up for what is over."""
    one: Play = play()
    ping = ShowCard(slot=slot, to=outputs.place(one.case, one.policy), thread_of=outputs.THREAD)
    assert wanted(one.case, ping, one.policy)
    one.after(event)
    assert not wanted(one.case, ping, one.policy)


def test_the_channel_is_shut_and_nobody_is_there_to_be_told() -> None:
    """A message by an integration: the admins are told, and the clock can still be started and page."""
    play = Play()
    play.happens(written(by=None))
    card = next(effect for effect in play.waiting if isinstance(effect, ShowCard))
    decision = play.happens(EffectFailed(card, Failure.UNREACHABLE, "No.", "is_archived"))
    assert kinds(decision.effects) == {Say}
    play.after(events.PageAsked(PIA))
    assert play.keys


def test_a_timer_of_something_that_is_over_does_nothing() -> None:
    """Should one go off all the same."""
    play = waiting().after(SPOKE)
    for name in ("step:0", "step:1", outputs.DUE_TIME, outputs.PING_TIME, "?"):
        assert not play.happens(TimerDue(name, NOW)).effects
    assert play.case.report == REPORT


def test_an_event_that_no_rule_knows_is_an_error() -> None:
    """A forgotten entry must not be logged as saved: the button would do nothing, and nobody would know."""
    with pytest.raises(TypeError, match="Incidents know no Unheard"):
        decide(blank("INC-1", NOW), type("Unheard", (), {})(), POLICY, NOW)
