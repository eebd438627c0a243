"""From the form to the request: what was typed is saved first, and comes back until it is sent."""

from datetime import datetime

from workflows.contract.effects import Effect
from workflows.contract.events import CaseNotified
from workflows.contract.process import CancelTimer, Decision, Note
from workflows.contract.values import PENDING, Stamp
from workflows.policy.model import Policy
from workflows.policy.request import RequestKind
from workflows.request import filing, outputs, texts
from workflows.request.model import Discarded, FormClosed, RequestCase, RequestState, Sent


def decide(
    case: RequestCase, event: FormClosed | Sent | Discarded, policy: Policy, now: datetime
) -> Decision[RequestCase]:
    """Handle what a person did to a form."""
    if case.state not in {RequestState.DRAFT, RequestState.DISCARDED}:
        return Decision(case, refusal=f"{case.id} was sent already; its message shows how it stands.")
    if case.owner not in {None, event.by}:
        return Decision(case, refusal="Only who typed this draft can change or send it. Nothing was changed.")
    match event:
        case FormClosed():
            return _kept(case, event, policy, now)
        case Discarded(by=by):
            gone = case.with_(state=RequestState.DISCARDED, returned=None)
            note = Note(by, "threw the form away")
            return Decision(gone, (note,), _card_if_shown(gone), (CancelTimer(outputs.DRAFT_EXPIRES),))
        case Sent():
            return _sent(case, event, policy, now)


def notified(case: RequestCase, event: CaseNotified, policy: Policy) -> Decision[RequestCase]:
    """Another case files something for somebody; while it is open, the same is not filed again."""
    if case.state != RequestState.DRAFT:
        return Decision(case, (Note(event.source, "asked for the same again"),))
    details = event.details
    filed = case.with_(
        kind=RequestKind.FILED,
        filed_key=event.key,
        requester=details["requester"],
        owner=details["requester"],
        title=details["title"],
        text=details["text"],
        labels=tuple(details.get("labels") or ()),
        state=RequestState.SENDING,
        job=PENDING,
    )
    return filing.begin(filed, policy).and_(notes=[Note(event.source, f"filed it for <@{filed.owner}>")])


def _kept(case: RequestCase, event: FormClosed, policy: Policy, now: datetime) -> Decision[RequestCase]:
    kept = case.with_(
        state=RequestState.DRAFT,
        kind=event.kind,
        item=event.item,
        words=dict(event.words),
        requester=event.by,
        owner=event.by,
    )
    return Decision(
        kept, (Note(event.by, "closed the form before it was sent"),), timers=(outputs.draft_timer(now, policy),)
    )


def _sent(case: RequestCase, event: Sent, policy: Policy, now: datetime) -> Decision[RequestCase]:
    form = policy.request.form(event.kind)
    if form is not None and form.confirm and not event.confirmed:
        return Decision(case, refusal="Please confirm all of it first: Support Operations counts on it.")
    sent = case.with_(
        state=RequestState.SENDING,
        kind=event.kind,
        item=event.item,
        words=dict(event.words),
        ticket=event.ticket,
        requester=event.by,
        owner=event.by,
        confirmed=Stamp(by=event.by, at=now) if event.confirmed else None,
        returned=None,
        job=PENDING,
    )
    sent = sent.with_(title=texts.summary(sent.with_(title="")), labels=texts.labels(sent, policy), text="")
    note = Note(event.by, f"sent it: {texts.kind_label(sent, policy).lower()}")
    return filing.begin(sent, policy).and_(notes=[note], timers=[CancelTimer(outputs.DRAFT_EXPIRES)])


def _card_if_shown(case: RequestCase) -> tuple[Effect, ...]:
    return outputs.show_card(case) if outputs.CARD in case.messages else ()
