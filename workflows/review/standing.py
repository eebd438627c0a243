"""The cases that belong to no single review: each manager's digest and scorecard, the rotation, the week.

Reviews let them know with `NotifyCase`; they ask for reviews in brief with `SummarizeCases`.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workflows.contract.case_effects import NotifyCase, SummarizeCases
from workflows.contract.events import CaseSummary
from workflows.policy.model import Policy
from workflows.review import model, texts
from workflows.review.model import ReviewCase

MANAGER: Final = "review_manager"
ROTATION: Final = "review_rotation"
WEEK: Final = "review_week"

OWNED: Final = "owned"
"""To a manager: a review is theirs. Details: `zone`, `rated_at`, `closes_at` (ISO, or None)."""
TURN_ENDS: Final = "turn_ends"
"""To a manager: their turn ends, or has ended. Details: `since`, `ends_at` (ISO, or None), `over`, `next`: a person."""
HAND_OVER: Final = "hand_over"
"""To a review: it is another manager's now. Details: `by`, and the person: `id`, `zone`, `email`."""
SEEN: Final = "seen"
"""To the rotation and the week: there are reviews."""
KUDOS: Final = "kudos"
"""To the week: a kudos. Details: those of a kudos."""


def tell_manager(case: ReviewCase, policy: Policy) -> tuple[NotifyCase, ...]:
    """Let its manager's digest know of a review, and the rotation and the week that there are reviews."""
    seen = tuple(NotifyCase(kind=kind, key=kind, purpose=SEEN) for kind in (ROTATION, WEEK))
    if case.owner is None or not case.is_waiting:
        return seen
    details = {
        "zone": case.owner_zone or policy.time_zone,
        "rated_at": (case.rated_at or case.opened_at).isoformat(),
        "closes_at": _iso(closes_at(case, policy)),
    }
    return (manager(case.owner, OWNED, **details), *seen)


def manager(owner: str, purpose: str, **details: object) -> NotifyCase:
    """Let a manager's case know (by Slack id)."""
    return NotifyCase(kind=MANAGER, key=f"{MANAGER}:{owner}", purpose=purpose, details=details)


def reviews(purpose: str, since: datetime, owner: str | None = None) -> SummarizeCases:
    """Ask for the reviews that are open or were closed since then."""
    return SummarizeCases(purpose=purpose, kinds=(model.KIND,), owner=owner, since=since)


def closes_at(case: ReviewCase, policy: Policy) -> datetime | None:
    """When it closes by itself, if it does."""
    span = policy.review.close_good_after
    if span is None or case.tone.value != "good" or not case.is_waiting or case.active_at is None:
        return None
    return case.active_at + span.length


def summarize(case: ReviewCase, policy: Policy, now: datetime) -> CaseSummary:
    """A review in brief, without the customer's words."""
    responded = case.responded_at
    details = {
        "tone": case.tone.value,
        "label": case.label,
        "ticket": str(case.ticket or ""),
        "url": (policy.tickets.agent_url(case.ticket) if case.ticket else None) or "",
        "age": texts.age(case, now),
        "rated_at": (case.rated_at or case.opened_at).isoformat(),
        "responded_at": _iso(responded),
        "closed_at": _iso(case.closing.at if case.closing else None),
        "closes_at": _iso(closes_at(case, policy)),
        "contact_begun": case.contact is not None,
        "recorded_only": case.no_survey is not None,
    }
    return CaseSummary(
        id=case.id,
        kind=model.KIND,
        state=case.state,
        is_open=case.is_waiting,
        opened_at=case.opened_at,
        owner=case.owner,
        ticket=case.ticket,
        waits_for=texts.waits_for(case, policy) if case.is_waiting else "",
        details=details,
    )


def at_local(day: date, clock: time, zone: str) -> datetime:
    """This time of this day in a zone (IANA), in UTC."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def local_day(instant: datetime, zone: str) -> date:
    """The day this is in a zone."""
    return instant.astimezone(ZoneInfo(zone)).date()


def days_before(instant: datetime, days: int, clock: time, zone: str) -> list[datetime]:
    """This time of day on each of the last days before an instant."""
    last = local_day(instant, zone)
    times = (at_local(last - timedelta(days=ago), clock, zone) for ago in range(days, -1, -1))
    return [at for at in times if instant - timedelta(days=days) <= at < instant]


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
