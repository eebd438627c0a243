"""Why a request is due when it is, and what happened to it, in words."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from workflows.contact import schedule
from workflows.contact.model import REMIND, ContactCase
from workflows.contract.actors import who
from workflows.contract.engine import TimelineEntry
from workflows.lib.markup import cut, escape, escape_but_people, slack_date
from workflows.policy.model import Policy

SECTION_LIMIT = 2900
LINE_LIMIT = 400
MOST_LINES = 60


def explained(case: ContactCase, policy: Policy) -> list[str]:
    """How the due time was worked out, and when who has it is reminded."""
    if case.due_at is None or case.asked_at is None:
        return [f"{case.id} has no due time yet."]
    zone = policy.zone
    lines = [
        f"*{case.id} is due {slack_date(case.due_at, zone)}.*",
        f"Asked {slack_date(case.asked_at, zone)}. The due time: {escape(case.due_why)}.",
        "The clock stops when the customer is contacted, not when somebody claims it.",
        *_owner(case),
        *_reminders(case, policy),
    ]
    return ["\n".join(lines)]


def _owner(case: ContactCase) -> list[str]:
    lines = [f"Owner: <@{case.owner}>" + (f", {escape(case.duty)}." if case.duty else ".")] if case.owner else []
    if case.owner_trouble:
        lines.append(escape(cut(case.owner_trouble, LINE_LIMIT)))
    return lines


def _reminders(case: ContactCase, policy: Policy) -> list[str]:
    if case.is_over:
        return []
    if case.overdue_since is not None:
        return [f"It is overdue: a reminder every {policy.contact.remind_overdue_every.words}."]
    plan = {f"{REMIND}:{one.percent}": one for one in schedule.plan(case, policy)}
    come = sorted((at, plan[name]) for name, at in case.timers.items() if name in plan)
    lines = [f"Reminder at {one.percent} %: {slack_date(at, policy.zone)}" + _moved(one, at) for at, one in come]
    return [*lines, "Reminders come in the working hours of who has it; the last one does not wait."] if lines else []


def _moved(one: schedule.Planned, at: datetime) -> str:
    return " (moved into working hours)" if at != one.meant_for else ""


def rendered(timeline: Sequence[TimelineEntry], policy: Policy) -> list[str]:
    """Everything that happened, in paragraphs that fit; of a very long story, its end."""
    lines = [f"{slack_date(entry.at, policy.zone)} · {who(entry.actor, policy)} {_what(entry)}" for entry in timeline]
    hidden = len(lines) - MOST_LINES
    shown = [f"_… {hidden} earlier lines_", *lines[-MOST_LINES:]] if hidden > 0 else lines
    return list(_paragraphs(["*What happened*", *shown]))


def _what(entry: TimelineEntry) -> str:
    """The line as it was written: people and times stay, what a vendor said is no link and calls nobody."""
    return cut(escape_but_people(entry.what), LINE_LIMIT)


def _paragraphs(lines: Iterable[str]) -> Iterable[str]:
    paragraph = ""
    for line in lines:
        if paragraph and len(paragraph) + len(line) + 1 > SECTION_LIMIT:
            yield paragraph
            paragraph = ""
        paragraph = f"{paragraph}\n{line}" if paragraph else line
    if paragraph:
        yield paragraph
