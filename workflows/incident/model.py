"""An incident: what is known of it.

Source: the handbook's page "Working with Customer Support Operations", section "Incidents".
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from workflows.contract.facts import PageStatus, page_subject, thread_subject
from workflows.contract.process import Case
from workflows.contract.values import Frozen, IssueLink, Progress, Stamp, VendorTask, WebAddress

KIND = "incident"
PREFIX = "INC"


class IncidentState(StrEnum):
    """Where an incident stands."""

    QUESTION = "question"
    """A message that is plainly no report was written: no clock runs unless somebody says that it is one."""
    WAITING = "waiting"
    """The clock runs until somebody responds."""
    ANSWERED = "answered"
    """Somebody responded before anybody had to be paged."""
    HELD = "held"
    """Somebody said not to page."""
    PAGED = "paged"
    """Somebody is being paged, or was, and has not acknowledged it."""
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    """It is no incident."""


OPEN = (
    IncidentState.QUESTION,
    IncidentState.WAITING,
    IncidentState.ANSWERED,
    IncidentState.HELD,
    IncidentState.PAGED,
    IncidentState.ACKNOWLEDGED,
)


class NoReport(StrEnum):
    """Why a message is plainly no report."""

    SMALL_TALK = "small_talk"
    """A greeting, or thanks."""
    QUESTION = "question"
    """It asks how something is done."""
    RESPONDER = "responder"
    """Who wrote it responds to incidents."""
    INTEGRATION = "integration"
    """The policy says that this integration reports none."""


class Report(Frozen):
    """What the person who reports it was asked."""

    what: str = ""
    impact: str = ""
    errors: str = ""
    steps: str = ""


class Thread(Frozen):
    """A message by which a thread is known, or which begins one: the channel's id and the message's ts."""

    channel: str
    ts: str


class Line(Frozen):
    """A line of the timeline, kept with the case to be shown in its thread."""

    at: datetime
    actor: str
    what: str


class Group(Frozen):
    """The responders' user group as it was when last asked."""

    id: str
    members: tuple[str, ...]


class Named(Frozen):
    """Somebody whom a step of the escalation names: how they are mentioned, and who they are (Slack ids)."""

    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @classmethod
    def of(cls, people: tuple[str, ...]) -> "Named":
        """Name these people, by their Slack ids."""
        return cls(tags=tuple(f"<@{person}>" for person in people), people=people)


class KnownResponders(Frozen):
    """Who responds, as Slack ids. `group` is None where none is set, or it cannot be read: `trouble` says why.

    With `is_known` False nobody could be asked yet.
    """

    group: Group | None = None
    on_call: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    named: dict[str, Named] = Field(default_factory=dict)
    """Whom the steps of the escalation name besides, by `Target.key`."""
    trouble: str | None = None
    is_known: bool = True


class PageRecord(Frozen):
    """The page of an incident, from the moment it was decided. There is one under each key, ever."""

    key: str
    at: datetime
    why: str
    late: int = 0
    """How many minutes late it was decided, when the desk had been down."""
    attempt: int = 1
    out_at: datetime | None = None
    """When it went out, as far as is known."""
    progress: Progress = Progress.PENDING
    """NOT_WANTED: it was withdrawn before it went out."""
    trouble: str | None = None
    """Why it has not gone out, or did not at first."""
    by_hand: Stamp | None = None
    id: str | None = None
    url: WebAddress = ""
    status: PageStatus = PageStatus.TRIGGERED
    changed_at: datetime
    """When the status last changed; what happened before that changes nothing any more."""
    changed_by: str = ""
    """Who did that in the paging service, by their name there; empty when it was done here, or nobody is named."""
    assignees: tuple[str, ...] = ()
    """Who has it in the paging service, by their names there."""
    ping_rounds: int = 1
    """How often the pings began: once, and again when an acknowledgement was taken back."""
    pings: int = 0
    """How many steps were taken since."""
    ping_asked: bool = False
    """Whether a ping is due, and the paging service is being asked first how the page stands."""
    ping_late: int = 0
    """How many minutes late that ping is."""
    is_escalated: bool = False
    """Whether all steps of the escalation were taken."""
    sync_error: str | None = None
    """Why the paging service does not know of what was done here."""

    @property
    def is_out(self) -> bool:
        """Whether somebody was paged, as far as is known."""
        return self.progress is Progress.DONE or self.by_hand is not None


