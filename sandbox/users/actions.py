"""What people do with the app: commands, shortcuts, clicks, modals, its home."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.core.errors import Impossible, SlackError
from sandbox.core.event_payloads import home_opened
from sandbox.core.forms import Field, Values, action_state, chosen, fields, initial_values, option_named, options_of
from sandbox.core.model import Channel, Json, Message, User
from sandbox.core.plain import escape
from sandbox.core.tokens import ResponseUrl
from sandbox.core.views import View
from sandbox.core.workspace import Workspace
from sandbox.slack.delivery import Ack, Kind
from sandbox.slack.interactions import Interactions, action_of
from sandbox.slack.responses import respond
from sandbox.users.messages import MessageActions


@dataclass(frozen=True)
class Surface:
    """Where an element stands: on a message in a channel, or in a view."""

    blocks: list[Json]
    values: Values
    view: View | None = None
    channel: Channel | None = None
    message: Message | None = None


@dataclass(frozen=True)
class ActionOutcome:
    """What came of an interaction: acknowledged, or the error the client shows; and the immediate response."""

    acked: bool
    error: str | None = None
    response: Message | None = None


def outcome(ack: Ack) -> ActionOutcome:
    """Return what the client makes of an ack."""
    if ack.ok:
        return ActionOutcome(acked=True)
    late = ack.reason in {"timeout", "http_timeout"}
    return ActionOutcome(acked=False, error="operation_timeout" if late else "dispatch_failed")


class UserActions:
    """Carries a person's use of the app to the app, and honours what it answers."""

    def __init__(self, workspace: Workspace, deliver: Callable[[Kind, Json], Ack]) -> None:
        """`deliver` hands a payload to the app and waits for its ack."""
        self.workspace = workspace
        self.messages = MessageActions(workspace)
        self.deliver = deliver
        self.payloads = Interactions(workspace)

    # ----------------------------------------------------------------------------- commands, shortcuts, home

    def runs(self, user: User, text: str, channel: str) -> ActionOutcome:
        """Run a slash command."""
        place = self.messages.place(user, channel)
        command, _, rest = text.partition(" ")
        known = self.workspace.app.commands
        if known is not None and command not in known:
            raise Impossible(f"{command} is not a valid command.")
        payload = self.payloads.command(user, place, command, escape(rest.strip()))
        ack = self.deliver("slash_commands", payload)
        if not ack.ok or not ack.payload or not set(ack.payload) & {"text", "blocks", "attachments"}:
            return outcome(ack)
        try:
            with self.workspace.lock:
                url = ResponseUrl(user.id, place.id, None, self.workspace.real())
                response = respond(self.workspace, url, ack.payload)
        except SlackError:
            return ActionOutcome(acked=True, error="invalid_command_response")
        return ActionOutcome(acked=True, response=response)

    def uses_shortcut(self, user: User, name: str, on: tuple[str, str] | None = None) -> ActionOutcome:
        """Use a shortcut, by the manifest's name or by callback id; `on` (channel, ts): a message shortcut."""
        names = self.workspace.app.shortcuts
        callback_id = (names or {}).get(name, name)
        if names is not None and callback_id not in names.values():
            raise Impossible(f"There is no shortcut {name!r}; there are {', '.join(names)}.")
        if on is None:
            return outcome(self.deliver("interactive", self.payloads.global_shortcut(user, callback_id)))
        channel, message = self.messages.message(user, *on)
        if message.visible_to is not None:
            raise Impossible("An ephemeral message has no shortcuts.")
        payload = self.payloads.message_shortcut(user, channel, message, callback_id)
        return outcome(self.deliver("interactive", payload))

    def opens_home(self, user: User, tab: str = "home") -> View | None:
        """Open the app's home; return what was published for this person so far."""
        if user.deleted:
            raise Impossible(f"{user.name} is deactivated.")
        workspace = self.workspace
        with workspace.changing():
            view = workspace.views.homes.get(user.id)
            shown = view.as_slack(workspace.installation) if view else None
            workspace.happens(home_opened(user.id, workspace.direct(user.id).id, tab, shown, workspace.next_ts()))
        return view

    # ------------------------------------------------------------------------------------ buttons and choices

    def surface(self, user: User, on: tuple[str, str] | str | None) -> Surface:
        """Return what an element stands on: a message (channel, ts), `"home"`, or None: the open modal."""
        if isinstance(on, tuple):
            channel, message = self.messages.message(user, *on)
            message.values = initial_values(message.blocks, message.values)
            return Surface(message.blocks, message.values, channel=channel, message=message)
        views = self.workspace.views
        view = views.homes.get(user.id) if on == "home" else views.top(user.id)
        if view is None:
            raise Impossible(f"{user.name} has no {'home' if on == 'home' else 'modal'} open.")
        return Surface(view.blocks, view.values, view=view)

    def clicks(self, user: User, name: str, on: tuple[str, str] | str | None, nth: int | None = None) -> ActionOutcome:
        """Click a button, by its label."""
        with self.workspace.lock:
            surface = self.surface(user, on)
            field = found(surface.blocks, name, {"button", "workflow_button"}, nth)
        return self._acts(user, surface, field, {})

    def picks_overflow(
        self, user: User, option: str, on: tuple[str, str] | str | None, nth: int | None = None
    ) -> ActionOutcome:
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
    ) -> ActionOutcome:
        """Choose in a select, radio buttons, checkboxes or a picker; the app hears of it at once."""
        with self.workspace.lock:
            surface = self.surface(user, on)
            field = found(surface.blocks, name, None, nth)
        state = self._set(user, surface, field, value)
        return self._acts(user, surface, field, state)

    def uses(
        self, user: User, on: tuple[str, str] | str | None, ids: tuple[str, str], value: Any = None
    ) -> ActionOutcome:
        """Use the element of these ids (block, action): click it, pick `value` of a menu, or put `value` into it."""
        with self.workspace.lock:
            surface = self.surface(user, on)
            field = with_action(surface.blocks, ids)
        if field.is_stateful:
            return self._acts(user, surface, field, self._set(user, surface, field, value))
        state = {"selected_option": option_named(options_of(field.element), value)} if field.kind == "overflow" else {}
        return self._acts(user, surface, field, state)

    def _acts(self, user: User, surface: Surface, field: Field, state: Json) -> ActionOutcome:
        """Send the use of an element; inputs are only sent when they dispatch their actions."""
        if field.is_input and not field.block.get("dispatch_action"):
            return ActionOutcome(acked=True)
        action = action_of(field.block["block_id"], field.element, state)
        if surface.view is not None:
            payload = self.payloads.action_in_view(user, surface.view, action)
        elif surface.channel is not None and surface.message is not None:
            payload = self.payloads.action_on_message(user, surface.channel, surface.message, action)
        return outcome(self.deliver("interactive", payload))

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
            view = surface.view.as_slack(self.workspace.installation)
            container: Json = {"container": {"type": "view", "view_id": surface.view.id}, "view": view}
        else:
            container = {"container": {"type": "message"}}
        typed = str(wanted[0] if isinstance(wanted, list) else wanted)
        block_id = field.block["block_id"]
        ack = self.deliver("interactive", self.payloads.suggestion(user, field.element, block_id, typed, container))
        return options_of(ack.payload or {})


def _texts(options: list[Json]) -> list[str]:
    return [text for option in options for text in (option["text"]["text"], option.get("value", ""))]


def with_action(blocks: list[Json], ids: tuple[str, str]) -> Field:
    """Find an element by its block id and action id."""
    for field in fields(blocks):
        if ids == (field.block["block_id"], field.element["action_id"]):
            return field
    raise Impossible("This is not there any more.")


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
