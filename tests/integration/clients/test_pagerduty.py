"""PagerDuty's contract."""

from bot.clients.pagerduty import PagerDuty
from workflows.ports import OnDuty


def test_who_is_on_duty_is_told_once(pagerduty: PagerDuty) -> None:
    """Somebody who is on duty at two escalation levels is one person."""
    assert pagerduty.on_duty("SSAT Reviewing Manager") == [OnDuty("María García", "maria@example.com")]