class IncidentCase(Case):
    """What is known of an incident. `owner` is who is on it."""

    reporter: str | None = None
    """Who wrote the message or filled in the form; None for an integration."""
    starter: str | None = None
    """Who started the clock."""
    report: Report = Report()
    verbatim: bool = False
    """Whether the report is the message's own words, which change when it is edited."""
    no_report: NoReport | None = None
    """Why no clock was started by the message."""
    picked: bool = False
    """Whether a person has said which system it is, or how critical it is; else the desk has read it."""
    named_since: tuple[str, ...] = ()
    """The systems that an edit of the message names, after a person had picked others: offered."""
    systems: tuple[str, ...] = ()
    other: str = ""
    """A system that is not in the sheet, by the name somebody gave it."""
    level: str = ""
    chosen_level: str | None = None
    """A level a person chose, whatever the sheet says."""
    source: WebAddress | None = None
    """A link to the message it was made from, where that is in another channel."""
    origin: Thread | None = None
    """The message it is about."""
    origin_gone: bool = False
    card_is_root: bool = True
    """Whether the thread hangs on the card, and not on the message it is about."""
    threads: tuple[Thread, ...] = ()
    """The threads in which an answer counts: where it is talked about now, and where it was before."""

    clock_from: datetime | None = None
    due_at: datetime | None = None
    round: int = 0
    """How often the clock was set; pings of an earlier round are over."""
    openings: int = 1
    """How often it was opened: once, and again with each reopening."""
    outside: bool = False
    """Whether it is outside support hours, when it was last looked at."""
    response: Stamp | None = None
    """The first response. It may come after the page was decided."""
    unchecked: tuple[Stamp, ...] = ()
    """Answers of people of whom nobody knows yet whether they are responders."""
    responders: KnownResponders | None = None
    page: PageRecord | None = None
    contact: str | None = None
    """Who works with the on-call person: the reporter, or who stands in for them."""
    contact_here: Stamp | None = None
    closed: Stamp | None = None
    """Who held it, resolved it or said that it is none, and when."""
    summary: str = ""
    held_ping_at: datetime | None = None
    """When the responders are still pinged, though somebody who is none of them said not to page."""
    held_step: int | None = None
    """Which step of the escalation that is."""
    still_asked: int = 0
    """How often it was asked whether somebody is still on it."""
    still_by: str | None = None
    """Who last said that they are."""
    calls: tuple[str, ...] = ()
    """Who had the responders pinged, though they are none themselves."""
    deferred_ping: str | None = None
    """The ping that waits until it is known whom to ping, by its slot."""
    reminders_late: dict[str, int] = Field(default_factory=dict)
    by_dm: bool = False
    """Whether the card had to be sent to the starter, because the channel cannot be written to."""
    channel_trouble: str | None = None
    moves: int = 0
    unsaid: tuple[dict[str, Any], ...] = ()
    """What could not be said because the thread was gone; it is said in the next one."""
    issue: IssueLink | None = None
    issue_wanted: bool = False
    """Whether it has, or is to have, its issue in the tracker."""
    issue_job: VendorTask = VendorTask()
    issue_comments: tuple[str, ...] = ()
    """What its issue has not been told yet."""
    issue_closed: bool = False
    log: tuple[Line, ...] = ()

    @property
    def open_key(self) -> str | None:
        """One open incident for a message."""
        return origin_key(self.origin) if self.origin is not None and self.state in OPEN else None

    @property
    def is_over(self) -> bool:
        """Whether nothing has to be done any more."""
        return self.state not in OPEN

    @property
    def follows(self) -> tuple[str, ...]:
        """Its page, whatever happens to it there; and while it is open, its card and what is said in its threads."""
        page = (page_subject(self.page.key),) if self.page is not None else ()
        if self.state not in OPEN:
            return page
        card = self.messages.get("card")
        threads = [thread_subject(one.channel, one.ts) for one in self.threads]
        return (*page, *threads, *([thread_subject(card.channel, card.ts)] if card else []))

    @property
    def dm_to(self) -> str | None:
        """Who has the card by DM when the channel cannot be written to."""
        return self.starter or self.reporter

    @property
    def is_read(self) -> bool:
        """Whether its clock was started by what the desk read, and no person has said anything about it yet."""
        return bool(self.level) and not self.picked

    @property
    def people(self) -> frozenset[str]:
        """Those whose own messages are no response: who reported it, and who started its clock."""
        return frozenset(person for person in (self.reporter, self.starter) if person)


def origin_key(origin: Thread) -> str:
    """What may be open only once at a time."""
    return f"{KIND}:{origin.channel}:{origin.ts}"


def blank(case_id: str, now: datetime) -> IncidentCase:
    """A case before its first event."""
    return IncidentCase(id=case_id, state=IncidentState.QUESTION, opened_at=now)
