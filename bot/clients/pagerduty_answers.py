"""What PagerDuty answers, as far as the desk reads it."""

from datetime import UTC, datetime

from pydantic import AwareDatetime, TypeAdapter

from bot.clients.http import VendorModel

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that is not told: no page fails over it."""


class User(VendorModel):
    """Somebody; a reference (`user_reference`) has a `summary` only."""

    id: str
    name: str | None = None
    summary: str | None = None
    email: str | None = None


class OnCall(VendorModel):
    """Somebody's turn at one escalation level; without an end it is for good."""

    user: User
    escalation_level: int | None = None
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None

    def covers(self, at: datetime | None) -> bool:
        """Whether it is theirs at this time; at the end of a turn the next one has begun."""
        begun, ended = self.start, self.end
        return at is None or ((begun is None or begun <= at) and (ended is None or at < ended))


class Named(VendorModel):
    """A schedule or a service."""

    id: str
    name: str = ""


class Reference(VendorModel):
    """Somebody or something, by name."""

    summary: str | None = None


class Assignment(VendorModel):
    """Who has an incident, and since when."""

    at: AwareDatetime
    assignee: Reference


class Incident(VendorModel):
    """An incident, as PagerDuty has it."""

    id: str
    incident_key: str | None = None
    html_url: str | None = None
    status: str
    created_at: AwareDatetime = LONG_AGO
    last_status_change_at: AwareDatetime | None = None
    last_status_change_by: Reference | None = None
    assignments: tuple[Assignment, ...] = ()


class ListPage(VendorModel):
    """A page of a list."""

    more: bool | None = False


class OnCalls(ListPage):
    """The turns of a schedule that was asked for."""

    oncalls: list[OnCall]


class Users(ListPage):
    """The people a search found."""

    users: list[User]


class Schedules(ListPage):
    """The schedules a search found."""

    schedules: list[Named]


class ServiceAnswer(VendorModel):
    """One service, as it is wrapped in an answer."""

    service: Named


class Services(ListPage):
    """The services a search found."""

    services: list[Named]


class Incidents(ListPage):
    """A page of incidents."""

    incidents: list[Incident]


class UserAnswer(VendorModel):
    """One person, as they are wrapped in an answer."""

    user: User


class IncidentAnswer(VendorModel):
    """One incident, as it is wrapped in an answer."""

    incident: Incident


ONCALLS = TypeAdapter(OnCalls)
USERS = TypeAdapter(Users)
SCHEDULES = TypeAdapter(Schedules)
SERVICES = TypeAdapter(Services)
SERVICE = TypeAdapter(ServiceAnswer)
INCIDENTS = TypeAdapter(Incidents)
USER = TypeAdapter(UserAnswer)
INCIDENT = TypeAdapter(IncidentAnswer)
