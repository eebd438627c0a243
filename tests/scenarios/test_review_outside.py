"""What happens outside: other tools open issues, people label, close and reopen them, customers change their minds."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.vendors.base import VendorFault
from sandbox.vendors.webhook_payloads import ticket_event
from tests.scenarios.conftest import Worlds
from tests.scenarios.review import (
    ACTION,
    NEXT,
    PROJECT,
    SUMMARY,
    WHY,
    WHY_OPEN,
    assignees,
    comments,
    issue,
    issues,
    modal,
    policy,
    presses,
    queue,
    rates,
    review,
    submits,
    triages,
)
from tests.tickets import ticket
from tests.world import World
from workflows.contract.facts import IncomingFact, Score, TicketRated


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where Maria is the manager on duty, and the vendors tell what happens in them."""
    return worlds(policy=policy(), webhooks=True)


def test_the_same_rating_twice_by_webhook_is_one(w: World) -> None:
    """Delivered again, or told by the survey's event, too: one review, one issue, one line."""
    rates(w, "bad", "Nobody answered")
    told = {"satisfaction_score": {"score": "BAD", "comment": "Nobody answered"}}
    w.zendesk.hook.deliver(w.zendesk.hook.deliveries[-1].body)
    w.zendesk.hook.deliver(ticket_event("csat_received", w.zendesk.ticket(123456), w.zendesk.stamp(), told))
    w.settle()
    assert [one.status for one in w.zendesk.hook.deliveries] == [200, 200, 200]
    assert len(issues(w)) == 1
    assert len(review(w).said) == 1
    assert w.desk.engine.cases.read("RV-2") is None


def test_the_form_within_a_ticket_becomes_a_review(w: World) -> None:
    """Neutral, with a contact nobody asked for: its issue has the page's title, and no label of a tone."""
    rates(w, "neutral", "It goes on", contact=False)
    assert (issue(w)["title"], issue(w)["labels"]) == ("Neutral feedback for ticket 123456", [])
    assert "contact" not in queue(w, w.maria).text.lower()


def test_an_issue_that_is_told_twice_is_one_review(w: World) -> None:
    """GitLab delivers again what it has no answer to."""
    w.gitlab.open_issue(PROJECT, "Negative feedback for ticket 123456", [], by="bob")
    w.settle()
    w.gitlab.hook.deliver(w.gitlab.hook.deliveries[0].body)
    w.settle()
    assert (len(issues(w)), len(review(w).said)) == (1, 1)
    assert "second feedback issue" not in queue(w, w.maria).text


def test_an_issue_another_tool_opened_is_adopted_by_its_title(w: World) -> None:
    """Before the rating is heard, or after it: it is never doubled, and gets what the page wants of it."""
    w.gitlab.open_issue(PROJECT, "Negative feedback for ticket 123456", [], by="bob")
    w.settle()
    assert review(w).owner == "U0MARIA"
    assert issue(w)["labels"] == ["satisfaction::bad"]
    assert assignees(w) == ["maria"]
    rates(w, "bad", "Nobody answered")
    assert len(issues(w)) == 1
    assert "> Nobody answered" in comments(w)[-1]
    assert "Nobody answered" in queue(w, w.maria).text


def test_an_existing_issue_of_another_tone_is_adopted_and_renamed(w: World) -> None:
    """The customer's issue, of whatever tone; its title says the tone that holds now."""
    w.gitlab._open(PROJECT, "Positive feedback for ticket 123456", "", ["satisfaction::good"])
    rates(w, "bad", "Not after all")
    found = issue(w)
    assert assignees(w) == ["maria"]
    assert found["title"] == "Negative feedback for ticket 123456"
    assert found["labels"] == ["satisfaction::bad"]


def test_a_closed_issue_that_is_adopted_is_opened_again(w: World) -> None:
    """Its rating is new, so somebody has to look at it."""
    w.gitlab._open(PROJECT, "Negative feedback for ticket 123456", "", ["satisfaction::bad"])["state"] = "closed"
    rates(w, "bad", "Again")
    assert issue(w)["state"] == "opened"


def test_an_owner_the_tracker_does_not_know_holds_nothing_up(w: World) -> None:
    """The queue says so; its labels and comments are written all the same."""
    w.gitlab.users[:] = [user for user in w.gitlab.users if user["username"] != "maria"]
    w.gitlab.open_issue(PROJECT, "Negative feedback for ticket 123456", [], by="bob")
    rates(w, "bad", "Nobody answered")
    assert "GitLab knows nobody called maria@example.com" in queue(w, w.maria).text
    assert issue(w)["labels"] == ["satisfaction::bad"]
    assert "> Nobody answered" in comments(w)[-1]


