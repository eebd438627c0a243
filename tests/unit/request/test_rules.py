"""What has to happen to a request, whatever the order in which it is told."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.registry import PROCESSES
from tests.policies import company_policy
from tests.unit.request.plays import ADAM, ALICE, DEPLOYED, MONDAY, POLICY, VALIDATION, Play
from workflows.contract.effects import Effect
from workflows.contract.events import CaseNotified, EffectFailed, EffectSucceeded, Failure
from workflows.contract.facts import IssueChange, IssueCommented
from workflows.contract.issue_effects import CloseIssue, CommentOnIssue, FindTitledIssue, OpenIssue
from workflows.contract.message_effects import Say, ShowCard, dm
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.review_effects import ReopenIssue
from workflows.policy.request import RequestKind
from workflows.request.model import (
    Answered,
    Discarded,
    FormClosed,
    NotYet,
    ReopenAsked,
    Replied,
    RetryAsked,
    Sent,
    SignedOff,
    TakenOver,
    Withdrawn,
)
from workflows.request.rules import wanted

REMINDERS = {"asked_reminder", "test_reminder", "question_reminder", "ship_day", "retry"}


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (SignedOff(ADAM), "Only <@U0ALICE>"),
        (Withdrawn(ADAM), "Only <@U0ALICE>"),
        (TakenOver(ADAM, ADAM), "Only <@U0ALICE>"),
        (Discarded(ALICE), "was sent already"),
        (Sent(ALICE, RequestKind.BUG, {}, confirmed=True), "was sent already"),
        (SignedOff(ALICE), "nothing to test just now"),
        (NotYet(ALICE, "no"), "nothing to test just now"),
        (Answered(ALICE, "yes"), "Nothing is asked"),
        (RetryAsked(ALICE), "nothing to try again"),
        (ReopenAsked(ALICE), "open already"),
        (TakenOver(ALICE, ALICE), "answers for REQ-1 already"),
    ],
)
def test_what_cannot_be_done_is_said(event: object, why: str) -> None:
    """By whom it may be done, or why it cannot be now; nothing is changed."""
    play = Play().sent()
    before = play.case
    play.happens(event)
    assert why in (play.refusal or "")
    assert play.case == before


def test_a_draft_is_its_writers_and_needs_every_confirmation() -> None:
    """Somebody else neither sends nor throws it away."""
    play = Play()
    play.happens(FormClosed(ALICE, RequestKind.BUG, {"summary": "Triggers"}))
    play.happens(Sent(ADAM, RequestKind.BUG, {}, confirmed=True))
    assert "Only who typed this draft" in (play.refusal or "")
    play.happens(Sent(ALICE, RequestKind.BUG, {}))
    assert "confirm all of it" in (play.refusal or "")
    play.passes(days=6)
    assert play.case.state == "discarded"


def test_two_questions_one_after_the_other_are_both_seen() -> None:
    """The second comes anew; the comment and the stage that say the same are one."""
    play = Play().sent()
    play.commented("Which form?")
    play.labelled("Stage::Blocked")
    assert (play.case.asked and play.case.asked.number) == 1
    play.commented("And which field?")
    assert play.shown("asked:2")
    play.happens(Answered(ALICE, "The second"))
    assert not play.case.is_asked
    play.labelled("Stage::Development")
    play.labelled("Stage::Blocked")
    assert play.shown("asked:3")
    play.commented("Which form?")
    assert play.case.asked is not None
    assert (play.case.asked.number, play.case.asked.words) == (3, "Which form?")


def test_what_is_told_late_changes_nothing() -> None:
    """An older change of the issue, a list that was read before its owner acted."""
    play = Play().sent()
    play.passes(hours=1)
    play.labelled(VALIDATION)
    play.labelled("Stage::Triage", at=MONDAY)
    assert play.case.stage == VALIDATION
    read_at = play.now
    play.passes(minutes=5)
    play.happens(Withdrawn(ALICE))
    (close,) = play.did(CloseIssue)
    play.asks("opened", VALIDATION)
    assert play.case.state == "closed"
    play.happens(EffectSucceeded(close, None))
    play.asks("opened", VALIDATION, asked_at=read_at)
    assert play.case.state == "closed"
    play.passes(minutes=5)
    play.asks("opened", VALIDATION)
    assert play.case.state == "staging"


def test_reopened_by_its_owner_it_stays_open_while_the_tracker_has_it_closed() -> None:
    """Until the tracker has done it, what it says of it is the past."""
    play = Play().sent()
    play.changed(IssueChange.CLOSED)
    play.passes(hours=1)
    play.happens(ReopenAsked(ALICE))
    play.asks("closed")
    assert play.case.state == "open"
    (reopen,) = play.did(ReopenIssue)
    play.passes(minutes=1)
    play.happens(EffectSucceeded(reopen, None))
    play.asks("opened")
    assert play.case.state == "open"


def test_shipped_by_its_stage_is_shipped_though_its_issue_is_open() -> None:
    """That is no reopening; somebody who reopens it means it."""
    play = Play().sent()
    play.labelled(DEPLOYED)
    assert play.case.closing is not None
    assert play.case.closing.result == "shipped"
    play.passes(days=1)
    play.asks("opened", DEPLOYED)
    assert play.case.state == "closed"
    play.changed(IssueChange.REOPENED, DEPLOYED)
    assert play.case.state == "open"


def test_a_test_that_goes_back_is_asked_for_again() -> None:
    """After *Not yet*, when the stage is set anew; also when it was signed off already."""
    play = Play().sent()
    play.labelled(VALIDATION)
    play.happens(NotYet(ALICE, "It fires twice"))
    play.labelled("Stage::Development")
    assert play.case.state == "open"
    play.labelled(VALIDATION)
    play.happens(SignedOff(ALICE))
    play.labelled(VALIDATION, "priority", added=("priority",))
    assert play.case.state == "signed_off"
    play.labelled(VALIDATION)
    assert play.shown("test:3")
    assert play.case.signed_off is None


def test_a_message_nobody_needs_is_not_sent() -> None:
    """A reminder of what was answered, a test that is over, news for who handed it over."""
    play = Play().sent()
    play.labelled(VALIDATION)
    play.commented("Which form?")
    unsent: list[Effect] = [
        ShowCard(slot="asked_reminder:1", to=dm(ALICE)),
        ShowCard(slot="test_reminder:1", to=dm(ALICE)),
        Say(what="news", to=dm(ALICE), details={"what": "stage", "stage": "x"}),
    ]
    assert [wanted(play.case, effect, POLICY) for effect in unsent] == [True] * 3
    play.happens(Answered(ALICE, "The second"))
    play.happens(SignedOff(ALICE))
    play.happens(TakenOver(ADAM, ALICE))
    assert [wanted(play.case, effect, POLICY) for effect in unsent] == [False] * 3


def test_a_question_no_channel_takes_is_tried_again() -> None:
    """Its owner and the admins are told once; it goes out when the channel takes it."""
    play = Play(policy=company_policy({"admins": ["omar@example.com"]}), down=True)
    play.sent(RequestKind.QUESTION, question="How?")
    (post,) = [one for one in play.did(ShowCard) if one.slot == "posted"]
    for _ in range(2):
        play.happens(EffectFailed(post, Failure.REFUSED, "no", "not_in_channel"))
        assert "/invite" in (play.case.job.trouble or "")
        play.passes(days=1)
    assert len([one for one in play.did(Say) if one.what == "news"]) == 1
    play.happens(EffectFailed(post, Failure.REFUSED, "no", "not_in_channel"))
    play.down = False
    play.passes(days=2)
    assert play.case.state == "open"
    play.happens(Replied(ALICE))
    assert play.case.replied is None


@pytest.mark.parametrize("failure", [Failure.GAVE_UP, Failure.REFUSED, Failure.MISCONFIGURED, Failure.NOT_CONNECTED])
def test_an_issue_that_was_given_up_keeps_what_was_typed(failure: Failure) -> None:
    """It is looked for before it is opened again; *Try again* is always there."""
    play = Play(down=True).sent()
    play.down = False
    (template,) = [one for one in play.effects if one.type == "read_template"]
    play.happens(EffectFailed(template, Failure.NOT_FOUND, "none"))
    assert "could not read" in (play.case.template_trouble or "")
    play = Play(down=True).sent()
    play.happens(EffectFailed(template, Failure.REFUSED, "none"))
    (opens,) = play.did(OpenIssue)
    play.happens(EffectFailed(opens, failure, "no"))
    assert ("retry" in play.timers) is (failure in {Failure.GAVE_UP, Failure.MISCONFIGURED})
    play.happens(RetryAsked(ALICE))
    assert play.did(FindTitledIssue)
    assert play.case.text


def test_a_policy_that_changed_meanwhile_is_said() -> None:
    """What one could draft yesterday is not in it any more."""
    play = Play()
    play.happens(Sent(ALICE, RequestKind.MERGE_REQUEST, {"summary": "Hours"}, item="gone"))
    assert "the policy has changed" in (play.refusal or "")


def test_what_another_case_files_twice_is_filed_once() -> None:
    """While it is open under its key."""
    details: dict[str, Any] = {"requester": ALICE, "title": "Project", "text": "Org", "labels": []}
    play = Play()
    play.happens(CaseNotified("request:org", "CS-1", "file_request", details))
    play.happens(CaseNotified("request:org", "CS-2", "file_request", details))
    assert len(play.did(OpenIssue)) == 1
    assert play.case.open_key == "request:org"


EVENTS = st.sampled_from(
    [
        ("labelled", (VALIDATION,)),
        ("labelled", ("Stage::Blocked",)),
        ("labelled", ("Stage::Development",)),
        ("labelled", (DEPLOYED,)),
        ("labelled", ()),
        ("commented", ("Which form?",)),
        ("commented", ("Done", "alice")),
        ("changed", (IssueChange.CLOSED,)),
        ("changed", (IssueChange.REOPENED,)),
        ("asks", ("opened", VALIDATION)),
        ("asks", ("closed",)),
        ("happens", (Answered(ALICE, "a"),)),
        ("happens", (SignedOff(ALICE),)),
        ("happens", (NotYet(ALICE, "a"),)),
        ("happens", (Withdrawn(ALICE),)),
        ("happens", (ReopenAsked(ALICE),)),
        ("passes", ()),
    ]
)


@given(st.lists(EVENTS, max_size=12))
def test_in_any_order_what_waits_has_its_reminder_and_what_is_over_has_none(story: list[tuple[str, Any]]) -> None:
    """A question or a test is reminded of once; nothing is written about twice; a request that is over is quiet."""
    play = Play().sent()
    for name, arguments in story:
        play.now += timedelta(minutes=1)
        getattr(play, name)(*arguments, **({"days": 1} if name == "passes" else {}))
        case = play.case
        assert not case.is_over or not REMINDERS & play.timers.keys()
        assert not case.is_asked or "asked_reminder" in play.timers or play.shown(f"asked_reminder:{case.asked.number}")  # type: ignore[union-attr]
        assert not case.is_to_test or "test_reminder" in play.timers or play.shown(f"test_reminder:{case.test.number}")  # type: ignore[union-attr]
        assert case.is_over or "ship_day" in play.timers
        assert case.signed_off is None or case.state in {"signed_off", "closed"}
    written = [one.body for one in play.did(CommentOnIssue)]
    assert len(written) <= sum(name == "happens" for name, _ in story)


def test_an_issue_that_was_moved_or_deleted_is_followed_no_further() -> None:
    """That is said; it is neither shipped nor closed by somebody."""
    moved, deleted = Play().sent(), Play().sent()
    moved.changed(IssueChange.CLOSED, moved=True)
    deleted.passes(hours=1)
    (look,) = [one for one in deleted.effects if one.type == "read_issue_news"]
    deleted.happens(EffectFailed(look, Failure.NOT_FOUND, "none"))
    for play in (moved, deleted):
        assert play.case.closing is not None
        assert play.case.closing.result == "moved"
        assert not REMINDERS & play.timers.keys()


def test_an_owner_who_is_gone_is_replaced_by_their_manager_or_whoever_is_on_duty() -> None:
    """With nobody the admins are told; anybody of us may take it over then, and only then."""
    roster = [{"email": "alice@example.com", "slack": "U0ALICE99", "manager": "maria@example.com"}]
    policy = company_policy({"roster": roster, "admins": ["omar@example.com"]})
    play = Play(policy=policy)
    play.happens(Sent("U0ALICE99", RequestKind.BUG, dict(play.case.words), confirmed=True))
    shown = ShowCard(slot="test:1", to=dm("U0ALICE99"))
    play.happens(EffectFailed(shown, Failure.UNREACHABLE, "left", "user_disabled"))
    assert [one.to.user for one in play.did(ShowCard) if one.slot.startswith("take_over")] == ["maria@example.com"]
    play.happens(TakenOver("U0MARIA", "U0MARIA"))
    assert play.case.owner == "U0MARIA"
    play.happens(EffectFailed(ShowCard(slot="test:2", to=dm("U0MARIA")), Failure.UNREACHABLE, "left", "user_disabled"))
    (ask,) = play.did(AskWhoIsOnDuty)
    play.happens(EffectFailed(ask, Failure.NOT_CONNECTED, "none"))
    assert [one.to.user for one in play.did(Say) if one.what == "admin_notice"][-1] == "omar@example.com"


def test_the_desks_own_comments_are_no_news_to_any_process() -> None:
    """Whoever follows the issue, and whatever they ask."""
    play = Play().sent()
    own = IssueCommented(
        at=MONDAY, project="x/y", project_id=1, number=7, comment=1, author="desk", words="Why?", is_own=True
    )
    for process in PROCESSES:
        case = play.case if process.rules.kind == "request" else process.rules.blank("X-1", MONDAY)
        assert process.rules.follow(case, own, POLICY, MONDAY).case == case
