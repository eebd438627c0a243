"""Sending a request where it belongs, one step after the other: the tracker, the ticket system, or the channel.

A step that is given up loses nothing: what was typed stays on the card, and is tried again until it is taken.
"""

from datetime import datetime

from workflows.contract import channels
from workflows.contract.actors import TICKETS, TRACKER
from workflows.contract.alerts import alert_admins
from workflows.contract.effects import Effect
from workflows.contract.events import EffectFailed, Failure
from workflows.contract.issue_effects import FindTitledIssue, OpenIssue
from workflows.contract.issue_port import Issue, Template
from workflows.contract.merge_request_port import FileEdit, MergeRequest
from workflows.contract.message_effects import ShowCard, channel
from workflows.contract.process import CancelTimer, Decision, Note, SetTimer
from workflows.contract.request_effects import (
    DraftMergeRequest,
    FindTrackerUser,
    NoteOnTicket,
    ReadTemplate,
    SetTicketForm,
)
from workflows.contract.review_effects import ReadParticipants
from workflows.contract.ticket_ports import Participants
from workflows.contract.values import DONE, PENDING, IssueLink, Progress, failed
from workflows.lib import business_time
from workflows.policy.model import Policy
from workflows.policy.request import RequestKind
from workflows.request import outputs, texts
from workflows.request.model import POSTED, RequestCase, RequestState, Result
from workflows.request.template import Filled

STEPS = (
    ReadTemplate,
    FindTitledIssue,
    OpenIssue,
    DraftMergeRequest,
    ReadParticipants,
    SetTicketForm,
    NoteOnTicket,
)
"""The steps that send it; a question is posted as a message instead."""

Step = ReadTemplate | FindTitledIssue | OpenIssue | DraftMergeRequest | ReadParticipants | SetTicketForm | NoteOnTicket


GONE = "This can't be sent any more: the policy has changed. Please open the form again with `/supportops`."


def begin(case: RequestCase, policy: Policy) -> Decision[RequestCase]:
    """The first step, and who the requester is in the tracker, which nothing waits for."""
    sending, step = _step(case, policy)
    if not step:
        return Decision(case, refusal=GONE)
    is_tracked = case.kind not in {RequestKind.QUESTION, RequestKind.PORTAL}
    who = (FindTrackerUser(person=case.owner or ""),) if is_tracked else ()
    return Decision(sending, effects=(*outputs.refresh(sending), *who, *step))


def again(case: RequestCase, by: str, policy: Policy) -> Decision[RequestCase]:
    """Try the step that was given up once more; of an issue it is looked first whether it was opened after all."""
    if case.state != RequestState.SENDING or case.job.progress is not Progress.FAILED:
        return Decision(case, refusal="There is nothing to try again: it is done, or on its way.")
    trying, step = _step(case.with_(job=PENDING), policy)
    if not step:
        return Decision(case, refusal=GONE)
    effects = (*outputs.show_card(trying), *step)
    return Decision(trying, (Note(by, "tried it again"),), effects, (CancelTimer(outputs.RETRY),))


def _step(case: RequestCase, policy: Policy) -> tuple[RequestCase, tuple[Effect, ...]]:
    own = policy.request
    form = own.form(case.kind)
    match case.kind:
        case RequestKind.QUESTION:
            return case, (ShowCard(slot=POSTED, to=channel(own.channel)),)
        case RequestKind.PORTAL:
            return case, _ticket_step(case, policy)
        case RequestKind.MERGE_REQUEST:
            return case, _merge_request(case, policy)
        case _ if case.text:
            return case, (_look_for_issue(case, policy) if case.attempts else _open_issue(case, policy),)
        case _ if form is not None and form.template is not None:
            return case, (ReadTemplate(project=form.project, name=form.template),)
    complete = _put_together(case, "", policy)
    return complete, (_open_issue(complete, policy),)


def _ticket_step(case: RequestCase, policy: Policy) -> tuple[Effect, ...]:
    if case.ticket is None:
        return ()
    if case.is_form_set:
        return (NoteOnTicket(ticket=case.ticket, body=texts.ticket_note(case, policy)),)
    return (ReadParticipants(ticket=case.ticket),)


