"""Reads what a message promises: the sentences with a time in them, each by its name."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

PLAYS = 200 if os.environ.get("SOAK") else 20
"""How many plays: `make soak` plays them all."""
DATE = r"<!date\^(?P<at>\d+)\^[^<>]*>"


@dataclass(frozen=True, order=True)
class Promise:
    """That something happens, or happened, at a time: to the second, as Slack shows it."""

    what: str
    at: datetime


def read(text: str, sentences: Mapping[str, str]) -> set[Promise]:
    """What a text promises. `sentences` are patterns by the name of what they promise; `DATE` stands for the time."""
    return {
        Promise(what, datetime.fromtimestamp(int(found["at"]), UTC))
        for what, sentence in sentences.items()
        for found in re.finditer(sentence.replace("DATE", DATE), text)
    }


def promise(what: str, at: datetime) -> Promise:
    """The promise that would be read of this time."""
    return Promise(what, at.astimezone(UTC).replace(microsecond=0))


def text_of(blocks: Iterable[Any]) -> str:
    """Everything a person reads in some blocks, with its mark-up."""
    return "\n".join(_texts(list(blocks)))


def _texts(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        return [*own, *(text for value in part.values() for text in _texts(value))]
    if isinstance(part, list):
        return [text for value in part for text in _texts(value)]
    return []


class BrokenPromiseError(AssertionError):
    """What is shown and what is so differ."""


def hold(where: str, shown: object, so: object) -> None:
    """Fail where what is shown is not what is so."""
    if shown != so:
        raise BrokenPromiseError(f"{where} shows {shown}, but it is {so}")
