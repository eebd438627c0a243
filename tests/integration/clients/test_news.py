"""What the vendors would have told, for who asks: the same facts as by webhook, under keys that stay."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.clients.gitlab import GitLab
from bot.clients.gitlab_news import GitLabNews
from bot.clients.zendesk import Zendesk
from bot.clients.zendesk_news import ZendeskNews
from sandbox.vendors.base import VendorFault
from tests.integration.clients.conftest import Outside
from tests.tickets import ticket
from workflows.contract.errors import Misconfigured, NotFound
from workflows.contract.facts import (
    Fact,
    IncomingFact,
    IssueChange,
    IssueChanged,
    IssueCommented,
    MergeRequestChanged,
    Score,
    TicketChange,
    TicketChanged,
    TicketRated,
)
from workflows.policy.tickets import TicketAccount

FEEDBACK = "gitlab-com/support/feedback"
FIELD = 360001234567


def news(zendesk: Zendesk, **account: Any) -> ZendeskNews:
    """The account as the policy knows it."""
    return ZendeskNews(zendesk.http, "main", TicketAccount(hosts=("acme.zendesk.com",), **account))


def facts(found: list[IncomingFact]) -> list[Fact]:
    """What was told, each under a key of its own."""
    assert len({one.key for one in found}) == len(found)
    return [one.fact for one in found]


def rated(found: list[IncomingFact]) -> list[tuple[Score | None, str, str]]:
    """The ratings: score, comment and answer."""
    return [(one.score, one.comment, one.contact_answer) for one in facts(found) if isinstance(one, TicketRated)]


# ------------------------------------------------------------------------------------------- ratings


def test_ratings_of_a_time_are_listed_over_all_pages(zendesk: Zendesk, outside: Outside) -> None:
    """From `since` on; what is only offered is no rating, and asking twice gives the same keys."""
    outside.clock.move(hours=1)
    start, since = outside.clock.now(), outside.clock.now() - timedelta(seconds=1)
    for number in range(230):
        outside.vendors.zendesk.rate(123457, "bad", f"Slow {number}")
    outside.vendors.zendesk.rate(123456, "offered")
    outside.clock.move(hours=1)
    account = news(zendesk)
    found = account.ratings(since, outside.clock.now())
    assert len(rated(found)) == 230
    assert {(one.at, one.ticket) for one in facts(found) if isinstance(one, TicketRated)} == {(start, ticket(123457))}
    assert [one.key for one in account.ratings(since, outside.clock.now())] == [one.key for one in found]


def response(number: str, at: datetime, *answers: dict[str, Any], about: int = 123456) -> dict[str, Any]:
    """A response to the survey of today."""
    stamp = at.isoformat().replace("+00:00", "Z")
    subjects = [{"id": str(about), "type": "ticket", "zrn": f"zen:ticket:{about}"}]
    return {
        "id": number,
        "survey_id": "s",
        "answers": [{**one, "created_at": stamp, "updated_at": stamp} for one in answers],
        "subjects": subjects,
    }


def scale(rating: float, of: int = 5, **more: Any) -> dict[str, Any]:
    """An answer to the question how satisfied somebody is."""
    options = [{"rating": number} for number in range(1, of + 1)]
    question = {"id": "q1", "type": "rating_scale", "sub_type": "customer_satisfaction", "options": options}
    return {"type": "rating_scale", "rating": rating, "question": question, **more}


COMMENT = {"type": "open_ended", "value": "Nobody called.", "question": {"id": "q2", "alias": "comment"}}
CHOICE = {
    "type": "closed_ended",
    "selections": [{"option_id": "o1"}],
    "question": {
        "id": "q3",
        "alias": "call_me",
        "options": [{"id": "o1", "label": {"value": "Yes"}}, {"id": "o2", "label": {"value": "No"}}],
    },
}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([scale(5, rating_category="good")], (Score.GOOD, "", "")),
        ([scale(1, rating_category="BAD"), COMMENT], (Score.BAD, "Nobody called.", "")),
        ([scale(5), COMMENT], (Score.GOOD, "Nobody called.", "")),
        ([scale(3)], (Score.NEUTRAL, "", "")),
        ([scale(2), {"type": "skipped", "question": {"id": "q2"}}], (Score.BAD, "", "")),
        ([scale(1, of=2)], (Score.BAD, "", "")),
        ([scale(2, of=2), CHOICE], (Score.GOOD, "", "Yes")),
        ([CHOICE], (None, "", "Yes")),
        ([scale(4, question={"type": "rating_scale"}), None, {"type": None}], (Score.GOOD, "", "")),
        ([COMMENT], None),
        ([{"type": "hologram", "question": {}}], None),
    ],
)
def test_the_survey_of_today_is_read(
    zendesk: Zendesk, outside: Outside, answers: list[Any], expected: tuple[Score | None, str, str] | None
) -> None:
    """Scales by their category or their middle, words, and the question about contact, by its alias."""
    outside.clock.move(hours=1)
    at = outside.clock.now()
    outside.vendors.zendesk.surveys.responses = [response("1", at, *[one for one in answers if one])]
    found = rated(news(zendesk, contact_question="call_me").ratings(at - timedelta(seconds=1), at))
    assert found == ([expected] if expected else [])


def test_what_is_not_understood_is_remembered_for_the_log_and_the_doctor(zendesk: Zendesk, outside: Outside) -> None:
    """Each kind of question once; the answers beside it are read. Pages are followed by their cursor."""
    outside.clock.move(hours=1)
    at = outside.clock.now()
    odd = {"type": "matrix", "question": {"sub_type": "grid"}}
    outside.vendors.zendesk.surveys.responses = [response(str(n), at, scale(1), odd) for n in range(150)]
    account = news(zendesk)
    assert len(account.ratings(at - timedelta(seconds=1), at)) == 150
    assert account.unknown.kinds == {"matrix grid"}
    assert account.surveys() == "It has the survey of today."


def test_a_survey_that_an_account_does_not_have_is_asked_for_once_a_day(zendesk: Zendesk, outside: Outside) -> None:
    """Every few minutes the same refusal would look like trouble."""
    account, now = news(zendesk), outside.clock.now()
    for hours in (0, 1, 23, 24):
        account.ratings(now, now + timedelta(hours=hours))
    assert sum("survey_responses" in call for call in outside.vendors.zendesk.calls) == 2


def test_an_account_without_either_survey_says_why(zendesk: Zendesk, outside: Outside) -> None:
    """One that is missing is none of our business; both are."""
    assert news(zendesk).surveys() == "It has the older satisfaction survey, or none."
    outside.vendors.zendesk.faults.append(VendorFault(status=403, body="Forbidden", times=2))
    with pytest.raises(Misconfigured):
        news(zendesk).ratings(outside.clock.now(), outside.clock.now())


# ----------------------------------------------------------------------------------- one ticket's feedback


def test_the_feedback_on_a_ticket_is_what_stands_there(zendesk: Zendesk, outside: Outside) -> None:
    """Whatever somebody says of it: the rating, the words, and the answer in the account's own field."""
    at = outside.clock.now()
    outside.vendors.zendesk.rate(123456, "bad", "Nobody called.", contact=True)
    own = news(zendesk, contact_field=FIELD)
    assert rated(own.feedback(123456, at, "No")) == [(Score.BAD, "Nobody called.", "contact_yes")]
    assert rated(news(zendesk).feedback(123456, at, "No")) == [(Score.BAD, "Nobody called.", "No")]
    assert [one.key for one in own.feedback(123456, at, "")] == [one.key for one in own.feedback(123456, at, "x")]
    assert own.feedback(123459, at, "Yes") == []
    with pytest.raises(NotFound):
        own.feedback(99, at, "Yes")


