"""Messages about a request that ring: private ones, whose buttons agree with the card, and words in its thread."""

from collections.abc import Iterable
from typing import Any

from handlers.contact import cards
from handlers.contact.ids import Button
from handlers.kit.blocks import actions, button, section
from workflows.contact import texts
from workflows.contact.model import UNANSWERED, ContactCase, ContactState, Doubt, Notice, NoticeKind, words
from workflows.contract.slack_port import Message
from workflows.contract.values import Progress
from workflows.lib.lateness import late
from workflows.lib.markup import escape, plain, slack_date
from workflows.policy.model import Policy

Details = dict[str, Any]

WHICH_TICKET = "Which ticket is it? Reply here with its number, or edit your message."


def private(case: ContactCase, policy: Policy, details: Details) -> Message:
    """A private message about the request: why it is sent, the request as it is now, and its buttons."""
    notice = case.notices[details["slot"]]
    opening = _opening(case, notice, policy)
    blocks = [section(opening), *cards.body(case, policy), *cards.said(case), *actions(cards.buttons(case))]
    return Message(plain(f"{opening}\n{cards.headline(case, policy)}"), blocks)


def _opening(case: ContactCase, notice: Notice, policy: Policy) -> str:
    due = slack_date(case.due_at, policy.zone) if case.due_at else "soon"
    if case.contacted is not None:
        return ":white_check_mark: Done: nothing more has to be done here."
    if case.cancelled is not None:
        return ":no_entry_sign: Cancelled: nothing has to be done here."
    if _is_somebody_elses(case, notice):
        return f":arrow_right: <@{case.assignee}> has this now."
    return _why(case, notice, due) + late(notice.late_minutes)


def _is_somebody_elses(case: ContactCase, notice: Notice) -> bool:
    """Whether who was asked need not see to it any more, because somebody else has it."""
    match notice.kind:
        case NoticeKind.LEAD:
            return False
        case NoticeKind.STAND_IN:
            return case.claimed is not None and case.claimed.by != notice.to
        case _:
            return case.assignee is not None and notice.to not in {case.assignee, case.owner}


def _why(case: ContactCase, notice: Notice, due: str) -> str:
    match notice.kind:
        case NoticeKind.ASSIGNED:
            return f":wave: A customer wants to hear from a manager, and this one is yours. Contact is due {due}."
        case NoticeKind.STAND_IN:
            owner = f"<@{case.owner}>" if case.owner else "who owns this"
            return f":sos: I cannot write to {owner}. Please claim this or hand it on. Contact is due {due}."
        case NoticeKind.REMINDER:
            return f":alarm_clock: {notice.percent} % of the time have passed. Contact is due {due}."
        case NoticeKind.SNOOZED:
            who = f"<@{notice.snoozed_by}>" if notice.snoozed_by and notice.snoozed_by != notice.to else "You"
            return f":alarm_clock: {who} snoozed this. Contact is due {due}."
        case NoticeKind.OVERDUE:
            return f":rotating_light: This customer should have been contacted by {due}. Please do it now."
        case NoticeKind.LEAD:
            who = f"<@{case.assignee}> has it" if case.assignee else "Nobody has it"
            return f":rotating_light: A customer was not contacted in time (due {due}). {who}."


# ---------------------------------------------------------------------------------- in the card's thread


def assigned_notice(_case: ContactCase, _policy: Policy, details: Details) -> Message:
    """Somebody owns it who was not named when the card was posted."""
    return Message(f"{_people(details)} This is yours now: please claim it.")


def nobody_notice(case: ContactCase, policy: Policy, details: Details) -> Message:
    """Nobody is on duty."""
    why = escape(case.owner_trouble or "Nobody is on duty.")
    return Message(f"{_people(details, cards.fallback(case, policy))} {why} {case.id} needs somebody to claim it.")


