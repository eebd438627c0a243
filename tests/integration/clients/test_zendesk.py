"""Zendesk's contract."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.clients.zendesk import Zendesk
from sandbox.vendors.base import VendorFault
from sandbox.vendors.zendesk import TOKEN
from sandbox.vendors.zendesk_seed import EMAIL
from tests.integration.clients.conftest import Outside
from workflows.contract.errors import Misconfigured, NotFound, Refused, RetryLater
from workflows.contract.ticket_ports import Ticket

ERIKAS = Ticket(
    id=123456,
    subject="Pipeline schedules do not start",
    status="open",
    tags=frozenset({"pipelines"}),
    requester_name="Erika Mustermann",
    requester_email="erika@acme.example",
    organization="ACME",
    assignee_name="Alice Agent",
    assignee_email="alice@example.com",
)


class Meanwhile(httpx.HTTPTransport):
    """Lets something happen right before each write of ours arrives."""

    def __init__(self, happen: Callable[[], None], times: int) -> None:
        super().__init__()
        self.happen = happen
        self.times = times

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Interfere, then pass it on."""
        if request.method == "PUT" and self.times:
            self.times -= 1
            self.happen()
        return super().handle_request(request)


@pytest.fixture
def interfered(outside: Outside) -> Iterator[Callable[[Callable[[], None], int], Zendesk]]:
    """Make a client whose writes are always a moment late."""
    made: list[Zendesk] = []

    def make(happen: Callable[[], None], times: int) -> Zendesk:
        url, transport = f"{outside.url}/vendors/zendesk", Meanwhile(happen, times)
        made.append(Zendesk(url, EMAIL, TOKEN, now=outside.clock.now, transport=transport))
        return made[-1]

    yield make
    for client in made:
        client.disconnect()


def comments(outside: Outside, ticket: int) -> list[dict[str, Any]]:
    """Return the comments on a ticket after the first, which is the customer's."""
    return outside.vendors.zendesk.comments[ticket][1:]


def writes(outside: Outside) -> list[str]:
    """Return the calls that were not reads."""
    return [call for call in outside.vendors.zendesk.calls if not call.startswith("GET")]


def test_a_ticket_is_read_with_its_people_and_organisation(zendesk: Zendesk, outside: Outside) -> None:
    """One call gives everything a card shows."""
    assert zendesk.read(123456) == ERIKAS
    assert len(outside.vendors.zendesk.calls) == 1


@pytest.mark.parametrize("side_loads", [set(), {"users"}, {"organizations"}])
def test_without_side_loading_the_ticket_is_read_all_the_same(
    zendesk: Zendesk, outside: Outside, side_loads: set[str]
) -> None:
    """What was not sent along is asked for."""
    outside.vendors.zendesk.side_loads = side_loads
    assert zendesk.read(123456) == ERIKAS


def test_a_refused_side_loading_is_done_without(zendesk: Zendesk, outside: Outside) -> None:
    """Side-loading organisations with one ticket is not documented."""
    outside.vendors.zendesk.faults.append(VendorFault(status=400, body="include is not valid"))
    assert zendesk.read(123456) == ERIKAS


def test_a_ticket_without_organisation_or_assignee_is_read(zendesk: Zendesk, outside: Outside) -> None:
    """What is not there is None."""
    outside.vendors.zendesk.tickets[123459]["assignee_id"] = None
    found = zendesk.read(123459)
    assert (found.organization, found.assignee_name, found.requester_name) == (None, None, "Jane Doe")


def test_people_and_organisations_deleted_since_are_none(zendesk: Zendesk, outside: Outside) -> None:
    """The ticket still names them."""
    outside.vendors.zendesk.tickets[123456] |= {"organization_id": 999, "assignee_id": 998}
    outside.vendors.zendesk.side_loads = set()
    found = zendesk.read(123456)
    assert (found.organization, found.assignee_name) == (None, None)


def test_an_unknown_ticket_is_not_found(zendesk: Zendesk) -> None:
    """The sentence names it."""
    for do in (zendesk.read, lambda ticket: zendesk.add_tag(ticket, "feedback")):
        with pytest.raises(NotFound, match="no ticket 999"):
            do(999)


def test_a_tag_is_added_beside_the_others(zendesk: Zendesk, outside: Outside) -> None:
    """The tags that were there stay."""
    zendesk.add_tag(123456, "Feedback")
    assert outside.vendors.zendesk.tickets[123456]["tags"] == ["feedback", "pipelines"]


def test_a_tag_that_is_there_is_not_written_again(zendesk: Zendesk, outside: Outside) -> None:
    """Every write sets the ticket's clock and triggers going."""
    zendesk.add_tag(123456, "feedback")
    zendesk.add_tag(123456, "Feedback")
    assert len(writes(outside)) == 1


def test_a_tag_set_meanwhile_is_not_lost(
    interfered: Callable[[Callable[[], None], int], Zendesk], outside: Outside
) -> None:
    """Somebody tags between our reading and our writing: read again, and all tags are there."""
    interfered(lambda: outside.vendors.zendesk.tag(123456, "urgent"), 1).add_tag(123456, "feedback")
    assert outside.vendors.zendesk.tickets[123456]["tags"] == ["feedback", "pipelines", "urgent"]
    assert len(writes(outside)) == 2


def test_a_ticket_that_changes_all_the_time_is_tried_a_few_times_only(
    interfered: Callable[[Callable[[], None], int], Zendesk], outside: Outside
) -> None:
    """Then it is for later."""
    client = interfered(lambda: outside.vendors.zendesk.set_status(123456, "open"), 99)
    with pytest.raises(RetryLater, match="changes so often"):
        client.add_tag(123456, "feedback")
    assert len(writes(outside)) == 4


