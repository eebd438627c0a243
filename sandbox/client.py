"""The driver: people in the sandbox's workspace, from Python, over the control API.

    with SandboxClient(url) as sandbox:
        alice = sandbox.person("alice")
        alice.runs("/feedback 123456", in_="#support")
        alice.fills({"Kind of feedback": "Product feedback"})
        alice.submits()
        card = sandbox.until(lambda: alice.sees("#product"))[-1]

Nothing here sleeps: `until` looks again whenever something changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import httpx

from sandbox.clock import real_seconds
from sandbox.errors import Impossible

Json = dict[str, Any]
T = TypeVar("T")
PATIENCE_SECONDS = 10.0


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
On = Shown | Literal["home"] | None


def _on(on: On) -> Json | str | None:
    return {"channel": on.channel, "ts": on.ts} if isinstance(on, Shown) else on


class Person:
    """Somebody in the workspace."""

    def __init__(self, http: httpx.Client, name: str) -> None:
        self._http = http
        self.name = name

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def _do(self, act: str, **body: Any) -> Any:
        return _answer(self._http.post(f"/control/people/{self.name}/{act}", json=body))

    def _ask(self, what: str, **params: str) -> Any:
        return _answer(self._http.get(f"/control/people/{self.name}/{what}", params=params))

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
        return Shown.of(_answer(self._http.post("/control/integration", json=body)))


class FaultControls:
    """What can be made to go wrong. `method` is a glob such as `chat.*`; `times` the number of calls."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def _post(self, address: str, **body: Any) -> Json:
        answer: Json = _answer(self._http.post(f"/control/faults{address}", json=body))
        return answer

    def rate_limit(self, method: str, *, retry_after: int = 1, times: int = 1) -> None:
        """Answer 429 with this Retry-After (seconds)."""
        self._post("", method=method, kind="ratelimited", value=retry_after, times=times)

    def status(self, method: str, status: int = 500, *, times: int = 1) -> None:
        """Answer this HTTP status."""
        self._post("", method=method, kind="status", value=status, times=times)

    def error(self, method: str, code: str, *, times: int = 1) -> None:
        """Answer this error code."""
        self._post("", method=method, kind="error", value=code, times=times)

    def hang(self, method: str, seconds: float, *, times: int = 1) -> None:
        """Answer only after this many real seconds."""
        self._post("", method=method, kind="hang", value=seconds, times=times)

    def drop(self, method: str, *, times: int = 1) -> None:
        """Do it, then drop the connection without an answer."""
        self._post("", method=method, kind="drop", times=times)

    def malformed(self, method: str, *, times: int = 1) -> None:
        """Do it, and answer half a JSON object."""
        self._post("", method=method, kind="malformed", times=times)

    def deliver_twice(self, times: int = 1) -> None:
        """Deliver the next envelopes twice."""
        self._post("/twice", times=times)

    def drop_sockets(self) -> None:
        """Close every Socket Mode connection without a word."""
        self._post("/sockets", do="drop")

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Send `disconnect` (`warning`, `refresh_requested`, `link_disabled`); all but `warning` also close."""
        self._post("/sockets", do="disconnect", reason=reason)

    def refuse_connections(self, *, refuse: bool = True) -> None:
        """Refuse new Socket Mode connections, or accept them again."""
        self._post("/sockets", do="refuse" if refuse else "accept")

    def clear(self) -> None:
        """Let everything go right again."""
        self._post("/clear")


class ClockControls:
    """The desk's clock."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def now(self) -> datetime:
        """Return the desk's time, aware, in UTC."""
        return datetime.fromisoformat(_answer(self._http.get("/control/clock"))["now"])

    def advance(self, by: timedelta) -> datetime:
        """Advance the clock and return the new time."""
        return self._move(advance=by.total_seconds())

    def set(self, to: datetime) -> datetime:
        """Set the clock to an aware time and return the new time."""
        return self._move(to=to.isoformat())

    def _move(self, **body: Any) -> datetime:
        return datetime.fromisoformat(_answer(self._http.post("/control/clock", json=body))["now"])


