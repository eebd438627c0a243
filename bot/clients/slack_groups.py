"""User groups, such as the managers'."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from slack_sdk import WebClient

from bot.clients.slack_channels import Ask
from workflows.contract.errors import Misconfigured, NotFound, RetryLater
from workflows.contract.slack_port import UserGroup

log = structlog.get_logger(__name__)

FRESH: Final = timedelta(minutes=5)
"""How long a group's members are taken as known: nobody keeps a manager's rights for longer by mistake."""

_ID: Final = re.compile(r"S[A-Z0-9]{5,}")


@dataclass(frozen=True)
class _Known:
    group: UserGroup
    read_at: datetime


class Groups:
    """Who is in a user group; what was known before is used while Slack cannot be asked."""

    def __init__(self, web: WebClient, now: Callable[[], datetime], ask: Ask) -> None:
        self._web = web
        self._now = now
        self._ask = ask
        self._known: dict[str, _Known] = {}

    def members(self, group: str) -> tuple[str, ...]:
        """The user ids of a group, named by its handle (with or without @) or id. `NotFound` when there is none."""
        return self.group(group).members

    def group(self, group: str) -> UserGroup:
        """A group by its handle (with or without @) or id. `NotFound` when there is none."""
        known = self._known.get(group)
        if known is not None and timedelta(0) <= self._now() - known.read_at < FRESH:
            return known.group
        try:
            self._known[group] = _Known(self._read(group), self._now())
        except (RetryLater, Misconfigured) as error:
            if known is None:
                raise
            log.warning("group_from_memory", group=group, reason=error.sentence)
        return self._known[group].group

    def _read(self, group: str) -> UserGroup:
        group_id = group if _ID.fullmatch(group) else self._id_of(group.removeprefix("@").lower())
        answer = self._ask(self._web.usergroups_users_list, f"the user group {group}", usergroup=group_id)
        users = answer.get("users")
        if not isinstance(users, list):
            raise RetryLater("Slack answered in a form we cannot read (no users).")
        return UserGroup(group_id, tuple(str(user) for user in users))

    def _id_of(self, handle: str) -> str:
        answer = self._ask(self._web.usergroups_list, "the list of user groups")
        for group in answer.get("usergroups") or ():
            if isinstance(group, dict) and str(group.get("handle", "")).lower() == handle and group.get("id"):
                return str(group["id"])
        raise NotFound(f"There is no user group @{handle} in Slack.")
