"""The listeners of feedback: each reads what came, hands one event to the engine, and answers the person.

Nothing is acknowledged before it is saved; nobody waits here for a vendor.
"""

import html
import re
from collections.abc import Callable

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.feedback import modals, parsing, texts
from handlers.feedback.ids import COMMAND, SHORTCUT, Button, View
from handlers.feedback.modals import Prefill
from handlers.kit import texts as private
from handlers.kit.cases import Cases
from handlers.kit.context import Desk
from handlers.kit.memory import Memory
from handlers.kit.permissions import Managers
from handlers.kit.responses import (
    Body,
    action_key,
    errors_at,
    note,
    open_modal,
    push_modal,
    replace_modal,
    say_privately,
    update_modal,
)
from workflows.contract.errors import EffectError
from workflows.feedback import model
from workflows.feedback.model import FeedbackCase, open_key

AT_ONCE: dict[str, Callable[[str], object]] = {
    Button.ACKNOWLEDGE: model.Acknowledged,
    Button.CUSTOMER_TOLD: model.CustomerTold,
    Button.RETRY_TAG: lambda by: model.RetryAsked(by, model.Retry.TAG),
    Button.RETRY_ISSUE: lambda by: model.RetryAsked(by, model.Retry.ISSUE),
    Button.RETRY_CARD: lambda by: model.RetryAsked(by, model.Retry.CARD),
    Button.CALL_MANAGER: model.ManagerCalled,
    Button.THREAT: lambda by: model.ManagerCalled(by, threat=True),
    Button.TAKE_CALL: model.ManagerTook,
    Button.WORDS: model.WordsAsked,
}
"""The buttons that act at once."""

EXAMPLE_ISSUE = 1234

OPENS = {Button.MOVE, Button.LINK, Button.CORRECT_TICKET}
"""The buttons that ask something first."""


def register(app: App, desk: Desk) -> None:
    """Hear everything that concerns feedback. Few listeners: bolt tries each in turn."""
    listeners = Listeners(desk)
    app.action(re.compile(r"^feedback\."))(listeners.pressed)
    app.view(re.compile(r"^feedback\."))(listeners.submitted)
    app.view_closed(re.compile(r"^feedback\."))(listeners.closed)
    app.command(COMMAND)(listeners.typed)
    app.shortcut(SHORTCUT)(listeners.chosen)


