"""Open modals, one stack a person, and App Homes."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.blockkit import check_view
from sandbox.core.errors import SlackError
from sandbox.core.forms import Values, initial_values, with_ids
from sandbox.core.model import Installation, Json

STACK_LIMIT = 3
# What an app sends of a view; the rest Slack adds.
SENT = (
    "type",
    "title",
    "submit",
    "close",
    "private_metadata",
    "callback_id",
    "clear_on_close",
    "notify_on_close",
    "external_id",
    "submit_disabled",
)
DEFAULTS: Json = {
    "private_metadata": "",
    "callback_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
    "external_id": "",
    "submit_disabled": False,
    "title": None,
    "submit": None,
    "close": None,
}


@dataclass
class View:
    """A modal or home as it stands: what the app sent, what the person entered, what was wrong with it."""

    id: str
    user: str
    sent: Json
    blocks: list[Json]
    hash: str
    root: str
    previous: str | None = None
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None  # what the client shows when the app did not answer properly

    def as_slack(self, installed: Installation) -> Json:
        """Show the view as payloads and answers carry it."""
        return (
            DEFAULTS
            | {key: self.sent[key] for key in SENT if self.sent.get(key) is not None}
            | {
                "id": self.id,
                "team_id": installed.team_id,
                "blocks": self.blocks,
                "state": {"values": self.values},
                "hash": self.hash,
                "root_view_id": self.root,
                "previous_view_id": self.previous,
                "app_id": installed.app.app_id,
                "app_installed_team_id": installed.team_id,
                "bot_id": installed.app.bot_id,
            }
        )


class Views:
    """Every view that is open, and every home that was published. Use it under the workspace's lock."""

    def __init__(self, next_id: Callable[[str], str], now: Callable[[], datetime]) -> None:
        self._next_id = next_id
        self._now = now
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def top(self, user: str) -> View | None:
        """Return the modal this person sees, or None."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def find(self, view_id: str | None = None, external_id: str | None = None) -> View:
        """Find an open modal (or a home) by its id or external id; `not_found` otherwise."""
        for view in [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]:
            if view_id == view.id if view_id else view.sent.get("external_id") == external_id:
                return view
        raise SlackError("not_found")

    def open(self, user: str, sent: Json) -> View:
        """Open a modal; one that is open already gives way."""
        self.check(sent, "modal")
        view = self._new(user, sent)
        self.stacks[user] = [view]
        return view

    def push(self, user: str, sent: Json) -> View:
        """Put a modal on top of the open one; at most three."""
        stack = self.stacks.get(user) or []
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= STACK_LIMIT:
            raise SlackError("push_limit_reached")
        self.check(sent, "modal")
        view = self._new(user, sent, below=stack[-1])
        stack.append(view)
        return view

    def update(self, view: View, sent: Json, hash_: str | None = None) -> View:
        """Replace what a view shows; what was entered stays where block and action id stay."""
        if hash_ and hash_ != view.hash:
            raise SlackError("hash_conflict")
        self.check(sent, str(view.sent["type"]), but=view)
        view.sent, view.hash = sent, self._hash()
        view.blocks = with_ids(sent["blocks"], self._next_id)
        view.values = initial_values(view.blocks, view.values)
        view.errors, view.trouble = {}, None
        return view

    def publish(self, user: str, sent: Json, hash_: str | None = None) -> View:
        """Publish a person's App Home."""
        home = self.homes.get(user)
        if home is not None:
            return self.update(home, sent, hash_)
        self.check(sent, "home")
        self.homes[user] = self._new(user, sent)
        return self.homes[user]

    def close(self, view: View) -> None:
        """Take a modal off its stack; the one below it shows again."""
        stack = self.stacks.get(view.user, [])
        self.stacks[view.user] = [other for other in stack if other is not view]

    def clear(self, user: str) -> list[View]:
        """Close all of a person's modals, and return them, the top one first."""
        return list(reversed(self.stacks.pop(user, [])))

    def check(self, sent: Json, kind: str, but: View | None = None) -> None:
        """Refuse what Slack would refuse: limits, the wrong type, an external id that is taken."""
        problem = check_view(sent)
        if problem is not None:
            raise SlackError(problem.error, response_metadata={"messages": list(problem.messages)})
        if sent.get("type") != kind:
            messages = [f"[ERROR] must be a valid {kind} view [json-pointer:/view/type]"]
            raise SlackError("invalid_arguments", response_metadata={"messages": messages})
        external = sent.get("external_id")
        everyone = [*self.homes.values(), *(view for stack in self.stacks.values() for view in stack)]
        if external and any(view.sent.get("external_id") == external for view in everyone if view is not but):
            raise SlackError("duplicate_external_id")

    def _new(self, user: str, sent: Json, below: View | None = None) -> View:
        view_id = self._next_id("V")
        blocks = with_ids(sent["blocks"], self._next_id)
        return View(
            view_id,
            user,
            sent,
            blocks,
            self._hash(),
            root=below.root if below else view_id,
            previous=below.id if below else None,
            values=initial_values(blocks),
        )

    def _hash(self) -> str:
        return f"{int(self._now().timestamp())}.{secrets.token_hex(4)}"
