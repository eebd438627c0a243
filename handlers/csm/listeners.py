"""The listeners of `/csm`: each reads what came, hands one event to the engine, and answers.

Nothing is acknowledged before it is saved; what has to be asked of a vendor is answered later, by direct message.
"""

import html
import re
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.csm import modals, parsing, texts
from handlers.csm.ids import COMMAND, Button, Field, View
from handlers.kit import texts as private
from handlers.kit.context import Desk
from handlers.kit.parsing import as_read, state_values
from handlers.kit.reports import of_report
from handlers.kit.responses import (
    Body,
    action_key,
    errors_at,
    open_modal,
    opened_modal,
    say_privately,
)
from workflows.contract import links
from workflows.contract.engine import open_or_submit
from workflows.contract.errors import EffectError
from workflows.contract.events import CaseNotified
from workflows.csm import model, people
from workflows.csm.model import (
    AccountAsked,
    ChoosingBegun,
    Chosen,
    ChosenByName,
    ProjectAsked,
    ProjectChangeAsked,
    Question,
    Who,
)
from workflows.csm.notices import person_key
from workflows.csm.pasted import LinkCase, LinkShared
from workflows.policy.csm import AccountSource

log = structlog.get_logger(__name__)


def register(app: App, desk: Desk) -> None:
    """Hear everything that concerns customer success managers."""
    listeners = Listeners(desk)
    app.action(re.compile(r"^csm\."))(listeners.pressed)
    app.view(re.compile(r"^csm\."))(listeners.submitted)
    app.command(COMMAND)(listeners.typed)


