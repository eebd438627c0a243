"""Channels: the ids behind `#names`, and the DMs with people."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import structlog
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.clients.slack_calls import SlackData, read
from workflows.contract.errors import Misconfigured, RetryLater, Unreachable

log = structlog.get_logger(__name__)

FRESH: Final = timedelta(minutes=10)
"""How long the names of channels are taken as known."""

ASK_AGAIN: Final = timedelta(seconds=30)
"""So long the last known name stands after Slack could not be asked."""

PAGE: Final = 1000
MOST_PAGES: Final = 30
_PERSON: Final = re.compile(r"[UW][A-Z0-9]+")


class Ask(Protocol):
    """Calls a method of the Web API: `bot.clients.slack_calls.ask`, observed."""

    def __call__(self, method: Callable[..., SlackResponse], what: str, **arguments: object) -> SlackData:
        """Call it, and return its answer."""
        ...


@dataclass(frozen=True)
class _About:
    """What Slack says of a channel: its name, and whether another organisation reads there or is invited to."""

    name: str
    is_shared: bool
    read_at: datetime


class Channels:
    """What the desk knows of the workspace's channels."""

    def __init__(self, web: WebClient, now: Callable[[], datetime], ask: Ask) -> None:
        self._web = web
        self._now = now
        self._ask = ask
        self._ids: dict[str, str] = {}
        self._read_at: datetime | None = None
        self._dms: dict[str, str] = {}
        self._known: dict[str, _About] = {}
        self._written: dict[str, str] = {}
        """The ids of the channels that were written to by their `#names`."""

    def id_of(self, channel: str) -> str | None:
        """The id of a channel named `#name`, by its id, or by a person's id (their DM); None when unknown."""
        if channel.startswith("#"):
            return self._by_name(channel.removeprefix("#").lower())
        return self.dm_with(channel) if _PERSON.fullmatch(channel) else channel

    def name_of(self, channel: str) -> str:
        """The `#name` of a channel, by its id; a renamed one is known by its old name for ten minutes.

        While Slack cannot be asked, the last known name stands: what is written there must not wait to be saved.
        """
        return f"#{self._about(channel).name}"

    def is_shared(self, channel: str) -> bool:
        """Whether people of another organisation read a channel (`#name` or id), or are invited; see the port."""
        known = self._written.get(channel)
        if known is not None and f"#{self._about(known).name}" == channel:
            return self._about(known).is_shared
        found = self.id_of(channel)
        if found is None:
            raise Unreachable(f"There is no channel {channel}, or it is not shown to the desk.", "channel_not_found")
        self.learn(channel, found)
        return self._about(found).is_shared

    def learn(self, channel: str, found: str) -> None:
        """Take down the id of a channel that is called by its `#name`."""
        if channel.startswith("#"):
            self._written[channel] = found

    def _about(self, channel: str) -> _About:
        known = self._known.get(channel)
        if known is not None and timedelta(0) <= self._now() - known.read_at < FRESH:
            return known
        try:
            answer = self._ask(self._web.conversations_info, "the name of a channel", channel=channel)
        except (RetryLater, Misconfigured) as error:
            if known is None:
                raise
            log.warning("channel_from_memory", channel=channel, reason=error.sentence)
            known = replace(known, read_at=self._now() - FRESH + ASK_AGAIN)  # not each message waits for a time-out
        else:
            found = answer.get("channel")
            about: Mapping[str, Any] = found if isinstance(found, dict) else {}
            known = _About(str(about.get("name") or ""), is_shared_abroad(about), self._now())
        self._known[channel] = known
        return known

    def dm_with(self, user: str) -> str:
        """The channel id of the DM with this person."""
        if user not in self._dms:
            answer = self._ask(self._web.conversations_open, f"a direct message to {user}", users=user)
            self._dms[user] = read(answer, "channel", "id")
        return self._dms[user]

    def _by_name(self, name: str) -> str | None:
        if name not in self._ids or not self._is_fresh():
            self._ids = self._all()
            self._read_at = self._now()
        return self._ids.get(name)

    def _is_fresh(self) -> bool:
        return self._read_at is not None and timedelta(0) <= self._now() - self._read_at < FRESH

    def _all(self) -> dict[str, str]:
        try:
            return self._listed("public_channel,private_channel")
        except Misconfigured:  # without groups:read, the public ones are still worth knowing
            return self._listed("public_channel")

    def _listed(self, types: str) -> dict[str, str]:
        found: dict[str, str] = {}
        cursor = ""
        for _ in range(MOST_PAGES):
            answer = self._ask(
                self._web.conversations_list,
                "the list of channels",
                types=types,
                exclude_archived=True,
                limit=PAGE,
                cursor=cursor or None,
            )
            found |= {channel["name"]: channel["id"] for channel in answer.get("channels") or () if _is_named(channel)}
            cursor = next_cursor(answer)
            if not cursor:
                return found
        log.warning("channels_cut", known=len(found))
        return found


def is_shared_abroad(channel: Mapping[str, Any]) -> bool:
    """Whether Slack's channel is shared with another organisation, or is going to be: who joins reads what stands.

    Workspaces of one's own organisation that share a channel are no strangers.
    """
    return bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"))


def next_cursor(answer: SlackData) -> str:
    """Where the next page begins, empty when this was the last one."""
    more = answer.get("response_metadata")
    return str(more.get("next_cursor") or "") if isinstance(more, dict) else ""


def _is_named(channel: Any) -> bool:  # noqa: ANN401 - Slack's JSON
    return isinstance(channel, dict) and isinstance(channel.get("name"), str) and isinstance(channel.get("id"), str)