def test_a_title_that_only_looks_like_it_is_left_alone(w: World) -> None:
    """Titles are compared exactly."""
    w.gitlab.open_issue(PROJECT, "Re: Negative feedback for ticket 123456", [], by="bob")
    w.gitlab.open_issue("gitlab-org/gitlab", "Negative feedback for ticket 123456", [], by="bob")
    w.settle()
    assert w.desk.engine.cases.read("RV-1") is None


def test_a_second_issue_is_named_in_the_queue(w: World) -> None:
    """Somebody opened one although there was one: nobody has to find out by accident."""
    rates(w, "bad", "Nobody answered")
    w.gitlab.open_issue(PROJECT, "Negative feedback for ticket 123456", [], by="bob")
    w.settle()
    assert "a second feedback issue" in queue(w, w.maria).text


def test_a_rating_that_changes_and_changes_back_is_one_review(w: World) -> None:
    """Bad, good, bad, and a comment later: the issue follows each time, and nothing is lost."""
    rates(w, "bad", "Nobody answered")
    w.advance(hours=1)
    rates(w, "good", "Now they did")
    assert (issue(w)["title"], issue(w)["labels"]) == (
        "Positive feedback for ticket 123456",
        ["satisfaction::good"],
    )
    w.advance(hours=1)
    rates(w, "bad")
    w.advance(hours=1)
    rates(w, "bad", "And then they stopped")
    assert (issue(w)["title"], issue(w)["labels"]) == ("Negative feedback for ticket 123456", ["satisfaction::bad"])
    assert "changed their feedback from bad to good" in comments(w)[0]
    assert "changed their feedback from good to bad" in comments(w)[1]
    assert "> And then they stopped" in comments(w)[2]
    assert len(issues(w)) == 1


def test_what_is_told_late_changes_nothing_but_the_record(w: World) -> None:
    """The older rating comes after the newer one: the newer one holds."""
    rates(w, "good", "Fine now")
    late = TicketRated(at=w.clock.now() - timedelta(hours=3), ticket=ticket(123456), score=Score.BAD, comment="Slow")
    w.desk.inbox.take([IncomingFact("zendesk:late", late)], w.clock.now())
    w.settle()
    assert issue(w)["labels"] == ["satisfaction::good"]
    assert [one.words for one in review(w).said] == ["Slow", "Fine now"]


def test_a_changed_rating_opens_a_closed_review_again(w: World) -> None:
    """Closed as good, then the customer is angry: somebody has to look."""
    rates(w, "good", "Fine")
    queue(w, w.maria)
    presses(w, w.maria, "Close")
    w.advance(hours=1)
    rates(w, "bad", "It broke again")
    assert issue(w)["state"] == "opened"
    assert "It broke again" in queue(w, w.maria).text


def test_the_label_set_by_hand_is_believed(w: World) -> None:
    """The tracker is as good a place as the form: then it can be closed here."""
    rates(w, "bad", "Nobody answered")
    w.gitlab.label(PROJECT, issue(w)["iid"], "feedback::known-issue")
    w.settle()
    assert review(w).label == "feedback::known-issue"
    queue(w, w.maria)
    presses(w, w.maria, "Close")
    assert issue(w)["state"] == "closed"
    assert issue(w)["labels"] == ["feedback::known-issue", "satisfaction::bad"]


def test_two_labels_set_by_hand_have_to_become_one(w: World) -> None:
    """Without a paid tier GitLab lets both stand: the queue names them, the form leaves one."""
    rates(w, "bad", "Nobody answered")
    for label in ("feedback::known-issue", "feedback::soft-skills"):
        w.gitlab.label(PROJECT, issue(w)["iid"], label)
    w.settle()
    shown = queue(w, w.maria)
    assert "feedback::known-issue and feedback::soft-skills" in shown.text
    assert "Close" not in shown.buttons
    presses(w, w.maria, "Triage")
    triages(w, w.maria, label="feedback::docs-not-helpful")
    assert issue(w)["labels"] == ["feedback::docs-not-helpful", "satisfaction::bad"]


