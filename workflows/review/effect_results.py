"""What the outside answers: what the ticket is, who is on duty, what became of the feedback issue."""

from datetime import datetime
from typing import get_args

from workflows.contract.effects import Effect
from workflows.contract.events import (
    Duty,
    DutySource,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    Failure,
)
from workflows.contract.issue_effects import OpenIssue
from workflows.contract.issue_port import Issue
from workflows.contract.message_effects import Say
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.process import CancelTimer, Decision, Note
from workflows.contract.review_effects import LinkIssues, ReadParticipants
from workflows.contract.ticket_effects import ReadTicket
from workflows.contract.ticket_ports import Participants, Ticket
from workflows.policy.model import Policy
from workflows.review import actions, issue, standing
from workflows.review.model import ReviewCase, ReviewState, TicketCheck

STEPS = get_args(issue.Step)
ACTIONS = (ReadParticipants, LinkIssues, Say)


def decide(
    case: ReviewCase,
    event: EffectSucceeded | EffectFailed | EffectDelayed | EffectDropped,
    policy: Policy,
    now: datetime,
) -> Decision[ReviewCase]:
    """Handle an effect that was executed or given up."""
    match event:
        case EffectSucceeded(effect=ReadTicket(), result=Ticket() as ticket):
            return _looked_at(case, ticket, policy)
        case EffectFailed(effect=ReadTicket()):
            check = TicketCheck.MISSING if event.failure is Failure.NOT_FOUND else TicketCheck.NO_ANSWER
            return issue.go_on(case.with_(check=check), policy)
        case EffectSucceeded(effect=AskWhoIsOnDuty(), result=Duty() as duty):
            return _on_duty(case, duty, policy, now)
        case EffectFailed(effect=AskWhoIsOnDuty()):
            return _on_duty(case, Duty((), DutySource.NOBODY, event.sentence), policy, now)
        case EffectSucceeded(effect=OpenIssue(project=project), result=Issue() as opened) if _is_meta(project, policy):
            return actions.opened(case, opened)
        case EffectSucceeded(effect=ReadParticipants(), result=Participants() as found):
            return actions.participants(case, found, policy)
        case EffectFailed(effect=effect) if isinstance(effect, ACTIONS) or _is_discussion(effect, policy):
            return actions.failed(case, event)
        case EffectSucceeded(effect=step) if isinstance(step, STEPS):
            return issue.step_succeeded(case, step, event.result, policy)
        case EffectFailed(effect=step) if isinstance(step, STEPS):
            return issue.not_executed(case, event, policy)
        case _:
            return Decision(case)


def _is_meta(project: str, policy: Policy) -> bool:
    return project == policy.review.meta_project and project != policy.review.issue_project


def _is_discussion(effect: Effect, policy: Policy) -> bool:
    return isinstance(effect, OpenIssue) and _is_meta(effect.project, policy)


def _looked_at(case: ReviewCase, ticket: Ticket, policy: Policy) -> Decision[ReviewCase]:
    known = case.with_(check=TicketCheck.FOUND, engineer=ticket.assignee_email)
    why = no_survey(ticket, policy)
    if why is None:
        return issue.go_on(known, policy)
    recorded = known.with_(state=ReviewState.RECORDED, no_survey=why)
    return Decision(recorded, (Note("desk", f"recorded it only: {why}"),), timers=(CancelTimer(),))


def no_survey(ticket: Ticket, policy: Policy) -> str | None:
    """Why a ticket gets no survey, in words; None for one that gets one.

    Source: the page's note on the categories of tickets that do not receive surveys.
    """
    rules = policy.review.no_survey
    if rules.suspended and ticket.is_suspended:
        return "its ticket is suspended as spam"
    tag = next((tag for tag in rules.tags if tag in ticket.tags), None)
    if tag is not None:
        return f"its ticket has the tag {tag}"
    if ticket.organization in rules.organizations:
        return f"its ticket belongs to {ticket.organization}"
    return None


def _on_duty(case: ReviewCase, duty: Duty, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    """Whose it is. Nobody on duty: it is in every manager's queue until one takes it, or somebody is on duty."""
    if case.owner is not None or not case.is_waiting:
        return Decision(case.with_(asked_who=True))
    known = case.with_(asked_who=True, duty=duty.source, owner_trouble=duty.trouble)
    if not duty.people:
        trouble = duty.trouble or "nobody is on duty"
        note = Note("desk", f"found no owner: {trouble}")
        return issue.go_on(known, policy).and_(notes=(note,), effects=standing.tell_manager(known, policy))
    person = duty.people[0]
    owned = known.with_(owner=person.id, owner_zone=person.time_zone, owner_email=person.email, owned_at=now)
    note = Note("desk", f"made <@{person.id}> the owner ({duty.source})")
    return issue.go_on(owned, policy).and_(notes=(note,), effects=standing.tell_manager(owned, policy))
