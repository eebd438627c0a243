"""Everything people can use of the desk, found where it is named: ids, manifest, sections of the App Home."""

import importlib
import pkgutil
from collections.abc import Iterator
from enum import StrEnum
from inspect import getmembers, isclass
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

import handlers
from handlers.kit.access import home_of, messages_of
from handlers.registry import PROCESSES

MANIFEST = Path(__file__).parents[1] / "manifest.yml"


def ids_modules() -> Iterator[ModuleType]:
    """The `ids` of every process."""
    for found in pkgutil.iter_modules(handlers.__path__):
        if found.ispkg and importlib.util.find_spec(f"handlers.{found.name}.ids"):
            yield importlib.import_module(f"handlers.{found.name}.ids")


def manifest() -> dict[str, Any]:
    """What Slack is told of the desk."""
    found: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return found


def names(of: str) -> list[str]:
    """The ids of a kind (`Button`, `View`) of all processes."""
    kinds = [kind for module in ids_modules() for name, kind in getmembers(module, isclass) if name == of]
    return [member.value for kind in kinds if issubclass(kind, StrEnum) for member in kind]


def commands() -> list[str]:
    """The slash commands."""
    return [command["command"] for command in manifest()["features"]["slash_commands"]]


def shortcuts() -> list[str]:
    """The callback ids of the shortcuts."""
    return [shortcut["callback_id"] for shortcut in manifest()["features"]["shortcuts"]]


def listeners() -> dict[str, str]:
    """Every name that has to be listed, and what it is."""
    return {
        **dict.fromkeys(commands(), "command"),
        **dict.fromkeys(shortcuts(), "shortcut"),
        **{home_of(one.rules.kind): "section of the App Home" for one in PROCESSES if one.home},
        **{messages_of(one.rules.kind): "messages in channels" for one in PROCESSES if one.on_message},
        **dict.fromkeys(names("Button"), "button"),
        **dict.fromkeys(names("View"), "form"),
    }
