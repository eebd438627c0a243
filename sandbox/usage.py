"""What people do with the app: commands, shortcuts, clicks, modals, its home."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.blockkit import missing_inputs
from sandbox.delivery import Ack, Kind
from sandbox.errors import Impossible, SlackError
from sandbox.forms import Field, Values, action_state, chosen, fields, initial_values, option_named, options_of
from sandbox.happenings import home_opened
from sandbox.interactions import Interactions, action_of
from sandbox.model import Channel, Json, Message, User
from sandbox.passes import ResponseUrl
from sandbox.responses import respond
from sandbox.speech import Speech
from sandbox.views import View
from sandbox.workspace import Workspace

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class Surface:
    """Where an element stands: on a message in a channel, or in a view."""

    blocks: list[Json]
    values: Values
    view: View | None = None
    channel: Channel | None = None
    message: Message | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of an interaction: acknowledged, or the error the client shows; and the immediate response."""

    acked: bool
    error: str | None = None
    response: Message | None = None


def outcome(ack: Ack) -> Outcome:
    """Return what the client makes of an ack."""
    if ack.ok:
        return Outcome(acked=True)
    late = ack.reason in {"timeout", "http_timeout"}
    return Outcome(acked=False, error="operation_timeout" if late else "dispatch_failed")


class Usage:
    """Carries a person's use of the app to the app, and honours what it answers."""

    def __init__(self, workspace: Workspace, deliver: Callable[[Kind, Json], Ack]) -> None:
        """`deliver` hands a payload to the app and waits for its ack."""
        self.workspace = workspace
        self.speech = Speech(workspace)
        self._deliver = deliver
        self._payloads = Interactions(workspace)

    # ----------------------------------------------------------------------------- commands, shortcuts, home

    def runs(self, user: User, text: str, channel: str) -> Outcome:
        """Run a slash command."""
        place = self.speech.place(user, channel)
        command, _, rest = text.partition(" ")
        known = self.workspace.app.commands
        if known is not None and command not in known:
            raise Impossible(f"{command} is not a valid command.")
        payload = self._payloads.command(user, place, command, rest.strip())
        ack = self._deliver("slash_commands", payload)
        if not ack.ok or not ack.payload or not set(ack.payload) & {"text", "blocks", "attachments"}:
            return outcome(ack)
        try:
            with self.workspace.lock:
                url = ResponseUrl(user.id, place.id, None, self.workspace.real())
                response = respond(self.workspace, url, ack.payload)
        except SlackError:
            return Outcome(acked=True, error="invalid_command_response")
        return Outcome(acked=True, response=response)

    def uses_shortcut(self, user: User, name: str, on: tuple[str, str] | None = None) -> Outcome:
        """Use a shortcut, by the manifest's name or by callback id; `on` (channel, ts): a message shortcut."""
        names = self.workspace.app.shortcuts
        callback_id = (names or {}).get(name, name)
        if names is not None and callback_id not in names.values():
            raise Impossible(f"There is no shortcut {name!r}; there are {', '.join(names)}.")
        if on is None:
            return outcome(self._deliver("interactive", self._payloads.global_shortcut(user, callback_id)))
        channel, message = self.speech.message(user, *on)
        if message.visible_to is not None:
            raise Impossible("An ephemeral message has no shortcuts.")
        payload = self._payloads.message_shortcut(user, channel, message, callback_id)
        return outcome(self._deliver("interactive", payload))

    def opens_home(self, user: User, tab: str = "home") -> View | None:
        """Open the app's home; return what was published for this person so far."""
        if user.deleted:
            raise Impossible(f"{user.name} is deactivated.")
        workspace = self.workspace
        with workspace.changing():
            view = workspace.views.homes.get(user.id)
            shown = view.as_slack(workspace) if view else None
            home_opened(workspace, user.id, workspace.direct(user.id).id, tab, shown)
        return view

    # ------------------------------------------------------------------------------------ buttons and choices

    def surface(self, user: User, on: tuple[str, str] | str | None) -> Surface:
        """Return what an element stands on: a message (channel, ts), `"home"`, or None: the open modal."""
        if isinstance(on, tuple):
            channel, message = self.speech.message(user, *on)
            message.values = initial_values(message.blocks, message.values)
            return Surface(message.blocks, message.values, channel=channel, message=message)
        views = self.workspace.views
        view = views.homes.get(user.id) if on == "home" else views.top(user.id)
        if view is None:
            raise Impossible(f"{user.name} has no {'home' if on == 'home' else 'modal'} open.")
        return Surface(view.blocks, view.values, view=view)

    def clicks(self, user: User, name: str, on: tuple[str, str] | str | None, nth: int | None = None) -> Outcome:
        """Click a button, by its label."""
        with self.workspace.lock:
            surface = self.surface(user, on)
            field = found(surface.blocks, name, {"button", "workflow_button"}, nth)
        return self._acts(user, surface, field, {})

    def picks_overflow(
        self, user: User, option: str, on: tuple[str, str] | str | None, nth: int | None = None
    ) -> Outcome:
        """Pick an option of an overflow menu, by its text."""
        with self.workspace.lock:
            surface = self.surface(user, on)
            menus = [f for f in fields(surface.blocks) if f.kind == "overflow"]
            menus = menus if nth is None else menus[nth : nth + 1]
            texts = [o for menu in menus for o in options_of(menu.element)]
            picked = option_named(texts, option)
            field = next(menu for menu in menus if option in _texts(options_of(menu.element)))
        return self._acts(user, surface, field, {"selected_option": picked})

    def chooses(
        self, user: User, name: str, value: Any, on: tuple[str, str] | str | None, nth: int | None = None
    ) -> Outcome:
        """Choose in a select, radio buttons, checkboxes or a picker; the app hears of it at once."""
        with self.workspace.lock:
            surface = self.surface(user, on)
            field = found(surface.blocks, name, None, nth)
        state = self._set(user, surface, field, value)
        return self._acts(user, surface, field, state)

    def _acts(self, user: User, surface: Surface, field: Field, state: Json) -> Outcome:
        """Send the use of an element; inputs are only sent when they dispatch their actions."""
        if field.is_input and not field.block.get("dispatch_action"):
            return Outcome(acked=True)
        action = action_of(field.block["block_id"], field.element, state)
        if surface.view is not None:
            payload = self._payloads.action_in_view(user, surface.view, action)
        elif surface.channel is not None and surface.message is not None:
            payload = self._payloads.action_on_message(user, surface.channel, surface.message, action)
        return outcome(self._deliver("interactive", payload))

    def _set(self, user: User, surface: Surface, field: Field, wanted: Any) -> Json:
        """Put a person's choice into an element."""
        if not field.is_stateful:
            raise Impossible(f"{field.names()[0]!r} is a {field.kind}: nothing can be chosen in it.")
        offered = self._suggested(user, surface, field, wanted) if "external" in field.kind else None
        state = chosen(field.element, wanted, self._entity, offered)
        with self.workspace.changing():
            surface.values.setdefault(field.block["block_id"], {})[field.element["action_id"]] = state
        return action_state(state)

    def _entity(self, kind: str, name: str) -> str:
        if "users" in kind:
            return self.workspace.person(name.removeprefix("@")).id
        return self.workspace.place(name).id

    def _suggested(self, user: User, surface: Surface, field: Field, wanted: Any) -> list[Json]:
        """Ask the app for the options of an external select, with what the person typed."""
        if surface.view is not None:
            view = surface.view.as_slack(self.workspace)
            container: Json = {"container": {"type": "view", "view_id": surface.view.id}, "view": view}
        else:
            container = {"container": {"type": "message"}}
        typed = str(wanted[0] if isinstance(wanted, list) else wanted)
        block_id = field.block["block_id"]
        ack = self._deliver("interactive", self._payloads.suggestion(user, field.element, block_id, typed, container))
        return options_of(ack.payload or {})

    # -------------------------------------------------------------------------------------------- modals

    def fills(self, user: User, values: dict[str, Any]) -> Outcome:
        """Fill inputs of the open modal, by label; an input that dispatches its actions tells the app."""
        told = Outcome(acked=True)
        for name, value in values.items():
            told = self.chooses(user, name, value, None)
        return told

    def submits(self, user: User) -> Outcome:
        """Submit the open modal."""
        view = self.surface(user, None).view
        if view is None or view.sent.get("submit") is None:
            raise Impossible("This modal has nothing to submit.")
        with self.workspace.changing():
            view.trouble = None
            view.errors = dict(missing_inputs(view.sent | {"blocks": view.blocks}, view.values))
            if view.errors:
                return Outcome(acked=False, error="missing_inputs")
            payload = self._payloads.submission(user, view)
        ack = self._deliver("interactive", payload)
        with self.workspace.changing():
            try:
                if not ack.ok:
                    raise SlackError(outcome(ack).error or "")
                self._answer(view, ack.payload or {})
            except SlackError as error:
                view.trouble = TROUBLE
                return Outcome(acked=ack.ok, error=error.code)
        return Outcome(acked=True)

    def _answer(self, view: View, answer: Json) -> None:
        """Do what the app answered to a submission; refuse what Slack would not understand."""
        views = self.workspace.views
        action = answer.get("response_action")
        if action is None:
            views.close(view)
        elif action == "clear":
            views.clear(view.user)
        elif action == "errors":
            view.errors = _checked_errors(view, answer.get("errors"))
        elif action in {"update", "push"} and isinstance(answer.get("view"), dict):
            if action == "push":
                views.push(view.user, answer["view"])
            else:
                views.update(view, answer["view"])
        else:
            raise SlackError("invalid_response_action")

    def closes(self, user: User, *, everything: bool = False) -> Outcome:
        """Close the open modal (Cancel), or the whole stack (the X)."""
        view = self.surface(user, None).view
        views = self.workspace.views
        with self.workspace.changing():
            everything = everything or bool(view and view.sent.get("clear_on_close"))
            closed = views.clear(user.id) if everything else [view] if view else []
            for one in closed:
                views.close(one)
        told = Outcome(acked=True)
        for one in closed:
            if one.sent.get("notify_on_close"):
                payload = self._payloads.closing(user, one, cleared=everything)
                told = outcome(self._deliver("interactive", payload))
        return told


def _checked_errors(view: View, errors: Any) -> dict[str, str]:
    """Return the errors an app answered: for input blocks of this view, at least one, as sentences."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_response_errors")
    if not set(errors) <= inputs or not all(isinstance(text, str) and text for text in errors.values()):
        raise SlackError("invalid_response_errors")
    return errors


def _texts(options: list[Json]) -> list[str]:
    return [text for option in options for text in (option["text"]["text"], option.get("value", ""))]


def found(blocks: list[Json], name: str, kinds: set[str] | None, nth: int | None) -> Field:
    """Find an element by what a person calls it; `nth` (from 0) tells several of one name apart."""
    usable = [field for field in fields(blocks) if kinds is None or field.kind in kinds]
    named = [field for field in usable if name in field.names()]
    if not named:
        shown = ", ".join(repr(field.names()[0]) for field in usable)
        raise Impossible(f"There is no {name!r} here; there is {shown or 'nothing'}.")
    if len(named) > 1 and nth is None:
        raise Impossible(f"There are {len(named)} called {name!r}: say which (nth=0, ...).")
    return named[nth or 0]
