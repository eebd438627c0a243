"""What people see of a manager-contact request, rendered from the case as it is now."""

from typing import Any

from handlers.contact.ids import Button
from handlers.kit import tickets
from handlers.kit.blocks import Block, Element, actions, button, context, section
from workflows.contact import texts
from workflows.contact.model import ContactCase, ContactState, Origin, TicketCheck, is_person, words
from workflows.contract.events import DutySource
from workflows.contract.slack_port import Message
from workflows.contract.values import Progress, VendorTask
from workflows.lib.markup import cut, escape, plain, quote, safe, slack_date
from workflows.policy.model import Policy

QUOTE_LIMIT = 2400
NOTE_LIMIT = 400
MOST_ORIGINS = 5


def ticket_link(case: ContactCase, policy: Policy) -> str:
    """The ticket as staff open it."""
    if case.ticket is None:
        return "a ticket nobody has named yet"
    return f"ticket {tickets.ticket_link(case, policy)}"


def card(case: ContactCase, policy: Policy, details: dict[str, Any]) -> Message:
    """The card in the channel. Of the customer it says nothing, unless the policy says the channel is private.

    Where people of another organisation read, it says nothing, whatever the policy says.
    """
    shown = said(case) if policy.contact.words_in_channel and not details.get("shared") else []
    blocks = [*body(case, policy), *shown, *actions(buttons(case))]
    return Message(plain("\n".join((headline(case, policy), *facts(case, policy)))), blocks)


def body(case: ContactCase, policy: Policy) -> list[Block]:
    """What card, private messages and App Home say alike."""
    return [
        section("\n".join((headline(case, policy), *facts(case, policy)))),
        *warnings(case),
        *updates(case, policy),
        *([context(f":hourglass_flowing_sand: {escape(case.due_why)}")] if case.due_why and not case.is_over else []),
    ]


def typed(text: str, limit: int = QUOTE_LIMIT) -> str:
    """What somebody typed, as a quotation that mentions nobody and means nothing to Slack."""
    return quote(cut(safe(text), limit))


def said(case: ContactCase) -> list[Block]:
    """What the customer said, or why a manager should write."""
    text = "\n\n".join(words(case))
    return [section(typed(text))] if text.strip() else []


def headline(case: ContactCase, policy: Policy) -> str:
    """What it is, and how urgent."""
    sign = {ContactState.CONTACTED: ":white_check_mark:", ContactState.CANCELLED: ":no_entry_sign:"}.get(
        ContactState(case.state), ":rotating_light:" if case.overdue_since else ":telephone_receiver:"
    )
    return f"{sign} *Manager contact · {case.id} · {ticket_link(case, policy)}*"


def facts(case: ContactCase, policy: Policy) -> list[str]:
    """Who has it, until when, where it came from, what happens next."""
    lines = [_who(case, policy), _when(case, policy), f"*Asked by:* {_sources(case)}"]
    if case.issue or case.issue_job.progress is not Progress.NOT_WANTED:
        lines.append(f"*Feedback issue:* {_issue_words(case)}")
    if case.review is not None:
        lines.append(f"*Review:* {case.review}")
    if case.snoozed_until and not case.is_over:
        lines.append(f":zzz: Reminders are snoozed until {slack_date(case.snoozed_until, policy.zone)}.")
    step = texts.next_step(case, policy)
    return [line for line in (*lines, step) if line]


def _who(case: ContactCase, policy: Policy) -> str:
    zone = policy.zone
    if case.contacted is not None:
        way = policy.contact.ways[case.contacted.how]
        by = f"*Contacted by* <@{case.contacted.by}> {slack_date(case.contacted.at, zone)} ({escape(way)})."
        return f"{by}{_goes_on(case)}"
    if case.cancelled is not None:
        return f"*Cancelled by* <@{case.cancelled.by}> {slack_date(case.cancelled.at, zone)}."
    owner = _owner(case, policy)
    if case.claimed is None:
        return owner
    claimed = f"*Claimed by* <@{case.claimed.by}> {slack_date(case.claimed.at, zone)}"
    return claimed if case.claimed.by == case.owner else f"{claimed} · {owner}"


def _goes_on(case: ContactCase) -> str:
    """Who goes on with the ticket: what was done about it, what is on its way, and what has to be done by hand."""
    who = case.contacted.briefed if case.contacted else None
    if who is None:
        return ""
    words = {
        Progress.PENDING: ("is being briefed", "the ticket is being assigned"),
        Progress.DONE: ("is briefed", "the ticket is assigned to them"),
        Progress.FAILED: ("is not briefed", "the ticket is not assigned to them"),
    }
    said = [words[job.progress][number] for number, job in _jobs(case) if job.progress in words]
    troubles = [f" :warning: {escape(cut(job.trouble, NOTE_LIMIT))}" for _, job in _jobs(case) if job.trouble]
    return f" <@{who}> {', and '.join(said)}.{''.join(troubles)}" if said else ""


def _jobs(case: ContactCase) -> list[tuple[int, VendorTask]]:
    return list(enumerate((case.brief_job, case.assign_job)))


def _owner(case: ContactCase, policy: Policy) -> str:
    if case.owner is not None:
        trouble = f" _({escape(cut(case.owner_trouble, NOTE_LIMIT))})_" if case.owner_trouble else ""
        stand_in = f", and {fallback(case, policy)}" if case.duty is DutySource.FALLBACK else ""
        return f"*Owner:* <@{case.owner}>{stand_in}{trouble}"
    if case.owner_lookup_pending:
        return "*Owner:* I am looking up who is on duty…"
    trouble = escape(cut(case.owner_trouble or "Nobody is on duty.", NOTE_LIMIT))
    return f"*Owner:* :warning: nobody yet. {trouble} {fallback(case, policy)}: please claim it."


