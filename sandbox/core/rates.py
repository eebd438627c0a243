"""Slack's rate limits: so many calls of a method a minute, and about one message a second a channel."""

import math
from collections import deque
from collections.abc import Callable
from threading import Lock

from sandbox.core.scopes import Rule

MINUTE = 60.0
BURST = 5  # messages a channel takes at once before one a second holds


class Rates:
    """Counts calls by real seconds. Switched off, every call passes."""

    def __init__(self, real: Callable[[], float], *, on: bool = True) -> None:
        self._real = real
        self._lock = Lock()
        self._calls: dict[str, deque[float]] = {}
        self._buckets: dict[str, tuple[float, float]] = {}
        self.on = on

    def seconds_to_wait(self, method: str, rule: Rule, channel: str | None) -> int:
        """Count this call and return 0, or return how many whole seconds too early it comes (not counted)."""
        if not self.on or rule.per_minute is None:
            return 0
        with self._lock:
            wait = self._minute_wait(method, rule.per_minute)
            if not wait and rule.by_channel and channel:
                wait = self._channel_wait(channel)
            if wait:
                return max(1, math.ceil(wait))
            self._calls[method].append(self._real())
            return 0

    def _minute_wait(self, method: str, per_minute: int) -> float:
        calls = self._calls.setdefault(method, deque())
        while calls and calls[0] <= self._real() - MINUTE:
            calls.popleft()
        return calls[0] + MINUTE - self._real() if len(calls) >= per_minute else 0.0

    def _channel_wait(self, channel: str) -> float:
        """Take a token of the channel's bucket, which holds BURST and gains one a second."""
        tokens, since = self._buckets.get(channel, (float(BURST), self._real()))
        tokens = min(float(BURST), tokens + self._real() - since)
        if tokens < 1:
            return 1 - tokens
        self._buckets[channel] = (tokens - 1, self._real())
        return 0.0
