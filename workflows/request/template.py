"""A project's issue template, filled in: each answer under its heading, as a person would."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workflows.lib.markup import defuse_handles

_HEADING: Final = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_LABELS: Final = re.compile(r"^\s{0,3}/label\b(.*)$")
_LABEL: Final = re.compile(r'~"([^"]+)"|~(\S+)')
_MARKS: Final = re.compile(r"[*_`:?]")
_GAPS: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Answer:
    """What was answered, and the heading it belongs under."""

    heading: str
    text: str


@dataclass(frozen=True)
class Filled:
    """The text of an issue, the labels its template sets, and the headings it does not have any more."""

    text: str
    labels: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def fill(template: str, answers: Sequence[Answer]) -> Filled:
    """Fill the template in; an answer whose heading it does not have stands at the end, under its own.

    The template's notes to whoever fills it in are left out. Its `/label` lines become labels, as they would in the
    tracker's own form. Answers notify nobody.
    """
    lines, labels = _read(template)
    waiting = {_same(answer.heading): answer for answer in answers}
    filled: list[str] = []
    for line in lines:
        filled.append(line)
        heading = _HEADING.match(line)
        answer = waiting.pop(_same(heading[2]), None) if heading else None
        if answer is not None:
            filled += ["", defuse_handles(answer.text), ""]
    missing = tuple(waiting.values())
    for answer in missing:
        filled += ["", f"### {answer.heading}", "", defuse_handles(answer.text)]
    return Filled(_tidy("\n".join(filled)), labels, tuple(answer.heading for answer in missing))


def plain(answers: Sequence[Answer]) -> str:
    """The answers as a description, where the project has no template."""
    return fill("", answers).text


def _read(template: str) -> tuple[list[str], tuple[str, ...]]:
    """The lines of a template without its notes and its `/label` lines, and the labels of those."""
    lines: list[str] = []
    labels: list[str] = []
    for line in _COMMENT.sub("", template.replace("\r\n", "\n")).split("\n"):
        action = _LABELS.match(line)
        if action:
            labels += [quoted or bare for quoted, bare in _LABEL.findall(action[1])]
        else:
            lines.append(line.rstrip())
    return lines, tuple(labels)


def _same(heading: str) -> str:
    """A heading as it is compared: without marks, capitals and the spaces around."""
    return " ".join(_MARKS.sub("", heading).casefold().split())


def _tidy(text: str) -> str:
    return _GAPS.sub("\n\n", text).strip()
