"""Paging: once an opening, under a key of its own; then pings until somebody acknowledges it."""

from collections.abc import Sequence
from datetime import datetime

from workflows.contract import actors
from workflows.contract.alerts import alert_admins
from workflows.contract.events import EffectFailed, Failure, TimerDue
from workflows.contract.facts import PageStatus
from workflows.contract.paging_ports import Page
from workflows.contract.process import CancelTimer, Decision, Note, SetTimer
from workflows.contract.values import Progress, Stamp
from workflows.incident import clock, membership, outputs, steps, systems, texts
from workflows.incident.events import Held, PageAsked, PagedByHand
from workflows.incident.model import IncidentCase, IncidentState, PageRecord
from workflows.lib import lateness
from workflows.policy.model import Policy

KEEP_TRYING = {Failure.GAVE_UP, Failure.MISCONFIGURED}
"""Failures that time or an admin may mend: a page that is still wanted is tried on."""


def page(
    case: IncidentCase, why: str, policy: Policy, now: datetime, *, late: int = 0, notes: Sequence[Note] = ()
) -> Decision[IncidentCase]:
    """Page somebody, for this reason. A page that was withdrawn before it went out is tried again under its key."""
    key = f"desk-{case.id}-{int(case.opened_at.timestamp())}-{case.openings}"
    attempt = case.page.attempt + 1 if case.page and case.page.key == key else 1
    record = PageRecord(key=key, at=now, why=why, late=late, attempt=attempt, changed_at=now)
    level = case.level or policy.incident.ranking[0]
    paged = case.with_(
        state=IncidentState.PAGED, level=level, page=record, outside=clock.is_outside(now, policy.incident), closed=None
    )
    said = f"is paging {policy.incident.service}: {why}" + (f" (decided {late} minutes late)" if late else "")
    first = (outputs.post_notice(outputs.of_page(outputs.UNPICKED, paged), paged, policy),) if case.is_read else ()
    effects = (*first, outputs.open_page(paged, policy), *outputs.refresh(paged, policy), outputs.ask_who_responds())
    timers: tuple[SetTimer | CancelTimer, ...] = (*outputs.stop_clock(policy), *outputs.ping_timer(0, now, policy))
    return Decision(paged, (*notes, Note("desk", said)), effects, timers)


