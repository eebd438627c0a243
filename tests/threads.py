"""Several things at the same time, for tests of what must not happen twice."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
PATIENCE_SECONDS = 30


def together(*acts: Callable[[], T]) -> list[T]:
    """Start all of these at the same moment, each in a thread; what they answer, in order. Errors are raised."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        start.wait(PATIENCE_SECONDS)
        return act()

    return _all(acts, run)


def _all(acts: Sequence[Callable[[], T]], run: Callable[[Callable[[], T]], T]) -> list[T]:
    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(PATIENCE_SECONDS) for future in [pool.submit(run, act) for act in acts]]
