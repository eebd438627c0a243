"""What people do and see in Slack: a command, a button, a card and a reminder."""

from typing import Any

from slack_bolt import Ack, App

from handlers.kit.access import Who
from handlers.kit.blocks import actions, button, context, section
from handlers.kit.context import Desk
from handlers.kit.process import DeskProcess
from handlers.kit.responses import Body, action_key
from tests.example_process.rules import (
    CARD,
    KIND,
    LOANS,
    REMINDER,
    REPORT,
    SHELVES,
    Borrowed,
    Loan,
    LoanState,
    Returned,
    Shelf,
)
from workflows.contract.process import Views
from workflows.contract.slack_port import Message
from workflows.lib.markup import safe
from workflows.policy.model import Policy

COMMAND, RETURN = "/borrow", "loan.return"


def register(app: App, desk: Desk) -> None:
    """Listen to the command and the button; whatever comes of them is saved before Slack is answered."""

    def borrow(body: Body, ack: Ack) -> None:
        event = Borrowed(body["user_id"], str(body.get("text") or "").strip())
        key = f"command:{body['trigger_id']}"
        outcome = desk.engine.open(KIND, event, key=key, now=desk.clock.now())
        ack(text=_answer(outcome.case, outcome.duplicate, outcome.refusal))

    def give_back(body: Body, ack: Ack) -> None:
        action = body["actions"][0]
        event = Returned(body["user"]["id"])
        desk.engine.submit(action["value"], event, key=action_key(action, body), now=desk.clock.now())
        ack()

    app.command(COMMAND)(borrow)
    app.action(RETURN)(give_back)


def _answer(case: Loan | None, duplicate: Loan | None, refusal: str | None) -> str:
    if duplicate is not None:
        return f"<@{duplicate.owner}> has it: {duplicate.id}."
    return refusal or f"It's yours for a week: {case.id if case else ''}."


def card(case: Loan, _policy: Policy, _details: dict[str, Any]) -> Message:
    """The card, rendered from the loan as it is now."""
    text = f"{case.id}: {safe(case.thing)}, {case.state}"
    row = [] if case.is_over else [button("Return it", RETURN, case.id)]
    return Message(text, [section(text), context(f"<@{case.owner}>"), *actions(row)])


def reminder(case: Loan, _policy: Policy, _details: dict[str, Any]) -> Message:
    """The reminder, to who borrowed it."""
    late = " It was due a week after you took it." if case.state == LoanState.OVERDUE else ""
    return Message(f"Please return {safe(case.thing)}.{late}")


def report(case: Shelf, _policy: Policy, _details: dict[str, Any]) -> Message:
    """What is out, once a week."""
    return Message(f"Out this week: {', '.join(map(safe, case.out)) or 'nothing'}")


LOAN = DeskProcess(
    rules=LOANS,
    views=Views(messages={CARD: card, REMINDER: reminder}, modals={}),
    register=register,
    access={COMMAND: Who.ANYBODY, RETURN: Who.ANYBODY},
)
SHELF = DeskProcess(rules=SHELVES, views=Views(messages={REPORT: report}, modals={}), register=lambda _app, _desk: None)
