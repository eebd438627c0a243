"""What the outside answers: who is on duty, what the ticket is, a channel or a person that cannot be written to."""

from datetime import datetime, timedelta

from workflows.contact import assignment, briefing, exporting, issue, outputs
from workflows.contact.model import ContactCase, ContactState, NoticeKind, TicketCheck
from workflows.contract import channels
from workflows.contract.account_effects import MakeSchedulingLink
from workflows.contract.account_port import SchedulingLink
from workflows.contract.alerts import alert_admins
from workflows.contract.effect_base import Urgency
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
from workflows.contract.file_effects import UploadFile
from workflows.contract.issue_effects import CloseIssue, CommentOnIssue, FindTitledIssue, LabelIssue, OpenIssue
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.process import Decision, Note, adopt
from workflows.contract.ticket_effects import AssignTicket, ReadTicket
from workflows.contract.ticket_ports import Ticket
from workflows.policy.model import Policy

AT_ONCE = timedelta(minutes=1)
"""A card that stands this soon was there from the beginning."""


def decide(
    case: ContactCase,
    event: EffectSucceeded | EffectFailed | EffectDelayed | EffectDropped,
    policy: Policy,
    now: datetime,
) -> Decision[ContactCase]:
    """Handle an effect that was executed, given up, dropped, or has to wait."""
    match event:
        case EffectSucceeded():
            return _succeeded(case, event, policy, now)
        case EffectFailed():
            return _failed(case, event, policy, now)
        case EffectDelayed():
            return _delayed(case, event, policy, now)
        case EffectDropped(effect=effect):
            held = Note("desk", f"held back {_name(effect)} that was on its way: {case.state}")
            return adopt(case, event).and_(notes=() if event.stands else (held,))


def _name(effect: Effect) -> str:
    match effect:
        case Say(to=to) | ShowCard(to=to):
            return f"a message to {f'<@{to.user}>' if to.user else to.name}"
        case _:
            return "a question"


def _succeeded(case: ContactCase, event: EffectSucceeded, policy: Policy, now: datetime) -> Decision[ContactCase]:
    match event.effect, event.result:
        case AskWhoIsOnDuty(purpose=purpose), Duty() as duty:
            return assignment.answered(case, purpose, duty, policy, now)
        case ReadTicket(ticket=case.ticket), Ticket() as ticket:
            return _checked(case, _check_of(ticket), policy)
        case (AssignTicket() | Say(what=briefing.BRIEFING)) as effect, _:
            return briefing.succeeded(case, effect, policy)
        case ShowCard(slot=outputs.CARD), _:
            return _card_stands(case, policy, now)
        case MakeSchedulingLink(person=person), SchedulingLink(url=url):
            return Decision(case.with_(booking_links={**case.booking_links, person: url}))
        case (FindTitledIssue() | OpenIssue() | CommentOnIssue() | LabelIssue() | CloseIssue()) as step, result:
            return issue.step_succeeded(case, step, result, policy)
        case _:
            return Decision(case)


def _failed(case: ContactCase, event: EffectFailed, policy: Policy, now: datetime) -> Decision[ContactCase]:
    match event.effect:
        case AskWhoIsOnDuty(purpose=purpose):
            nobody = Duty((), DutySource.NOBODY, event.sentence)
            return assignment.answered(case, purpose, nobody, policy, now)
        case ReadTicket(ticket=case.ticket):
            if event.failure is not Failure.NOT_FOUND:
                return _checked(case, TicketCheck.NO_ANSWER, policy)
            alert = outputs.inform(case.requesters, "wrong_ticket_notice", but="")
            return _checked(case, TicketCheck.MISSING, policy).and_(effects=alert)
        case FindTitledIssue() | OpenIssue() | CommentOnIssue() | LabelIssue() | CloseIssue():
            return issue.step_failed(case, event, policy)
        case Say() | ShowCard() as message if message.to.channel and channels.is_slack_away(event):
            return channels.keep_trying(case, message, event)
        case UploadFile() | AssignTicket() | Say(what=briefing.BRIEFING):
            return _not_done(case, event, policy)
        case ShowCard(slot=outputs.CARD):
            return _channel_failed(case, event, policy, now)
        case ShowCard(to=to) if to.user:
            return assignment.unreachable(case, to.user, event.sentence, policy, now)
        case Say() as say:
            return _not_said(case, say, event, policy, now)
        case _:
            return Decision(case)


