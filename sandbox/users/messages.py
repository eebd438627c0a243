"""What people say: messages typed, edited, deleted and reacted to, by people and by integrations."""

import re
from dataclasses import dataclass, replace

from sandbox.core.errors import Impossible
from sandbox.core.event_payloads import reaction_added
from sandbox.core.model import Channel, Message, User
from sandbox.core.plain import escape
from sandbox.core.workspace import Workspace

LINK = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)]")
NAME = re.compile(r"(?<![\w@#])([@#])([\w.-]*\w)")


@dataclass(frozen=True)
class MessageActions:
    """Lets people talk, as the client lets them: members only, one's own messages only."""

    workspace: Workspace

    def place(self, user: User, name: str) -> Channel:
        """Return a conversation this person may write in; `dm` is the one with the app."""
        channel = self.seen(user, name)
        if user.id not in channel.members:
            raise Impossible(f"{user.name} is not in #{channel.name}.")
        if channel.is_archived:
            raise Impossible(f"#{channel.name} is archived.")
        return channel

    def seen(self, user: User, name: str) -> Channel:
        """Return a conversation this person may read."""
        if user.deleted:
            raise Impossible(f"{user.name} is deactivated and sees nothing.")
        if name in {"dm", "@" + self.workspace.app.name}:
            return self.workspace.direct(user.id)
        channel = self.workspace.place(name)
        outsider = user.is_restricted or user.is_ultra_restricted or user.is_stranger
        if user.id not in channel.members and (channel.is_private or outsider):
            raise Impossible(f"{user.name} cannot see #{channel.name}.")
        return channel

    def message(self, user: User, channel: str, ts: str) -> tuple[Channel, Message]:
        """Return a message this person sees."""
        place = self.seen(user, channel)
        found = self.workspace.find_message(place, ts, user.id)
        if found is None:
            raise Impossible(f"The message is gone, or {user.name} does not see it.")
        return place, found

    def says(self, user: User, text: str, channel: str, thread: str | None = None) -> Message:
        """Type a message, into a channel or a thread."""
        place = self.place(user, channel)
        if thread is not None:
            parent = self.message(user, place.id, thread)[1]
            if parent.visible_to is not None:
                raise Impossible("An ephemeral message has no thread.")
            thread = parent.thread_ts or parent.ts
        message = Message(self.workspace.next_ts(), place.id, self.typed(text), user=user.id, thread_ts=thread)
        if user.is_bot:
            message.bot_id, message.app_id = user.bot_id, "A0OTHER"
        return self.workspace.add(message)

    def integration_says(self, user: User, text: str, channel: str, *, legacy: bool = True) -> Message:
        """Post as an integration: what it sends is stored as it is (its own mrkdwn).

        A legacy one (an incoming webhook) posts with subtype `bot_message` and no user.
        """
        place = self.workspace.place(channel)
        message = Message(self.workspace.next_ts(), place.id, text, bot_id=user.bot_id)
        if legacy:
            message.subtype, message.username = "bot_message", user.real_name
        else:
            message.user, message.app_id = user.id, "A0OTHER"
        return self.workspace.add(message)

    def edits(self, user: User, channel: str, ts: str, text: str) -> Message:
        """Edit one's own message."""
        _, message = self._own(user, channel, ts)
        self.workspace.edit(message, user.id, text=self.typed(text))
        return message

    def deletes(self, user: User, channel: str, ts: str, *, as_admin: bool = False) -> None:
        """Delete one's own message (an admin: anybody's); an ephemeral one is dismissed."""
        _, message = self.message(user, channel, ts) if as_admin else self._own(user, channel, ts)
        self.workspace.delete(message)

    def _own(self, user: User, channel: str, ts: str) -> tuple[Channel, Message]:
        place, message = self.message(user, channel, ts)
        if user.id not in {message.user, message.visible_to}:
            raise Impossible("Only its author can change a message.")
        return place, message

    def reacts(self, user: User, channel: str, ts: str, name: str) -> Message:
        """React with an emoji."""
        place, message = self.message(user, channel, ts)
        if message.visible_to is not None:
            raise Impossible("Nobody can react to an ephemeral message.")
        users = message.reactions.setdefault(name.strip(":"), [])
        if user.id not in users:
            with self.workspace.changing():
                users.append(user.id)
                ts = self.workspace.next_ts()
                body = reaction_added(place, replace(message), user.id, name.strip(":"), ts)
                self.workspace.happens(body, place)
        return message

    def typed(self, text: str) -> str:
        """Return what Slack makes of typed text: escaped, with mentions and links marked up."""
        parts, end = [], 0
        for link in LINK.finditer(text):
            parts += [self._names(text[end : link.start()]), f"<{escape(link[0])}>"]
            end = link.end()
        return "".join([*parts, self._names(text[end:])])

    def _names(self, text: str) -> str:
        return NAME.sub(lambda match: self._mention(match[1], match[2]), escape(text))

    def _mention(self, sign: str, name: str) -> str:
        workspace = self.workspace
        if sign == "#":
            channel = workspace.channel_named(name)
            return f"<#{channel.id}|>" if channel else f"#{name}"
        if name in {"here", "channel", "everyone"}:
            return f"<!{name}>"
        users = [user.id for user in workspace.users.values() if user.name == name]
        groups = [group.id for group in workspace.usergroups.values() if group.handle == name]
        if users or groups:
            return f"<@{users[0]}>" if users else f"<!subteam^{groups[0]}>"
        return f"@{name}"
