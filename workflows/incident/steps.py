"""The steps of an escalation, as the policy lists them: when each is taken, and what is said of it. Pure."""

from datetime import datetime

from workflows.contract.effects import Effect
from workflows.contract.message_effects import Say, dm
from workflows.incident import clock, systems
from workflows.incident.model import IncidentCase, KnownResponders, Named
from workflows.policy.incident_escalation import How, Party, Step, Target, after_page, before_page
from workflows.policy.model import Policy

STEP_DM = "step_dm"
"""What somebody reads who is called by DM."""


def before(case: IncidentCase, policy: Policy) -> list[tuple[datetime, Step]]:
    """The steps before the page, and when each is taken by the clock as it is set."""
    start = case.clock_from or case.opened_at
    level = systems.level_policy(case.level, policy.incident)
    steps = before_page(policy.incident.escalation)
    return [(clock.due_at(start, level, policy.incident, percent), step) for percent, step in steps]


def first_call(case: IncidentCase, policy: Policy) -> tuple[int, datetime] | None:
    """The first step that calls somebody, by its number, and when it is taken."""
    return next(((number, at) for number, (at, step) in enumerate(before(case, policy)) if step.who), None)


def after(policy: Policy, number: int) -> Step | None:
    """The step after the page of this number, counted from 0; None when all are taken."""
    steps = after_page(policy.incident.escalation)
    return steps[number][1] if number < len(steps) else None


def wait_after(policy: Policy, number: int, since: datetime) -> datetime | None:
    """When that step is taken, where the one before it (or the page) was taken at `since`; None: there is none."""
    steps = after_page(policy.incident.escalation)
    if number >= len(steps):
        return None
    return since + steps[number][0] - (steps[number - 1][0] if number else steps[0][0] * 0)


def named(responders: KnownResponders | None, target: Target) -> Named:
    """Who a target is, as far as is known."""
    if responders is None:
        return Named()
    match target.party:
        case Party.RESPONDERS:
            group = responders.group
            return Named(tags=(f"<!subteam^{group.id}>",), people=group.members) if group else Named()
        case Party.ON_CALL:
            return Named.of(responders.on_call)
        case Party.LEAD:
            return Named.of(responders.leads)
    return responders.named.get(target.key, Named())


def dms(case: IncidentCase, step: Step, slot: str) -> tuple[Effect, ...]:
    """A DM to each of those whom a step calls so."""
    if step.how is not How.DM:
        return ()
    people = dict.fromkeys(person for target in step.who for person in named(case.responders, target).people)
    return tuple(Say(what=STEP_DM, to=dm(person), details={"slot": slot}) for person in people)


def described(case: IncidentCase, step: Step) -> str:
    """What a step did, for the timeline: nobody is said to be called who is not there."""
    if not step.who:
        return "warned of the page"
    found = [target.words for target in step.who if named(case.responders, target).people]
    verb = "sent a DM to" if step.how is How.DM else "mentioned"
    if not found:
        return f"could not call {' and '.join(target.words for target in step.who)}: nobody is known"
    return f"{verb} {' and '.join(found)}"
