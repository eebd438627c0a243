"""Webhooks from the HTTP request to the case."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.service.assemble import webhook_readers
from bot.webhooks.routes import LARGEST_BODY
from bot.webhooks.zendesk import PUBLIC_SECRET
from sandbox.server import Sandbox
from tests.integration.webhooks.conftest import HookedDesk
from tests.policies import company_policy
from tests.threads import together
from tests.tickets import ticket
from tests.unit.webhooks.delivering import gitlab_issue, labels_changed, pagerduty_event, zendesk_event
from tests.world import own_seconds, sandbox_settings
from workflows.contract.engine import CaseEngine
from workflows.contract.facts import IncomingFact, TicketRated
from workflows.contract.values import IssueLink
from workflows.engine.inbox import KEPT_FOR
from workflows.feedback import model
from workflows.feedback.model import KIND, Drafted, Typed
from workflows.policy.feedback import Kind

SOLVED = zendesk_event("status_changed", {"previous": "OPEN", "current": "SOLVED"}, "123456")
ISSUE = IssueLink(project="gitlab-com/support/feedback", number=23, title="x", url="https://gitlab.example.com/x")


def test_what_is_told_is_saved_before_the_answer(desk: HookedDesk) -> None:
    """When Zendesk hears 200, the desk may be killed: it is in the database, and not handled yet."""
    case = desk.feedback(123456)
    answer = desk.zendesk(SOLVED)
    assert (answer.status_code, answer.text) == (200, "Saved.\n")
    assert [(row.key, row.state) for row in desk.saved()] == [(f"zendesk:main:{SOLVED['id']}", "waiting")]
    assert desk.notes(case) == []


def test_a_crash_between_saving_and_handling_loses_nothing(desk: HookedDesk) -> None:
    """The next start handles what the last one only saved."""
    case = desk.feedback(123456)
    desk.zendesk(SOLVED)
    desk.stop()
    desk.start()
    assert desk.engine.next_due() == desk.clock.now()
    assert desk.handle() == 1
    assert desk.notes(case) == [("tickets", "ticket 123456 was solved")]
    assert desk.handle() == 0


def test_the_cases_of_the_ticket_hear_of_it_and_no_others(desk: HookedDesk) -> None:
    """Two cases about the ticket, one about another."""
    first, second, other = desk.feedback(123456), desk.feedback(123456, by="U2"), desk.feedback(123457)
    desk.zendesk(SOLVED)
    desk.handle()
    assert [len(desk.notes(case)) for case in (first, second, other)] == [1, 1, 0]


def test_the_case_follows_its_issue(desk: HookedDesk) -> None:
    """Labelled, closed and reopened by hand: the timeline says by whom."""
    case = desk.feedback(123456, ISSUE)
    labelled = gitlab_issue("update", changes=labels_changed([], ["seen"]))
    for body in (labelled, gitlab_issue("close"), gitlab_issue("reopen")):
        assert desk.gitlab(body).status_code == 200
    desk.handle()
    who, name = "María García (tracker)", "gitlab-com/support/feedback#23"
    assert desk.notes(case) == [(who, f"labelled {name}: +seen"), (who, f"closed {name}"), (who, f"reopened {name}")]


def test_an_issue_is_found_by_its_projects_number_as_well(desk: HookedDesk) -> None:
    """A policy may name the project by its number."""
    case = desk.feedback(123456, ISSUE.model_copy(update={"project": "278965"}))
    desk.gitlab(gitlab_issue("close"))
    desk.handle()
    assert len(desk.notes(case)) == 1


def test_a_ticket_that_was_corrected_is_no_longer_followed(desk: HookedDesk) -> None:
    """What a case follows changes with it."""
    case = desk.feedback(123456)
    corrected = model.TicketCorrected("U1", ticket(123457))
    desk.engine.submit(case, corrected, key="correct", now=desk.clock.now())
    desk.zendesk(SOLVED)
    desk.zendesk(zendesk_event("merged", {}, "123457") | {"id": "another"})
    desk.handle()
    assert desk.notes(case) == [("tickets", "ticket 123457 was merged into another ticket")]


def test_a_page_nobody_here_opened_is_nobodys(desk: HookedDesk) -> None:
    """A fact without a case is saved, handled, and changes nothing."""
    case = desk.feedback(123456)
    assert desk.pagerduty(pagerduty_event("incident.acknowledged", "acknowledged")).status_code == 200
    assert desk.handle() == 1
    assert desk.notes(case) == []
    assert desk.counts.facts == [("page_changed", "done")]


# ------------------------------------------------------------------------------------- again and again


def test_the_same_delivery_again_changes_nothing(desk: HookedDesk) -> None:
    """Twice before it was handled, once afterwards: each is answered 200, and the case hears it once."""
    case = desk.feedback(123456)
    assert [desk.zendesk(SOLVED).status_code for _ in range(2)] == [200, 200]
    desk.handle()
    assert desk.zendesk(SOLVED).status_code == 200
    desk.handle()
    assert len(desk.notes(case)) == 1
    assert desk.counts.webhooks == [("zendesk", "taken"), ("zendesk", "repeated"), ("zendesk", "repeated")]


def test_deliveries_at_the_same_time_are_saved_once(desk: HookedDesk) -> None:
    """Eight at once: one is new, none fails."""
    answers = together(*[lambda: desk.zendesk(SOLVED).status_code] * 8)
    assert answers == [200] * 8
    assert len(desk.saved()) == 1


def test_two_processes_that_handle_the_same_fact_tell_the_case_once(desk: HookedDesk) -> None:
    """Each case takes an event of one key once, whoever hands it on."""
    case = desk.feedback(123456)
    desk.zendesk(SOLVED)
    together(*[desk.handle] * 4)
    assert len(desk.notes(case)) == 1


def test_facts_in_the_wrong_order_are_taken_as_they_come(desk: HookedDesk) -> None:
    """Reopened before solved, closed before opened: nothing breaks."""
    case = desk.feedback(123456, ISSUE)
    reopened = zendesk_event("status_changed", {"previous": "SOLVED", "current": "OPEN"}, "123456") | {"id": "2"}
    for body in (reopened, SOLVED):
        desk.zendesk(body)
    for action in ("reopen", "close", "open"):
        desk.gitlab(gitlab_issue(action))
    assert desk.handle() == 5
    assert len(desk.notes(case)) == 5


def test_what_was_handled_is_not_kept_twice(desk: HookedDesk) -> None:
    """The customer's words go into the case; the inbox keeps the key alone, and that for a month."""
    body = {"type": "desk.feedback", "ticket": "123456", "rating": "bad", "at": "x", "comment": "Call me"}
    desk.zendesk(body)
    assert desk.saved()[0].data["comment"] == "Call me"
    desk.handle()
    assert desk.saved()[0].data == {}
    assert desk.inbox.forget(desk.clock.now() + KEPT_FOR) == 0
    assert desk.inbox.forget(desk.clock.now() + KEPT_FOR + timedelta(seconds=1)) == 1
    assert desk.saved() == []


