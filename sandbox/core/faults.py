"""What can be made to go wrong, on demand: answers of the Web API, and the delivery to the app."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from threading import Lock
from typing import Literal, get_args

from sandbox.core.errors import Impossible

FaultKind = Literal["ratelimited", "status", "error", "hang", "drop", "malformed"]


@dataclass
class Fault:
    """The next `times` calls of the methods matching `method` (a glob) go wrong.

    `ratelimited`: 429, Retry-After `value` seconds. `status`: this HTTP status. `error`: this API error code.
    `hang`: answered only after `value` real seconds. `drop`: done, then the connection is dropped unanswered.
    `malformed`: done, and answered with half a JSON object.
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
