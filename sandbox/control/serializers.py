"""What a person sees, as JSON for the control API: messages, modals, homes."""

from dataclasses import dataclass

from sandbox.core.forms import VALUE_KEYS, Field, fields, options_of
from sandbox.core.model import Channel, Json, Message, UploadedFile, User
from sandbox.core.plain import Reader, mentions
from sandbox.core.serialize import file_json
from sandbox.core.views import View
from sandbox.core.workspace import Workspace


@dataclass(frozen=True)
class Serializer:
    """Shows a workspace to one person."""

    workspace: Workspace
    person: User

    @property
    def reader(self) -> Reader:
        """Render for this person."""
        return Reader(self._name_of, self.person.tz)

    def _name_of(self, id_: str) -> str:
        workspace = self.workspace
        if user := workspace.users.get(id_):
            return user.name
        if group := workspace.usergroups.get(id_):
            return group.handle
        return workspace.channels[id_].name if id_ in workspace.channels else id_

    def message(self, message: Message) -> Json:
        """Show a message."""
        channel = self.workspace.channels[message.channel]
        blocks = self.reader.blocks(message.blocks, message.values)
        named = mentions(message.text, message.blocks)
        return {
            "ts": message.ts,
            "channel": message.channel,
            "channel_name": channel.name,
            "user": self._author(message),
            "text": message.text,
            "rendered": "\n".join([blocks or self.reader.mrkdwn(message.text), *map(_file, message.files)]).strip(),
            "files": [file_json(file) for file in message.files],
            "buttons": [f.names()[0] for f in fields(message.blocks) if f.kind == "button"],
            "controls": [_control(field) for field in fields(message.blocks)],
            "blocks": message.blocks,
            "ephemeral": message.visible_to is not None,
            "edited": message.edited is not None,
            "metadata": message.metadata,
            "thread_ts": message.thread_ts,
            "reply_count": len(channel.replies(message.ts)),
            "reactions": message.reactions,
            "mentions": ["@" + self._name_of(name) for name in named],
            "subtype": message.subtype,
        }

    def _author(self, message: Message) -> str:
        return message.username or self._name_of(message.user or message.bot_id or "")

    def channel(self, channel: Channel) -> list[Json]:
        """Show a conversation as it stands in the client: no replies in threads, oldest first."""
        own = [m for m in channel.ephemerals if m.visible_to == self.person.id]
        messages = sorted([*channel.messages.values(), *own], key=lambda message: float(message.ts))
        return [self.message(m) for m in messages if not m.is_reply or m.broadcast]

    def thread(self, channel: Channel, parent_ts: str) -> list[Json]:
        """Show a thread: its parent, then the replies."""
        own = [m for m in channel.ephemerals if m.visible_to == self.person.id]
        messages = sorted([*channel.messages.values(), *own], key=lambda message: float(message.ts))
        return [self.message(m) for m in messages if parent_ts in {m.ts, m.thread_ts}]

    def view(self, view: View) -> Json:
        """Show a modal or home."""
        inputs = [field for field in fields(view.blocks) if field.is_input]
        labels = {field.block["block_id"]: field.names()[0] for field in inputs}
        return {
            "id": view.id,
            "title": self.reader.text(view.sent.get("title")),
            "submit_label": self.reader.text(view.sent.get("submit")) or None,
            "close_label": self.reader.text(view.sent.get("close")) or None,
            "text": self.reader.blocks(view.blocks, view.values),
            "labels": list(labels.values()),
            "values": {field.names()[0]: self._value(view, field) for field in inputs},
            "errors": {labels.get(block, block): sentence for block, sentence in view.errors.items()},
            "trouble": view.trouble,
            "buttons": [f.names()[0] for f in fields(view.blocks) if f.kind == "button"],
            "controls": [_control(field) for field in fields(view.blocks)],
            "depth": len(self.workspace.views.stacks.get(view.user, [])),
            "raw": view.as_slack(self.workspace.installation),
        }

    def _value(self, view: View, field: Field) -> object:
        """Return what a person sees in an input: text, the chosen option's text, or a list of these."""
        state = view.values.get(field.block["block_id"], {}).get(field.element["action_id"], {})
        value = state.get(VALUE_KEYS.get(field.kind, ""))
        if isinstance(value, list):
            return [self._held(one) for one in value]
        return self._held(value)

    def _held(self, value: object) -> object:
        if isinstance(value, dict) and "text" in value:
            return self.reader.text(value["text"])
        return self._name_of(value) if isinstance(value, str) else value


def _file(file: UploadedFile) -> str:
    return f"[file: {file.title}] {file.alternative}".rstrip()


def _control(field: Field) -> Json:
    """Describe an element for whoever draws it."""
    return {
        "type": field.kind,
        "name": field.names()[0],
        "block_id": field.block["block_id"],
        "action_id": field.element["action_id"],
        "options": [option["text"]["text"] for option in options_of(field.element)],
    }