class SandboxClient:
    """A connection to a running sandbox. Close it, or use it in a `with`."""

    def __init__(self, url: str) -> None:
        # A person waits for an ack of three seconds, or as long as a hanging call lasts.
        self._http = httpx.Client(base_url=url, timeout=60.0)
        self.url = url
        self.faults = FaultControls(self._http)
        self.clock = ClockControls(self._http)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def person(self, name: str) -> Person:
        """Return somebody by name."""
        return Person(self._http, name)

    def integration(self, name: str = "integration", *, legacy: bool = True) -> Integration:
        """Return an integration; a legacy one posts as incoming webhooks do."""
        return Integration(self._http, name, legacy=legacy)

    def _post(self, address: str, **body: Any) -> Json:
        answer: Json = _answer(self._http.post(f"/control/{address}", json=body))
        return answer

    def adds_person(self, name: str, *, tz: str = "Europe/London", channels: tuple[str, ...] = ()) -> Person:
        """Add a person to the workspace and to these channels."""
        self._post("people", name=name, tz=tz, channels=channels)
        return self.person(name)

    def changes_person(self, name: str, **changes: Any) -> None:
        """Change a person: deleted, is_restricted, is_ultra_restricted, is_stranger, tz, email, real_name."""
        self._post("people/change", name=name, **changes)

    def deactivates(self, name: str) -> None:
        """Deactivate a person."""
        self.changes_person(name, deleted=True)

    def creates_channel(self, name: str, members: list[str], *, private: bool = False) -> str:
        """Create a channel of these members (the bot only if it is named) and return its id."""
        return str(self._post("channels", name=name, members=members, private=private)["id"])

    def archives(self, channel: str, *, archived: bool = True) -> None:
        """Archive a channel, or take it back."""
        self._post("channels/archive", channel=channel, archived=archived)

    def invites(self, name: str, to: str) -> None:
        """Invite a person or bot into a channel."""
        self._post("channels/invite", channel=to, name=name)

    def kicks(self, name: str, from_: str) -> None:
        """Remove a person or bot from a channel."""
        self._post("channels/kick", channel=from_, name=name)

    def rate_limits(self, *, on: bool) -> None:
        """Switch the rate limits on or off."""
        self._post("rate_limits", on=on)

    def calls(self, method: str | None = None) -> list[Json]:
        """Return the app's Web API calls so far: method, args, at, status, error."""
        params = {"method": method} if method else {}
        calls: list[Json] = _answer(self._http.get("/control/calls", params=params))
        return calls

    def state(self) -> Json:
        """Return everything there is."""
        state: Json = _answer(self._http.get("/control/state"))
        return state

    def settle(self, seconds: float = PATIENCE_SECONDS) -> bool:
        """Wait until no event is on its way to the app; False when that took too long."""
        params: dict[str, str | float] = {"idle": "true", "seconds": seconds}
        return bool(_answer(self._http.get("/control/wait", params=params))["idle"])

    def until(self, look: Callable[[], T | None], seconds: float = PATIENCE_SECONDS) -> T:
        """Look again at every change until there is something to see, and return it."""
        deadline, version = real_seconds() + seconds, -1
        while not (seen := look()):
            left = deadline - real_seconds()
            if left <= 0:
                raise AssertionError(f"Nothing came to be seen in {seconds:g} s.")
            params: dict[str, float] = {"after": version, "seconds": min(left, 0.5)}
            version = _answer(self._http.get("/control/wait", params=params))["version"]
        return seen


def _answer(answer: httpx.Response) -> Any:
    """Return what the control API answered; raise what a person cannot do."""
    if answer.status_code == httpx.codes.CONFLICT:
        raise Impossible(answer.json()["detail"])
    if answer.is_error:
        raise ValueError(f"{answer.status_code}: {answer.text}")
    return answer.json()
