"""PagerDuty's contract."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.clients.pagerduty import PagerDuty
from bot.clients.pagerduty_events import Events
from sandbox.vendors.base import VendorFault
from sandbox.vendors.pagerduty import FROM, TOKEN
from sandbox.vendors.pagerduty_events import ROUTING_KEY
from tests.integration.clients.conftest import Outside
from workflows.contract.errors import Misconfigured, NotFound, Refused, RetryLater
from workflows.contract.paging_ports import OnDuty, Page

SERVICE = "Customer Support Operations"
MARIA = OnDuty("María García", "maria@example.com")
OMAR = OnDuty("Omar Haddad", "omar@example.com")

Make = Callable[..., PagerDuty]


@pytest.fixture
def make(outside: Outside) -> Iterator[Make]:
    """Make clients with other settings."""
    made: list[PagerDuty] = []

    def client(from_email: str | None, routing_key: str | None = None, token: str = TOKEN) -> PagerDuty:
        now, observe = outside.clock.now, outside.observe
        url = f"{outside.url}/vendors/pagerduty-events"
        events = Events(routing_key, url, now=now, observe=observe) if routing_key else None
        api = f"{outside.url}/vendors/pagerduty"
        made.append(PagerDuty(token, from_email, api, now=now, events=events, observe=observe))
        return made[-1]

    yield client
    for one in made:
        one.disconnect()


def incidents(outside: Outside) -> list[dict[str, Any]]:
    """Return all incidents there ever were."""
    return outside.vendors.pagerduty.incidents


def page(client: PagerDuty, key: str = "INC-3") -> Page:
    """Page about one and the same thing."""
    return client.page("Triggers do not fire", "Since 10:00", service=SERVICE, key=key)


# --------------------------------------------------------------------------------------------- on duty


@pytest.mark.parametrize("schedule", ["SSAT Reviewing Manager", "ssat reviewing manager", "PSSATRM"])
def test_who_is_on_duty_is_told_once(pagerduty: PagerDuty, schedule: str) -> None:
    """By name or id; somebody who is on duty at two escalation levels is one person."""
    assert pagerduty.on_duty(schedule) == [MARIA]


def test_people_on_duty_come_in_escalation_order(pagerduty: PagerDuty, outside: Outside) -> None:
    """Whatever order PagerDuty has them in, and with those who come twice."""
    emails = [(3, "maria@example.com"), (2, "alice@example.com"), (1, "omar@example.com"), (2, "omar@example.com")]
    outside.vendors.pagerduty.duty["PSUPPOP"] = emails
    assert pagerduty.on_duty("Support Operations") == [
        OMAR,
        OnDuty("Alice Agent", "alice@example.com"),
        MARIA,
    ]


def test_nobody_on_duty_is_an_empty_list(pagerduty: PagerDuty, outside: Outside) -> None:
    """It is said, not guessed."""
    outside.vendors.pagerduty.set_on_duty("Support Operations", [])
    assert pagerduty.on_duty("Support Operations") == []


def test_people_who_come_as_references_are_asked_for(pagerduty: PagerDuty, outside: Outside) -> None:
    """Their e-mail address is what people are matched by."""
    outside.vendors.pagerduty.includes = False
    assert pagerduty.on_duty("Support Operations") == [OMAR]


def test_all_pages_are_read(pagerduty: PagerDuty, outside: Outside) -> None:
    """The last page may hold somebody new."""
    rows = [(1, "omar@example.com")] * 240 + [(2, "maria@example.com")]
    outside.vendors.pagerduty.duty["PSUPPOP"] = rows
    assert pagerduty.on_duty("PSUPPOP") == [OMAR, MARIA]
    assert sum("/oncalls" in call for call in outside.vendors.pagerduty.calls) == 3


def test_a_schedules_name_is_looked_up_once(pagerduty: PagerDuty, outside: Outside) -> None:
    """Its id does not change."""
    for _ in range(3):
        pagerduty.on_duty("Support Operations")
    assert sum("/schedules" in call for call in outside.vendors.pagerduty.calls) == 1


def test_an_unknown_name_is_not_found(pagerduty: PagerDuty) -> None:
    """Part of a name is not the name."""
    with pytest.raises(NotFound, match="'Support'"):
        pagerduty.on_duty("Support")
    with pytest.raises(NotFound, match="'Customer Support'"):
        pagerduty.page("Title", "Details", service="Customer Support", key="INC-3")


def test_a_user_is_found_by_e_mail(pagerduty: PagerDuty) -> None:
    """The From user can be checked before the first page."""
    assert pagerduty.user("OMAR@example.com") == OMAR
    assert pagerduty.user("omar@example") is None


# ---------------------------------------------------------------------------------------------- paging


def test_a_page_is_an_urgent_incident_with_all_there_is_to_know(pagerduty: PagerDuty, outside: Outside) -> None:
    """Under our own key, and with an address to look at."""
    made = page(pagerduty)
    [incident] = incidents(outside)
    assert incident["body"] == {"type": "incident_body", "details": "Since 10:00"}
    assert (incident["title"], incident["urgency"]) == ("Triggers do not fire", "high")
    assert incident["service"]["summary"] == SERVICE
    assert made == Page(incident["id"], "INC-3", incident["html_url"], "triggered") == pagerduty.find("INC-3")


def test_paging_again_is_the_same_page(pagerduty: PagerDuty, outside: Outside) -> None:
    """PagerDuty refuses a second one of the key; the open one is returned, in whatever state it is."""
    first = page(pagerduty)
    outside.vendors.pagerduty.set_status(first.id, "acknowledged")
    assert page(pagerduty) == Page(first.id, first.key, first.url, "acknowledged")
    assert len(incidents(outside)) == 1


def test_a_page_whose_answer_was_lost_is_not_sent_twice(pagerduty: PagerDuty, outside: Outside) -> None:
    """The key sees to it."""
    outside.vendors.pagerduty.faults.append(VendorFault(drop=True))
    with pytest.raises(RetryLater):
        pagerduty.page("Triggers do not fire", "", service="PSUPOPS", key="INC-3")
    assert page(pagerduty).id == incidents(outside)[0]["id"]
    assert len(incidents(outside)) == 1


def test_a_resolved_page_frees_its_key(pagerduty: PagerDuty) -> None:
    """The next is a new one, and the old one is not found any more."""
    first = page(pagerduty)
    assert pagerduty.resolve(first.id).status == "resolved"
    assert pagerduty.find("INC-3") is None
    assert page(pagerduty).id != first.id


def test_a_page_is_acknowledged_and_resolved(pagerduty: PagerDuty) -> None:
    """Each may come twice, and acknowledging what is resolved changes nothing."""
    made = page(pagerduty)
    steps = [pagerduty.acknowledge, pagerduty.acknowledge, pagerduty.resolve, pagerduty.resolve, pagerduty.acknowledge]
    states = [step(made.id).status for step in steps]
    assert states == ["acknowledged", "acknowledged", "resolved", "resolved", "resolved"]


def test_one_call_tells_of_all_open_pages_of_a_service(pagerduty: PagerDuty, outside: Outside) -> None:
    """Who did what last, and who has them; one that is resolved is found by its key."""
    first, second = page(pagerduty), pagerduty.page("SLA", "", service=SERVICE, key="INC-4")
    vendor = outside.vendors.pagerduty
    vendor.set_status(second.id, "acknowledged")
    vendor.reassign(second.id, "maria@example.com")
    before = len(vendor.calls)
    one, other = pagerduty.open_pages(SERVICE)
    assert len(vendor.calls) == before + 1
    assert (one.key, one.status, one.changed_by, one.assignees) == (first.key, "triggered", "", ())
    assert (other.key, other.status, other.changed_by) == ("INC-4", "acknowledged", "Omar Haddad")
    assert other.assignees == ("María García",)
    assert other.created_at <= other.changed_at
    vendor.set_status(first.id, "resolved")
    assert [one.key for one in pagerduty.open_pages(SERVICE)] == ["INC-4"]
    over = pagerduty.last_under("INC-3")
    assert over is not None
    assert (over.id, over.status) == (first.id, "resolved")
    assert pagerduty.last_under("INC-9") is None


def test_an_unknown_page_is_not_found(pagerduty: PagerDuty) -> None:
    """The sentence names it."""
    assert pagerduty.find("INC-9") is None
    with pytest.raises(NotFound, match="incident QNONE"):
        pagerduty.acknowledge("QNONE")


# ------------------------------------------------------------------------------- without a From user


def test_without_a_from_user_an_event_pages(make: Make, outside: Outside) -> None:
    """It has no id or address of its own, but its incident is found by the key, acknowledged and resolved."""
    client = make(None, ROUTING_KEY)
    made = page(client)
    assert made == Page("key:INC-3", "INC-3", "", "triggered")
    [incident] = incidents(outside)
    assert incident["body"] == {"details": "Since 10:00"}
    assert client.find("INC-3") == Page(incident["id"], "INC-3", incident["html_url"], "triggered")
    assert client.acknowledge(made.id).status == incident["status"] == "acknowledged"
    assert client.resolve(incident["id"]).status == incident["status"] == "resolved"


def test_an_event_sent_twice_pages_once(make: Make, outside: Outside) -> None:
    """Its key belongs to the open incident; a title too long for an event is cut."""
    client = make(None, ROUTING_KEY)
    for _ in range(2):
        client.page("x" * 2000, "", service=SERVICE, key="INC-3")
    assert [len(incident["title"]) for incident in incidents(outside)] == [1024]


@pytest.mark.parametrize(
    ("from_email", "token", "service"),
    [("nobody@example.com", TOKEN, SERVICE), (FROM, "wrong", SERVICE), (FROM, TOKEN, "No such service")],
)
def test_wrong_settings_are_no_reason_for_silence(
    make: Make, outside: Outside, from_email: str, token: str, service: str
) -> None:
    """Where the REST API refuses for good, the event still pages."""
    client = make(from_email, ROUTING_KEY, token=token)
    client.page("Triggers do not fire", "", service=service, key="INC-3")
    assert len(incidents(outside)) == 1


def test_a_refusal_without_events_is_told(make: Make, outside: Outside) -> None:
    """The From user must be one of the account."""
    with pytest.raises(Refused, match="Requester User Not Found"):
        page(make("nobody@example.com"))
    assert incidents(outside) == []


def test_trouble_of_pagerduty_is_not_paged_around(make: Make, outside: Outside) -> None:
    """It may have worked: an event as well could page twice."""
    outside.vendors.pagerduty.faults.append(VendorFault(drop=True))
    with pytest.raises(RetryLater):
        make(FROM, ROUTING_KEY).page("Title", "", service="PSUPOPS", key="INC-3")
    assert len(incidents(outside)) == 1
    assert outside.vendors.events.calls == []


def test_without_both_paging_is_a_wrong_setting(make: Make) -> None:
    """While who is on duty can still be asked."""
    client = make(None)
    assert client.on_duty("Support Operations") == [OMAR]
    with pytest.raises(Misconfigured, match="From user"):
        page(client)


def test_a_wrong_routing_key_is_refused_and_not_quoted(make: Make) -> None:
    """It is the only secret an event has."""
    wrong = "0123456789abcdef0123456789abcdef"
    with pytest.raises(Refused, match="routing_key") as caught:
        page(make(None, wrong))
    assert wrong not in repr(caught.value)


# --------------------------------------------------------------------------------------- what is wrong


def test_a_wrong_token_is_a_wrong_setting_and_not_quoted(make: Make) -> None:
    """The admin has to act."""
    with pytest.raises(Misconfigured, match="check its token") as caught:
        make(FROM, token="wrong-token").on_duty("PSUPPOP")
    assert "wrong-token" not in repr(caught.value)


def test_it_waits_as_many_seconds_as_pagerduty_says(pagerduty: PagerDuty, outside: Outside) -> None:
    """Its reset is seconds left, not a time."""
    fault = VendorFault(status=429, body={"error": {"message": "Rate Limit"}}, headers={"ratelimit-reset": "41"})
    outside.vendors.pagerduty.faults.append(fault)
    with pytest.raises(RetryLater) as caught:
        pagerduty.on_duty("PSUPPOP")
    assert caught.value.wait == timedelta(seconds=41)


def test_who_was_on_duty_at_a_time_is_asked_of_that_time(outside: Outside, pagerduty: PagerDuty) -> None:
    """Before the hand-over it is the one before; at its very second, and now, it is the next one."""
    asked = outside.vendors.pagerduty.now()
    handed_over = asked + timedelta(hours=1)
    outside.vendors.pagerduty.former["PSUPPOP"] = [(handed_over, [(1, "maria@example.com")])]
    until_then = replace(MARIA, until=handed_over)
    assert pagerduty.on_duty("Support Operations", asked) == [until_then]
    assert pagerduty.on_duty("Support Operations", handed_over - timedelta(seconds=1)) == [until_then]
    assert pagerduty.on_duty("Support Operations", handed_over) == [OMAR]
