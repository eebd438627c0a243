"""What is read out of messages in the channel, commands and modals."""

from typing import Any

import pytest

from handlers.contact import message_parsing, parsing
from handlers.contact.message_parsing import ChannelMessage
from handlers.contact.parsing import Asked, NotUnderstood, WhyAsked
from tests.tickets import ticket
from tests.unit.contact.plays import POLICY
from workflows.contact.model import Source
from workflows.contact.wishes import Wish
from workflows.policy.contact import Way


def message(text: str = "", **more: Any) -> dict[str, Any]:
    """A message event of Alice in the channel."""
    return {"type": "message", "channel": "C0ESC", "ts": "1.5", "user": "U0ALICE", "text": text, **more}


def parsed(event: dict[str, Any], app: str | None = "A0DESK") -> ChannelMessage | None:
    """What the desk hears in it."""
    return message_parsing.read(event, app, POLICY)


AGENT = "https://gitlab.zendesk.com/agent/tickets/123456"
BOT = {"subtype": "bot_message", "bot_id": "B0FORM", "username": "Feedback form", "user": None}


@pytest.mark.parametrize(
    "text",
    [
        "Negative feedback for ticket 123456, contact requested",
        "*Negative feedback* for <https://gitlab.zendesk.com/agent/tickets/123456|#123456> — Manager contact: yes",
        "ticket #123456: the customer wants to *talk to a\n manager*",
        "ZD-123456 CONTACT REQUESTED",
        "https://support.gitlab.com/hc/en-us/requests/123456 asked for contact &amp; more",
    ],
)
def test_a_ticket_and_a_phrase_ask_for_contact(text: str) -> None:
    """In any form, with Slack's marks and line breaks in between."""
    found = parsed(message(text))
    assert found is not None
    assert (found.tickets, found.source, found.by) == ((ticket(123456),), Source.MESSAGE, "U0ALICE")
    assert found.wish is Wish.YES


@pytest.mark.parametrize(
    "event",
    [
        message("ticket 123456 contact requested", subtype="channel_topic"),
        message("ticket 123456 contact requested", app_id="A0DESK"),
        message("ticket 123456 contact requested", bot_profile={"app_id": "A0DESK"}),
        message("ticket 123456 contact requested", user=None),
        {"type": "message", "subtype": "message_changed", "channel": "C0ESC", "message": {"subtype": "tombstone"}},
    ],
)
def test_what_nobody_else_wrote_says_nothing(event: dict[str, Any]) -> None:
    """A topic, the desk's own words, nobody's, what was deleted."""
    assert parsed(event) is None


def test_edits_and_replies_say_what_they_are() -> None:
    """An edit by its message's own time, a reply by the thread it stands in."""
    edited = parsed(
        {"type": "message", "subtype": "message_changed", "channel": "C0ESC", "ts": "9.9", "message": message("x 5")}
    )
    assert edited is not None
    assert (edited.is_edited, edited.ts, edited.thread) == (True, "1.5", None)
    reply = parsed(message("It's 123456", thread_ts="1.1"))
    assert reply is not None
    assert (reply.is_edited, reply.thread) == (False, "1.1")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("123456", [123456]),
        ("It's 123456, sorry!", [123456]),
        ("#5 it is", [5]),
        ("see <https://gitlab.zendesk.com/agent/tickets/7>", [7]),
        ("123456 or 123457?", [123456, 123457]),
        ("the one of 10:30, I think 95%, v1.2.345", []),
        ("I spoke with them for a while on 5551234 and they did not say", []),
        ("99999999999", []),
    ],
)
def test_an_answer_names_a_ticket(text: str, numbers: list[int]) -> None:
    """In a short one a number alone will do; times, shares and long stories have none."""
    found = parsed(message(text, thread_ts="1.1"))
    assert found is not None
    assert [one.number for one in message_parsing.named_tickets(found, POLICY)] == numbers


@pytest.mark.parametrize(
    "more",
    [
        {"text": "Negative feedback for ticket 123456 contact requested"},
        {"attachments": [{"pretext": "Negative feedback", "title": "ticket 123456", "text": "Contact requested"}]},
        {
            "attachments": [
                {"title_link": "https://gitlab.zendesk.com/agent/tickets/123456", "text": "requests contact"}
            ]
        },
        {
            "attachments": [
                {"fields": [{"title": "Ticket", "value": "#123456"}, {"title": "Contact requested", "value": "yes"}]}
            ]
        },
        {"attachments": [{"blocks": [{"type": "section", "text": {"text": "ticket 123456 wants contact"}}]}]},
        {"blocks": [{"type": "section", "fields": [{"text": "ticket 123456"}, {"text": "manager contact"}]}]},
        {"text": "New feedback", "blocks": [{"type": "section", "text": {"text": "ticket 123456 wants contact"}}]},
        {
            "text": "This content can't be displayed.",
            "blocks": [
                {
                    "type": "rich_text",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [
                                {"type": "link", "url": "https://gitlab.zendesk.com/agent/tickets/123456"},
                                {"type": "text", "text": " wants contact"},
                            ],
                        }
                    ],
                }
            ],
        },
    ],
)
def test_integrations_say_it_in_many_places(more: dict[str, Any]) -> None:
    """In the text, in attachments and their fields, in blocks."""
    found = parsed(message(**(BOT | more)))
    assert found is not None
    assert (found.tickets, found.source, found.by) == ((ticket(123456),), Source.INTEGRATION, "Feedback form")


