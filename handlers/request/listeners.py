"""The listeners of requests: each reads what came, hands one event to the engine, and answers the person.

Nothing is acknowledged before it is saved; nobody waits here for a vendor.
"""

import html
import re
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.kit import home
from handlers.kit import texts as private
from handlers.kit.context import Desk
from handlers.kit.memory import Memory
from handlers.kit.parsing import state_values
from handlers.kit.responses import (
    Body,
    action_key,
    errors_at,
    note,
    open_modal,
    push_modal,
    replace_modal,
    say_privately,
)
from handlers.request import modals, parsing, texts
from handlers.request.ids import COMMAND, Button, Field, View
from workflows.contract.case_effects import SummarizeCases
from workflows.contract.engine import Outcome
from workflows.contract.events import CaseSummary
from workflows.policy.request import RequestKind
from workflows.request import model
from workflows.request.model import KIND, RequestCase, RequestState

log = structlog.get_logger(__name__)

AT_ONCE: dict[str, Callable[[str], object]] = {
    Button.RETRY: model.RetryAsked,
    Button.SIGN_OFF: model.SignedOff,
    Button.TAKE_OVER: lambda by: model.TakenOver(by, by),
    Button.WITHDRAW: model.Withdrawn,
    Button.GOT_ANSWER: model.Withdrawn,
    Button.REOPEN: model.ReopenAsked,
}
"""The buttons that act at once."""

OLD_FORM = "This form is out of date, so nothing was sent. Please copy what you typed and open it again."

OPENS = {Button.ANSWER: modals.answer, Button.NOT_YET: modals.not_yet, Button.HAND_OVER: modals.hand_over}
"""The buttons that ask something first."""


def register(app: App, desk: Desk) -> None:
    """Hear everything that concerns requests."""
    listeners = Listeners(desk)
    app.action(re.compile(r"^request\."))(listeners.pressed)
    app.view(re.compile(r"^request\."))(listeners.submitted)
    app.view_closed(re.compile(r"^request\."))(listeners.closed)
    app.command(COMMAND)(listeners.typed)


