"""The effects and timers that several rules need, each by a name that says what a person sees of it."""

from collections.abc import Sequence
from datetime import datetime

from workflows.contract.effect_base import Urgency
from workflows.contract.effects import Effect
from workflows.contract.issue_effects import CommentOnIssue, OpenIssue
from workflows.contract.message_effects import Place, Say, ShowCard, ShowView, dm
from workflows.contract.message_effects import channel as to_channel
from workflows.contract.process import MessageRef, SetTimer
from workflows.contract.ticket_effects import AddTag
from workflows.contract.values import IssueLink, Progress
from workflows.feedback import texts
from workflows.feedback.model import FeedbackCase, FeedbackState
from workflows.lib import business_time
from workflows.policy.feedback import WordsInIssues
from workflows.policy.model import Policy

ACKNOWLEDGE = "acknowledge"
TELL_CUSTOMER = "tell_customer"
DRAFT_EXPIRES = "draft_expires"

CARD = "card"
CONFIRMATION = "confirmation"
FORMER_CARD = "former_card"
CALL = "call"
ACKNOWLEDGE_REMINDER = "acknowledge_reminder"
TELL_CUSTOMER_REMINDER = "tell_customer_reminder"


def card_place(case: FeedbackCase, policy: Policy) -> Place:
    """Where the card stands; before that, the channel of its area, or the default one when it cannot go there.

    A card that stands somewhere stays there, also when the policy has changed: only people move it.
    """
    standing = case.messages.get(CARD)
    if standing is not None:
        return to_channel(standing.place)
    return to_channel(policy.feedback.channel_of(policy.feedback.default_area if case.meant_for else case.area))


def detach_card(case: FeedbackCase) -> tuple[FeedbackCase, tuple[Effect, ...]]:
    """The case without its card, for it to be posted elsewhere; what stands in the old channel will say so."""
    going = [case.messages[slot] for slot in (CARD, ACKNOWLEDGE_REMINDER) if slot in case.messages]
    staying = {slot: ref for slot, ref in case.messages.items() if slot not in {CARD, ACKNOWLEDGE_REMINDER}}
    return become_former(case.with_(messages=staying), going)


def become_former(case: FeedbackCase, going: Sequence[MessageRef]) -> tuple[FeedbackCase, tuple[Effect, ...]]:
    """The case, knowing these messages as ones that are no card any more; each will say so."""
    former = {f"{FORMER_CARD}:{number}": old for number, old in enumerate(going, start=case.former_places)}
    known = case.with_(messages={**case.messages, **former}, former_places=case.former_places + len(going))
    return known, tuple(ShowCard(slot=slot, to=to_channel(old.place)) for slot, old in former.items())


def show_card(case: FeedbackCase, policy: Policy) -> tuple[Effect, ...]:
    """Show the card in its channel, if this kind of feedback has one and some channel takes it."""
    nowhere = case.channel_trouble is not None and case.meant_for is None
    return () if nowhere or not case.has_card else (try_channel(case, policy),)


def try_channel(case: FeedbackCase, policy: Policy) -> Effect:
    """Show the card where it belongs, also where no channel took it so far."""
    return ShowCard(slot=CARD, to=card_place(case, policy))


def show_confirmation(case: FeedbackCase) -> Effect:
    """Show the submitter where their feedback stands, with the reply to copy."""
    return ShowCard(slot=CONFIRMATION, to=dm(case.submitter), urgency=Urgency.ANSWER)


def refresh(case: FeedbackCase, policy: Policy) -> tuple[Effect, ...]:
    """Show what changed wherever the case is shown: an open draft in its modal, else card and confirmation."""
    if case.state == FeedbackState.DRAFT:
        return show_draft(case)
    return (*show_card(case, policy), show_confirmation(case), *_reminders(case))


def remind_product_team(place: Place) -> Effect:
    """Remind the product team in the thread of the card."""
    return ShowCard(slot=ACKNOWLEDGE_REMINDER, to=place, thread_of=CARD)


