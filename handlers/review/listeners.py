"""The listeners of satisfaction reviews: each reads what came, hands one event to the engine, and answers.

Nothing is acknowledged before it is saved; nobody waits here for a vendor.
"""

import html
import re
from collections.abc import Callable

import structlog
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.kit import home
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
    say_privately,
    update_modal,
)
from handlers.review import chart, modals, parsing, queue, texts
from handlers.review import trends as shown_trends
from handlers.review.ids import COMMAND, Button, View
from workflows.contract import links
from workflows.contract.case_effects import SummarizeCases
from workflows.contract.errors import EffectError
from workflows.review import intake, model, people, standing, trends, week
from workflows.review import texts as shared_texts
from workflows.review.manager import HandOverAsked, ManagerCase
from workflows.review.model import KIND, Rated, ReviewCase, Source

log = structlog.get_logger(__name__)

LONGEST_PAGE = 6
"""The digits of a page's number."""

FORMS = {Button.TRIAGE, Button.KUDOS, Button.CONGRATULATE, Button.ACT}
"""The buttons that ask something first."""


def register(app: App, desk: Desk) -> None:
    """Hear everything that concerns reviews. It stands before feedback, whose command it shares."""
    listeners = Listeners(desk)
    app.action(re.compile(r"^review\."))(listeners.pressed)
    app.view(re.compile(r"^review\."))(listeners.submitted)
    app.command(COMMAND, matchers=[_is_about_reviews])(listeners.typed)


def _is_about_reviews(command: Body) -> bool:
    return parsing.first_word(str(command.get("text") or "")) in parsing.SUBCOMMANDS


