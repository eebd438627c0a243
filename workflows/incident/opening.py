"""How an incident begins: a message in the channel, or the form; and the question whether it is one at all."""

from dataclasses import replace
from datetime import datetime

from workflows.contract.process import Decision, MessageRef, Note
from workflows.incident import countdown, outputs, reports, systems, texts
from workflows.incident.events import (
    CriticalityChanged,
    Described,
    MessageEdited,
    MessageWritten,
    Reported,
    SystemPicked,
)
from workflows.incident.model import OPEN, IncidentCase, IncidentState, NoReport, Report, Thread
from workflows.policy.model import Policy

INTEGRATION = "an integration"


def written(case: IncidentCase, event: MessageWritten, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Somebody wrote in the channel: the wait starts, unless it is plainly no report. Ask in the thread what it is."""
    why = reports.why_no_report(
        event.text, policy.incident, by_responder=event.by_responder, sender=(event.by or "", *event.sender)
    )
    asked = _in_thread(case, event.origin, event.origin, policy).with_(
        state=IncidentState.QUESTION,
        reporter=event.by,
        contact=event.by,
        report=Report(what=event.text),
        verbatim=True,
        systems=systems.systems_in(event.text, policy.incident),
        opened_at=min(event.at, now),
        no_report=why,
    )
    note = Note(event.by or INTEGRATION, "wrote a message")
    if why is None:
        return countdown.begin_read(asked, policy, now, since=asked.opened_at, notes=(note,))
    shown = (outputs.show_card(asked, policy),) if policy.incident.no_report.ask else ()
    return Decision(asked, (note, Note("desk", f"took it as no report ({texts.WHY_NO_REPORT[why]})")), shown)


def reported(case: IncidentCase, event: Reported, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """The form was sent: about a message that was written already, or by itself."""
    known = bool(case.log)  # the question was asked before
    if known and not _may_be_picked(case):
        return Decision(case, refusal=texts.running_already(case))
    updated = case.with_(
        report=event.report,
        verbatim=False,
        systems=event.systems,
        other=event.other,
        picked=True,
        named_since=(),
        **({} if known else _of_form(event)),
    )
    if known and case.level:
        return _corrected(updated, event.by, policy, now)
    if event.origin is not None and event.root is not None and not known:
        updated = _in_thread(updated, event.origin, event.root, policy)
    started = updated.with_(starter=event.by)
    return countdown.begin(started, event.by, policy, now, since=case.opened_at if known else now)


def _may_be_picked(case: IncidentCase) -> bool:
    """Whether nobody has said yet what it is about."""
    return case.state == IncidentState.QUESTION or (case.state in OPEN and case.is_read)


def _of_form(event: Reported) -> dict[str, object]:
    reporter = event.reporter or event.by
    return {"reporter": reporter, "contact": reporter, "origin": event.origin, "source": event.source}


def picked(case: IncidentCase, event: SystemPicked, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Somebody picked the system under the message: the clock runs from the message on, with that system's wait."""
    if not _may_be_picked(case):
        return Decision(case, refusal=texts.running_already(case))
    updated = case.with_(
        systems=event.systems,
        other="" if event.systems else "a system that is not in the sheet",
        picked=True,
        named_since=(),
    )
    if case.level:
        return _corrected(updated, event.by, policy, now)
    return countdown.begin(updated.with_(starter=event.by), event.by, policy, now, since=case.opened_at)


def _corrected(case: IncidentCase, by: str, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """The clock that the desk started itself is corrected, from the original time."""
    level = systems.level_of(case.systems, case.other, policy.incident)
    named = systems.names_of(case.systems, case.other, policy.incident)
    note = Note(by, f"picked the system: {named}, {_label(level, policy)}")
    return _leveled(case, level, note, policy, now)


def described(case: IncidentCase, event: Described, policy: Policy, _now: datetime) -> Decision[IncidentCase]:
    """Somebody told more of it."""
    updated = case.with_(report=event.report, verbatim=False)
    return Decision(updated, (Note(event.by, "described it"),), outputs.refresh(updated, policy))


def changed(case: IncidentCase, event: CriticalityChanged, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """The criticality is another one: the due time is worked out again from the original time."""
    other = case.other if not event.systems else ""
    level = event.level or systems.level_of(event.systems, other, policy.incident)
    changed = case.with_(systems=event.systems, other=other, chosen_level=event.level, picked=True, named_since=())
    if level == case.level:
        note = Note(event.by, f"corrected the systems: {systems.names_of(event.systems, other, policy.incident)}")
        return Decision(changed, (note,), outputs.refresh(changed, policy))
    note = Note(event.by, f"changed the criticality from {_label(case.level, policy)} to {_label(level, policy)}")
    return _leveled(changed, level, note, policy, now)


def edited(case: IncidentCase, event: MessageEdited, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """The message was edited: it is read again. A clock that a person has set is not moved; the change is offered."""
    if case.state not in OPEN or event.text == case.report.what:
        return Decision(case)
    note = Note(case.reporter or INTEGRATION, "edited the message")
    updated = case.with_(report=case.report.model_copy(update={"what": event.text})) if case.verbatim else case
    named = systems.systems_in(event.text, policy.incident)
    if case.state == IncidentState.QUESTION:
        return _edited_question(updated.with_(systems=named), note, policy, now)
    if not case.is_read:
        offered = updated.with_(named_since=named if named and set(named) != set(case.systems) else ())
        shown = outputs.refresh(offered, policy) if offered != case else ()
        return Decision(offered, (note,), shown)
    level = systems.level_read(named, policy.incident)
    if not named or (level == case.level and named == case.systems):  # an edit that names none takes nothing back
        return Decision(updated, (note,), outputs.refresh(updated, policy))
    read = updated.with_(systems=named)
    if level == case.level:
        return Decision(read, (note,), outputs.refresh(read, policy))
    again = Note("desk", f"read it again: {systems.names_of(named, '', policy.incident)}, {_label(level, policy)}")
    decision = _leveled(read, level, again, policy, now)
    return replace(decision, notes=(note, *decision.notes))


def _edited_question(case: IncidentCase, note: Note, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """An edited question. If it is a report now, nobody could read that before the edit: the wait starts with it."""
    by_text = case.no_report in {NoReport.SMALL_TALK, NoReport.QUESTION}
    if by_text and reports.why_no_report(case.report.what, policy.incident) is None:
        return countdown.begin_read(case.with_(no_report=None), policy, now, since=now, notes=(note,))
    return Decision(case, (note,), outputs.refresh(case, policy) if outputs.CARD in case.messages else ())


def _leveled(case: IncidentCase, level: str, note: Note, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """The case with this level: a clock that runs is set again; whoever is paged stays paged."""
    changed = case.with_(level=level)
    if case.state == IncidentState.WAITING:
        why = f"It is {_label(level, policy)} now, and was due already."
        return countdown.set_clock(changed, policy, now, (note,), why)
    stays = case.state == IncidentState.PAGED and case.level != level
    kept = (Note("desk", "somebody was paged already, so the page stays"),) if stays else ()
    return Decision(changed, (note, *kept), outputs.refresh(changed, policy))


def _in_thread(case: IncidentCase, origin: Thread, root: Thread, policy: Policy) -> IncidentCase:
    ref = MessageRef(place=outputs.place(case, policy).name, channel=root.channel, ts=root.ts)
    placed = case.with_(origin=origin, card_is_root=False, threads=(root,))
    return placed.with_message(outputs.THREAD, ref)


def _label(level: str, policy: Policy) -> str:
    return systems.level_policy(level, policy.incident).label if level else "nothing"