def fallback(case: ContactCase, policy: Policy) -> str:
    """Mention who steps in when nobody is on duty."""
    if case.fallback_group:
        return f"<!subteam^{case.fallback_group}>"
    group = policy.managers.fallback.group
    return f"@{escape(group)}" if group else "Managers"


def _when(case: ContactCase, policy: Policy) -> str:
    if case.due_at is None:
        return ""
    due = slack_date(case.due_at, policy.zone)
    if case.contacted is not None:
        return f"*In time:* it was due {due}." if case.contacted.at <= case.due_at else f"*Late:* it was due {due}."
    if case.is_over:
        return ""
    return f":rotating_light: *Overdue:* it was due {due}." if case.overdue_since else f"*Due:* {due}"


def _sources(case: ContactCase) -> str:
    shown = [_source(origin) for origin in case.origins[:MOST_ORIGINS]]
    more = len(case.origins) - len(shown)
    return ", ".join(dict.fromkeys(shown)) + (f" and {more} more" if more else "")


def _source(origin: Origin) -> str:
    name = texts.SOURCES[origin.source]
    linked = f"<{origin.link}|{name}>" if origin.link and origin.link.startswith("https://") else name
    by = f" of <@{origin.by}>" if is_person(origin) and origin.by.isalnum() else ""
    remark = f" ({escape(cut(origin.remark, 100))})" if origin.remark else ""
    return f"{linked}{by}{remark}"


def _issue_words(case: ContactCase) -> str:
    link = f"<{case.issue.url}|{escape(cut(case.issue.title, 150))}>" if case.issue else "not found yet"
    match case.issue_job.progress:
        case Progress.NOT_WANTED:
            return link
        case Progress.PENDING:
            return f"{link} (:hourglass_flowing_sand: pending)"
        case Progress.DONE:
            return f"{link} (commented, labelled, closed)" if case.issue else "none: nobody has named the ticket"
        case Progress.FAILED:
            return f"{link} (:warning: failed) {escape(cut(case.issue_job.trouble or '', NOTE_LIMIT))}"


def warnings(case: ContactCase) -> list[Block]:
    """What somebody has to know who acts on it."""
    found = []
    if case.contradicts:
        label, form = ("yes" if says else "no" for says in (case.label_says, case.field_says))
        found.append(
            f":warning: The issue's label and the form disagree about whether contact is wanted (label: {label}, "
            f"form: {form}). Please check before you write."
        )
    if case.is_unclear:
        found.append(
            ":warning: The form's answer about contact is neither a yes nor a no that I know. Please look at the "
            "ticket, and contact the customer or cancel this. An admin can add the answer to `contact.yes_values` or "
            "`contact.no_values`."
        )
    if case.label_says is False:
        found.append(":warning: The label was taken off the feedback issue. Check whether contact is still wanted.")
    if case.is_unusual:
        found.append(
            f":warning: The customer's feedback is {case.tone}, and contact is offered with negative feedback. "
            "Please check what they want before you write."
        )
    if case.check is TicketCheck.MISSING:
        found.append(
            f":warning: The ticket system knows no ticket {tickets.ticket_label(case)}. Please check its number."
        )
    if not case.is_over:
        found += [
            f":warning: I cannot write to <@{who}> privately." for who in case.unreachable if who == case.assignee
        ]
    if case.channel_trouble:
        found.append(f":warning: {escape(case.channel_trouble)}")
    return [context(*(cut(line, NOTE_LIMIT * 2) for line in found))] if found else []


def updates(case: ContactCase, policy: Policy) -> list[Block]:
    """What was heard of the ticket and the issue meanwhile: it may be that nothing has to be done any more."""
    if case.is_over:
        return []
    updates = sorted(case.updates.values(), key=lambda one: one.at)
    lines = [
        f":incoming_envelope: {slack_date(one.at, policy.zone)}: {escape(cut(one.what, NOTE_LIMIT))}" for one in updates
    ]
    return [context(*lines)] if lines else []


def buttons(case: ContactCase) -> list[Element]:
    """What can be done with it now."""
    why = button("Why?", Button.WHY, case.id)
    if case.state == ContactState.CANCELLED:
        return [why]
    if case.state == ContactState.CONTACTED:
        retry = [button("Retry the issue", Button.RETRY_ISSUE, case.id)]
        failed = case.issue_job.progress is Progress.FAILED
        return [button("Note an action", Button.NOTE_ACTION, case.id), *(retry if failed else []), why]
    claim = [] if case.claimed else [button("Claim", Button.CLAIM, case.id, "primary")]
    ticket = [button("Name the ticket", Button.NAME_TICKET, case.id)] if _needs_ticket(case) else []
    return [
        *claim,
        button("Contacted", Button.CONTACTED, case.id, "primary" if case.claimed else None),
        button("Reassign", Button.REASSIGN, case.id),
        button("Snooze reminder", Button.SNOOZE, case.id),
        *ticket,
        button("Cancel", Button.CANCEL, case.id, "danger"),
        why,
    ]


def _needs_ticket(case: ContactCase) -> bool:
    return case.ticket is None or case.check is TicketCheck.MISSING
