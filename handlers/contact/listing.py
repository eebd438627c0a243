"""`/manager-contact list` and `export`: what waits, a page at a time, and the requests of a period as a table."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from handlers.contact import cards
from handlers.contact.ids import Button
from handlers.kit import export as tables
from handlers.kit import listing
from handlers.kit.context import Desk
from handlers.kit.listing import Query
from handlers.kit.permissions import Managers
from workflows.contact import summary
from workflows.contact.events import ExportAsked
from workflows.contact.model import KIND, WAITING, ContactCase, ContactState
from workflows.contract.case_effects import SummarizeCases
from workflows.contract.slack_port import File, Message
from workflows.policy.model import Policy

COMMAND = "/manager-contact list"
UNANSWERED = "unanswered"
WORDS = (*listing.WORDS, UNANSWERED)
USAGE = "Try `/manager-contact export 30d` (or 2w, 90d)."


def listed(desk: Desk, query: Query, user: str, now: datetime) -> Message:
    """What waits, the most urgent first, for who asked (Slack id): a manager sees all, others what concerns them."""
    states = (ContactState.QUESTION,) if UNANSWERED in query.words else WAITING
    waiting: list[ContactCase] = desk.engine.cases.in_states(KIND, states, None)
    checks = _checks(desk, query, user, now)
    chosen = [case for case in waiting if all(check(case) for check in checks)]
    chosen.sort(key=lambda case: (case.due_at or case.opened_at, case.id))
    if not chosen:
        none = f"No waiting request fits `{COMMAND} {query.asked}`."
        return Message(":sunny: No customer is waiting for a manager." if query.is_everything else none)
    lines = [_line(case, desk.policy) for case in chosen]
    return listing.paged(f"Waiting for a manager: {len(chosen)}", lines, query, Button.PAGE)


def export(desk: Desk, period: str, user: str, key: str) -> str:
    """Have the table sent to a manager (Slack id); the sentence that says so, or why not. `key` names the request."""
    length = tables.length_of(period)
    if length is None:
        return f":warning: That's not a period. {USAGE}"
    if not Managers(desk.policy, desk.slack).includes(user):
        return "Only managers can export requests."
    now = desk.clock.now()
    asked = SummarizeCases(purpose="export", kinds=(KIND,), since=now - length)
    rows = summary.rows(desk.engine.cases.summaries(asked, desk.policy, now).cases, now - length)
    if not rows:
        return f"Nobody asked for a manager in the last {period.strip() or tables.DEFAULT}."
    event = ExportAsked(user, tuple(map(tuple, rows)), now - length, now)
    desk.engine.submit(rows[-1][0], event, key=key, now=now)
    return f"I'm sending you {len(rows)} requests as a table by direct message."


def table(_case: ContactCase, policy: Policy, details: dict[str, Any]) -> File:
    """The rows as a spreadsheet's table."""
    return tables.table(
        "Manager contact", summary.COLUMNS, details["rows"], (details["since"], details["until"]), policy
    )


def _line(case: ContactCase, policy: Policy) -> str:
    """One request: what it is about, who has it, until when, or what is asked about it."""
    if case.state == ContactState.QUESTION:
        origin = case.messages.get("origin")
        where = f" in <#{origin.channel}>" if origin else ""
        link = case.origins[0].link
        asked = f"<{link}|its message>" if link and link.startswith("https://") else "its message"
        return f"{cards.headline(case, policy)}\nWaits for an answer below {asked}{where}."
    return "\n".join((cards.headline(case, policy), *cards.facts(case, policy)[:2]))


def _concerned(case: ContactCase) -> tuple[str | None, ...]:
    return (case.owner, case.assignee, *case.requesters)


def _checks(desk: Desk, query: Query, user: str, now: datetime) -> list[Callable[[ContactCase], bool]]:
    checks: list[Callable[[ContactCase], bool]] = []
    if not Managers(desk.policy, desk.slack).includes(user):
        checks.append(lambda case: user in _concerned(case))
    if listing.MINE in query.words:
        checks.append(lambda case: user in {case.owner, case.assignee})
    if listing.UNCLAIMED in query.words:
        checks.append(lambda case: case.claimed is None)
    if listing.OVERDUE in query.words:
        checks.append(lambda case: case.due_at is not None and case.due_at <= now)
    if query.people:
        checks.append(lambda case: listing.is_of_somebody(desk, _concerned(case), query.people))
    if query.tickets:
        checks.append(lambda case: case.ticket in query.tickets)
    return checks
