"""Who is on duty, and who is paged, as protocols: see `workflows.contract`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class OnDuty:
    """Somebody a schedule names as on duty; `until` is when their turn ends, where that is known."""

    name: str
    email: str | None = None
    until: datetime | None = None


class OnCall(Protocol):
    """Who is on duty."""

    def on_duty(self, schedule: str, at: datetime | None = None) -> list[OnDuty]:
        """The people on duty now, or at an aware time, each once, in escalation order; empty when nobody is."""
        ...


@dataclass(frozen=True)
class Page:
    """An incident of the paging service. `status` is triggered, acknowledged or resolved."""

    id: str
    key: str
    url: str
    status: str


@dataclass(frozen=True)
class PageNow(Page):
    """An incident as the paging service has it now. `changed_at` is when the status last changed, by whom if told."""

    created_at: datetime
    changed_at: datetime
    changed_by: str = ""
    assignees: tuple[str, ...] = ()
    assigned_at: datetime | None = None


@dataclass(frozen=True)
class PageText:
    """What somebody who is paged reads, in plain text."""

    title: str
    details: str


class Pager(Protocol):
    """The paging service."""

    def page(self, title: str, details: str, *, service: str, key: str) -> Page:
        """Open a high-urgency incident under `key`; the one that is open under this key already is returned."""
        ...

    def find(self, key: str) -> Page | None:
        """The open incident under this key, or None."""
        ...

    def open_pages(self, service: str) -> list[PageNow]:
        """All incidents of a service (id or name) that are not resolved, in one call (for each hundred of them)."""
        ...

    def last_under(self, key: str) -> PageNow | None:
        """The newest incident under this key, resolved or not, or None."""
        ...

    def acknowledge(self, page_id: str) -> Page:
        """Acknowledge an incident."""
        ...

    def resolve(self, page_id: str) -> Page:
        """Resolve an incident."""
        ...
