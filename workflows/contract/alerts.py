"""Messages that every process sends in the same way."""

from datetime import datetime

from workflows.contract.effects import Effect
from workflows.contract.message_effects import Say, dm
from workflows.policy.model import Policy

ADMIN_NOTICE = "admin_notice"


def alert_admins(policy: Policy, sentence: str, now: datetime, topic: str) -> tuple[Effect, ...]:
    """Tell the admins about a fault of the set-up: once a month for each topic, whichever case it was seen with."""
    return tuple(
        Say(
            what=ADMIN_NOTICE,
            to=dm(admin),
            details={"sentence": sentence},
            once=f"admin:{admin}:{topic}:{now:%Y-%m}",
        )
        for admin in policy.admins
    )
