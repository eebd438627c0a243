"""What people do and see again and again in the scenarios of satisfaction reviews."""

from typing import Any

from sandbox.driver.observations import Modal, Reply
from sandbox.driver.people import SandboxPerson
from tests.world import World
from workflows.review.model import ReviewCase

PROJECT = "gitlab-com/support/feedback"
TICKET = 123456

SUMMARY = "Summary of ticket/feedback"
ACTION = "Action to be taken"
CONTACT = "Contact customer to discuss feedback?"
WHY = "Why was the feedback given?"
NEXT = "What happens next?"
WHY_OPEN = "Why does it stay open?"


def policy(**review: Any) -> dict[str, Any]:
    """A policy where PagerDuty says who of the managers is on duty: Maria, in the sandbox."""
    return {"managers": {"on_duty_schedule": "SSAT Reviewing Manager"}, "review": review}


def rates(w: World, score: str, words: str = "", ticket: int = TICKET, **form: Any) -> None:
    """A customer rates a ticket, and the webhook tells of it."""
    w.zendesk.rate(ticket, score, words, **form)
    w.settle()


def review(w: World, name: str = "RV-1") -> ReviewCase:
    """A review as it is now."""
    found = w.desk.engine.cases.read(name)
    assert isinstance(found, ReviewCase)
    return found


def issues(w: World, ticket: int = TICKET) -> list[dict[str, Any]]:
    """The feedback issues of a ticket."""
    return [issue for issue in w.gitlab.issues[PROJECT] if issue["title"].endswith(f"feedback for ticket {ticket}")]


def issue(w: World, ticket: int = TICKET) -> dict[str, Any]:
    """The one feedback issue of a ticket."""
    (found,) = issues(w, ticket)
    return found


def assignees(w: World, ticket: int = TICKET) -> list[str]:
    """Whom a ticket's feedback issue is assigned to."""
    return [who["username"] for who in issue(w, ticket)["assignees"]]


def comments(w: World, ticket: int = TICKET) -> list[str]:
    """The comments on a ticket's feedback issue."""
    return [note["body"] for note in w.gitlab.notes[issue(w, ticket)["id"]]]


def queue(w: World, who: SandboxPerson) -> Modal:
    """Open the queue."""
    who.runs("/feedback reviews", in_="#support")
    w.settle()
    return modal(who)


def modal(who: SandboxPerson) -> Modal:
    """The modal that is open."""
    shown = who.modal
    assert shown is not None
    return shown


def home(w: World, who: SandboxPerson) -> Modal:
    """Open the App Home."""
    who.opens_home()
    w.settle()
    shown = who.home
    assert shown is not None
    return shown


def presses(w: World, who: SandboxPerson, button: str, nth: int | None = None, on: Any = None) -> Reply:
    """Press a button of the open modal, or of something else, and let happen what follows."""
    reply = who.clicks(button, on=on, nth=nth)
    w.settle()
    return reply


def submits(w: World, who: SandboxPerson, **values: Any) -> None:
    """Fill the open modal by its labels, send it, and let happen what follows."""
    who.fills(values)
    who.submits()
    w.settle()


def triages(w: World, who: SandboxPerson, *, label: str = "feedback::soft-skills", **more: Any) -> None:
    """Fill in the form that is open, and send it."""
    submits(w, who, **{SUMMARY: "They waited for a week", WHY: label, **more})
