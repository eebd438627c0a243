"""Salesforce's, Calendly's and Zendesk's customers' contracts, against stand-ins as strict as they are."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clients.calendly import Calendly
from bot.clients.roster import RosterAccounts
from bot.clients.salesforce import Login, Salesforce, containing, quoted, soql
from bot.clients.zendesk import Zendesk
from bot.clients.zendesk_customers import ZendeskCustomers
from bot.service.clock import SystemClock
from sandbox.vendors import calendly as sandbox_calendly
from sandbox.vendors import salesforce as sandbox_salesforce
from sandbox.vendors.base import VendorFault
from sandbox.vendors.soql import SoqlError, parse
from sandbox.vendors.zendesk_seed import EMAIL
from tests.integration.clients.conftest import Outside
from tests.policies import company_policy
from workflows.contract.account_port import Account
from workflows.contract.errors import Misconfigured, NotFound, RetryLater

FIELDS = company_policy().csm.account_fields
CARLA = "carla@example.com"


@pytest.fixture
def login(outside: Outside) -> Login:
    """The login the sandbox takes."""
    key = outside.vendors.salesforce.private_key
    return Login(sandbox_salesforce.CLIENT_ID, sandbox_salesforce.USERNAME, key, sandbox_salesforce.AUDIENCE)


@pytest.fixture
def salesforce(outside: Outside, login: Login) -> Iterator[Salesforce]:
    """The client."""
    client = _salesforce(outside, login)
    yield client
    client.disconnect()


def _salesforce(outside: Outside, login: Login, **fields: str) -> Salesforce:
    policy = FIELDS.model_copy(update=fields)
    now = SystemClock().real_now  # a login is checked by real time
    return Salesforce(f"{outside.url}/vendors/salesforce", login, policy, now=now, observe=outside.observe)


def test_an_account_has_everything_the_policy_names(outside: Outside, salesforce: Salesforce) -> None:
    """By its id, by its name in any capitals, by its manager; one that looks nobody up is empty there."""
    page = f"{outside.url}/vendors/salesforce/lightning/r/Account/001Sx0000000201AAA/view"
    acme = Account("001Sx0000000201AAA", "ACME", "carol@example.com", "Carol", "Ultimate", "it@acme.example", page)
    assert salesforce.by_ids(("001Sx0000000201AAA", "gone")).accounts == (acme,)
    assert salesforce.named("acme", exactly=True).accounts == (acme,)
    assert salesforce.of_csm("carol@example.com").accounts == (acme,)
    (digital,) = salesforce.named("ocean", exactly=False).accounts
    assert (digital.csm_email, digital.sold_to) == ("", "sam@digital.example")
    assert salesforce.named("ocean", exactly=True).accounts == ()
    assert salesforce.case_url(123456).endswith("/lightning/r/Case/500Sx0000123456AAA/view")
    assert salesforce.case_url(1) == ""
    salesforce.check()


def test_two_of_a_name_and_too_many_are_said_so(outside: Outside, salesforce: Salesforce) -> None:
    """Both are answered; of more than the policy's number some, and that there are more."""
    outside.vendors.salesforce.add_account("ACME", CARLA)
    assert [one.csm_email for one in salesforce.named("ACME", exactly=True).accounts] == ["carol@example.com", CARLA]
    for number in range(FIELDS.most):
        outside.vendors.salesforce.add_account(f"Shop {number:02}", CARLA)
    found = salesforce.named("o", exactly=False)
    assert (len(found.accounts), found.more) == (FIELDS.most, True)
    assert not salesforce.of_csm(CARLA).more


def test_a_session_that_ended_is_made_anew_once(outside: Outside, salesforce: Salesforce) -> None:
    """And one that is refused again is the set-up's fault."""
    stand_in = outside.vendors.salesforce
    salesforce.named("ACME", exactly=True)
    stand_in.end_session()
    salesforce.named("ACME", exactly=True)
    assert stand_in.logins == 2
    expired = [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]
    stand_in.faults.append(VendorFault(times=1, status=401, body=expired))
    stand_in.faults.append(VendorFault(times=1, status=400, body={"error": "invalid_grant"}))
    with pytest.raises(Misconfigured, match="refuses our login"):
        salesforce.named("ACME", exactly=True)


