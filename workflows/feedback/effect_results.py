"""What the outside answers: the ticket was read, the tag is set, a channel cannot be written to."""

from datetime import datetime

from workflows.contract import actors, channels
from workflows.contract.alerts import alert_admins
from workflows.contract.effects import Effect
from workflows.contract.events import Duty, EffectDelayed, EffectDropped, EffectFailed, EffectSucceeded, Failure
from workflows.contract.issue_effects import CommentOnIssue, FindIssues, OpenIssue
from workflows.contract.issue_port import Issue
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.process import Decision, MessageRef, Note, adopt
from workflows.contract.slack_port import Posted
from workflows.contract.ticket_effects import AddTag, CopyOnTicket, ReadTicket
from workflows.contract.ticket_ports import Ticket
from workflows.contract.values import DONE, IssueLink, failed
from workflows.feedback import managers, outputs, texts
from workflows.feedback.model import Check, FeedbackCase, FeedbackState
from workflows.policy.model import Policy


def decide(
    case: FeedbackCase, event: EffectSucceeded | EffectFailed | EffectDelayed, policy: Policy, now: datetime
) -> Decision[FeedbackCase]:
    """Handle an effect that was executed, given up, or has to wait."""
    match event:
        case EffectSucceeded():
            return _succeeded(case, event, policy, now)
        case EffectFailed():
            return _failed(case, event, policy, now)
        case EffectDelayed():
            return _delayed(case, event, policy, now)


