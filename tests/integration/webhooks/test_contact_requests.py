"""What the vendors tell becomes a manager-contact request, once."""

from typing import Any

import pytest

from handlers.contact.cards import warnings
from handlers.kit.process import fact_handlers_of
from handlers.registry import PROCESSES
from tests.integration.webhooks.conftest import HookedDesk
from tests.tickets import ticket
from tests.unit.webhooks.delivering import gitlab_issue, labels_changed
from workflows.contact.events import Cancelled
from workflows.contact.model import KIND, ContactCase, ContactState, Source
from workflows.contract.values import IssueLink
from workflows.lib.tickets import TicketRef

LABEL = "SSAT::Contact"


def form(answer: str, at: str = "2026-03-02T08:30:00Z", ticket: int = 123456) -> dict[str, Any]:
    """The form a customer filled in."""
    words = {"contact_requested": answer, "at": at, "comment": "Please call me."}
    return {"type": "desk.feedback", "ticket": str(ticket), "rating": "Bad", **words}


@pytest.fixture(autouse=True)
def _as_it_runs(desk: HookedDesk) -> None:
    """Everybody hears who hears where the desk is in use."""
    desk.handlers.extend(fact_handlers_of(PROCESSES))


def cases(desk: HookedDesk) -> list[ContactCase]:
    """Every request there is."""
    desk.handle()
    return desk.engine.cases.in_states(KIND, list(ContactState))


def test_a_form_that_asks_for_contact_opens_a_request(desk: HookedDesk) -> None:
    """With the customer's words, and counted from when they asked."""
    desk.zendesk(form("Yes"))
    (case,) = cases(desk)
    assert (case.ticket, case.field_says, case.origins[0].words) == (ticket(123456), True, "Please call me.")
    assert case.asked_at is not None
    assert f"{case.asked_at:%H:%M}" == "08:30"


@pytest.mark.parametrize("answer", ["No", "", "contact_no", "no_thanks"])
def test_a_form_that_does_not_ask_opens_none(desk: HookedDesk, answer: str) -> None:
    """A rating alone is no request."""
    desk.zendesk(form(answer))
    assert cases(desk) == []


@pytest.mark.parametrize("answer", ["contact_yes", "yes_please_contact_me"])
def test_the_tag_of_an_option_asks_as_its_words_do(desk: HookedDesk, answer: str) -> None:
    """That is what Zendesk's placeholder prints for a drop-down."""
    desk.zendesk(form(answer))
    (case,) = cases(desk)
    assert (case.field_says, case.is_unclear) == (True, False)


def test_an_answer_that_is_neither_yes_nor_no_is_flagged_and_not_dropped(desk: HookedDesk) -> None:
    """A manager looks at it; a Yes that follows settles it. What a customer may have typed is shown to nobody here."""
    desk.zendesk(form("call_me_maybe"))
    (case,) = cases(desk)
    assert (case.field_says, case.is_unclear, case.origins[0].remark) == (None, True, "the form says call_me_maybe")
    assert any("neither a yes nor a no" in entry.what for entry in desk.engine.cases.timeline(case.id))
    assert any(":warning: The form's answer" in str(block) for block in warnings(case))
    desk.zendesk(form("Yes", "2026-03-02T08:40:00Z"))
    (case,) = cases(desk)
    assert (case.field_says, case.is_unclear, len(case.origins)) == (True, False, 2)
    desk.zendesk(form("Perhaps, my name is Jo", ticket=7))
    assert cases(desk)[1].origins[0].remark == ""


def test_the_same_form_again_is_the_same_request(desk: HookedDesk) -> None:
    """Delivered twice, and sent again later: one request, which has nothing new to say."""
    for at in ("2026-03-02T08:30:00Z", "2026-03-02T08:30:00Z", "2026-03-02T08:45:00Z"):
        desk.zendesk(form("Yes", at))
    (case,) = cases(desk)
    assert len(case.origins) == 1


