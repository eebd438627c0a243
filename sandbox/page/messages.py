"""Messages as Slack shows them: who, when, what, and what can be done with them."""

from collections.abc import Iterator

import htpy as h

from sandbox.core.model import Channel, Json, Message
from sandbox.page.avatars import avatar, full_name
from sandbox.page.blocks import draw_blocks
from sandbox.page.elements import menu_button
from sandbox.page.reading import Reading, emoji
from sandbox.page.surface import Surface
from sandbox.page.viewer import Viewer

TOGETHER_SECONDS = 300
"""Messages of one author within this time stand under one name."""
MOST = 150
"""How many messages of a channel are shown."""

Key = tuple[str, str]


class MessageList:
    """Draws the messages of a channel or a thread for one window."""

    def __init__(self, reading: Reading, viewer: Viewer, channel: Channel) -> None:
        self.reading = reading
        self.viewer = viewer
        self.channel = channel
        self.app = reading.workspace.app

    def main(self) -> list[Message]:
        """What stands in the channel itself, oldest first."""
        return [one for one in self._all() if not one.is_reply or one.broadcast][-MOST:]

    def thread(self, parent: str) -> list[Message]:
        """A thread: its parent, then the replies."""
        return [one for one in self._all() if parent in {one.ts, one.thread_ts}]

    def _all(self) -> list[Message]:
        own = [one for one in self.channel.ephemerals if one.visible_to == self.reading.person.id]
        return sorted([*self.channel.messages.values(), *own], key=lambda one: float(one.ts))

    def draw(self, messages: list[Message], *, in_thread: bool = False) -> Iterator[h.Node]:
        """Messages with a line between the days."""
        before: Message | None = None
        for message in messages:
            day = self.reading.at(message.ts)
            if before is None or day.date() != self.reading.at(before.ts).date():
                yield h.div(".day", role="separator")[h.span[self.reading.day(day)]]
                before = None
            yield self.message(message, compact=_together(before, message), in_thread=in_thread)
            before = message

    def message(self, message: Message, *, compact: bool, in_thread: bool) -> h.Element:
        """One message with its sender, text, blocks and replies."""
        author = self.reading.workspace.users.get(message.user or "")
        name = message.username or (full_name(author) if author else message.bot_id or "unknown")
        is_app = message.bot_id is not None
        key = f"{'thread' if in_thread else 'message'}-{self.channel.id}-{message.ts.replace('.', '-')}"
        head = h.div(".message-head")[
            h.strong(".author")[name],
            is_app and h.span(".badge")["APP"],
            h.a(".time", href=f"#{key}", aria_label="Link to this message")[self.reading.clock(message.ts)],
        ]
        kinds = {"compact": compact, "ephemeral": message.visible_to is not None, "grey": message.subtype is not None}
        return h.article(id=key, class_=["message", kinds], aria_label=f"{name}, {self.reading.at(message.ts):%H:%M}")[
            h.div(".message-side")[h.span(".side-time")[self.reading.clock(message.ts)] if compact else avatar(author)],
            h.div(".message-body")[
                message.visible_to and h.p(".only-you")["Only visible to you"],
                not compact and head,
                self._content(message, "thread" if in_thread else ""),
                message.edited and h.span(".edited")["(edited)"],
                self._reactions(message),
                not in_thread and self._replies(message),
            ],
            self._tools(message, key, in_thread=in_thread),
        ]

    def _content(self, message: Message, scope: str) -> h.Node:
        if not message.blocks:
            return h.div(".block.section")[h.div(".section-text")[self.reading.mrkdwn(message.text)]]
        surface = Surface(self.reading, self.on(message), message.values, menu=self.viewer.menu, scope=scope)
        return draw_blocks(surface, message.blocks)

    def on(self, message: Message) -> str:
        """How a message is named in what the browser sends."""
        return f"{self.channel.id}:{message.ts}"

    def _reactions(self, message: Message) -> h.Node:
        if not message.reactions:
            return None
        return h.div(".reactions")[
            [
                h.span(".reaction", title=", ".join(map(self.reading.name_of, users)))[
                    emoji(f":{name}:"), f" {len(users)}"
                ]
                for name, users in message.reactions.items()
            ]
        ]

    def _replies(self, message: Message) -> h.Node:
        replies = self.channel.replies(message.ts)
        if not replies:
            return None
        count = f"{len(replies)} {'reply' if len(replies) == 1 else 'replies'}"
        users = {reply.user: self.reading.workspace.users.get(reply.user or "") for reply in replies}
        return h.a(
            ".replies",
            {"data-phx-link": "patch", "data-phx-link-state": "push"},
            href=self.viewer.link(thread=message.ts),
        )[
            [avatar(user) for user in list(users.values())[:4]],
            h.strong[count],
            h.span[
                "Last reply ",
                self.reading.day(self.reading.at(replies[-1].ts)),
                " ",
                self.reading.clock(replies[-1].ts),
            ],
        ]

    # ------------------------------------------------------------------------------- what can be done with it

    def _tools(self, message: Message, key: str, *, in_thread: bool) -> h.Node:
        if message.visible_to is not None:
            dismiss = {"phx-click": "dismiss-message", "phx-value-on": self.on(message)}
            return h.div(".tools")[h.button(".button.plain", dismiss, type="button")["Dismiss"]]
        menu = f"menu-{key}"
        opened = self.viewer.menu == menu
        return h.div(class_=["tools", {"open": opened}])[
            not in_thread
            and h.a(
                ".button.plain",
                {"data-phx-link": "patch", "data-phx-link-state": "push"},
                href=self.viewer.link(thread=message.thread_ts or message.ts),
                aria_label="Reply in thread",
                title="Reply in thread",
            )["↩"],
            menu_button(menu, "More actions", opened=opened),
            opened and self._menu(message),
        ]

    def _menu(self, message: Message) -> h.Element:
        own = message.user == self.reading.person.id and message.subtype is None
        shortcuts = sorted(self.app.message_shortcuts)
        return h.ul(".menu", role="menu", aria_label="Message actions")[
            [self._item("shortcut", message, name, name) for name in shortcuts],
            own and self._item("edit", message, "Edit message", ""),
            own and self._item("delete", message, "Delete message", ""),
            not shortcuts and not own and h.li(".nothing")["Nothing can be done with this message"],
        ]

    def _item(self, event: str, message: Message, label: str, name: str) -> h.Element:
        about: Json = {"phx-click": event, "phx-value-on": self.on(message), "phx-value-name": name}
        app = h.small[self.app.name] if event == "shortcut" else None
        return h.li(role="none")[h.button(about, type="button", role="menuitem")[label, app]]


def _together(before: Message | None, message: Message) -> bool:
    """Whether a message stands under the name of the one before it."""
    if before is None or message.visible_to or before.visible_to or message.subtype or before.subtype:
        return False
    if (before.user, before.username) != (message.user, message.username):
        return False
    return not message.blocks and float(message.ts) - float(before.ts) < TOGETHER_SECONDS