@pytest.mark.parametrize("scoped", [True, False])
def test_with_and_without_scoped_labels_one_stands(w: World, scoped: bool) -> None:  # noqa: FBT001 - a parameter
    """What the form says replaces what was there."""
    w.gitlab.scoped_labels = scoped
    rates(w, "bad", "Nobody answered")
    w.gitlab.label(PROJECT, issue(w)["iid"], "feedback::known-issue")
    w.settle()
    queue(w, w.maria)
    presses(w, w.maria, "Triage")
    triages(w, w.maria, label="feedback::soft-skills")
    assert issue(w)["labels"] == ["feedback::soft-skills", "satisfaction::bad"]


def test_closed_and_reopened_by_hand_the_review_follows(w: World) -> None:
    """The tracker is believed, also where the desk would have asked for a label."""
    rates(w, "bad", "Nobody answered")
    w.advance(minutes=5)
    w.gitlab.set_state(PROJECT, issue(w)["iid"], "closed")
    w.settle()
    assert review(w).state == "closed"
    assert "empty" in queue(w, w.maria).text
    w.advance(minutes=5)
    w.gitlab.set_state(PROJECT, issue(w)["iid"], "opened")
    w.settle()
    assert "Nobody answered" in queue(w, w.maria).text


def test_the_tone_set_by_hand_is_believed(w: World) -> None:
    """Somebody sees that a good rating was meant badly."""
    rates(w, "good", "Great, I love to wait")
    w.gitlab.unlabel(PROJECT, issue(w)["iid"], "satisfaction::good")
    w.gitlab.label(PROJECT, issue(w)["iid"], "satisfaction::bad")
    w.settle()
    assert issue(w)["labels"] == ["satisfaction::bad"]
    assert "Triage" in queue(w, w.maria).buttons


@pytest.mark.parametrize(
    ("ticket", "why"),
    [(123459, "its ticket has the tag free_customer"), (123461, "its ticket belongs to DigitalOcean Support")],
)
def test_what_gets_no_survey_is_recorded_and_not_acted_on(w: World, ticket: int, why: str) -> None:
    """No issue, nothing in the queue."""
    rates(w, "bad", "Hm", ticket=ticket)
    assert issues(w, ticket) == []
    assert (review(w).state, review(w).no_survey) == ("recorded", why)
    assert "empty" in queue(w, w.maria).text


def test_suspended_spam_is_recorded_only(w: World) -> None:
    """Who wrote it is suspended."""
    w.zendesk.users[101]["suspended"] = True
    rates(w, "bad", "Buy my pills")
    assert review(w).no_survey == "its ticket is suspended as spam"
    assert issues(w) == []


def test_a_merged_or_deleted_ticket_stays_in_the_queue_and_says_so(w: World) -> None:
    """Its customer has said something all the same."""
    rates(w, "bad", "Nobody answered")
    w.zendesk.merge(123456, 123457)
    w.settle()
    assert "was merged into #123457" in queue(w, w.maria).text
    w.zendesk.tickets.pop(123460)
    late = TicketRated(at=w.clock.now(), ticket=ticket(123460), score=Score.BAD)
    w.desk.inbox.take([IncomingFact("zendesk:late", late)], w.clock.now())
    w.settle()
    assert "doesn't have this ticket any more" in queue(w, w.maria).text
    assert len(issues(w, 123460)) == 1


def test_what_people_write_obeys_nobody_and_calls_nobody(w: World) -> None:
    """Mark-up, mentions, quick actions and ten thousand characters: of customers, and of managers in the forms."""
    words = "<!channel> @all *bold* <https://evil.example|x>\n/close\n/label ~bug\n" + "long " * 2000
    rates(w, "bad", words)
    rates(w, "good", words, ticket=123457)
    found = issue(w)
    assert (found["state"], found["labels"]) == ("opened", ["satisfaction::bad"])
    assert "@all" not in found["description"]
    assert "<!channel>" not in str(queue(w, w.maria).raw)
    assert len(review(w).words) > 9_000
    presses(w, w.maria, "Kudos")
    assert len(modal(w.maria).values["What was said?"]) == 3000
    submits(w, w.maria)
    presses(w, w.maria, "Triage")
    typed = words[:200]
    kept = {NEXT: "Keep it open for more discussion", WHY_OPEN: typed, ACTION: typed}
    submits(w, w.maria, **{SUMMARY: typed, WHY: "feedback::soft-skills", **kept})
    assert modal(w.maria).title == "Reviews"
    assert (issue(w)["state"], len(comments(w))) == ("opened", 2)
    assert not [line for body in comments(w) for line in body.splitlines() if line.lstrip().startswith("/")]
    assert "@all" not in "".join(comments(w))
    w.advance_to(datetime(2026, 3, 6, 15, 1, tzinfo=UTC))
    posted = [one for one in w.alice.sees("#support") if "week in review" in one.rendered]
    assert [sorted(one.mentions) for one in posted] == [["@alice", "@maria"]]


