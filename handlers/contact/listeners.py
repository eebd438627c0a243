"""The listeners of manager contact: each reads what came, hands one event to the engine, and answers the person.

Nothing is acknowledged before it is saved; nobody waits here for a vendor but Slack, whose answers are kept.
"""

import re
from collections.abc import Callable

import structlog
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.contact import listing, modals, parsing, texts, timeline
from handlers.contact.ids import COMMAND, Button, Field, View
from handlers.contact.parsing import Asked, HowContacted, NotUnderstood, WhyAsked
from handlers.kit import home
from handlers.kit import listing as pages
from handlers.kit import texts as private
from handlers.kit.cases import Cases
from handlers.kit.context import Desk
from handlers.kit.memory import Memory
from handlers.kit.people import UNKNOWN
from handlers.kit.permissions import Managers
from handlers.kit.responses import (
    Body,
    action_key,
    errors_at,
    note,
    open_modal,
    push_modal,
    say_privately,
    update_modal,
)
from workflows.contact import events, intake, model
from workflows.contact import texts as shared_texts
from workflows.contact.events import ContactRequested, DoubtSettled
from workflows.contact.model import ContactCase, Source
from workflows.contract.slack_port import Message
from workflows.lib.tickets import TicketRef
from workflows.policy.contact import Way

log = structlog.get_logger(__name__)

OPENS: dict[str, Callable[..., Body]] = {
    Button.REASSIGN: modals.reassign,
    Button.CANCEL: modals.cancel,
    Button.NOTE_ACTION: modals.note_action,
    Button.NAME_TICKET: modals.name_ticket,
}
"""The buttons that ask something first. *Contacted* does, too, and offers a draft."""

AFTER_IT_IS_OVER = {Button.NOTE_ACTION}


def register(app: App, desk: Desk) -> None:
    """Hear everything that concerns manager contact but messages. Few listeners: bolt tries each in turn."""
    listeners = Listeners(desk)
    app.action(re.compile(r"^contact\."))(listeners.pressed)
    app.view(re.compile(r"^contact\."))(listeners.submitted)
    app.command(COMMAND)(listeners.typed)


