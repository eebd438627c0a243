"""Events on their way to the app: what it subscribed to, each until it is acknowledged or three retries failed."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.core.model import AppSettings, Channel, Json
from sandbox.core.workspace import Event, Workspace
from sandbox.slack.delivery import POLL_SECONDS, Ack, Pending, Retry, Transport

# How long after a failure the next attempt is made, by the desk's clock.
RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
IDLE_POLL_SECONDS = 0.05
MESSAGE_EVENTS = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
SCOPE_FOR = {
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
}


def wanted(app: AppSettings, event: Event) -> bool:
    """Return whether the app hears of this event: subscribed, in scope, and a member of where it happened."""
    name, scope = str(event.body["type"]), SCOPE_FOR.get(str(event.body["type"]))
    if name == "message" and event.channel is not None:
        where = MESSAGE_EVENTS[event.channel.kind]
        name, scope = f"message.{where}", f"{where}:history"
    if event.channel is not None and not _is_there(app, event.channel, event.body):
        return False
    return name in app.events and (scope is None or scope in app.scopes)


def _is_there(app: AppSettings, channel: Channel, body: Json) -> bool:
    left = body["type"] == "member_left_channel" and body.get("user") == app.bot_user
    return app.bot_user in channel.members or left


@dataclass(eq=False)
class Underway:
    """An event the app has not acknowledged yet. `due` is by the desk's clock."""

    payload: Json
    due: datetime
    attempt: int = 0
    reason: str = ""
    pending: Pending | None = None


class Events:
    """Delivers events from a thread of its own."""

    def __init__(self, workspace: Workspace, transport: Callable[[], Transport]) -> None:
        self._workspace = workspace
        self._transport = transport
        self._more = threading.Condition()
        self._underway: list[Underway] = []
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="sandbox-events", daemon=True)
        self.given_up: list[Json] = []
        workspace.listeners.append(self.take)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Stop delivering; what is under way is forgotten."""
        with self._more:
            self._stopping = True
            self._more.notify_all()
        self._thread.join()

    def take(self, event: Event) -> None:
        """Take an event, if the app subscribed to it."""
        if not wanted(self._workspace.app, event):
            return
        underway = Underway(self._wrapped(event), self._workspace.now())
        with self._more:
            self._underway.append(underway)
            self._more.notify_all()

    def is_idle(self) -> bool:
        """Return whether nothing is on its way or due now (a later retry may still wait)."""
        now = self._workspace.now()
        with self._more:
            return not any(event.pending or event.due <= now for event in self._underway)

    def _wrapped(self, event: Event) -> Json:
        workspace, app = self._workspace, self._workspace.app
        authorization = {
            "enterprise_id": None,
            "team_id": workspace.team_id,
            "user_id": app.bot_user,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": app.verification_token,
            "team_id": workspace.team_id,
            "context_team_id": workspace.team_id,
            "context_enterprise_id": None,
            "api_app_id": app.app_id,
            "event": event.body,
            "type": "event_callback",
            "event_id": workspace.next_id("Ev"),
            "event_time": int(workspace.now().timestamp()),
            "authorizations": [authorization],
            "is_ext_shared_channel": bool(event.channel and event.channel.is_ext_shared),
            "event_context": workspace.next_id("EC"),
        }

    def _run(self) -> None:
        while True:
            with self._more:
                if self._stopping:
                    return
                underway = list(self._underway)
            for event in underway:
                self._advance(event)
            with self._more:
                if not self._stopping and self._underway == underway:
                    self._more.wait(self._pause())

    def _pause(self) -> float | None:
        """Return how long to sleep: the clocks are injected, so what depends on them is looked at often."""
        if any(event.pending for event in self._underway):
            return POLL_SECONDS
        return IDLE_POLL_SECONDS if self._underway else None

    def _advance(self, event: Underway) -> None:
        """Send what is due; look at what came of what was sent."""
        if event.pending is None:
            if event.due <= self._workspace.now():
                retry = Retry(event.attempt, event.reason) if event.attempt else None
                event.pending = self._transport().send("events_api", event.payload, retry)
            return
        ack = event.pending.outcome()
        if ack is not None:
            self._settle(event, ack)

    def _settle(self, event: Underway, ack: Ack) -> None:
        event.pending = None
        if ack.ok or not ack.retry or event.attempt >= len(RETRY_AFTER):
            with self._more:
                self._underway.remove(event)
            if not ack.ok:
                self.given_up.append(event.payload)
        else:
            event.due = self._workspace.now() + RETRY_AFTER[event.attempt]
            event.attempt, event.reason = event.attempt + 1, ack.reason
        with self._workspace.changing():
            pass  # those who wait for the sandbox to be idle look again
