"""An app manifest as the settings of the sandbox's app: scopes, events, commands and shortcuts."""

import json
from pathlib import Path

import yaml

from sandbox.core.model import AppSettings, Json


def read_manifest(path: Path) -> AppSettings:
    """Read a manifest file, JSON or YAML."""
    text = path.read_text(encoding="utf-8")
    return app_of(json.loads(text) if path.suffix == ".json" else yaml.safe_load(text))


def app_of(manifest: Json) -> AppSettings:
    """Return the app this manifest would install: what it does not ask for, it does not get."""
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    commands, shortcuts = features.get("slash_commands", []), features.get("shortcuts", [])
    return AppSettings(
        scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        commands=frozenset(command["command"] for command in commands),
        hints={one["command"]: (one.get("usage_hint", ""), one.get("description", "")) for one in commands},
        shortcuts={shortcut["name"]: shortcut["callback_id"] for shortcut in shortcuts},
        message_shortcuts=frozenset(shortcut["name"] for shortcut in shortcuts if shortcut["type"] == "message"),
        name=features.get("bot_user", {}).get("display_name", AppSettings.name),
    )