class Listeners:
    """What is done with each thing Slack tells us of."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.policy = desk.policy

    # -------------------------------------------------------------------------------------- the command

    def typed(self, body: Body, ack: Ack, client: WebClient) -> None:
        """`/csm account ACME` and the others."""
        text = html.unescape(str(body.get("text") or ""))  # Slack escapes what was typed
        word, _, rest = text.strip().partition(" ")
        if word.lower() == "notify" and not rest.strip() and not self._refusal(body):
            opened = self._choose(body, client)
            ack() if opened else ack(text=private.not_opened(text))
            return
        words: dict[str, Callable[[str, Body], str]] = {
            "tips": lambda _rest, _body: texts.tips(self.policy),
            "feedback": self._feedback,
            "account": self._account,
            "onboarding": self._account,
            "project": self._project,
            "notify": self._notify,
        }
        known = words.get(word.lower())
        ack(text=known(rest.strip(), body) if known else texts.HELP)

    def _feedback(self, rest: str, body: Body) -> str:
        """What a customer wrote becomes a review, with its source and its next action."""
        found = of_report(rest, texts.FEEDBACK_USAGE, self.policy)
        if isinstance(found, str):
            return private.with_what_was_typed(f":warning: {found}", rest)
        now, by = self.desk.clock.now(), body["user_id"]
        details = {
            "by": by,
            "at": now.isoformat(),
            "tone": found.tone.value,
            "words": found.words,
            "next_action": found.next_action,
        }
        event = CaseNotified(f"{links.REVIEW}:{found.ticket.key}", by, links.INDIRECT, details)
        key = f"command:{body['trigger_id']}"
        outcome = open_or_submit(self.desk.engine, links.REVIEW, event, key=key, now=now)
        if outcome.case is None:
            return private.with_what_was_typed(outcome.refusal or "Nothing was saved.", rest)
        return texts.passed_on(
            outcome.case.id, is_known=outcome.duplicate is not None, has_next=bool(found.next_action)
        )

    def _account(self, rest: str, body: Body) -> str:
        what = Question(str(body["text"]).strip().partition(" ")[0].lower())
        name = as_read(rest).strip()
        if not 0 < len(name) <= parsing.LONGEST_NAME:
            return texts.missing(what)
        refusal = self._refusal(body)
        return refusal or self._asked(lambda who: AccountAsked(who, what, name), name, body)

    def _project(self, rest: str, body: Body) -> str:
        if not rest:
            return texts.missing("project")
        found = parsing.of_organization(rest, self.policy)
        if isinstance(found, str):
            return private.with_what_was_typed(f":warning: {found}", rest)
        refusal = self._refusal(body, accounts=False)
        name = found.name or str(found.id)
        return refusal or self._asked(lambda who: ProjectAsked(who, found.account, found.id, found.name), name, body)

    def _notify(self, rest: str, body: Body) -> str:
        refusal = self._refusal(body)
        if refusal:
            return refusal
        found = parsing.of_notify(rest)
        if isinstance(found, str):
            return private.with_what_was_typed(f":warning: {found}", rest)
        choice = found.choice
        if choice is None:
            return texts.HELP
        if found.name:
            return self._asked(lambda who: ChosenByName(who, found.name, choice), found.name, body)
        self._does(Chosen(self._who(body["user_id"]), choice), f"command:{body['trigger_id']}")
        return texts.chosen(choice)

    def _asked(self, event: Callable[[Who], Any], name: str, body: Body) -> str:
        self._does(event(self._who(body["user_id"])), f"command:{body['trigger_id']}")
        return texts.looking(name)

    def _choose(self, body: Body, client: WebClient) -> bool:
        """Open the modal with what is known, and ask for the rest."""
        who = self._who(body["user_id"])
        known = self.desk.engine.cases.with_open_key(person_key(who.address))
        case = known if isinstance(known, model.CsmCase) else model.blank("", self.desk.clock.now())
        view = opened_modal(client, body, modals.notify(case.with_(view=None, view_trouble=None), self.policy))
        if view is not None:
            self._does(ChoosingBegun(who, view), f"command:{body['trigger_id']}")
        return view is not None

    # -------------------------------------------------------------------------------------- buttons

    def pressed(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """A button was pressed."""
        action = body["actions"][0]
        refusal = self._press(action, body, client, respond)
        if refusal is not None:
            say_privately(refusal, body, client, respond)
        ack()

    def _press(self, action: Body, body: Body, client: WebClient, respond: Respond) -> str | None:
        value = str(action.get("value") or "")
        if action["action_id"] == Button.CHANGE:
            found = parsing.of_change(value, self.policy)
            if found is None:
                return texts.no_such_organization()
            opened = open_modal(client, body, modals.change_project(value, found.name, self.policy))
            return None if opened else private.not_opened()
        if not isinstance(self.desk.engine.cases.read(value), LinkCase):
            return private.no_such_case(value)
        shared, now = LinkShared(body["user"]["id"]), self.desk.clock.now()
        outcome = self.desk.engine.submit(value, shared, key=action_key(action, body), now=now)
        if outcome.refusal is None:
            respond(text=":white_check_mark: Shared in the thread.", replace_original=True)
        return outcome.refusal

    # -------------------------------------------------------------------------------------- modals

    def submitted(self, body: Body, ack: Ack) -> None:
        """A modal was sent."""
        view = body["view"]
        if view["callback_id"] == View.NOTIFY:
            default, choices = parsing.of_choices(view)
            if default or choices:
                self._does(Chosen(self._who(body["user"]["id"]), default, choices), f"view:{view['id']}")
            ack()
        else:
            ack(**self._change(body, view))

    def _change(self, body: Body, view: Body) -> Body:
        """Ask for the change; the request is filed once the project is known to exist."""
        project = parsing.of_project(state_values(view).get(Field.PROJECT, ""))
        found = parsing.of_change(str(view.get("private_metadata") or ""), self.policy)
        if project is None or found is None:
            what = "Write the project's number, or paste a link to it." if found else texts.no_such_organization()
            return errors_at({Field.PROJECT: what})
        who = self._who(body["user"]["id"])
        asked = ProjectChangeAsked(who, found.account, found.id, found.name, found.url, project)
        self._does(asked, f"view:{view['id']}")
        return {}

    # -------------------------------------------------------------------------------------- who and what

    def _refusal(self, body: Body, *, accounts: bool = True) -> str | None:
        """Why this person may not look anything up, if they may not."""
        if accounts and self.policy.csm.accounts is AccountSource.NONE:
            return texts.not_set_up()
        group = self.policy.csm.group
        return None if group is None or self._is_in(group, body["user_id"]) else texts.members_only(group)

    def _is_in(self, group: str, user: str) -> bool:
        try:
            return user in self.desk.slack.group_members(group)
        except EffectError as error:
            log.warning("group_unknown", group=group, reason=error.sentence)
            return False

    def _who(self, user: str) -> Who:
        try:
            person = self.desk.slack.person(user)
        except EffectError as error:
            log.warning("person_unknown", user=user, reason=type(error).__name__)
            return Who(user, people.address_of(user, None, self.policy), self.policy.time_zone)
        return Who(user, people.address_of(user, person.email, self.policy), person.time_zone, person.name)

    def _does(self, event: Any, key: str) -> None:  # noqa: ANN401 - one of `workflows.csm.model`
        """Let it happen to the person's own case, which opens with their first deed."""
        open_or_submit(self.desk.engine, model.KIND, event, key=key, now=self.desk.clock.now())
