"""Who of the people in Slack responds to incidents, as far as Slack can be asked at once."""

import structlog

from handlers.kit.context import Desk
from workflows.contract.errors import EffectError, Refused

log = structlog.get_logger(__name__)


def is_responder(desk: Desk, user: str) -> bool | None:
    """Whether somebody (Slack id) is in the responders' group, as of at most five minutes ago.

    True for everybody where no group is set, it is empty or cannot be read; None while Slack does not answer.
    """
    members = _members(desk)
    return None if members is None else not members or user in members


def is_in_group(desk: Desk, user: str) -> bool:
    """Whether somebody is in the responders' group for sure; nobody is where there is none, or it cannot be read."""
    return user in (_members(desk) or ())


def _members(desk: Desk) -> tuple[str, ...] | None:
    """Who is in the group: nobody where none is set or it cannot be read; None while Slack does not answer."""
    group = desk.policy.incident.responders
    if group is None:
        return ()
    try:
        return desk.slack.group_members(group)
    except Refused as error:
        log.warning("group_unknown", group=group, reason=error.sentence)
        return ()
    except EffectError as error:
        log.warning("group_not_asked", group=group, reason=type(error).__name__)
        return None
