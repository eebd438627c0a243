"""The forms of satisfaction reviews. What was typed always comes back with what was wrong with it."""

import json
from typing import Any

from handlers.kit.blocks import Block, Choice, context, field, menu, modal, radio, section, text_input
from handlers.review import queue
from handlers.review.ids import CLOSE_IT, KEEP_OPEN, NO, YES, Field, View
from workflows.lib.markup import escape, quote, safe
from workflows.policy.model import Policy
from workflows.review.model import ReviewCase

ModalView = dict[str, Any]


def triage(case: ReviewCase, policy: Policy) -> ModalView:
    """The page's three lines, the label that says why, and what happens then."""
    limit, found = policy.review.text_limit, case.assessment
    contact = YES if case.contact_requested or (found and found.contact) else NO
    blocks: list[Block] = [
        section(queue.headline(case, policy)),
        section(quote(safe(case.words))) if case.words else context("The customer left no comment."),
        field(
            Field.SUMMARY,
            "Summary of ticket/feedback",
            text_input(Field.SUMMARY, "", found.summary if found else "", multiline=True, limit=limit),
            hint="Written to the feedback issue, never to the ticket.",
        ),
        field(
            Field.ACTION,
            "Action to be taken",
            text_input(Field.ACTION, "", found.action if found else "", multiline=True, limit=limit),
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
    memory = json.dumps({"case": case.id})
    return modal(f"Triage {case.id}", blocks, callback=View.TRIAGE, submit="Save", metadata=memory)


def _labels(case: ReviewCase, policy: Policy) -> dict[str, Any]:
    known = policy.review.feedback_labels.items()
    return menu(Field.LABEL, [Choice(label, label, meaning) for label, meaning in known], "Choose one", case.label)


def _descriptions(policy: Policy) -> list[str]:
    """What each label means, in full: a menu cuts it."""
    lines = [f"*{escape(name)}* {escape(meaning)}" for name, meaning in policy.review.feedback_labels.items()]
    half = (len(lines) + 1) // 2
    return ["\n".join(lines[:half]), "\n".join(lines[half:])] if lines[half:] else ["\n".join(lines)]
