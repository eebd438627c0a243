"""What a company sets: one frozen model, read from the policy file when the desk starts.

The models have no defaults of their own: every default stands in the default policy file, once.
"""

from collections.abc import Container
from datetime import date, time
from functools import cached_property
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from workflows.lib.business_time import MIDNIGHT, Calendar, Calendars, Hours
from workflows.lib.durations import Duration, PositiveRealDuration, RealDuration
from workflows.lib.holidays import Holidays, check_country, check_subdivision
from workflows.policy.contact import ContactPolicy
from workflows.policy.csm import CsmPolicy
from workflows.policy.feedback import FeedbackPolicy
from workflows.policy.fields import (
    ClosesAt,
    Day,
    Email,
    Group,
    OpensAt,
    PersonRef,
    Section,
    SlackId,
    Text,
    TimeZone,
)
from workflows.policy.incident import IncidentPolicy
from workflows.policy.polling import PollingPolicy
from workflows.policy.privacy import PrivacyPolicy
from workflows.policy.request import RequestPolicy
from workflows.policy.review import ReviewPolicy
from workflows.policy.tickets import TicketPolicy

VendorName = Annotated[Text, Field(max_length=40)]
"""Short enough for a button: *Open in ...*."""


class Company(Section):
    """Who we are."""

    name: Text = Field(description="The company's name, as customers know it.")


class WorkingTime(Section):
    """When the company works."""

    days: Annotated[tuple[Day, ...], Field(min_length=1)] = Field(
        description="The working days. Deadlines in business days stand still on the others."
    )
    start: OpensAt = Field(description="When a working day begins, in the policy's time zone.")
    end: ClosesAt = Field(description="When it ends; 24:00 is the end of the day.")

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: time, info: ValidationInfo) -> time:
        start = info.data.get("start")
        if start is not None and end != MIDNIGHT and end <= start:
            raise ValueError(f"A working day ends after it starts, at {start:%H:%M}")
        return end


class HolidayPolicy(Section):
    """Which days stand still besides. None, unless a country or days are named."""

    country: Annotated[str, AfterValidator(check_country)] | None = Field(
        description="Count the public holidays of this country (its two letters, such as DE); null for none."
    )
    subdivision: str | None = Field(description="And those of this part of it, such as BY; null for none.")
    extra: tuple[date, ...] = Field(description="Further days off, such as 2026-12-24.")

    @field_validator("subdivision")
    @classmethod
    def _of_country(cls, subdivision: str | None, info: ValidationInfo) -> str | None:
        if subdivision is not None and "country" in info.data:
            check_subdivision(info.data["country"], subdivision)
        return subdivision

    @property
    def holidays(self) -> Container[date]:
        """Which days are holidays."""
        return Holidays(self.country, self.subdivision, frozenset(self.extra))


