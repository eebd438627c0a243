"""`/incident list`: the open incidents, or those of them that were asked for, a page at a time."""

from collections.abc import Callable
from datetime import datetime

from handlers.incident import messages, status
from handlers.incident.ids import Button
from handlers.kit import listing
from handlers.kit.context import Desk
from handlers.kit.listing import Query
from workflows.contract.slack_port import Message
from workflows.incident.model import IncidentCase, IncidentState
from workflows.lib.markup import amount
from workflows.lib.tickets import TicketRef, find_tickets
from workflows.policy.model import Policy


def listed(desk: Desk, query: Query, user: str, now: datetime) -> Message:
    """The answer to who asked (Slack id)."""
    cases = _chosen(desk, query, user, now)
    if not cases:
        none = f"No open incident fits `/incident list {query.asked}`."
        return Message(":sunny: No incident is open." if query.is_everything else none)
    lines = [line(case, desk.policy, now) for case in cases]
    return listing.paged(f"Open incidents: {len(cases)}", lines, query, Button.PAGE)


def line(case: IncidentCase, policy: Policy, now: datetime) -> str:
    """One open incident: what it is, where it is talked about, how old it is, and how it stands."""
    thread = case.messages.get("thread")
    where = f" in <#{thread.channel}>" if thread else ""
    minutes = max(round((now - case.opened_at).total_seconds() / 60), 0)
    stands = status.lines(case, policy)[0]
    return f"• {status.sentence(case, policy)}{where} · open for {amount(minutes)}\n   {stands}"


def is_of(case: IncidentCase, user: str) -> bool:
    """Whether somebody is on it, reported it, or works with who is."""
    return user in _concerned(case)


def _concerned(case: IncidentCase) -> tuple[str | None, ...]:
    return (case.owner, case.reporter, case.contact)


def is_unclaimed(case: IncidentCase) -> bool:
    """Whether nobody is on it yet."""
    return case.owner is None and case.state != IncidentState.ACKNOWLEDGED


def is_overdue(case: IncidentCase, now: datetime) -> bool:
    """Whether its wait is over, and nobody has responded."""
    waits = case.state in {IncidentState.WAITING, IncidentState.PAGED} and case.response is None
    return waits and (case.state == IncidentState.PAGED or (case.due_at is not None and case.due_at <= now))


def _chosen(desk: Desk, query: Query, user: str, now: datetime) -> list[IncidentCase]:
    checks: list[Callable[[IncidentCase], bool]] = []
    if listing.MINE in query.words:
        checks.append(lambda case: is_of(case, user))
    if listing.UNCLAIMED in query.words:
        checks.append(is_unclaimed)
    if listing.OVERDUE in query.words:
        checks.append(lambda case: is_overdue(case, now))
    if query.people:
        checks.append(lambda case: listing.is_of_somebody(desk, _concerned(case), query.people))
    if query.tickets:
        checks.append(lambda case: bool(set(query.tickets) & set(_tickets(case, desk.policy))))
    return [case for case in messages.open_cases(desk) if all(check(case) for check in checks)]


def _tickets(case: IncidentCase, policy: Policy) -> list[TicketRef]:
    report = case.report
    return find_tickets(f"{report.what} {report.impact} {report.errors} {report.steps}", policy.tickets.accounts)
