"""A request is followed: questions, the test, how it ends, who answers for it, and a tracker that is down."""

from datetime import datetime
from itertools import count
from typing import Any

import pytest

from sandbox.vendors.base import VendorFault
from tests.scenarios.conftest import Worlds
from tests.scenarios.request import (
    PROJECT,
    card,
    clicks,
    comments,
    dms,
    files_bug,
    issue,
    issues,
    modal,
    policy,
    request,
    stage,
    submits,
)
from tests.world import World
from workflows.contract.engine import open_or_submit
from workflows.contract.events import CaseNotified
from workflows.contract.links import to_request


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where the tracker tells what happens in it, and Alice has reported a bug."""
    w = worlds(policy=policy(), webhooks=True)
    files_bug(w, w.alice)
    return w


@pytest.fixture
def asked(worlds: Worlds) -> World:
    """The same without the tracker's webhook: it is asked every hour."""
    w = worlds(policy=policy(ask_every="1h"))
    files_bug(w, w.alice)
    return w


def down(w: World) -> None:
    """The tracker does not work."""
    w.gitlab.faults.append(VendorFault(times=1000, status=503, body="down"))


def up(w: World) -> None:
    """It works again."""
    w.gitlab.faults.clear()


def test_a_question_waits_for_the_requester_and_is_answered_from_here(w: World) -> None:
    """One reminder after two business days; *Answer* writes into the issue, in their name."""
    w.gitlab.comment(PROJECT, 1, "Which **form** is it? `a?b`", by="omar")
    w.gitlab.comment(PROJECT, 1, "I had a look at the logs.", by="omar")
    w.settle()
    (question,) = dms(w.alice, "asks about REQ-1")
    assert "Omar Haddad" in question.rendered
    assert "Waiting for your answer" in card(w.alice).rendered
    w.advance(days=1, hours=23)
    assert dms(w.alice, "has been waiting for your answer") == []
    w.advance(days=20)
    (reminder,) = dms(w.alice, "has been waiting for your answer")
    clicks(w, w.alice, "Answer", reminder)
    submits(w, w.alice, **{"Your answer": "The second one\n/close @all"})
    assert "> The second one" in comments(w)[-1]
    assert "Alice Archer" in comments(w)[-1]
    assert issue(w)["state"] == "opened"
    assert "Waiting for your answer" not in card(w.alice).rendered
    assert [one.buttons for one in dms(w.alice, "No longer needed")] == [[]]


def test_where_there_is_no_webhook_the_tracker_is_asked(asked: World) -> None:
    """Stages, questions and answers there, the end: each told once, however often it is asked."""
    w = asked
    w.gitlab.comment(PROJECT, 1, "@alice please have a look", by="omar")
    w.advance(hours=2)
    assert len(dms(w.alice, "asks about REQ-1")) == 1
    w.gitlab.comment(PROJECT, 1, "Done", by="alice")
    w.advance(hours=1)
    assert "Answered" in dms(w.alice, "asks about REQ-1")[0].rendered
    w.gitlab.label(PROJECT, 1, "Stage::Validation", by="omar")
    w.advance(hours=3)
    (test,) = dms(w.alice, "Please test it.")
    w.advance(days=4)
    assert len(dms(w.alice, "has been on staging since")) == 1
    clicks(w, w.alice, "Sign off", test)
    w.gitlab.set_state(PROJECT, 1, "closed", by="omar")
    w.advance(hours=2)
    assert len(dms(w.alice, "has shipped")) == 1
    w.gitlab.set_state(PROJECT, 1, "opened", by="omar")
    w.advance(days=30)
    assert w.next_due() is None or request(w).state != "closed"


