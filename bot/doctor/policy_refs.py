"""What the policy names in other systems: found by the kinds of its fields, whatever process they belong to."""

from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from workflows.policy.model import Policy


def named(policy: Policy, kind: object) -> list[str]:
    """Every value of this kind (such as `policy_fields.Channel`) in the policy, each once, in order."""
    return list(dict.fromkeys(_of_model(policy, kind)))


def _of_model(section: BaseModel, kind: object) -> Iterator[str]:
    hints = get_type_hints(type(section), include_extras=True)
    for name in type(section).model_fields:
        yield from _values(getattr(section, name), hints[name], kind)


def _values(value: Any, hint: Any, kind: object) -> Iterator[str]:  # noqa: ANN401 - any field of any section
    """The values of this kind in a field: the field itself, or what it holds."""
    if value is None:
        return
    if hint == kind:
        yield str(value)
    elif isinstance(value, BaseModel):
        yield from _of_model(value, kind)
    else:
        for part, part_hint in _parts(value, hint):
            yield from _values(part, part_hint, kind)


def _parts(value: Any, hint: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - as above
    """What a value of this hint may hold: its own plainer hints, its items, its keys."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        yield value, inner[0]
    elif origin in {Union, UnionType}:
        yield from ((value, part) for part in inner if part is not NoneType)
    elif isinstance(value, tuple) and inner:
        yield from ((item, inner[0]) for item in value)
    elif isinstance(value, Mapping) and inner:
        yield from ((key, inner[0]) for key in value)
        yield from ((item, inner[1]) for item in value.values())
