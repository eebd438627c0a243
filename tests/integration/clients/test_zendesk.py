"""Zendesk's contract."""

from bot.clients.zendesk import Zendesk
from tests.integration.clients.conftest import Outside
from workflows.ports import Ticket


def test_a_ticket_is_read_with_its_people_and_organisation(zendesk: Zendesk) -> None:
    """One call gives everything a card shows."""
    assert zendesk.read(123456) == Ticket(
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


def test_a_tag_is_added_beside_the_others(zendesk: Zendesk, outside: Outside) -> None:
    """The tags that were there stay."""
    zendesk.add_tag(123456, "feedback")
    assert outside.vendors.zendesk.tickets[123456]["tags"] == ["feedback", "pipelines"]
