"""The listeners of incidents: each reads what came, hands one event to the engine, and answers the person.

Nothing is acknowledged before it is saved; nobody waits here for a vendor.
"""

import re
from collections.abc import Callable

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.incident import cards, export, listing, modals, parsing, people, texts
from handlers.incident.ids import COMMAND, SHORTCUT, UNKNOWN, Button, Field, View, of_value
from handlers.incident.modals import Prefill
from handlers.kit import listing as pages
from handlers.kit import outdated
from handlers.kit import texts as private
from handlers.kit.cases import Cases
from handlers.kit.context import Desk
from handlers.kit.listing import Query
from handlers.kit.memory import Memory
from handlers.kit.responses import Body, action_key, errors_at, note, open_modal, push_modal, say_privately
from workflows.contract.engine import Outcome
from workflows.incident import events, model
from workflows.incident.model import IncidentCase, IncidentState, Thread, origin_key
from workflows.incident.texts import not_by_stranger
from workflows.policy.model import Policy

AT_ONCE: dict[str, Callable[[str], object]] = {
    Button.NOT_ONE: events.Dismissed,
    Button.CALL: events.RespondersCalled,
    Button.STILL_ON: events.StillOn,
    Button.PAGE_NOW: events.PageAsked,
    Button.BY_HAND: events.PagedByHand,
    Button.REOPEN: events.Reopened,
    Button.AVAILABLE: events.Available,
}
"""The buttons that act at once."""

BY_RESPONDERS: dict[str, Callable[[str, bool | None], object]] = {
    Button.TAKE_ON: events.TakenOn,
    Button.HOLD: events.Held,
}
"""The buttons that mean something else when somebody presses them who is no responder."""

OPENS: dict[str, Callable[[IncidentCase, Policy], Body]] = {
    Button.CHANGE: modals.change,
    Button.DETAILS: modals.details,
    Button.RESOLVE: modals.resolve,
    Button.STAND_IN: modals.stand_in,
}
"""The buttons that ask something first."""

READS: dict[str, Callable[[Body, str, Policy], object]] = {
    View.DETAILS: parsing.of_details,
    View.CHANGE: parsing.of_change,
    View.RESOLVE: parsing.of_resolve,
    View.STAND_IN: parsing.of_stand_in,
}
"""The modals about a case."""

FIRST_FIELD = {
    View.DETAILS: Field.WHAT,
    View.CHANGE: Field.LEVEL,
    View.RESOLVE: Field.SUMMARY,
    View.STAND_IN: Field.PERSON,
}
"""Where a refusal stands."""


EXPORT_WORDS = 2
"""A period has no more words than these: what is longer describes an incident."""


def register(app: App, desk: Desk) -> None:
    """Hear everything that concerns incidents, but for messages: see `messages`. Few listeners: bolt tries each."""
    listeners = Listeners(desk)
    app.action(re.compile(r"^incident\."))(listeners.pressed)
    app.view(re.compile(r"^incident\."))(listeners.submitted)
    app.command(COMMAND)(listeners.typed)
    app.shortcut(SHORTCUT)(listeners.chosen)


