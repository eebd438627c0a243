"""The tables. Times are aware and stored in UTC; SQLModel refuses naive ones."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

Json = dict[str, Any]

_PENDING = text("finished_at IS NULL")
_WHILE_PENDING: Json = {"sqlite_where": _PENDING, "postgresql_where": _PENDING}
"""Of an index that holds only what has to leave yet, however much has left."""


class TimerState(StrEnum):
    """What became of a timer."""

    WAITING = "waiting"
    FIRED = "fired"
    CANCELLED = "cancelled"


class EffectState(StrEnum):
    """Where an effect stands. A `sending` one whose lane is free again was cut off: it may have gone out."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"
    """Not wanted any more when its turn came."""


class CaseRow(SQLModel, table=True):
    """A case; `data` holds the whole of it, the other columns are what is searched for."""

    __tablename__ = "case_"

    id: str = Field(primary_key=True, description="the number people say, such as FB-12")
    kind: str = Field(index=True)
    state: str
    owner: str | None = Field(default=None, index=True)
    ticket: str | None = Field(default=None, index=True, description="account and number, such as main/123456")
    open_key: str | None = Field(default=None, unique=True, description="what may be open only once at a time")
    version: int = 1
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = Field(default=None, description="when it was over; None while it is open")
    queue_rank: int | None = Field(default=None, description="its place in its owner's queue; None: it is in none")
    queue_since: datetime | None = Field(default=None, description="of one rank, the oldest comes first")
    data: Json = Field(sa_type=JSON)

    __table_args__ = (
        Index("ix_case_kind_state", "kind", "state"),
        Index("ix_case_kind_closed", "kind", "closed_at"),
        Index("ix_case_queue", "kind", "owner", "queue_rank", "queue_since"),
    )


class TimelineRow(SQLModel, table=True):
    """One thing that happened to a case."""

    __tablename__ = "timeline"

    id: int | None = Field(default=None, primary_key=True)
    case_id: str = Field(foreign_key="case_.id", index=True)
    at: datetime
    actor: str = Field(description="a Slack user id, or the name of a system")
    what: str


class TimerRow(SQLModel, table=True):
    """Something that has to happen later. A case has a timer of a name once; setting it again moves it."""

    __tablename__ = "timer"

    case_id: str = Field(foreign_key="case_.id", primary_key=True)
    name: str = Field(primary_key=True)
    state: str = TimerState.WAITING
    due_at: datetime
    retry_at: datetime = Field(description="when to look at it next: due_at, or later after a rule failed")
    failures: int = 0

    __table_args__ = (Index("ix_timer_waiting", "state", "retry_at"),)


class EffectRow(SQLModel, table=True):
    """Something that has to leave: the outbox."""

    __tablename__ = "effect"

    id: int | None = Field(default=None, primary_key=True, description="in the order they were decided")
    mark: str = Field(unique=True, description="travels with what is sent, so that it can be looked for")
    case_id: str = Field(foreign_key="case_.id", index=True)
    lane: str = Field(foreign_key="lane.name")
    priority: int
    payload: Json = Field(sa_type=JSON)
    state: str = EffectState.WAITING
    collapse_key: str | None = Field(default=None, unique=True, description="waiting twice is sent once")
    once_key: str | None = Field(default=None, unique=True, description="said once, ever")
    attempts: int = 0
    created_at: datetime
    due_at: datetime
    finished_at: datetime | None = Field(default=None, description="when it was done, given up or dropped")
    error: str | None = None

    __table_args__ = (
        Index("ix_effect_urgent", "priority", "id", **_WHILE_PENDING),
        Index("ix_effect_lane", "lane", "priority", "id", **_WHILE_PENDING),
        Index("ix_effect_finished", "finished_at"),
    )


class LaneRow(SQLModel, table=True):
    """Effects of one lane leave one after another; `holder` executes one until `lease_until` (real time).

    Without a holder, `lease_until` tells when the lane was last taken: a lease before that.
    """

    __tablename__ = "lane"

    name: str = Field(primary_key=True)
    free_at: datetime | None = Field(default=None, description="not before: pacing, or what a 429 asked for")
    holder: str | None = None
    lease_until: datetime | None = None


class EventRow(SQLModel, table=True):
    """An event that was taken, by its key; `outcome` answers the same event when it comes again."""

    __tablename__ = "event"

    key: str = Field(primary_key=True)
    at: datetime = Field(index=True)
    outcome: Json = Field(sa_type=JSON)


class InboxState(StrEnum):
    """What became of something a vendor told."""

    WAITING = "waiting"
    DONE = "done"


class InboxRow(SQLModel, table=True):
    """Something a vendor told, saved before the vendor was answered."""

    __tablename__ = "inbox"

    id: int | None = Field(default=None, primary_key=True, description="in the order it came")
    key: str = Field(unique=True, description="the same however often it is delivered")
    state: str = InboxState.WAITING
    data: Json = Field(sa_type=JSON)
    received_at: datetime
    retry_at: datetime = Field(description="when to look at it next: at once, or later after a rule failed")
    failures: int = 0

    __table_args__ = (Index("ix_inbox_waiting", "state", "retry_at"),)


class FollowRow(SQLModel, table=True):
    """A thing outside whose changes a case wants to hear of: a ticket, an issue, a page."""

    __tablename__ = "follow"

    subject: str = Field(primary_key=True)
    case_id: str = Field(foreign_key="case_.id", primary_key=True, index=True)


class CounterRow(SQLModel, table=True):
    """The last number given to a case of a kind."""

    __tablename__ = "counter"

    name: str = Field(primary_key=True)
    value: int


class PersonRow(SQLModel, table=True):
    """What Slack last said of a person, so that not every click has to ask."""

    __tablename__ = "person"

    id: str = Field(primary_key=True)
    email: str | None = Field(default=None, index=True)
    data: Json = Field(sa_type=JSON)
    read_at: datetime