class Listeners:
    """What is done with each thing Slack tells us of."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.policy = desk.policy

    # -------------------------------------------------------------------------------------- the command

    def typed(self, body: Body, ack: Ack, client: WebClient) -> None:
        """`/supportops`, `/supportops list`, `/supportops bug what is broken`, ..."""
        text = html.unescape(str(body.get("text") or ""))  # Slack escapes what was typed
        words = text.split()
        first = words[0].lower() if words else ""
        if first in {"help", "?"}:
            ack(text=texts.help_text(self.policy))
        elif first == "tips":
            ack(text=texts.tips(self.policy))
        elif first == "list":
            ack(text=self._listed(words[1:], body["user_id"]))
        else:
            opened = open_modal(client, body, self._first_form(text, body["user_id"]))
            ack() if opened else ack(text=private.not_opened(text))

    def _listed(self, words: Sequence[str], user: str) -> str:
        everything = "all" in words
        page = next((int(word) for word in words if word.isdecimal()), 1)
        return texts.listed(self.mine(user, everything=everything), page, everything=everything)

    def mine(self, user: str, *, everything: bool = False) -> list[CaseSummary]:
        """The requests somebody answers for, the oldest first; drafts are none yet."""
        now = self.desk.clock.now()
        asked = SummarizeCases(purpose="list", kinds=(KIND,), owner=user, since=None if everything else now)
        found = self.desk.engine.cases.summaries(asked, self.policy, now).cases
        return [one for one in found if one.details["sent"] and (everything or one.is_open)]

    def _first_form(self, text: str, user: str) -> Body:
        """What one can do oneself first; a form that was not sent comes back; a word for a kind opens its form."""
        kind, rest = parsing.of_command(text)
        if kind is not None:
            return modals.form(self.policy, kind, parsing.first_words(kind, rest, self.policy))
        draft = None if text.strip() else self._draft(user)
        if draft is not None and self._has_form(draft):
            return modals.form(self.policy, draft.kind, draft.words, item=draft.item, draft=draft)
        return modals.start(self.policy, rest)

    def _has_form(self, draft: RequestCase) -> bool:
        """Whether what it is about is in the policy yet."""
        return draft.kind is not RequestKind.MERGE_REQUEST or draft.item in self.policy.request.self_service

    def _draft(self, user: str) -> RequestCase | None:
        found = self.desk.engine.cases.newest(KIND, RequestState.DRAFT, user)
        return found if isinstance(found, RequestCase) else None

    # -------------------------------------------------------------------------------------- forms

    def submitted(self, body: Body, ack: Ack) -> None:
        """A modal was sent."""
        view = body["view"]
        answer = {
            View.START: self._started,
            View.FORM: self._sent,
            View.ANSWER: self._answered,
            View.NOT_YET: self._not_yet,
            View.HAND_OVER: self._handed_over,
        }[view["callback_id"]](body, view)
        ack(**answer)

    def _started(self, _body: Body, view: Body) -> Body:
        chosen = parsing.of_start(view)
        if isinstance(chosen, dict):
            return errors_at(chosen)
        kind, typed = chosen
        return replace_modal(modals.form(self.policy, kind, parsing.first_words(kind, typed, self.policy)))

    def _sent(self, body: Body, view: Body) -> Body:
        by, memory = body["user"]["id"], Memory.of(view)
        if memory.kind not in set(RequestKind):
            return push_modal(note(OLD_FORM))
        event = parsing.of_form(view, by, self.policy)
        if isinstance(event, dict):
            return errors_at(event)
        now, key = self.desk.clock.now(), f"form:{view['id']}"
        if memory.case is not None:
            outcome: Outcome[Any] = self._happens(memory.case, event, key)
        else:
            outcome = self.desk.engine.open(KIND, event, key=key, now=now)
        return push_modal(note(outcome.refusal)) if outcome.refusal else {}

    def closed(self, body: Body, ack: Ack) -> None:
        """A form was closed without sending it: what was typed is kept."""
        view, by = body["view"], body["user"]["id"]
        memory = Memory.of(view)
        is_form = view["callback_id"] == View.FORM and memory.kind in set(RequestKind)
        left = parsing.of_closed_form(view, by) if is_form else None
        key = f"closed:{view['id']}"
        if left is not None and memory.case is not None:
            self._happens(memory.case, left, key)
        elif left is not None:
            self.desk.engine.open(KIND, left, key=key, now=self.desk.clock.now())
        ack()

    def _answered(self, body: Body, view: Body) -> Body:
        words = parsing.of_text(view)
        return (
            errors_at(words) if isinstance(words, dict) else self._then(view, model.Answered(body["user"]["id"], words))
        )

    def _not_yet(self, body: Body, view: Body) -> Body:
        words = parsing.of_text(view)
        return (
            errors_at(words) if isinstance(words, dict) else self._then(view, model.NotYet(body["user"]["id"], words))
        )

    def _handed_over(self, body: Body, view: Body) -> Body:
        who = parsing.person_of(view)
        if not who:
            return errors_at({Field.PERSON: "Please choose somebody."})
        return self._then(view, model.TakenOver(who, body["user"]["id"]))

    def _then(self, view: Body, event: object) -> Body:
        """Let it happen; a refusal stands on top of the modal, which stays open with what was typed."""
        case = self._read(Memory.of(view).case or "")
        if case is None:
            return push_modal(note(private.no_such_case(Memory.of(view).case or "")))
        outcome = self._happens(case.id, event, f"view:{view['id']}")
        return push_modal(note(outcome.refusal)) if outcome.refusal else {}

    # -------------------------------------------------------------------------------------- buttons

    def pressed(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """A button was pressed, on a message, in a modal or in the App Home."""
        action = body["actions"][0]
        refusal = None if action["action_id"] == Button.OPEN_PAGE else self._press(action, body, client)
        if refusal is not None:
            say_privately(refusal, body, client, respond)
        elif (body.get("view") or {}).get("type") == "home":
            home.publish(self.desk, body["user"]["id"], client)
        ack()

    def _press(self, action: Body, body: Body, client: WebClient) -> str | None:
        """Do what the button says; a sentence for the person when it cannot be done."""
        name, value, by = action["action_id"], str(action.get("value") or ""), body["user"]["id"]
        if name == Button.DRAFT and value not in self.policy.request.self_service:
            return OLD_FORM
        if name == Button.DRAFT:
            words: dict[str, str] = {Field.REASON: state_values(body["view"]).get(Field.FIRST_WORDS, "")}
            return _show_instead(client, body, modals.form(self.policy, RequestKind.MERGE_REQUEST, words, item=value))
        case = self._read(value)
        if case is None:
            return private.no_such_case(value)
        if name == Button.START_OVER:
            outcome = self._happens(case.id, model.Discarded(by), action_key(action, body))
            return outcome.refusal or _show_instead(client, body, modals.start(self.policy))
        if name in {Button.EDIT, *OPENS}:
            return self._ask_first(name, case, body, client)
        outcome = self._happens(case.id, AT_ONCE[name](by), action_key(action, body))
        return outcome.refusal

    def _ask_first(self, name: str, case: RequestCase, body: Body, client: WebClient) -> str | None:
        if case.owner != body["user"]["id"]:
            return f"Only <@{case.owner}>, who answers for {case.id}, can do this."
        if name == Button.EDIT and case.state != RequestState.DRAFT:
            return f"{case.id} was sent again already."
        if name == Button.EDIT and not self._has_form(case):
            return OLD_FORM
        if name == Button.EDIT:
            view = modals.form(self.policy, case.kind, case.words, item=case.item, draft=case)
        else:
            view = OPENS[Button(name)](case, self.policy)
        return None if open_modal(client, body, view) else private.not_opened()

    def _read(self, case_id: str) -> RequestCase | None:
        case = self.desk.engine.cases.read(case_id)
        return case if isinstance(case, RequestCase) else None

    def _happens(self, case_id: str, event: object, key: str) -> Outcome[Any]:
        return self.desk.engine.submit(case_id, event, key=key, now=self.desk.clock.now())


def _show_instead(client: WebClient, body: Body, view: Body) -> str | None:
    """Show another form in the place of the one whose button was pressed."""
    try:
        client.views_update(view_id=body["view"]["id"], view=view)
    except (SlackApiError, OSError) as error:
        log.warning("view_not_updated", reason=type(error).__name__)
        return private.not_opened()
    return None