class Rota(Section):
    """People who take weekly turns."""

    people: Annotated[tuple[PersonRef, ...], Field(min_length=1)] = Field(description="Who takes turns, in this order.")
    since: date = Field(description="The first day of the first person's week; turns change on that day of the week.")

    def on_duty(self, day: date) -> str:
        """Return whose week a day is in: an e-mail address or Slack id. `day` is local to the policy's zone."""
        return self.people[(day - self.since).days // 7 % len(self.people)]


class Fallback(Section):
    """Who is mentioned when nobody is on duty."""

    group: Group | None = Field(description="This user group; null for none.")
    people: tuple[PersonRef, ...] = Field(description="These people.")


class Managers(Section):
    """The managers: who they are, and who of them is on duty."""

    group: Group | None = Field(description="The user group of the managers; null for none.")
    users: tuple[PersonRef, ...] = Field(description="Managers besides the group.")
    on_duty_schedule: Text | None = Field(description="The on-call schedule (id or name) that says who is on duty.")
    rota: Rota | None = Field(description="Weekly turns, used when the schedule is not set or cannot be asked.")
    fallback: Fallback = Field(description="Who is mentioned when nobody is on duty.")


class RosterEntry(Section):
    """One person's names, where the e-mail address alone does not match them."""

    email: Email = Field(description="The person's e-mail address.")
    name: Text | None = Field(
        default=None, description="Their name, as customers write it; null for that of the address."
    )
    slack: SlackId | None = Field(default=None, description="Slack member id.")
    tracker: Text | None = Field(default=None, description="User name in the issue tracker.")
    manager: PersonRef | None = Field(
        default=None, description="Their manager, who is told of feedback on their tickets."
    )


class VendorNames(Section):
    """What the company's other systems are called where people read of them."""

    tickets: VendorName = Field(description="The ticket system.")
    tracker: VendorName = Field(description="The issue tracker.")
    pager: VendorName = Field(description="The paging service, and its on-call schedules.")
    documents: VendorName = Field(description="Where documents are written together.")
    accounts: VendorName = Field(description="Where customers' accounts are known.")


class Delivery(Section):
    """How messages and calls leave, and what happens when they cannot."""

    retry_first: PositiveRealDuration = Field(description="How long to wait before the second attempt.")
    retry_longest: PositiveRealDuration = Field(description="Each wait is longer than the last, up to this.")
    retry_urgent: PositiveRealDuration = Field(description="And up to this for escalations, such as a page.")
    give_up_after: PositiveRealDuration = Field(
        description="After this a person is told what to do by hand; the desk goes on trying where that can help."
    )
    channel_pace: RealDuration = Field(description="The least time between two messages to one channel.")
    modal_pace: RealDuration = Field(description="How long an open modal is left alone before it is updated.")
    channel_retry_every: PositiveRealDuration = Field(
        description="A channel that takes no card is tried again after this, while no other does; then less often."
    )
    lease: PositiveRealDuration = Field(
        description="After this, work that a process took on and did not finish is taken on by another."
    )
    keep_done: PositiveRealDuration = Field(
        description="What was sent, and timers that went off, are kept so long for the people who run the desk."
    )

    @field_validator("retry_longest", "give_up_after")
    @classmethod
    def _not_shorter(cls, span: Duration, info: ValidationInfo) -> Duration:
        shorter = {"retry_longest": "retry_first", "give_up_after": "retry_longest"}[info.field_name or ""]
        if shorter in info.data and span.length < info.data[shorter].length:
            raise ValueError(f"This is shorter than {shorter}, {info.data[shorter]}")
        return span


class Health(Section):
    """How late things may be before /readyz says that the desk does not do its work."""

    timer_overdue: PositiveRealDuration = Field(description="A timer that is overdue by more than this.")
    effect_unsent: PositiveRealDuration = Field(description="A message or call that has waited longer than this.")
    outbox_stuck: PositiveRealDuration = Field(
        description="Something may leave, and for longer than this no desk has taken it on."
    )
    webhook_unhandled: PositiveRealDuration = Field(description="A webhook that has waited longer than this.")
    vendor_failing: PositiveRealDuration = Field(
        description="A vendor whose calls have all failed for longer than this, the last of them within this time."
    )
    slack_silent: PositiveRealDuration | None = Field(
        description="Nothing came from Slack for longer than this; null where nights and weekends are quiet."
    )


class Policy(Section):
    """Everything a company sets."""

    company: Company = Field(description="Who we are.")
    time_zone: TimeZone = Field(description="The IANA zone in which deadlines and working hours are counted.")
    working_time: WorkingTime = Field(description="When the company works.")
    holidays: HolidayPolicy = Field(description="Which days stand still besides the weekend.")
    vendors: VendorNames = Field(description="What the other systems are called where people read of them.")
    tickets: TicketPolicy = Field(description="The ticket system's accounts, and their addresses.")
    polling: PollingPolicy = Field(description="How often the other systems are asked for what they do not tell.")
    managers: Managers = Field(description="The managers: who they are, and who of them is on duty.")
    admins: tuple[PersonRef, ...] = Field(description="Who is told, once, when something is set up wrongly.")
    roster: tuple[RosterEntry, ...] = Field(
        description="People whose names in Slack and the issue tracker are not matched by e-mail address."
    )
    delivery: Delivery = Field(description="How messages and calls leave, and what happens when they cannot.")
    privacy: PrivacyPolicy = Field(description="How long what is known of people is kept.")
    health: Health = Field(description="How late things may be before /readyz says so.")
    feedback: FeedbackPolicy = Field(description="Product feedback: `/feedback`.")
    contact: ContactPolicy = Field(description="Manager-contact requests: `/manager-contact`.")
    incident: IncidentPolicy = Field(description="Incidents: `/incident`.")
    review: ReviewPolicy = Field(description="Satisfaction reviews: `/feedback reviews`.")
    csm: CsmPolicy = Field(description="Help for customer success managers: `/csm`.")
    request: RequestPolicy = Field(description="Requests to Support Operations: `/supportops`.")

    @field_validator("roster")
    @classmethod
    def _each_once(cls, roster: tuple[RosterEntry, ...]) -> tuple[RosterEntry, ...]:
        emails = [entry.email.lower() for entry in roster]
        twice = sorted({email for email in emails if emails.count(email) > 1})
        if twice:
            raise ValueError(f"These stand here twice: {', '.join(twice)}")
        return roster

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which deadlines are counted."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def calendars(self) -> Calendars:
        """The working days (24 hours each) and the working hours, both without the holidays that are set."""
        days, off = self.working_time.days, self.holidays.holidays
        hours = Hours(self.working_time.start, self.working_time.end)
        return Calendars(
            days=Calendar.of_days(self.zone, days, holidays=off),
            hours=Calendar.of_days(self.zone, days, hours, off),
        )