def _merge_request(case: RequestCase, policy: Policy) -> tuple[Effect, ...]:
    item = policy.request.self_service.get(case.item)
    wanted = item.merge_request if item else None
    if item is None or wanted is None:
        return ()
    edit = FileEdit(path=case.word("file"), find=case.words.get("find", ""), replace=case.words.get("replace", ""))
    draft = DraftMergeRequest(
        project=wanted.project,
        into=wanted.branch,
        branch=texts.branch(case),
        edit=edit,
        title=case.title,
        description=texts.merge_request_text(case, item),
        reviewers=wanted.approvers,
    )
    return (draft,)


def _look_for_issue(case: RequestCase, policy: Policy) -> Effect:
    return FindTitledIssue(project=policy.request.project(case.kind), title=case.title)


def _open_issue(case: RequestCase, policy: Policy) -> Effect:
    return OpenIssue(
        project=policy.request.project(case.kind), title=case.title, description=case.text, labels=case.labels
    )


def _put_together(case: RequestCase, template: str, policy: Policy) -> RequestCase:
    """The case with the text of its issue."""
    filled: Filled = texts.description(case, template, policy)
    form = policy.request.form(case.kind)
    missing = filled.missing if template and form is not None else ()
    trouble = texts.template_trouble(form.template or "", missing) if form and missing else case.template_trouble
    labels = tuple(dict.fromkeys((*case.labels, *filled.labels)))
    return case.with_(text=filled.text, labels=labels, template_trouble=trouble)


# ------------------------------------------------------------------------------------- what came of it


