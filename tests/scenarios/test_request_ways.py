"""Each way through `/supportops`: what one can do oneself, a feature, a question, an RFC, a portal change."""

import pytest

from tests.scenarios.conftest import Worlds
from tests.scenarios.request import (
    ALL,
    BUG,
    CHANNEL,
    CONFIRM,
    META,
    NEED,
    SUMMARY,
    TEAM,
    card,
    clicks,
    dms,
    issue,
    issues,
    modal,
    policy,
    request,
    sends,
    submits,
)
from tests.world import World

FOCUS = {
    SUMMARY: "Adam works 32 hours",
    "File": "data/support-team.yml",
    "Text to replace": "- name: Adam Abara\n  focus: [runner]\n  hours: 40",
    "New text": "- name: Adam Abara\n  focus: [runner]\n  hours: 32",
    "Why?": "From March on",
}
"""A change of the team's file."""


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where the tracker tells what happens in it."""
    return worlds(policy=policy(), webhooks=True)


def test_what_one_can_do_oneself_comes_first(w: World) -> None:
    """With the links; the merge request is drafted: a branch, the edit, who approves it. Merged: shipped."""
    w.alice.runs("/supportops", in_="#support")
    start = modal(w.alice)
    assert start.text.index("Can you do it yourself?") < start.text.index("What do you need?")
    assert start.buttons == ["Show me how", "Show me how", "Draft the merge request"]
    w.alice.clicks("Draft the merge request")
    submits(w, w.alice, **FOCUS)
    (found,) = w.gitlab.repository.merge_requests[TEAM]
    files = w.gitlab.repository.files[TEAM]
    assert files[found["source_branch"]]["data/support-team.yml"].endswith("focus: [runner]\n  hours: 32\n")
    assert files["main"]["data/support-team.yml"].endswith("hours: 40\n")
    assert (found["title"], found["target_branch"]) == ("Adam works 32 hours", "main")
    assert [one["username"] for one in found["reviewers"]] == ["omar"]
    assert "Requested by Alice Archer" in found["description"]
    assert "@omar please approve" in found["description"]
    assert "Waiting for approval" in card(w.alice).rendered
    w.gitlab.repository.set_state(TEAM, found["iid"], "merged", by="omar")
    w.settle()
    assert dms(w.alice, "has shipped")
    assert request(w).state == "closed"


def test_an_edit_that_does_not_fit_comes_back_with_what_was_typed(w: World) -> None:
    """Text that isn't there, or a file that would be broken: said on the request, corrected, sent."""
    w.alice.runs("/supportops", in_="#support")
    w.alice.clicks("Draft the merge request")
    submits(w, w.alice, **{**FOCUS, "Text to replace": "hours: 40"})
    assert "stands 2 times in data/support-team.yml" in card(w.alice).rendered
    clicks(w, w.alice, "Edit", card(w.alice))
    assert "stands 2 times" in modal(w.alice).text
    assert modal(w.alice).values["Why?"] == "From March on"
    submits(w, w.alice, **{"Text to replace": "name: Adam Abara", "New text": "name: Adam: Abara"})
    assert "no valid YAML any more in line 4" in card(w.alice).rendered
    assert w.gitlab.repository.merge_requests == {}
    clicks(w, w.alice, "Edit", card(w.alice))
    submits(w, w.alice, **FOCUS)
    assert "Waiting for approval" in card(w.alice).rendered
    assert len(w.gitlab.repository.merge_requests[TEAM]) == 1


def test_a_feature_is_told_by_its_size_and_copies_who_should_know(w: World) -> None:
    """`/cc` as the page says; a name that is none is refused in the form, with what was typed."""
    feature = {
        SUMMARY: "A form for refunds",
        "Business need": "Refunds take a week @all",
        "Expected outcome": "They take a day\n/close",
        "How large is it?": "Not on the roadmap, and may be large",
        CONFIRM: ALL,
    }
    sends(w, w.alice, "/supportops feature", {**feature, "Who else should know?": "Maria Marques @all"})
    assert "User names in the tracker only" in modal(w.alice).errors["Who else should know?"]
    submits(w, w.alice, **{"Who else should know?": "@maria, bob"})
    text = issue(w)["description"]
    assert "/cc @maria @bob" in text
    assert "Not on the roadmap, and may be large" in text
    assert "@all" not in text
    assert issue(w)["state"] == "opened"
    assert issue(w)["labels"] == ["SupportOps::Feature"]
    assert "work with the leadership team" in card(w.alice).rendered


def test_all_of_it_is_confirmed_and_answered_before_it_is_sent(w: World) -> None:
    """May decide, will answer, will test and sign off: each; and every field of a bug. What was typed stays."""
    w.alice.runs("/supportops bug Triggers don't fire", in_="#support")
    w.alice.fills({**BUG, "Steps to reproduce": " ", CONFIRM: ALL[:2]})
    w.alice.submits()
    w.settle()
    assert set(modal(w.alice).errors) == {"Steps to reproduce", CONFIRM}
    assert modal(w.alice).values[SUMMARY] == "Triggers don't fire"
    assert issues(w) == []