def test_closed_by_somebody_else_it_is_said_and_can_be_reopened(w: World) -> None:
    """And reopened there, it goes on here; what the desk does itself is no news."""
    w.gitlab.set_state(PROJECT, 1, "closed", by="omar")
    w.settle()
    assert "Omar Haddad closed REQ-1" in dms(w.alice, "closed REQ-1")[0].rendered
    clicks(w, w.alice, "Reopen", card(w.alice))
    assert issue(w)["state"] == "opened"
    assert "opened this again" in comments(w)[-1]
    assert request(w).state == "open"
    w.gitlab.set_state(PROJECT, 1, "closed", by="omar")
    w.gitlab.set_state(PROJECT, 1, "opened", by="omar")
    w.settle()
    assert len(dms(w.alice, "reopened REQ-1")) == 1
    clicks(w, w.alice, "Withdraw", card(w.alice))
    assert issue(w)["state"] == "closed"
    assert request(w).state == "closed"
    assert len(dms(w.alice, "closed REQ-1")) == 2


def test_closed_as_self_service_says_that_one_can_do_it(w: World) -> None:
    """The label first or last, the instructions in the issue."""
    w.gitlab.label(PROJECT, 1, "Self-Service", by="omar")
    w.gitlab.set_state(PROJECT, 1, "closed", by="omar")
    w.settle()
    assert "you can do it yourself" in dms(w.alice, "was closed:")[0].rendered
    assert "The issue says how to do it yourself" in card(w.alice).rendered


def test_the_ship_day_moves_on_when_it_is_past(w: World) -> None:
    """On the day itself it still holds; the next morning the next one does."""
    assert "Wed 1 April" in card(w.alice).rendered
    w.advance_to(datetime(2026, 4, 1, 20, 0, tzinfo=w.clock.at.tzinfo))
    assert "Wed 1 April" in card(w.alice).rendered
    w.advance(hours=14)
    assert "Fri 1 May" in card(w.alice).rendered
    listed = w.alice.runs("/supportops list", in_="#support").rendered
    assert "REQ-1" in listed
    assert "waiting for Support Operations" in listed
    assert "ships Fri 1 May" in listed
    assert "no open requests" in w.adam.runs("/supportops list", in_="#support").rendered


def test_while_the_tracker_is_down_nothing_is_lost(worlds: Worlds) -> None:
    """What was typed stands on the request, to copy; it is tried again until the tracker takes it, once."""
    w = worlds(policy=policy(), webhooks=True)
    down(w)
    files_bug(w, w.alice)
    assert "I keep trying; nothing is lost" in card(w.alice).rendered
    w.advance(hours=4, minutes=30)
    shown = card(w.alice)
    assert "1. Solve a ticket" in shown.rendered
    assert "Try again" in shown.buttons
    assert len(dms(w.alice, "Nothing is lost")) == 2
    up(w)
    w.advance(hours=1)
    assert len(issues(w)) == 1
    assert "Try again" not in card(w.alice).buttons


def test_an_issue_whose_answer_was_lost_is_not_opened_twice(worlds: Worlds) -> None:
    """The tracker opened it and nobody heard: *Try again* finds it by its title."""
    w = worlds(policy=policy(bug={"template": None}), webhooks=True)
    w.gitlab.faults.append(VendorFault(times=1000, drop=True))
    files_bug(w, w.alice)
    w.advance(hours=4, minutes=30)
    up(w)
    clicks(w, w.alice, "Try again", card(w.alice))
    assert len(issues(w)) == 1
    assert request(w).issue is not None


def test_a_template_that_changed_loses_no_answer(worlds: Worlds) -> None:
    """What has no heading any more stands at the end; the requester and the admins are told, once."""
    w = worlds(policy=policy(), webhooks=True)
    w.gitlab.repository.templates[PROJECT]["Bug"] = "### Summary\n\n### How to reproduce\n"
    files_bug(w, w.alice)
    assert "### Steps to reproduce\n\n1. Solve a ticket" in issue(w)["description"]
    assert "has no heading “Steps to reproduce”" in card(w.alice).rendered
    del w.gitlab.repository.templates[PROJECT]["Bug"]
    files_bug(w, w.alice)
    assert "1. Solve a ticket" in issues(w)[1]["description"]
    assert len([one for one in w.omar.dm() if "template" in one.rendered]) == 1


