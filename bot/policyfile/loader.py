"""The policy file: one's own laid over the default one, checked, every mistake named by its line."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.clients.issue_addresses import check_project
from bot.policyfile.schema import ANY, keys_at, maps, settings
from bot.policyfile.yaml_source import Document, KeyPath, Problem, read
from workflows.contract.errors import PolicyError
from workflows.lib.suggestions import did_you_mean
from workflows.policy.fields import PROJECT_FORM
from workflows.policy.model import Policy

DEFAULT_NAME: Final = "policy.default.yml"


@dataclass(frozen=True)
class Source:
    """A policy with the files it came from. `own` and `own_name` are None where there is only the default."""

    policy: Policy
    default: Document
    own: Document | None
    own_name: str | None


def load(path: Path | None = None) -> Policy:
    """Read the policy: the file laid over the default one, or the default one alone.

    `PolicyError` names every mistake on a line of its own: `FILE:LINE: key.path: what is wrong`.
    """
    return load_source(path).policy


def load_source(path: Path | None = None) -> Source:
    """Read the policy and remember where each value came from. Errors as in `load`."""
    default = default_policy()
    own = read(_text(path)) if path else None
    document, name = (own, str(path)) if own else (default, DEFAULT_NAME)
    values = laid_over(default.values, own.values) if own else default.values
    try:
        policy = Policy.model_validate(values, context={PROJECT_FORM: check_project})
    except ValidationError as error:
        raise _error(name, [*document.problems, *_problems(error, document)]) from None
    except (
        ArithmeticError,
        RecursionError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:  # a rule about values that broke on one
        unreadable = Problem(1, (), f"this cannot be read as a policy ({type(error).__name__})")
        raise _error(name, [*document.problems, unreadable]) from None
    if document.problems:
        raise _error(name, document.problems)
    return Source(policy, default, own, str(path) if path else None)


@cache
def default_policy() -> Document:
    """The default policy, which is part of the program and read once."""
    return read(files("bot").joinpath(DEFAULT_NAME).read_text("utf-8"))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise PolicyError(f"{path}:1: this is not a text file in UTF-8") from error
    except OSError as error:
        raise PolicyError(f"{path}: the policy file cannot be read: {error.strerror}") from error


def _error(name: str, problems: list[Problem]) -> PolicyError:
    lines = [
        f"{name}:{problem.line}: {': '.join(part for part in (dotted(problem.path), problem.sentence) if part)}"
        for problem in sorted(problems, key=lambda problem: problem.line)
    ]
    return PolicyError("\n".join(lines))


def laid_over(default: dict[str, Any], own: dict[str, Any], path: KeyPath = ()) -> dict[str, Any]:
    """Merge section by section and map by map; whatever is neither, such as a list, is replaced."""
    is_map = path in maps()
    own = dict(own)
    drops_all = is_map and ANY in own and own.pop(ANY) is None
    merged = {} if drops_all else dict(default)
    for key, value in own.items():
        standing = default.get(key)
        if is_map and value is None and key in default:
            merged.pop(key, None)
        elif isinstance(standing, dict) and isinstance(value, dict):
            merged[key] = laid_over(standing, value, (*path, ANY if is_map else key))
        elif not isinstance(standing, dict) or value is not None:
            merged[key] = value
        # else: a section whose keys are all commented out differs in nothing
    return merged


def _problems(error: ValidationError, document: Document) -> list[Problem]:
    """Put each of pydantic's errors at its line; what an unknown key holds is not held against it."""
    found = [(_path(details), details) for details in error.errors()]
    unknown = {path for path, details in found if details["type"] in _UNKNOWN}
    return [
        Problem(document.line(path), path, _sentence(details, path))
        for path, details in found
        if not any(path[:end] in unknown for end in range(len(path)))
    ]


def _path(details: ErrorDetails) -> KeyPath:
    return tuple(step for step in details["loc"] if step != "[key]")


_UNKNOWN: Final = frozenset({"extra_forbidden", "enum"})
_SENTENCES: Final = {
    "missing": "this is missing",
    "string_type": "this should be text; put it in quotes",
    "string_too_short": "this is empty",
    "string_too_long": "this is longer than {max_length} characters",
    "too_short": "this is empty",
    "too_long": "these are more than {max_length}",
    "int_type": "this should be a whole number",
    "int_parsing": "this should be a whole number",
    "int_from_float": "this should be a whole number",
    "greater_than_equal": "this should be at least {ge}",
    "less_than_equal": "this should be at most {le}",
    "model_type": "this should hold keys with values",
    "mapping_type": "this should hold keys with values",
    "dict_type": "this should hold keys with values",
    "tuple_type": "this should be a list: [one, two], or lines that begin with -",
    "date_type": "this should be a date, such as 2026-12-24",
    "date_parsing": "this should be a date, such as 2026-12-24",
    "date_from_datetime_parsing": "this should be a date, such as 2026-12-24",
    "date_from_datetime_inexact": "this should be a date, such as 2026-12-24",
}
"""What pydantic's kinds of errors mean to a person."""


def _sentence(details: ErrorDetails, path: KeyPath) -> str:
    context = details.get("ctx", {})
    if details["type"] == "value_error":
        return str(context["error"])
    if details["type"] in _UNKNOWN:
        return f"there is no such key{_nearest(path)}"
    return _SENTENCES.get(details["type"], details["msg"]).format(**context)


def _nearest(path: KeyPath) -> str:
    """Return the nearest key of the same section, or else the key of this name in another one."""
    here, word = keys_at(path[:-1]), str(path[-1])
    elsewhere = [dotted(setting.path) for setting in settings() if setting.path[-1] == word]
    if near := did_you_mean(word, here):
        return near
    if elsewhere:
        return f"; did you mean {elsewhere[0]}?"
    return f"; known here are {', '.join(here)}" if here else ""


def dotted(path: KeyPath) -> str:
    """Write a path as people do: `managers.users[1]`, positions counted from 1."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
