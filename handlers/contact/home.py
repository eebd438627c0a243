"""The App Home of manager contact: what is overdue, due soon, mine, unclaimed; others see what they asked for."""

from collections.abc import Sequence
from datetime import datetime

from handlers.contact import cards
from handlers.kit.blocks import Block, actions, context, divider, section
from handlers.kit.context import Desk
from handlers.kit.permissions import Managers
from workflows.contact.model import KIND, WAITING, ContactCase, ContactState
from workflows.policy.model import Policy

SHOWN = 4
"""So many of each list: Slack shows a hundred blocks in all."""


def blocks(desk: Desk, user: str, now: datetime) -> Sequence[Block]:
    """What this person has to see of manager contact, the most urgent first."""
    waiting: list[ContactCase] = desk.engine.cases.in_states(KIND, WAITING, None)
    waiting.sort(key=lambda case: (case.due_at or case.opened_at, case.id))
    asked: list[Block] = []
    if Managers(desk.policy, desk.slack).includes(user):
        lists = _for_managers(waiting, user, now, desk.policy)
        asked = _unanswered(desk)
    else:
        lists = {
            "Yours": [case for case in waiting if user in {case.assignee, case.owner}],
            "You asked for": [case for case in waiting if user in case.requesters],
        }
    shown = [block for title, found in lists.items() if found for block in _list(title, found, desk.policy)]
    return [section("*Manager contact*"), *shown, *asked, divider()] if shown or asked else []


def _unanswered(desk: Desk) -> list[Block]:
    """How many messages nobody has said of yet whether they are requests."""
    count = len(desk.engine.cases.in_states(KIND, (ContactState.QUESTION,), None))
    noun = "message waits" if count == 1 else "messages wait"
    line = f":question: {count} {noun} for an answer, whether contact is wanted: `/manager-contact list unanswered`."
    return [context(line)] if count else []


def _for_managers(
    waiting: Sequence[ContactCase], user: str, now: datetime, policy: Policy
) -> dict[str, list[ContactCase]]:
    soon = now + policy.contact.due_soon.length
    return {
        "Overdue": [case for case in waiting if case.due_at and case.due_at <= now],
        "Due soon": [case for case in waiting if case.due_at and now < case.due_at <= soon],
        "Mine": [case for case in waiting if user in {case.assignee, case.owner}],
        "Unclaimed": [case for case in waiting if case.state == ContactState.OPEN],
    }


def _list(title: str, found: Sequence[ContactCase], policy: Policy) -> list[Block]:
    shown = [block for case in found[:SHOWN] for block in _row(case, policy)]
    more = len(found) - SHOWN
    return [
        section(f"*{title}* ({len(found)})"),
        *shown,
        *([context(f"… and {more} more in `/manager-contact list`.")] if more > 0 else []),
    ]


def _row(case: ContactCase, policy: Policy) -> list[Block]:
    lines = "\n".join((cards.headline(case, policy), *cards.facts(case, policy)))
    return [section(lines), *actions(cards.buttons(case))]
