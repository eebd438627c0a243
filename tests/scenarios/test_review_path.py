"""A rating becomes a review and its feedback issue; its manager sees it in the queue, and closes it."""

from typing import Any

import pytest

from tests.scenarios.conftest import Worlds
from tests.scenarios.review import (
    ACTION,
    NEXT,
    SUMMARY,
    WHY,
    WHY_OPEN,
    comments,
    home,
    issue,
    modal,
    policy,
    presses,
    queue,
    rates,
    review,
    submits,
    triages,
)
from tests.world import World


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where Maria is the manager on duty, and the vendors tell what happens in them."""
    return worlds(policy=policy(), webhooks=True)


@pytest.mark.parametrize(
    ("score", "title", "labels"),
    [
        ("good", "Positive feedback for ticket 123456", ["satisfaction::good"]),
        ("bad", "Negative feedback for ticket 123456", ["satisfaction::bad"]),
        ("neutral", "Neutral feedback for ticket 123456", []),
    ],
)
def test_a_rating_becomes_a_review_and_its_issue(w: World, score: str, title: str, labels: list[str]) -> None:
    """Nobody types anything: the issue has the page's title and labels, and is the Reviewing Manager's."""
    rates(w, score, "What the customer thinks")
    found = issue(w)
    assert (found["title"], found["labels"]) == (title, labels)
    assert [who["username"] for who in found["assignees"]] == ["maria"]
    assert "> What the customer thinks" in found["description"]
    assert review(w).owner == "U0MARIA"


def test_no_message_is_sent_for_a_rating(w: World) -> None:
    """The queue is where reviews are: nobody is written to."""
    rates(w, "bad", "Nobody answered")
    assert w.maria.dm() == []
    assert w.marco.sees("#support_escalations") == []


def test_the_queue_is_mine_bad_before_good_then_by_age(w: World) -> None:
    """With what each waits for, and what the customer said; the same in the App Home and by the command."""
    rates(w, "good", "Quick and kind", ticket=123457)
    w.advance(days=1)
    rates(w, "bad", "Too slow", ticket=123460)
    w.advance(days=1)
    rates(w, "bad", "Nobody answered", ticket=123456)
    for shown in (queue(w, w.maria).text, home(w, w.maria).text):
        order = [shown.index(name) for name in ("#123460", "#123456", "#123457")]
        assert order == sorted(order)
        assert "1 day old" in shown
        assert "Waiting for: your triage" in shown
        assert "Waiting for: a look at its comments" in shown
        assert "Nobody answered" in shown
    assert "empty" in queue(w, w.marco).text
    assert "Satisfaction reviews" not in home(w, w.marco).text


def test_others_do_not_see_reviews(w: World) -> None:
    """What customers say of engineers is for managers."""
    rates(w, "bad", "Too slow")
    assert "Only the managers" in w.alice.runs("/feedback reviews", in_="#support").rendered
    assert "Only full members" in w.gus.runs("/feedback reviews", in_="#support").rendered
    assert "Too slow" not in home(w, w.alice).text


def test_who_takes_turns_is_a_manager(worlds: Worlds) -> None:
    """Named in the rota alone: what is theirs they can see and handle."""
    nobody: dict[str, Any] = {"group": None, "users": [], "fallback": {"group": None, "people": []}}
    w = worlds(policy={"managers": {**nobody, "rota": {"people": ["adam@example.com"], "since": "2026-03-02"}}})
    w.alice.runs("/feedback review 123456 Nobody answered", in_="#support")
    w.settle()
    assert "1 waiting for you" in queue(w, w.adam).text
    presses(w, w.adam, "Triage")
    triages(w, w.adam)
    assert review(w).state == "closed"


def test_a_bad_one_is_triaged_labelled_and_closed(w: World) -> None:
    """The page's three lines become a comment on the issue, never on the ticket; then it is closed."""
    rates(w, "bad", "Nobody answered")
    queue(w, w.maria)
    presses(w, w.maria, "Triage")
    assert "Support Engineer responses unhelpful or customer expectations mishandled" in modal(w.maria).text
    submits(w, w.maria, **{SUMMARY: "A week without an answer\n/close", ACTION: "Talk", WHY: "feedback::soft-skills"})
    found = issue(w)
    assert found["labels"] == ["feedback::soft-skills", "satisfaction::bad"]
    assert found["state"] == "closed"
    (comment,) = comments(w)
    assert "* **Summary of ticket/feedback:** A week without an answer" in comment
    assert "* **Action to be taken:** Talk" in comment
    assert "* **Contact customer to discuss feedback? (Y/N)** N" in comment
    assert len(w.zendesk.comments[123456]) == 1
    assert "empty" in modal(w.maria).text