def asked(case: IncidentCase, event: PageAsked, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Page at once, because a person asks for it."""
    record = case.page
    if case.state == IncidentState.PAGED and record is not None and record.progress is Progress.FAILED:
        again = case.with_(page=record.model_copy(update={"progress": Progress.PENDING, "attempt": record.attempt + 1}))
        note = Note(event.by, "asked to try the page again")
        return Decision(again, (note,), (outputs.open_page(again, policy), *outputs.refresh(again, policy)))
    if case.state in {IncidentState.PAGED, IncidentState.ACKNOWLEDGED}:
        return Decision(case, refusal=texts.paged_already(case, policy))
    if case.state in {IncidentState.RESOLVED, IncidentState.DISMISSED}:
        return Decision(case, refusal=texts.closed_already(case, policy))
    systems_known = case.with_(level=case.level or systems.level_read(case.systems, policy.incident))
    known = systems_known.with_(starter=case.starter or event.by)
    return page(known, "Somebody asked to page now.", policy, now, notes=(Note(event.by, "asked to page now"),))


def held(case: IncidentCase, event: Held, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Don't page: the clock stops; a page that has not gone out stays here.

    By somebody who is no responder, the responders are pinged at half time all the same: none of them has seen it yet.
    """
    if case.state not in {IncidentState.WAITING, IncidentState.PAGED} or (case.page is not None and case.page.is_out):
        return Decision(case, refusal=texts.not_held(case, policy))
    first = steps.first_call(case, policy)
    by_responder = membership.is_responder(case, event.by, policy, known=event.is_responder)
    is_left = case.state == IncidentState.WAITING and not by_responder and first is not None and first[1] > now
    number, at = first if first is not None and is_left else (None, None)
    stopped = case.with_(state=IncidentState.HELD, closed=Stamp(by=event.by, at=now), held_ping_at=at, held_step=number)
    note = Note(event.by, "said not to page")
    timers = (*outputs.stop_clock(policy, but=number), CancelTimer(outputs.PING_TIME))
    return Decision(stopped, (note,), outputs.refresh(stopped, policy), timers)


def by_hand(case: IncidentCase, event: PagedByHand, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Somebody did by hand what the paging service could not."""
    if case.page is None or case.state != IncidentState.PAGED or case.page.is_out:
        return Decision(case, refusal="Nobody has to page by hand here any more.")
    done = with_page(case, by_hand=Stamp(by=event.by, at=now))
    return Decision(done, (Note(event.by, "paged by hand"),), outputs.refresh(done, policy))


def ping(case: IncidentCase, event: TimerDue, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Nobody has acknowledged the page, as far as is known: ask the paging service, and then ping."""
    if case.state != IncidentState.PAGED or case.page is None or case.page.is_escalated:
        return Decision(case)
    due = with_page(case, ping_asked=True, ping_late=lateness.minutes(event.late))
    if case.page.progress is not Progress.DONE:  # it knows of nothing yet
        return next_step(due, policy, now)
    return Decision(due, effects=(outputs.ask_page(due, now),))


def next_step(case: IncidentCase, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Nobody has acknowledged the page: take the next step of the escalation. Only where one is due."""
    if case.state != IncidentState.PAGED or case.page is None or not case.page.ping_asked:
        return Decision(case)
    step, number = steps.after(policy, case.page.pings), case.page.pings + 1
    if step is None:
        return Decision(with_page(case, is_escalated=True, ping_asked=False))
    timers = outputs.ping_timer(number, now, policy)
    pinged = with_page(case, pings=number, ping_asked=False, is_escalated=not timers)
    slot = f"{outputs.of_page(outputs.PAGE_PING, case)}:{number}"
    if case.page.ping_late:
        pinged = pinged.with_(reminders_late={**case.reminders_late, slot: case.page.ping_late})
    note = Note("desk", f"{steps.described(case, step)}: the page is not acknowledged ({number})")
    said = steps.dms(pinged, step, slot) or (outputs.post_notice(slot, pinged, policy),)
    shown = (outputs.show_card(pinged, policy),) if not timers else ()
    return Decision(pinged, (note,), (*said, *shown), timers)


def went_out(
    case: IncidentCase, key: str, result: Page | None, policy: Policy, now: datetime
) -> Decision[IncidentCase]:
    """The page is out, or was withdrawn in time. What was done here meanwhile is done there, too."""
    if case.page is None or case.page.key != key:
        return Decision(case)
    if result is None:
        withdrawn = with_page(case, progress=Progress.NOT_WANTED)
        note = Note("desk", "the page was withdrawn before it went out")
        return Decision(withdrawn, (note,), outputs.refresh(withdrawn, policy))
    out_at = case.page.out_at or now
    known = with_page(case, progress=Progress.DONE, out_at=out_at, id=result.id, url=result.url or case.page.url)
    note = Note(actors.PAGER, f"paged {policy.incident.service} {result.url}".strip())
    return _caught_up(known, result, note, policy, now)


def _caught_up(case: IncidentCase, result: Page, note: Note, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    match IncidentState(case.state):
        case IncidentState.PAGED if result.status == PageStatus.ACKNOWLEDGED:
            taken = with_page(case, status=PageStatus.ACKNOWLEDGED, changed_at=now).with_(
                state=IncidentState.ACKNOWLEDGED
            )
            timers = (CancelTimer(outputs.PING_TIME),)
            notice = outputs.post_notice(outputs.of_page(outputs.PAGE, case), taken, policy)
            return Decision(taken, (note,), (*outputs.refresh(taken, policy), notice), timers)
        case IncidentState.PAGED:
            notice = outputs.post_notice(outputs.of_page(outputs.PAGE, case), case, policy)
            return Decision(case, (note,), (*outputs.refresh(case, policy), notice))
        case IncidentState.ACKNOWLEDGED:
            notice = outputs.post_notice(outputs.of_page(outputs.PAGE, case), case, policy)
            effects = (*outputs.refresh(case, policy), notice, *outputs.acknowledge_page(case))
            return Decision(case, (note,), effects)
        case _:  # it went out after all, and nobody wants it any more
            return Decision(case, (note,), (*outputs.refresh(case, policy), *outputs.resolve_page(case)))


def did_not(case: IncidentCase, key: str, event: EffectFailed, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """The page was given up: what time or an admin may mend is tried on, and meanwhile people do it by hand."""
    if case.page is None or case.page.key != key:
        return Decision(case)
    keep_retrying = event.failure in KEEP_TRYING and case.state == IncidentState.PAGED
    failed = with_page(
        case,
        trouble=event.sentence,
        progress=Progress.PENDING if keep_retrying else Progress.FAILED,
        attempt=case.page.attempt + (1 if keep_retrying else 0),
    )
    note = Note(actors.PAGER, f"could not be reached: {event.sentence}")
    again = (outputs.open_page(failed, policy),) if keep_retrying else ()
    alert = alert_admins(policy, event.sentence, now, f"page:{event.failure}")
    effects = (*again, *outputs.show_manual_steps(failed, policy), *outputs.refresh(failed, policy), *alert)
    return Decision(failed, (note,), effects)


def delayed(case: IncidentCase, key: str, sentence: str, policy: Policy) -> Decision[IncidentCase]:
    """The first try of the page failed: it is tried on, and meanwhile people do it by hand."""
    if case.page is None or case.page.key != key or case.page.trouble == sentence:
        return Decision(case)
    troubled = with_page(case, trouble=sentence)
    note = Note(actors.PAGER, f"did not take the page yet: {sentence}")
    return Decision(
        troubled, (note,), (*outputs.show_manual_steps(troubled, policy), *outputs.refresh(troubled, policy))
    )


def with_page(case: IncidentCase, **changes: object) -> IncidentCase:
    """The case with its page changed, checked as a new one is."""
    if case.page is None:
        raise ValueError("There is no page to change")
    return case.with_(page=PageRecord.model_validate({**dict(case.page), **changes}))
