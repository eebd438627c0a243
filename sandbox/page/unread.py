"""What each person has not read yet, in this sandbox."""

from sandbox.core.model import Channel, Message, User
from sandbox.core.plain import mentions
from sandbox.core.workspace import Workspace


class Unread:
    """Remembers up to where everybody has read. What was there before the sandbox started counts as read."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._read: dict[tuple[str, str], float] = {}

    def read(self, user: User, channel: Channel) -> None:
        """Somebody looks at a channel: all of it is read."""
        if channel.messages:
            self._read[user.id, channel.id] = max(map(float, channel.messages))

    def _new(self, user: User, channel: Channel) -> list[Message]:
        since = self._read.get((user.id, channel.id), 0.0)
        return [
            one
            for one in channel.messages.values()
            if float(one.ts) > since and one.user != user.id and (not one.is_reply or one.broadcast)
        ]

    def count(self, user: User, channel: Channel) -> int:
        """How many messages of a channel somebody has not read."""
        return len(self._new(user, channel))

    def mentions(self, user: User, channel: Channel) -> int:
        """How many of those name this person, or a group they are in."""
        groups = {group.id for group in self.workspace.usergroups.values() if user.id in group.users}
        names = {user.id, "channel", "here", "everyone", *groups}
        return sum(1 for one in self._new(user, channel) if names & set(mentions(one.text, one.blocks)))

    def of_person(self, user: User) -> int:
        """What Slack would show on somebody's phone: new direct messages and mentions."""
        mine = [one for one in self.workspace.channels.values() if user.id in one.members]
        return sum(self.count(user, one) if one.kind in {"im", "mpim"} else self.mentions(user, one) for one in mine)
