"""Events every process knows: a timer went off, an effect was executed or was not.

What people do are events of their process (`workflows/feedback/model.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from workflows.contract.account_port import (
    AccountList,
    OpenedTickets,
    OrganizationList,
    SchedulingLink,
    TicketOrigin,
    TrackerProject,
)
from workflows.contract.effects import Effect
from workflows.contract.issue_port import Issue, IssueNews, Template, TrackerUser
from workflows.contract.merge_request_port import MergeRequest
from workflows.contract.paging_ports import Page
from workflows.contract.slack_port import Person, Posted, UserGroup
from workflows.contract.ticket_ports import Participants, Ticket
from workflows.lib.tickets import TicketRef


@dataclass(frozen=True)
class TimerDue:
    """A timer of the case went off. `late` is how much later than it should have (zero when in time)."""

    name: str
    due_at: datetime
    late: timedelta = timedelta(0)


class DutySource(StrEnum):
    """Where the answer to "who is on duty" came from."""

    SCHEDULE = "schedule"
    ROTA = "rota"
    FALLBACK = "fallback"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Duty:
    """Who is on duty; `trouble` says in a sentence why it is not the schedule's answer.

    When it is nobody, or a stand-in, `group` is the fallback group, as far as Slack knows it.
    """

    people: tuple[Person, ...]
    source: DutySource
    trouble: str | None = None
    group: UserGroup | None = None
    until: datetime | None = None
    """When the turn of the first of them ends, where that is known."""


@dataclass(frozen=True)
class Responders:
    """Who responds to incidents. `group` is None where none is set or it cannot be read, which `trouble` then says."""

    group: UserGroup | None
    on_call: tuple[Person, ...]
    lead: tuple[Person, ...]
    trouble: str | None = None
    named: Mapping[str, tuple[Person, ...] | UserGroup] = field(default_factory=dict)
    """Whom the steps of the escalation name besides, by `Target.key`; without those who cannot be found."""


@dataclass(frozen=True)
class CaseSummary:
    """A case in brief, as its process summarizes it. `details` are plain values the asker knows by name."""

    id: str
    kind: str
    state: str
    is_open: bool
    opened_at: datetime
    owner: str | None = None
    ticket: TicketRef | None = None
    waits_for: str = ""
    """What it waits for, for a person; empty when it is over."""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseSummaries:
    """The cases that were asked for, the oldest first."""

    cases: tuple[CaseSummary, ...]


@dataclass(frozen=True)
class StandingCaseOpened:
    """A case that is always there was opened, because there was none: see `Process.standing`."""

    key: str


@dataclass(frozen=True)
class CaseNotified:
    """Another case lets this one know something; `key` is the open key it was addressed to."""

    key: str
    source: str
    """The number of the case that says it."""
    purpose: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class NewsTaken:
    """A vendor was asked for news, and they are saved; `told` is how much it told, known or new."""

    told: int


@dataclass(frozen=True)
class EffectSucceeded:
    """An effect was executed; `result` is what came of it."""

    effect: Effect
    result: (
        Posted
        | Ticket
        | Issue
        | tuple[Issue, ...]
        | Duty
        | Responders
        | Page
        | Participants
        | NewsTaken
        | CaseSummaries
        | AccountList
        | OrganizationList
        | TicketOrigin
        | OpenedTickets
        | TrackerProject
        | SchedulingLink
        | IssueNews
        | Template
        | TrackerUser
        | MergeRequest
        | None
    ) = None


class Failure(StrEnum):
    """Why an effect was given up."""

    NOT_FOUND = "not_found"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    MISCONFIGURED = "misconfigured"
    NOT_CONNECTED = "not_connected"
    GAVE_UP = "gave_up"


@dataclass(frozen=True)
class EffectFailed:
    """An effect was given up: a person has to act. `sentence` says why, `code` is the vendor's word for it."""

    effect: Effect
    failure: Failure
    sentence: str
    code: str = ""


@dataclass(frozen=True)
class EffectDropped:
    """Nobody wanted an effect any more when its turn came, or when it was done: see `Process.wanted`.

    `stands` is where a message stands all the same.
    """

    effect: Effect
    stands: Posted | None = None


@dataclass(frozen=True)
class EffectDelayed:
    """The first try of an effect failed; it will be tried again until `until`.

    With `settings` the reason is the desk's own set-up, which an admin has to mend before then.
    """

    effect: Effect
    sentence: str
    until: datetime
    settings: bool = False
