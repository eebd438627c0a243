"""`python -m bot simulate`: what would happen when, under the policy, if nobody (or somebody) did anything."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.service.clock import SystemClock
from bot.simulation.simulator import NOTES, ScriptedAction, SimulatedStep, SimulationResult, run_simulation
from bot.simulation.stubs import REPORTER, RESPONDER
from workflows.contact import events as contact_events
from workflows.contact import model as contact
from workflows.contract import actors
from workflows.contract.errors import DeskError
from workflows.contract.facts import TicketOpened
from workflows.csm import new_ticket
from workflows.incident import events, systems
from workflows.incident import model as incident
from workflows.lib.business_time import Weekday
from workflows.lib.durations import Duration
from workflows.lib.markup import cut
from workflows.lib.suggestions import did_you_mean
from workflows.lib.tickets import MAIN, TicketRef
from workflows.policy.contact import Way
from workflows.policy.csm import AccountSource, Notice
from workflows.policy.model import Policy
from workflows.policy.review import Tone
from workflows.review import model as review

NEVER: Final = "never"
LINE: Final = 150
_WEEKLY: Final = re.compile(r"([A-Za-z]+) +(\d{1,2}):(\d{2})(?: +(\S+))?")
_DATED: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}):(\d{2})(?: +(\S+))?")
TICKET: Final = TicketRef(MAIN, 123456)


class QuestionError(DeskError):
    """What was asked for cannot be read; the sentence says what to write instead."""


def moment(text: str, policy: Policy, now: datetime) -> datetime:
    """Read `Fri 17:55 America/Los_Angeles` (the next one after `now`), or `2026-03-06 17:55`; aware, in that zone.

    Without a zone, the policy's own counts. `QuestionError` when it is neither.
    """
    weekly, dated = _WEEKLY.fullmatch(text.strip()), _DATED.fullmatch(text.strip())
    try:
        if dated is not None:
            clock = datetime.fromisoformat(f"{dated[1]} {int(dated[2]):02}:{dated[3]}")
            return clock.replace(tzinfo=_zone(dated[4], policy))
        if weekly is not None:
            local = now.astimezone(_zone(weekly[4], policy))
            return _next(Weekday.of(weekly[1]), int(weekly[2]), int(weekly[3]), local)
    except ValueError as error:
        raise QuestionError(f"“{text}” is no time: {error}.") from error
    raise QuestionError(
        f"“{text}” is no time. Write for example “Fri 17:55 America/Los_Angeles” or “2026-03-06 17:55”."
    )


def parse_duration(text: str) -> timedelta | None:
    """Read `20m`, or `never`: None. `QuestionError` otherwise."""
    if text.strip().lower() == NEVER:
        return None
    try:
        return Duration.parse(text).length
    except ValueError as error:
        raise QuestionError(f"{error} Or write never.") from error


def simulate_incident(
    policy: Policy,
    system: str,
    *,
    at: datetime,
    answer: timedelta | None,
    acknowledge: timedelta | None,
    lasting: timedelta,
) -> SimulationResult:
    """An incident of this system (its name or key), reported at this time with the form."""
    own = policy.incident
    keys = (system,) if system in own.systems else systems.systems_in(system, own)
    report = incident.Report(what=f"Trouble with {system}", impact="(simulated)")
    begin = events.Reported(REPORTER, report, keys, "" if keys else system)
    actions = []
    if answer is not None:
        actions.append(ScriptedAction(answer, lambda _case, now: events.Spoke(RESPONDER, now)))
    if acknowledge is not None:
        actions.append(ScriptedAction(acknowledge, lambda _case, _now: events.TakenOn(RESPONDER), after_page=True))
    return run_simulation(
        policy, incident.KIND, begin, actions, at=at.astimezone(UTC), zone=zone_of(at, policy), lasting=lasting
    )


def unknown_system(policy: Policy, system: str) -> str | None:
    """What to know about a system that is not in the policy's sheet, or None for one that is."""
    own = policy.incident
    if system in own.systems or systems.systems_in(system, own):
        return None
    names = {entry.label for entry in own.systems.values()}
    near = did_you_mean(system, names) or "."
    return f"“{system}” is not in the policy's sheet{near} It counts as the most critical.\n"