class Listeners:
    """What is done with each thing Slack tells us of."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.policy = desk.policy
        self.cases = Cases(desk, model.KIND, ContactCase)
        self.managers = Managers(desk.policy, desk.slack)

    # -------------------------------------------------------------------------------------- the command

    def typed(self, body: Body, ack: Ack) -> None:
        """`/manager-contact 123456 what happened`, `... why MC-7`, `... list`, `... export 30d`, `... help`."""
        text = str(body.get("text") or "")
        word, _, rest = text.strip().partition(" ")
        if word.lower() in {"", "help", "?"}:
            ack(text=texts.help_text(self.policy))
        elif word.lower() == "list":
            shown = self._listed(rest, body["user_id"])
            ack(text=shown.text, blocks=list(shown.blocks) or None)
        elif word.lower() == "export":
            ack(text=listing.export(self.desk, rest, body["user_id"], f"export:{body['trigger_id']}"))
        else:
            ack(text=self._answer(text, body))

    def _listed(self, asked: str, user: str) -> Message:
        query = pages.parse(asked, self.policy, listing.WORDS)
        if query is None:
            return Message(texts.list_not_understood(asked))
        return listing.listed(self.desk, query, user, self.desk.clock.now())

    def _turn(self, action: Body, body: Body, respond: Respond) -> None:
        """Show another page of a list."""
        query = pages.turned(action, self.policy, listing.WORDS)
        if query is not None:
            pages.show_page(respond, listing.listed(self.desk, query, body["user"]["id"], self.desk.clock.now()))

    def _answer(self, text: str, body: Body) -> str:
        match parsing.of_command(text, self.policy):
            case Asked(ticket=ticket, words=said):
                request = ContactRequested(Source.COMMAND, body["user_id"], ticket, said)
                return self._ask(request, f"command:{body['trigger_id']}")
            case WhyAsked() as asked:
                return self._why(asked)
            case NotUnderstood(sentence=sentence):
                return texts.not_understood(sentence, text)

    def _ask(self, request: ContactRequested, key: str) -> str:
        outcome = intake.requested(self.desk.engine, request, key=key, now=self.desk.clock.now())
        if outcome.duplicate is not None:
            return shared_texts.noted_sentence(outcome.duplicate, self.policy)
        if outcome.case is None:
            return texts.not_understood(outcome.refusal or "Nothing was saved.", request.words)
        return shared_texts.opened_sentence(outcome.case, self.policy)

    def _why(self, asked: WhyAsked) -> str:
        case = self._newest_of(asked.ticket) if asked.ticket else self.cases.read(asked.case or "")
        if case is None:
            return texts.no_case_of_ticket(asked.ticket) if asked.ticket else private.no_such_case(asked.case or "")
        story = timeline.rendered(self.desk.engine.cases.timeline(case.id), self.policy)
        return "\n".join((*timeline.explained(case, self.policy), *story))

    def _newest_of(self, ticket: TicketRef) -> ContactCase | None:
        found = self.desk.engine.cases.of_ticket(model.KIND, ticket)
        return found[-1] if found else None

    # -------------------------------------------------------------------------------------- buttons

    def pressed(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """A button was pressed, on a card, in a DM, in the App Home; or a way was chosen in a modal."""
        action = body["actions"][0]
        if action["action_id"] == Button.HOW:
            self._way_chosen(action, body, client)
        elif action["action_id"].startswith(Button.PAGE):
            self._turn(action, body, respond)
        else:
            refusal = self._press(Button(action["action_id"]), action, body, client)
            if refusal is not None:
                say_privately(refusal, body, client, respond)
            elif _is_home(body):
                home.publish(self.desk, body["user"]["id"], client)
        ack()

    def _press(self, name: Button, action: Body, body: Body, client: WebClient) -> str | None:
        """Do what the button says; a sentence for the person when it cannot be done."""
        by = body["user"]["id"]
        case = self.cases.read(action.get("value", ""))
        if case is None:
            return private.no_such_case(action.get("value", ""))
        if name is Button.WHY:
            story = self.desk.engine.cases.timeline(case.id)
            may_read = self._may_decide(by, case) or by in case.requesters
            return self._open(client, body, modals.why(case, self.policy, story, words_too=may_read))
        if name in {Button.IS_REQUEST, Button.NOT_REQUEST}:
            settled = DoubtSettled(by, is_request=name is Button.IS_REQUEST)
            key, now = action_key(action, body), self.desk.clock.now()
            return intake.settled(self.desk.engine, case, settled, key=key, now=now).refusal
        if not self._may_decide(by, case):
            return texts.managers_only(self.policy)
        if name is Button.CONTACTED or name in OPENS:
            return self._ask_first(name, case, body, client)
        at_once: dict[Button, Callable[[], object]] = {
            Button.CLAIM: lambda: events.Claimed(by, self._zone(by)),
            Button.SNOOZE: lambda: events.Snoozed(by),
            Button.RETRY_ISSUE: lambda: events.IssueRetryAsked(by),
        }
        return self.cases.submit(case.id, at_once[name](), action_key(action, body)).refusal

    def _ask_first(self, name: Button, case: ContactCase, body: Body, client: WebClient) -> str | None:
        if case.is_over and name not in AFTER_IT_IS_OVER:
            return shared_texts.is_over_sentence(case, self.policy)
        if name is Button.CONTACTED:
            draft = modals.draft(case, self.policy, self.cases.person(body["user"]["id"]))
            return self._open(client, body, modals.contacted(case, self.policy, draft))
        return self._open(client, body, OPENS[name](case, self.policy))

    @staticmethod
    def _open(client: WebClient, body: Body, view: Body) -> str | None:
        return None if open_modal(client, body, view) else private.not_opened()

    def _way_chosen(self, action: Body, body: Body, client: WebClient) -> None:
        """A reply on the ticket asks one thing more; what was typed meanwhile stays, Slack sees to that."""
        view = body["view"]
        case = self.cases.read(Memory.of(view).case or "")
        how = action["selected_option"]["value"]
        if case is not None and how in set(Way) and self._may_decide(body["user"]["id"], case):
            draft = modals.draft(case, self.policy, self.cases.person(body["user"]["id"]))
            shown = modals.contacted(case, self.policy, draft, Way(how))
            update_modal(client, view, shown)

    # -------------------------------------------------------------------------------------- modals

    def submitted(self, body: Body, ack: Ack) -> None:
        """A modal was sent."""
        forms = {
            View.CONTACTED: self._contacted,
            View.REASSIGN: self._reassign,
            View.CANCEL: self._cancel,
            View.NOTE_ACTION: self._note_action,
            View.TICKET: self._ticket,
        }
        submit = forms.get(body["view"]["callback_id"])  # *Why?* only shows something
        ack(**(submit(body, body["view"]) if submit else {}))

    def _contacted(self, body: Body, view: Body) -> Body:
        typed = parsing.of_contacted(view, self.policy)
        if not isinstance(typed, HowContacted):
            return errors_at(typed)
        by = body["user"]["id"]
        return self._then(body, view, events.Contacted(by, typed.how, typed.text, typed.briefed, typed.briefing))

    def _reassign(self, body: Body, view: Body) -> Body:
        chosen, by = parsing.of_reassign(view), body["user"]["id"]
        if isinstance(chosen, dict):
            return errors_at(chosen)
        if chosen is None:
            return self._then(body, view, events.ReassignedToDuty(by))
        person = self.cases.person(chosen)  # a full member: the gate has asked who was chosen
        if person is None:
            return errors_at({Field.PERSON: UNKNOWN})
        if not self.managers.includes(chosen):
            return errors_at({Field.PERSON: texts.not_a_manager(person, self.policy)})
        return self._then(body, view, events.Reassigned(by, person))

    def _cancel(self, body: Body, view: Body) -> Body:
        reason = parsing.of_text(view, Field.REASON, "Please say why, so that nobody wonders.")
        if isinstance(reason, dict):
            return errors_at(reason)
        return self._then(body, view, events.Cancelled(body["user"]["id"], reason))

    def _note_action(self, body: Body, view: Body) -> Body:
        text = parsing.of_text(view, Field.ACTION, "Please say what came of it.")
        return (
            errors_at(text)
            if isinstance(text, dict)
            else self._then(body, view, events.ActionNoted(body["user"]["id"], text))
        )

    def _ticket(self, body: Body, view: Body) -> Body:
        ticket = parsing.of_ticket(view, self.policy)
        if isinstance(ticket, dict):
            return errors_at(ticket)
        return self._then(body, view, events.TicketNamed(body["user"]["id"], ticket))

    def _then(self, body: Body, view: Body, event: object) -> Body:
        """Let it happen; a refusal stands on top of the modal, which stays open with what was typed."""
        case = self.cases.read(Memory.of(view).case or "")
        if case is None:
            return push_modal(note(private.no_such_case(Memory.of(view).case or "")))
        if not self._may_decide(body["user"]["id"], case):
            return push_modal(note(texts.managers_only(self.policy)))
        outcome = self.cases.submit(case.id, event, f"view:{view['id']}")
        if outcome.duplicate is not None:
            return push_modal(note(texts.ticket_taken(outcome.duplicate)))
        return push_modal(note(outcome.refusal)) if outcome.refusal else {}

    # -------------------------------------------------------------------------------------- who

    def _may_decide(self, user: str, case: ContactCase) -> bool:
        return user in {case.owner, case.assignee} or self.managers.includes(user)

    def _zone(self, user: str) -> str:
        person = self.cases.person(user)
        return person.time_zone if person else self.policy.time_zone


def _is_home(body: Body) -> bool:
    return (body.get("view") or {}).get("type") == "home"
