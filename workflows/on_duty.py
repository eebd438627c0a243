"""Who of the managers is on duty: the schedule, else the policy's rota, else its fallback; never a silent skip."""

from collections.abc import Iterable
from datetime import datetime

from workflows.errors import CarryError
from workflows.events import Duty, DutySource
from workflows.policy import Policy
from workflows.ports import OnCall, OnDuty, Person, Slack


class DutyDesk:
    """Answers who is on duty, as people in Slack."""

    def __init__(self, policy: Policy, slack: Slack, on_call: OnCall | None) -> None:
        self.policy = policy
        self.slack = slack
        self.on_call = on_call

    def managers(self, now: datetime) -> Duty:
        """The managers on duty now; `trouble` says why it is not the schedule's answer."""
        people, trouble = self._by_schedule()
        if people:
            return Duty(people, DutySource.SCHEDULE)
        people = self._in_slack(self.policy.managers.on_rota(now))
        if people:
            return Duty(people, DutySource.ROTA, trouble)
        people = self._in_slack(self.policy.managers.fallback)
        if people:
            return Duty(people, DutySource.FALLBACK, trouble or "Nobody is on duty.")
        return Duty((), DutySource.NOBODY, trouble or "Nobody is on duty, and the policy names no fallback.")

    def _by_schedule(self) -> tuple[tuple[Person, ...], str | None]:
        schedule = self.policy.managers.on_duty_schedule
        if schedule is None or self.on_call is None:
            return (), None
        try:
            on_duty = self.on_call.on_duty(schedule)
        except CarryError as error:
            return (), f"The on-call schedule could not be read: {error.sentence}"
        if not on_duty:
            return (), "The on-call schedule names nobody for now."
        people = self._in_slack(self._slack_name(someone) for someone in on_duty)
        if not people:
            return (), f"{on_duty[0].name} is on duty but could not be found in Slack."
        return people, None

    def _slack_name(self, someone: OnDuty) -> str | None:
        entry = next((who for who in self.policy.roster if someone.email and who.email == someone.email), None)
        return (entry.slack if entry else None) or someone.email

    def _in_slack(self, names: Iterable[str | None]) -> tuple[Person, ...]:
        found = (self._person(name) for name in names if name)
        return tuple(person for person in found if person is not None and person.is_active)

    def _person(self, name: str) -> Person | None:
        """By e-mail or Slack id."""
        try:
            return self.slack.person_by_email(name) if "@" in name else self.slack.person(name)
        except CarryError:
            return None
