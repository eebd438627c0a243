"""What customer success managers ask for: tips, accounts, onboarding, collaboration projects, feedback passed on."""

import pytest

from sandbox.vendors.base import VendorFault
from tests.scenarios.conftest import Worlds
from tests.scenarios.csm import asks, dms, last, policy
from tests.scenarios.review import queue
from tests.tickets import EMEA
from tests.world import World

COLLABORATION = "gitlab-com/account-management/acme-collaboration"


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where accounts are known."""
    return worlds(policy=policy() | {"managers": {"on_duty_schedule": "SSAT Reviewing Manager"}}, accounts=True)


def test_tips_and_help_are_answered_at_once(w: World) -> None:
    """The page's six points with a message to copy; anything else says what there is."""
    said = asks(w, w.carol, "tips")
    assert "6. " in said
    assert "A message to copy" in said
    for text in ("", "help", "nonsense"):
        assert "/csm onboarding" in asks(w, w.carol, text)
    assert "Which one?" in asks(w, w.carol, "account")
    assert dms(w.carol) == []


def test_an_account_with_its_open_tickets_and_links(w: World) -> None:
    """By any part of its name; two of one name are both told, of many a list, and of none that there is none."""
    assert "Looking up *acm*" in asks(w, w.carol, "account acm")
    told = last(w.carol)
    for said in ("ACME", "Ultimate", "Carol", "it@acme.example", "Open tickets: 2", "Pipeline schedules"):
        assert said in told.text
    assert "/lightning/r/Account/" in str(told.blocks)
    w.salesforce.add_account("ACME", None)
    before = len(dms(w.carol))
    asks(w, w.carol, "account ACME")
    both = dms(w.carol)[before:]
    assert len(both) == 2
    assert any("nobody" in said for said in both)
    for number in range(5):
        w.salesforce.add_account(f"Shop {number}", "marco@example.com")
    asks(w, w.carol, "account shop")
    assert "Shop 4" in last(w.carol).text
    assert "Write more of the name" in last(w.carol).text
    asks(w, w.carol, "account O'Brien' OR Name LIKE '%")
    assert "I found nothing called" in last(w.carol).text


def test_while_salesforce_is_down_the_answer_comes_later(w: World) -> None:
    """It is said at once, and sent when it is there; a wrong login is told to who asked in the end."""
    w.salesforce.faults.append(VendorFault(times=2, status=503))
    asks(w, w.carol, "account ACME")
    assert "takes longer" in last(w.carol).text
    w.advance(minutes=10)
    assert "Ultimate" in last(w.carol).text
    assert len(dms(w.carol)) == 2


def test_onboarding_drafts_the_email_to_the_sold_to_address(w: World) -> None:
    """The page's two steps, and its warning; an account without the address says so."""
    asks(w, w.carol, "onboarding ACME")
    told = last(w.carol).text
    for said in ("it@acme.example", "Managing Support Contacts", "will not be able to access support", "at ACME"):
        assert said in told
    w.salesforce.add_account("Shop", "carol@example.com")
    asks(w, w.carol, "onboarding Shop")
    assert "not provided" in last(w.carol).text


def test_feedback_that_came_by_email_becomes_a_review(w: World) -> None:
    """With its source and its next action; once more on the same ticket it is added to that one."""
    said = asks(w, w.carol, "feedback 123456 good They were kind next: tell Alice")
    assert "RV-1" in said
    assert "Recorded" in said
    shown = queue(w, w.maria).text
    assert "They were kind" in shown
    assert "tell Alice" in shown
    issue = w.gitlab.issues["gitlab-com/support/feedback"][-1]
    assert "what a customer success manager passed on" in issue["description"]
    again = asks(w, w.carol, "feedback 123456 bad Not any more next: call them")
    assert "Added to *RV-1*" in again
    assert "call them" in queue(w, w.maria).text
    assert "Not any more" in asks(w, w.carol, "feedback Not any more")  # what was typed comes back


def test_the_collaboration_project_is_checked_and_its_change_is_filed_in_the_pages_form(w: World) -> None:
    """By name, number or link; one that is wrong or missing is said so; a change is a request."""
    asks(w, w.carol, "project ACME")
    assert COLLABORATION in last(w.carol).text
    asks(w, w.carol, "project https://gitlab.zendesk.com/agent/organizations/202/tickets")
    assert "No collaboration project is set" in last(w.carol).text
    w.zendesk.organizations[201]["organization_fields"]["am_project_id"] = 17
    asks(w, w.carol, "project 201")
    assert "can't find it in GitLab" in last(w.carol).text
    w.carol.clicks("Request a change", on=last(w.carol))
    w.carol.fills({"Which project in GitLab should it be?": "group/not-there"})
    w.carol.submits()
    w.settle()
    assert "nothing was requested" in last(w.carol).text
    asks(w, w.carol, "project 201")
    w.carol.clicks("Request a change", on=last(w.carol))
    w.carol.fills({"Which project in GitLab should it be?": COLLABORATION})
    w.carol.submits()
    w.settle()
    (issue,) = w.gitlab.issues["gitlab-com/gl-security/corp/cust-support-ops/issue-tracker"]
    for said in (
        "For an ORG I manage, I would like to request that the AM id gets changed",
        "Org: https://gitlab.zendesk.com/agent/organizations/201/tickets",
        f"The AM ID should therefore be: {w.gitlab.projects[COLLABORATION]}",
        "acme-collaboration",
    ):
        assert said in issue["description"]
    assert "ACME" in issue["title"]
    assert any("REQ-1" in said for said in dms(w.carol))
    asks(w, w.carol, "project Nobody Ltd")
    assert "I found nothing called" in last(w.carol).text
    assert "isn't on one of our hosts" in asks(w, w.carol, "project https://evil.example/agent/organizations/1")


def test_look_ups_can_be_kept_to_a_group(worlds: Worlds) -> None:
    """And nobody from outside looks anything up."""
    w = worlds(policy=policy(group="support-ops"), accounts=True)
    assert "Only members of @support-ops" in asks(w, w.carol, "account ACME")
    assert "Only members" in asks(w, w.carol, "project ACME")
    assert "Looking up" in asks(w, w.omar, "account ACME")
    assert "Only full members" in asks(w, w.gus, "tips")


def test_a_customer_may_be_in_any_account_of_the_ticket_system(worlds: Worlds) -> None:
    """One account after the other is asked; while one of them is not connected, that is said."""
    second = {"ZENDESK_EMAIL_EMEA": "desk@example.com", "ZENDESK_TOKEN_EMEA": "sandbox-zendesk"}
    w = worlds(policy=policy() | {"tickets": {"accounts": {"emea": EMEA}}}, accounts=True, **second)
    del w.zendesk.organizations[201]
    w.zendesk_emea.organizations[201]["external_id"] = "other"
    asks(w, w.carol, "account ACME")
    assert "Open tickets: 2" in last(w.carol).text
    assert "emea#123456" in last(w.carol).text
    asks(w, w.carol, "project ACME")
    w.carol.clicks("Request a change", on=last(w.carol))
    assert w.carol.modal is not None
    w.salesforce.add_account("Nowhere", "carol@example.com")
    asks(w, w.carol, "account Nowhere")
    assert "has no organisation of this name" in last(w.carol).text