def simulate_contact(policy: Policy, *, at: datetime, answer: timedelta | None, lasting: timedelta) -> SimulationResult:
    """A manager-contact request made at this time; `answer` is when the customer is contacted."""
    begin = contact_events.ContactRequested(contact.Source.COMMAND, REPORTER, TICKET, "(simulated)")
    actions = [ScriptedAction(answer, _contacted)] if answer is not None else []
    return run_simulation(
        policy, contact.KIND, begin, actions, at=at.astimezone(UTC), zone=zone_of(at, policy), lasting=lasting
    )


def _contacted(case: Any, _now: datetime) -> object:  # noqa: ANN401 - as `ScriptedAction.of`
    return contact_events.Contacted(case.assignee or RESPONDER, Way.EMAIL, "(simulated)")


def simulate_review(
    policy: Policy, tone: Tone, *, at: datetime, answer: timedelta | None, lasting: timedelta
) -> SimulationResult:
    """A customer's feedback given at this time; `answer` is when its manager sees to it."""
    begin = review.Rated(review.Source.TICKETS, actors.TICKETS, TICKET, tone, at.astimezone(UTC), words="(simulated)")
    label = next(iter(policy.review.feedback_labels))
    triaged = review.Assessed(RESPONDER, "(simulated)", "", contact=False, label=label)
    event = triaged if tone is Tone.BAD else review.ReviewClosed(RESPONDER)
    actions = [ScriptedAction(answer, lambda _case, _now: event)] if answer is not None else []
    return run_simulation(
        policy, review.KIND, begin, actions, at=at.astimezone(UTC), zone=zone_of(at, policy), lasting=lasting
    )


def simulate_new_ticket(policy: Policy, notice: Notice, *, at: datetime, lasting: timedelta) -> SimulationResult:
    """A customer opens a ticket at this time; `notice` is how the account's CSM wants to hear of it."""
    csm = policy.csm.model_copy(update={"accounts": AccountSource.SYSTEM, "notice": notice})
    begin = TicketOpened(at=at.astimezone(UTC), ticket=TICKET)
    chosen = policy.model_copy(update={"csm": csm})
    return run_simulation(
        chosen, new_ticket.KIND, begin, [], at=at.astimezone(UTC), zone=zone_of(at, policy), lasting=lasting
    )


def as_text(result: SimulationResult, zone: ZoneInfo) -> str:
    """The timeline, a line for each thing that would happen, in this zone."""
    rows = list(shown(result.steps))
    start = rows[0].at if rows else SystemClock().now()
    lines = [f"{_clock(row.at, zone)}  {_since(row.at - start):>9}  {_where(row)}{cut(row.what, LINE)}" for row in rows]
    return "\n".join([*lines, "", f"At the end {result.case.id} is {result.case.state}."])


def shown(steps: Sequence[SimulatedStep]) -> list[SimulatedStep]:
    """What is worth a line: of a message its first, in the order of time, what was decided before what is said."""
    first = (SimulatedStep(one.at, one.where, one.what.strip().split("\n")[0]) for one in steps)
    return sorted(first, key=lambda one: (one.at, one.where != NOTES))


def zone_of(at: datetime, policy: Policy) -> ZoneInfo:
    """The zone in which times are shown: that of the question, or the policy's own."""
    return at.tzinfo if isinstance(at.tzinfo, ZoneInfo) else policy.zone


def _where(row: SimulatedStep) -> str:
    return "· " if row.where == NOTES else f"→ {row.where}: "


def _clock(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%a} {local.day:2} {local:%b %H:%M %Z}"


def _since(length: timedelta) -> str:
    minutes = round(length.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    return f"+{days}d {rest // 60:02}:{rest % 60:02}" if days else f"+{rest // 60}:{rest % 60:02}"


def _next(day: Weekday, hour: int, minute: int, now: datetime) -> datetime:
    ahead = (day - now.weekday()) % 7
    found = now.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=ahead)
    return found if found > now else found + timedelta(days=7)


def _zone(name: str | None, policy: Policy) -> ZoneInfo:
    if name is None:
        return policy.zone
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise QuestionError(f"“{name}” is no time zone of the IANA list, such as America/Los_Angeles.") from error