def test_a_closed_ticket_is_refused_in_words_a_person_understands(zendesk: Zendesk, outside: Outside) -> None:
    """Tags, notes and forms alike; trying again would not help."""
    changes: list[Callable[[], None]] = [
        lambda: zendesk.add_tag(123458, "feedback"),
        lambda: zendesk.add_internal_note(123458, "Hello", mark="m1"),
        lambda: zendesk.set_form(123458, "Support Ops"),
    ]
    for do in changes:
        with pytest.raises(Refused, match="Ticket 123458 is closed"):
            do()
    assert comments(outside, 123458) == []


def test_a_note_is_never_public(zendesk: Zendesk, outside: Outside) -> None:
    """Left out, the customer would read it."""
    zendesk.add_internal_note(123456, "A manager was asked for.", mark="m1")
    [note] = comments(outside, 123456)
    assert note["public"] is False
    assert note["body"] == "A manager was asked for.\n\n(desk:m1)"


def test_a_note_whose_answer_was_lost_is_not_written_twice(zendesk: Zendesk, outside: Outside) -> None:
    """It is looked for before it is written again."""
    outside.vendors.zendesk.faults.append(VendorFault(drop=True))
    with pytest.raises(RetryLater):
        zendesk.add_internal_note(123456, "A manager was asked for.", mark="m1")
    zendesk.add_internal_note(123456, "A manager was asked for.", mark="m1", again=True)
    assert len(comments(outside, 123456)) == 1


def test_a_note_that_never_arrived_is_written_again(zendesk: Zendesk, outside: Outside) -> None:
    """Another note of ours is not taken for it."""
    zendesk.add_internal_note(123456, "First", mark="m1")
    zendesk.add_internal_note(123456, "Second", mark="m2", again=True)
    assert [note["body"].split()[0] for note in comments(outside, 123456)] == ["First", "Second"]


def test_a_note_is_found_among_many_comments(zendesk: Zendesk, outside: Outside) -> None:
    """The newest are looked through, not the oldest."""
    for number in range(120):
        zendesk.add_internal_note(123456, "Hello", mark=f"m{number}")
    zendesk.add_internal_note(123456, "Hello", mark="m119", again=True)
    assert len(comments(outside, 123456)) == 120


def test_a_form_is_set_by_its_name_and_the_customer_told_nothing(zendesk: Zendesk, outside: Outside) -> None:
    """A public reply would stop the clock of the service level."""
    zendesk.set_form(123456, "Support Ops")
    assert outside.vendors.zendesk.tickets[123456]["ticket_form_id"] == 72
    assert comments(outside, 123456) == []


def test_an_unknown_form_is_not_found(zendesk: Zendesk) -> None:
    """The sentence names it."""
    with pytest.raises(NotFound, match="'Support Opps'"):
        zendesk.set_form(123456, "Support Opps")


def test_a_wrong_token_is_a_wrong_setting_and_not_quoted(outside: Outside) -> None:
    """The admin has to act."""
    client = Zendesk(f"{outside.url}/vendors/zendesk", EMAIL, "wrong-token", now=outside.clock.now)
    with pytest.raises(Misconfigured, match="check its token") as caught:
        client.read(123456)
    assert "wrong-token" not in repr(caught.value)
    client.disconnect()


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_zendesk_says(zendesk: Zendesk, outside: Outside, status: int) -> None:
    """Both answers may say for how long."""
    fault = VendorFault(status=status, body="Number of allowed API requests exceeded", headers={"Retry-After": "93"})
    outside.vendors.zendesk.faults.append(fault)
    with pytest.raises(RetryLater) as caught:
        zendesk.read(123456)
    assert caught.value.wait == timedelta(seconds=93)


def test_a_vendor_that_hangs_is_left_alone(outside: Outside) -> None:
    """The time-out ends it (a short one here)."""

    class Impatient(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            assert request.extensions["timeout"] == {"connect": 5.0, "read": 15.0, "write": 15.0, "pool": 15.0}
            request.extensions["timeout"]["read"] = 0.05
            return super().handle_request(request)

    outside.vendors.zendesk.faults.append(VendorFault(hang=0.5))
    url = f"{outside.url}/vendors/zendesk"
    client = Zendesk(url, EMAIL, TOKEN, now=outside.clock.now, transport=Impatient())
    with pytest.raises(RetryLater, match="did not answer in time"):
        client.read(123456)
    client.disconnect()


def test_calls_are_observed(zendesk: Zendesk, outside: Outside) -> None:
    """With the operation, not the address: few names for metrics."""
    zendesk.add_tag(123456, "feedback")
    assert outside.observed == [("Zendesk", "read_ticket", "ok"), ("Zendesk", "add_tag", "ok")]


def test_a_cc_is_added_to_those_the_ticket_has(outside: Outside, zendesk: Zendesk) -> None:
    """Twice is once, the others stay, and a closed ticket takes none."""
    for email in ("maria@example.com", "marco@example.com", "maria@example.com"):
        zendesk.add_cc(123456, email)
    assert outside.vendors.zendesk.ticket(123456)["email_ccs"] == ["marco@example.com", "maria@example.com"]
    with pytest.raises(Refused, match="closed"):
        zendesk.add_cc(123458, "maria@example.com")


def test_a_ticket_is_assigned_to_an_agent(zendesk: Zendesk, outside: Outside) -> None:
    """By e-mail address; who is no agent is refused, and so is a closed ticket."""
    zendesk.assign(123457, "alice@example.com")
    assert outside.vendors.zendesk.users[outside.vendors.zendesk.ticket(123457)["assignee_id"]]["name"] == "Alice Agent"
    with pytest.raises(Refused):
        zendesk.assign(123457, "nobody@example.com")
    with pytest.raises(Refused, match="closed"):
        zendesk.assign(123458, "alice@example.com")
