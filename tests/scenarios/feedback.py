"""What people do and see again and again in the scenarios of feedback."""

from typing import Any

from sandbox.driver.observations import Modal, Reply, Shown
from sandbox.driver.people import SandboxPerson
from tests.world import World

TICKET = "Ticket"
KIND = "What kind of feedback is it?"
TEXT = "What did the customer say?"
AREA = "Which part of the product?"
FEATURE = "Is it about one feature or service?"

SLOW = "The merge train view is too slow"
"""What the customer said, where it does not matter."""

PROJECT = "gitlab-org/gitlab"


def types(w: World, who: SandboxPerson, text: str = SLOW, ticket: str = "123456", **more: str) -> Reply:
    """Open the form, fill it and press Continue; `more` are kind, area and feature."""
    who.runs("/feedback", in_="#support")
    labels = {"kind": KIND, "area": AREA, "feature": FEATURE}
    who.fills({TICKET: ticket, TEXT: text, **{labels[name]: value for name, value in more.items()}})
    reply = who.submits()
    w.settle()
    return reply


def sends(w: World, who: SandboxPerson, text: str = SLOW, ticket: str = "123456", **more: str) -> None:
    """Fill the form, look at the preview, and send it; a bug with a new issue."""
    types(w, who, text, ticket, **more)
    if more.get("kind") == "Bug":
        who.fills({"Issue": "Open a new issue"})
    confirms(w, who)


def confirms(w: World, who: SandboxPerson) -> None:
    """Send the preview; the modal closes."""
    who.submits()
    w.settle()
    assert who.modal is None


def modal(who: SandboxPerson) -> Modal:
    """The modal that is open."""
    shown = who.modal
    assert shown is not None
    return shown


def posted(who: SandboxPerson, channel: str) -> list[Shown]:
    """What the desk posted in a channel, oldest first."""
    shown = [message for message in who.sees(channel) if message.user == "desk" and not message.ephemeral]
    return [message for message in shown if message.raw["subtype"] is None]  # that it joined is no post


def card(w: World, channel: str = "#product") -> Shown:
    """The one card in a channel, as the product manager sees it."""
    (shown,) = posted(w.pia, channel)
    return shown


def confirmation(who: SandboxPerson) -> Shown:
    """What the submitter got to see of their feedback: the first message of the desk in the DM that has the reply."""
    return next(message for message in who.dm() if "The reply to the customer" in message.rendered)


def dms(who: SandboxPerson) -> list[str]:
    """What the desk wrote to somebody privately, oldest first."""
    return [message.rendered for message in who.dm()]


def notices(who: SandboxPerson, words: str) -> list[Shown]:
    """The private messages that say this."""
    return [message for message in who.dm() if words in message.rendered]


def whispers(who: SandboxPerson, channel: str) -> list[str]:
    """What the desk told somebody where only they see it."""
    return [message.rendered for message in who.sees(channel) if message.ephemeral]


def clicks(w: World, who: SandboxPerson, button: str, on: Shown) -> Reply:
    """Press a button of a message, and let happen what follows."""
    reply = who.clicks(button, on=on)
    w.settle()
    return reply


def tags(w: World, ticket: int = 123456) -> list[str]:
    """The tags of a ticket."""
    found: list[str] = w.zendesk.tickets[ticket]["tags"]
    return found


def issues(w: World) -> list[dict[str, Any]]:
    """The issues the desk has opened."""
    return [issue for issue in w.gitlab.issues[PROJECT] if issue["author"]["username"] == "desk"]


def comments(w: World, number: int) -> list[str]:
    """The comments on an issue."""
    return [note["body"] for note in w.gitlab.notes[w.gitlab.issue(PROJECT, number)["id"]]]
