"""What is said in the thread of an incident beside its card: pings, the page, the manual steps, the timeline."""

from collections.abc import Sequence
from typing import Any

from handlers.incident import status
from handlers.incident.ids import Button
from handlers.kit.blocks import Block, Element, actions, button, context, link_button, section
from workflows.contract.actors import who
from workflows.contract.slack_port import Message
from workflows.contract.values import Progress
from workflows.incident import outputs, texts
from workflows.incident.model import IncidentCase, IncidentState, Line
from workflows.lib.lateness import late
from workflows.lib.markup import cut, escape, safe
from workflows.policy.model import Policy

LINE_LIMIT = 400
SECTION_LIMIT = 2800
FALLBACK_LIMIT = 3500


def unpicked_ping(case: IncidentCase, _policy: Policy, _details: dict[str, Any]) -> Message:
    """The wait is over, and nobody has even picked the system: for the responders, together with the page."""
    text = (
        f":rotating_light: {responders(case)}Nobody has responded to {case.id} in time, and nobody has picked its "
        f"system: {cut(safe(texts.headline(case)), LINE_LIMIT)}"
    )
    return acknowledgeable(text, case)


def call(case: IncidentCase, _policy: Policy, details: dict[str, Any]) -> Message:
    """Somebody who is no responder wants them to look."""
    number = int(slot_of(details).rpartition(":")[2] or 1)
    by = f"<@{case.calls[number - 1]}>" if 0 < number <= len(case.calls) else "Somebody"
    what = cut(safe(texts.headline(case)), LINE_LIMIT)
    text = f":wave: {responders(case)}{by} asks you to look at {case.id}: {what}"
    wanted = [IncidentState.QUESTION, IncidentState.WAITING, IncidentState.HELD, IncidentState.PAGED]
    if case.state not in wanted:
        return Message(text, [section(text), context(":heavy_check_mark: No longer needed. See the incident.")])
    return Message(text, [section(text), *actions([take_on(case)])])


def still_on_it(case: IncidentCase, policy: Policy, details: dict[str, Any]) -> Message:
    """Nobody has resolved it for a business day."""
    person = case.owner or (case.closed.by if case.closed else None)
    mention = f"<@{person}> " if person else responders(case)
    since = status.when(case.opened_at, policy)
    text = f":hourglass: {mention}{case.id} has been open since {since}, and nobody has resolved it. Still on it?"
    is_newest = slot_of(details) == f"{outputs.STILL}:{case.still_asked}"
    if case.state not in outputs.TAKEN or not is_newest:
        return Message(text, [section(text), context(":heavy_check_mark: No longer needed. See the incident.")])
    answered = f":heavy_check_mark: <@{case.still_by}> is still on it." if case.still_by else ""
    buttons = [
        *([] if answered else [button("I'm still on it", Button.STILL_ON, case.id)]),
        button("Resolve", Button.RESOLVE, case.id, "primary"),
    ]
    return Message(text, [section(text), *([context(answered)] if answered else []), *actions(buttons)])


def export_failed(_case: IncidentCase, _policy: Policy, details: dict[str, Any]) -> Message:
    """The table that somebody asked for could not be sent."""
    return Message(f":warning: I couldn't send you the table of incidents: {escape(details['sentence'])}")


