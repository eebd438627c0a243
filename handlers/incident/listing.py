"""`/incident list`: the open incidents, or those of them that were asked for, a page at a time."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.incident import messages, status
from handlers.kit.context import Desk
from workflows.contract.errors import EffectError
from workflows.incident.model import IncidentCase, IncidentState
from workflows.lib.markup import amount
from workflows.lib.tickets import TicketRef, find_tickets
from workflows.policy.model import Policy

PAGE = 20
_NUMBER = re.compile(r"\d{1,3}")
_PERSON = re.compile(r"@[\w.-]{1,80}|[^@\s]{1,80}@[^@\s]{1,80}")
_TICKET = re.compile(r"(?:#|ZD-|[\w-]+#)?\d{4,15}|https?://\S+", re.IGNORECASE)

MINE, UNCLAIMED, OVERDUE = "mine", "unclaimed", "overdue"
WORDS = (MINE, UNCLAIMED, OVERDUE)


@dataclass(frozen=True)
class Wanted:
    """Which incidents are asked for, and which page of them. `people` are as typed: `@omar`, or an e-mail address."""

    words: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    tickets: tuple[TicketRef, ...] = ()
    page: int = 1
    command: str = "/incident list"


def parse(text: str, policy: Policy) -> Wanted | None:
    """Read the words behind `list`; None where no list is asked for, but an incident described."""
    words: list[str] = []
    people: list[str] = []
    tickets: list[TicketRef] = []
    page = 1
    for word in text.split():
        if word.lower() in WORDS:
            words.append(word.lower())
        elif _PERSON.fullmatch(word):
            people.append(word.lower())
        elif _NUMBER.fullmatch(word):
            page = max(int(word), 1)
        elif _TICKET.fullmatch(word):
            tickets += find_tickets(f"ticket {word}", policy.tickets.accounts)
        else:
            return None
    asked = " ".join(word for word in text.split() if not _NUMBER.fullmatch(word))
    return Wanted(tuple(words), tuple(people), tuple(tickets), page, f"/incident list {asked}".strip())


def listed(desk: Desk, wanted: Wanted, user: str, now: datetime) -> str:
    """The answer to who asked (Slack id)."""
    cases = _chosen(desk, wanted, user, now)
    if not cases:
        return ":sunny: No incident is open." if wanted == Wanted() else f"No open incident fits `{wanted.command}`."
    pages = -(-len(cases) // PAGE)
    page = min(wanted.page, pages)
    lines = [line(case, desk.policy, now) for case in cases[(page - 1) * PAGE : page * PAGE]]
    more = [] if pages == 1 else [_turn(wanted.command, page, pages)]
    return "\n".join((f"*Open incidents: {len(cases)}*", *lines, *more))


def line(case: IncidentCase, policy: Policy, now: datetime) -> str:
    """One open incident: what it is, where it is talked about, how old it is, and how it stands."""
    thread = case.messages.get("thread")
    where = f" in <#{thread.channel}>" if thread else ""
    minutes = max(round((now - case.opened_at).total_seconds() / 60), 0)
    stands = status.lines(case, policy)[0]
    return f"• {status.sentence(case, policy)}{where} · open for {amount(minutes)}\n   {stands}"


def is_of(case: IncidentCase, user: str) -> bool:
    """Whether somebody is on it, reported it, or works with who is."""
    return user in {case.owner, case.reporter, case.contact}


def is_unclaimed(case: IncidentCase) -> bool:
    """Whether nobody is on it yet."""
    return case.owner is None and case.state != IncidentState.ACKNOWLEDGED


def is_overdue(case: IncidentCase, now: datetime) -> bool:
    """Whether its wait is over, and nobody has responded."""
    waits = case.state in {IncidentState.WAITING, IncidentState.PAGED} and case.response is None
    return waits and (case.state == IncidentState.PAGED or (case.due_at is not None and case.due_at <= now))


def _chosen(desk: Desk, wanted: Wanted, user: str, now: datetime) -> list[IncidentCase]:
    checks: list[Callable[[IncidentCase], bool]] = []
    if MINE in wanted.words:
        checks.append(lambda case: is_of(case, user))
    if UNCLAIMED in wanted.words:
        checks.append(is_unclaimed)
    if OVERDUE in wanted.words:
        checks.append(lambda case: is_overdue(case, now))
    if wanted.people:
        checks.append(lambda case: _is_of_somebody(desk, case, wanted.people))
    if wanted.tickets:
        checks.append(lambda case: bool(set(wanted.tickets) & set(_tickets(case, desk.policy))))
    return [case for case in messages.open_cases(desk) if all(check(case) for check in checks)]


def _tickets(case: IncidentCase, policy: Policy) -> list[TicketRef]:
    report = case.report
    return find_tickets(f"{report.what} {report.impact} {report.errors} {report.steps}", policy.tickets.accounts)


def _is_of_somebody(desk: Desk, case: IncidentCase, people: Sequence[str]) -> bool:
    return any(_is_called(desk, person, people) for person in {case.owner, case.reporter, case.contact} if person)


def _is_called(desk: Desk, person: str, names: Sequence[str]) -> bool:
    """Whether one of these is how somebody is called: an e-mail address, its first part, or their name."""
    try:
        known = desk.slack.person(person)
    except EffectError:
        return False
    email = (known.email or "").lower()
    return bool({email, f"@{email.partition('@')[0]}", f"@{known.name.lower()}"} & set(names))


def _turn(command: str, page: int, pages: int) -> str:
    other = f"Next: `{command} {page + 1}`." if page < pages else f"Back: `{command} {page - 1}`."
    return f"Page {page} of {pages}. {other}"