def remind_submitter(case: FeedbackCase) -> Effect:
    """Remind the submitter to tell the customer."""
    return ShowCard(slot=TELL_CUSTOMER_REMINDER, to=dm(case.submitter))


def _reminders(case: FeedbackCase) -> tuple[Effect, ...]:
    """The reminders that were sent: their buttons have to agree with the card."""
    shown = case.messages.get(ACKNOWLEDGE_REMINDER)
    product = (remind_product_team(to_channel(shown.place)),) if shown else ()
    submitter = (remind_submitter(case),) if TELL_CUSTOMER_REMINDER in case.messages else ()
    return (*product, *submitter)


def show_draft(case: FeedbackCase) -> tuple[Effect, ...]:
    """Show the draft in the modal that is open for it."""
    return (ShowView(view="draft", view_id=case.view_id),) if case.view_id else ()


def inform_submitter(case: FeedbackCase, what: str, **details: str) -> Effect:
    """Tell the submitter by DM, in the thread of nothing: a message that rings."""
    return Say(what=what, to=dm(case.submitter), details=details)


def tag_ticket(case: FeedbackCase, policy: Policy) -> tuple[Effect, ...]:
    """Tag the ticket as feedback, in all kinds."""
    return (AddTag(ticket=case.ticket, tag=policy.feedback.tag),) if case.ticket is not None else ()


def add_to_issue(case: FeedbackCase, issue: IssueLink, policy: Policy) -> Effect:
    """Write the feedback under an existing issue."""
    return CommentOnIssue(
        project=issue.project,
        number=issue.number,
        body=texts.issue_comment(case, policy),
        internal=policy.feedback.words_in_issues is WordsInIssues.CONFIDENTIAL,
    )


def open_issue(case: FeedbackCase, policy: Policy) -> Effect:
    """Open an issue for the feedback."""
    return OpenIssue(
        project=policy.feedback.issue_project,
        title=texts.issue_title(case, policy),
        description=texts.issue_comment(case, policy),
        confidential=policy.feedback.words_in_issues is WordsInIssues.CONFIDENTIAL,
    )


def issue_work(case: FeedbackCase, policy: Policy) -> tuple[Effect, ...]:
    """What the tracker still has to do for this case."""
    if case.issue_job.progress is not Progress.PENDING:
        return ()
    return (add_to_issue(case, case.issue, policy) if case.issue else open_issue(case, policy),)


def with_deadlines(case: FeedbackCase, policy: Policy, now: datetime) -> FeedbackCase:
    """The case, knowing when who is reminded: business days from now."""
    by = business_time.due(now, policy.feedback.acknowledge_within, policy.calendars) if case.has_card else None
    tell_customer_by = business_time.due(now, policy.feedback.tell_customer_within, policy.calendars)
    kept = {name: at for name, at in case.reminded_at.items() if name != ACKNOWLEDGE}
    return case.with_(acknowledge_by=by, tell_customer_by=case.tell_customer_by or tell_customer_by, reminded_at=kept)


def reminded(case: FeedbackCase, name: str, now: datetime) -> FeedbackCase:
    """The case, knowing when this reminder was sent: what is past is not promised any more."""
    return case.with_(reminded_at={**case.reminded_at, name: now})


def reminder_timers(case: FeedbackCase) -> tuple[SetTimer, ...]:
    """The reminders that are still wanted."""
    wanted = (
        (ACKNOWLEDGE, None if case.acknowledged else case.acknowledge_by),
        (TELL_CUSTOMER, None if case.customer_told else case.tell_customer_by),
    )
    return tuple(SetTimer(name, due_at) for name, due_at in wanted if due_at is not None)


def draft_timer(now: datetime, policy: Policy) -> SetTimer:
    """When a form that was not finished is forgotten."""
    return SetTimer(DRAFT_EXPIRES, business_time.due(now, policy.feedback.draft_kept_for, policy.calendars))
