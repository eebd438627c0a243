"""Slack, as the processes need it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.clients.http import Observe, unobserved
from bot.clients.slack_calls import SlackData, ask, read
from bot.clients.slack_channels import Channels
from bot.clients.slack_files import add_section, upload
from bot.clients.slack_groups import Groups
from bot.clients.slack_marks import MARK_EVENT, Search, find_all_marked, find_marked
from bot.clients.slack_people import People
from storage.database import Database
from workflows.contract.errors import Misconfigured, NotFound, Refused, RetryLater, Unreachable
from workflows.contract.slack_port import File, Message, Person, Posted, UserGroup

LATELY: Final = timedelta(minutes=5)
"""So old may be what is known of somebody who is written to privately."""

UPDATE_LIMIT: Final = 4000
"""Characters of `text` that chat.update takes; chat.postMessage takes more."""


class SlackClient:
    """The workspace, through the Web API. `now` is the desk's time; `database` keeps what Slack said of people.

    `web` comes from `bot.clients.slack_calls.web_client`, which does not retry by itself. Safe to share between
    threads.
    """

    def __init__(
        self,
        web: WebClient,
        now: Callable[[], datetime],
        database: Database | None = None,
        *,
        observe: Observe = unobserved,
    ) -> None:
        self._web = web
        self._observe = observe
        self._channels = Channels(web, now, self._ask)
        self._people = People(web, now, self._ask, database)
        self._groups = Groups(web, now, self._ask)

    def post(
        self, channel: str, message: Message, *, mark: str, thread: str | None = None, again: bool = False
    ) -> Posted:
        """Post into a channel (by id or `#name`), a person's DM (by user id) or a thread; see the port."""
        if again:
            found = find_marked(self._web, self._ask, self._channels, Search(channel, mark, thread))
            if found is not None:
                return found
        try:
            return self._post(channel, channel, message, mark, thread)
        except Unreachable as error:
            known = self._channels.id_of(channel) if error.code == "channel_not_found" else channel
            if known in {None, channel}:
                raise
        return self._post(known, channel, message, mark, thread)  # some servers take only ids

    def whisper(self, channel: str, user: str, message: Message, *, thread: str | None = None) -> None:
        """Show a message to one person alone; see the port."""
        self._ask(
            self._web.chat_postEphemeral,
            f"writing in {channel}",
            channel=channel,
            user=user,
            text=message.text,
            blocks=list(message.blocks) or None,
            thread_ts=thread,
        )

    def upload(self, channel: str, file: File, *, mark: str, again: bool = False) -> None:
        """Send a file into a conversation; see the port."""
        upload(self._web, self._ask, channel, file, mark=mark, again=again)

    def add_to_canvas(self, canvas: str, heading: str, markdown: str) -> None:
        """Add a section to a canvas; see the port."""
        add_section(self._web, self._ask, canvas, heading, markdown)

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Replace a message. `NotFound` when somebody deleted it."""
        self._ask(
            self._web.chat_update,
            "changing a message",
            channel=channel,
            ts=ts,
            text=_cut(message.text),
            blocks=list(message.blocks),
        )

    def find(self, channel: str, mark: str, *, since: datetime, thread: str | None = None) -> list[Posted]:
        """All messages of this mark since then; see the port."""
        return find_all_marked(self._web, self._ask, self._channels, Search(channel, mark, thread, since))

    def remove(self, channel: str, ts: str) -> None:
        """Delete one of the desk's own messages, or take its buttons away; see the port."""
        try:
            self._ask(self._web.chat_delete, "deleting a message", channel=channel, ts=ts)
        except NotFound:
            pass  # somebody was faster
        except Refused:
            self.update(channel, ts, Message("This message was sent twice. Please use the other one."))

    def open_dm(self, user: str) -> str:
        """The channel id of the DM with this person. `Unreachable` for deactivated people.

        Into a DM that exists Slack takes messages for them as well, and nobody reads them: so it is asked who this is.
        """
        channel = self._channels.dm_with(user)
        if not self._is_active(user):
            raise Unreachable(f"The account of <@{user}> is deactivated.", "user_disabled")
        return channel

    def _is_active(self, user: str) -> bool:
        try:
            return self._people.by_id(user, fresh=LATELY).is_active
        except (RetryLater, Misconfigured):  # the message itself will say so, if nothing goes
            return True

    def update_view(self, view_id: str, view: dict[str, Any]) -> None:
        """Replace an open modal. `NotFound` when the person closed it."""
        self._ask(self._web.views_update, "changing a window", view_id=view_id, view=view)

    def is_own_team(self, team: str) -> bool:
        """Whether this is the id of our workspace or organisation; see the port."""
        return self._people.is_own_team(team)

    def person(self, user: str) -> Person:
        """Who this is; asked anew after an hour, and what Slack last said when it cannot be asked."""
        return self._people.by_id(user)

    def person_by_email(self, email: str) -> Person | None:
        """Who has this e-mail address, or None; asked anew after an hour."""
        return self._people.by_email(email)

    def permalink(self, channel: str, ts: str) -> str:
        """A link to a message."""
        answer = self._ask(self._web.chat_getPermalink, "finding a message", channel=channel, message_ts=ts)
        return read(answer, "permalink")

    def group_members(self, group: str) -> tuple[str, ...]:
        """The user ids of a user group, named by its handle or id; see the port."""
        return self._groups.members(group)

    def group(self, group: str) -> UserGroup:
        """A user group with its id and members, named by its handle or id; see the port."""
        return self._groups.group(group)

    def channel_name(self, channel: str) -> str:
        """The `#name` of a channel, by its id; see the port."""
        return self._channels.name_of(channel)

    def is_shared(self, channel: str) -> bool:
        """Whether another organisation reads a channel, by its id or `#name`; see the port."""
        return self._channels.is_shared(channel)

    def _ask(self, method: Callable[..., SlackResponse], what: str, **arguments: object) -> SlackData:
        return ask(method, what, observe=self._observe, **arguments)

    def _post(self, channel: str | None, name: str, message: Message, mark: str, thread: str | None) -> Posted:
        answer = self._ask(
            self._web.chat_postMessage,
            f"posting to {name}",
            channel=channel,
            text=message.text,
            blocks=list(message.blocks) or None,
            thread_ts=thread,
            unfurl_links=False,
            unfurl_media=False,
            metadata=_marked(mark),
        )
        posted = Posted(read(answer, "channel"), read(answer, "ts"))
        self._channels.learn(name, posted.channel)
        return posted


def _marked(mark: str) -> Mapping[str, Any]:
    return {"event_type": MARK_EVENT, "event_payload": {"mark": mark}}


def _cut(text: str) -> str:
    return text if len(text) <= UPDATE_LIMIT else text[: UPDATE_LIMIT - 1] + "…"