@pytest.mark.parametrize(
    "body",
    [
        gitlab_issue("open", labels=[{"title": "satisfaction::bad"}, {"title": LABEL}]),
        gitlab_issue("update", changes=labels_changed(["satisfaction::bad"], ["satisfaction::bad", LABEL])),
    ],
)
def test_the_label_on_a_feedback_issue_opens_a_request(desk: HookedDesk, body: dict[str, Any]) -> None:
    """Opened with it, or labelled later: the ticket stands in the title, and the issue belongs to the request."""
    desk.gitlab(body)
    (case,) = cases(desk)
    assert (case.ticket, case.label_says, case.origins[0].source) == (ticket(123456), True, Source.TRACKER)
    assert case.issue is not None
    assert case.issue.number == 23


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("Negative feedback for ticket 123456", ticket(123456)),
        ("negative feedback for Ticket #77", ticket(77)),
        ("They want to be called", None),
        ("ticket 1234567890123456789", None),
        ("Negative feedback for ticket apac#77", None),
        ("Negative feedback for ticket emea#77", ticket(77, "emea")),
        ("Please call about ticket emea#77", ticket(77, "emea")),
    ],
)
def test_the_ticket_is_read_from_the_title(desk: HookedDesk, title: str, named: TicketRef | None) -> None:
    """A title without a ticket is a request all the same: a person names the ticket."""
    body = gitlab_issue("open", labels=[{"title": LABEL}])
    body["object_attributes"]["title"] = title
    desk.gitlab(body)
    assert [case.ticket for case in cases(desk)] == [named]


@pytest.mark.parametrize(
    "body",
    [
        gitlab_issue("open"),
        gitlab_issue("close", labels=[{"title": LABEL}]),
        gitlab_issue("update", changes=labels_changed([LABEL, "a"], [LABEL])),
        gitlab_issue("update", changes=labels_changed([LABEL], [])),
        gitlab_issue("open", labels=[{"title": LABEL}], project={"id": 1, "path_with_namespace": "a/b"}),
    ],
)
def test_other_changes_of_issues_ask_for_nothing(desk: HookedDesk, body: dict[str, Any]) -> None:
    """Without the label, with the label from before, and in other projects."""
    desk.gitlab(body)
    assert cases(desk) == []


def test_the_desks_own_issue_is_no_new_request(desk: HookedDesk) -> None:
    """After the contact the desk opens the issue, with the label on it: that comes back as a webhook."""
    body = gitlab_issue("open", labels=[{"title": LABEL}])
    body["object_attributes"]["description"] = "<!-- desk:0123 -->"
    desk.gitlab(body)
    assert cases(desk) == []


def test_form_and_label_are_one_request(desk: HookedDesk) -> None:
    """Whichever comes second adds to the first, and they agree."""
    desk.zendesk(form("Yes"))
    desk.gitlab(gitlab_issue("open", labels=[{"title": LABEL}]))
    (case,) = cases(desk)
    assert (case.field_says, case.label_says, case.contradicts, len(case.origins)) == (True, True, False, 2)


def test_a_no_in_the_form_against_the_label_is_flagged(desk: HookedDesk) -> None:
    """They disagree about whether contact is wanted: the request stays, and says so."""
    desk.gitlab(gitlab_issue("open", labels=[{"title": LABEL}]))
    desk.handle()
    desk.zendesk(form("No"))
    (case,) = cases(desk)
    assert case.contradicts
    assert any("disagree" in entry.what for entry in desk.engine.cases.timeline(case.id))


def described(action: str, description: str, title: str = "", **more: Any) -> dict[str, Any]:
    """An issue of the feedback project with this description."""
    body = gitlab_issue(action, **more)
    body["object_attributes"] |= {"description": description, **({"title": title} if title else {})}
    return body


