"""The timers of a request: one reminder each, the next look at the tracker, the next try, the next ship day."""

from datetime import datetime, timedelta

from workflows.contract.events import Responders, TimerDue
from workflows.contract.message_effects import ShowCard, channel
from workflows.contract.page_effects import AskWhoResponds
from workflows.contract.process import Decision, Note
from workflows.contract.request_effects import ReadIssueNews, ReadMergeRequest
from workflows.lib import lateness
from workflows.policy.model import Policy
from workflows.request import filing, outputs
from workflows.request.model import POSTED, RequestCase, RequestState

OVERLAP = timedelta(minutes=10)
"""A list may lag behind; what was taken in is known by its number."""


def decide(case: RequestCase, event: TimerDue, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Handle a timer that went off; a reminder says how late it is when the desk was down."""
    match event.name:
        case outputs.DRAFT_EXPIRES if case.state == RequestState.DRAFT:
            forgotten = case.with_(state=RequestState.DISCARDED)
            shown = outputs.show_card(forgotten) if outputs.CARD in case.messages else ()
            return Decision(forgotten, (Note("desk", "forgot the form: it was not sent"),), shown)
        case outputs.LOOK:
            return look(case, policy, now)
        case outputs.RETRY if case.state == RequestState.SENDING:
            return filing.again(case, "desk", policy)
        case outputs.SHIP_DAY if case.is_underway:
            later, timers = outputs.with_ship_day(case, policy, now)
            return Decision(later, effects=outputs.show_card(later), timers=timers)
        case outputs.ASKED_REMINDER if case.is_asked and case.asked is not None:
            return _remind(case, outputs.numbered(outputs.ASKED_REMINDER, case.asked.number), event)
        case outputs.TEST_REMINDER if case.is_to_test and case.test is not None:
            return _remind(case, outputs.numbered(outputs.TEST_REMINDER, case.test.number), event)
        case outputs.QUESTION_REMINDER if case.is_underway and case.replied is None:
            return Decision(_late(case, outputs.QUESTION_REMINDER, event), effects=(AskWhoResponds(),))
    return Decision(case)


def look(case: RequestCase, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Ask the tracker how it stands; the next time is set first, so that a lost answer ends nothing."""
    timers = outputs.look_later(case, policy, now)
    if case.issue is not None:
        since = (case.heard_at or case.opened_at) - OVERLAP
        ask = ReadIssueNews(project=case.issue.project, number=case.issue.number, since=since, asked_at=now)
        return Decision(case, effects=(ask,), timers=timers)
    if case.merge_request is not None:
        link = case.merge_request
        return Decision(case, effects=(ReadMergeRequest(project=link.project, number=link.number),), timers=timers)
    return Decision(case)


def responders_known(case: RequestCase, found: Responders | None, policy: Policy) -> Decision[RequestCase]:
    """Nobody answered a question: its thread is reminded, with the group where there is one."""
    if not case.is_underway or case.replied is not None or POSTED not in case.messages:
        return Decision(case)
    known = case.with_(group=found.group.id if found and found.group else None)
    place = channel(policy.request.channel)
    effect = ShowCard(slot=outputs.QUESTION_REMINDER, to=place, thread_of=POSTED)
    return Decision(known, (Note("desk", "reminded the channel of the question"),), (effect,))


def _remind(case: RequestCase, slot: str, event: TimerDue) -> Decision[RequestCase]:
    reminded = _late(case, slot, event)
    note = Note("desk", "reminded its owner")
    return Decision(reminded, (note,), outputs.show_to_owner(reminded, slot))


def _late(case: RequestCase, slot: str, event: TimerDue) -> RequestCase:
    if not event.late:
        return case
    return case.with_(reminders_late={**case.reminders_late, slot: lateness.minutes(event.late)})
