"""New tickets of accounts: their customer success manager is told, as they chose, and what is missing to the lead."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.vendors.base import VendorFault
from tests.scenarios.conftest import Worlds
from tests.scenarios.csm import asks, dms, last, opens, policy
from tests.world import World

CAROLS_MORNING = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
"""Nine o'clock in Singapore, where Carol is."""


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where accounts are known, and the vendors tell what happens in them."""
    return worlds(policy=policy(), webhooks=True, accounts=True)


def test_a_new_ticket_is_told_at_once_with_all_the_page_asks_for(w: World) -> None:
    """Ticket, account, contact name and e-mail, date, the Salesforce case; a customer's subject calls nobody."""
    w.salesforce.tables["Case"].append({"Id": "500Sx0000123462AAA", "Zendesk_Ticket_ID__c": "123462"})
    opens(w, "Runners are slow <!channel> *now*")
    told = last(w.carol)
    for said in ("New ticket from ACME", "#123462", "Runners are slow", "Juan Pérez", "juan@acme.example", "Opened:"):
        assert said in told.text
    assert "<!channel>" not in told.text
    assert f"{w.sandbox.url}/vendors/salesforce/lightning/r/Case/500Sx0000123462AAA/view" in str(told.blocks)
    assert "late" not in told.text
    number = opens(w, "And another")
    assert (number, len(dms(w.carol))) == (123463, 2)
    assert "Case in Salesforce" not in last(w.carol).text
    assert dms(w.maria) == []


def test_a_ticket_told_of_twice_is_told_once(w: World) -> None:
    """By two webhooks, after a restart, and by asking as well."""
    number = opens(w, "Runners are slow")
    w.zendesk.hook.deliver(w.zendesk.hook.deliveries[-1].body)
    w.settle()
    w.restart(policy(ask_every="5m"))
    w.advance(minutes=20)
    assert len(dms(w.carol)) == 1
    assert w.desk.engine.cases.read("NT-2") is None
    assert any("/search/export" in call for call in w.zendesk.calls)
    assert str(number) in last(w.carol).text


def test_without_a_webhook_new_tickets_are_asked_for(worlds: Worlds) -> None:
    """Every few minutes, each account; what was opened before it began is left alone, and the index lags."""
    w = worlds(policy=policy(ask_every="5m"), accounts=True)
    w.advance(minutes=6)
    number = w.zendesk.opens("Found late", 102, 201)
    hidden = w.zendesk.tickets.pop(number)
    w.advance(minutes=6)
    assert dms(w.carol) == []
    w.zendesk.tickets[number] = hidden  # only now does the search find it
    w.advance(minutes=5)
    assert [str(number) in said for said in dms(w.carol)] == [True]
    w.advance(hours=2)
    assert len(dms(w.carol)) == 1


def test_each_account_is_heard_of_as_was_chosen(w: World) -> None:
    """In the form, with all of one's accounts in it; by a word for one of them; another's is not one's own."""
    w.salesforce.add_account("Zeta", "carol@example.com")
    w.salesforce.add_account("Marcos", "marco@example.com")
    w.zendesk.organizations[203] = {**w.zendesk.organizations[201], "id": 203, "name": "Zeta", "external_id": None}
    asks(w, w.carol, "notify")
    modal = w.carol.modal
    assert modal is not None
    assert "ACME" in modal.text
    assert "Zeta" in modal.text
    w.carol.fills({"ACME": "Once a day"})
    w.carol.submits()
    w.settle()
    assert "looking up" in asks(w, w.carol, "notify zeta none").lower()
    assert "Zeta" in last(w.carol).text
    asks(w, w.carol, "notify Marcos digest")
    assert "has another customer success manager" in last(w.carol).text
    asks(w, w.carol, "notify Nobody digest")
    assert "has no account" in last(w.carol).text
    before = len(dms(w.carol))
    first, _ = opens(w, "One"), opens(w, "Never heard of", 203)
    second = opens(w, "Two")
    assert len(dms(w.carol)) == before
    w.advance_to(CAROLS_MORNING + timedelta(minutes=1))
    assert len(dms(w.carol)) == before + 1
    told = last(w.carol).text
    assert "2 new tickets" in told
    assert all(str(number) in told for number in (first, second))
    assert "Never heard of" not in told
    asks(w, w.carol, "notify ACME each")
    opens(w, "Three")
    assert "New ticket from ACME" in last(w.carol).text


def test_a_storm_is_told_in_one_message_within_the_hour(w: World) -> None:
    """Ten of their own, the others together half an hour later; each is told once."""
    numbers = [w.zendesk.opens(f"Outage {number}", 102, 201) for number in range(40)]
    w.settle()
    assert len(dms(w.carol)) == 10
    w.advance(minutes=31)
    assert len(dms(w.carol)) == 11
    told = last(w.carol)
    assert "30 new tickets" in told.text
    shown = " ".join(dms(w.carol)) + str(told.blocks)
    assert all(str(number) in shown for number in numbers)
    w.advance(hours=2)
    opens(w, "Later")
    assert "Later" in last(w.carol).text


