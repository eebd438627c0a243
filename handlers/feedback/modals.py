"""The modals of feedback. What was typed always comes back with what was wrong with it."""

from dataclasses import dataclass
from typing import Any

from handlers.feedback import cards
from handlers.feedback.ids import NEW_ISSUE, NO_ISSUE, Button, Field, View
from handlers.kit.blocks import (
    Block,
    Choice,
    actions,
    button,
    context,
    divider,
    field,
    link_button,
    menu,
    modal,
    radio,
    section,
    text_input,
)
from handlers.kit.memory import Memory
from handlers.kit.tickets import ticket_label, ticket_link
from workflows.feedback import texts
from workflows.feedback.drafting import SEARCHED
from workflows.feedback.model import Check, FeedbackCase, FeedbackState
from workflows.lib.markup import code_block, cut, escape
from workflows.policy.feedback import Kind, WordsInIssues
from workflows.policy.model import Policy

ModalView = dict[str, Any]

LINE_LIMIT = 500


@dataclass(frozen=True)
class Prefill:
    """What the form shows when it opens. `draft` is the case it belongs to, `round` which sending this will be."""

    ticket: str = ""
    kind: Kind | None = None
    text: str = ""
    area: str = ""
    feature: str = ""
    warning: str = ""
    source: str | None = None
    draft: str | None = None
    round: int = 0

    @classmethod
    def of(cls, case: FeedbackCase, warning: str = "") -> "Prefill":
        """What was typed into a draft."""
        return cls(
            ticket=str(case.ticket or ""),
            kind=case.kind,
            text=case.text,
            area=case.area,
            feature=case.feature,
            warning=warning,
            source=case.source,
            draft=case.id,
            round=case.round,
        )


def form(policy: Policy, prefill: Prefill) -> ModalView:
    """The first modal: what is asked of the person."""
    asked, limit = policy.feedback.questions, policy.feedback.text_limit
    kinds = [Choice(kind, words.label, words.description) for kind, words in policy.feedback.kinds.items()]
    areas = [Choice(key, area.label) for key, area in policy.feedback.areas.items()]
    too_long = len(prefill.text) > limit
    blocks: list[Block] = [
        *([section(prefill.warning)] if prefill.warning else []),
        *([context(f"The text was longer than {limit} characters: here is its beginning.")] if too_long else []),
        _question(
            asked.ticket,
            Field.TICKET,
            text_input(Field.TICKET, asked.ticket.placeholder, prefill.ticket, limit=LINE_LIMIT),
        ),
        _question(asked.kind, Field.KIND, radio(Field.KIND, kinds, prefill.kind or Kind.PRODUCT)),
        _question(
            asked.text,
            Field.TEXT,
            text_input(Field.TEXT, asked.text.placeholder, prefill.text[:limit], multiline=True, limit=limit),
        ),
        _question(
            asked.area,
            Field.AREA,
            menu(Field.AREA, areas, asked.area.placeholder, prefill.area or policy.feedback.default_area),
        ),
        _question(
            asked.feature,
            Field.FEATURE,
            text_input(Field.FEATURE, asked.feature.placeholder, prefill.feature, limit=LINE_LIMIT),
            optional=True,
        ),
    ]
    return modal(
        asked.title,
        blocks,
        callback=View.FORM,
        submit=asked.submit,
        metadata=Memory(case=prefill.draft, round=prefill.round, source=prefill.source).text,
        notify_on_close=True,
    )


def open_draft(case: FeedbackCase, policy: Policy) -> ModalView | None:
    """The draft in the modal that is open for it; None when the person has gone back to typing, or away."""
    return draft(case, policy) if case.view_id and case.state == FeedbackState.DRAFT else None


def draft(case: FeedbackCase, policy: Policy) -> ModalView:
    """The draft as it is now: the form again when the ticket is wrong, else what will be sent."""
    if case.check is Check.MISSING:
        return form(
            policy, Prefill.of(case, f":x: There is no ticket {ticket_label(case)}. Please correct its number.")
        )
    blocks = [
        *_preview(case, policy),
        *_issue_question(case, policy),
        divider(),
        context(cards.ticket_words(case, policy)),
        *([context(cards.call_words(case, policy))] if case.call else []),
        *actions(_draft_buttons(case, policy)),
    ]
    return modal(
        f"{texts.kind_label(case, policy)}"[:24],
        blocks,
        callback=View.PREVIEW,
        submit="Send" if case.has_card else "Done",
        metadata=Memory(case=case.id, round=case.round).text,
        notify_on_close=True,
    )


def duplicate(case: FeedbackCase, policy: Policy, other: FeedbackCase) -> ModalView:
    """There is an open case for this already: offer it."""
    shown = other.messages.get("card") or other.messages.get("confirmation")
    where = f" It stands in <#{shown.channel}>." if shown and other.has_card else ""
    return modal(
        f"{other.id} is open",
        [
            section(
                f"You already sent {escape(texts.kind_label(other, policy).lower())} for ticket "
                f"{ticket_link(other, policy)}: *{other.id}*.{where}\n{cards.typed(other.text, 500)}"
            ),
            section(f"*Add what you typed now to {other.id}?*\n{cards.typed(case.text)}"),
            *actions([button("Change what I typed", Button.BACK, case.id)]),
        ],
        callback=View.DUPLICATE,
        submit=f"Add to {other.id}"[:24],
        metadata=Memory(case=case.id, round=case.round, duplicate=other.id).text,
        notify_on_close=True,
    )