def _succeeded(case: FeedbackCase, event: EffectSucceeded, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    match event.effect, event.result:
        case ReadTicket(ticket=case.ticket), Ticket() as ticket:
            return _checked(case, Check.CLOSED if ticket.status == "closed" else Check.FOUND)
        case FindIssues(words=words), tuple() as found if words == texts.search_words(case):
            links = tuple(IssueLink.of(issue) for issue in found if isinstance(issue, Issue))
            return _issues_known(case.with_(found=links))
        case AddTag(ticket=case.ticket, tag=tag), _:
            return _shown(case.with_(tag=DONE), Note(actors.TICKETS, f"tagged ticket {case.ticket} “{tag}”"), policy)
        case CommentOnIssue(), _ if case.issue is not None:
            return _shown(case.with_(issue_job=DONE), Note(actors.TRACKER, f"added it to {case.issue.url}"), policy)
        case OpenIssue(), Issue() as issue:
            opened = case.with_(issue=IssueLink.of(issue), issue_job=DONE)
            return _shown(opened, Note(actors.TRACKER, f"opened {issue.url}"), policy)
        case ShowCard(slot=outputs.CARD, to=to), _ if to.name != case.card_channel or _is_nowhere(case):
            return _card_stands(case, to.name, policy, now)
        case AskWhoIsOnDuty(purpose=purpose), Duty() as duty:
            return managers.on_duty(case, purpose, duty, policy)
        case CopyOnTicket(person=person), _:
            return managers.copied(case, person)
        case _:
            return Decision(case)


def _is_nowhere(case: FeedbackCase) -> bool:
    """Whether no channel took the card so far."""
    return case.channel_trouble is not None and case.meant_for is None


def _card_stands(case: FeedbackCase, place: str, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    """The card can be read; when no channel took it before, what the product team missed is said now."""
    stands = case.with_(card_channel=place)
    if not _is_nowhere(case):
        return Decision(stands, effects=(outputs.show_confirmation(stands),))
    mended = stands.with_(channel_trouble=None)
    is_late = case.acknowledge_by is not None and case.acknowledge_by <= now and not case.acknowledged
    reminder = (outputs.remind_product_team(outputs.card_place(mended, policy)),) if is_late else ()
    mended = outputs.reminded(mended, outputs.ACKNOWLEDGE, now) if is_late else mended
    shown = (outputs.show_confirmation(mended), *reminder)
    return channels.open_again(mended, place).and_(effects=(*outputs.show_card(mended, policy), *shown))


def _failed(case: FeedbackCase, event: EffectFailed, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    match event.effect:
        case ReadTicket(ticket=case.ticket):
            missing = event.failure is Failure.NOT_FOUND
            return _checked(case, Check.MISSING if missing else Check.NO_ANSWER)
        case FindIssues():
            return _issues_known(case.with_(found=(), search_failed=True))
        case AddTag(ticket=case.ticket):
            return _tag_failed(case, event, policy)
        case CommentOnIssue() | OpenIssue():
            return _issue_failed(case, event, policy)
        case AskWhoIsOnDuty(purpose=purpose):
            return managers.on_duty(case, purpose, managers.nobody(event.sentence), policy)
        case CopyOnTicket():
            return managers.not_copied(case, event.sentence)
        case Say() | ShowCard() as message:
            return _not_written(case, message, event, policy, now)
        case _:
            return Decision(case)


def _not_written(
    case: FeedbackCase, message: Say | ShowCard, event: EffectFailed, policy: Policy, now: datetime
) -> Decision[FeedbackCase]:
    if channels.is_slack_away(event):
        return channels.keep_trying(case, message, event)
    match message:
        case ShowCard(slot=outputs.CARD) as card:
            return _card_failed(case, card, event, policy, now)
        case ShowCard(slot=outputs.ACKNOWLEDGE_REMINDER) as reminder:
            return _reminder_failed(case, reminder, event, policy)
        case ShowCard(slot=slot, to=to) if slot.startswith(outputs.CALL) and to.user:
            return managers.unreachable(case, to.user, event.sentence, policy, now)
        case _:
            return Decision(case, (Note("desk", f"could not write to {message.to.name}: {event.sentence}"),))


def _delayed(case: FeedbackCase, event: EffectDelayed, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    """Somebody who looks at the modal is told that there is no answer yet; a faulty set-up goes to the admins."""
    alert = alert_admins(policy, event.sentence, now, event.effect.lane) if event.settings else ()
    match event.effect:
        case ReadTicket():
            return _checked(case, Check.NO_ANSWER).and_(effects=alert)
        case FindIssues():
            return _issues_known(case.with_(found=(), search_failed=True)).and_(effects=alert)
        case _:
            return Decision(case, effects=alert)


def _checked(case: FeedbackCase, check: Check) -> Decision[FeedbackCase]:
    return _draft_changed(case.with_(check=check))


def _draft_changed(case: FeedbackCase) -> Decision[FeedbackCase]:
    return Decision(case, effects=outputs.show_draft(case) if case.state == FeedbackState.DRAFT else ())


def _issues_known(case: FeedbackCase) -> Decision[FeedbackCase]:
    """Show what was found, unless the person is correcting the ticket in the same modal just now."""
    return Decision(case) if case.check is Check.MISSING else _draft_changed(case)


def _tag_failed(case: FeedbackCase, event: EffectFailed, policy: Policy) -> Decision[FeedbackCase]:
    trouble = texts.tag_trouble(case, event, policy)
    without = case.with_(tag=failed(trouble))
    notice = outputs.inform_submitter(case, "tag_failed_notice")
    return _shown(without, Note(actors.TICKETS, f"did not tag the ticket: {event.sentence}"), policy, notice)


def _issue_failed(case: FeedbackCase, event: EffectFailed, policy: Policy) -> Decision[FeedbackCase]:
    without = case.with_(issue_job=failed(texts.issue_trouble(event)))
    notice = outputs.inform_submitter(case, "issue_failed_notice")
    return _shown(without, Note(actors.TRACKER, f"did not take it: {event.sentence}"), policy, notice)


def _card_failed(
    case: FeedbackCase, card: ShowCard, event: EffectFailed, policy: Policy, now: datetime
) -> Decision[FeedbackCase]:
    """A channel cannot be written to: the default one takes the card, else it goes on by DM; the admins are told."""
    place = card.to.name
    if _is_nowhere(case):  # it was tried again
        return Decision(case)
    default = policy.feedback.areas[policy.feedback.default_area].channel
    elsewhere = case.meant_for is None and place != default
    stuck, _ = outputs.detach_card(case)  # nothing can be said where it stood
    stuck = stuck.with_(channel_trouble=channels.trouble(place, event), meant_for=place if elsewhere else None)
    notice = outputs.inform_submitter(case, "channel_notice", channel=place, elsewhere=default if elsewhere else "")
    cards = outputs.show_card(stuck, policy) if elsewhere else ()
    if cards and case.acknowledge_by is not None and case.acknowledge_by <= now and not case.acknowledged:
        cards = (*cards, outputs.remind_product_team(outputs.card_place(stuck, policy)))  # the old one is dropped
    decision = channels.shut(stuck, place, event, policy, now)
    return decision.and_(effects=(*cards, outputs.show_confirmation(stuck), notice))


def try_channel(case: FeedbackCase, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    """No channel took the card: try its own again. A card that stands in another one stays there: people move it."""
    if case.channel_trouble is None or case.meant_for is not None or case.state != FeedbackState.OPEN:
        return Decision(case)
    return Decision(case, effects=(outputs.try_channel(case, policy),), timers=(channels.next_try(case, policy, now),))


def _reminder_failed(
    case: FeedbackCase, reminder: ShowCard, event: EffectFailed, policy: Policy
) -> Decision[FeedbackCase]:
    """The channel cannot be written to any more: remind where the card stands now, if that is elsewhere."""
    note = Note("desk", f"could not remind in {reminder.to.name}: {event.sentence}")
    place = outputs.card_place(case, policy)
    wanted = case.state == FeedbackState.OPEN and not case.acknowledged and place != reminder.to
    return Decision(case, (note,), (outputs.remind_product_team(place),) if wanted else ())


def dropped(case: FeedbackCase, event: EffectDropped, policy: Policy) -> Decision[FeedbackCase]:
    """Nobody wanted it any more. A card that stands where it was moved away from says that it is none any more.

    Where no card stands, one is asked for: the channel it was meant for is another one now.
    """
    match event:
        case EffectDropped(ShowCard(slot=outputs.CARD | outputs.ACKNOWLEDGE_REMINDER, to=to), Posted(channel, ts)):
            former, effects = outputs.become_former(case, [MessageRef(place=to.name, channel=channel, ts=ts)])
            return Decision(former, effects=(*effects, *outputs.show_card(former, policy)))
        case EffectDropped(ShowCard(slot=outputs.CARD)) if outputs.CARD not in case.messages:
            return Decision(case, effects=outputs.show_card(case, policy))
        case _:
            return adopt(case, event)


def _shown(case: FeedbackCase, note: Note, policy: Policy, *more: Effect) -> Decision[FeedbackCase]:
    return Decision(case, (note,), (*outputs.refresh(case, policy), *more))