# ------------------------------------------------------------------------------------------- refused


def test_a_wrong_signature_is_refused_and_nothing_is_saved(desk: HookedDesk) -> None:
    """401 for each vendor, and no word of what was wrong with it."""
    answers = [
        desk.zendesk(SOLVED, secret="wrong"),
        desk.zendesk(SOLVED, secret=PUBLIC_SECRET),
        desk.gitlab(gitlab_issue("open"), token="wrong"),
        desk.pagerduty(pagerduty_event("incident.resolved", "resolved"), secret="wrong"),
    ]
    assert [answer.status_code for answer in answers] == [401] * 4
    assert desk.saved() == []
    assert {outcome for _, outcome in desk.counts.webhooks} == {"forbidden"}


def test_the_older_of_two_secrets_is_good_while_it_is_replaced(desk: HookedDesk) -> None:
    """PagerDuty's new secret and the old one hold side by side."""
    assert desk.pagerduty(pagerduty_event("incident.resolved", "resolved"), secret="older").status_code == 200


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("zendesk", "This desk takes no webhooks of zendesk: ZENDESK_WEBHOOK_SECRET is not set.\n"),
        ("gitlab", "This desk takes no webhooks of gitlab: GITLAB_WEBHOOK_TOKEN is not set.\n"),
        ("pagerduty", "This desk takes no webhooks of pagerduty: PAGERDUTY_WEBHOOK_SECRET is not set.\n"),
        ("salesforce", "There are webhooks for zendesk, gitlab, pagerduty, and no others.\n"),
    ],
)
def test_a_webhook_whose_secret_is_not_set_is_not_taken(deaf_desk: HookedDesk, path: str, sentence: str) -> None:
    """404 with a sentence that names the setting: an empty token is nobody's token."""
    answer = deaf_desk.post(f"/webhooks/{path}", {}, {"X-Gitlab-Token": ""})
    assert (answer.status_code, answer.text) == (404, sentence)