class Listeners:
    """What is done with each thing Slack tells us of."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.policy = desk.policy
        self.cases = Cases(desk, KIND, ReviewCase)
        self.managers = Managers(desk.policy, desk.slack)

    # -------------------------------------------------------------------------------------- the command

    def typed(self, body: Body, ack: Ack, client: WebClient) -> None:
        """`/feedback reviews`, `/feedback review 123456 what they said`."""
        text = html.unescape(str(body.get("text") or ""))  # Slack escapes what was typed
        if parsing.first_word(text) == "review":
            ack(text=self._reported(text, body))
        elif not self.managers.includes(body["user_id"]):
            ack(text=texts.managers_only(self.policy))
        elif parsing.first_word(text) == "trends":
            ack(text=self._trends(text, body))
        else:
            opened = open_modal(client, body, self._queue(body["user_id"]))
            ack() if opened else ack(text=private.not_opened(text))

    def _reported(self, text: str, body: Body) -> str:
        found = parsing.of_review(text, self.policy)
        if isinstance(found, str):
            return private.with_what_was_typed(f":warning: {found}", text)
        now, by = self.desk.clock.now(), body["user_id"]
        event = Rated(
            Source.COMMAND, by, found.ticket, found.tone, now, words=found.words, next_action=found.next_action
        )
        outcome = intake.rated(self.desk.engine, event, key=f"command:{body['trigger_id']}", now=now)
        if outcome.duplicate is not None:
            return shared_texts.known_sentence(outcome.duplicate)
        if outcome.case is None:
            return private.with_what_was_typed(outcome.refusal or "Nothing was saved.", text)
        return shared_texts.taken_sentence(outcome.case)

    def _trends(self, text: str, body: Body) -> str:
        """The numbers at once, as text; as a picture, or with *export* as a table, by direct message."""
        now, words = self.desk.clock.now(), text.split()[1:]
        exported = "export" in words
        word = " ".join(one for one in words if one != "export")
        period = trends.period_of(word, self.policy, now)
        if period is None:
            return private.with_what_was_typed(f":warning: That's not a period. {trends.USAGE}", text)
        since = period.since - (period.until - period.since)
        asked = SummarizeCases(purpose="trends", kinds=(KIND, links.CONTACT), since=since)
        found = self.desk.engine.cases.summaries(asked, self.policy, now).cases
        reviews, contacts = ([one for one in found if one.kind == kind] for kind in (KIND, links.CONTACT))
        worked_out = trends.worked_out(reviews, contacts, period, self.policy, now)
        text = shown_trends.as_text(worked_out, self.policy)
        return f"{text}\n{self._as_file(worked_out, body, exported=exported)}".strip()

    def _as_file(self, numbers: trends.Trends, body: Body, *, exported: bool) -> str:
        """Have the numbers sent as a file; a sentence that says so, or why not."""
        case = self.desk.engine.cases.with_open_key(standing.WEEK)
        if case is None or not (numbers.good or numbers.neutral or numbers.bad):
            return ""
        if not exported and not chart.can_draw():
            return "_A picture needs matplotlib, which isn't installed here. `export` sends the numbers as a table._"
        what = week.TABLE if exported else week.PICTURE
        values = chart.TRENDS.dump_python(numbers, mode="json")
        self.cases.submit(case.id, week.TrendsAsked(body["user_id"], what, values), f"command:{body['trigger_id']}")
        return f"_I'm sending you {'the table' if exported else 'a picture'} by direct message._"

    def _queue(self, user: str, page: int = 0) -> Body:
        page_of_it = self.desk.engine.cases.queue(KIND, user, page=page, size=queue.A_PAGE)
        return queue.view(page_of_it, self.policy, self.desk.clock.now())

    # -------------------------------------------------------------------------------------- buttons

    def pressed(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """A button was pressed: in the queue, in the App Home, or in a message."""
        action = body["actions"][0]
        refusal = self._press(action, body, client)
        if refusal is not None:
            say_privately(refusal, body, client, respond)
        else:
            self._refresh(body, client)
        ack()

    def _press(self, action: Body, body: Body, client: WebClient) -> str | None:
        """Do what the button says; a sentence for the person when it cannot be done."""
        by, name = body["user"]["id"], action["action_id"]
        if not self.managers.includes(by):
            return texts.managers_only(self.policy)
        if name == Button.OPEN_QUEUE:
            return self._open(client, body, self._queue(by))
        if name.startswith(Button.PAGE):
            return self._turn(body, _number(str(action.get("value") or "")), client)
        if name == Button.HAND_OVER:
            return self._hand_over(str(action.get("value") or ""), by, action_key(action, body))
        case = self.cases.read(action.get("value", ""))
        if case is None:
            return private.no_such_case(action.get("value", ""))
        if name in FORMS:
            return self._ask_first(name, case, body, client)
        return self.cases.submit(case.id, self._event(name, by), action_key(action, body)).refusal

    def _hand_over(self, case_id: str, by: str, key: str) -> str | None:
        """Hand over the open reviews of the manager whose case this is."""
        if not isinstance(self.desk.engine.cases.read(case_id), ManagerCase):
            return private.no_such_case(case_id)
        return self.cases.submit(case_id, HandOverAsked(by), key).refusal

    def _ask_first(self, name: str, case: ReviewCase, body: Body, client: WebClient) -> str | None:
        if not case.is_waiting:
            return shared_texts.closed_sentence(case)
        forms: dict[str, Callable[[], Body]] = {
            Button.TRIAGE: lambda: modals.triage(case, self.policy),
            Button.KUDOS: lambda: modals.kudos(case, self.policy, self._praised(case), self._why_kudos_wait()),
            Button.CONGRATULATE: lambda: modals.congratulate(case),
            Button.ACT: lambda: modals.act(case, self.policy),
        }
        return self._open(client, body, forms[name]())

    def _event(self, name: str, by: str) -> object:
        events: dict[str, Callable[[], object]] = {
            Button.CLOSE: lambda: model.ReviewClosed(by),
            Button.TAKE_OVER: lambda: self._taken_over(by),
            Button.RETRY_ISSUE: lambda: model.IssueRetryAsked(by),
        }
        return events[name]()

    def _taken_over(self, by: str) -> object:
        person = self.cases.person(by)
        return model.TakenOver(by, person.time_zone if person else "UTC", person.email if person else None)

    @staticmethod
    def _open(client: WebClient, body: Body, view: Body) -> str | None:
        return None if open_modal(client, body, view) else private.not_opened()

    def _turn(self, body: Body, page: int, client: WebClient) -> str | None:
        update_modal(client, body["view"], self._queue(body["user"]["id"], page))
        return None

    def _refresh(self, body: Body, client: WebClient) -> None:
        """Show the queue as it is now, where the button stood in it."""
        view, user = body.get("view") or {}, body["user"]["id"]
        if view.get("type") == "home":
            home.publish(self.desk, user, client)
        elif view.get("callback_id") == View.QUEUE and not body["actions"][0]["action_id"].startswith(Button.PAGE):
            update_modal(client, {"id": view["id"]}, self._queue(user, _page(view)))

    # -------------------------------------------------------------------------------------- modals

    def submitted(self, body: Body, ack: Ack, client: WebClient) -> None:
        """A modal was sent."""
        view = body["view"]
        forms = {View.TRIAGE: self._triaged, View.KUDOS: self._kudos, View.ACT: self._act}
        submit = forms.get(view["callback_id"])  # some forms only show something
        answer = submit(body, view) if submit else {}
        ack(**answer)
        if not answer and view.get("previous_view_id"):
            update_modal(client, {"id": view["previous_view_id"]}, self._queue(body["user"]["id"]))

    def _triaged(self, body: Body, view: Body) -> Body:
        found = parsing.of_triage(view, body["user"]["id"])
        if isinstance(found, dict):
            return errors_at(found)
        return self._then(body, view, found)

    def _kudos(self, body: Body, view: Body) -> Body:
        found = parsing.of_kudos(view)
        if isinstance(found, dict):
            return errors_at(found)
        person = self.cases.person(found.who) if found.who else None
        name, email = (person.name, person.email) if person else (found.name, None)
        return self._then(body, view, model.KudosGiven(body["user"]["id"], found.words, found.who, name, email))

    def _act(self, body: Body, view: Body) -> Body:
        found = parsing.of_act(view, body["user"]["id"])
        return errors_at(found) if isinstance(found, dict) else self._then(body, view, found)

    def _then(self, body: Body, view: Body, event: object) -> Body:
        """Let it happen; a refusal stands on top of the modal, which stays open with what was typed."""
        case = self.cases.read(Memory.of(view).case)
        if case is None:
            return push_modal(note(private.no_such_case(Memory.of(view).case or "")))
        if not self.managers.includes(body["user"]["id"]):
            return push_modal(note(texts.managers_only(self.policy)))
        outcome = self.cases.submit(case.id, event, f"view:{view['id']}")
        return push_modal(note(outcome.refusal)) if outcome.refusal else {}

    # -------------------------------------------------------------------------------------- who and what

    def _praised(self, case: ReviewCase) -> modals.Offered:
        """Whom the customer names; where they name nobody of the roster, the ticket's engineer."""
        named = people.praised(case.words, case.engineer, self.policy)
        if named is None:
            engineer = self._in_slack(case.engineer)
            return modals.Offered(engineer, note=texts.OFFERED_ENGINEER if engineer else "")
        who = self._in_slack(named.slack or named.email)
        name = "" if who else people.name_of(named)
        unnamed = people.is_unnamed(who, named.email, name, self.policy)
        return modals.Offered(who, name, texts.offered_by_name(people.name_of(named), is_unnamed=unnamed))

    def _why_kudos_wait(self) -> str | None:
        """Why the last week in review could not be written, where it could not."""
        found = self.desk.engine.cases.with_open_key(standing.WEEK)
        return found.trouble if isinstance(found, week.WeekCase) else None

    def _in_slack(self, ref: str | None) -> str | None:
        """The Slack id of somebody (by it, or by e-mail address) who can be chosen in a form."""
        slack = self.desk.slack
        try:
            found = ref and (slack.person_by_email(ref) if "@" in ref else slack.person(ref))
        except EffectError:
            return None
        return found.id if found and found.is_member else None


def _page(view: Body) -> int:
    return Memory.of(view).page


def _number(page: str) -> int:
    return int(page) if page.isdecimal() and len(page) <= LONGEST_PAGE else 0