def test_a_used_up_quota_is_waited_for(outside: Outside, salesforce: Salesforce) -> None:
    """Nobody has to set anything up for that."""
    outside.vendors.salesforce.quota = 0
    with pytest.raises(RetryLater) as caught:
        salesforce.named("ACME", exactly=True)
    assert caught.value.wait == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"client_id": "other"}, "invalid client"),
        ({"username": "other@example.com"}, "approved"),
        ({"audience": "https://example.com"}, "audience"),
        ({"key": "no key"}, "PEM"),
    ],
)
def test_a_wrong_login_says_what_is_wrong(outside: Outside, login: Login, wrong: dict[str, str], said: str) -> None:
    """In Salesforce's words; the key itself is in none of them."""
    client = _salesforce(outside, replace(login, **wrong))
    with pytest.raises(Misconfigured, match=said) as caught:
        client.check()
    assert "BEGIN" not in caught.value.sentence
    client.disconnect()


def test_a_field_that_is_not_there_is_named(outside: Outside, login: Login) -> None:
    """With where it stands in the policy."""
    client = _salesforce(outside, login, csm_email="CSM__r.Email")
    with pytest.raises(Misconfigured, match=r"CSM__r\.Email.*csm\.account_fields"):
        client.named("ACME", exactly=True)
    client.disconnect()


TYPED = st.text(st.sampled_from("a'\\%_\"() \n\r\t=ORé\u2028\x00") | st.characters(codec="utf-8"), max_size=40)


@given(TYPED, TYPED)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_is_typed_is_only_ever_a_value(typed: str, other: str) -> None:
    """Whatever stands in a name: the query finds just the account of this name, and is never another query."""
    known = {"Account": {"Id", "Name"}}
    name = "".join(char if char.isprintable() else " " for char in typed)
    tables = {"Account": [{"Id": "1", "Name": name}, {"Id": "2", "Name": f"{name}{other}x"}]}
    equal = parse(soql(["Id"], "Account", f"Name = {quoted(typed)}", 5), known).run(tables, known)
    like = parse(soql(["Id"], "Account", f"Name LIKE {containing(typed)}", 5), known).run(tables, known)
    assert [one["Id"] for one in equal] == ["1"]
    assert [one["Id"] for one in like] == ["1", "2"]


def test_the_stand_in_refuses_a_string_that_is_not_escaped() -> None:
    """As Salesforce does: so an escape that is forgotten is seen."""
    for where in ("Name = 'O'Brien'", "Name = 'a' OR Name LIKE '%'", r"Name = 'a\x'"):
        with pytest.raises(SoqlError):
            parse(soql(["Id"], "Account", where, 5), {"Account": {"Id", "Name"}})


# ------------------------------------------------------------------------------------------- the roster


def test_a_roster_answers_the_same_questions() -> None:
    """By name, by an id in the ticket system, by its manager; it has no cases."""
    shops = {f"Shop {number}": {"csm": CARLA} for number in range(21)}
    acme = {"csm": "Carol@example.com", "ids": ["201"], "plan": "Ultimate", "sold_to": "it@acme.example"}
    roster = RosterAccounts(company_policy({"csm": {"accounts": "roster", "roster": {"ACME": acme, **shops}}}).csm)
    (found,) = roster.named("acme", exactly=True).accounts
    assert (found.csm_email, found.plan, found.sold_to) == ("carol@example.com", "Ultimate", "it@acme.example")
    assert roster.by_ids(("201",)).accounts == roster.by_ids(("ACME",)).accounts == (found,)
    assert roster.of_csm("carol@example.com").accounts == (found,)
    assert len(roster.of_csm(CARLA).accounts) == 21
    assert roster.named("shop", exactly=False).more
    assert roster.named("shop", exactly=True).accounts == ()
    assert roster.case_url(123456) == ""


# ---------------------------------------------------------------------------------------------- Calendly


