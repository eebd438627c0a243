"""What a driver can ask for: what people do, what they see, what goes wrong, and what time it is."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sandbox.control.app import SandboxApp
from sandbox.control.serializers import Serializer
from sandbox.core.errors import Impossible
from sandbox.core.faults import Fault
from sandbox.core.model import Json, Message, User
from sandbox.core.seed import add_bot, add_channel, add_person
from sandbox.users.actions import ActionOutcome

MAX_WAIT_SECONDS = 30.0


class Control:
    """Everything a driver can ask for; each public method is one request."""

    def __init__(self, app: SandboxApp) -> None:
        self.app = app
        self.workspace = app.workspace

    def _serializer(self, user: User) -> Serializer:
        return Serializer(self.workspace, user)

    # --------------------------------------------------------------------------------- what people do

    def person_actions(self) -> dict[str, Callable[..., Any]]:
        """Return what a person can do, by the name it has in the address."""
        user_actions, modals = self.app.user_actions, self.app.modals
        return {
            "runs": lambda user, text, channel: self._reply_of(user, user_actions.runs(user, text, channel)),
            "says": self._says,
            "edits": self._edits,
            "deletes": self._deletes,
            "reacts": self._reacts,
            "clicks": lambda user, name, on=None, nth=None: self._reply_of(
                user, user_actions.clicks(user, name, _on(on), nth)
            ),
            "chooses": lambda user, name, value, on=None, nth=None: self._reply_of(
                user, user_actions.chooses(user, name, value, _on(on), nth)
            ),
            "picks_overflow": lambda user, option, on=None, nth=None: self._reply_of(
                user, user_actions.picks_overflow(user, option, _on(on), nth)
            ),
            "fills": lambda user, values: self._reply_of(user, modals.fills(user, values)),
            "submits": lambda user: self._reply_of(user, modals.submits(user)),
            "closes": lambda user, everything=False: self._reply_of(user, modals.closes(user, everything=everything)),
            "uses_shortcut": lambda user, name, on=None: self._reply_of(
                user, user_actions.uses_shortcut(user, name, _message(on))
            ),
            "opens_home": self._opens_home,
        }

    def perform(self, name: str, what: str, body: Json) -> Json:
        """Let a person do something."""
        done: Json = self.person_actions()[what](self.workspace.person(name), **body)
        return done

    def _reply_of(self, user: User, outcome: ActionOutcome) -> Json:
        with self.workspace.lock:
            response = self._serializer(user).message(outcome.response) if outcome.response else None
        return {"acked": outcome.acked, "error": outcome.error, "response": response}

    def _shown(self, user: User, message: Message) -> Json:
        with self.workspace.lock:
            return self._serializer(user).message(message)

    def _says(self, user: User, text: str, channel: str, thread: str | None = None) -> Json:
        return self._shown(user, self.app.user_actions.messages.says(user, text, channel, thread))

    def _edits(self, user: User, on: Json, text: str) -> Json:
        return self._shown(user, self.app.user_actions.messages.edits(user, on["channel"], on["ts"], text))

    def _deletes(self, user: User, on: Json, *, as_admin: bool = False) -> Json:
        self.app.user_actions.messages.deletes(user, on["channel"], on["ts"], as_admin=as_admin)
        return {}

    def _reacts(self, user: User, on: Json, emoji: str) -> Json:
        return self._shown(user, self.app.user_actions.messages.reacts(user, on["channel"], on["ts"], emoji))

    def _opens_home(self, user: User, tab: str = "home") -> Json:
        self.app.user_actions.opens_home(user, tab)
        return self.home(user.name)

    def integration_says(self, name: str, text: str, channel: str, *, legacy: bool = True) -> Json:
        """Let an integration post; `legacy` as an incoming webhook does (subtype bot_message, no user).

        One of a new name is added to the workspace.
        """
        with self.workspace.lock:
            known = [user for user in self.workspace.users.values() if user.name == name]
            user = known[0] if known else add_bot(self.workspace, name)
        message = self.app.user_actions.messages.integration_says(user, text, channel, legacy=legacy)
        return self._shown(user, message)

    # ---------------------------------------------------------------------------------- what people see

    def sees(self, name: str, channel: str, thread: str | None = None) -> list[Json]:
        """Show a conversation (or a thread of it) to a person, what is ephemeral for them included."""
        with self.workspace.lock:
            user = self.workspace.person(name)
            place = self.app.user_actions.messages.seen(user, channel)
            serializer = self._serializer(user)
            return serializer.thread(place, thread) if thread else serializer.channel(place)

    def modal(self, name: str) -> Json | None:
        """Show a person's open modal."""
        with self.workspace.lock:
            user = self.workspace.person(name)
            view = self.workspace.views.top(user.id)
            return self._serializer(user).view(view) if view else None

    def home(self, name: str) -> Json:
        """Show a person's App Home; empty before anything was published."""
        with self.workspace.lock:
            user = self.workspace.person(name)
            view = self.workspace.views.homes.get(user.id)
            return {"view": self._serializer(user).view(view) if view else None}

    def calls(self, method: str | None = None) -> list[Json]:
        """Return the Web API calls so far."""
        with self.workspace.lock:
            calls = [call for call in self.app.web_api.calls if method in {None, call.method}]
            return [asdict(call) | {"at": call.at.isoformat()} for call in calls]

    def state(self) -> Json:
        """Return everything, to look at."""
        with self.workspace.lock:
            workspace = self.workspace
            return {
                "team": {"id": workspace.team_id, "name": workspace.team_name},
                "app": {"id": workspace.app.app_id, "name": workspace.app.name, "bot_user": workspace.app.bot_user},
                "now": workspace.now().isoformat(),
                "version": workspace.version,
                "users": [asdict(user) for user in workspace.users.values()],
                "channels": [asdict(channel) for channel in workspace.channels.values()],
                "usergroups": [asdict(group) for group in workspace.usergroups.values()],
                "connections": len(self.app.sockets.connections),
                "commands": sorted(workspace.app.commands or ()),
                "shortcuts": workspace.app.shortcuts or {},
                "events_given_up": list(self.app.events.given_up),
                "held_calls": self.app.faults.held_calls(),
            }

    def wait(self, after: int, seconds: float, *, idle: bool = False) -> Json:
        """Wait (real seconds) until something changed since version `after`, or, with `idle`, nothing is on its way."""
        deadline = self.app.real_time() + min(seconds, MAX_WAIT_SECONDS)
        workspace = self.workspace
        with workspace.changes:
            while self.app.real_time() < deadline and not self.app.stopping.is_set():
                if workspace.version > after and (not idle or self.app.events.is_idle()):
                    break
                workspace.changes.wait(0.05)
            return {"version": workspace.version, "idle": self.app.events.is_idle()}

    # ---------------------------------------------------------------------------- who and what there is

    def add_person(self, name: str, tz: str = "Europe/London", channels: tuple[str, ...] = ()) -> Json:
        """Add a person, to these channels."""
        with self.workspace.changing():
            user = add_person(self.workspace, name, tz=tz)
            for channel in channels:
                self.workspace.place(channel).members.append(user.id)
        return asdict(user)

    def change_person(self, name: str, **changes: Any) -> Json:
        """Change a person's fields: deleted, is_restricted, is_ultra_restricted, is_stranger, tz, email, real_name."""
        user = self.workspace.person(name)
        if unknown := set(changes) - set(asdict(user)) - {"id", "name"}:
            raise Impossible(f"A person has no {', '.join(sorted(unknown))}.")
        with self.workspace.changing():
            for field, value in changes.items():
                setattr(user, field, value)
            if changes.get("deleted"):
                self.workspace.deactivate(user)
        return asdict(user)

    def add_channel(self, name: str, members: list[str], *, private: bool = False) -> Json:
        """Create a channel with these members (names); the bot is in it when it is named."""
        with self.workspace.changing():
            ids = [self.workspace.person(member).id for member in members]
            channel = add_channel(self.workspace, name, ids, kind="group" if private else "channel")
        return {"id": channel.id, "name": channel.name}

    def archive(self, channel: str, *, archived: bool = True) -> Json:
        """Archive a channel, or take it back."""
        place = self.workspace.place(channel)
        with self.workspace.changing():
            place.is_archived = archived
        return {"id": place.id, "is_archived": archived}

    def invite(self, channel: str, name: str) -> Json:
        """Invite a person or bot into a channel."""
        place, user = self.workspace.place(channel), self.workspace.person(name)
        if user.id not in place.members:
            with self.workspace.changing():
                place.members.append(user.id)
                joined = Message(self.workspace.next_ts(), place.id, f"<@{user.id}> has joined the channel")
                joined.user, joined.subtype = user.id, "channel_join"
                self.workspace.add(joined)
                self.workspace.membership_changed(place, user.id, joined=True)
        return {"members": place.members}

    def kick(self, channel: str, name: str) -> Json:
        """Remove a person or bot from a channel."""
        place, user = self.workspace.place(channel), self.workspace.person(name)
        if user.id in place.members:
            with self.workspace.changing():
                place.members.remove(user.id)
                self.workspace.membership_changed(place, user.id, joined=False)
        return {"members": place.members}

    # -------------------------------------------------------------------------------------- what goes wrong

    def add_fault(self, **fault: Any) -> Json:
        """Let the next calls of a method go wrong; see `Fault`."""
        self.app.faults.add(Fault(**fault))
        return {}

    def sockets(self, do: str, reason: str = "refresh_requested") -> Json:
        """`drop` the connections, `disconnect` them with a reason, `refuse` new ones or `accept` them again."""
        sockets = self.app.sockets
        if do == "drop":
            sockets.drop()
        elif do == "disconnect":
            sockets.disconnect(reason)
        elif do in {"refuse", "accept"}:
            self.app.faults.refuse_connections = do == "refuse"
        else:
            raise Impossible(f"Sockets know drop, disconnect, refuse and accept, not {do!r}.")
        return {"connections": len(sockets.connections)}

    def twice(self, times: int = 1) -> Json:
        """Deliver the next envelopes twice."""
        self.app.faults.deliver_twice(times)
        return {}

    def release(self) -> Json:
        """Let go of the calls that hang or are late; all were carried out when this returns."""
        return {"released": self.app.faults.release()}

    def clear_faults(self) -> Json:
        """Let everything go right again."""
        self.app.faults.clear()
        return {}

    def rate_limits(self, *, on: bool) -> Json:
        """Switch the rate limits on or off."""
        self.app.rates.on = on
        return {"on": on}

    def verify_url(self) -> Json:
        """Send the request URL the challenge Slack sends when it is entered in the app's settings."""
        if self.app.http is None:
            raise Impossible("This app is reached over Socket Mode: there is no request URL.")
        return {"verified": self.app.http.verify_url()}

    # ---------------------------------------------------------------------------------------------- time

    def clock(self) -> Json:
        """Return the desk's time."""
        clock = self.app.clock
        return {"now": self.workspace.now().isoformat(), "offset_seconds": clock.offset() if clock else None}

    def move_clock(self, advance: float | None = None, to: str | None = None) -> Json:
        """Advance the desk's clock by seconds, or set it to an ISO time with its zone."""
        clock = self.app.clock
        if clock is None:
            raise Impossible("This sandbox's clock belongs to whoever started it.")
        with self.workspace.changing():
            if to is not None:
                moment = datetime.fromisoformat(to)
                if moment.tzinfo is None:
                    raise Impossible("Say the time zone, such as 2026-11-20T09:00:00+00:00.")
                advance = (moment - clock.now()).total_seconds()
            clock.set_offset(clock.offset() + (advance or 0.0))
        return self.clock()


def _on(on: Json | str | None) -> tuple[str, str] | str | None:
    return (on["channel"], on["ts"]) if isinstance(on, dict) else on


def _message(on: Json | None) -> tuple[str, str] | None:
    return (on["channel"], on["ts"]) if on else None
