"""An incident in brief, for whoever asks for summaries: a queue, or a table of a period."""

from collections.abc import Iterable
from datetime import UTC, datetime

from workflows.contract.events import CaseSummary
from workflows.incident import texts
from workflows.incident.model import KIND, IncidentCase, IncidentState
from workflows.policy.model import Policy

COLUMNS = (
    "incident", "state", "reported_at", "systems", "criticality", "what", "reporter", "owner", "due_at", "responded_at",
    "minutes_to_response", "paged_at", "closed_at", "minutes_open", "summary", "issue",
)  # fmt: skip
"""What a table of incidents tells: times in UTC, people by their Slack ids."""


def summarize(case: IncidentCase, policy: Policy, now: datetime) -> CaseSummary:
    """A case in brief; `details` are the columns of its row. A message that is no report is none."""
    closed_at = case.closed.at if case.closed and case.is_over else None
    responded = case.response.at if case.response else None
    values = (
        case.id,
        case.state,
        _time(case.opened_at),
        texts.systems_named(case, policy) if case.level else "",
        texts.level_named(case, policy) if case.level else "",
        texts.headline(case),
        case.reporter or "",
        case.owner or "",
        _time(case.due_at),
        _time(responded),
        _minutes(case.opened_at, responded),
        _time(_paged_at(case)),
        _time(closed_at),
        _minutes(case.opened_at, closed_at or now),
        case.summary,
        case.issue.url if case.issue else "",
    )
    return CaseSummary(
        id=case.id,
        kind=KIND,
        state=case.state,
        is_open=not case.is_over,
        opened_at=case.opened_at,
        owner=case.owner,
        details=dict(zip(COLUMNS, values, strict=True)),
    )


def rows(found: Iterable[CaseSummary], since: datetime) -> list[list[str]]:
    """A table of those that were reported since then: messages that were no report are left out."""
    listed = (one for one in found if one.opened_at >= since and one.state != IncidentState.QUESTION)
    return [[str(one.details[name]) for name in COLUMNS] for one in listed]


def _paged_at(case: IncidentCase) -> datetime | None:
    if case.page is None:
        return None
    return case.page.out_at or (case.page.by_hand.at if case.page.by_hand else None)


def _time(instant: datetime | None) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M}" if instant else ""


def _minutes(first: datetime, last: datetime | None) -> str:
    return str(max(round((last - first).total_seconds() / 60), 0)) if last else ""
