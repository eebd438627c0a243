"""What can be set, read off the models: every key, what it means, and its default."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel

from bot.policyfile.yaml_source import KeyPath
from workflows.policy.model import Policy

ANY: Final = "*"
"""Stands in a path for the keys or positions a company chooses itself."""


@dataclass(frozen=True)
class Setting:
    """One key of the policy. `is_section` says that it holds further keys.

    `is_map` says that a company chooses the keys in it itself: a file of one's own adds to them, changes them, and
    takes one out with `null`. Lists are neither: they are replaced.
    """

    path: KeyPath
    description: str
    is_section: bool
    is_map: bool


@cache
def settings() -> tuple[Setting, ...]:
    """Return every key of the policy, in order, sections before what they hold."""
    return tuple(_settings(Policy, ()))


@cache
def maps() -> frozenset[KeyPath]:
    """Return the paths of the maps, which are merged by key."""
    return frozenset(setting.path for setting in settings() if setting.is_map)


def keys_at(path: KeyPath) -> tuple[str, ...]:
    """Return the keys known in the section at this path; none where they are free, or where there is no section."""
    annotation: Any = Policy
    for step in path:
        annotation = _inside(annotation, step)
    if (model := _model(annotation)) is not None:
        return tuple(model.model_fields)
    kind = next(iter(get_args(_plain(annotation))), None)
    return tuple(kind) if isinstance(kind, type) and issubclass(kind, StrEnum) else ()


def _settings(model: type[BaseModel], path: KeyPath) -> Iterator[Setting]:
    for name, field in model.model_fields.items():
        inner, step = _held(field.annotation)
        at = (*path, name)
        yield Setting(at, field.description or "", inner is not None, _is_map(field.annotation))
        if inner is not None:
            yield from _settings(inner, at + step)


def _is_map(annotation: object) -> bool:
    return get_origin(_plain(annotation)) is Mapping


def _held(annotation: object) -> tuple[type[BaseModel] | None, KeyPath]:
    """Return the model a field is, or the one it holds many of under free keys or positions."""
    if (model := _model(annotation)) is not None:
        return model, ()
    return _model(_inside(annotation, ANY)), (ANY,)


def _model(annotation: object) -> type[BaseModel] | None:
    plain = _plain(annotation)
    return plain if isinstance(plain, type) and issubclass(plain, BaseModel) else None


def _plain(annotation: object) -> object:
    """Take off `Annotated` and `| None`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _plain(get_args(annotation)[0])
    if origin in {Union, UnionType}:
        return _plain(next(part for part in get_args(annotation) if part is not NoneType))
    return annotation


def _inside(annotation: object, step: str | int) -> object:
    """Return the annotation one step further in; None where nothing is known of it."""
    model, plain = _model(annotation), _plain(annotation)
    if model is not None:
        field = model.model_fields.get(str(step))
        return field.annotation if field else None
    if get_origin(plain) is tuple:
        return get_args(plain)[0]
    return get_args(plain)[1] if get_origin(plain) is Mapping else None
