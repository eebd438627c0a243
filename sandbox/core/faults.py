"""What can be made to go wrong, on demand: answers of the Web API, and the delivery to the app."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from threading import Condition, Lock
from typing import Literal, get_args

from sandbox.core.errors import Impossible

FaultKind = Literal["ratelimited", "status", "error", "hang", "late", "drop", "malformed"]

POLL_SECONDS = 0.01


@dataclass
class Fault:
    """The next `times` calls of the methods matching `method` (a glob) go wrong.

    `ratelimited`: 429, Retry-After `value` seconds. `status`: this HTTP status. `error`: this API error code.
    `hang`: carried out and answered only after `value` real seconds, or when it is released. `late`: the connection
    is dropped at once, as if the caller had stopped waiting; it is carried out when it is released. `drop`: done, then
    the connection is dropped unanswered. `malformed`: done, and answered with half a JSON object.
    """

    method: str
    kind: FaultKind
    value: str | float = 0
    times: int = 1


class Faults:
    """The faults that wait to happen."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[Fault] = []
        self._held = Condition()
        self._holding = 0
        self._releases = 0
        self._twice = 0
        self.refuse_connections = False

    def add(self, fault: Fault) -> None:
        """Let something go wrong."""
        if fault.kind not in get_args(FaultKind):
            raise Impossible(f"There is no fault {fault.kind!r}; there are {', '.join(get_args(FaultKind))}.")
        with self._lock:
            self._waiting.append(fault)

    def next_for(self, method: str) -> Fault | None:
        """Take the first fault that waits for this method."""
        with self._lock:
            for fault in self._waiting:
                if fnmatchcase(method, fault.method):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                    return fault
        return None

    @contextmanager
    def held(self) -> Iterator[Callable[[Callable[[], bool]], None]]:
        """Hold a call: waits until it is released, or until what it is given is true.

        Inside, the call counts as held, so that who releases it can wait until it was carried out.
        """
        with self._held:
            self._holding += 1
            releases = self._releases

        def wait(is_over: Callable[[], bool]) -> None:
            with self._held:
                while self._releases == releases and not is_over():
                    self._held.wait(POLL_SECONDS)

        try:
            yield wait
        finally:
            with self._held:
                self._holding -= 1
                self._held.notify_all()

    def held_calls(self) -> int:
        """Return how many calls hang or are late just now."""
        with self._held:
            return self._holding

    def release(self) -> int:
        """Let go of the calls that hang or are late, wait until all were carried out, and return how many."""
        with self._held:
            held = self._holding
            self._releases += 1
            self._held.notify_all()
            self._held.wait_for(lambda: self._holding == 0)
            return held

    def deliver_twice(self, times: int = 1) -> None:
        """Deliver the next `times` envelopes (or requests) to the app twice."""
        with self._lock:
            self._twice += times

    def copies(self) -> int:
        """Return how often the envelope at hand is delivered."""
        with self._lock:
            twice = self._twice > 0
            self._twice -= twice
            return 1 + twice

    def clear(self) -> None:
        """Let everything go right again."""
        with self._lock:
            self._waiting.clear()
            self._twice, self.refuse_connections = 0, False