class Listeners:
    """What is done with each thing Slack tells us of."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.policy = desk.policy
        self.cases = Cases(desk, model.KIND, IncidentCase)

    def typed(self, body: Body, ack: Ack, client: WebClient) -> None:
        """`/incident`, `/incident list`, `/incident help`, `/incident what is happening`."""
        text = body.get("text") or ""
        word = text.strip().lower()
        if word in {"help", "?"}:
            ack(text=texts.help_text(self.policy))
        elif (period := _after("export", text)) is not None and len(period.split()) <= EXPORT_WORDS:
            ack(text=export.export(self.desk, period, body["user_id"], f"export:{body['trigger_id']}"))
        elif (wanted := self._wanted(text)) is not None:
            page = listing.listed(self.desk, wanted, body["user_id"], self.desk.clock.now())
            ack(text=page.text, blocks=list(page.blocks) or None)
        else:
            opened = open_modal(client, body, modals.form(self.policy, parsing.of_command(text, self.policy)))
            ack() if opened else ack(text=private.not_opened(text))

    def _wanted(self, text: str) -> Query | None:
        asked = _after("list", text)
        return None if asked is None else pages.parse(asked, self.policy)

    def chosen(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """The message shortcut "Start incident timer"."""
        refusal = self._choose(body, client)
        if refusal is not None:
            say_privately(refusal, body, client, respond)
        ack()

    def submitted(self, body: Body, ack: Ack) -> None:
        """A modal was sent."""
        view, by = body["view"], body["user"]["id"]
        case_id = Memory.of(view).case
        if self.cases.read(case_id or "") is None and (case_id or view["callback_id"] != View.FORM):
            answer = push_modal(note(private.no_such_case(case_id or "")))
        else:
            answer = self._form(view, by) if view["callback_id"] == View.FORM else self._about(view, by)
        ack(**answer)

    def pressed(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """A button was pressed, or something chosen in a menu."""
        action = body["actions"][0]
        if action["action_id"].startswith(Button.PAGE):
            self._turn(action, body, respond)
            ack()
            return
        refusal = None if action["action_id"] == Button.OPEN_PAGE else self._press(action, body, client)
        if refusal is not None:
            _, case_id, _ = _meant(action)
            buttons = cards.call_buttons(case_id) if refusal == not_by_stranger(self.policy) else []
            say_privately(refusal, body, client, respond, buttons)
        ack()

    def _turn(self, action: Body, body: Body, respond: Respond) -> None:
        """Show another page of a list."""
        query = pages.turned(action, self.policy)
        if query is not None:
            pages.show_page(respond, listing.listed(self.desk, query, body["user"]["id"], self.desk.clock.now()))

    def _choose(self, body: Body, client: WebClient) -> str | None:
        here = self.desk.is_channel(body["channel"]["id"], self.policy.incident.channel)
        prefill = parsing.of_message(body, self.policy, in_channel=here)
        known = self._at(prefill.memory)
        if known is not None and known.state != IncidentState.QUESTION and not known.is_read:
            return texts.duplicate(known)
        if known is not None:
            prefill = Prefill(known.report, known.systems, memory=Memory(case=known.id))
        return None if open_modal(client, body, modals.form(self.policy, prefill)) else private.not_opened("")

    def _at(self, memory: Memory) -> IncidentCase | None:
        if memory.channel is None or memory.ts is None:
            return None
        case = self.desk.engine.cases.with_open_key(origin_key(Thread(channel=memory.channel, ts=memory.ts)))
        return case if isinstance(case, IncidentCase) else None

    def _press(self, action: Body, body: Body, client: WebClient) -> str | None:
        """Do what was pressed or chosen; a sentence for the person when it cannot be done."""
        name, case_id, choice = _meant(action)
        case = self.cases.read(case_id)
        if case is None:
            return private.no_such_case(case_id)
        if name == Button.REPORT:
            prefill = Prefill(case.report, case.systems, memory=Memory(case=case.id))
            return None if open_modal(client, body, modals.form(self.policy, prefill)) else private.not_opened("")
        if name in OPENS:
            opened = open_modal(client, body, OPENS[name](case, self.policy))
            return None if opened else private.not_opened("")
        by = body["user"]["id"]
        if name not in {*AT_ONCE, *BY_RESPONDERS, Button.SYSTEM, Button.START, Button.SWITCH}:
            return outdated.BUTTON
        if name in BY_RESPONDERS:
            event: object = BY_RESPONDERS[name](by, people.is_responder(self.desk, by))
        else:
            event = self._event(name, choice, case, by)
        return self.cases.submit(case.id, event, action_key(action, body)).refusal

    @staticmethod
    def _event(name: str, choice: str, case: IncidentCase, by: str) -> object:
        if name == Button.SYSTEM:
            return events.SystemPicked(by, () if choice == UNKNOWN else (choice,))
        if name == Button.START:
            return events.SystemPicked(by, case.systems)
        if name == Button.SWITCH:
            return events.CriticalityChanged(by, case.named_since or case.systems)
        return AT_ONCE[name](by)

    def _form(self, view: Body, by: str) -> Body:
        reported = parsing.of_form(view, by, self.policy)
        if isinstance(reported, dict):
            return errors_at(reported)
        known, key = Memory.of(view).case, f"form:{view['id']}"
        outcome = self.cases.submit(known, reported, key) if known else self.cases.open(reported, key)
        return _complaint(outcome, Field.WHAT)

    def _about(self, view: Body, by: str) -> Body:
        name = View(view["callback_id"])
        event = READS[name](view, by, self.policy)
        if isinstance(event, dict):
            return errors_at(event)
        outcome = self.cases.submit(Memory.of(view).case or "", event, f"view:{view['id']}:{name}")
        return _complaint(outcome, FIRST_FIELD[name])


def _after(word: str, text: str) -> str | None:
    """The text behind this first word of a command; None where the command begins otherwise."""
    first, _, rest = text.strip().partition(" ")
    return rest if first.lower() == word else None


def _meant(action: Body) -> tuple[str, str, str]:
    """Which button, of which case, and what was chosen."""
    if "selected_option" not in action:
        return action["action_id"], action.get("value", ""), ""
    case_id, choice = of_value(action["selected_option"]["value"])
    return (choice if action["action_id"] == Button.MORE else action["action_id"]), case_id, choice


def _complaint(outcome: Outcome[IncidentCase], field: str) -> Body:
    """What stands below a field when nothing was saved."""
    if outcome.duplicate is not None:
        return errors_at({field: texts.duplicate(outcome.duplicate)})
    return errors_at({field: outcome.refusal}) if outcome.refusal else {}
