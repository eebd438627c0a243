"""Facts made of how a page stands, as the paging service tells them by its webhook."""

from datetime import datetime

from workflows.contract.facts import PageChange, PageChanged, PageStatus
from workflows.contract.paging_ports import PageNow


def facts_of(page: PageNow, now: datetime) -> tuple[PageChanged, ...]:
    """Who has it where that was changed, and how the status last changed. `now` is when it was asked."""
    status = PageStatus(page.status)
    changed = PageChanged(
        at=page.changed_at,
        by=page.changed_by,
        page=page.id,
        key=page.key,
        url=page.url,
        change=_change(page, status),
        status=status,
        assignees=page.assignees,
        seen_at=now,
    )
    is_handed_on = page.assigned_at is not None and page.assigned_at > page.created_at
    if page.assigned_at is None or not is_handed_on:
        return (changed,)
    return (changed.model_copy(update={"change": PageChange.REASSIGNED, "at": page.assigned_at, "by": ""}), changed)


def _change(page: PageNow, status: PageStatus) -> PageChange:
    match status:
        case PageStatus.ACKNOWLEDGED:
            return PageChange.ACKNOWLEDGED
        case PageStatus.RESOLVED:
            return PageChange.RESOLVED
        case PageStatus.TRIGGERED:
            return PageChange.UNACKNOWLEDGED if page.changed_at > page.created_at else PageChange.TRIGGERED