def test_a_form_in_the_ticket_has_its_own_fields(zendesk: Zendesk, outside: Outside) -> None:
    """Rating and comment are read from there, by tag or words; a checkbox is true or false."""
    fields = [(1, "feedback_neutral"), (2, "It was fine."), (3, True), (4, None)]
    outside.vendors.zendesk.ticket(123456)["custom_fields"] = [{"id": one, "value": value} for one, value in fields]
    form = news(zendesk, rating_field=1, comment_field=2, contact_field=3)
    assert rated(form.feedback(123456, outside.clock.now(), "")) == [(Score.NEUTRAL, "It was fine.", "true")]


def test_the_response_to_todays_survey_is_found_by_its_ticket(zendesk: Zendesk, outside: Outside) -> None:
    """And no other ticket's."""
    at = outside.clock.now()
    outside.vendors.zendesk.surveys.responses = [response("1", at, scale(1), about=123457), response("2", at, scale(5))]
    assert rated(news(zendesk).feedback(123456, at, "")) == [(Score.GOOD, "", "")]


# ------------------------------------------------------------------------------------ changes of tickets


def test_what_happened_to_tickets_is_read_from_their_history(zendesk: Zendesk, outside: Outside) -> None:
    """Replies of staff, statuses and merges, by whom; a customer's own comment and an internal note are none."""
    desk, begin = outside.vendors.zendesk, outside.clock.now() + timedelta(minutes=5)
    desk.set_status(123456, "pending")
    desk.set_status(123456, "solved")
    outside.clock.move(minutes=10)
    desk.set_status(123456, "open")
    desk.reply(123456, "We are on it.")
    desk.reply(123456, "Staff only.", public=False)
    desk.reply(123456, "Thank you!", by=101)
    desk.merge(123457, 123456)
    desk.set_status(123460, "closed")
    found = facts(news(zendesk).changes([123456, 123457, 123459, 123460, 123461, 99], begin))
    assert [(one.ticket.number, one.change, one.by) for one in found if isinstance(one, TicketChanged)] == [
        (123456, TicketChange.REOPENED, "Alice Agent"),
        (123456, TicketChange.REPLIED, "Alice Agent"),
        (123457, TicketChange.MERGED, "Alice Agent"),
        (123460, TicketChange.CLOSED, "Alice Agent"),
    ]
    assert [one.into for one in found if isinstance(one, TicketChanged) and one.into] == [ticket(123456)]
    read = [call for call in desk.calls if "/audits" in call]
    assert len(read) == 3, "only of those that changed"
    desk.faults += [VendorFault(times=0), VendorFault(status=404, body="deleted")]
    assert len(news(zendesk).changes([123456, 123457], begin)) == 1, "the others are read all the same"


