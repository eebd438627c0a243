"""The sentences of manager contact: what people read that is not a layout."""

import re

from workflows.contact.model import ContactCase, ContactState, Source
from workflows.contract.events import EffectFailed, Failure
from workflows.contract.values import Stamp
from workflows.lib.markup import defuse_handles, escape, quoted_as_code, slack_date
from workflows.lib.templates import fill
from workflows.policy.contact import DRAFT_GAPS
from workflows.policy.model import Policy
from workflows.policy.review import Tone

SOURCES = {
    Source.TICKETS: "the ticket system",
    Source.TRACKER: "the issue tracker",
    Source.INTEGRATION: "a message of an integration",
    Source.MESSAGE: "a message",
    Source.COMMAND: "`/manager-contact`",
    Source.REVIEW: "a satisfaction review",
}
LEFT_OPEN = {
    "name": "[Your name]",
    "ticket": "[The number of the ticket]",
    "ticket_url": "[The link to the ticket, as the customer opens it]",
    "words": "[What the customer told us, in your own words]",
    "scheduling_url": "[The link to the page where the customer can book a call with you]",
}
"""What stands in the draft where the desk does not know what belongs there: a sentence for the person, no brace."""
_INSTRUCTION = re.compile(r"\[[^\[\]]+\](?!\()")
"""A sentence in brackets, which tells the person what to write; a Markdown link is none."""


def ticket_name(case: ContactCase) -> str:
    """The ticket, in a sentence."""
    return f"ticket {case.ticket}" if case.ticket is not None else "a ticket nobody has named yet"


def issue_titles(case: ContactCase, policy: Policy) -> tuple[str, ...]:
    """The exact titles the ticket's feedback issue may have: the first is that of its tone, and of one to be opened."""
    own = policy.contact.issue_title
    by_tone = policy.review.issue_titles
    first = own if case.tone in {None, Tone.BAD} else by_tone[case.tone]
    titles = (first, own, *(by_tone[tone] for tone in (Tone.BAD, Tone.NEUTRAL, Tone.GOOD)))
    return tuple(dict.fromkeys(fill(title, {"ticket": str(case.ticket)}) for title in titles))


def issue_description(case: ContactCase, policy: Policy) -> str:
    """What an issue that is opened says: the link that only staff can open, and what the desk knows of it."""
    where = policy.tickets.agent_url(case.ticket) if case.ticket else None
    return (
        f"Manager contact was requested for {where or ticket_name(case)} ({case.id}).\n\n"
        f"The request came from {SOURCES[case.origins[0].source].replace('`', '')}."
    )


def contact_comment(case: ContactCase, how: str, text: str) -> str:
    """The text of what was sent, as a comment on the feedback issue."""
    sent = quoted_as_code(text)  # it may quote the customer
    return f"A manager contacted the customer ({how}), {case.id}. What was sent:\n\n{sent}"


def action_comment(case: ContactCase, text: str) -> str:
    """A later action, as a comment on the feedback issue."""
    quoted = "\n".join(f"> {line}" for line in defuse_handles(text).splitlines())
    return f"A further action after the contact ({case.id}):\n\n{quoted}"


def draft(case: ContactCase, policy: Policy, *, name: str, words: str, scheduling_url: str | None) -> str:
    """The message to the customer that is offered; what is not known is a sentence in brackets, to be filled."""
    values = {
        "name": name,
        "role": policy.contact.role,
        "company": policy.company.name,
        "words": words,
        "scheduling_url": scheduling_url or "",
    }
    values = {gap: value for gap, value in values.items() if value}
    if case.ticket is not None:
        url = policy.tickets.customer_url(case.ticket)
        values |= {"ticket": str(case.ticket.number), **({"ticket_url": url} if url else {})}
    return fill(policy.contact.draft, LEFT_OPEN | values)


