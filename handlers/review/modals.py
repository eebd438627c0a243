"""The forms of satisfaction reviews. What was typed always comes back with what was wrong with it."""

from dataclasses import dataclass
from typing import Any

from handlers.kit.blocks import Block, Choice, context, field, menu, modal, people_menu, radio, section, text_input
from handlers.kit.memory import Memory
from handlers.review import queue
from handlers.review.ids import CLOSE_IT, DISCUSS, GROUP, KEEP_OPEN, NO, TELL_MANAGERS, YES, Field, View
from workflows.lib.markup import code_block, cut, escape, quote, safe
from workflows.policy.model import Policy
from workflows.review.model import ReviewCase

ModalView = dict[str, Any]


@dataclass(frozen=True)
class Offered:
    """Who seems to be praised: in Slack by their id, else by name; `note` says where that is from."""

    who: str | None = None
    name: str = ""
    note: str = ""


def triage(case: ReviewCase, policy: Policy) -> ModalView:
    """The page's three lines, the label that says why, and what happens then."""
    limit, found = policy.review.text_limit, case.assessment
    contact = YES if case.contact_requested or (found and found.contact) else NO
    blocks: list[Block] = [
        section(queue.headline(case, policy)),
        section(quote(cut(safe(case.words), 2400))) if case.words else context("The customer left no comment."),
        field(
            Field.SUMMARY,
            "Summary of ticket/feedback",
            text_input(Field.SUMMARY, "", found.summary if found else "", multiline=True, limit=limit),
            hint="Written to the feedback issue, never to the ticket.",
        ),
        field(
            Field.ACTION,
            "Action to be taken",
            text_input(Field.ACTION, "", found.action if found else case.next_action, multiline=True, limit=limit),
            optional=True,
        ),
        field(
            Field.CONTACT,
            "Contact customer to discuss feedback?",
            radio(Field.CONTACT, [Choice(YES, "Yes"), Choice(NO, "No")], contact),
        ),
        field(Field.LABEL, "Why was the feedback given?", _labels(case, policy)),
        context(*_descriptions(policy)),
        field(
            Field.NEXT,
            "What happens next?",
            radio(
                Field.NEXT,
                [
                    Choice(CLOSE_IT, "Close it", "Once the customer has been contacted, if you chose Yes"),
                    Choice(KEEP_OPEN, "Keep it open for more discussion"),
                ],
                KEEP_OPEN if case.discussion else CLOSE_IT,
            ),
        ),
        field(
            Field.WHY_OPEN,
            "Why does it stay open?",
            text_input(Field.WHY_OPEN, "", case.discussion.why if case.discussion else "", multiline=True, limit=limit),
            optional=True,
        ),
    ]
    memory = Memory(case=case.id).text
    return modal(f"Triage {case.id}", blocks, callback=View.TRIAGE, submit="Save", metadata=memory)


def act(case: ReviewCase, policy: Policy) -> ModalView:
    """What else comes of it: one thing at a time."""
    choices = [
        *([] if case.discussion_issue else [Choice(DISCUSS, "Open an issue for the team to discuss it")]),
        *(
            []
            if case.managers_informed_by
            else [Choice(TELL_MANAGERS, "Tell the managers of who took part, privately")]
        ),
        *(Choice(f"{GROUP}{name}", f"Make {name} aware") for name in policy.review.product_groups if case.issue),
    ]
    memory = Memory(case=case.id).text
    head = section(queue.headline(case, policy))
    if not choices:
        return modal(f"Follow up {case.id}", [head, context("All of it is done.")], callback=View.ACT, close="Done")
    why = text_input(Field.WHY, "", case.assessment.summary if case.assessment else "", multiline=True)
    why["max_length"] = policy.review.text_limit
    blocks = [
        head,
        field(Field.WHAT, "What should happen?", menu(Field.WHAT, choices[:100], "Choose one")),
        field(Field.WHY, "What should they know?", why, optional=True, hint="Leave out customers' names."),
    ]
    return modal(f"Follow up {case.id}", blocks, callback=View.ACT, submit="Do it", metadata=memory)


def kudos(case: ReviewCase, policy: Policy, offered: Offered, trouble: str | None) -> ModalView:
    """Who was praised, and with which words. `trouble` is why the last week in review could not be written."""
    person = people_menu(Field.WHO, "Choose a person")
    limit = policy.review.text_limit
    blocks: list[Block] = [
        section(queue.headline(case, policy)),
        field(
            Field.WHO,
            "Who was praised?",
            {**person, "initial_user": offered.who} if offered.who else person,
            optional=True,
            hint="Leave it empty for the whole team.",
        ),
        field(
            Field.NAME,
            "Or somebody who isn't in Slack",
            text_input(Field.NAME, "Their name", offered.name, limit=80),
            optional=True,
            hint="Such as somebody who has left.",
        ),
        *([context(escape(offered.note))] if offered.note else []),
        field(
            Field.WORDS,
            "What was said?",
            text_input(Field.WORDS, "", case.words[:limit], multiline=True, limit=limit),
            hint="It stands in the week in review, with the ticket's number. Leave out customers' names.",
        ),
        *(
            [context(f":warning: Kudos wait for the next week in review: {escape(cut(trouble, 300))}")]
            if trouble
            else []
        ),
    ]
    memory = Memory(case=case.id).text
    return modal(f"Kudos, {case.id}", blocks, callback=View.KUDOS, submit="Pass on", metadata=memory)


def congratulate(case: ReviewCase) -> ModalView:
    """A draft for the team's channel: a person posts it."""
    said = f"\n> {case.words}" if case.words else ""
    ticket = f"ticket {case.ticket}"
    draft = f"Thank you all! A customer praised how we handled {ticket}:{said}\nWell done, everybody."
    blocks: list[Block] = [
        section("Copy this, make it yours, and post it where your team reads it. The desk posts nothing."),
        section(code_block(cut(draft, 2500))),
        context("Leave out customers' names."),
    ]
    memory = Memory(case=case.id).text
    return modal("Congratulate the team", blocks, callback=View.CONGRATULATE, close="Done", metadata=memory)


def _labels(case: ReviewCase, policy: Policy) -> dict[str, Any]:
    known = policy.review.feedback_labels.items()
    return menu(Field.LABEL, [Choice(label, label, meaning) for label, meaning in known], "Choose one", case.label)


def _descriptions(policy: Policy) -> list[str]:
    """What each label means, in full: a menu cuts it."""
    lines = [f"*{escape(name)}* {escape(meaning)}" for name, meaning in policy.review.feedback_labels.items()]
    half = (len(lines) + 1) // 2
    return ["\n".join(lines[:half]), "\n".join(lines[half:])] if lines[half:] else ["\n".join(lines)]
