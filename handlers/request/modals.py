"""The forms of requests. What was typed always comes back with what was wrong with it."""

from collections.abc import Mapping
from typing import Any

from handlers.kit.blocks import (
    Block,
    Choice,
    actions,
    button,
    checkboxes,
    context,
    divider,
    field,
    link_button,
    menu,
    modal,
    people_menu,
    radio,
    section,
    text_input,
)
from handlers.kit.memory import Memory
from handlers.request.ids import LINE_LIMIT, Button, Field, View
from workflows.lib.markup import escape, slack_date
from workflows.policy.feedback import Question
from workflows.policy.model import Policy
from workflows.policy.request import IssueForm, RequestKind, SelfService
from workflows.request import texts
from workflows.request.model import RequestCase

ModalView = dict[str, Any]
Words = Mapping[str, str]

SELF_SERVICE_FIRST = "*Can you do it yourself?* A request for one of these would be closed with instructions."
KINDS = (RequestKind.BUG, RequestKind.FEATURE, RequestKind.QUESTION, RequestKind.RFC, RequestKind.PORTAL)
"""What one can choose from, in this order."""


def start(policy: Policy, words: str = "") -> ModalView:
    """What one can do oneself comes first; then what can be asked."""
    own = policy.request
    limit = own.text_limit
    items = [block for key, item in own.self_service.items() for block in _self_service(key, item)]
    kinds = [Choice(kind, way.label, way.description) for kind, way in ((kind, _way(policy, kind)) for kind in KINDS)]
    first = text_input(Field.FIRST_WORDS, initial=words[:limit], multiline=True, limit=limit)
    blocks: list[Block] = [
        *([section(SELF_SERVICE_FIRST), *items, divider()] if items else []),
        field(Field.KIND, "What do you need?", radio(Field.KIND, kinds)),
        *([field(Field.FIRST_WORDS, "What you typed", first, optional=True)] if words else []),
    ]
    return modal(own.words.title, blocks, callback=View.START, submit="Continue")


def form(
    policy: Policy,
    kind: RequestKind,
    words: Words,
    *,
    item: str = "",
    draft: RequestCase | None = None,
    warning: str = "",
) -> ModalView:
    """The form of a kind, filled in with what was typed before."""
    own = policy.request
    issue = own.form(kind)
    asked: list[Block] = []
    if issue is not None:
        asked = _issue(policy, kind, issue, words)
    elif kind is RequestKind.QUESTION:
        asked = [_text(own.words.question, Field.QUESTION, words, policy, long=True)]
    elif kind is RequestKind.PORTAL:
        asked = _portal(policy, words)
    elif item in own.self_service:
        asked = _merge_request(policy, own.self_service[item], words)
    blocks = [*_beginning(policy, draft, warning), *asked]
    memory = Memory(case=draft.id if draft else None, kind=kind, item=item or None)
    return modal(
        own.words.title, blocks, callback=View.FORM, submit=own.words.submit, metadata=memory.text, notify_on_close=True
    )


def answer(case: RequestCase, policy: Policy) -> ModalView:
    """Answer what Support Operations asked."""
    limit = policy.request.text_limit
    blocks = [field(Field.WHY, "Your answer", text_input(Field.WHY, multiline=True, limit=limit), hint=WRITTEN_THERE)]
    return modal(f"Answer {case.id}", blocks, callback=View.ANSWER, submit="Send answer", metadata=_of(case))


def not_yet(case: RequestCase, policy: Policy) -> ModalView:
    """Say what is not right yet."""
    limit = policy.request.text_limit
    element = text_input(Field.WHY, "What you tested, and what should be different", multiline=True, limit=limit)
    blocks = [field(Field.WHY, "What isn't right yet?", element, hint=WRITTEN_THERE)]
    return modal(f"Not yet: {case.id}", blocks, callback=View.NOT_YET, submit="Send", metadata=_of(case))


def hand_over(case: RequestCase, _policy: Policy) -> ModalView:
    """Say who answers for it from now on."""
    blocks = [
        section("They'll answer questions, test it and sign it off."),
        field(Field.PERSON, "Who answers for it?", people_menu(Field.PERSON, "Choose somebody")),
    ]
    return modal(f"Hand over {case.id}", blocks, callback=View.HAND_OVER, submit="Hand over", metadata=_of(case))


WRITTEN_THERE = "It is written into the issue under your name."


def _way(policy: Policy, kind: RequestKind) -> Any:  # noqa: ANN401 - each has a label and a description
    own = policy.request
    return own.form(kind) or (own.question if kind is RequestKind.QUESTION else own.portal)


