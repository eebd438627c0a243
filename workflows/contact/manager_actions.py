"""What managers do with a request: claim it, contact the customer, snooze, cancel, note what came of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from workflows.contact import briefing, issue, outputs, review, schedule, texts
from workflows.contact.events import (
    ActionNoted,
    Cancelled,
    CardDeleted,
    Claimed,
    Contacted,
    IssueRetryAsked,
    Snoozed,
    TicketNamed,
)
from workflows.contact.model import (
    ORIGIN,
    OVERDUE,
    SNOOZED,
    UNCLAIMED,
    Cancellation,
    Contact,
    ContactCase,
    ContactState,
    TicketCheck,
)
from workflows.contract.account_effects import MakeSchedulingLink
from workflows.contract.effect_base import Urgency
from workflows.contract.effects import Effect
from workflows.contract.process import CancelTimer, Decision, Note, SetTimer
from workflows.contract.ticket_effects import ReadTicket
from workflows.contract.values import Stamp
from workflows.lib.markup import slack_date
from workflows.policy.model import Policy

Rule = Callable[[ContactCase, Any, Policy, datetime], Decision[ContactCase]]

AFTER_IT_IS_OVER = (ActionNoted, IssueRetryAsked, CardDeleted, TicketNamed)


def decide(case: ContactCase, event: object, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """Handle what a manager did to a request."""
    refusal = _refusal(case, event, policy)
    if refusal is not None:
        return Decision(case, refusal=refusal)
    rule = RULES.get(type(event))
    if rule is None:
        raise TypeError(f"Manager contact knows no {type(event).__name__}.")
    return rule(case, event, policy, now)


def _refusal(case: ContactCase, event: object, policy: Policy) -> str | None:
    if case.state == ContactState.NEW:
        return f"{case.id} has not been asked for yet."
    if case.state == ContactState.QUESTION:
        return f"Nobody has said yet whether {case.id} is a request: it is asked in the thread of its message."
    if case.is_over and not isinstance(event, AFTER_IT_IS_OVER):
        return texts.is_over_sentence(case, policy)
    match event:
        case Claimed(by=by) if case.claimed is not None:
            return texts.claimed_sentence(case, case.claimed, by, policy)
        case ActionNoted() if case.contacted is None:
            return f"Nobody has contacted the customer of {case.id} yet: *Contacted* takes down what was sent."
        case IssueRetryAsked() if not issue.has_failed(case):
            return "There is nothing to try again: it is done, or on its way."
        case TicketNamed(ticket=ticket) if case.is_over or case.ticket == ticket:
            return f"{case.id} is about {texts.ticket_name(case)}. Nothing was changed."
    return None


def _claim(case: ContactCase, event: Claimed, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """Who claims a request that has no owner owns it; else the owner stays, and knows who has it."""
    claimed = case.with_(
        state=ContactState.CLAIMED,
        claimed=Stamp(by=event.by, at=now),
        assignee_zone=event.zone,
        snoozed_until=None,
        snoozed_by=None,
    )
    if case.owner is None:
        claimed = claimed.with_(owner=event.by, owner_zone=event.zone)
    timers = (CancelTimer(UNCLAIMED), *outputs.new_reader_timers(claimed, policy, now))
    effects = (*outputs.refresh(claimed, policy), *_booking_link(claimed, event.by, policy))
    return Decision(claimed, (Note(event.by, "claimed it"),), effects, timers)


def _booking_link(case: ContactCase, who: str, policy: Policy) -> tuple[Effect, ...]:
    """Have a link made with which this customer books one call, so that it is there when the message is drafted."""
    if not policy.contact.single_use_links or who in case.booking_links:
        return ()
    return (MakeSchedulingLink(person=who),)


def _contacted(case: ContactCase, event: Contacted, policy: Policy, now: datetime) -> Decision[ContactCase]:
    way = policy.contact.ways[event.how]
    done = case.with_(
        state=ContactState.CONTACTED,
        contacted=Contact(
            by=event.by, at=now, how=event.how, text=event.text, briefed=event.briefed, briefing=event.briefing
        ),
        comments=(*case.comments, texts.contact_comment(case, way, event.text)),
    )
    in_time = case.due_at is not None and now <= case.due_at
    hand_over = f", hands the ticket to <@{event.briefed}>" if event.briefed else ""
    note = Note(event.by, f"contacted the customer: {way}{hand_over}, {'in time' if in_time else 'late'}")
    done, briefs = briefing.begin(done)
    notices = outputs.inform(case.requesters, "contacted_notice", but=event.by)
    return issue.go_on(done, policy).and_(
        notes=(note,), effects=(*notices, *briefs, *review.let_know(done, event.by)), timers=(CancelTimer(),)
    )


def _cancel(case: ContactCase, event: Cancelled, policy: Policy, now: datetime) -> Decision[ContactCase]:
    cancelled = case.with_(
        state=ContactState.CANCELLED, cancelled=Cancellation(by=event.by, at=now, reason=event.reason)
    )
    notices = outputs.inform(
        case.requesters | ({case.owner} if case.owner else set()), "cancelled_notice", but=event.by
    )
    effects = (*outputs.refresh(cancelled, policy), *notices, *review.let_know(cancelled, None))
    return Decision(cancelled, (Note(event.by, "cancelled it"),), effects, (CancelTimer(),))


def _snooze(case: ContactCase, event: Snoozed, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """The next reminder comes later: on its own, or as the last one before the due time, which comes in any case."""
    if case.overdue_since is not None:
        until = schedule.reads_at(now + policy.contact.snooze.length, case, policy)
        timers: tuple[SetTimer | CancelTimer, ...] = (SetTimer(OVERDUE, until),)
    else:
        quiet = schedule.snooze(case, policy, now)
        until = quiet.until
        own = CancelTimer(SNOOZED) if quiet.by_plan else SetTimer(SNOOZED, until)
        timers = (own, *outputs.reminder_timers(case, policy, now, quiet_until=until))
    snoozed = case.with_(snoozed_until=until, snoozed_by=event.by)
    note = Note(event.by, f"snoozed the reminder until {slack_date(until, policy.zone)}")
    return Decision(snoozed, (note,), outputs.refresh(snoozed, policy), timers)


def _name_ticket(case: ContactCase, event: TicketNamed, policy: Policy, _now: datetime) -> Decision[ContactCase]:
    named = case.with_(ticket=event.ticket, check=TicketCheck.ASKED)
    note = Note(event.by, f"named the ticket: {event.ticket}")
    read = ReadTicket(ticket=event.ticket, urgency=Urgency.ANSWER)
    notices = (outputs.answer_in_thread(ORIGIN, policy, "named_notice"),) if ORIGIN in case.messages else ()
    return Decision(named, (note,), (*outputs.refresh(named, policy), read, *notices))


def _note_action(case: ContactCase, event: ActionNoted, policy: Policy, _now: datetime) -> Decision[ContactCase]:
    noted = case.with_(comments=(*case.comments, texts.action_comment(case, event.text)))
    return issue.go_on(noted, policy).and_(notes=(Note(event.by, "noted a further action"),))


def _retry_issue(case: ContactCase, event: IssueRetryAsked, policy: Policy, _now: datetime) -> Decision[ContactCase]:
    return issue.go_on(case, policy).and_(notes=(Note(event.by, "asked to write the feedback issue again"),))


def _show_again(case: ContactCase, _event: CardDeleted, policy: Policy, _now: datetime) -> Decision[ContactCase]:
    note = Note("desk", "posted the card again: somebody deleted it")
    return Decision(case, (note,), (outputs.show_card(policy),))


RULES: dict[type, Rule] = {
    Claimed: _claim,
    Contacted: _contacted,
    Cancelled: _cancel,
    Snoozed: _snooze,
    ActionNoted: _note_action,
    IssueRetryAsked: _retry_issue,
    TicketNamed: _name_ticket,
    CardDeleted: _show_again,
}
"""What follows from each thing a manager can do."""
