"""The small language in which Slack's limits are written: a shape says which JSON values fit.

A shape is called with a value and the JSON pointer where it stands. It yields nothing when the value
fits, else one `ShapeFault` for each thing that is wrong, in Slack's words and with the pointer Slack gives.
"""
# ruff: noqa: D102 - what calling any shape does is said once, above

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ShapeFault:
    """One thing wrong at one place; `str()` gives Slack's line for `response_metadata.messages`."""

    sentence: str
    pointer: str

    def __str__(self) -> str:
        return f"[ERROR] {self.sentence} [json-pointer:{self.pointer}]"


_TYPE_WORDS = {str: "a string", dict: "an object", list: "an array", bool: "a boolean", int: "an integer"}


Shape = Callable[[Any, str], Iterator[ShapeFault]]
Rule = Callable[[Mapping[str, Any], str], Iterator[ShapeFault]]  # between the fields of an object


def _of_type(kind: type, value: Any, at: str) -> Iterator[ShapeFault]:
    # Python counts True as an integer; JSON does not.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        yield ShapeFault(f"must provide {_TYPE_WORDS[kind]}", at)


@dataclass(frozen=True)
class Chars:
    """A string of at most `most` characters; unless it may be `blank`, it holds something visible."""

    most: int
    blank: bool = False

    def __call__(self, value: Any, at: str) -> Iterator[ShapeFault]:
        if not isinstance(value, str):
            yield from _of_type(str, value, at)
        elif len(value) > self.most:
            yield ShapeFault(f"must be less than {self.most + 1} characters", at)
        elif not self.blank and not value.strip():  # Slack has been seen to refuse lone spaces as well
            yield ShapeFault("must be more than 0 characters", at)


@dataclass(frozen=True)
class Pattern:
    """A string that `accepts` takes; `what` names it in the sentence, such as "url"."""

    what: str
    accepts: Callable[[str], object]
    most: int = 3000

    def __call__(self, value: Any, at: str) -> Iterator[ShapeFault]:
        wrong = list(Chars(self.most)(value, at))
        if not wrong and not self.accepts(value):
            wrong.append(ShapeFault(f"must be a valid {self.what}", at))
        yield from wrong


@dataclass(frozen=True)
class Int:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int

    def __call__(self, value: Any, at: str) -> Iterator[ShapeFault]:
        wrong = list(_of_type(int, value, at))
        if not wrong and value < self.low:
            wrong.append(ShapeFault(f"must be greater than {self.low - 1}", at))
        if not wrong and value > self.high:
            wrong.append(ShapeFault(f"must be less than {self.high + 1}", at))
        yield from wrong


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def __call__(self, value: Any, at: str) -> Iterator[ShapeFault]:
        yield from _of_type(bool, value, at)


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    words: frozenset[str]

    def __call__(self, value: Any, at: str) -> Iterator[ShapeFault]:
        if not isinstance(value, str):
            yield from _of_type(str, value, at)
        elif value not in self.words:
            yield ShapeFault("must be a valid enum value", at)


@dataclass(frozen=True)
class ListOf:
    """An array of `least` to `most` values that each fit `item`."""

    item: Shape
    most: int
    least: int = 1

    def __call__(self, value: Any, at: str) -> Iterator[ShapeFault]:
        if not isinstance(value, list):
            yield from _of_type(list, value, at)
            return
        if len(value) > self.most:
            yield ShapeFault(f"no more than {self.most} items allowed", at)
        if len(value) < self.least:
            yield ShapeFault(f"must provide at least {self.least} items", at)
        for index, item in enumerate(value):
            yield from self.item(item, f"{at}/{index}")


@dataclass(frozen=True)
class Record:
    """An object with these fields and no others; the rules are asked once each field fits by itself."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape]
    rules: tuple[Rule, ...] = ()

    def __call__(self, value: Any, at: str) -> Iterator[ShapeFault]:
        if not isinstance(value, dict):
            yield from _of_type(dict, value, at)
            return
        wrong = [*self._names(value, at), *self._fields(value, at)]
        yield from wrong or (fault for rule in self.rules for fault in rule(value, at))

    def _names(self, value: Mapping[str, Any], at: str) -> Iterator[ShapeFault]:
        for name in self.required:
            if name not in value:
                yield ShapeFault(f"missing required field: {name}", at)
        for name in value:
            if name not in self.required and name not in self.optional:
                yield ShapeFault(f"invalid additional property: {name}", at)

    def _fields(self, value: Mapping[str, Any], at: str) -> Iterator[ShapeFault]:
        for name, shape in {**self.required, **self.optional}.items():
            if name in value:
                yield from shape(value[name], f"{at}/{name}")


@dataclass(frozen=True)
class ByType:
    """An object whose `type` says which of these shapes it must fit."""

    shapes: Mapping[str, Shape]

    def __call__(self, value: Any, at: str) -> Iterator[ShapeFault]:
        if not isinstance(value, dict):
            yield from _of_type(dict, value, at)
        elif "type" not in value:
            yield ShapeFault("missing required field: type", at)
        elif not isinstance(value["type"], str):
            yield from _of_type(str, value["type"], f"{at}/type")
        elif value["type"] not in self.shapes:
            yield ShapeFault(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            yield from self.shapes[value["type"]](value, at)


NONE: Mapping[str, Shape] = {}


def record(required: Mapping[str, Shape], optional: Mapping[str, Shape] = NONE, *rules: Rule) -> Record:
    """Describe an object with no `type`, such as an option or a confirmation."""
    return Record(required, optional, rules)


def typed(name: str, required: Mapping[str, Shape], optional: Mapping[str, Shape] = NONE, *rules: Rule) -> Record:
    """Describe an object whose `type` is `name`."""
    return Record({"type": choice(name), **required}, optional, rules)


def choice(*words: str) -> Choice:
    """Describe one of these words."""
    return Choice(frozenset(words))


def exactly_one(*names: str) -> Rule:
    """Demand one of these fields, and only one."""
    quoted = " or ".join(f"`{name}`" for name in names)

    def rule(value: Mapping[str, Any], at: str) -> Iterator[ShapeFault]:
        if sum(name in value for name in names) != 1:
            yield ShapeFault(f"must define exactly one of {quoted}", at)

    return rule


def not_above(lower: str, upper: str, measure: Callable[[Any], Any]) -> Rule:
    """Demand, where both fields are there, that the first measures no more than the second."""

    def rule(value: Mapping[str, Any], at: str) -> Iterator[ShapeFault]:
        if lower in value and upper in value and measure(value[lower]) > measure(value[upper]):
            yield ShapeFault(f"must not be more than `{upper}`", f"{at}/{lower}")

    return rule