def unclaimed_notice(case: ContactCase, policy: Policy, details: Details) -> Message:
    """Nobody has claimed it."""
    span, due = policy.contact.unclaimed_after.words, _due(case, policy)
    who = _people(details, cards.fallback(case, policy))
    late_words = late(int(details.get("late_minutes") or 0))
    return Message(f"{who} Nobody has claimed {case.id} in {span}. Contact is due {due}.{late_words}")


def overdue_notice(case: ContactCase, policy: Policy, details: Details) -> Message:
    """The time is over: the backup is asked to see that it is done."""
    who = _people(details)
    if not details.get("backup"):
        who = f"{who} {cards.fallback(case, policy)}".strip()
    late_words = late(case.overdue_late_minutes)
    return Message(f":rotating_light: {who} {case.id} is overdue since {_due(case, policy)}.{late_words}")


def reminder_notice(case: ContactCase, policy: Policy, details: Details) -> Message:
    """A reminder that can reach nobody privately."""
    who = f"{_people(details)} {cards.fallback(case, policy)}".strip()
    late_words = late(int(details.get("late_minutes") or 0))
    return Message(f":alarm_clock: {who} {case.id} waits. Contact is due {_due(case, policy)}.{late_words}")


def unreachable_notice(case: ContactCase, policy: Policy, details: Details) -> Message:
    """Somebody who should have been told cannot be: a stand-in is asked."""
    who = _people(details, cards.fallback(case, policy))
    lost = texts.named(str(details["lost"]))
    return Message(f":sos: {who} I cannot write to {lost} about {case.id}. Please see to it.")


def taken_up_notice(case: ContactCase, policy: Policy, _details: Details) -> Message:
    """For who wrote the message it was read from, in its thread."""
    who = f"<@{case.assignee}>" if case.assignee else "nobody yet"
    which = "" if case.ticket else f"\n:question: {WHICH_TICKET}"
    return Message(
        f":white_check_mark: Taken up as {case.id} (owner: {who}). Contact is due {_due(case, policy)}.{which}"
    )


def named_notice(case: ContactCase, policy: Policy, _details: Details) -> Message:
    """The number that was missing is known now."""
    return Message(f":white_check_mark: {case.id} is about {cards.ticket_link(case, policy)}.")


def question(case: ContactCase, policy: Policy, _details: Details) -> Message:
    """What is asked in the thread of a message that may be a request, and what came of it."""
    is_request = button("Open a request", Button.IS_REQUEST, case.id, "primary")
    no_request = button("Not a request", Button.NOT_REQUEST, case.id)
    who = f"<@{case.settled.by}>" if case.settled and case.settled.by.isalnum() else "Nobody"
    match case.state:
        case ContactState.QUESTION if case.doubt is Doubt.TICKET:
            at = case.timers.get(UNANSWERED)
            after = f" I open a request without it {slack_date(at, policy.zone)}." if at else ""
            text, offered = f":question: {WHICH_TICKET}{after}", [is_request, no_request]
        case ContactState.QUESTION:
            link = cards.ticket_link(case, policy)
            text, offered = (
                f":question: Does the customer of {link} want to hear from a manager?",
                [
                    is_request,
                    no_request,
                ],
            )
        case ContactState.DISMISSED if case.merged_into:
            text, offered = f":white_check_mark: Added to {case.merged_into}, which is open for this ticket.", []
        case ContactState.DISMISSED:
            text, offered = f":no_entry_sign: {who} said that this is no request.", [is_request]
        case _ if case.ticket is None:
            text, offered = f":white_check_mark: This is {case.id} now. {WHICH_TICKET}", []
        case _:
            text, offered = f":white_check_mark: This is {case.id} now: {cards.ticket_link(case, policy)}.", []
    return Message(text, [section(text), *actions(offered)])


# ---------------------------------------------------------------------------------- news by DM


def contacted_notice(case: ContactCase, policy: Policy, _details: Details) -> Message:
    """For who asked: it is done."""
    by = f"<@{case.contacted.by}>" if case.contacted else "A manager"
    return Message(
        f":white_check_mark: {by} has contacted the customer of {cards.ticket_link(case, policy)} ({case.id})."
    )


