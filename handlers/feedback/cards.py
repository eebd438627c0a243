"""What people see of a case of feedback in channels and DMs, rendered from the case as it is now."""

from typing import Any

from handlers.feedback.ids import Button
from handlers.kit.blocks import Block, Element, actions, button, context, link_button, section
from handlers.kit.tickets import ticket_label, ticket_link
from workflows.contract.slack_port import Message
from workflows.contract.values import Progress, VendorTask
from workflows.feedback import outputs, texts
from workflows.feedback.model import Check, FeedbackCase, FeedbackState, ManagerCall
from workflows.lib.markup import code_block, cut, escape, quote, safe, slack_date
from workflows.policy.feedback import Kind
from workflows.policy.model import Policy

QUOTE_LIMIT = 2400
ADDED_LIMIT = 1200
FALLBACK_LIMIT = 600
NOTE_LIMIT = 300


def typed(text: str, limit: int = QUOTE_LIMIT) -> str:
    """What somebody typed, as a quotation that mentions nobody and means nothing to Slack."""
    return quote(cut(safe(text), limit))


def card(case: FeedbackCase, policy: Policy, details: dict[str, Any]) -> Message:
    """The product card; where people of another organisation read it, without what the customer said."""
    if details.get("shared"):
        return _card_without_words(case, policy)
    text = f"{_headline(case, policy)} · ticket {case.ticket}: {cut(safe(case.text), FALLBACK_LIMIT)}"
    blocks = [*card_body(case, policy), *actions(_card_buttons(case))]
    return Message(f"{text}\n{_card_status(case, policy)}", blocks)


def _card_without_words(case: FeedbackCase, policy: Policy) -> Message:
    status = _card_status(case, policy)
    blocks = [
        section(f":speech_balloon: *{_headline(case, policy)}*"),
        context(":lock: Another organisation reads this channel, so what the customer said is left out here."),
        section("\n".join(_facts(case, policy, words=False))),
        context(status),
        *actions([*_card_buttons(case), button("Send me the words", Button.WORDS, case.id)]),
    ]
    return Message(f"{_headline(case, policy)} · ticket {case.ticket}\n{status}", blocks)


def card_body(case: FeedbackCase, policy: Policy) -> list[Block]:
    """The product card without its buttons: also the preview before it is sent."""
    more = [section(f"*Added later:*\n{typed(text, ADDED_LIMIT)}") for text in case.more[-3:]]
    return [
        section(f":speech_balloon: *{_headline(case, policy)}*\n{typed(case.text)}"),
        *more,
        section("\n".join(_facts(case, policy))),
        context(_card_status(case, policy)),
    ]


