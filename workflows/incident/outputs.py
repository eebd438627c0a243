"""The effects and timers that several rules need, each by a name that says what a person sees of it."""

from collections.abc import Sequence
from datetime import datetime

from workflows.contract.effect_base import Urgency
from workflows.contract.effects import Effect
from workflows.contract.message_effects import Place, Say, ShowCard, dm
from workflows.contract.message_effects import channel as to_channel
from workflows.contract.page_effects import AcknowledgePage, AskPage, AskWhoResponds, OpenPage, ResolvePage
from workflows.contract.process import CancelTimer, SetTimer
from workflows.contract.values import Progress
from workflows.incident import steps
from workflows.incident.model import IncidentCase, IncidentState
from workflows.lib import business_time
from workflows.policy.incident_escalation import before_page
from workflows.policy.model import Policy

THREAD = "thread"
"""The message in whose thread it is talked about."""
CHANNEL_THREAD = "channel_thread"
"""The thread in the channel, while that cannot be written to."""
CARD = "card"
FORMER_CARD = "former_card"
BEFORE_PAGE = "before_page"
PAGE = "page_notice"
PAGE_PING = "page_ping"
MANUAL = "manual_steps"
UNPICKED = "unpicked_ping"
STILL = "still_on_it"
CALL = "call"
EXPORT = "incident_export"
EXPORT_FAILED = "export_failed"

STEP_TIME = "step"
DUE_TIME = "due"
PING_TIME = "page_ping"
STILL_TIME = "still_on_it"

TAKEN = (IncidentState.ANSWERED, IncidentState.HELD, IncidentState.ACKNOWLEDGED)
"""In these nobody is waited for; who is on it is asked now and then whether they still are."""

_LIVE = (CARD, BEFORE_PAGE, PAGE, PAGE_PING, MANUAL, UNPICKED, STILL, CALL)


def place(case: IncidentCase, policy: Policy) -> Place:
    """Where the incident is talked about: its channel, or the reporter's DM while that cannot be written to."""
    if case.by_dm and case.dm_to:
        return dm(case.dm_to)
    return to_channel(policy.incident.channel)


def show_card(case: IncidentCase, policy: Policy) -> Effect:
    """Show the card: in the thread of the message it is about, or as a message of its own."""
    thread = None if case.card_is_root else THREAD
    return ShowCard(slot=CARD, to=place(case, policy), thread_of=thread, urgency=Urgency.ANSWER)


def try_channel(policy: Policy) -> Effect:
    """Try to show the card in the channel again, in the thread it had there."""
    return ShowCard(slot=CARD, to=to_channel(policy.incident.channel), thread_of=CHANNEL_THREAD)


def post_notice(slot: str, case: IncidentCase, policy: Policy) -> Effect:
    """Say something in the thread that rings, and changes with the case afterwards."""
    return ShowCard(slot=slot, to=place(case, policy), thread_of=THREAD, urgency=Urgency.ESCALATION)


def refresh(case: IncidentCase, policy: Policy) -> tuple[Effect, ...]:
    """Show what changed wherever the case is shown: its buttons have to agree."""
    slots = [slot for slot in case.messages if slot.partition(":")[0] in _LIVE and slot != CARD]
    shown = (ShowCard(slot=slot, to=place(case, policy), thread_of=THREAD) for slot in slots)
    return (show_card(case, policy), *shown)


def say(what: str, case: IncidentCase, policy: Policy, **details: str) -> Effect:
    """Say something in the thread."""
    return Say(what=what, to=place(case, policy), thread_of=THREAD, details=details)


def inform(person: str, what: str, **details: str) -> Effect:
    """Tell one person by DM."""
    return Say(what=what, to=dm(person), details=details)


def ask_who_responds() -> Effect:
    """Ask who is in the group, who is on call, and who leads."""
    return AskWhoResponds()


def step_slot(case: IncidentCase, number: int) -> str:
    """The message of this step before the page, in this round of the clock."""
    return f"{BEFORE_PAGE}:{number}.{case.round}"


