"""YAML files read so that every value knows its line.

Values are plain, and read as YAML 1.2 reads them: `no`, `NO`, `17:00` and `2026-12-24` are texts; only `true`,
`false`, `null` and numbers are not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final

import yaml

KeyPath = tuple[str | int, ...]
"""Where a value stands: keys and list positions, from the top."""

_PLAIN: Final = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?", "-+.0123456789"),
)


_COLLECTIONS: Final = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader, with YAML 1.2's few plain scalars in place of 1.1's many."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - as PyYAML declares it


for _tag, _form, _firsts in _PLAIN:
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_form})$"), [first.strip("\0") for first in _firsts]
    )


MOST_VALUES: Final = 50_000
"""Keys and values; the default policy has some hundreds. A few lines that refer to each other stand for billions."""
DEEPEST: Final = 50
DEEPEST_TEXT: Final = 500
OPENS: Final = {"[": 1, "{": 1, "]": -1, "}": -1}
TOO_MUCH: Final = "this holds far more values than a policy can; do sections refer to each other with & and *?"
TOO_DEEP: Final = "this is nested too deeply to be a policy"


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file: the line (from 1), where it stands, and a sentence."""

    line: int
    path: KeyPath
    sentence: str


@dataclass
class Document:
    """A file that was read: its values, the line of each, and what is wrong with its form."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: KeyPath) -> int:
        """Return the line of this value, or of the innermost section round it that the file has."""
        return next(self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines)


def read(text: str) -> Document:
    """Read a YAML text; whatever is wrong with it stands in `problems`, nothing is raised."""
    document = Document(lines={(): 1})
    if _is_deep(text):  # it would take the reader minutes to find out
        document.problems.append(Problem(1, (), TOO_DEEP))
        return document
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        values = _Reader(document, loader).value(node, (), ()) if node else {}
    except (RecursionError, _TooMuchError) as error:
        sentence = TOO_DEEP if isinstance(error, RecursionError) else TOO_MUCH
        return Document(lines={(): 1}, problems=[Problem(1, (), sentence)])
    except yaml.YAMLError as error:
        document.problems.append(Problem(*_described(error, text)))
        return document
    if isinstance(values, dict):
        document.values = values
    elif values is not None:
        document.problems.append(Problem(1, (), "the file should hold keys with values, such as `time_zone: UTC`"))
    return document


class _TooMuchError(Exception):
    """The file holds more values than any policy."""


@dataclass(frozen=True)
class _Reader:
    document: Document
    loader: yaml.SafeLoader

    def value(self, node: yaml.Node, path: KeyPath, round_it: tuple[yaml.Node, ...]) -> Any:  # noqa: ANN401 - what YAML holds
        if len(path) > DEEPEST:
            raise RecursionError
        if len(self.document.lines) + len(self.document.problems) > MOST_VALUES:
            raise _TooMuchError
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        if node in round_it:
            self._wrong(node, path, "this refers to itself")
            return None
        if isinstance(node, yaml.CollectionNode) and node.tag not in _COLLECTIONS:
            self._wrong(node, path, "a tag stands here, which begins with !; take it away")
            return None
        if isinstance(node, yaml.MappingNode):
            return {key: self.value(part, (*path, key), (*round_it, node)) for key, part in self._pairs(node, path)}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(part, (*path, at), (*round_it, node)) for at, part in enumerate(node.value)]
        return self._scalar(node, path)

    def _pairs(self, node: yaml.MappingNode, path: KeyPath) -> Iterator[tuple[str, yaml.Node]]:
        seen: dict[str, int] = {}
        for key_node, part in node.value:
            key, line = key_node.value, key_node.start_mark.line + 1
            if not isinstance(key, str) or not key.isprintable():
                self._wrong(key_node, path, "a key should be a plain word")
            elif key in seen:
                self._wrong(key_node, (*path, key), f"this key stands here twice, first on line {seen[key]}")
            else:
                seen[key] = self.document.lines[*path, key] = line
                yield key, part

    def _scalar(self, node: yaml.Node, path: KeyPath) -> Any:  # noqa: ANN401 - what YAML holds
        try:
            value = self.loader.construct_object(node)
            if isinstance(value, str):
                value.encode()  # an escape may stand for half a character
        except (yaml.YAMLError, ValueError):
            self._wrong(node, path, "this value cannot be read; write it as plain text")
            return None
        return value

    def _wrong(self, node: yaml.Node, path: KeyPath, sentence: str) -> None:
        self.document.problems.append(Problem(node.start_mark.line + 1, path, sentence))


def _is_deep(text: str) -> bool:
    """Whether lines are indented, or brackets opened, as in no policy."""
    opened = accumulate(OPENS.get(sign, 0) for sign in text)
    return f"\n{' ' * DEEPEST_TEXT}" in text or max(opened, default=0) > DEEPEST_TEXT


def _described(error: yaml.YAMLError, text: str) -> tuple[int, KeyPath, str]:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return 1, (), "this is not a text file: it holds characters YAML does not allow"
    line = error.problem_mark.line
    written = text.splitlines()[line : line + 1]
    if written and "\t" in written[0][: len(written[0]) - len(written[0].lstrip())]:
        return line + 1, (), "a tab stands here; YAML is indented with spaces"
    near = f" ({error.context})" if error.context else ""
    return line + 1, (), f"this is not YAML: {error.problem}{near}"
