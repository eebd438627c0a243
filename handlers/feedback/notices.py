"""Messages about feedback that ring once and stay as they are: reminders and news for the submitter."""

from typing import Any

from handlers.feedback.cards import QUOTE_LIMIT, named, typed
from handlers.feedback.ids import Button
from handlers.kit.blocks import actions, button, section
from handlers.kit.tickets import ticket_link
from workflows.contract.slack_port import Message
from workflows.feedback import outputs
from workflows.feedback.model import FeedbackCase, FeedbackState
from workflows.lib.lateness import late
from workflows.lib.markup import escape, slack_date
from workflows.policy.model import Policy


def acknowledge_reminder(case: FeedbackCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """For the product team, in the thread of the card."""
    span = policy.feedback.acknowledge_within.words
    late_words = late(case.reminders_late.get(outputs.ACKNOWLEDGE_REMINDER, 0))
    text = f":alarm_clock: {case.id} has waited {span} for somebody to acknowledge it.{late_words}"
    if case.acknowledged:
        done = f"{text}\n:eyes: <@{case.acknowledged.by}> has, {slack_date(case.acknowledged.at, policy.zone)}."
        return Message(done, [section(done)])
    buttons = [button("Acknowledge", Button.ACKNOWLEDGE, case.id, "primary"), button("Not ours", Button.MOVE, case.id)]
    return Message(text, [section(text), *actions(buttons if case.state == FeedbackState.OPEN else [])])


def tell_customer_reminder(case: FeedbackCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """For the submitter."""
    text = (
        f":alarm_clock: Have you told the customer of ticket {ticket_link(case, policy)} that their feedback was "
        f"taken up ({case.id})?{late(case.reminders_late.get(outputs.TELL_CUSTOMER_REMINDER, 0))}"
    )
    if case.customer_told:
        done = f"{text}\n:white_check_mark: Yes, {slack_date(case.customer_told.at, policy.zone)}."
        return Message(done, [section(done)])
    return Message(
        text, [section(text), *actions([button("Told the customer", Button.CUSTOMER_TOLD, case.id, "primary")])]
    )


def words_notice(case: FeedbackCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """What the customer said, for one of ours who read the card in a channel that is shared."""
    opening = f":speech_balloon: {case.id}: what the customer of ticket {ticket_link(case, policy)} said"
    said = [typed(text, QUOTE_LIMIT // 2 if case.more else QUOTE_LIMIT) for text in (case.text, *case.more[-3:])]
    return Message(opening, [section(opening), *(section(text) for text in said)])


def acknowledged_notice(case: FeedbackCase, policy: Policy, details: dict[str, Any]) -> Message:
    """Somebody has seen it."""
    return Message(f":eyes: <@{details['by']}> acknowledged {case.id} (ticket {ticket_link(case, policy)}).")


def linked_notice(case: FeedbackCase, policy: Policy, details: dict[str, Any]) -> Message:
    """Somebody named its issue: worth telling the customer."""
    issue = f"<{details['url']}|{escape(details['title'])}>"
    return Message(f":link: <@{details['by']}> linked {case.id} (ticket {ticket_link(case, policy)}) to {issue}.")


def moved_notice(case: FeedbackCase, policy: Policy, details: dict[str, Any]) -> Message:
    """Tell the submitter that their feedback was moved to another area."""
    area = escape(details["area"])
    return Message(f":arrow_right: <@{details['by']}> moved {case.id} (ticket {ticket_link(case, policy)}) to {area}.")


def manager_took_notice(case: FeedbackCase, policy: Policy, details: dict[str, Any]) -> Message:
    """A manager is on it."""
    return Message(f":handshake: <@{details['by']}> takes it: {case.id}, ticket {ticket_link(case, policy)}.")


def manager_called_notice(case: FeedbackCase, policy: Policy, details: dict[str, Any]) -> Message:
    """Who called is told each time who was asked, and what comes next."""
    people = ", ".join(named(person) for person in details["people"])
    call = case.call
    when = (
        f" If nobody takes it, I call the next one {slack_date(call.next_at, policy.zone)}."
        if call and call.next_at
        else ""
    )
    return Message(f":telephone_receiver: I have called {people} privately about {case.id}.{when}")


def no_manager_notice(case: FeedbackCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """Nobody could be told: say so, and what to do."""
    trouble = escape(case.call.trouble) if case.call and case.call.trouble else "Nobody is on duty."
    guide = f"<{policy.feedback.harassment_url}|What to do>"
    again = f"\nI try again {slack_date(case.call.next_at, policy.zone)}." if case.call and case.call.next_at else ""
    return Message(
        f":warning: I found no manager to tell about {case.id}. {trouble} Please write to one yourself. {guide}{again}"
    )


def tag_failed_notice(case: FeedbackCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """A person has to tag the ticket."""
    trouble = escape(case.tag.trouble or "")
    text = f":warning: Ticket {ticket_link(case, policy)} is not tagged ({case.id}). {trouble}"
    buttons = [
        button("Retry tagging", Button.RETRY_TAG, case.id),
        button("Correct the ticket", Button.CORRECT_TICKET, case.id),
    ]
    return Message(text, [section(text), *actions(buttons)])


def issue_failed_notice(case: FeedbackCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """A person has to see to the issue."""
    trouble = escape(case.issue_job.trouble or "")
    text = f":warning: The issue for {case.id} (ticket {ticket_link(case, policy)}) is not written. {trouble}"
    buttons = [button("Retry the issue", Button.RETRY_ISSUE, case.id), button("Link issue", Button.LINK, case.id)]
    return Message(text, [section(text), *actions(buttons)])


def channel_notice(case: FeedbackCase, _policy: Policy, details: dict[str, Any]) -> Message:
    """The card is not where it belongs."""
    elsewhere = f" I posted it in {details['elsewhere']} meanwhile." if details["elsewhere"] else ""
    text = f":warning: {case.id}: {escape(case.channel_trouble or 'I could not post it.')}{elsewhere}"
    return Message(text, [section(text), *actions([button("Post it again", Button.RETRY_CARD, case.id)])])