def executed(case: RequestCase, step: Step, result: object, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """A step is done: the next one, or it is where it belongs."""
    match step, result:
        case ReadTemplate(), Template(text=text):
            return _with_template(case, text, policy, now)
        case FindTitledIssue(), Issue() as issue:
            return _opened(case, issue, policy, now)
        case FindTitledIssue(), None:
            return Decision(case, effects=(_open_issue(case, policy),))
        case OpenIssue(), Issue() as issue:
            return _opened(case, issue, policy, now)
        case DraftMergeRequest(), MergeRequest() as merge_request:
            return _drafted(case, merge_request, policy, now)
        case ReadParticipants(ticket=ticket), Participants(emails=emails):
            known = case.with_(public_reply=bool(emails))
            return Decision(known, effects=(SetTicketForm(ticket=ticket, form=policy.request.portal.form),))
        case SetTicketForm(form=form), _:
            known = case.with_(is_form_set=True)
            note = Note(TICKETS, f"set the form of ticket {case.ticket} to {form}")
            return Decision(known, (note,), (*outputs.show_card(known), *_ticket_step(known, policy)))
        case NoteOnTicket(), _:
            return _passed_on(case.with_(job=DONE), policy, now)
    return Decision(case)


def _with_template(case: RequestCase, template: str, policy: Policy, now: datetime) -> Decision[RequestCase]:
    complete = _put_together(case, template, policy)
    topic, trouble = f"template:{policy.request.project(case.kind)}:{case.kind}", complete.template_trouble
    alert = alert_admins(policy, trouble, now, topic) if trouble else ()
    return Decision(complete, effects=(_open_issue(complete, policy), *alert))


def _opened(case: RequestCase, issue: Issue, policy: Policy, now: datetime) -> Decision[RequestCase]:
    opened = case.with_(
        state=RequestState.OPEN,
        issue=IssueLink.of(issue),
        job=DONE,
    )
    opened, ship = outputs.with_ship_day(opened, policy, now)
    timers = (*ship, *outputs.look_later(opened, policy, now), CancelTimer(outputs.RETRY))
    return Decision(opened, (Note(TRACKER, f"opened {issue.url}"),), outputs.refresh(opened), timers)


def _drafted(case: RequestCase, found: MergeRequest, policy: Policy, now: datetime) -> Decision[RequestCase]:
    link = IssueLink(project=found.project, number=found.number, title=found.title, url=found.url)
    drafted = case.with_(state=RequestState.OPEN, merge_request=link, job=DONE)
    timers = (*outputs.look_later(drafted, policy, now), CancelTimer(outputs.RETRY))
    return Decision(drafted, (Note(TRACKER, f"opened {found.url}"),), outputs.refresh(drafted), timers)


def posted(case: RequestCase, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """The question stands in the channel."""
    if case.state != RequestState.SENDING:
        return Decision(case)
    asked = case.with_(state=RequestState.OPEN, job=DONE)
    due = business_time.due(now, policy.request.question.remind_after, policy.calendars)
    timers = (SetTimer(outputs.QUESTION_REMINDER, due), CancelTimer(outputs.RETRY))
    return Decision(asked, (Note("desk", f"posted it in {policy.request.channel}"),), outputs.show_card(asked), timers)


def _passed_on(case: RequestCase, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """The ticket is with Support Operations; nothing is followed any more."""
    passed, timers = outputs.ended(case, case.owner or "", Result.PASSED_ON, policy, now)
    return Decision(passed, (Note(TICKETS, "noted it on the ticket"),), outputs.refresh(passed), timers)


def delayed(case: RequestCase, sentence: str) -> Decision[RequestCase]:
    """The first try of a step failed: the card says so while it is tried again."""
    waiting = case.with_(job=PENDING.model_copy(update={"trouble": sentence}))
    return Decision(waiting, effects=outputs.show_card(waiting))


def not_executed(case: RequestCase, event: EffectFailed, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """A step was given up."""
    is_ours = event.failure in {Failure.NOT_FOUND, Failure.REFUSED}
    match event.effect:
        case ReadTemplate(name=name) if event.failure not in {Failure.GAVE_UP, Failure.NOT_CONNECTED}:
            without = case.with_(template_trouble=texts.no_template(name, event.sentence))
            return _with_template(without, "", policy, now)
        case DraftMergeRequest() if is_ours:
            return _returned(case, event.sentence, policy, now)
        case ReadParticipants() if event.failure is Failure.NOT_FOUND:
            name = case.ticket.label if case.ticket else ""
            return _returned(case, f"There is no ticket {name}.", policy, now)
        case SetTicketForm(form=form) if event.failure is Failure.NOT_FOUND:
            return _stuck(case, event, texts.no_ticket_form(case, form), policy, now)
        case NoteOnTicket():
            sentence = f"The form is set, but the note is not written: {event.sentence}"
            passed = _passed_on(case.with_(job=failed(sentence)), policy, now)
            return passed.and_(effects=outputs.tell(case, what="not_sent"))
    return _stuck(case, event, texts.job_trouble(case, event, policy), policy, now)


def not_posted(case: RequestCase, event: EffectFailed, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """The channel does not take the question: its owner is told how to mend it, and it is tried again."""
    if isinstance(event.effect, ShowCard) and channels.is_slack_away(event):
        return channels.keep_trying(case, event.effect, event)
    place, first = policy.request.channel, case.attempts == 0
    stuck = case.with_(job=failed(channels.trouble(place, event)), attempts=case.attempts + 1)
    told = outputs.tell(stuck, what="not_sent") if first else ()
    timers = (SetTimer(outputs.RETRY, channels.next_try(stuck, policy, now).due_at),)
    shut = channels.shut(stuck, place, event, policy, now)
    return Decision(stuck, shut.notes, (*outputs.show_card(stuck), *told, *shut.effects), timers)


def _returned(case: RequestCase, sentence: str, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Return the request as a draft, with everything that was typed: it cannot be done like this."""
    draft = case.with_(state=RequestState.DRAFT, returned=sentence, job=failed(sentence))
    effects = (*outputs.show_card(draft), *outputs.tell(draft, what="returned"))
    return Decision(draft, (Note("desk", f"gave it back: {sentence}"),), effects, (outputs.draft_timer(now, policy),))


def _stuck(
    case: RequestCase, event: EffectFailed, sentence: str, policy: Policy, now: datetime
) -> Decision[RequestCase]:
    stuck = case.with_(job=failed(sentence), attempts=case.attempts + 1)
    may_pass = event.failure in {Failure.GAVE_UP, Failure.MISCONFIGURED}
    timers = (SetTimer(outputs.RETRY, now + policy.request.retry_every.length),) if may_pass else ()
    is_setup = event.failure is not Failure.GAVE_UP
    alert = alert_admins(policy, sentence, now, f"request:{event.effect.lane}") if is_setup else ()
    told = outputs.tell(stuck, what="not_sent") if case.attempts == 0 else ()
    effects = (*outputs.show_card(stuck), *told, *alert)
    return Decision(stuck, (Note("desk", f"could not send it: {event.sentence}"),), effects, timers)