def move(case: FeedbackCase, policy: Policy) -> ModalView:
    """Ask where it belongs."""
    areas = [
        Choice(key, f"{area.label} ({area.channel})"[:75])
        for key, area in policy.feedback.areas.items()
        if key != case.area
    ]
    if not areas:
        return modal("Not ours", [section("There is no other area in the policy.")], callback=View.MOVE, close="Close")
    area = menu(Field.AREA, areas, policy.feedback.questions.area.placeholder)
    blocks = [field(Field.AREA, f"Which area does {case.id} belong to?", area)]
    return modal("Not ours", blocks, callback=View.MOVE, submit="Move it", metadata=Memory(case=case.id).text)


def link(case: FeedbackCase, example: str, policy: Policy) -> ModalView:
    """Ask which issue it is; `example` is the address of one."""
    element = text_input(Field.ISSUE_LINK, example, case.issue.url if case.issue else "", limit=LINE_LIMIT)
    hint = f"Its link, or its number in {policy.feedback.issue_project}. What the customer said is added as a comment."
    blocks = [field(Field.ISSUE_LINK, "Issue", element, hint=hint)]
    return modal("Link issue", blocks, callback=View.LINK, submit="Link it", metadata=Memory(case=case.id).text)


def correct_ticket(case: FeedbackCase, policy: Policy) -> ModalView:
    """Ask which ticket it is really."""
    asked = policy.feedback.questions.ticket
    blocks = [
        _question(
            asked, Field.TICKET, text_input(Field.TICKET, asked.placeholder, str(case.ticket or ""), limit=LINE_LIMIT)
        )
    ]
    return modal(
        "Correct the ticket", blocks, callback=View.TICKET, submit="Correct it", metadata=Memory(case=case.id).text
    )


def _question(asked: Any, block_id: str, element: dict[str, Any], *, optional: bool = False) -> Block:  # noqa: ANN401
    return field(block_id, asked.label, element, hint=asked.hint, optional=optional)


def _preview(case: FeedbackCase, policy: Policy) -> list[Block]:
    match case.kind:
        case Kind.PRODUCT:
            channel = policy.feedback.channel_of(case.area)
            return [context(f"This will be posted in {channel}:"), *cards.card_body(case, policy)]
        case Kind.BUG:
            return [section(escape(policy.feedback.bug_advice)), *_reply(case, policy)]
        case Kind.FEATURE:
            words = "Customers preferably create the proposal themselves; the reply tells them how."
            return [section(words), *_reply(case, policy)]
        case Kind.REFUND:
            words = "Refunds have a workflow of their own: nothing is posted, the ticket is tagged."
            return [section(words), *_reply(case, policy)]
        case Kind.VENTING:
            return [section(f"*What helps*\n{cards.checklist(policy)}"), *_reply(case, policy)]


def _reply(case: FeedbackCase, policy: Policy) -> list[Block]:
    return [section(f"*A reply to copy* (you get it by DM, too):\n{code_block(texts.reply(case, policy))}")]


def _issue_question(case: FeedbackCase, policy: Policy) -> list[Block]:
    if case.kind not in SEARCHED or not (case.feature or case.kind is Kind.BUG):
        return []
    if case.found is None:
        # A block of its own: Slack would keep what is chosen here when the issues that were found take its place.
        looking = context(":mag: Looking for existing issues…")
        return [looking, *_own_issue(case, [], Field.ISSUE_UNSEARCHED), _what_leaves(policy)]
    found = [Choice(str(i.number), _issue_label(i.number, i.title), "Add to this issue") for i in case.found]
    blind = (
        ":hourglass: The tracker does not answer just now: there may be an issue already. Its link can be pasted below."
    )
    asked = [*([context(blind)] if case.search_failed else []), *_own_issue(case, found, Field.ISSUE)]
    return [*asked, _what_leaves(policy)]


def _what_leaves(policy: Policy) -> Block:
    """Who reads a customer's words once they stand in an issue."""
    project = escape(policy.feedback.issue_project)
    link = "a link to the ticket that only staff can open"
    match policy.feedback.words_in_issues:
        case WordsInIssues.LEFT_OUT:
            said = f"An issue in {project} gets {link}, and none of the customer's words."
        case WordsInIssues.CONFIDENTIAL:
            said = (
                f"An issue gets what the customer said, word for word, and {link}. It is confidential: only members of "
                f"{project} read it there. Leave out names and secrets."
            )
        case WordsInIssues.OPEN:
            said = (
                f"An issue gets what the customer said, word for word, and {link}. Whoever can see {project} reads it "
                "there. Leave out names and secrets."
            )
    return context(f":outbox_tray: {said}")


def _own_issue(case: FeedbackCase, found: list[Choice], block_id: Field) -> list[Block]:
    none = [] if case.kind is Kind.BUG else [Choice(NO_ISSUE, "No issue, only the channel")]
    choices = [*found, Choice(NEW_ISSUE, "Open a new issue"), *none]
    link_input = text_input(Field.ISSUE_LINK, "https://… or a number", limit=LINE_LIMIT)
    return [
        field(
            block_id,
            "Issue",
            radio(block_id, choices, None if case.kind is Kind.BUG else NO_ISSUE),
        ),
        field(Field.ISSUE_LINK, "Or another existing issue", link_input, optional=True),
    ]


def _issue_label(number: int, title: str) -> str:
    return cut(f"#{number} {title}", 75)


def _draft_buttons(case: FeedbackCase, policy: Policy) -> list[dict[str, Any]]:
    buttons = [button("Change what I typed", Button.BACK, case.id)]
    if case.kind is Kind.REFUND:
        buttons.append(link_button("Refund workflow", policy.feedback.refund_url, Button.OPEN_PAGE))
    if case.kind is Kind.FEATURE:
        buttons.append(link_button("New issue page", policy.feedback.new_issue_url, Button.OPEN_PAGE))
    return buttons + (cards.call_buttons(case) if case.kind is Kind.VENTING else [])
