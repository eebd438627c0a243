"""Chapter: a customer's feedback finds the product team, and the customer hears of it."""

from datetime import UTC, datetime

import httpx

from bot.demo.chapters.script import Script

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def play(script: Script) -> None:
    """Play it; `DidNotHappen` when a step does not come about."""
    alice, pia = script.slack.person("alice"), script.slack.person("pia")
    script.chapter("A customer's feedback finds the product team, and the customer hears of it", MONDAY)
    script.narrates("Alice, a support engineer, has a ticket in which a customer says what he thinks of the product.")
    script.types(alice, "/feedback 123456 Choosing who runs a schedule should not need an admin", in_="#support")
    script.modal(alice, "Send feedback", "123456")
    script.answers(alice, {"Is it about one feature or service?": "pipeline schedule"})
    script.submits(alice)
    preview = script.modal(alice, "This will be posted in #product", "found", "Add to this issue")
    existing = next(option for option in preview.options("Issue") if option.startswith("#"))
    script.answers(alice, {"Issue": existing})
    script.submits(alice)
    script.happens("Zendesk: ticket 123456 has the tag `feedback`", lambda: "feedback" in _tags(script, "123456"))
    card = script.message(pia, "#product", "Waits for the product team", "feedback set", "Issue: Let")
    script.message(alice, "dm", "Passed on to #product", "Told the customer")

    script.later("After lunch", hours=5)
    script.presses(pia, "Acknowledge", on=card)
    script.message(pia, "#product", "Acknowledged by @pia")
    script.message(alice, "dm", "@pia acknowledged FB-1")

    script.narrates("Alice has not told the customer yet. One business day after she sent it, the desk reminds her.")
    script.later("The next morning", hours=19, minutes=1)
    reminder = script.message(alice, "dm", "Have you told the customer")
    script.presses(alice, "Told the customer", on=reminder)
    script.message(alice, "dm", "This case is closed")

    script.narrates("A second one, sent on Friday, is seen by nobody: the weekend does not count.")
    script.at(datetime(2026, 3, 6, 17, 55, tzinfo=UTC), "Friday evening")
    script.types(alice, "/feedback ZD-123457 Dark mode hides the diff colours", in_="#support")
    script.submits(alice)
    script.modal(alice, "This will be posted in #product")
    script.submits(alice)
    waiting = script.message(pia, "#product", "FB-2", "Waits for the product team")
    script.at(datetime(2026, 3, 11, 17, 56, tzinfo=UTC), "Three business days later")
    script.message(pia, "#product", "has waited 3 business days", thread=waiting)


def _tags(script: Script, ticket: str) -> str:
    state = httpx.get(f"{script.slack.url}/control/vendors").json()
    return str(next(one for one in state["zendesk"]["tickets"] if str(one["id"]) == ticket)["tags"])
