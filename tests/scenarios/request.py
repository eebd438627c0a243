"""What people do and see again and again in the scenarios of requests to Support Operations."""

from typing import Any

from sandbox.driver.observations import Modal, Shown
from sandbox.driver.people import SandboxPerson
from tests.world import World
from workflows.request.model import RequestCase

PROJECT = "gitlab-com/gl-security/corp/cust-support-ops/issue-tracker"
META = "gitlab-com/support/support-team-meta"
TEAM = "gitlab-com/support/team"
CHANNEL = "#support-operations"

NEED = "What do you need?"
SUMMARY = "In one line, what is it about?"
CONFIRM = "Please confirm"
ALL = [
    "I may decide (it is mine, or was delegated to me).",
    "I will answer questions soon.",
    "I will test it on staging and sign it off.",
]
BUG = {
    SUMMARY: "Triggers don't fire",
    "Steps to reproduce": "1. Solve a ticket\n2. Wait",
    "What happens?": "Nothing",
    "What should happen instead?": "The trigger fires",
    "How bad is it?": "Major",
    CONFIRM: ALL,
}
"""A bug report with everything that has to be answered."""


def policy(**request: Any) -> dict[str, Any]:
    """A policy where Omar approves merge requests, and the tracker's webhook tells of everything."""
    team = {"merge_request": {"approvers": ["omar"]}}
    return {
        "managers": {"on_duty_schedule": "SSAT Reviewing Manager"},
        "request": {"ask_every": None, "self_service": {"team_yaml": team}, **request},
    }


def request(w: World, name: str = "REQ-1") -> RequestCase:
    """A request as it is now."""
    found = w.desk.engine.cases.read(name)
    assert isinstance(found, RequestCase)
    return found


def modal(who: SandboxPerson) -> Modal:
    """The modal that is open."""
    shown = who.modal
    assert shown is not None
    return shown


def sends(w: World, who: SandboxPerson, command: str, values: dict[str, Any]) -> None:
    """Open a form with the command, fill it in, send it, and let happen what follows."""
    who.runs(command, in_="#support")
    who.fills(values)
    who.submits()
    w.settle()


def submits(w: World, who: SandboxPerson, **values: Any) -> None:
    """Fill the open modal by its labels, send it, and let happen what follows."""
    who.fills(values)
    who.submits()
    w.settle()


def files_bug(w: World, who: SandboxPerson, **more: Any) -> None:
    """Report a bug, with everything that is asked."""
    sends(w, who, "/supportops bug", {**BUG, **more})


def card(who: SandboxPerson, name: str = "REQ-1") -> Shown:
    """The message that shows somebody's request."""
    return next(one for one in who.dm() if one.text.startswith(f"{name} ·"))


def dms(who: SandboxPerson, words: str) -> list[Shown]:
    """The private messages that say this, with those in the threads of others."""
    whole = {(one.ts): one for message in who.dm() for one in (message, *who.sees_thread(message))}
    return [one for one in whole.values() if words in one.rendered]


def clicks(w: World, who: SandboxPerson, button: str, on: Any) -> None:
    """Press a button, and let happen what follows."""
    who.clicks(button, on=on)
    w.settle()


def issues(w: World, project: str = PROJECT) -> list[dict[str, Any]]:
    """The issues of a project that the desk opened."""
    return [one for one in w.gitlab.issues[project] if one["author"]["username"] == "desk"]


def issue(w: World, project: str = PROJECT) -> dict[str, Any]:
    """The one issue the desk opened."""
    (found,) = issues(w, project)
    return found


def comments(w: World, project: str = PROJECT) -> list[str]:
    """What the desk wrote on that issue."""
    return [one["body"] for one in w.gitlab.notes[issue(w, project)["id"]] if one["author"]["username"] == "desk"]


def stage(w: World, label: str, *, by: str = "omar") -> None:
    """Support Operations moves the issue to a stage."""
    number = issue(w)["iid"]
    for old in [one for one in issue(w)["labels"] if one.startswith("Stage::")]:
        w.gitlab.unlabel(PROJECT, number, old, by=by)
    w.gitlab.label(PROJECT, number, label, by=by)
    w.settle()
