"""The app's manifest: what Slack's own schema does not find, and whether it agrees with the code and the README."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from slack_bolt import App
from slack_sdk import WebClient

from handlers.kit.context import Desk
from handlers.registry import register
from tests.policies import company_policy

HOME = Path(__file__).parents[2]
MANIFEST: dict[str, Any] = yaml.safe_load((HOME / "manifest.yml").read_text(encoding="utf-8"))
FEATURES: dict[str, Any] = MANIFEST["features"]
SETTINGS: dict[str, Any] = MANIFEST["settings"]
COMMANDS: list[dict[str, Any]] = FEATURES["slash_commands"]
SHORTCUTS: list[dict[str, Any]] = FEATURES["shortcuts"]
SCOPES: list[str] = MANIFEST["oauth_config"]["scopes"]["bot"]
EVENTS: list[str] = SETTINGS["event_subscriptions"]["bot_events"]

HISTORY = {"channels:history", "groups:history", "im:history"}
CHANNELS = {"channels:read", "groups:read"}
OF_METHOD: dict[str, set[str]] = {
    "api.test": set(),
    "apps.connections.open": set(),  # the app-level token's own: connections:write
    "auth.test": set(),
    "canvases.edit": set(),  # canvases:write and canvases:read are added where a company chooses a canvas
    "canvases.sections.lookup": set(),
    "chat.delete": {"chat:write"},
    "chat.getPermalink": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": HISTORY,
    "conversations.info": CHANNELS,
    "conversations.list": CHANNELS,
    "conversations.members": CHANNELS,
    "conversations.open": {"im:write"},
    "conversations.replies": HISTORY,
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.upload.v2": {"files:write"},
    "reactions.add": {"reactions:write"},
    "usergroups.list": {"usergroups:read"},
    "usergroups.users.list": {"usergroups:read"},
    "users.info": {"users:read"},
    "users.lookupByEmail": {"users:read", "users:read.email"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
"""The bot scopes a Web API method asks for, for the kinds of channels the desk is in."""

OF_EVENT: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "channel_archive": {"channels:read"},
    "channel_rename": {"channels:read"},
    "member_joined_channel": {"channels:read"},
    "member_left_channel": {"channels:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "reaction_added": {"reactions:read"},
    "subteam_members_changed": {"usergroups:read"},
    "subteam_updated": {"usergroups:read"},
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}
"""The events there are, as far as the desk may want them, and the bot scope each asks for."""

KEYS: dict[str, set[str]] = {
    "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
    "display_information": {"name", "description", "long_description", "background_color"},
    "features": {"app_home", "bot_user", "slash_commands", "shortcuts", "unfurl_domains"},
    "features.app_home": {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    "features.bot_user": {"display_name", "always_online"},
    "oauth_config": {"scopes", "redirect_urls"},
    "oauth_config.scopes": {"bot"},
    "settings": {
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    },
    "settings.event_subscriptions": {"bot_events", "request_url"},
    "settings.interactivity": {"is_enabled", "request_url", "message_menu_options_url"},
}
"""What may stand where."""


class Recorder:
    """Notes what is listened to, in the place of a bolt app."""

    def __init__(self) -> None:
        self.listened: dict[str, list[Any]] = {}

    def __getattr__(self, kind: str) -> Callable[..., Callable[[Any], Any]]:
        def note(what: Any = None, *_: Any, **__: Any) -> Callable[[Any], Any]:
            self.listened.setdefault(kind, []).append(what)
            return lambda listener: listener

        return note


@pytest.fixture(scope="module")
def listened() -> dict[str, list[Any]]:
    """Everything the desk listens to, by kind."""
    app, nobody = Recorder(), cast("Any", None)
    register(cast("App", app), Desk(nobody, company_policy(), nobody, nobody, nobody))
    return app.listened


@cache
def methods_called() -> frozenset[str]:
    """The Web API methods the code calls."""
    rooms = ("bot", "handlers", "workflows")
    return frozenset(name.replace("_", ".") for room in rooms for name in _methods_in(HOME / room))


def _methods_in(room: Path) -> Iterator[str]:
    for file in room.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and re.fullmatch(r"[a-z]+_[A-Za-z_]+", node.attr) and _is_method(node):
                yield node.attr


def _is_method(node: ast.Attribute) -> bool:
    return callable(getattr(WebClient, node.attr, None)) and not node.attr.startswith("api_")


# ----------------------------------------------------------------------------------------- Slack's own rules


@pytest.mark.parametrize("path", KEYS)
def test_no_key_is_misspelt(path: str) -> None:
    """Slack passes over a key it does not know, and what it should have set is not set."""
    part = MANIFEST
    for name in filter(None, path.split(".")):
        part = part.get(name, {})
    assert set(part) <= KEYS[path]


def test_names_and_descriptions_fit() -> None:
    """Slack's lengths: 35 for the name, 140 for what it is, 80 for the bot."""
    shown = MANIFEST["display_information"]
    assert 1 <= len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", FEATURES["bot_user"]["display_name"])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command["command"]))