# ------------------------------------------------------------------------------------- changes of issues


def test_what_happened_to_issues_is_read_from_their_events(gitlab: GitLab, outside: Outside) -> None:
    """Opened, labelled, closed and reopened since, by whom; of all issues of a project, or of some."""
    tracker = outside.vendors.gitlab
    old = tracker.open_issue(FEEDBACK, "Old", [])["iid"]
    outside.clock.move(hours=1)
    begin = outside.clock.now()
    outside.clock.move(minutes=1)
    new = tracker.open_issue(FEEDBACK, "Negative feedback for ticket 5", ["a"])["iid"]
    outside.clock.move(minutes=1)
    tracker.label(FEEDBACK, old, "SSAT::Contact")
    outside.clock.move(minutes=1)
    tracker.set_state(FEEDBACK, old, "closed")
    tracker.set_state(FEEDBACK, old, "opened")
    told = facts(GitLabNews(gitlab.http).changes(FEEDBACK, begin))
    assert [one.sentence for one in sorted(told, key=lambda one: one.at)] == [
        f"opened {FEEDBACK}#{new}",
        f"labelled {FEEDBACK}#{old}: +SSAT::Contact",
        f"closed {FEEDBACK}#{old}",
        f"reopened {FEEDBACK}#{old}",
    ]
    assert all(isinstance(one, IssueChanged) and one.project == FEEDBACK and one.by for one in told)
    some = GitLabNews(gitlab.http).changes(FEEDBACK, begin, [new, 999])
    assert [one.sentence for one in facts(some)] == [f"opened {FEEDBACK}#{new}"]
    assert GitLabNews(gitlab.http).changes(FEEDBACK, begin, []) == []


def test_comments_and_edits_are_read_from_the_notes(gitlab: GitLab, outside: Outside) -> None:
    """Written since, by whom; the desk's own are known as such, and other notes of the tracker's are none."""
    tracker = outside.vendors.gitlab
    issue = tracker.open_issue(FEEDBACK, "Old", [])
    tracker.comment(FEEDBACK, issue["iid"], "Before")
    outside.clock.move(hours=1)
    begin = outside.clock.now()
    outside.clock.move(minutes=1)
    tracker.comment(FEEDBACK, issue["iid"], "What do you mean?")
    gitlab.comment(FEEDBACK, issue["iid"], "This.", mark="m1")
    for words in ("changed the description", "assigned to @maria"):
        tracker.note(issue, words, tracker.user("maria"))["system"] = True
    told = facts(GitLabNews(gitlab.http).changes(FEEDBACK, begin))
    comments = [(one.words[:17], one.author, one.is_own) for one in told if isinstance(one, IssueCommented)]
    assert sorted(comments) == [("This.\n\n<!-- desk:", "desk", True), ("What do you mean?", "omar", False)]
    assert [one.change for one in told if isinstance(one, IssueChanged)] == [IssueChange.EDITED]


def test_merge_requests_that_ended_are_told(outside: Outside) -> None:
    """Merged or closed since, by whom; of those that are asked for."""
    tracker, project = outside.vendors.gitlab, "gitlab-com/support/team"
    path = next(iter(tracker.projects))
    tracker.access_levels[path] = 30
    opened = tracker.stamp()
    tracker.repository.merge_requests[path] = [
        {
            "id": number,
            "iid": number,
            "title": "Draft",
            "project_id": tracker.projects[path],
            "state": "opened",
            "source_branch": f"b{number}",
            "target_branch": "main",
            "web_url": f"/{number}",
            "references": {"full": f"{path}!{number}"},
            "updated_at": opened,
        }
        for number in (1, 2, 3)
    ]
    outside.clock.move(hours=1)
    begin = outside.clock.now()
    outside.clock.move(minutes=1)
    tracker.repository.set_state(path, 2, "closed")
    tracker.repository.set_state(path, 3, "closed")
    gitlab = GitLab(f"{outside.url}/vendors/gitlab", "sandbox-gitlab", now=outside.clock.now)
    told = facts(GitLabNews(gitlab.http).merge_requests(path, begin, [1, 2]))
    assert [(one.number, one.state, one.by) for one in told if isinstance(one, MergeRequestChanged)] == [
        (2, "closed", "Omar Haddad")
    ]
    assert GitLabNews(gitlab.http).merge_requests(path, outside.clock.now(), [2]) == []
    with pytest.raises(NotFound):
        GitLabNews(gitlab.http).merge_requests(f"{project}/nowhere", begin, [1])
    gitlab.disconnect()
