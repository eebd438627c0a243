"""Values that nobody sends on purpose, but somebody to break things, and bodies with some of them inside."""

import copy
import os
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests import hostile

SOAK = bool(os.environ.get("SOAK"))

Path = tuple[str | int, ...]

TEXTS = (
    hostile.TEXT,
    hostile.ADDRESS,
    "",
    " ",
    "\0",
    "\ud83d",
    "\udc00\ud800",
    "9" * 5000,
    "http://[",
    "https://[::1/a/b/-/issues/1",
    "javascript:alert(1)",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-13-45",
    "x" * 20_000,
    "/close\n/assign @all",
    "=1+1",
    "1e999",
    "U0ALICE",
    "<@U0ALICE>",
    "<!channel>",
)

values: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(TEXTS),
    st.text(st.characters(), max_size=40),
    st.sampled_from([None, True, False, 0, -1, 1, 2**63, 10**4000, 0.1, 1e300, [], {}, [None], {"": None}, [[[[]]]]]),
)
"""Anything that JSON can hold, the strangest first."""


def times(few: int, many: int) -> int:
    """How many examples: few in the suite, many in the soak."""
    return many if SOAK else few


def places(body: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a body, from the whole to the leaves."""
    yield path
    parts = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, part in parts:
        yield from places(part, (*path, key))


def changed(body: Any, path: Path, value: Any) -> Any:
    """The body with another value at one place."""
    if not path:
        return value
    made = copy.copy(body)
    made[path[0]] = changed(body[path[0]], path[1:], value)
    return made


@st.composite
def mutated(draw: st.DrawFn, bodies: list[Any]) -> Any:
    """One of these bodies, with one, two or three of its values replaced or gone."""
    body = draw(st.sampled_from(bodies))
    for _ in range(draw(st.integers(1, 3))):
        body = changed(body, draw(st.sampled_from([*places(body)])), draw(values))
    return body
