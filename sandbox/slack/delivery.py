"""How an interaction or event reaches the app, and what comes back: one ack within three real seconds."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from sandbox.core.model import Json

ACK_SECONDS = 3.0
POLL_SECONDS = 0.01
Kind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True)
class Ack:
    """What came of a delivery. `reason` says why it was not acknowledged; `payload` is what the app answered."""

    ok: bool
    payload: Json | None = None
    reason: str = ""
    retry: bool = True


class Pending:
    """A delivery whose answer is still to come. The first answer counts."""

    def __init__(self, real: Callable[[], float]) -> None:
        self._real = real
        self._done = threading.Event()
        self._ack: Ack | None = None
        self.deadline = real() + ACK_SECONDS

    def settle(self, ack: Ack) -> None:
        """Say what came of it; a later answer changes nothing."""
        if self._ack is None:
            self._ack = ack
        self._done.set()

    def outcome(self) -> Ack | None:
        """Return what came of it, a time-out once the window is over, None before that."""
        if self._done.is_set():
            return self._ack
        return Ack(ok=False, reason="timeout") if self._real() >= self.deadline else None

    def wait(self, stopped: threading.Event) -> Ack:
        """Wait for the answer; the window follows the injected clock, so it is looked at again and again."""
        while (ack := self.outcome()) is None and not stopped.is_set():
            self._done.wait(POLL_SECONDS)
        return ack or Ack(ok=False, reason="stopped")


@dataclass(frozen=True)
class Retry:
    """Which retry of an event this is (1 to 3), and why."""

    attempt: int
    reason: str


class Transport(Protocol):
    """Socket Mode or HTTP."""

    def send(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Pending:
        """Hand a payload to the app, and return at once."""
        ...