def test_commands_are_what_slack_takes(command: dict[str, Any]) -> None:
    """A slash, small letters, at most 32 characters; a description, and a hint how to use it."""
    assert set(command) <= {"command", "description", "usage_hint", "should_escape", "url"}
    assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
    assert 1 <= len(command["description"]) <= 2000
    assert 1 <= len(command["usage_hint"]) <= 1000
    assert command["should_escape"] is False  # names and links are wanted as they were typed


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda shortcut: str(shortcut["name"]))
def test_shortcuts_are_what_slack_takes(shortcut: dict[str, Any]) -> None:
    """A name of at most 24 characters, a description of at most 150."""
    assert set(shortcut) == {"name", "type", "callback_id", "description"}
    assert shortcut["type"] in {"message", "global"}
    assert 1 <= len(shortcut["name"]) <= 24
    assert 1 <= len(shortcut["callback_id"]) <= 255
    assert 1 <= len(shortcut["description"]) <= 150


def test_nothing_stands_there_twice() -> None:
    """Slack's schema takes a command twice, and then only one of them works."""
    for names in (
        [command["command"] for command in COMMANDS],
        [shortcut["callback_id"] for shortcut in SHORTCUTS],
        [shortcut["name"] for shortcut in SHORTCUTS],
        SCOPES,
        EVENTS,
    ):
        assert sorted(set(names)) == sorted(names)


def test_there_are_not_too_many() -> None:
    """50 commands, 10 shortcuts, 100 events."""
    assert len(COMMANDS) <= 50
    assert len(SHORTCUTS) <= 10
    assert len(EVENTS) <= 100


def test_events_and_clicks_have_a_way_in() -> None:
    """Without a request URL only Socket Mode brings them; the schema does not notice."""
    assert SETTINGS["socket_mode_enabled"] is True
    assert SETTINGS["interactivity"]["is_enabled"] is True


def test_people_can_read_what_the_desk_writes_to_them() -> None:
    """DMs need the messages tab; the home needs its own."""
    assert FEATURES["app_home"]["messages_tab_enabled"] is True
    assert FEATURES["app_home"]["home_tab_enabled"] is True


# ------------------------------------------------------------------------------------------------ the code


def test_every_event_is_known() -> None:
    """A misspelt event is never sent, and nobody notices."""
    assert set(EVENTS) <= set(OF_EVENT)


def test_every_method_is_known() -> None:
    """A method this test does not know: say in OF_METHOD which scopes it needs."""
    assert methods_called() - set(OF_METHOD) == set()


def test_the_scopes_are_those_that_are_needed_and_no_more() -> None:
    """By the methods the code calls, the events it subscribes to, and its commands and shortcuts."""
    needed = {"commands"}.union(
        *(OF_METHOD[method] for method in methods_called()), *(OF_EVENT[event] for event in EVENTS)
    )
    assert set(SCOPES) == needed


def test_every_command_has_a_listener_and_every_listener_its_command(listened: dict[str, list[Any]]) -> None:
    """Neither a command nobody answers nor an answer nobody can ask for; processes may share one, by its first word."""
    assert set(listened["command"]) == {command["command"] for command in COMMANDS}


def test_every_shortcut_has_a_listener_and_every_listener_its_shortcut(listened: dict[str, list[Any]]) -> None:
    """The same for shortcuts."""
    assert sorted(listened["shortcut"]) == sorted(shortcut["callback_id"] for shortcut in SHORTCUTS)


def test_every_event_has_a_listener_and_every_listener_its_event(listened: dict[str, list[Any]]) -> None:
    """`message.channels` and its likes arrive as `message`."""
    assert set(listened["event"]) == {event.partition(".")[0] for event in EVENTS}


def test_modals_and_buttons_are_listened_to_by_prefix(listened: dict[str, list[Any]]) -> None:
    """Few listeners: bolt tries each in turn. Every process hears its own action ids."""
    for kind in ("action", "view"):
        assert len(listened[kind]) == len({pattern.pattern for pattern in listened[kind]}) <= 10


# ---------------------------------------------------------------------------------------------- the README


@pytest.mark.parametrize("name", [*(c["command"] for c in COMMANDS), *(s["name"] for s in SHORTCUTS)])
def test_the_readme_tells_of_every_command_and_shortcut(name: str) -> None:
    """Who reads the README learns everything one can type or choose."""
    readme = HOME / "README.md"
    assert readme.exists(), "There is no README.md yet: it has to tell of every command and shortcut."
    assert name in readme.read_text(encoding="utf-8"), f"The README does not say a word about {name}."
