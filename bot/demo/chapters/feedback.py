"""Chapter: a customer's feedback finds the product team, and the customer hears of it."""

from datetime import UTC, datetime

import httpx

from bot.demo.chapters.script import Script

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def play(story: Script) -> None:
    """Play it; `DidNotHappen` when a step does not come about."""
    alice, pia = story.slack.person("alice"), story.slack.person("pia")
    story.chapter("A customer's feedback finds the product team, and the customer hears of it", MONDAY)
    story.tells("Alice, a support engineer, has a ticket in which a customer says what he thinks of the product.")
    story.types(alice, "/feedback 123456 Choosing who runs a schedule should not need an admin", in_="#support")
    story.modal(alice, "Send feedback", "123456")
    story.answers(alice, {"Is it about one feature or service?": "pipeline schedule"})
    story.submits(alice)
    preview = story.modal(alice, "This will be posted in #product", "found", "Add to this issue")
    existing = next(option for option in preview.options("Issue") if option.startswith("#"))
    story.answers(alice, {"Issue": existing})
    story.submits(alice)
    story.happens("Zendesk: ticket 123456 has the tag `feedback`", lambda: "feedback" in _tags(story, "123456"))
    card = story.message(pia, "#product", "Waits for the product team", "feedback set", "Issue: Let")
    story.message(alice, "dm", "Passed on to #product", "Told the customer")

    story.later("After lunch", hours=5)
    story.presses(pia, "Acknowledge", on=card)
    story.message(pia, "#product", "Acknowledged by @pia")
    story.message(alice, "dm", "@pia acknowledged FB-1")

    story.tells("Alice has not told the customer yet. One business day after she sent it, the desk reminds her.")
    story.later("The next morning", hours=19, minutes=1)
    reminder = story.message(alice, "dm", "Have you told the customer")
    story.presses(alice, "Told the customer", on=reminder)
    story.message(alice, "dm", "This case is closed")

    story.tells("A second one, sent on Friday, is seen by nobody: the weekend does not count.")
    story.at(datetime(2026, 3, 6, 17, 55, tzinfo=UTC), "Friday evening")
    story.types(alice, "/feedback ZD-123457 Dark mode hides the diff colours", in_="#support")
    story.submits(alice)
    story.modal(alice, "This will be posted in #product")
    story.submits(alice)
    waiting = story.message(pia, "#product", "FB-2", "Waits for the product team")
    story.at(datetime(2026, 3, 11, 17, 56, tzinfo=UTC), "Three business days later")
    story.message(pia, "#product", "has waited 3 business days", thread=waiting)


def _tags(story: Script, ticket: str) -> str:
    state = httpx.get(f"{story.slack.url}/control/vendors").json()
    return str(next(one for one in state["zendesk"]["tickets"] if str(one["id"]) == ticket)["tags"])
