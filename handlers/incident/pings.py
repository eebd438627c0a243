"""What the steps of an escalation say: before the page, after it, in the thread or by DM."""

from typing import Any

from handlers.incident import questions, status
from handlers.incident.ids import Button
from handlers.incident.notices import LINE_LIMIT, acknowledgeable, slot_of, take_on, while_wanted
from handlers.kit.blocks import button
from workflows.contract.slack_port import Message
from workflows.incident import outputs, steps, texts
from workflows.incident.model import IncidentCase, IncidentState
from workflows.lib.markup import cut, escape, safe
from workflows.policy.incident_escalation import Party, Step, before_page
from workflows.policy.model import Policy

HALF = 50


def before_the_page(case: IncidentCase, policy: Policy, details: dict[str, Any]) -> Message:
    """A step before the page: who is called, or that the page is near."""
    slot = slot_of(details)
    percent, step = _before(slot, policy)
    is_round = slot.endswith(f".{case.round}")
    if step is not None and not step.who:
        return _warning(case, policy, slot, wanted=is_round and case.state == IncidentState.WAITING)
    called = _called(case, step)
    over = "half of the time is over" if percent == HALF else f"{percent} % of the time are over"
    text = (
        f":alarm_clock: {called}Nobody has responded to {case.id} yet, and {over}: "
        f"{cut(safe(texts.headline(case)), LINE_LIMIT)}\n{_then(case, policy)}{status.late(case, slot)}"
    )
    wanted = is_round and case.state in {IncidentState.WAITING, IncidentState.HELD}
    asked = questions.controls(case, policy) if case.is_read else []
    return while_wanted(wanted, text, [take_on(case)], asked)


def after_the_page(case: IncidentCase, policy: Policy, details: dict[str, Any]) -> Message:
    """A step after the page: nobody has acknowledged it."""
    slot = slot_of(details)
    number = outputs.number_of(slot)
    step = steps.after(policy, number)
    text = f":bell: {_called(case, step)}{_unacknowledged(case, policy)}: {case.id}.{_so_far(step, number)}"
    return acknowledgeable(f"{text}{status.late(case, slot)}", case)


def by_dm(case: IncidentCase, policy: Policy, details: dict[str, Any]) -> Message:
    """A step that calls somebody by DM."""
    thread = case.messages.get(outputs.THREAD)
    where = f" in <#{thread.channel}>" if thread else ""
    what = cut(safe(texts.headline(case)), LINE_LIMIT)
    stands = _unacknowledged(case, policy) if case.page else f"Nobody has responded yet. {_then(case, policy)}"
    late = status.late(case, slot_of(details))
    text = f":bell: {case.id}{where} needs you: {what}\n{stands}{late}"
    wanted = {IncidentState.WAITING, IncidentState.HELD, IncidentState.PAGED}
    return while_wanted(case.state in wanted, text, [take_on(case)])


def _before(slot: str, policy: Policy) -> tuple[int, Step | None]:
    number, plan = outputs.number_of(slot), before_page(policy.incident.escalation)
    return plan[number] if 0 <= number < len(plan) else (HALF, None)


def _called(case: IncidentCase, step: Step | None) -> str:
    """Everybody whom a step calls, mentioned; who is not known is not."""
    tags = (tag for target in (step.who if step else ()) for tag in steps.named(case.responders, target).tags)
    return "".join(f"{tag} " for tag in dict.fromkeys(tags))


def _then(case: IncidentCase, policy: Policy) -> str:
    if case.state == IncidentState.HELD and case.closed is not None:
        return f"<@{case.closed.by}> said not to page: please have a look."
    due = status.when(case.due_at, policy) if case.due_at else "soon"
    return f"I page {escape(policy.incident.service)} {due}."


def _warning(case: IncidentCase, policy: Policy, slot: str, *, wanted: bool) -> Message:
    due = status.when(case.due_at, policy) if case.due_at else "soon"
    service = escape(policy.incident.service)
    late = status.late(case, slot)
    text = f":warning: *I will page {service} {due} unless someone responds* ({case.id}).{late}"
    return while_wanted(wanted, text, [take_on(case), button("Don't page", Button.HOLD, case.id)])


def _unacknowledged(case: IncidentCase, policy: Policy) -> str:
    """Say that nobody has acknowledged the page; or that there is none yet, which is another thing."""
    page = case.page
    if page is None:
        return "Nobody is on this yet"
    if not page.is_out:
        since = status.when(page.at, policy)
        return f"*{escape(policy.incident.service)} is not paged yet.* I have been trying since {since}"
    link = f" (<{page.url}|{status.pager(policy)}>)" if page.url else ""
    return f"Nobody has acknowledged the page of {status.when(page.out_at or page.at, policy)} yet{link}"


def _so_far(step: Step | None, number: int) -> str:
    """For the lead: how often others were called before."""
    if step is None or number == 0 or Party.LEAD not in {target.party for target in step.who}:
        return ""
    return f" Others were called {number} times. Please see to it that somebody acknowledges it."
