"""From what somebody does in a vendor's system to what people see in Slack."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.tickets import ticket
from tests.world import World, world
from workflows.contact.model import KIND as CONTACT
from workflows.contact.model import ContactState
from workflows.feedback.model import KIND as FEEDBACK

PRODUCT = "gitlab-org/gitlab"
REVIEWS = "gitlab-com/support/feedback"


@pytest.fixture
def live(tmp_path: Path) -> Iterator[World]:
    """A desk that hears its vendors."""
    with world(tmp_path, webhooks=True) as live:
        yield live


def incoming(live: World, case_id: str) -> list[str]:
    """The timeline of a case, without who."""
    return [entry.what for entry in live.desk.engine.cases.timeline(case_id)]


def test_a_customer_who_asks_for_contact_is_shown_to_the_managers(live: World) -> None:
    """The form in Zendesk becomes a card in the escalations channel."""
    live.zendesk.rate(123458, "bad", 'They said "no".', contact=True)
    live.settle()
    (case,) = live.desk.engine.cases.in_states(CONTACT, list(ContactState))
    assert (case.ticket, case.origins[0].words) == (ticket(123458), 'They said "no".')
    assert any("123458" in shown.rendered for shown in live.maria.sees("#support_escalations"))


def test_a_label_somebody_sets_in_gitlab_is_a_request(live: World) -> None:
    """The issue stands in the case, with an address one can open."""
    issue = live.gitlab.open_issue(REVIEWS, "Negative feedback for ticket 123457", ["satisfaction::bad"])
    live.settle()
    assert live.desk.engine.cases.in_states(CONTACT, list(ContactState)) == []
    live.gitlab.label(REVIEWS, issue["iid"], "SSAT::Contact")
    live.settle()
    (case,) = live.desk.engine.cases.in_states(CONTACT, list(ContactState))
    assert case.ticket == ticket(123457)
    assert httpx.get(case.issue.url).status_code == 200


def feedback(live: World, *, add_to_first: bool = False) -> str:
    """Send feedback about ticket 123456; the number of its case."""
    live.alice.runs("/feedback 123456 Owners of schedules", in_="#support")
    if add_to_first:
        live.alice.fills({"Is it about one feature or service?": "pipeline schedule"})
    live.alice.submits()
    live.settle()
    if add_to_first:
        modal = live.alice.modal
        assert modal is not None
        live.alice.fills({"Issue": next(option for option in modal.options("Issue") if option.startswith("#"))})
    live.alice.submits()
    live.settle()
    return str(live.desk.engine.cases.of_ticket(FEEDBACK, ticket(123456))[0].id)


def test_what_happens_to_the_ticket_stands_in_the_timeline(live: World) -> None:
    """Replied to, solved, reopened, merged."""
    case = feedback(live)
    live.zendesk.reply(123456, "We are on it.")
    live.zendesk.reply(123456, "Only we can read this.", public=False)
    live.zendesk.set_status(123456, "solved")
    live.zendesk.set_status(123456, "open")
    live.zendesk.merge(123456, 123457)
    live.settle()
    assert incoming(live, case)[-4:] == [
        "a public reply was written on ticket 123456",
        "ticket 123456 was solved",
        "ticket 123456 was reopened",
        "ticket 123456 was merged into ticket 123457",
    ]


def test_what_happens_to_the_issue_stands_in_the_timeline(live: World) -> None:
    """Labelled, closed and reopened by hand in GitLab."""
    case = feedback(live, add_to_first=True)
    issue = live.desk.engine.cases.read(case).issue
    live.gitlab.label(PRODUCT, issue.number, "planned")
    live.gitlab.set_state(PRODUCT, issue.number, "closed")
    live.gitlab.set_state(PRODUCT, issue.number, "opened")
    live.gitlab.unlabel(PRODUCT, issue.number, "planned")
    live.settle()
    name = f"{PRODUCT}#{issue.number}"
    lines = [f"labelled {name}: +planned", f"closed {name}", f"reopened {name}", f"labelled {name}: -planned"]
    assert incoming(live, case)[-4:] == lines


def test_a_desk_that_was_down_hears_it_when_it_is_back(live: World) -> None:
    """The vendor tries again until it is answered."""
    case = feedback(live)
    live.stop()
    live.zendesk.set_status(123456, "solved")
    live.start()
    live.settle()
    assert incoming(live, case)[-1] == "ticket 123456 was solved"
    (delivery,) = live.sandbox.vendors.hooks.zendesk.deliveries
    assert (delivery.status, delivery.tries > 1) == (200, True)


def test_a_desk_killed_between_saving_and_handling_has_lost_nothing(live: World) -> None:
    """The vendor heard 200; the next process does the rest."""
    case = feedback(live)
    live.zendesk.set_status(123456, "solved")
    live.sandbox.vendors.hooks.settle()
    assert incoming(live, case)[-1] != "ticket 123456 was solved"
    live.restart()
    live.settle()
    assert incoming(live, case)[-1] == "ticket 123456 was solved"


def test_the_control_does_to_the_vendors_what_people_do(live: World) -> None:
    """Whoever drives the sandbox from outside can rate, answer, merge, label, and see what was told."""
    case = feedback(live)
    control = f"{live.sandbox.url}/control/vendors"
    httpx.post(f"{control}/zendesk/tickets/123456", json={"reply": "Hello", "rate": "good"}).raise_for_status()
    httpx.post(f"{control}/gitlab/issues/1", json={"project": PRODUCT, "add_label": "x", "remove_label": "x"})
    live.settle()
    assert sorted(incoming(live, case)[-2:]) == [
        "a public reply was written on ticket 123456",
        "the customer gave good feedback on ticket 123456",
    ]
    said = httpx.get(f"{control}/hooks").json()
    told_of_the_new_issue = "gitlab"  # the rating became a feedback issue
    assert [one["vendor"] for one in said] == ["zendesk", "zendesk", "gitlab", "gitlab", told_of_the_new_issue]
    assert {one["status"] for one in said} == {200}


def test_gitlab_gives_up_on_a_webhook_that_is_refused_again_and_again(live: World) -> None:
    """The stand-in is as strict as GitLab: four refusals in a row, and nothing is told any more."""
    hook = live.sandbox.vendors.hooks.gitlab
    hook.secret = "wrong"
    for number in range(6):
        live.gitlab.label(PRODUCT, 1, f"label-{number}")
        hook.settle()
    assert [delivery.status for delivery in hook.deliveries] == [401] * 4
    assert hook.is_off