@pytest.fixture
def calendly(outside: Outside) -> Iterator[Calendly]:
    """The client."""
    client = Calendly(sandbox_calendly.TOKEN, f"{outside.url}/vendors/calendly", now=outside.clock.now)
    yield client
    client.disconnect()


def test_each_link_to_book_a_call_is_new(outside: Outside, calendly: Calendly) -> None:
    """Made for the event type whose page the policy names, which is looked up once."""
    page = "https://calendly.com/Marco-Mori/30min/?month=2026-03"
    first, second = calendly.single_use(page), calendly.single_use(page)
    assert first.url != second.url
    assert [one["owner"] for one in outside.vendors.calendly.links] == [
        f"{sandbox_calendly.API}/event_types/MARCO30"
    ] * 2
    assert sum("event_types" in call for call in outside.vendors.calendly.calls) == 1
    with pytest.raises(NotFound):
        calendly.single_use("https://calendly.com/nobody/30min")


def test_a_token_of_nobody_special_makes_its_own_links(outside: Outside, calendly: Calendly) -> None:
    """Only an owner or admin sees the event types of others."""
    outside.vendors.calendly.is_admin = False
    assert calendly.single_use("https://calendly.com/maria-marques/30min").url
    with pytest.raises(NotFound):
        calendly.knows("https://calendly.com/marco-mori/30min")


# ------------------------------------------------------------------------------------- Zendesk's customers


@pytest.fixture
def customers(outside: Outside, zendesk: Zendesk) -> ZendeskCustomers:
    """The client."""
    assert outside.vendors.zendesk
    return ZendeskCustomers(zendesk)


def test_who_a_ticket_is_from(outside: Outside, customers: ZendeskCustomers) -> None:
    """With the organisation's own fields; for one without an organisation, or a deleted one, there is none."""
    origin = customers.origin(123456)
    assert origin.organization is not None
    assert (origin.organization.external_id, origin.organization.fields["am_project_id"]) == (
        "001Sx0000000201AAA",
        "278969",
    )
    assert origin.ticket.requester_email == "erika@acme.example"
    assert customers.origin(123459).organization is None
    del outside.vendors.zendesk.organizations[201]
    assert customers.origin(123456).organization is None
    with pytest.raises(NotFound):
        customers.origin(1)


def test_an_organisation_is_found_in_three_ways(customers: ZendeskCustomers) -> None:
    """By its number, by the account's id, by its name; and what is none is not found."""
    (acme,) = customers.organizations(id_=201)
    assert customers.organizations(external_id="001Sx0000000201AAA", name="other") == [acme]
    assert customers.organizations(external_id="unknown", name="acme") == [acme]
    assert customers.organizations(id_=1) == customers.organizations(name="Nobody") == customers.organizations() == []


def test_what_an_organisation_waits_for(outside: Outside, customers: ZendeskCustomers) -> None:
    """The tickets that are not solved, the newest first; of very many, that there are more."""
    outside.clock.move(hours=1)
    number = outside.vendors.zendesk.opens("Runners are slow")
    found = customers.open_tickets(201)
    assert (found.count, found.newest[0], found.more) == (3, (number, "Runners are slow"), False)
    for _ in range(501):
        outside.vendors.zendesk.opens("Again")
    assert customers.open_tickets(201).more


def test_new_tickets_are_found_by_when_they_were_opened(outside: Outside, customers: ZendeskCustomers) -> None:
    """All pages of them."""
    start = outside.clock.now() + timedelta(hours=1)
    outside.clock.move(hours=1)
    opened = [outside.vendors.zendesk.opens("New") for _ in range(120)]
    found = customers.opened(start, start + timedelta(minutes=1))
    assert [number for number, _ in found] == opened
    assert {at for _, at in found} == {start}
    assert customers.opened(start + timedelta(minutes=1), start + timedelta(hours=1)) == []


def test_the_sandbox_answers_its_own_account_only(outside: Outside) -> None:
    """A wrong token sees no customers."""
    client = Zendesk(f"{outside.url}/vendors/zendesk", EMAIL, "wrong", now=outside.clock.now)
    with pytest.raises(Misconfigured):
        ZendeskCustomers(client).organizations(name="ACME")
    client.disconnect()
