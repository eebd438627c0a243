"""Who may decide for managers: the policy's group and list, who takes turns, and who is mentioned when nobody does."""

from collections.abc import Iterable

import structlog

from workflows.contract.errors import EffectError
from workflows.contract.slack_port import Slack
from workflows.policy.model import Policy

log = structlog.get_logger(__name__)


class Managers:
    """Knows the managers; a group's members are as old as Slack's answer, at most five minutes."""

    def __init__(self, policy: Policy, slack: Slack) -> None:
        managers = policy.managers
        self._groups = tuple(dict.fromkeys(group for group in (managers.group, managers.fallback.group) if group))
        in_turns = managers.rota.people if managers.rota else ()
        people = (*managers.users, *in_turns, *managers.fallback.people)
        self._people = frozenset(person.lower() for person in people)
        self._slack = slack

    def includes(self, user: str) -> bool:
        """Whether this person (Slack id) is a manager. Somebody Slack cannot be asked about is none."""
        return user.lower() in self._people or user in self._members() or self._email(user) in self._people

    def _members(self) -> frozenset[str]:
        return frozenset(member for group in self._groups for member in self._of(group))

    def _of(self, group: str) -> Iterable[str]:
        try:
            return self._slack.group_members(group)
        except EffectError as error:
            log.warning("group_unknown", group=group, reason=error.sentence)
            return ()

    def _email(self, user: str) -> str:
        if not any("@" in person for person in self._people):
            return ""
        try:
            return (self._slack.person(user).email or "").lower()
        except EffectError:
            return ""
