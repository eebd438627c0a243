"""What people do and see again and again in the scenarios of manager contact."""

from datetime import UTC, datetime
from typing import Any

from sandbox.driver.observations import Modal, Reply, Shown
from sandbox.driver.people import SandboxPerson
from tests.world import World

CHANNEL = "#support_escalations"
PROJECT = "gitlab-com/support/feedback"
FRIDAY = datetime(2026, 11, 20, 17, 55, tzinfo=UTC)
"""A Friday evening after work in Lisbon, where Maria is."""

HOW = "How did you contact the customer?"
SENT = "What did you send or say?"
BRIEFED = "Which engineer goes on with the ticket?"
BRIEFING = "What should they do next?"
WHO = "Who shall have MC-1?"


def policy(**contact: Any) -> dict[str, Any]:
    """A policy where PagerDuty says who of the managers is on duty: Maria, in the sandbox."""
    return {
        "managers": {"on_duty_schedule": "SSAT Reviewing Manager"},
        "contact": {"lead": "omar@example.com", **contact},
    }


def asks(w: World, who: SandboxPerson, text: str = "123456 Nobody answered for a week") -> Reply:
    """Ask a manager to contact a customer, by the command."""
    reply = who.runs(f"/manager-contact {text}", in_="#support")
    w.settle()
    return reply


def cards(w: World) -> list[Shown]:
    """The cards in the channel, oldest first, as Marco sees them."""
    return [one for one in w.marco.sees(CHANNEL) if one.user == "desk" and not one.ephemeral]


def card(w: World) -> Shown:
    """The one card in the channel."""
    (shown,) = cards(w)
    return shown


def thread(w: World) -> list[Shown]:
    """What the desk said in the thread of the card."""
    return w.marco.sees_thread(card(w))[1:]


def clicks(w: World, who: SandboxPerson, button: str, on: Shown | None = None) -> Reply:
    """Press a button of the card, or of another message, and let happen what follows."""
    reply = who.clicks(button, on=on or card(w))
    w.settle()
    return reply


def modal(who: SandboxPerson) -> Modal:
    """The modal that is open."""
    shown = who.modal
    assert shown is not None
    return shown


def submits(w: World, who: SandboxPerson, **values: Any) -> None:
    """Fill the open modal, send it, and let happen what follows."""
    if values:
        who.fills(values)
    who.submits()
    w.settle()


def contacts(w: World, who: SandboxPerson, on: Shown | None = None, text: str = "Dear customer") -> None:
    """Record that the customer was contacted by e-mail."""
    clicks(w, who, "Contacted", on)
    submits(w, who, **{SENT: text})
    assert who.modal is None


def dms(who: SandboxPerson, words: str = "") -> list[Shown]:
    """What the desk wrote to somebody privately that says this, oldest first."""
    return [message for message in who.dm() if words in message.rendered]


def whispers(who: SandboxPerson, channel: str = CHANNEL) -> list[str]:
    """What the desk told somebody where only they see it."""
    return [message.rendered for message in who.sees(channel) if message.ephemeral]


def feedback_issues(w: World, title: str = "Negative feedback for ticket 123456") -> list[dict[str, Any]]:
    """The feedback issues of this title."""
    return [issue for issue in w.gitlab.issues[PROJECT] if issue["title"] == title]


def comments(w: World, number: int) -> list[str]:
    """The comments on a feedback issue."""
    return [note["body"] for note in w.gitlab.notes[w.gitlab.issue(PROJECT, number)["id"]]]


def at(text: str) -> datetime:
    """A time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
