"""A request arrives: for the first time, or once more by another way."""

from datetime import datetime

from workflows.contact import outputs, schedule, texts
from workflows.contact.events import ContactRequested, SaysChanged
from workflows.contact.model import DUE, ContactCase, ContactState, Origin, Source
from workflows.contract.effect_base import Urgency
from workflows.contract.message_effects import Say
from workflows.contract.process import Decision, Note, SetTimer
from workflows.contract.ticket_effects import ReadTicket
from workflows.policy.model import Policy

FLAGGED = "flagged it: the issue's label and the form disagree about whether contact is wanted"


def decide(
    case: ContactCase, event: ContactRequested | SaysChanged, policy: Policy, now: datetime
) -> Decision[ContactCase]:
    """Open a request, add to the one that is open for its ticket, or take in what is said of one that waits."""
    if isinstance(event, SaysChanged):
        return _says_changed(case, event, policy) if case.is_waiting else Decision(case)
    if not event.asks:
        return Decision(case, refusal="No contact with a manager was asked for.")
    if case.is_over:
        return Decision(case, refusal=texts.is_over_sentence(case, policy))
    known = with_what_it_says(case, event, now)
    if case.state == ContactState.NEW:
        return opened(known, event, policy, now)
    return _again(known, event, policy, flagged=case.contradicts)


def _says_changed(case: ContactCase, event: SaysChanged, policy: Policy) -> Decision[ContactCase]:
    """The label was put on or taken off, the field or the rating changed: the card says so, and the request stays."""
    label = case.label_says if event.label_says is None else event.label_says
    field = case.field_says if event.field_says is None else event.field_says
    known = case.with_(label_says=label, field_says=field, tone=event.tone or case.tone)
    if known == case:
        return Decision(case)
    name = policy.contact.request_label
    told = (
        (known.label_says is not case.label_says, f"{'set' if known.label_says else 'took off'} the label “{name}”"),
        (known.field_says is not case.field_says, f"says in the form's field: {'yes' if known.field_says else 'no'}"),
        (known.tone is not case.tone, f"gave {known.tone} feedback"),
    )
    notes = [Note(event.by, what) for is_so, what in told if is_so]
    if known.contradicts and not case.contradicts:
        notes.append(Note("desk", FLAGGED))
    return Decision(known, tuple(notes), outputs.refresh(known, policy))


def with_what_it_says(case: ContactCase, event: ContactRequested, now: datetime) -> ContactCase:
    """The case, knowing one more way in which it arrived, and what that says."""
    origin = Origin(source=event.source, by=event.by, at=now, link=event.link, words=event.words, remark=event.remark)
    return case.with_(
        origins=(*case.origins, origin),
        ticket=case.ticket if case.ticket is not None else event.ticket,
        label_says=case.label_says if event.label_says is None else event.label_says,
        field_says=case.field_says if event.field_says is None else event.field_says,
        is_unclear=event.is_unclear or (case.is_unclear and event.field_says is None),
        tone=event.tone or case.tone,
        issue=case.issue or event.issue,
    )


def opened(case: ContactCase, event: ContactRequested, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """Its clock starts, and it is asked whose it is."""
    asked_at = min(event.asked_at or now, now)
    due_at = schedule.due_at(asked_at, policy)
    known = case.with_(
        state=ContactState.OPEN,
        asked_at=asked_at,
        due_at=due_at,
        due_why=schedule.explained(asked_at, policy),
        owner_lookup_pending=True,
    )
    known = known.with_message(outputs.ORIGIN, event.origin) if event.origin else known
    timers = (
        *outputs.reminder_timers(known, policy, now),
        outputs.unclaimed_timer(now, known, policy),
        SetTimer(DUE, due_at),
    )
    ask = outputs.ask_who_is_on_duty(outputs.OWNER, at=asked_at)
    return Decision(known, _notes(event, known), (ask, *_check(known)), timers)


def _again(case: ContactCase, event: ContactRequested, policy: Policy, *, flagged: bool) -> Decision[ContactCase]:
    answer: tuple[Say, ...] = ()
    if event.origin is not None:
        slot = f"{outputs.ORIGIN}:{len(case.origins)}"
        case = case.with_message(slot, event.origin)
        answer = (outputs.answer_in_thread(slot, policy),)
    return Decision(case, _notes(event, case, flagged=flagged), (*outputs.refresh(case, policy), *answer))


def _check(case: ContactCase) -> tuple[ReadTicket, ...]:
    if case.ticket is None:
        return ()
    return (ReadTicket(ticket=case.ticket, urgency=Urgency.ANSWER),)


def _notes(event: ContactRequested, case: ContactCase, *, flagged: bool = False) -> tuple[Note, ...]:
    again = "asked for contact" if len(case.origins) == 1 else "asked again"
    actor = "integration" if event.source is Source.INTEGRATION else event.by
    note = Note(actor, f"{again}: {texts.SOURCES[event.source]}, {texts.ticket_name(case)}")
    if event.is_unclear:
        return (note, Note("desk", "flagged it: the form's answer about contact is neither a yes nor a no"))
    if flagged or not case.contradicts:
        return (note,)
    return (note, Note("desk", FLAGGED))