def test_exactly_one_label_is_chosen_before_it_can_be_closed(w: World) -> None:
    """Without it the form stays open and says so, and there is no *Close*."""
    rates(w, "bad", "Nobody answered")
    assert "Close" not in queue(w, w.maria).buttons
    presses(w, w.maria, "Triage")
    submits(w, w.maria, **{SUMMARY: "Too slow"})
    assert modal(w.maria).errors == {WHY: "Please complete this required field."}
    assert modal(w.maria).values[SUMMARY] == "Too slow"
    assert issue(w)["state"] == "opened"


def test_more_discussion_stays_open_and_says_why(w: World) -> None:
    """In the queue, and in the issue; it can be closed later."""
    rates(w, "bad", "Nobody answered")
    queue(w, w.maria)
    presses(w, w.maria, "Triage")
    triages(w, w.maria, **{NEXT: "Keep it open for more discussion"})
    assert modal(w.maria).errors == {WHY_OPEN: "Say what has to be discussed, so that others know."}
    triages(w, w.maria, **{NEXT: "Keep it open for more discussion", WHY_OPEN: "Is it our queue?"})
    assert "Waiting for: more discussion" in modal(w.maria).text
    assert "> Is it our queue?" in comments(w)[-1]
    assert issue(w)["state"] == "opened"
    presses(w, w.maria, "Close")
    assert issue(w)["state"] == "closed"


def test_a_good_one_is_closed_with_one_button(w: World) -> None:
    """Its comments are shown; no further action is needed."""
    rates(w, "good", "Quick and kind")
    assert "Quick and kind" in queue(w, w.maria).text
    presses(w, w.maria, "Close")
    assert issue(w)["state"] == "closed"
    assert issue(w)["labels"] == ["satisfaction::good"]
    assert "empty" in modal(w.maria).text


def test_a_good_one_nothing_happens_to_closes_by_itself(w: World) -> None:
    """After seven days, and the issue with it; a bad one never does."""
    rates(w, "good", "Quick and kind")
    rates(w, "bad", "Too slow", ticket=123460)
    w.advance(days=6, hours=23)
    assert issue(w)["state"] == "opened"
    w.advance(hours=2)
    assert issue(w)["state"] == "closed"
    w.advance(days=30)
    assert issue(w, 123460)["state"] == "opened"


def test_a_comment_in_the_tracker_is_activity(w: World) -> None:
    """A person's: it closes seven days after that; what the desk writes itself is none."""
    rates(w, "good", "Quick and kind")
    w.advance(days=5)
    w.gitlab.comment("gitlab-com/support/feedback", issue(w)["iid"], "Let me look into that", by="bob")
    w.settle()
    w.advance(days=6)
    assert issue(w)["state"] == "opened"
    w.advance(days=1, hours=1)
    assert issue(w)["state"] == "closed"


def test_it_is_left_to_another_bot(worlds: Worlds) -> None:
    """Where the policy says so: the tracker is believed when the other bot closes it."""
    w = worlds(policy=policy(close_good_after=None), webhooks=True)
    rates(w, "good", "Quick and kind")
    w.advance(days=30)
    assert issue(w)["state"] == "opened"
    w.gitlab.set_state("gitlab-com/support/feedback", issue(w)["iid"], "closed", by="bob")
    w.settle()
    assert review(w).state == "closed"


def test_by_hand_it_is_recorded_like_any_other(w: World) -> None:
    """Everybody may; who typed it is told, and a mistake comes back with what was typed."""
    reply = w.alice.runs("/feedback review 123456 they are <b>furious</b>", in_="#support")
    w.settle()
    assert "Recorded as RV-1" in reply.rendered
    assert issue(w)["title"] == "Negative feedback for ticket 123456"
    again = w.alice.runs("/feedback review #123456 good: it was solved after all", in_="#support")
    w.settle()
    assert "already has a review: RV-1" in again.rendered
    assert issue(w)["title"] == "Positive feedback for ticket 123456"
    wrong = w.alice.runs("/feedback review ACME is furious", in_="#support")
    assert "It is written" in wrong.rendered
    assert "ACME is furious" in wrong.rendered


def test_indirect_feedback_arrives_with_its_next_action(w: World) -> None:
    """Whoever passes it on knows what is to be done: it stands in the queue and in the form."""
    w.carol.runs("/feedback review 123456 They wrote to me. Next: call them by Friday", in_="#support")
    w.settle()
    assert "Next action: call them by Friday" in queue(w, w.maria).text
    presses(w, w.maria, "Triage")
    assert modal(w.maria).values[ACTION] == "call them by Friday"
    assert review(w).words == "They wrote to me."