def number_of(slot: str) -> int:
    """Which step a message is of, counted from 0: of one before the page, or after it."""
    name, _, rest = slot.partition(":")
    first, _, last = rest.partition(":")
    digits = first.partition(".")[0] if name == BEFORE_PAGE else last
    return (int(digits) if digits.isdigit() else 0) - (0 if name == BEFORE_PAGE else 1)


def of_page(slot: str, case: IncidentCase) -> str:
    """The message of this kind for the page of this opening, and since its pings began."""
    return f"{slot}:{case.openings}.{case.page.ping_rounds if case.page else 1}"


def clock_timers(case: IncidentCase, policy: Policy, now: datetime) -> tuple[SetTimer | CancelTimer, ...]:
    """The timers of a clock that runs; a ping whose time has passed is not sent any more."""
    if case.clock_from is None or case.due_at is None:
        return ()
    due = {f"{STEP_TIME}:{number}": at for number, (at, _) in enumerate(steps.before(case, policy))}
    due[DUE_TIME] = case.due_at
    return tuple(SetTimer(name, at) if at > now else CancelTimer(name) for name, at in due.items())


def stop_clock(policy: Policy, but: int | None = None) -> tuple[CancelTimer, ...]:
    """Nobody is called or paged by time any more, but for the step of this number."""
    numbers = range(len(before_page(policy.incident.escalation)))
    names = (f"{STEP_TIME}:{number}" for number in numbers if number != but)
    return tuple(map(CancelTimer, (*names, DUE_TIME)))


def still_timer(policy: Policy, now: datetime) -> SetTimer:
    """When it is asked next whether somebody is still on it."""
    return SetTimer(STILL_TIME, business_time.due(now, policy.incident.still_on_it_every, policy.calendars))


def ping_timer(number: int, now: datetime, policy: Policy) -> tuple[SetTimer, ...]:
    """When the step of this number is taken, unless somebody acknowledges the page before; nothing after the last."""
    at = steps.wait_after(policy, number, now)
    return (SetTimer(PING_TIME, at),) if at is not None else ()


def open_page(case: IncidentCase, policy: Policy) -> Effect:
    """Page: under one key, however often this is tried."""
    if case.page is None:
        raise ValueError("There is no page to open")
    return OpenPage(
        what=PAGE,
        service=policy.incident.service,
        key=case.page.key,
        thread=THREAD,
        once=f"{case.page.key}:{case.page.attempt}",
    )


def ask_page(case: IncidentCase, now: datetime) -> Effect:
    """Ask how the page stands."""
    if case.page is None:
        raise ValueError("There is no page to ask about")
    return AskPage(key=case.page.key, asked_at=now)


def acknowledge_page(case: IncidentCase) -> tuple[Effect, ...]:
    """Tell the paging service that somebody is on it, if it knows of the incident."""
    return (AcknowledgePage(page_id=case.page.id),) if case.page and case.page.id else ()


def resolve_page(case: IncidentCase) -> tuple[Effect, ...]:
    """Tell the paging service that it is over, if it knows of the incident."""
    return (ResolvePage(page_id=case.page.id),) if case.page and case.page.id else ()


def show_manual_steps(case: IncidentCase, policy: Policy) -> tuple[Effect, ...]:
    """Mention who is on call and who leads, once, with what to do by hand; wait until it is known who they are."""
    page = case.page
    if page is None or page.trouble is None or case.responders is None or page.progress is Progress.NOT_WANTED:
        return ()
    slot = of_page(MANUAL, case)
    return () if slot in case.messages or case.state != IncidentState.PAGED else (post_notice(slot, case, policy),)


def without(slots: Sequence[str], case: IncidentCase) -> IncidentCase:
    """The case without these messages: they are somewhere nobody looks any more."""
    return case.with_(messages={slot: ref for slot, ref in case.messages.items() if slot not in slots})