def test_what_is_missing_is_told_to_the_lead_once(w: World) -> None:
    """No CSM, no account, two of a name, nobody in Slack: one digest in the morning, and never again."""
    w.salesforce.add_account("Twin", "carol@example.com")
    w.salesforce.add_account("Twin", "marco@example.com")
    w.salesforce.add_account("Lost", "nobody@example.com")
    w.salesforce.add_account("Left", "dave@example.com")
    acme = w.zendesk.organizations[201]
    for number, name in ((203, "Twin"), (204, "Lost"), (205, "Left"), (206, "Unknown")):
        w.zendesk.organizations[number] = {**acme, "id": number, "name": name, "external_id": None}
    for _ in range(2):
        for organization in (202, 203, 204, 205, 206, None):
            opens(w, "Help", organization)
    assert dms(w.maria) == []
    w.advance(hours=25)
    (told,) = dms(w.maria)
    for name in ("DigitalOcean Support", "Twin", "nobody@example.com", "dave@example.com", "Unknown"):
        assert told.count(name) == 1
    assert "has no customer success manager" in told
    assert "several accounts" in told
    opens(w, "Again", 203)
    w.advance(hours=30)
    assert len(dms(w.maria)) == 1
    assert dms(w.carol) == []


def test_two_accounts_of_one_name_are_told_apart_by_their_id(w: World) -> None:
    """The organisation carries the account's id; and where both have one manager, it does not matter."""
    w.salesforce.add_account("ACME", "marco@example.com")
    opens(w, "Whose is it?")
    assert (len(dms(w.carol)), len(dms(w.marco))) == (1, 0)
    w.salesforce.add_account("Same", "marco@example.com")
    w.salesforce.add_account("Same", "marco@example.com")
    w.zendesk.organizations[203] = {**w.zendesk.organizations[201], "id": 203, "name": "Same", "external_id": None}
    opens(w, "Marco's", 203)
    assert "Marco's" in last(w.marco).text


def test_salesforce_is_down_for_a_day(w: World) -> None:
    """The lead is told once; then each notice comes with how late it is, and none is lost."""
    opens(w, "Before")
    w.salesforce.faults.append(VendorFault(times=10_000, status=503))
    numbers = [opens(w, "During")]
    w.advance(hours=5)
    numbers.append(opens(w, "During"))
    w.advance(hours=19)
    assert len(dms(w.carol)) == 1
    (told,) = dms(w.maria)
    assert "late" in told
    w.salesforce.faults.clear()
    w.advance(hours=2)
    late = dms(w.carol)[1:]
    assert [number for number in numbers if any(str(number) in said for said in late)] == numbers
    assert "1 day" in next(said for said in late if str(numbers[0]) in said)
    assert len(dms(w.maria)) == 1


def test_an_account_changes_its_manager_while_a_notice_waits(w: World) -> None:
    """For the digest, and while Slack does not take messages: the new one is told, and the old one not."""
    asks(w, w.carol, "notify digest")
    number = opens(w, "In the digest")
    w.salesforce.assign("ACME", "marco@example.com")
    w.advance_to(CAROLS_MORNING + timedelta(minutes=1))
    assert str(number) in last(w.marco).text
    assert not any(str(number) in said for said in dms(w.carol))
    w.slack.faults.status("chat.postMessage", 503, times=1)
    w.zendesk.opens("On its way", 102, 201)
    w.settle()
    w.salesforce.assign("ACME", "carol@example.com")
    waiting = [said for said in dms(w.marco) if "On its way" in said]
    w.advance(minutes=5)
    assert waiting == []


def test_a_kill_at_any_time_loses_nothing(w: World) -> None:
    """Killed with everything waiting, and started again: each is told once."""
    w.zendesk.opens("First", 102, 201)
    w.sandbox.vendors.hooks.settle()
    w.restart()
    w.zendesk.opens("Second", 102, 201)
    w.settle()
    assert [("First" in said, "Second" in said) for said in dms(w.carol)] == [(True, False), (False, True)]


def test_where_no_accounts_are_known_nobody_is_told(worlds: Worlds) -> None:
    """The default: a new ticket opens nothing, and the commands say what to set."""
    w = worlds(webhooks=True)
    opens(w, "Hello")
    assert w.desk.engine.cases.read("NT-1") is None
    assert "csm.accounts" in asks(w, w.carol, "account ACME")
    assert "csm.accounts" in asks(w, w.carol, "notify")
    assert w.carol.modal is None


def test_a_roster_will_do(worlds: Worlds) -> None:
    """Where there is no Salesforce, the policy says whose account it is."""
    roster = {"ACME": {"csm": "carol@example.com", "plan": "Ultimate", "sold_to": "it@acme.example"}}
    w = worlds(policy=policy(accounts="roster", roster=roster), webhooks=True)
    opens(w, "By the roster")
    assert "By the roster" in last(w.carol).text
    asks(w, w.carol, "account acme")
    assert "Ultimate" in last(w.carol).text