@pytest.mark.parametrize(
    ("action", "more"), [("open", {}), ("update", {"changes": {"description": {"previous": "", "current": "x"}}})]
)
def test_the_field_in_the_description_of_an_issue_asks(desk: HookedDesk, action: str, more: dict[str, Any]) -> None:
    """Without any label, when it is opened and when somebody edits it; not one that says no."""
    desk.gitlab(described(action, "**Contact requested:** No", **more))
    assert cases(desk) == []
    body = described(action, "Too slow.\n\n**Contact requested:** Yes", **more)
    desk.gitlab(body | {"object_attributes": body["object_attributes"] | {"updated_at": "2026-11-20 10:00:00 UTC"}})
    (case,) = cases(desk)
    assert (case.label_says, case.field_says, case.tone) == (None, True, "bad")


def test_what_is_said_again_of_a_request_that_is_over_opens_none(desk: HookedDesk) -> None:
    """Its issue is labelled and edited afterwards."""
    desk.gitlab(described("open", "Contact requested: yes"))
    (case,) = cases(desk)
    desk.engine.submit(case.id, Cancelled("U1", "solved"), key="cancel", now=desk.clock.now())
    desk.gitlab(
        described("update", "Contact requested: yes!", changes={"description": {"previous": "", "current": "x"}})
    )
    desk.gitlab(described("update", "Contact requested: yes!", changes=labels_changed([], ["feedback::other"])))
    assert len(cases(desk)) == 1


@pytest.mark.parametrize("by_form", [True, False])
def test_a_no_that_came_before_the_label_is_flagged(desk: HookedDesk, by_form: bool) -> None:  # noqa: FBT001 - a parameter
    """In the customer's form, or in the issue itself."""
    desk.zendesk(form("No" if by_form else ""))
    assert cases(desk) == []
    description = "" if by_form else "Contact requested: no"
    desk.gitlab(described("update", description, changes=labels_changed([], [LABEL])))
    (case,) = cases(desk)
    assert (case.label_says, case.field_says, case.contradicts) == (True, False, True)


def test_a_label_taken_off_is_said_and_the_request_stays(desk: HookedDesk) -> None:
    """On the card and in the timeline; put on again, it is said no more."""
    desk.gitlab(gitlab_issue("open", labels=[{"title": LABEL}]))
    assert len(cases(desk)) == 1
    desk.gitlab(described("update", "", changes=labels_changed([LABEL], [])))
    (case,) = cases(desk)
    assert (case.state, case.label_says) == (ContactState.OPEN, False)
    assert "The label was taken off" in str(warnings(case))
    assert ("tracker", f"took off the label “{LABEL}”") in desk.notes(case.id)
    desk.gitlab(described("update", "", changes=labels_changed(["x"], ["x", LABEL])))
    (case,) = cases(desk)
    assert case.label_says is True
    assert "taken off" not in str(warnings(case))


def test_another_request_after_the_first_is_over_is_a_request_of_its_own(desk: HookedDesk) -> None:
    """The customer asks again after it was cancelled."""
    desk.zendesk(form("Yes"))
    (case,) = cases(desk)
    cancelled = Cancelled("U1", "solved by phone")
    desk.engine.submit(case.id, cancelled, key="cancel", now=desk.clock.now())
    desk.zendesk(form("Yes", "2026-03-03T08:30:00Z"))
    assert [case.state for case in cases(desk)] == [ContactState.CANCELLED, ContactState.OPEN]


def test_the_request_follows_its_issue(desk: HookedDesk) -> None:
    """Closed by hand, the timeline says so."""
    desk.gitlab(gitlab_issue("open", labels=[{"title": LABEL}]))
    (case,) = cases(desk)
    assert isinstance(case.issue, IssueLink)
    desk.gitlab(gitlab_issue("close"))
    desk.handle()
    assert ("María García (tracker)", "closed gitlab-com/support/feedback#23") in desk.notes(case.id)
