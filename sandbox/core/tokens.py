"""What Slack hands out with an interaction and takes back soon: trigger ids and response URLs."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.core.errors import SlackError

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5


@dataclass
class Trigger:
    """A trigger id: whose it is, and from which open view it came (None: from outside a modal)."""

    user: str
    view_id: str | None
    issued: float
    exchanged: bool = False


class Triggers:
    """Trigger ids: one use within three real seconds."""

    def __init__(self, next_id: Callable[[str], str], real: Callable[[], float]) -> None:
        self._next_id = next_id
        self._real = real
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        """Hand out a trigger id."""
        number = self._next_id("")
        trigger_id = f"{number}.{secrets.randbelow(10**12):012d}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = Trigger(user, view_id, self._real())
        return trigger_id

    def look_at(self, trigger_id: str) -> Trigger:
        """Return a trigger that can still be exchanged, or refuse as Slack does."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.exchanged:
            raise SlackError("exchanged_trigger_id")
        if self._real() - trigger.issued > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        return trigger


@dataclass
class ResponseUrl:
    """A response URL: whose interaction, where, about which message (None for a command)."""

    user: str
    channel: str
    message_ts: str | None
    issued: float
    uses: int = 0


class ResponseUrls:
    """Response URLs: five uses within thirty real minutes. `base` is where this sandbox listens."""

    def __init__(self, team_id: str, real: Callable[[], float]) -> None:
        self._team_id = team_id
        self._real = real
        self._issued: dict[str, ResponseUrl] = {}
        self.base = "http://localhost"

    def issue(self, user: str, channel: str, message_ts: str | None = None) -> str:
        """Hand out a response URL."""
        key = secrets.token_urlsafe(18)
        self._issued[key] = ResponseUrl(user, channel, message_ts, self._real())
        return f"{self.base}/response/{self._team_id}/{key}"

    def use(self, key: str) -> ResponseUrl:
        """Count one use, or refuse."""
        url = self._issued.get(key)
        if url is None or self._real() - url.issued > RESPONSE_URL_SECONDS:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url
