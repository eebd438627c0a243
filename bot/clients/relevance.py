"""Which issues fit some words best. The tracker's search wants ALL words and sorts by date; people type sentences."""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

_WORD = re.compile(r"\w(?:[\w.+-]*\w)?")
_SHORTEST = 3  # what the tracker's index can look up
_TOGETHER = 6  # more words than this are never all in one issue
_ALONE = 3

T = TypeVar("T")


def words_of(text: str) -> list[str]:
    """List the different words of a text, folded, that are worth looking for."""
    words = (word.casefold() for word in _WORD.findall(text))
    return [word for word in dict.fromkeys(words) if len(word) >= _SHORTEST]


def queries(text: str) -> list[str]:
    """List what to search for, most exacting first: all words together, then the longest ones alone."""
    words = words_of(text)
    together = [" ".join(words)] if 1 < len(words) <= _TOGETHER else []
    # The longest words are the rarest, on the whole.
    return together + sorted(words, key=len, reverse=True)[:_ALONE]


def best_first(text: str, found: Iterable[T], read: Callable[[T], tuple[str, str, int]]) -> list[T]:
    """Sort what was found by how many words of `text` it holds; a word of the title counts twice.

    `read` gives title, description and votes; equals are sorted by votes, then left in their order.
    """
    words = words_of(text)

    def worth(candidate: T) -> tuple[int, int]:
        title, description, votes = read(candidate)
        folded = title.casefold(), description.casefold()
        return sum(2 * (word in folded[0]) + (word in folded[1]) for word in words), votes

    return sorted(found, key=worth, reverse=True)
