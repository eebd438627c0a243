"""A manager-contact request in brief, without the customer's words."""

from collections.abc import Iterable
from datetime import UTC, datetime

from workflows.contact.model import KIND, ContactCase, ContactState
from workflows.contract.events import CaseSummary
from workflows.policy.model import Policy

COLUMNS = (
    "request", "state", "asked_at", "ticket", "sources", "owner", "claimed_by", "claimed_at", "due_at", "contacted_by",
    "contacted_at", "how", "in_time", "hours_to_contact", "issue",
)  # fmt: skip
"""What a table of requests tells: times in UTC, people by their Slack ids; nothing that a customer said."""


def summarize(case: ContactCase, _policy: Policy, now: datetime) -> CaseSummary:
    """A request in brief. `in_time` is None while that is open, or where nobody had to be contacted."""
    return CaseSummary(
        id=case.id,
        kind=KIND,
        state=case.state,
        is_open=not case.is_over,
        opened_at=case.opened_at,
        owner=case.owner,
        ticket=case.ticket,
        waits_for="" if case.is_over else "contact with the customer" if case.is_waiting else "an answer in its thread",
        details={"in_time": _in_time(case, now), "row": _row(case, now)},
    )


def rows(found: Iterable[CaseSummary], since: datetime) -> list[list[str]]:
    """A table of those that came since then: what was found to be no request is left out."""
    none = {ContactState.QUESTION, ContactState.DISMISSED}
    return [list(one.details["row"]) for one in found if one.opened_at >= since and one.state not in none]


def _row(case: ContactCase, now: datetime) -> tuple[str, ...]:
    contacted, claimed = case.contacted, case.claimed
    in_time = _in_time(case, now)
    return (
        case.id,
        case.state,
        _time(case.asked_at),
        str(case.ticket or ""),
        " ".join(dict.fromkeys(origin.source.value for origin in case.origins)),
        case.owner or "",
        claimed.by if claimed else "",
        _time(claimed.at if claimed else None),
        _time(case.due_at),
        contacted.by if contacted else "",
        _time(contacted.at if contacted else None),
        contacted.how.value if contacted else "",
        "" if in_time is None else "yes" if in_time else "no",
        f"{(contacted.at - case.asked_at).total_seconds() / 3600:.1f}" if contacted and case.asked_at else "",
        case.issue.url if case.issue else "",
    )


def _time(instant: datetime | None) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M}" if instant else ""


def _in_time(case: ContactCase, now: datetime) -> bool | None:
    if case.due_at is None or case.state == ContactState.CANCELLED:
        return None
    if case.contacted is not None:
        return case.contacted.at <= case.due_at
    return False if now > case.due_at else None