def test_what_is_set_is_taken() -> None:
    """Each secret of the settings opens its own door."""
    with Sandbox() as sandbox:
        assert webhook_readers(sandbox_settings(sandbox, "sqlite://"), company_policy()) == {}
        more = {"ZENDESK_WEBHOOK_SECRET": "a", "GITLAB_WEBHOOK_TOKEN": "b", "PAGERDUTY_WEBHOOK_SECRET": "c"}
        assert set(webhook_readers(sandbox_settings(sandbox, "sqlite://", **more), company_policy())) == {
            "zendesk",
            "gitlab",
            "pagerduty",
        }


# ------------------------------------------------------------------- never a reason to be switched off


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"object_kind": "issue"}', b"\xff\xfe"])
def test_what_an_authentic_sender_garbles_is_answered_with_success(desk: HookedDesk, body: bytes) -> None:
    """GitLab switches a webhook off for good after a few 4xx: it gets none but for a wrong token."""
    answer = desk.gitlab(body)
    assert answer.status_code == 200
    assert desk.counts.webhooks == [("gitlab", "malformed")]
    assert desk.saved() == []


def test_types_nobody_knows_are_accepted_and_ignored(desk: HookedDesk) -> None:
    """Vendors add types of events; they are no faults."""
    answers = [
        desk.zendesk({"type": "zen:event-type:user.created", "id": "1"}),
        desk.gitlab({"object_kind": "emoji"}),
        desk.pagerduty({"event": {"id": "1", "event_type": "pagey.ping"}}),
    ]
    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "Nothing for us.\n")] * 3
    assert desk.saved() == []


def test_a_body_that_is_too_large_is_not_kept(desk: HookedDesk) -> None:
    """GitLab, known by its token, hears 200 all the same; a signature over a body nobody reads proves nothing: 413."""
    large = b" " * (LARGEST_BODY + 1)
    assert desk.gitlab(large).status_code == 200
    assert desk.gitlab(large, token="wrong").status_code == 413
    assert desk.zendesk(large).status_code == 413
    assert desk.pagerduty(large).status_code == 413
    assert desk.saved() == []


def test_a_large_issue_is_taken(desk: HookedDesk) -> None:
    """A description of a million characters is GitLab's limit, not ours."""
    body = gitlab_issue("open")
    body["object_attributes"]["description"] = "x" * 1_048_576
    assert desk.gitlab(body).text == "Saved.\n"
    assert desk.saved()[0].data["number"] == 23


def test_what_cannot_be_saved_is_asked_for_again(desk: HookedDesk) -> None:
    """503 while the database has trouble: the vendor tries again later, and then it is taken."""
    with desk.database.transaction() as connection:
        connection.execute(text("ALTER TABLE inbox RENAME TO elsewhere"))
    assert desk.zendesk(SOLVED).status_code == 503
    with desk.database.transaction() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO inbox"))
    assert desk.zendesk(SOLVED).text == "Saved.\n"
    assert desk.counts.webhooks == [("zendesk", "not_saved"), ("zendesk", "taken")]


