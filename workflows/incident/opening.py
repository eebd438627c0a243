"""How an incident begins: a message in the channel, or the form; and the question whether it is one at all."""

from datetime import datetime

from workflows.contract.effects import Effect
from workflows.contract.events import TimerDue
from workflows.contract.process import Decision, MessageRef, Note
from workflows.incident import countdown, outputs, systems, texts
from workflows.incident.events import CriticalityChanged, Described, MessageWritten, Reported, SystemPicked
from workflows.incident.model import IncidentCase, IncidentState, Report, Thread
from workflows.policy.model import Policy

INTEGRATION = "an integration"


def written(case: IncidentCase, event: MessageWritten, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Somebody wrote in the channel: ask in the thread whether something is broken."""
    asked = _in_thread(case, event.origin, event.origin, policy).with_(
        state=IncidentState.QUESTION,
        reporter=event.by,
        contact=event.by,
        report=Report(what=event.text),
        verbatim=True,
        systems=systems.systems_in(event.text, policy.incident),
        opened_at=min(event.at, now),
    )
    note = Note(event.by or INTEGRATION, "wrote a message")
    timers = outputs.question_timers(policy, now)
    return Decision(asked, (note,), (outputs.show_card(asked, policy),), timers)


def reported(case: IncidentCase, event: Reported, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """The form was sent: about a message that was written already, or by itself."""
    known = bool(case.log)  # the question was asked before
    if known and case.state != IncidentState.QUESTION:
        return Decision(case, refusal=texts.running_already(case))
    updated = case.with_(
        report=event.report,
        verbatim=False,
        systems=event.systems,
        other=event.other,
        starter=event.by,
        **({} if known else _of_form(event)),
    )
    if event.origin is not None and event.root is not None and not known:
        updated = _in_thread(updated, event.origin, event.root, policy)
    return countdown.begin(updated, event.by, policy, now, since=case.opened_at if known else now)


def _of_form(event: Reported) -> dict[str, object]:
    reporter = event.reporter or event.by
    return {"reporter": reporter, "contact": reporter, "origin": event.origin, "source": event.source}


def picked(case: IncidentCase, event: SystemPicked, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Somebody picked the system under the message: the clock runs from the message on."""
    if case.state != IncidentState.QUESTION:
        return Decision(case, refusal=texts.running_already(case))
    updated = case.with_(
        systems=event.systems,
        other="" if event.systems else "a system that is not in the sheet",
        starter=event.by,
    )
    return countdown.begin(updated, event.by, policy, now, since=case.opened_at)


def described(case: IncidentCase, event: Described, policy: Policy) -> Decision[IncidentCase]:
    """Somebody told more of it."""
    updated = case.with_(report=event.report, verbatim=False)
    return Decision(updated, (Note(event.by, "described it"),), outputs.refresh(updated, policy))


def changed(case: IncidentCase, event: CriticalityChanged, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """The criticality is another one: the due time is worked out again from the original time."""
    other = case.other if not event.systems else ""
    level = event.level or systems.level_of(event.systems, other, policy.incident)
    changed = case.with_(systems=event.systems, other=other, level=level, chosen_level=event.level)
    if level == case.level:
        note = Note(event.by, f"corrected the systems: {systems.names_of(event.systems, other, policy.incident)}")
        return Decision(changed, (note,), outputs.refresh(changed, policy))
    note = Note(event.by, f"changed the criticality from {_label(case.level, policy)} to {_label(level, policy)}")
    if case.state != IncidentState.WAITING:
        kept = (
            (Note("desk", "somebody was paged already, so the page stays"),)
            if case.state == IncidentState.PAGED
            else ()
        )
        return Decision(changed, (note, *kept), outputs.refresh(changed, policy))
    return countdown.set_clock(
        changed, policy, now, (note,), f"It is {_label(level, policy)} now, and was due already."
    )


def reminder(case: IncidentCase, event: TimerDue, policy: Policy) -> Decision[IncidentCase]:
    """Nobody picked a system: remind once, and in the end take it as no incident."""
    if case.state != IncidentState.QUESTION:
        return Decision(case)
    if event.name == outputs.FORGET_TIME:
        over = case.with_(state=IncidentState.DISMISSED)
        return Decision(over, (Note("desk", "took it as no incident: nobody picked a system"),), _shown(over, policy))
    if case.response is not None or case.reminded:
        return Decision(case)
    late = {**case.reminders_late, outputs.REMINDER: outputs.minutes(event.late)} if event.late else case.reminders_late
    reminded = case.with_(reminded=True, reminders_late=late)
    return Decision(
        reminded, (Note("desk", "reminded: no clock runs"),), (outputs.post_notice(outputs.REMINDER, case, policy),)
    )


def _shown(case: IncidentCase, policy: Policy) -> tuple[Effect, ...]:
    return outputs.refresh(case, policy)


def _in_thread(case: IncidentCase, origin: Thread, root: Thread, policy: Policy) -> IncidentCase:
    ref = MessageRef(place=outputs.place(case, policy).name, channel=root.channel, ts=root.ts)
    placed = case.with_(origin=origin, card_is_root=False, threads=(root,))
    return placed.with_message(outputs.THREAD, ref)


def _label(level: str, policy: Policy) -> str:
    return systems.level_policy(level, policy.incident).label if level else "nothing"
