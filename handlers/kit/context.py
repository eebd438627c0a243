"""What every listener works with: the engine, the policy, the clock and the people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from handlers.kit.blocks import Block
from workflows.contract.clock import Clock
from workflows.contract.engine import CaseEngine
from workflows.contract.errors import EffectError, Refused
from workflows.contract.issue_port import IssueAddresses
from workflows.contract.slack_port import Slack
from workflows.policy.model import Policy

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Desk:
    """The running desk, as the listeners see it."""

    engine: CaseEngine
    policy: Policy
    clock: Clock
    slack: Slack
    issue_addresses: IssueAddresses
    sections: Sequence[Callable[["Desk", str, datetime], Sequence[Block]]] = ()
    """What stands in the App Home, from top to bottom: the blocks for a person (Slack id) at a time."""

    def outsider(self, payload: dict[str, Any]) -> bool:
        """Whether this was a guest, another organisation's, a bot or a leaver: they see no details and start nothing.

        So is somebody Slack says it does not know, or does not show us. While Slack cannot be asked, what somebody
        reports is taken, for the desk is not shut when Slack is slow; `may_read` says who is shown details.
        """
        return self.is_ours(payload) is False

    def may_read(self, payload: dict[str, Any]) -> bool:
        """Whether this is one of ours for certain: nobody else is shown what others wrote."""
        return self.is_ours(payload) is True

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

    def is_ours(self, payload: dict[str, Any]) -> bool | None:
        """Whether who did this is a full member here; None while Slack does not answer."""
        user = _user(payload)
        try:
            homes = _homes(payload)
            if homes and not any(map(self.slack.is_own_team, homes)):
                return False
            person = self.slack.person(user)
        except Refused as error:
            log.warning("person_refused", user=user, reason=type(error).__name__)
            return False
        except EffectError as error:
            log.warning("person_unknown", user=user, reason=type(error).__name__)
            return None
        return person.is_member


def _user(payload: dict[str, Any]) -> str:
    user = payload.get("user")
    return str(user["id"] if isinstance(user, dict) else payload["user_id"])


def _homes(payload: dict[str, Any]) -> list[str]:
    """The workspace and the organisation the payload itself says this person is of; events name none.

    In an organisation of several workspaces a person's may be another one than the desk's, so either will do.
    """
    user, team, organisation = (_part(payload, name) for name in ("user", "team", "enterprise"))
    workspace = user.get("team_id") or team.get("id") or payload.get("team_id")
    return [str(home) for home in (workspace, organisation.get("id") or payload.get("enterprise_id")) if home]


def _part(payload: dict[str, Any], name: str) -> dict[str, Any]:
    part = payload.get(name)
    return part if isinstance(part, dict) else {}
