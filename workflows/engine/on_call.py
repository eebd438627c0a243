"""Who of the managers is on duty: the schedule, else the policy's rota, else its fallback; never a silent skip."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, time, timedelta

from workflows.contract.errors import EffectError, RetryLater
from workflows.contract.events import Duty, DutySource
from workflows.contract.paging_ports import OnCall, OnDuty
from workflows.contract.slack_port import Person, Slack, UserGroup
from workflows.policy.model import Policy

SOON = timedelta(minutes=1)
"""Somebody who may answer in this time is waited for, where there is no hurry."""


class OnCallResolver:
    """Answers who is on duty, as people in Slack."""

    def __init__(self, policy: Policy, slack: Slack, on_call: OnCall | None) -> None:
        self.policy = policy
        self.slack = slack
        self.on_call = on_call

    def managers(self, at: datetime, skip: Collection[str] = (), *, patient: bool = False) -> Duty:
        """The managers on duty at a time, without those in `skip`; `trouble` says why it is not the schedule's answer.

        `RetryLater` when Slack itself cannot be asked who they are, or, if `patient`, when the schedule may answer in
        a moment.
        """
        people, trouble, until = self._by_schedule(self.policy.managers.on_duty_schedule, skip, at, patient=patient)
        if people:
            return Duty(people, DutySource.SCHEDULE, until=until)
        people = self._in_slack(self._by_rota(at), skip)
        if people:
            return Duty(people, DutySource.ROTA, trouble, until=self._end_of_rota(at))
        return self.fallback(skip, trouble or "Nobody is on duty.")

    def fallback(self, skip: Collection[str] = (), trouble: str | None = None) -> Duty:
        """Whom the policy names for when nobody is on duty; `RetryLater` when Slack cannot be asked."""
        people = self._in_slack(self.policy.managers.fallback.people, skip)
        group, missing = self._fallback_group()
        reason = " ".join(filter(None, (trouble, missing))) or None
        return Duty(people, DutySource.FALLBACK if people else DutySource.NOBODY, reason, group)

    def _fallback_group(self) -> tuple[UserGroup | None, str | None]:
        """The fallback group, or why there is none."""
        name = self.policy.managers.fallback.group
        if name is None:
            return None, "The policy names no fallback group."
        try:
            return self.slack.group(name), None
        except RetryLater:
            raise
        except EffectError as error:
            return None, error.sentence

    def scheduled(self, schedule: str | None, otherwise: Iterable[str]) -> Duty:
        """Who a schedule names, else these people (e-mail addresses or Slack ids); `RetryLater` as above."""
        people, trouble, _ = self._by_schedule(schedule, ())
        if people:
            return Duty(people, DutySource.SCHEDULE)
        people = self.in_slack(otherwise)
        source = DutySource.FALLBACK if people else DutySource.NOBODY
        return Duty(people, source, trouble or (None if people else "Nobody is on call."))

    def in_slack(self, names: Iterable[str]) -> tuple[Person, ...]:
        """These people (e-mail addresses or Slack ids), as far as they can be reached; `RetryLater` as above."""
        return self._in_slack(names, ())

    def _by_schedule(
        self, schedule: str | None, skip: Collection[str], at: datetime | None = None, *, patient: bool = False
    ) -> tuple[tuple[Person, ...], str | None, datetime | None]:
        if schedule is None or self.on_call is None:
            return (), None, None
        try:
            on_duty = self.on_call.on_duty(schedule, at)
        except EffectError as error:
            if patient and isinstance(error, RetryLater) and (error.wait or SOON) <= SOON:
                raise
            return (), f"The on-call schedule could not be read: {error.sentence}", None
        if not on_duty:
            return (), "The on-call schedule names nobody for this time.", None
        people = self._in_slack((self._slack_name(someone) for someone in on_duty), skip)
        trouble = None if people else f"{on_duty[0].name} is on duty but cannot be reached in Slack."
        return people, trouble, on_duty[0].until

    def _end_of_rota(self, at: datetime) -> datetime | None:
        """When the week ends that a time is in."""
        rota, zone = self.policy.managers.rota, self.policy.zone
        if rota is None:
            return None
        day = at.astimezone(zone).date()
        ends = day + timedelta(days=7 - (day - rota.since).days % 7)
        return datetime.combine(ends, time(), zone).astimezone(UTC)

    def _by_rota(self, at: datetime) -> tuple[str, ...]:
        rota = self.policy.managers.rota
        return (rota.on_duty(at.astimezone(self.policy.zone).date()),) if rota else ()

    def _slack_name(self, someone: OnDuty) -> str | None:
        entry = next((who for who in self.policy.roster if who.email == someone.email), None)
        return (entry.slack if entry else None) or someone.email

    def _in_slack(self, names: Iterable[str | None], skip: Collection[str]) -> tuple[Person, ...]:
        found = (self._person(name) for name in names if name)
        return tuple(person for person in found if person and person.is_active and person.id not in skip)

    def _person(self, name: str) -> Person | None:
        """By e-mail address or Slack id."""
        try:
            return self.slack.person_by_email(name) if "@" in name else self.slack.person(name)
        except RetryLater:
            raise
        except EffectError:
            return None