def former_card(case: FeedbackCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """What stays behind in a channel that it was moved from."""
    channel = policy.feedback.channel_of(case.area)
    text = f"{case.id} was moved to {escape(texts.area_label(case, policy))} ({channel})."
    return Message(text, [context(f":arrow_right: {text}")])


def confirmation(case: FeedbackCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """The submitter's own view of it: where it stands, the reply to copy, what is left to do."""
    headline = f"{case.id}: {escape(texts.kind_label(case, policy).lower())} for ticket {ticket_link(case, policy)}"
    status = "\n".join(_own_status(case, policy))
    reply = texts.reply(case, policy)
    blocks = [
        section(f"*{headline}*\n{status}"),
        *_advice(case, policy),
        section(f"*The reply to the customer*, to copy:\n{code_block(reply)}"),
        *actions(_own_buttons(case, policy)),
    ]
    return Message(f"{headline}\n{status}\nThe reply to copy: {escape(reply)}", blocks)


def manager_call(case: FeedbackCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """What a manager who was called gets, privately."""
    call = case.call
    if call is None:
        return Message(f"{case.id}: no manager is called any more.")
    why = (
        f":rotating_light: <@{call.by}> feels threatened or harassed"
        if call.threat
        else f":raising_hand: <@{call.by}> would like a manager to join"
    )
    where = f"in ticket {ticket_link(case, policy)}" if case.ticket else ""
    taken = (
        f"Taken by <@{call.taken.by}> {slack_date(call.taken.at, policy.zone)}."
        if call.taken
        else f"Nobody has taken it yet. {_next_call(call, policy)}".strip()
    )
    text = f"{why} {where} ({case.id}, {slack_date(call.at, policy.zone)}). {taken}"
    guide = f"<{policy.feedback.harassment_url}|What to do>"
    take = [button("I'll take it", Button.TAKE_CALL, case.id, "primary")]
    blocks = [
        section(f"{why} {where} ({case.id}, {slack_date(call.at, policy.zone)}).\n{typed(case.text)}"),
        context(f"{taken} {guide}" if call.threat else taken),
        *actions([] if call.taken else take),
    ]
    return Message(text, blocks)


def _headline(case: FeedbackCase, policy: Policy) -> str:
    return f"{escape(texts.kind_label(case, policy))} · {case.id} · {escape(texts.area_label(case, policy))}"


def _facts(case: FeedbackCase, policy: Policy, *, words: bool = True) -> list[str]:
    """`words`: whether the titles of issues, which may hold a customer's words, are shown."""
    facts = [
        f"*Ticket:* {ticket_link(case, policy)} · *From:* <@{case.submitter}> {slack_date(case.opened_at, policy.zone)}"
    ]
    if case.issue or case.issue_job.progress is not Progress.NOT_WANTED:
        facts.append(f"*Issue:* {issue_words(case, words=words)}")
    facts.append(f"*Tag:* {_job_words(case.tag, f'`{policy.feedback.tag}` set')}")
    if case.meant_for:
        facts.append(f":information_source: This belongs to {escape(case.meant_for)}, where I cannot post.")
    return facts


def issue_words(case: FeedbackCase, *, words: bool = True) -> str:
    """The issue, and how far it is; with its title, which may hold a customer's words."""
    link = "a new one"
    if case.issue:
        link = f"<{case.issue.url}|{escape(cut(case.issue.title, 150)) if words else f'#{case.issue.number}'}>"
    return link if case.issue_job.progress is Progress.DONE else f"{link} ({_job_words(case.issue_job, '')})"


def _job_words(job: VendorTask, done: str) -> str:
    match job.progress:
        case Progress.NOT_WANTED:
            return "not yet"
        case Progress.PENDING:
            return ":hourglass_flowing_sand: pending"
        case Progress.DONE:
            return f":white_check_mark: {done}"
        case Progress.FAILED:
            return f":warning: failed. {escape(cut(job.trouble or '', NOTE_LIMIT))}"


def _card_status(case: FeedbackCase, policy: Policy) -> str:
    note = f" The customer was told {slack_date(case.customer_told.at, policy.zone)}." if case.customer_told else ""
    if case.acknowledged:
        return (
            f":eyes: Acknowledged by <@{case.acknowledged.by}> {slack_date(case.acknowledged.at, policy.zone)}.{note}"
        )
    reminded = case.reminded_at.get(outputs.ACKNOWLEDGE)
    if reminded is not None:
        return f":new: Waits for the product team, who were reminded {slack_date(reminded, policy.zone)}.{note}"
    if case.acknowledge_by:
        span = policy.feedback.acknowledge_within.words
        return (
            f":new: Waits for the product team. Reminder {slack_date(case.acknowledge_by, policy.zone)} ({span}).{note}"
        )
    return f"The product team has {policy.feedback.acknowledge_within.words} to acknowledge it."


def _card_buttons(case: FeedbackCase) -> list[Element]:
    if case.state == FeedbackState.CLOSED:
        return []
    acknowledge = button("Acknowledge", Button.ACKNOWLEDGE, case.id, "primary")
    rest = [
        button("Link issue" if not case.issue else "Change issue", Button.LINK, case.id),
        button("Not ours", Button.MOVE, case.id),
    ]
    return rest if case.acknowledged else [acknowledge, *rest]


def _own_status(case: FeedbackCase, policy: Policy) -> list[str]:
    lines = [_where(case, policy)] if case.has_card else []
    lines.append(f"Tag on the ticket: {_job_words(case.tag, f'`{policy.feedback.tag}` set')}")
    if case.issue or case.issue_job.progress is not Progress.NOT_WANTED:
        lines.append(f"Issue: {issue_words(case)}")
    if case.acknowledged:
        lines.append(f"Acknowledged by <@{case.acknowledged.by}> {slack_date(case.acknowledged.at, policy.zone)}")
    if case.call:
        lines.append(call_words(case, policy))
    if case.copied.progress is not Progress.NOT_WANTED:
        lines.append(f"CC on the ticket: {_job_words(case.copied, 'done')}")
    lines.append(_loop(case, policy))
    return lines


def _where(case: FeedbackCase, policy: Policy) -> str:
    shown = case.messages.get(outputs.CARD)
    if case.channel_trouble:
        return f":warning: {escape(case.channel_trouble)}" + (
            f" It stands in <#{shown.channel}> meanwhile." if shown and case.meant_for else ""
        )
    channel = f"<#{shown.channel}>" if shown else f"{policy.feedback.channel_of(case.area)} (on its way)"
    return f"Passed on to {channel}"


def call_words(case: FeedbackCase, policy: Policy) -> str:
    """Who of the managers knows, and who has taken it."""
    call = case.call
    if call is None:
        return ""
    if call.taken:
        return f"Manager: <@{call.taken.by}> has taken it {slack_date(call.taken.at, policy.zone)}"
    why = "Threatened or harassed" if call.threat else "Manager"
    after = f" {_next_call(call, policy)}" if call.next_at else ""
    people = [person for person in call.notified if person not in call.unreachable]
    if people:
        return f"{why}: {', '.join(map(named, people))} was told privately.{after}"
    return f"{why}: {escape(call.trouble)}{after}" if call.trouble else f"{why}: being called"


def _next_call(call: ManagerCall, policy: Policy) -> str:
    return (
        f"I call the next one {slack_date(call.next_at, policy.zone)} unless somebody takes it." if call.next_at else ""
    )


def named(person: str) -> str:
    """Somebody, by Slack id or, as the policy may name them, by e-mail address."""
    return escape(person) if "@" in person else f"<@{person}>"


def waiting_call(case: FeedbackCase, policy: Policy, reader: str) -> list[Block]:
    """A call that nobody has taken, in the App Home; who called does not take it."""
    message = manager_call(case, policy, {})
    return [block for block in message.blocks if reader != case.submitter or block["type"] != "actions"]


def _loop(case: FeedbackCase, policy: Policy) -> str:
    if case.customer_told:
        closed = (
            " This case is closed."
            if case.state == FeedbackState.CLOSED
            else " It stays open until it is acknowledged."
        )
        return f":white_check_mark: You told the customer {slack_date(case.customer_told.at, policy.zone)}.{closed}"
    reminded = case.reminded_at.get(outputs.TELL_CUSTOMER)
    when = f" I remind you {slack_date(case.tell_customer_by, policy.zone)}." if case.tell_customer_by else ""
    when = f" I reminded you {slack_date(reminded, policy.zone)}." if reminded else when
    return f":arrow_right: Next: tell the customer, then press *Told the customer*.{when}"


def _advice(case: FeedbackCase, policy: Policy) -> list[Block]:
    match case.kind:
        case Kind.BUG:
            return [context(escape(policy.feedback.bug_advice))]
        case Kind.FEATURE:
            return [context(f"Customers preferably create it themselves: <{policy.feedback.new_issue_url}|new issue>")]
        case Kind.REFUND:
            return [context(f"How to handle it: <{policy.feedback.refund_url}|the refund workflow>")]
        case Kind.VENTING:
            return [section(checklist(policy))]
        case Kind.PRODUCT:
            return []


def checklist(policy: Policy) -> str:
    """What helps with a customer who is angry."""
    return "\n".join(f"• {escape(line)}" for line in policy.feedback.venting_checklist)


def _own_buttons(case: FeedbackCase, policy: Policy) -> list[Element]:
    buttons = []
    if not case.customer_told:
        buttons.append(button("Told the customer", Button.CUSTOMER_TOLD, case.id, "primary"))
    if case.kind is Kind.REFUND:
        buttons.append(link_button("Refund workflow", policy.feedback.refund_url, Button.OPEN_PAGE))
    if case.kind is Kind.FEATURE:
        buttons.append(link_button("New issue page", policy.feedback.new_issue_url, Button.OPEN_PAGE))
    buttons += call_buttons(case) if case.kind is Kind.VENTING else []
    if case.tag.progress is Progress.FAILED:
        buttons.append(button("Retry tagging", Button.RETRY_TAG, case.id))
        buttons.append(button("Correct the ticket", Button.CORRECT_TICKET, case.id))
    if case.issue_job.progress is Progress.FAILED:
        buttons.append(button("Retry the issue", Button.RETRY_ISSUE, case.id))
        buttons.append(button("Link issue", Button.LINK, case.id))
    if case.channel_trouble:
        buttons.append(button("Post it again", Button.RETRY_CARD, case.id))
    return buttons


def call_buttons(case: FeedbackCase) -> list[Element]:
    """The ways to call a manager that are still open."""
    buttons = []
    if case.call is None:
        buttons.append(button("CC a manager", Button.CALL_MANAGER, case.id))
    if case.call is None or not case.call.threat:
        buttons.append(button("I feel threatened or harassed", Button.THREAT, case.id, "danger"))
    return buttons


def ticket_words(case: FeedbackCase, policy: Policy) -> str:
    """What is known of the ticket while it is a draft."""
    match case.check:
        case Check.ASKED:
            return f":mag: Checking ticket {ticket_link(case, policy)}…"
        case Check.FOUND:
            return f":white_check_mark: Ticket {ticket_link(case, policy)} found."
        case Check.CLOSED:
            return f":warning: Ticket {ticket_link(case, policy)} is closed: it cannot be tagged any more."
        case Check.MISSING:
            return f":x: There is no ticket {ticket_label(case)}."
        case Check.NO_ANSWER:
            return (
                f":hourglass: The ticket system does not answer just now. You can send this all the same: "
                f"ticket {ticket_link(case, policy)} is tagged as soon as it does."
            )
