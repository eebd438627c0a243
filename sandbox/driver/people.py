"""The driver's people: what they do and what they see."""

from typing import Any, Literal

import httpx

from sandbox.driver.controls import answer_of
from sandbox.driver.observations import Home, Json, Modal, Reply, Shown

On = Shown | Literal["home"] | None


def _on(on: On) -> Json | str | None:
    return {"channel": on.channel, "ts": on.ts} if isinstance(on, Shown) else on


class SandboxPerson:
    """Somebody in the workspace."""

    def __init__(self, http: httpx.Client, name: str) -> None:
        self._http = http
        self.name = name

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def _do(self, action: str, **body: Any) -> Any:
        return answer_of(self._http.post(f"/control/people/{self.name}/{action}", json=body))

    def _ask(self, what: str, **params: str) -> Any:
        return answer_of(self._http.get(f"/control/people/{self.name}/{what}", params=params))

    # --------------------------------------------------------------------------------------------- speech

    def says(self, text: str, in_: str, thread: Shown | None = None) -> Shown:
        """Type a message; `in_` is `#channel` or `dm`; @names, #channels and links become Slack's."""
        return Shown.of(self._do("says", text=text, channel=in_, thread=thread.ts if thread else None))

    def edits(self, message: Shown, text: str) -> Shown:
        """Edit one's own message."""
        return Shown.of(self._do("edits", on=_on(message), text=text))

    def deletes(self, message: Shown, *, as_admin: bool = False) -> None:
        """Delete one's own message, or, as an admin, anybody's."""
        self._do("deletes", on=_on(message), as_admin=as_admin)

    def reacts(self, message: Shown, emoji: str) -> Shown:
        """React with an emoji."""
        return Shown.of(self._do("reacts", on=_on(message), emoji=emoji))

    # --------------------------------------------------------------------------------- the app's surfaces

    def runs(self, command: str, in_: str) -> Reply:
        """Run a slash command and wait for its ack."""
        return Reply.of(self._do("runs", text=command, channel=in_))

    def uses_shortcut(self, name: str, on: Shown | None = None) -> Reply:
        """Use a shortcut by name or callback id; `on` a message: a message shortcut."""
        return Reply.of(self._do("uses_shortcut", name=name, on=_on(on)))

    def clicks(self, button: str, on: On = None, nth: int | None = None) -> Reply:
        """Click a button on a message, on the home (`on="home"`), or in the open modal."""
        return Reply.of(self._do("clicks", name=button, on=_on(on), nth=nth))

    def chooses(self, name: str, value: Any, on: On = None, nth: int | None = None) -> Reply:
        """Choose by label, placeholder or action id; a list where several can be chosen."""
        return Reply.of(self._do("chooses", name=name, value=value, on=_on(on), nth=nth))

    def picks_overflow(self, option: str, on: On = None, nth: int | None = None) -> Reply:
        """Pick an option of an overflow menu."""
        return Reply.of(self._do("picks_overflow", option=option, on=_on(on), nth=nth))

    def fills(self, values: dict[str, Any]) -> Reply:
        """Fill the open modal, by label."""
        return Reply.of(self._do("fills", values=values))

    def submits(self) -> Reply:
        """Submit the open modal; what was wrong is in `modal.errors` and `modal.trouble`."""
        return Reply.of(self._do("submits"))

    def closes(self, *, everything: bool = False) -> Reply:
        """Close the open modal, or the whole stack."""
        return Reply.of(self._do("closes", everything=everything))

    def opens_home(self, tab: str = "home") -> Home | None:
        """Open the app's home; return what is published so far (see `home` for later)."""
        view = self._do("opens_home", tab=tab)["view"]
        return Modal.of(view) if view else None

    # ---------------------------------------------------------------------------------------------- sight

    @property
    def modal(self) -> Modal | None:
        """The open modal, the top one of the stack."""
        view = self._ask("modal")
        return Modal.of(view) if view else None

    @property
    def home(self) -> Home | None:
        """What is published as this person's home."""
        view = self._ask("home")["view"]
        return Modal.of(view) if view else None

    def sees(self, channel: str) -> list[Shown]:
        """Return a conversation as the client shows it: no replies, oldest first, with one's ephemerals."""
        return [Shown.of(raw) for raw in self._ask("sees", channel=channel)]

    def dm(self) -> list[Shown]:
        """Return the DM with the app."""
        return self.sees("dm")

    def sees_thread(self, message: Shown) -> list[Shown]:
        """Return a thread: its parent, then the replies, oldest first."""
        thread = message.thread_ts or message.ts
        return [Shown.of(raw) for raw in self._ask("sees", channel=message.channel, thread=thread)]


class Integration:
    """A bot of somebody else's; posts its own mrkdwn, unescaped."""

    def __init__(self, http: httpx.Client, name: str, *, legacy: bool) -> None:
        self._http = http
        self.name = name
        self._legacy = legacy

    def says(self, text: str, in_: str) -> Shown:
        """Post a message."""
        body = {"name": self.name, "text": text, "channel": in_, "legacy": self._legacy}
        return Shown.of(answer_of(self._http.post("/control/integration", json=body)))
