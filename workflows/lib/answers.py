"""Answers in a form's field, compared with the values a company names for a yes or a no."""

import re
from collections.abc import Iterable

_BETWEEN = re.compile(r"[\W_]+")


def matches(answer: str, values: Iterable[str]) -> bool:
    """Whether an answer is one of the values, or begins or ends with one as whole words.

    A menu gives the tag of its option, `contact_yes` or `yes_please`: underscores and punctuation part words, and
    capitals do not matter.
    """
    words = _words(answer)
    return any(
        bool(value) and (words[: len(value)] == value or words[-len(value) :] == value) for value in map(_words, values)
    )


def _words(text: str) -> list[str]:
    return [word for word in _BETWEEN.split(text.casefold()) if word]
