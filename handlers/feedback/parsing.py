"""From what Slack sends to an event, or to a sentence for the person beside what they typed. Pure."""

from typing import Any

from handlers.feedback import texts
from handlers.feedback.ids import NEW_ISSUE, NO_ISSUE, Field
from handlers.feedback.modals import Prefill
from handlers.kit.memory import Memory
from handlers.kit.parsing import as_read, state_values
from workflows.contract.issue_port import IssueAddresses
from workflows.contract.values import IssueLink
from workflows.feedback.model import Confirmed, FeedbackCase, FormClosed, IssueWish, Typed
from workflows.lib.tickets import NotATicket, TicketRef, find_tickets, parse_ticket, split_command
from workflows.policy.feedback import Kind
from workflows.policy.model import Policy

Errors = dict[str, str]
"""Block id -> what is wrong there."""


def of_command(text: str, policy: Policy) -> Prefill:
    """`/feedback 123456 the text`: a first word that was meant as a ticket and is none is said so in the form."""
    ticket, rest = split_command(text, policy.tickets.accounts)
    if ticket is not None:
        return Prefill(ticket=str(ticket), text=rest)
    first, _, after = rest.partition(" ")
    if "://" in first:
        return Prefill(ticket=first, text=after.strip(), warning=f":warning: {_ticket_error(first, policy)}")
    return Prefill(text=rest)


def of_message(payload: dict[str, Any], policy: Policy) -> Prefill:
    """The message a person chose "Send as feedback" on."""
    message = payload.get("message") or {}
    text = as_read(str(message.get("text") or ""))
    found = find_tickets(text, policy.tickets.accounts)
    return Prefill(ticket=str(found[0]) if found else "", text=text, source=_permalink(payload, message))


def of_form(view: dict[str, Any], policy: Policy) -> Typed | Errors:
    """The form: every field that is wrong is named at once."""
    values = state_values(view)
    errors: Errors = {}
    ticket = None
    try:
        ticket = parse_ticket(values.get(Field.TICKET, ""), policy.tickets.accounts)
    except NotATicket as error:
        errors[Field.TICKET] = error.sentence
    text = values.get(Field.TEXT, "").strip()
    limit = policy.feedback.text_limit
    if not text:
        errors[Field.TEXT] = "Please say in a few words what the customer told us."
    elif len(text) > limit:
        errors[Field.TEXT] = f"This has {len(text)} characters; {limit} fit. Please shorten it by {len(text) - limit}."
    area = values.get(Field.AREA) or policy.feedback.default_area
    if area not in policy.feedback.areas:
        errors[Field.AREA] = "This area is not in the policy any more. Please choose another one."
    kind = values.get(Field.KIND) or ""
    if kind not in set(Kind):
        errors[Field.KIND] = "Please choose what kind of feedback it is."
    if ticket is None or errors:
        return errors
    return Typed(ticket, Kind(kind), text, area, values.get(Field.FEATURE, "").strip())


def of_closed_form(view: dict[str, Any], by: str, policy: Policy) -> FormClosed | None:
    """What was typed into a form that was closed; None when that was nothing.

    Where Slack does not say what stood in a field, it is what stood there when the form opened.
    """
    values = {**_initial_values(view), **state_values(view)}
    ticket, text = values.get(Field.TICKET, ""), values.get(Field.TEXT, "").strip()
    kind, area = values.get(Field.KIND, ""), values.get(Field.AREA, "")
    if not (ticket or text):
        return None
    return FormClosed(
        by,
        ticket=_ticket(ticket, policy),
        kind=Kind(kind) if kind in set(Kind) else Kind.PRODUCT,
        text=text,
        area=area if area in policy.feedback.areas else policy.feedback.default_area,
        feature=values.get(Field.FEATURE, "").strip(),
        source=Memory.of(view).source,
    )


def of_preview(
    view: dict[str, Any], case: FeedbackCase, by: str, addresses: IssueAddresses, policy: Policy
) -> Confirmed | Errors:
    """The preview: which issue, if any."""
    values = state_values(view)
    pasted = values.get(Field.ISSUE_LINK, "").strip()
    if pasted:
        link = _issue_link(pasted, addresses, policy)
        return link if isinstance(link, dict) else Confirmed(by, IssueWish.EXISTING, link)
    choice = values.get(Field.ISSUE) or values.get(Field.ISSUE_UNSEARCHED) or NO_ISSUE
    if choice == NEW_ISSUE:
        return Confirmed(by, IssueWish.NEW)
    found = next((issue for issue in case.found or () if str(issue.number) == choice), None)
    if found is not None:
        return Confirmed(by, IssueWish.EXISTING, found)
    if case.kind is Kind.BUG:
        return {Field.ISSUE: "A bug needs an issue: choose one, open a new one, or paste a link below."}
    return Confirmed(by)


def of_area(view: dict[str, Any], policy: Policy) -> str | Errors:
    """The area something is moved to."""
    area = state_values(view).get(Field.AREA, "")
    return area if area in policy.feedback.areas else {Field.AREA: "Please choose one of the areas."}


def of_issue_link(view: dict[str, Any], addresses: IssueAddresses, policy: Policy) -> IssueLink | Errors:
    """The issue somebody names."""
    return _issue_link(state_values(view).get(Field.ISSUE_LINK, ""), addresses, policy)


def of_ticket(view: dict[str, Any], policy: Policy) -> TicketRef | Errors:
    """The ticket, corrected."""
    try:
        return parse_ticket(state_values(view).get(Field.TICKET, ""), policy.tickets.accounts)
    except NotATicket as error:
        return {Field.TICKET: error.sentence}


def _issue_link(text: str, addresses: IssueAddresses, policy: Policy) -> IssueLink | Errors:
    """An issue by its number or address, or what to write instead."""
    issue = addresses.read(text, policy.feedback.issue_project)
    if issue is None:
        return {Field.ISSUE_LINK: f"Please write the issue's number, or its link on {addresses.host}."}
    if issue.project.lower() not in map(str.lower, policy.feedback.issue_projects):
        return {Field.ISSUE_LINK: texts.other_project(policy)}
    return IssueLink.of(issue)


def _initial_values(view: dict[str, Any]) -> dict[str, str]:
    fields = [block for block in view["blocks"] if block["type"] == "input"]
    return {block["block_id"]: _initial(block["element"]) for block in fields}


def _initial(element: dict[str, Any]) -> str:
    chosen = element.get("initial_option") or {}
    return str(element.get("initial_value") or chosen.get("value") or "")


def _ticket(text: str, policy: Policy) -> TicketRef | None:
    try:
        return parse_ticket(text, policy.tickets.accounts)
    except NotATicket:
        return None


def _ticket_error(text: str, policy: Policy) -> str:
    try:
        parse_ticket(text, policy.tickets.accounts)
    except NotATicket as error:
        return error.sentence
    return ""


def _permalink(payload: dict[str, Any], message: dict[str, Any]) -> str | None:
    domain = (payload.get("team") or {}).get("domain")
    channel, ts = (payload.get("channel") or {}).get("id"), message.get("ts")
    if not (domain and channel and ts):
        return None
    return f"https://{domain}.slack.com/archives/{channel}/p{str(ts).replace('.', '')}"
