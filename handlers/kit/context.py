"""What every listener works with: the engine, the policy, the clock and the people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from handlers.kit.blocks import Block
from workflows.contract.engine import CaseEngine
from workflows.contract.errors import EffectError, Refused
from workflows.contract.ports import Clock, Person, Slack
from workflows.policy.model import Policy

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Desk:
    """The running desk, as the listeners see it."""

    engine: CaseEngine
    policy: Policy
    clock: Clock
    slack: Slack
    sections: Sequence[Callable[["Desk", str, datetime], Sequence[Block]]] = ()
    """What stands in the App Home, from top to bottom: the blocks for a person (Slack id) at a time."""

    def outsider(self, payload: dict[str, Any]) -> bool:
        """Whether a guest, or somebody of another organisation, did this: they see no details and start nothing.

        Somebody Slack cannot be asked about counts as one of ours: the desk is not shut when Slack is slow.
        """
        person = self._person(_user(payload))
        return person is not None and (person.is_guest or person.is_foreign)

    def is_channel(self, channel: str, name: str) -> bool:
        """Whether the channel of this id is the one the policy calls so, by `#name` or id.

        The last known name stands while Slack cannot be asked. `RetryLater` or `Misconfigured` when it never was: then
        the event is not answered, and Slack delivers it again.
        """
        if channel == name or not name.startswith("#"):
            return channel == name
        try:
            return self.slack.channel_name(channel) == name
        except Refused:  # a channel Slack does not show us is none of ours
            return False

    def _person(self, user: str) -> Person | None:
        try:
            return self.slack.person(user)
        except EffectError as error:
            log.warning("person_unknown", user=user, reason=type(error).__name__)
            return None


def _user(payload: dict[str, Any]) -> str:
    user = payload.get("user")
    return str(user["id"] if isinstance(user, dict) else payload["user_id"])
