"""What the driver's people get to see: messages, modals, homes, and what came of an interaction."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A message as a person sees it.

    `text` is the top-level text as stored (what notifications and screen readers say), `rendered` what the
    blocks read like; `buttons` are their labels; `mentions` whom it notifies; `raw` everything.
    """

    ts: str
    channel: str
    channel_name: str
    user: str
    text: str
    rendered: str
    buttons: list[str]
    blocks: list[Json]
    ephemeral: bool
    edited: bool
    metadata: Json | None
    thread_ts: str | None
    reply_count: int
    mentions: list[str]
    raw: Json

    @classmethod
    def of(cls, raw: Json) -> "Shown":
        """Read a message of the control API."""
        return cls(**{name: raw[name] for name in cls.__dataclass_fields__ if name != "raw"}, raw=raw)


@dataclass(frozen=True)
class Reply:
    """What came of an interaction.

    `acked`: the app answered in time. `error`: what the client shows otherwise (`operation_timeout`,
    `dispatch_failed`). `message`: the immediate response to a command, if there was one.
    """

    acked: bool
    error: str | None
    message: Shown | None = None

    @classmethod
    def of(cls, raw: Json) -> "Reply":
        """Read an outcome of the control API."""
        response = raw.get("response")
        return cls(raw["acked"], raw["error"], Shown.of(response) if response else None)

    @property
    def text(self) -> str:
        """The top-level text of the immediate response, empty without one."""
        return self.message.text if self.message else ""

    @property
    def rendered(self) -> str:
        """What the immediate response reads like, empty without one."""
        return self.message.rendered if self.message else ""

    @property
    def blocks(self) -> list[Json]:
        """The blocks of the immediate response."""
        return self.message.blocks if self.message else []


@dataclass(frozen=True)
class Modal:
    """A modal (or home) as a person sees it: `values` and `errors` by label, `trouble` is the client's own word."""

    title: str
    text: str
    labels: list[str]
    values: dict[str, Any]
    errors: dict[str, str]
    trouble: str | None
    submit_label: str | None
    close_label: str | None
    buttons: list[str]
    depth: int
    raw: Json

    @classmethod
    def of(cls, shown: Json) -> "Modal":
        """Read a view of the control API."""
        return cls(**{name: shown[name] for name in cls.__dataclass_fields__})

    def options(self, label: str) -> list[str]:
        """Return the texts of an input's options."""
        blocks = [block for block in self.raw["blocks"] if block.get("label", {}).get("text") == label]
        return [option["text"]["text"] for block in blocks for option in block["element"].get("options", [])]


Home = Modal