def test_a_request_of_an_integration_without_a_ticket_is_kept() -> None:
    """Nobody corrects an integration: a manager names the ticket."""
    found = parsed(message("Contact requested for https://evil.example/tickets/5", **BOT))
    assert found is not None
    assert (found.tickets, found.is_of_person, found.wish) == ((), False, Wish.YES)


def test_a_person_who_names_a_ticket_elsewhere_is_told() -> None:
    """Which host it is, and which ones are ours."""
    found = parsed(message("<https://evil.example/tickets/5> contact requested"))
    assert found is not None
    assert found.tickets == ()
    assert "evil.example is not one of our ticket systems" in str(found.elsewhere)


def test_words_are_kept_as_people_read_them() -> None:
    """Links with their labels, no entities, no mark-up of Slack's."""
    found = parsed(message("ticket 123456 contact requested: a &lt; b, <https://x.example|here> <!channel>"))
    assert found is not None
    assert found.words == "ticket 123456 contact requested: a < b, here (https://x.example) @channel"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("123456 They called &amp; wrote", Asked(ticket(123456), "They called & wrote")),
        ("<https://gitlab.zendesk.com/agent/tickets/7> now", Asked(ticket(7), "now")),
        ("ZD-5", Asked(ticket(5), "")),
        ("why MC-7", WhyAsked(case="MC-7")),
        ("WHY mc007", WhyAsked(case="MC-7")),
        ("why 123456", WhyAsked(ticket=ticket(123456))),
    ],
)
def test_a_command_is_understood(text: str, meant: object) -> None:
    """A ticket and words, or a question why."""
    assert parsing.of_command(text, POLICY) == meant


@pytest.mark.parametrize("text", ["hello", "why", "why not", "0", "https://evil.example/tickets/5 x", "5x"])
def test_what_is_not_understood_is_answered(text: str) -> None:
    """With a sentence that says how it is written."""
    meant = parsing.of_command(text, POLICY)
    assert isinstance(meant, NotUnderstood)
    assert "`/manager-contact" in meant.sentence


def view(**values: str) -> dict[str, Any]:
    """A modal as it was sent: block id to what stands in it."""
    state = {name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    return {"state": {"values": state}, "blocks": [{"block_id": name} for name in values]}


def test_a_reply_on_the_ticket_needs_an_engineer() -> None:
    """Asked for at the question that is there; nobody is briefed after an e-mail."""
    assert parsing.of_contacted(view(how="ticket", text="x", briefed=""), POLICY).keys() == {"briefed"}  # type: ignore[union-attr]  # errors
    assert parsing.of_contacted(view(how="ticket", text="x"), POLICY).keys() == {"how"}  # type: ignore[union-attr]  # errors
    sent = parsing.of_contacted(view(how="email", text=" Dear ", briefed="U0ALICE"), POLICY)
    assert sent == parsing.HowContacted(Way.EMAIL, "Dear", None)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("You told us: {words}", "{words}"),
        ("I am [Your\n name]", "[Your name]"),
        ("[What the customer told us, in your own words]", "[What the customer told us, in your own words]"),
    ],
)
def test_a_gap_of_the_draft_was_not_sent(text: str, left: str) -> None:
    """Named where it was typed, also when its line was broken."""
    errors = parsing.of_contacted(view(how="call", text=text), POLICY)
    assert errors == {"text": f"Please fill in, or take out, what the draft leaves open: {left}"}


def test_brackets_and_braces_of_ones_own_are_fine() -> None:
    """Only what the draft left open counts."""
    assert isinstance(
        parsing.of_contacted(view(how="call", text="[1] {}, see {x} [here](y)"), POLICY), parsing.HowContacted
    )


def test_what_is_too_long_is_counted() -> None:
    """Where Slack lets more through than we take."""
    errors = parsing.of_contacted(view(how="call", text="x" * 3001), POLICY)
    assert errors == {"text": "This has 3001 characters; 3000 fit."}