def test_the_answer_does_not_wait_for_what_follows(desk: HookedDesk) -> None:
    """Twenty deliveries with nobody to handle them are answered, each with well under a second of work."""
    slowest = 0.0
    for number in range(20):
        before = own_seconds()
        assert desk.gitlab(gitlab_issue("open"), **{"Idempotency-Key": str(number)}).text == "Saved.\n"
        slowest = max(slowest, own_seconds() - before)
    assert slowest < 1
    assert len(desk.saved()) == 20


# ----------------------------------------------------------------------------------- opening a case


def opens_a_case(engine: CaseEngine, incoming: IncomingFact, now: datetime) -> None:
    """Hear ratings, and open a case of feedback for each."""
    if isinstance(incoming.fact, TicketRated):
        typed = Typed(incoming.fact.ticket, Kind.PRODUCT, incoming.fact.comment, "general")
        engine.open(KIND, Drafted("U9", typed, "V9"), key=f"{incoming.key}:opens", now=now)


RATED = {"type": "desk.feedback", "ticket": "123456", "rating": "bad", "at": "x", "comment": "Call me"}


def test_a_handler_may_open_a_case_once(desk: HookedDesk) -> None:
    """A rating opens a case; the same rating again opens none, and the case that is there hears of it."""
    desk.handlers.append(opens_a_case)
    case = desk.feedback(123456)
    for _ in range(2):
        desk.zendesk(RATED)
        desk.handle()
    assert [one.id for one in desk.engine.cases.of_ticket(KIND, ticket(123456))] == [case, "FB-2"]
    assert desk.notes(case) == [("tickets", "the customer gave bad feedback on ticket 123456")]
    assert desk.notes("FB-2") == []


def test_a_rule_that_breaks_is_tried_again_and_holds_up_nobody(desk: HookedDesk) -> None:
    """The case that heard it hears it once; the handler that broke gets it until it works; others go on."""
    broken = [True]

    def breaks(_engine: CaseEngine, incoming: IncomingFact, _now: datetime) -> None:
        if broken[0] and isinstance(incoming.fact, TicketRated):
            raise ZeroDivisionError

    desk.handlers[:] = [breaks, opens_a_case]
    case = desk.feedback(123456)
    desk.zendesk(RATED)
    desk.zendesk(SOLVED)
    desk.clock.at += timedelta(seconds=1)
    assert desk.handle() == 2
    assert desk.counts.facts == [("ticket_rated", "failed"), ("ticket_changed", "done")]
    assert desk.engine.next_due() is not None
    for wait in (timedelta(seconds=59), timedelta(seconds=1)):
        desk.clock.at += wait
        desk.handle()
    assert desk.counts.facts[2:] == [("ticket_rated", "failed")]
    broken[0] = False
    desk.clock.at += timedelta(minutes=2)
    desk.handle()
    assert desk.counts.facts[3:] == [("ticket_rated", "done")]
    assert len(desk.notes(case)) == 2
    assert len(desk.engine.cases.of_ticket(KIND, ticket(123456))) == 2


def test_a_case_that_was_opened_by_a_try_that_was_cut_off_is_not_told_of_its_own_opening(desk: HookedDesk) -> None:
    """Killed after it was opened and before that was marked: the second try finds it and adds nothing."""
    cut = [True]

    def is_cut_off(_engine: CaseEngine, _incoming: IncomingFact, _now: datetime) -> None:
        if cut[0]:
            raise ZeroDivisionError

    desk.handlers[:] = [opens_a_case, is_cut_off]
    desk.zendesk(RATED)
    desk.clock.at += timedelta(seconds=1)
    desk.handle()
    cut[0] = False
    desk.clock.at += timedelta(minutes=1)
    desk.handle()
    assert desk.notes("FB-1") == []
    assert len(desk.engine.cases.of_ticket(KIND, ticket(123456))) == 1
    assert desk.saved()[0].state == "done"
