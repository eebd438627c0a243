"""Two accounts of the ticket system have tickets of the same numbers, and they are other customers' tickets."""

import pytest

from sandbox.vendors.hooks import SECRETS
from tests.scenarios.conftest import Worlds
from tests.scenarios.contact import PROJECT
from tests.scenarios.feedback import card, confirmation, confirms, modal, sends, types
from tests.scenarios.test_feedback_trouble import down
from tests.tickets import EMEA, ticket
from tests.world import World
from workflows.contact.model import KIND as CONTACT
from workflows.contact.model import ContactState
from workflows.feedback.model import KIND as FEEDBACK
from workflows.review.model import KIND as REVIEW

POLICY = {"tickets": {"accounts": {"emea": EMEA}}}
ADDRESS = "https://b.zendesk.com/agent/tickets/123456"
LINK = f"<{ADDRESS}|emea#123456>"


@pytest.fixture
def two(worlds: Worlds) -> World:
    """A company with two accounts, and a desk that may work in both and hears of both."""
    w = worlds(
        policy=POLICY,
        webhooks=True,
        ZENDESK_EMAIL_EMEA="desk@example.com",
        ZENDESK_TOKEN_EMEA="sandbox-zendesk",
        ZENDESK_WEBHOOK_SECRET_EMEA=SECRETS["zendesk-emea"],
    )
    w.zendesk.calls.clear()
    return w


def emea_tags(w: World) -> list[str]:
    """The tags of ticket 123456 of the second account."""
    return sorted(w.zendesk_emea.ticket(123456)["tags"])


@pytest.mark.parametrize(
    "named", [ADDRESS, "emea#123456", "EMEA-123456", "https://help.example.com/hc/requests/123456"]
)
def test_the_other_customers_ticket_is_neither_read_nor_tagged(two: World, named: str) -> None:
    """What is typed says which account: only that one is asked, and only there the tag is set."""
    before = dict(two.zendesk.ticket(123456))
    types(two, two.alice, ticket=named)
    assert f"Ticket emea#123456 ({ADDRESS}) found." in modal(two.alice).text
    confirms(two, two.alice)
    assert "feedback" in emea_tags(two)
    assert (two.zendesk.calls, two.zendesk.ticket(123456)) == ([], before)
    assert LINK in str(card(two).raw)
    assert "emea#123456" in confirmation(two.alice).rendered


def test_a_number_alone_is_a_ticket_of_the_main_account(two: World) -> None:
    """And then the second account is not asked."""
    sends(two, two.alice, ticket="123456")
    assert "feedback" in two.zendesk.ticket(123456)["tags"]
    assert two.zendesk_emea.calls == []


def test_one_number_in_two_accounts_is_two_cases(two: World) -> None:
    """Neither stands in the way of the other, and each issue has a title of its own."""
    for named in ("123456", ADDRESS):
        two.alice.runs(f"/manager-contact {named} nobody answered", in_="#support")
        two.settle()
    two.alice.runs("/manager-contact emea#123456 and again", in_="#support")
    two.settle()
    cases = two.desk.engine.cases.in_states(CONTACT, list(ContactState))
    assert [case.ticket for case in cases] == [ticket(123456), ticket(123456, "emea")]
    assert "MC-2 is open for ticket emea#123456 already" in two.alice.sees("#support")[-1].rendered
    two.alice.runs("/manager-contact why emea#123456", in_="#support")
    assert "MC-2" in two.alice.sees("#support")[-1].rendered


def test_what_happens_to_the_other_customers_ticket_is_not_told(two: World) -> None:
    """Each account's webhooks speak of its own tickets."""
    sends(two, two.alice, ticket=ADDRESS)
    (case,) = two.desk.engine.cases.of_ticket(FEEDBACK, ticket(123456, "emea"))
    two.zendesk.set_status(123456, "solved")
    two.settle()
    lines = [entry.what for entry in two.desk.engine.cases.timeline(case.id)]
    assert not [what for what in lines if "solved" in what]
    two.zendesk_emea.set_status(123456, "solved")
    two.settle()
    assert two.desk.engine.cases.timeline(case.id)[-1].what == "ticket emea#123456 was solved"


def test_a_form_in_the_second_account_asks_for_contact_there(two: World) -> None:
    """The request is about its ticket, and not about the main account's."""
    two.zendesk_emea.rate(123456, "bad", "Nobody called.", contact=True)
    two.settle()
    (case,) = two.desk.engine.cases.in_states(CONTACT, list(ContactState))
    assert case.ticket == ticket(123456, "emea")
    assert two.zendesk.calls == []


def test_an_account_that_is_not_connected_is_served_by_hand(worlds: Worlds) -> None:
    """As a vendor without settings: the card says what to do; the account that is connected is not asked instead."""
    w = worlds(policy=POLICY)
    sends(w, w.alice, ticket=ADDRESS)
    assert "not connected" in card(w).rendered
    assert "by hand" in card(w).rendered
    assert w.zendesk.calls == []
    assert "feedback" not in w.zendesk.ticket(123456)["tags"]


def test_an_account_that_is_down_holds_up_no_other(two: World) -> None:
    """While one waits for its vendor, the tickets of the other are tagged."""
    two.zendesk_emea.faults.append(down())
    sends(two, two.alice, ticket=ADDRESS)
    sends(two, two.alice, ticket="123456")
    assert "feedback" in two.zendesk.ticket(123456)["tags"]
    assert "feedback" not in emea_tags(two)


def test_a_rating_in_the_second_account_is_reviewed_there(two: World) -> None:
    """Its review asks that account, and its feedback issue names the ticket so that no other has the same title."""
    two.zendesk.rate(123456, "bad", "Too slow")
    two.settle()
    two.zendesk.calls.clear()
    two.zendesk_emea.rate(123456, "bad", "Nobody answered")
    two.settle()
    assert two.zendesk.calls == []
    assert len(two.desk.engine.cases.of_ticket(REVIEW, ticket(123456, "emea"))) == 1
    titles = {issue["title"]: issue["description"] for issue in two.gitlab.issues[PROJECT]}
    assert ADDRESS in titles["Negative feedback for ticket emea#123456"]
    assert "https://gitlab.zendesk.com/agent/tickets/123456" in titles["Negative feedback for ticket 123456"]