def _self_service(key: str, item: SelfService) -> list[Block]:
    draft = [button("Draft the merge request", Button.DRAFT, key)] if item.merge_request else []
    return [
        section(f"*{escape(item.label)}*\n{escape(item.description)}"),
        *actions([link_button("Show me how", item.url, Button.OPEN_PAGE), *draft]),
    ]


def _beginning(policy: Policy, draft: RequestCase | None, warning: str) -> list[Block]:
    if draft is None:
        return [section(warning)] if warning else []
    unsent = f":floppy_disk: You typed this {slack_date(draft.opened_at, policy.zone)} and didn't send it."
    said = f":warning: {escape(draft.returned)}" if draft.returned else unsent
    return [section(warning or said), *actions([button("Start over", Button.START_OVER, draft.id)])]


def _issue(policy: Policy, kind: RequestKind, issue: IssueForm, words: Words) -> list[Block]:
    own = policy.request
    severities = [Choice(key, one.label, one.description) for key, one in own.severities.items()]
    sizes = [Choice(key, one.label, one.description) for key, one in own.sizes.items()]
    limit = own.text_limit
    fields = [
        field(
            name,
            one.label,
            text_input(name, one.placeholder, words.get(name, "")[:limit], multiline=one.long, limit=limit),
            hint=one.hint or "",
            optional=not one.required,
        )
        for name, one in ((texts.field_name(key), one) for key, one in issue.fields.items())
    ]
    blocks = [context(escape(issue.told)), _line(own.words.summary, Field.SUMMARY, words), *fields]
    if kind is RequestKind.BUG:
        asked = own.words.severity
        element = menu(Field.SEVERITY, severities, asked.placeholder, words.get(Field.SEVERITY))
        blocks.append(field(Field.SEVERITY, asked.label, element, hint=asked.hint))
    if kind is RequestKind.FEATURE:
        asked = own.words.size
        element = radio(Field.SIZE, sizes, words.get(Field.SIZE))
        blocks.append(field(Field.SIZE, asked.label, element, hint=asked.hint))
    blocks.append(_line(own.words.cc, Field.CC, words, optional=True))
    if issue.confirm:
        choices = [Choice(str(number), one) for number, one in enumerate(own.confirmations)]
        blocks.append(field(Field.CONFIRM, "Please confirm", checkboxes(Field.CONFIRM, choices)))
    return blocks


def _portal(policy: Policy, words: Words) -> list[Block]:
    own = policy.request
    return [
        section(
            f":no_entry_sign: *Don't reply to the customer.* A public reply takes the SLA clock off the ticket. "
            f"I'll set its form to *{escape(own.portal.form)}* and leave an internal note."
        ),
        _line(own.words.ticket, Field.TICKET, words),
        _text(own.words.why, Field.WHY, words, policy, long=True),
    ]


def _merge_request(policy: Policy, item: SelfService, words: Words) -> list[Block]:
    wanted = item.merge_request
    limit = policy.request.text_limit
    files = [Choice(path, path[-75:]) for path in (wanted.files if wanted else ())]
    find = text_input(Field.FIND, initial=words.get(Field.FIND, ""), multiline=True, limit=limit)
    replace = text_input(Field.REPLACE, initial=words.get(Field.REPLACE, ""), multiline=True, limit=limit)
    reason = text_input(Field.REASON, initial=words.get(Field.REASON, ""), multiline=True, limit=limit)
    return [
        context(f"{escape(item.description)} <{item.url}|Show me how>"),
        _line(policy.request.words.summary, Field.SUMMARY, words),
        field(Field.FILE, "File", menu(Field.FILE, files, "Choose a file", words.get(Field.FILE))),
        field(
            Field.FIND,
            "Text to replace",
            find,
            hint="Exactly as it stands in the file, and long enough to stand there once. Empty: add at the end.",
            optional=True,
        ),
        field(Field.REPLACE, "New text", replace, hint="Mind the spaces at the beginning of lines.", optional=True),
        field(Field.REASON, "Why?", reason, hint="For whoever approves it."),
    ]


def _line(asked: Question, name: Field, words: Words, *, optional: bool = False) -> Block:
    element = text_input(name, asked.placeholder, words.get(name, "")[:LINE_LIMIT], limit=LINE_LIMIT)
    return field(name, asked.label, element, hint=asked.hint, optional=optional)


def _text(asked: Question, name: Field, words: Words, policy: Policy, *, long: bool) -> Block:
    limit = policy.request.text_limit
    element = text_input(name, asked.placeholder, words.get(name, "")[:limit], multiline=long, limit=limit)
    return field(name, asked.label, element, hint=asked.hint)


def _of(case: RequestCase) -> str:
    return Memory(case=case.id).text
