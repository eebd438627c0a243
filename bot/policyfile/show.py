"""The effective policy as YAML, each value of one's own file with the line it stands on."""

from typing import Any

import yaml

from bot.policyfile.loader import Source
from bot.policyfile.schema import maps
from bot.policyfile.yaml_source import KeyPath, read


class _Dumper(yaml.SafeDumper):
    """Texts of several lines are written as such."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def show(source: Source) -> str:
    """Write the effective policy as YAML that `load` reads again; a value of one's own says where it stands."""
    values = source.policy.model_dump(mode="json")
    _name_what_was_taken_out(values, source.default.values)
    text = yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))
    lines, places = text.splitlines(), read(text).lines
    if source.own is not None:
        for path in _leaves(values, ()):
            if path in source.own.lines:
                lines[places[path] - 1] += f"  # {source.own_name}:{source.own.lines[path]}"
    return "\n".join(lines) + "\n"


def _name_what_was_taken_out(values: dict[str, Any], default: dict[str, Any]) -> None:
    """Write `null` for what a map of the default policy has and this one has not: read again, it stays out."""
    for path in maps():
        shown: Any = values
        standing: Any = default
        for step in path:
            shown, standing = shown[step], standing[step]
        shown.update(dict.fromkeys(key for key in standing if key not in shown))


def _leaves(values: dict[str, Any], path: KeyPath) -> list[KeyPath]:
    """Return the paths of what is no section."""
    found: list[KeyPath] = []
    for key, value in values.items():
        found.extend(_leaves(value, (*path, key)) if isinstance(value, dict) else [(*path, key)])
    return found