class Listeners:
    """What is done with each thing Slack tells us of."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.policy = desk.policy
        self.cases = Cases(desk, model.KIND, FeedbackCase)
        self.managers = Managers(desk.policy, desk.slack)

    def typed(self, body: Body, ack: Ack, client: WebClient) -> None:
        """`/feedback`, `/feedback help`, `/feedback 123456 the text`."""
        text = html.unescape(body.get("text") or "")  # Slack escapes what was typed
        if text.strip().lower() in {"help", "?"}:
            ack(text=texts.help_text(self.policy))
        else:
            prefill = parsing.of_command(text, self.policy) if text.strip() else self._unfinished(body["user_id"])
            opened = open_modal(client, body, modals.form(self.policy, prefill))
            ack() if opened else ack(text=private.not_opened(text))

    def chosen(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """The message shortcut "Send as feedback"."""
        if not open_modal(client, body, modals.form(self.policy, parsing.of_message(body, self.policy))):
            say_privately(private.not_opened(""), body, client, respond)
        ack()

    def submitted(self, body: Body, ack: Ack) -> None:
        """A modal was sent."""
        view, name = body["view"], body["view"]["callback_id"]
        case_id = Memory.of(view).case
        if self.cases.read(case_id or "") is None and (case_id or name != View.FORM):
            ack(**push_modal(note(private.no_such_case(case_id or ""))))
            return
        answer = {
            View.FORM: self._form,
            View.PREVIEW: self._preview,
            View.DUPLICATE: self._duplicate,
            View.MOVE: self._move,
            View.LINK: self._link,
            View.TICKET: self._ticket,
        }[name](body, view)
        ack(**answer)

    def closed(self, body: Body, ack: Ack) -> None:
        """A modal was closed without sending it: what was typed is kept."""
        view, by = body["view"], body["user"]["id"]
        memory = Memory.of(view)
        if memory.case and not self._is_own_draft(memory.case, body):
            ack()
            return
        left = parsing.of_closed_form(view, by, self.policy) if view["callback_id"] == View.FORM else None
        key = f"closed:{view['id']}:{memory.round}"
        if memory.case is not None:
            self.cases.submit(memory.case, left or model.ModalClosed(by, view["id"]), key)
        elif left is not None:
            self.cases.open(left, key)
        ack()

    def pressed(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """A button was pressed, on a card or in a modal."""
        action = body["actions"][0]
        name = action["action_id"]
        refusal = None if name == Button.OPEN_PAGE else self._press(name, action, body, client)
        if refusal is not None:
            say_privately(refusal, body, client, respond)
        ack()

    def _press(self, name: str, action: Body, body: Body, client: WebClient) -> str | None:
        """Do what the button says; a sentence for the person when it cannot be done."""
        case = self.cases.read(action.get("value", ""))
        if case is None:
            return private.no_such_case(action.get("value", ""))
        if name == Button.TAKE_CALL and not self._may_take(case, body["user"]["id"]):
            return texts.not_called(self.policy)
        if name == Button.BACK and not _is_own(case, body):
            return texts.not_yours()
        if name == Button.BACK:
            return self._back_to_form(case, action, body, client)
        if name in OPENS:
            return self._ask_first(Button(name), case, body, client)
        by = body["user"]["id"]
        return self.cases.submit(case.id, AT_ONCE[name](by), action_key(action, body)).refusal

    def _back_to_form(self, case: FeedbackCase, action: Body, body: Body, client: WebClient) -> str | None:
        """Show the form again; answers that still come must not replace what is being typed there."""
        view_id = body["view"]["id"]
        self.cases.submit(case.id, model.ModalClosed(body["user"]["id"], view_id), action_key(action, body))
        update_modal(client, {"id": view_id}, modals.form(self.policy, Prefill.of(case)))
        return None

    def _ask_first(self, name: Button, case: FeedbackCase, body: Body, client: WebClient) -> str | None:
        if case.state == model.FeedbackState.CLOSED and name is Button.MOVE:
            return texts.closed(case, self.policy)
        opened = open_modal(client, body, self._question(name, case))
        return None if opened else private.not_opened("")

    def _question(self, name: Button, case: FeedbackCase) -> Body:
        match name:
            case Button.MOVE:
                return modals.move(case, self.policy)
            case Button.LINK:
                return modals.link(case, self.desk.issue_addresses.of(EXAMPLE_ISSUE), self.policy)
            case _:
                return modals.correct_ticket(case, self.policy)

    def _form(self, body: Body, view: Body) -> Body:
        memory, by = Memory.of(view), body["user"]["id"]
        if memory.case and not self._is_own_draft(memory.case, body):
            return errors_at({"ticket": texts.not_yours()})
        typed = parsing.of_form(view, self.policy)
        if isinstance(typed, dict):
            return errors_at(typed)
        event = model.Drafted(by, typed, view["id"], memory.source)
        key = f"form:{view['id']}:{memory.round}"
        outcome = self.cases.submit(memory.case, event, key) if memory.case else self.cases.open(event, key)
        if outcome.case is None:
            return errors_at({"ticket": outcome.refusal or "This was sent already."})
        other = self.desk.engine.cases.with_open_key(open_key(typed.ticket, typed.kind, by))
        return replace_modal(self._draft_or_duplicate(outcome.case, other, body))

    def _preview(self, body: Body, view: Body) -> Body:
        memory, by = Memory.of(view), body["user"]["id"]
        case = self._draft(memory.case)
        if not _is_own(case, body):
            return push_modal(note(texts.not_yours()))
        confirmed = parsing.of_preview(view, case, by, self.desk.issue_addresses, self.policy)
        if isinstance(confirmed, dict):
            return errors_at(confirmed)
        outcome = self.cases.submit(case.id, confirmed, f"preview:{view['id']}:{memory.round}")
        if outcome.case is not None or case.state != model.FeedbackState.DRAFT:
            return {}
        return replace_modal(self._draft_or_duplicate(self._draft(memory.case), outcome.duplicate, body))

    def _duplicate(self, body: Body, view: Body) -> Body:
        memory, by = Memory.of(view), body["user"]["id"]
        case = self._draft(memory.case)
        if not _is_own(case, body):
            return push_modal(note(texts.not_yours()))
        added = model.TextAdded(by, case.text)
        outcome = self.cases.submit(memory.duplicate or "", added, f"duplicate:{view['id']}:{memory.round}")
        if outcome.case is None:  # closed meanwhile: what was typed becomes a case of its own
            return replace_modal(modals.draft(case, self.policy))
        self.cases.submit(case.id, model.Discarded(by), f"discard:{view['id']}:{memory.round}")
        return {}

    def _move(self, body: Body, view: Body) -> Body:
        area = parsing.of_area(view, self.policy)
        if isinstance(area, dict):
            return errors_at(area)
        return self._then(view, model.Moved(body["user"]["id"], area), "area")

    def _link(self, body: Body, view: Body) -> Body:
        issue = parsing.of_issue_link(view, self.desk.issue_addresses, self.policy)
        if isinstance(issue, dict):
            return errors_at(issue)
        return self._then(view, model.IssueLinked(body["user"]["id"], issue), "issue_link")

    def _ticket(self, body: Body, view: Body) -> Body:
        ticket = parsing.of_ticket(view, self.policy)
        if isinstance(ticket, dict):
            return errors_at(ticket)
        return self._then(view, model.TicketCorrected(body["user"]["id"], ticket), "ticket")

    def _then(self, view: Body, event: object, field: str) -> Body:
        """Let it happen; a refusal stands below the field, and the modal stays open."""
        outcome = self.cases.submit(Memory.of(view).case or "", event, f"view:{view['id']}:{view['callback_id']}")
        if outcome.duplicate is not None:
            return errors_at({field: texts.duplicate(outcome.duplicate)})
        return errors_at({field: outcome.refusal}) if outcome.refusal else {}

    def _draft_or_duplicate(self, case: FeedbackCase, other: FeedbackCase | None, body: Body) -> Body:
        """The draft, or the offer of an open case, which answers that still come must not replace."""
        if other is None or other.id == case.id:
            return modals.draft(case, self.policy)
        view_id = body["view"]["id"]
        self.cases.submit(case.id, model.ModalClosed(body["user"]["id"], view_id), f"offered:{view_id}:{case.round}")
        return modals.duplicate(case, self.policy, other)

    def _unfinished(self, user: str) -> Prefill:
        """What this person typed and did not send, if they did lately."""
        draft = self.desk.engine.cases.newest(model.KIND, model.FeedbackState.DRAFT, owner=user)
        return Prefill.of(draft, texts.unfinished(draft, self.policy)) if draft else Prefill()

    def _may_take(self, case: FeedbackCase, user: str) -> bool:
        """Whether somebody was called, by id or e-mail address, or is a manager."""
        called = set(case.call.notified) if case.call else set()
        return user in called or self.managers.includes(user) or bool(called & {self._email(user)})

    def _email(self, user: str) -> str | None:
        try:
            return self.desk.slack.person(user).email
        except EffectError:
            return None

    def _is_own_draft(self, case_id: str | None, body: Body) -> bool:
        case = self.cases.read(case_id or "")
        return case is not None and _is_own(case, body)

    def _draft(self, case_id: str | None) -> FeedbackCase:
        case = self.cases.read(case_id or "")
        if case is None:
            raise LookupError(f"There is no case {case_id}.")
        return case


def _is_own(case: FeedbackCase, body: Body) -> bool:
    return case.submitter == str(body["user"]["id"])