def test_gitlab_is_down_and_nothing_is_lost(w: World) -> None:
    """It is written when the tracker is back; meanwhile the review is in the queue."""
    w.gitlab.faults.append(VendorFault(times=100, status=503))
    rates(w, "bad", "Nobody answered")
    assert "Nobody answered" in queue(w, w.maria).text
    w.gitlab.faults.clear()
    w.advance(minutes=10)
    assert len(issues(w)) == 1


def test_a_locked_issue_is_said_and_tried_again(w: World) -> None:
    """GitLab refuses: the queue says what to do by hand, and offers to try again."""
    rates(w, "bad", "Nobody answered")
    queue(w, w.maria)
    presses(w, w.maria, "Triage")
    w.gitlab.locked.add(issue(w)["id"])
    triages(w, w.maria, **{"What happens next?": "Keep it open for more discussion", "Why does it stay open?": "Hm"})
    w.advance(hours=5)
    assert "by hand" in queue(w, w.maria).text
    w.gitlab.locked.clear()
    presses(w, w.maria, "Retry the issue")
    assert len(comments(w)) == 2


def test_without_webhooks_ratings_are_asked_for_once_each(worlds: Worlds) -> None:
    """Every few minutes, since the last one seen: what was given before the desk came is left alone."""
    w = worlds(policy={**policy(), "polling": {"ratings": "5m"}})
    w.advance(minutes=6)
    assert w.desk.engine.cases.read("RV-1") is None
    w.zendesk.rate(123456, "bad", "Nobody answered")
    w.zendesk.rate(123457, "offered")
    for _ in range(5):
        w.advance(minutes=5)
    assert len(issues(w)) == 1
    assert [one.words for one in review(w).said] == ["Nobody answered"]
    assert w.desk.engine.cases.read("RV-2") is None
    w.zendesk.rate(123456, "good", "Now they did")
    w.restart()
    w.advance(minutes=11)
    assert issue(w)["labels"] == ["satisfaction::good"]


def test_the_same_rating_by_webhook_by_asking_and_by_issue_is_one(worlds: Worlds) -> None:
    """Three ways in, one review."""
    w = worlds(policy={**policy(), "polling": {"ratings": "5m"}}, webhooks=True)
    rates(w, "bad", "Nobody answered")
    w.advance(minutes=11)
    w.gitlab.open_issue(PROJECT, "Negative feedback for ticket 123457", [], by="bob")
    w.settle()
    rates(w, "bad", "Too slow", ticket=123457)
    w.advance(minutes=11)
    assert [len(review(w, name).said) for name in ("RV-1", "RV-2")] == [1, 2]
    assert (len(issues(w)), len(issues(w, 123457))) == (1, 1)
    assert w.desk.engine.cases.read("RV-3") is None


def test_a_moved_issue_is_followed(w: World) -> None:
    """It is closed in its old place and goes on in the new one: so does the review."""
    rates(w, "bad", "Nobody answered")
    w.advance(minutes=1)
    meta = "gitlab-com/support/support-team-meta"
    copied = w.gitlab.move(PROJECT, issue(w)["iid"], meta)
    w.settle()
    assert review(w).state == "open"
    queue(w, w.maria)
    presses(w, w.maria, "Triage")
    triages(w, w.maria)
    assert (copied["state"], "feedback::soft-skills" in copied["labels"]) == ("closed", True)
    assert len(w.gitlab.notes[copied["id"]]) == 1
    assert len(comments(w)) == 0


def test_an_issue_moved_out_of_sight_is_said(w: World) -> None:
    """No webhook tells of where it is now: the queue says what to do by hand, and the review goes on."""
    rates(w, "bad", "Nobody answered")
    w.advance(minutes=1)
    found = issue(w)
    found["moved_to_id"] = 1
    w.gitlab.set_state(PROJECT, found["iid"], "closed")
    w.settle()
    assert "moved to a project I don't hear from" in queue(w, w.maria).text
    presses(w, w.maria, "Triage")
    triages(w, w.maria)
    assert review(w).state == "closed"