def test_a_form_that_was_closed_comes_back(w: World) -> None:
    """With the next `/supportops`, until it is sent or thrown away; then what one can do oneself comes first again."""
    w.alice.runs("/supportops", in_="#support")
    w.alice.fills({NEED: "Report a bug"})
    w.alice.submits()
    w.alice.fills({SUMMARY: "Macros are gone", "What happens?": "The list is empty", "How bad is it?": "Critical"})
    w.alice.closes()
    w.settle()
    w.restart()
    w.alice.runs("/supportops", in_="#support")
    back = modal(w.alice)
    assert "didn't send it" in back.text
    assert (back.values[SUMMARY], back.values["How bad is it?"]) == ("Macros are gone", "Critical")
    w.alice.clicks("Start over")
    assert "Can you do it yourself?" in modal(w.alice).text
    w.alice.closes()
    w.alice.runs("/supportops", in_="#support")
    assert "Can you do it yourself?" in modal(w.alice).text
    assert request(w).state == "discarded"


def test_a_question_is_posted_and_starts_no_incident(w: World) -> None:
    """The channel's people answer in its thread; one reminder, with the group, when nobody does."""
    asks = {"Your question": "How do I hide a field? <!channel>"}
    sends(w, w.alice, "/supportops question", asks)
    (posted,) = [one for one in w.omar.sees(CHANNEL) if "How do I hide a field?" in one.rendered]
    assert "<!channel>" not in posted.text
    assert w.desk.engine.cases.read("INC-1") is None
    w.advance(hours=23)
    assert len(w.omar.sees_thread(posted)) == 1
    w.advance(hours=2)
    (_, reminder) = w.omar.sees_thread(posted)
    assert "@support-ops" in reminder.rendered
    w.alice.says("It is the second one", in_=CHANNEL, thread=posted)
    w.settle()
    assert request(w).replied is None
    w.omar.says("In the form's conditions", in_=CHANNEL, thread=posted)
    w.settle()
    assert w.desk.engine.cases.read("INC-1") is None
    assert "@omar answered" in card(w.alice).rendered
    clicks(w, w.alice, "Got my answer", card(w.alice))
    assert request(w).state == "closed"
    w.advance(days=7)
    assert len(w.omar.sees_thread(posted)) == 4


def test_who_does_not_know_yet_opens_an_rfc(w: World) -> None:
    """In support-team-meta, with nothing to confirm."""
    sends(w, w.alice, "/supportops rfc", {SUMMARY: "Hand-overs", "What should change, and why?": "They get lost"})
    assert "## Problem\n\nThey get lost" in issue(w, META)["description"]
    assert "Ships" not in card(w.alice).rendered


PORTAL = {"Ticket": "123456", "What does the customer want changed?": "More seats in the portal"}


def test_a_portal_change_gets_the_form_and_no_public_reply(w: World) -> None:
    """The internal note says why; the engineer is told what not to do."""
    sends(w, w.alice, "/supportops portal 123456 More seats in the portal", {})
    assert w.zendesk.tickets[123456]["ticket_form_id"] == 72
    (_, note) = w.zendesk.comments[123456]
    assert note["public"] is False
    assert "More seats in the portal" in note["body"]
    assert "would take the SLA clock off" in note["body"]
    assert "Alice Archer" in note["body"]
    assert "Don't send a public reply" in card(w.alice).rendered
    assert request(w).state == "closed"


def test_a_public_reply_that_is_there_already_is_said(w: World) -> None:
    """On the request and in the note: the SLA clock may be off."""
    w.zendesk.reply(123456, "We will look at it")
    w.settle()
    sends(w, w.alice, "/supportops portal", PORTAL)
    assert "There was a public reply already" in card(w.alice).rendered
    assert "please check the SLA clock" in w.zendesk.comments[123456][-1]["body"]


def test_a_form_or_ticket_that_is_not_there_is_said(worlds: Worlds) -> None:
    """No form of this name: nothing is changed, the admins are told. No such ticket: the form comes back."""
    w = worlds(policy=policy(portal={"form": "Support Opps"}), webhooks=True)
    sends(w, w.alice, "/supportops portal", PORTAL)
    assert "There is no ticket form “Support Opps”" in card(w.alice).rendered
    assert len(w.zendesk.comments[123456]) == 1
    assert w.zendesk.tickets[123456]["ticket_form_id"] == 71
    assert [one for one in w.omar.dm() if "There is no ticket form" in one.rendered]
    sends(w, w.alice, "/supportops portal", {**PORTAL, "Ticket": "999999"})
    shown = card(w.alice, "REQ-2")
    assert "There is no ticket #999999" in shown.rendered
    clicks(w, w.alice, "Edit", shown)
    assert modal(w.alice).values["Ticket"] == "999999"