def briefing(case: ContactCase, policy: Policy, _details: Details) -> Message:
    """For the engineer who goes on with the ticket: what it is about, what was sent, what to do next."""
    sent = case.contacted
    if sent is None:
        return Message(f"{case.id}: nobody has contacted the customer yet.")
    text = f":handshake: <@{sent.by}> asks you to go on with {cards.ticket_link(case, policy)} ({case.id})."
    parts = (
        ("What to do next", sent.briefing),
        ("What the customer said", "\n\n".join(words(case))),
        (f"What <@{sent.by}> sent", sent.text),
    )
    blocks = [section(f"*{title}*\n{cards.typed(said)}") for title, said in parts if said.strip()]
    return Message(text, [section(text), *blocks])


def brief_failed_notice(case: ContactCase, policy: Policy, _details: Details) -> Message:
    """Somebody has to brief the engineer themselves."""
    return _not_handed_on(case, case.brief_job.trouble, policy)


def assign_failed_notice(case: ContactCase, policy: Policy, _details: Details) -> Message:
    """Somebody has to assign the ticket by hand."""
    return _not_handed_on(case, case.assign_job.trouble, policy)


def _not_handed_on(case: ContactCase, trouble: str | None, policy: Policy) -> Message:
    who = f"<@{case.contacted.briefed}>" if case.contacted and case.contacted.briefed else "the engineer"
    return Message(
        f":warning: I could not hand {cards.ticket_link(case, policy)} ({case.id}) to {who}. {escape(trouble or '')}"
    )


def export_failed(_case: ContactCase, _policy: Policy, details: Details) -> Message:
    """The table that somebody waits for does not come."""
    return Message(f":warning: I could not send you the table. {escape(str(details['sentence']))}")


def wrong_ticket_notice(case: ContactCase, policy: Policy, _details: Details) -> Message:
    """For who asked: they know the right number."""
    link = cards.ticket_link(case, policy)
    return Message(
        f":warning: The ticket system knows no {link} ({case.id}). Please tell the right number: a manager can put it "
        f"right on the card in {escape(policy.contact.channel)}, and a reply in its thread will do, too."
    )


def cancelled_notice(case: ContactCase, policy: Policy, _details: Details) -> Message:
    """For who asked, and the owner: it will not be done, and why."""
    if case.cancelled is None:
        return Message(f"{case.id} was cancelled.")
    who, link = f"<@{case.cancelled.by}>", cards.ticket_link(case, policy)
    reason = cards.typed(case.cancelled.reason)
    return Message(f":no_entry_sign: {who} cancelled {case.id} ({link}):\n{reason}")


def issue_failed_notice(case: ContactCase, policy: Policy, _details: Details) -> Message:
    """Somebody has to see to the feedback issue."""
    trouble = escape(case.issue_job.trouble or "")
    text = f":warning: The feedback issue of {cards.ticket_link(case, policy)} ({case.id}) is not written. {trouble}"
    retry = [button("Retry the issue", Button.RETRY_ISSUE, case.id)]
    return Message(text, [section(text), *actions(retry if case.issue_job.progress is Progress.FAILED else [])])


def channel_notice(case: ContactCase, policy: Policy, _details: Details) -> Message:
    """For who asked: the card is not where it belongs, and it goes on all the same."""
    trouble = escape(case.channel_trouble or texts.next_step(case, policy))
    return Message(f":warning: {case.id}: {trouble} It goes on by direct message meanwhile.")


def _people(details: Details, otherwise: str = "") -> str:
    people: Iterable[str] = details.get("people") or ()
    return " ".join(f"<@{person}>" for person in people) or otherwise


def _due(case: ContactCase, policy: Policy) -> str:
    return slack_date(case.due_at, policy.zone) if case.due_at else "soon"
