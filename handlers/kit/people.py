"""Whom people may choose in a form: full members with an active account, as when a request is reassigned."""

import structlog

from handlers.kit.context import Desk
from workflows.contract.errors import EffectError, Refused

log = structlog.get_logger(__name__)

UNKNOWN = "Slack can't say right now who this is. Please try again in a minute."


def not_choosable(desk: Desk, user: str) -> str | None:
    """Why this person (Slack id) cannot be chosen, in a sentence below their field; None when they can be."""
    try:
        person = desk.slack.person(user)
    except Refused:
        return "This person can't be chosen: Slack doesn't know them here."
    except EffectError as error:
        log.warning("person_unknown", user=user, reason=type(error).__name__)
        return UNKNOWN
    if person.is_member:
        return None
    return f"{person.name} can't be chosen: only full members of this workspace with an active account can."
