"""Turns at writing: who waits for a person's answer goes first, and nobody waits for ever."""

import heapq
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from itertools import count


class Turn(Enum):
    """Whose turn it is. The value is its patience in seconds: so much later it counts as having come.

    So an answer overtakes all other work, but for what has waited longer than its patience.
    """

    ANSWER = 0.0
    """Slack or a vendor waits for the answer."""
    EXECUTOR = 0.25
    """An effect that leaves, or has left."""
    SWEEP = 1.0
    """Timers, the inbox, and tidying up."""


@dataclass(order=True)
class _Waiter:
    counts_from: float
    number: int
    turn: Turn = field(compare=False)
    called: threading.Lock = field(compare=False, default_factory=threading.Lock)


class Turns:
    """Places given in turn to the threads that wait. A place that is given back goes to the next at once."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._mutex = threading.Lock()
        self._waiting: list[_Waiter] = []
        self._numbers = count()

    def take(self, turn: Turn) -> float:
        """Wait for a place; returns how many seconds that took."""
        came = time.monotonic()
        with self._mutex:
            if self._free and not self._waiting:
                self._free -= 1
                return 0.0
            waiter = _Waiter(came + turn.value, next(self._numbers), turn)
            waiter.called.acquire()
            heapq.heappush(self._waiting, waiter)
        waiter.called.acquire()
        return time.monotonic() - came

    def give_back(self) -> None:
        """Give a place back."""
        with self._mutex:
            if self._waiting:
                heapq.heappop(self._waiting).called.release()
            else:
                self._free += 1

    def next(self) -> Turn | None:
        """Whose turn is next, or None when nobody waits."""
        with self._mutex:
            return self._waiting[0].turn if self._waiting else None


_TURN: ContextVar[Turn] = ContextVar("turn", default=Turn.ANSWER)


@contextmanager
def working_for(turn: Turn) -> Iterator[None]:
    """Whatever this thread writes inside the block is of this turn; outside of such a block it is an answer."""
    token = _TURN.set(turn)
    try:
        yield
    finally:
        _TURN.reset(token)


def current_turn() -> Turn:
    """Whose turn this thread takes."""
    return _TURN.get()