def unfilled(text: str, policy: Policy) -> tuple[str, ...]:
    """What a text that "was sent" still holds of the draft's gaps: nobody sends a customer those."""
    gaps = (*LEFT_OPEN.values(), *_INSTRUCTION.findall(policy.contact.draft), *(f"{{{gap}}}" for gap in DRAFT_GAPS))
    plain = _one_line(text)
    return tuple(gap for gap in dict.fromkeys(map(_one_line, gaps)) if gap in plain)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def is_over_sentence(case: ContactCase, policy: Policy) -> str:
    """Why nothing can be done any more: who was first, and when."""
    zone = policy.zone
    if case.contacted is not None:
        when = slack_date(case.contacted.at, zone)
        return f"<@{case.contacted.by}> has contacted the customer of {case.id} already, {when}. Nothing was changed."
    if case.cancelled is not None:
        when = slack_date(case.cancelled.at, zone)
        return f"<@{case.cancelled.by}> cancelled {case.id} {when}. Nothing was changed."
    if case.merged_into is not None:
        return f"{case.id} was added to {case.merged_into}. Nothing was changed."
    return f"{case.id} is closed. Nothing was changed."


def claimed_sentence(case: ContactCase, act: Stamp, by: str, policy: Policy) -> str:
    """Who was first, and when."""
    when = slack_date(act.at, policy.zone)
    if act.by == by:
        return f"You have {case.id} already, since {when}."
    return f"<@{act.by}> has {case.id} already, since {when}. *Reassign* hands it on."


def opened_sentence(case: ContactCase, policy: Policy) -> str:
    """For who asked: it is saved, where it stands, and when contact is due."""
    due = f" Contact is due {slack_date(case.due_at, policy.zone)} ({escape(case.due_why)})." if case.due_at else ""
    return (
        f":white_check_mark: *{case.id}* is open for {ticket_name(case)}; its card is in {policy.contact.channel}."
        f"{due} I am looking up who is on duty. `/manager-contact why {case.id}` shows how it goes on."
    )


def noted_sentence(case: ContactCase, policy: Policy) -> str:
    """For who asked a second time: it is one request, and where it stands."""
    who = f"<@{case.assignee}> has it" if case.assignee else "Nobody has it yet"
    due = f", and contact is due {slack_date(case.due_at, policy.zone)}" if case.due_at else ""
    return (
        f":information_source: {who}: {case.id} is open for {ticket_name(case)} already{due}. I added what you wrote."
    )


def next_step(case: ContactCase, policy: Policy) -> str:
    """What happens next, in a sentence."""
    zone, every = policy.zone, policy.contact.remind_overdue_every.words
    match case.state:
        case ContactState.CONTACTED | ContactState.CANCELLED:
            return ""
        case _ if case.overdue_since is not None:
            reminder = case.next_reminder
            when = f" Next reminder {slack_date(reminder, zone)}, then" if reminder else " I remind"
            return f"*Next:* contact the customer now.{when} every {every} until that is done."
        case ContactState.CLAIMED:
            reminder = case.next_reminder
            when = f" Next reminder {slack_date(reminder, zone)}." if reminder else ""
            return f"*Next:* <@{case.assignee}> contacts the customer, then presses *Contacted*.{when}"
        case _ if case.asks_again_at is None:
            return "*Next:* somebody claims it."
        case _:
            return f"*Next:* somebody claims it; else I ask here {slack_date(case.asks_again_at, zone)}."


def unreachable_sentence(person: str, sentence: str) -> str:
    """Somebody cannot be written to."""
    return f"I cannot write to {named(person)}: {sentence}"


def named(person: str) -> str:
    """Somebody, by Slack id or, as the policy may name them, by e-mail address."""
    return person if "@" in person else f"<@{person}>"


def issue_trouble(event: EffectFailed, policy: Policy) -> str:
    """Why the feedback issue does not have it, and what to do by hand."""
    by_hand = (
        "Please do it by hand: add what you sent as a comment to the feedback issue, set the label "
        f"“{policy.contact.contacted_label}”, and close it."
    )
    if event.failure is Failure.NOT_CONNECTED:
        return f"The issue tracker is not connected here. {by_hand}"
    return f"{event.sentence} {by_hand}"