def page_notice(case: IncidentCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """Somebody was paged: the link, and the reporter is asked to stay available."""
    page = case.page
    if page is None:
        return Message(f"{case.id}: nobody is paged.")
    link = f": <{page.url}|the incident in {status.pager(policy)}>" if page.url else ""
    why = f"{escape(page.why)}{late(page.late)}"
    paged = f":pager: *{escape(policy.incident.service)}* was paged for {case.id}{link}. {why}"
    asked = _asked(case, policy)
    buttons = [
        *_contact_buttons(case),
        *([link_button(f"Open in {policy.vendors.pager}", page.url, Button.OPEN_PAGE)] if link else []),
    ]
    return Message(f"{paged}\n{asked}", [section(f"{paged}\n{asked}"), *actions(buttons)])


def manual_steps(case: IncidentCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """The paging service cannot be reached: who is on call, and what to do by hand."""
    page, known = case.page, case.responders
    people = mentioned((*(known.on_call if known else ()), *(known.leads if known else ())))
    trouble = escape(cut(page.trouble or "", LINE_LIMIT)) if page else ""
    head = f":sos: {people}*{escape(policy.incident.service)} could not be paged for {case.id}.* {trouble}"
    if page is not None and (page.is_out or case.state != IncidentState.PAGED):
        over = _over_by_now(case, policy)
        return Message(f"{head}\n{over}", [section(f"{head}\n{over}")])
    keep_retrying = " I go on trying." if page and page.progress is Progress.PENDING else ""
    why = escape((known.trouble if known else None) or "")
    nobody = "" if people else f"\nI do not know who is on call. {why}"
    listed = [f"{number}. {safe(cut(line, LINE_LIMIT))}" for number, line in enumerate(_steps(case, policy), 1)]
    text = "\n".join((f"{head}{keep_retrying}{nobody}", "*By hand, please:*", *listed, _asked(case, policy)))
    url = policy.incident.page_url
    opened = [link_button(f"Open {policy.vendors.pager}", url, Button.OPEN_PAGE)] if url else []
    buttons = [take_on(case), button("Paged by hand", Button.BY_HAND, case.id), *opened]
    return Message(text, [section(text), *actions(buttons)])


def timeline(case: IncidentCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """Everything that happened, when it is over."""
    title = f":scroll: *Timeline of {case.id}*"
    rows = [_row(line, policy) for line in case.log]
    asks = "" if case.summary else "\nWhat was it? Please add a line of summary on the card."
    blocks: list[Block] = [section(f"{title}{asks}"), *(section(part) for part in _parts(rows))]
    return Message(cut("\n".join((title + asks, *rows)), FALLBACK_LIMIT), blocks)


def stand_in_notice(case: IncidentCase, _policy: Policy, details: dict[str, Any]) -> Message:
    """For who was named to work with the on-call person."""
    thread = case.messages.get("thread")
    where = f" in <#{thread.channel}>" if thread else ""
    what = cut(safe(texts.headline(case)), LINE_LIMIT)
    text = (
        f":wave: <@{details['by']}> named you to work with the on-call person on {case.id}{where}: {what}\n"
        "Please press *I'm here* in its thread."
    )
    return Message(text, [section(text)])


def while_wanted(wanted: bool, text: str, buttons: list[Element], asked: Sequence[Element] = ()) -> Message:  # noqa: FBT001 - it reads as a sentence
    """With its buttons while they are wanted; afterwards with a word that they are not."""
    if wanted:
        return Message(text, [section(text), *actions(asked), *actions(buttons)])
    return Message(text, [section(text), context(":heavy_check_mark: This is over: see the card.")])


def acknowledgeable(text: str, case: IncidentCase) -> Message:
    """With *I'm on it* while nobody has acknowledged the page."""
    if case.state == IncidentState.PAGED:
        return Message(text, [section(text), *actions([take_on(case)])])
    by = f"<@{case.owner}> has" if case.owner else "Somebody has, or it is over"
    return Message(text, [section(text), context(f":heavy_check_mark: {by}: see the card.")])


def _over_by_now(case: IncidentCase, policy: Policy) -> str:
    if case.page is not None and case.page.by_hand is not None:
        return f":heavy_check_mark: <@{case.page.by_hand.by}> did it by hand."
    if case.page is not None and case.page.is_out:
        return f":heavy_check_mark: {escape(policy.incident.service)} has been paged since: see the card."
    return ":heavy_check_mark: This is not needed any more: see the card."


def _steps(case: IncidentCase, policy: Policy) -> list[str]:
    return texts.manual_steps(case, policy)


def _asked(case: IncidentCase, policy: Policy) -> str:
    """What the reporter is asked; for an integration, whoever saw it."""
    if case.contact_here is not None:
        return f":raised_hand: <@{case.contact_here.by}> is here {status.when(case.contact_here.at, policy)}."
    if case.contact is None:
        return "An integration reported this: who knows more, please press *I'm here*."
    return f"<@{case.contact}>: {escape(policy.incident.stay_available)}"


def _contact_buttons(case: IncidentCase) -> list[Element]:
    if case.state not in {IncidentState.PAGED, IncidentState.ACKNOWLEDGED}:
        return []
    here = [] if case.contact_here else [button("I'm here", Button.AVAILABLE, case.id, "primary")]
    return [*here, button("Name a stand-in", Button.STAND_IN, case.id)]


def responders(case: IncidentCase) -> str:
    """The responders' group, mentioned."""
    return f"<!subteam^{case.responders.group.id}> " if case.responders and case.responders.group else ""


def mentioned(people: tuple[str, ...]) -> str:
    """These people, each once."""
    return "".join(f"<@{person}> " for person in dict.fromkeys(people))


def take_on(case: IncidentCase) -> Element:
    """I'm on it."""
    return button("I'm on it", Button.TAKE_ON, case.id, "primary")


def slot_of(details: dict[str, Any]) -> str:
    """Which message it is."""
    return str(details.get("slot", ""))


def _row(line: Line, policy: Policy) -> str:
    return f"• {status.when(line.at, policy)} {who(line.actor, policy)} {safe(cut(line.what, LINE_LIMIT))}"


def _parts(rows: list[str]) -> list[str]:
    """The rows in as few sections as they fit into."""
    parts: list[str] = []
    for row in rows:
        if parts and len(parts[-1]) + len(row) < SECTION_LIMIT:
            parts[-1] += f"\n{row}"
        else:
            parts.append(row)
    return parts[-48:]
