"""From what Slack sends to an event, or to a sentence for the person beside what they typed. Pure."""

from collections.abc import Mapping
from typing import Any

from handlers.kit.memory import Memory
from handlers.kit.parsing import state_values
from handlers.request.ids import LINE_LIMIT, Field
from workflows.lib.tickets import NotATicket, TicketRef, parse_ticket
from workflows.policy.model import Policy
from workflows.policy.request import IssueForm, RequestKind
from workflows.request import texts
from workflows.request.model import FormClosed, Sent

Errors = dict[str, str]
"""Block id -> what is wrong there."""

WORDS = {
    "bug": RequestKind.BUG,
    "feature": RequestKind.FEATURE,
    "question": RequestKind.QUESTION,
    "rfc": RequestKind.RFC,
    "portal": RequestKind.PORTAL,
}
"""`/supportops bug what it is about`: the first word may choose the form."""

FIRST_FIELD = {
    RequestKind.QUESTION: Field.QUESTION,
    RequestKind.PORTAL: Field.WHY,
}
"""Where what was typed with the command goes; into the first line of the others."""


def of_command(text: str) -> tuple[RequestKind | None, str]:
    """The kind that the first word names, and the rest of what was typed."""
    first, _, rest = text.strip().partition(" ")
    kind = WORDS.get(first.lower())
    return (kind, rest.strip()) if kind else (None, text.strip())


def first_words(kind: RequestKind, text: str, policy: Policy) -> dict[str, str]:
    """What was typed with the command, as the form begins; a ticket's number goes into its own field."""
    if kind is RequestKind.PORTAL:
        first, _, rest = text.partition(" ")
        try:
            parse_ticket(first, policy.tickets.accounts)
        except NotATicket:
            return {Field.WHY: text}
        return {Field.TICKET: first, Field.WHY: rest}
    if kind in FIRST_FIELD or len(text) <= LINE_LIMIT:
        return {FIRST_FIELD.get(kind, Field.SUMMARY): text}
    form = policy.request.form(kind)
    fields = [texts.field_name(key) for key in (form.fields if form else ())]
    return {Field.SUMMARY: text[:LINE_LIMIT], **dict.fromkeys(fields[:1], text)}


def of_start(view: dict[str, Any]) -> tuple[RequestKind, str] | Errors:
    """What is needed, and what was typed with the command."""
    values = state_values(view)
    kind = values.get(Field.KIND, "")
    if kind not in set(RequestKind):
        return {Field.KIND: "Please choose one."}
    return RequestKind(kind), values.get(Field.FIRST_WORDS, "")


def of_form(view: dict[str, Any], by: str, policy: Policy) -> Sent | Errors:
    """The form: every field that is wrong is named at once."""
    memory, words = Memory.of(view), _words(view)
    kind = RequestKind(memory.kind or "")
    form = policy.request.form(kind)
    ticket: TicketRef | None = None
    if form is not None:
        errors = _wrong_in_issue(form, kind, words, policy)
        if form.confirm and _ticked(view) < len(policy.request.confirmations):
            errors[Field.CONFIRM] = (
                "Please confirm each. If you can't, ask whoever can to send this, or ask a question."
            )
    elif kind is RequestKind.PORTAL:
        ticket, errors = _ticket(words.get(Field.TICKET, ""), policy)
        errors |= _empty({Field.WHY: "Please say in a line what the customer wants."}, words)
    elif kind is RequestKind.QUESTION:
        errors = _empty({Field.QUESTION: "Please type your question."}, words)
    else:
        errors = _wrong_in_merge_request(words, policy, memory.item or "")
    if errors:
        return errors
    return Sent(by, kind, words, memory.item or "", ticket, confirmed=form is not None and form.confirm)


def of_closed_form(view: dict[str, Any], by: str) -> FormClosed | None:
    """What was typed into a form that was closed; None when that was nothing.

    Where Slack does not say what stood in a field, it is what stood there when the form opened.
    """
    memory = Memory.of(view)
    words = {**_initial_values(view), **_words(view)}
    if not any(text.strip() for name, text in words.items() if name not in {Field.SEVERITY, Field.SIZE, Field.FILE}):
        return None
    return FormClosed(by, RequestKind(memory.kind or ""), words, memory.item or "")


def of_text(view: dict[str, Any]) -> str | Errors:
    """An answer, or what is not right yet."""
    words = state_values(view).get(Field.WHY, "").strip()
    return words or {Field.WHY: "Please type a few words."}


def person_of(view: dict[str, Any]) -> str:
    """Who was chosen; empty for nobody."""
    return state_values(view).get(Field.PERSON, "")


def _wrong_in_issue(form: IssueForm, kind: RequestKind, words: Mapping[str, str], policy: Policy) -> Errors:
    own = policy.request
    needed: dict[str, str] = {Field.SUMMARY: "Please say in one line what it is about."}
    needed |= {
        texts.field_name(key): f"Please answer this: {one.label}" for key, one in form.fields.items() if one.required
    }
    errors = _empty(needed, words)
    if kind is RequestKind.BUG and words.get(Field.SEVERITY) not in own.severities:
        errors[Field.SEVERITY] = "Please choose how bad it is."
    if kind is RequestKind.FEATURE and words.get(Field.SIZE) not in own.sizes:
        errors[Field.SIZE] = "Please choose how large it is."
    if texts.handles(words.get(Field.CC, "")) is None:
        errors[Field.CC] = "User names in the tracker only, such as @maria; nobody else can be mentioned there."
    return errors


def _wrong_in_merge_request(words: Mapping[str, str], policy: Policy, item: str) -> Errors:
    errors = _empty(
        {
            Field.SUMMARY: "Please say in one line what it is about.",
            Field.REASON: "Please say why, for whoever approves it.",
        },
        words,
    )
    found = policy.request.self_service.get(item)
    files = found.merge_request.files if found and found.merge_request else ()
    if words.get(Field.FILE) not in files:
        errors[Field.FILE] = "Please choose one of the files."
    find, replace = words.get(Field.FIND, ""), words.get(Field.REPLACE, "")
    if not (find or replace.strip()):
        errors[Field.REPLACE] = "Please type the new text."
    elif find == replace:
        errors[Field.REPLACE] = "This is the same as the text to replace."
    return errors


def _empty(needed: Mapping[str, str], words: Mapping[str, str]) -> Errors:
    return {name: sentence for name, sentence in needed.items() if not words.get(name, "").strip()}


def _ticket(text: str, policy: Policy) -> tuple[TicketRef | None, Errors]:
    try:
        return parse_ticket(text, policy.tickets.accounts), {}
    except NotATicket as error:
        return None, {Field.TICKET: error.sentence}


def _words(view: dict[str, Any]) -> dict[str, str]:
    values = state_values(view)
    return {name: text for name, text in values.items() if name != Field.CONFIRM and text}


def _ticked(view: dict[str, Any]) -> int:
    values = (view.get("state") or {}).get("values") or {}
    states = (values.get(Field.CONFIRM) or {}).values()
    return sum(len(state.get("selected_options") or ()) for state in states)


def _initial_values(view: dict[str, Any]) -> dict[str, str]:
    fields = [block for block in view["blocks"] if block["type"] == "input" and block["block_id"] != Field.CONFIRM]
    found = {block["block_id"]: _initial(block["element"]) for block in fields}
    return {name: text for name, text in found.items() if text}


def _initial(element: dict[str, Any]) -> str:
    chosen = element.get("initial_option") or {}
    return str(element.get("initial_value") or chosen.get("value") or "")