def test_a_requester_who_has_left_is_replaced(w: World) -> None:
    """Nobody waits for somebody who is gone: who is on duty is asked, and has it with all that waits."""
    w.slack.deactivates("alice")
    w.advance(hours=2)
    stage(w, "Stage::Validation")
    (call,) = [one for one in w.maria.dm() if "Who answers for REQ-1" in one.rendered]
    assert "cannot be reached any more" in comments(w)[-1]
    clicks(w, w.maria, "Take it over", call)
    assert "Asked for by: @alice" in card(w.maria).rendered
    (test,) = dms(w.maria, "Please test it.")
    clicks(w, w.maria, "Sign off", test)
    assert "Maria Marques tested this on staging and signs it off" in comments(w)[-1].replace(" (Support Manager)", "")
    assert request(w).state == "signed_off"


def test_it_can_be_handed_over_and_only_its_owner_decides(w: World) -> None:
    """The old messages say who has it; others' clicks are answered privately."""
    stage(w, "Stage::Validation")
    clicks(w, w.alice, "Hand over", card(w.alice))
    submits(w, w.alice, **{"Who answers for it?": "adam"})
    assert request(w).owner == "U0ADAM"
    assert "@adam answers for REQ-1 now" in w.alice.dm()[0].rendered
    assert dms(w.alice, "Please test it.") == []
    assert "Sign off" in card(w.adam).buttons
    w.adam.opens_home()
    w.settle()
    home = w.adam.home
    assert home is not None
    assert "Your requests to Support Operations: 1" in home.text
    w.adam.clicks("Sign off", on="home")
    w.settle()
    assert request(w).signed_off is not None
    shown = w.adam.home
    assert shown is not None
    assert "Signed off" in shown.text


def test_what_the_tracker_does_not_take_is_done_by_hand(w: World) -> None:
    """The issue is locked for comments: the words to copy come by direct message."""
    w.gitlab.comment(PROJECT, 1, "Which form?", by="omar")
    w.settle()
    w.gitlab.locked.add(issue(w)["id"])
    (question,) = dms(w.alice, "asks about REQ-1")
    clicks(w, w.alice, "Answer", question)
    submits(w, w.alice, **{"Your answer": "The second"})
    w.advance(hours=6)
    assert "> The second" in dms(w.alice, "By hand, please")[0].rendered


NUMBERS = count()


def filed(w: World, key: str = "project:7", **more: Any) -> None:
    """Another case files something for Carol."""
    effect = to_request(key, requester="U0CAROL", title="Change the project of ACME", text="Org: ACME", **more)
    event = CaseNotified(effect.key, "CS-1", effect.purpose, effect.details)
    open_or_submit(w.desk.engine, effect.kind, event, key=f"notify:{next(NUMBERS)}", now=w.clock.now())
    w.settle()


def test_what_another_case_files_is_a_request_like_any_other(worlds: Worlds) -> None:
    """In words of its own, once; whoever it is for is told how it goes."""
    w = worlds(policy=policy(), webhooks=True)
    filed(w)
    filed(w)
    assert (issue(w)["title"], issue(w)["description"].split("\n")[0]) == ("Change the project of ACME", "Org: ACME")
    assert "Change the project of ACME" in card(w.carol).rendered
    w.gitlab.set_state(PROJECT, 1, "closed", by="omar")
    w.settle()
    filed(w)
    assert len(issues(w)) == 2


def test_help_and_tips_are_one_command_away(w: World) -> None:
    """The page's general tips, and when changes ship."""
    assert "Start early" in w.alice.runs("/supportops tips", in_="#support").rendered
    assert "/supportops list" in w.alice.runs("/supportops help", in_="#support").rendered
    w.alice.runs("/supportops the macros are gone", in_="#support")
    assert modal(w.alice).values["What you typed"] == "the macros are gone"
