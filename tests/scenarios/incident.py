"""What people do and see again and again in the scenarios of incidents."""

from datetime import datetime, timedelta
from typing import Any

from sandbox.driver.observations import Reply, Shown
from sandbox.driver.people import Integration, SandboxPerson
from tests.world import World
from workflows.contract.facts import IncomingFact, PageChange, PageChanged, PageStatus

CHANNEL = "#support-operations"
IMPACT = "What is the impact on users and customers?"
WHAT = "What is happening?"
SYSTEMS = "Which systems?"
OTHER = "Another system?"
SUMMARY = "Summary"
PICK = "Choose one or more"
BROKEN = "Triggers do not fire"
"""What is happening, where it does not matter: a mission critical system."""

STATUS = {
    PageChange.ACKNOWLEDGED: PageStatus.ACKNOWLEDGED,
    PageChange.RESOLVED: PageStatus.RESOLVED,
    PageChange.REOPENED: PageStatus.TRIGGERED,
    PageChange.UNACKNOWLEDGED: PageStatus.TRIGGERED,
    PageChange.REASSIGNED: PageStatus.TRIGGERED,
}


def reports(w: World, who: SandboxPerson, what: str = BROKEN, **more: Any) -> None:
    """Report an incident with `/incident`; `more` are systems (labels) and other."""
    who.runs(f"/incident {what}", in_="#support")
    labels = {"systems": SYSTEMS, "other": OTHER}
    who.fills({IMPACT: "No auto-replies go out", **{labels[name]: value for name, value in more.items()}})
    who.submits()
    assert who.modal is None
    w.settle()


def says(w: World, who: SandboxPerson | Integration, text: str = BROKEN) -> Shown:
    """Write in the channel of incidents, and let the desk hear it."""
    message = who.says(text, CHANNEL)
    delivered(w)
    return message


def answers(w: World, who: SandboxPerson, thread: Shown, text: str = "Looking into it") -> Shown:
    """Write in the thread, and let the desk hear it."""
    message = who.says(text, CHANNEL, thread=thread)
    delivered(w)
    return message


def delivered(w: World) -> None:
    """Let what was said reach the desk, and everything follow from it."""
    w.slack.settle()
    w.settle()


def top(w: World, channel: str = CHANNEL) -> Shown:
    """The newest message in a channel that is no reply."""
    return [message for message in w.maria.sees(channel) if not message.ephemeral][-1]


def thread(w: World, parent: Shown | None = None) -> list[Shown]:
    """A thread, its parent first."""
    return w.maria.sees_thread(parent or top(w))


def card(w: World, parent: Shown | None = None) -> Shown:
    """The card of the incident in a thread: the desk's first message in it."""
    return next(message for message in thread(w, parent) if message.user == "desk")


def ping_rounds(w: World, words: str, parent: Shown | None = None) -> list[Shown]:
    """The messages of a thread that say this."""
    return [message for message in thread(w, parent) if words in message.rendered]


def does(w: World, who: SandboxPerson, button: str, on: Shown) -> Reply:
    """Press a button, and let everything follow from it."""
    reply = who.clicks(button, on=on)
    w.settle()
    return reply


def picks(w: World, who: SandboxPerson, option: str, on: Shown) -> None:
    """Pick from the menu behind the three dots."""
    who.picks_overflow(option, on=on)
    w.settle()


def resolves(w: World, who: SandboxPerson, on: Shown, summary: str = "A trigger was switched off") -> None:
    """Press Resolve, and sum it up in a line."""
    who.clicks("Resolve", on=on)
    who.fills({SUMMARY: summary})
    who.submits()
    assert who.modal is None
    w.settle()


def changes(w: World, who: SandboxPerson, on: Shown, level: str) -> None:
    """Change the criticality."""
    who.picks_overflow("Change systems or criticality", on=on)
    who.fills({"How critical is it?": level})
    who.submits()
    assert who.modal is None
    w.settle()


def whispers(who: SandboxPerson, channel: str = CHANNEL) -> list[str]:
    """What the desk told somebody where only they see it."""
    return [message.rendered for message in who.sees(channel) if message.ephemeral]


def pages(w: World) -> list[dict[str, Any]]:
    """The incidents in PagerDuty."""
    return list(w.pagerduty.incidents)


def pagerduty_tells(
    w: World, change: PageChange, *, at: datetime | None = None, key: str = "", by: str = "Omar Haddad", **more: Any
) -> None:
    """PagerDuty's webhook tells of a change of the newest page; `key` is the delivery's."""
    page = w.pagerduty.incidents[-1]
    if change is not PageChange.REASSIGNED:
        page["status"] = STATUS[change].value
    fact = PageChanged(
        at=at or w.clock.now(),
        by=by,
        page=page["id"],
        key=page["incident_key"],
        url=page["html_url"],
        change=change,
        status=STATUS[change],
        **more,
    )
    w.desk.inbox.take([IncomingFact(key or f"{change}-{w.clock.now() + timedelta()}", fact)], w.clock.now())
    w.settle()