def _not_done(case: ContactCase, event: EffectFailed, policy: Policy) -> Decision[ContactCase]:
    """Who wanted it is told."""
    if isinstance(event.effect, UploadFile):
        return exporting.not_sent(case, event.effect, event)
    return briefing.not_done(case, event, policy)


def _delayed(case: ContactCase, event: EffectDelayed, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """Nobody waits for a vendor: the card is shown while it is looked up who is on duty."""
    alert = alert_admins(policy, event.sentence, now, event.effect.lane) if event.settings else ()
    match event.effect:
        case AskWhoIsOnDuty(purpose=outputs.OWNER):
            return Decision(case, effects=(outputs.show_card(policy), *alert))
        case _:
            return Decision(case, effects=alert)


def _card_stands(case: ContactCase, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """The card can be read. The hour in which somebody claims it counts from then, not from before it stood there."""
    mended = case.with_(channel_trouble=None, card_at=case.card_at or now)
    if case.channel_trouble is not None:
        shown = channels.open_again(mended, policy.contact.channel).and_(effects=outputs.refresh(mended, policy))
    else:
        shown = Decision(mended)
    is_late = case.card_at is None and now - case.opened_at >= AT_ONCE
    if not is_late or case.state != ContactState.OPEN or case.overdue_since is not None:
        return shown
    timer = outputs.unclaimed_timer(now, mended, policy)
    return shown.and_(effects=() if shown.effects else outputs.refresh(mended, policy), timers=(timer,))


def _check_of(ticket: Ticket) -> TicketCheck:
    return {"closed": TicketCheck.CLOSED, "solved": TicketCheck.SOLVED}.get(ticket.status, TicketCheck.FOUND)


def _checked(case: ContactCase, check: TicketCheck, policy: Policy) -> Decision[ContactCase]:
    """The card follows, where it stands already and what was found is worth saying."""
    checked = case.with_(check=check)
    if outputs.CARD not in case.messages or check == case.check:
        return Decision(checked)
    return Decision(checked, effects=outputs.refresh(checked, policy))


def _channel_failed(case: ContactCase, event: EffectFailed, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """The channel cannot be written to: it goes on by DM, who asked is told how to mend it, the admins once."""
    trouble = channels.trouble(policy.contact.channel, event)
    if case.channel_trouble == trouble:
        return Decision(case)
    stuck = case.with_(channel_trouble=trouble)
    updates = outputs.inform(case.requesters, "channel_notice", but="")
    shown = tuple(effect for effect in outputs.refresh(stuck, policy) if effect != outputs.show_card(policy))
    stuck, asked = _ask_members(stuck) if stuck.assignee is None and not stuck.is_over else (stuck, ())
    decision = channels.shut(stuck, policy.contact.channel, event, policy, now)
    return decision.and_(effects=(*shown, *asked, *updates))


def try_channel(case: ContactCase, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """The channel could not be written to: try it again, while anybody waits for the card."""
    if case.channel_trouble is None or case.is_over:
        return Decision(case)
    return Decision(case, effects=(outputs.show_card(policy),), timers=(channels.next_try(case, policy, now),))


def _ask_members(case: ContactCase) -> tuple[ContactCase, tuple[Effect, ...]]:
    """Nobody has it and no channel shows it: the members of the fallback group get it privately, with its buttons."""
    effects: tuple[Effect, ...] = ()
    for member in case.fallback_members[: outputs.MOST_NOTIFIED]:
        case, dm = outputs.notify(case, NoticeKind.STAND_IN, member)
        effects += dm
    return case, effects


def _not_said(case: ContactCase, say: Say, event: EffectFailed, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """What was meant for the thread is said elsewhere: in the thread of a new card, or by DM."""
    note = Note("desk", f"could not write to {say.to.name}: {event.sentence}")
    if say.to.channel is None or say.thread_of != outputs.CARD or case.is_over:
        return Decision(case, (note,))
    if event.failure is Failure.NOT_FOUND and not say.details.get("again"):
        details = {**say.details, "again": True}
        again = say.model_copy(update={"details": details, "urgency": Urgency.NORMAL})  # after the card
        return Decision(case, (note,), (outputs.show_card(policy), again))
    stuck = _channel_failed(case, event, policy, now)
    details = {key: value for key, value in say.details.items() if key not in {"people", "group"}}
    people = say.details.get("people") or ()
    return stuck.and_(notes=(note,), effects=outputs.in_thread(stuck.case, policy, say.what, people, **details))
