"""The cases that belong to no single review: each manager's digest and scorecard, the rotation, the week.

Reviews let them know with `NotifyCase`; they ask for reviews in brief with `SummarizeCases`.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workflows.contract.case_effects import NotifyCase, SummarizeCases
from workflows.contract.events import CaseSummary
from workflows.contract.slack_port import Person
from workflows.lib.tickets import TicketRef
from workflows.policy.model import Policy
from workflows.review import model, texts
from workflows.review.model import ReviewCase

MANAGER: Final = "review_manager"
ROTATION: Final = "review_rotation"
WEEK: Final = "review_week"

OWNED: Final = "owned"
"""To a manager: a review is theirs. Details: `zone`, and its `times`."""
TURN_ENDS: Final = "turn_ends"
"""To a manager: their turn ends, or has ended. Details: `since`, `ends_at` (ISO, or None), `over`, `next`: a person."""
STANDS_IN: Final = "stands_in"
"""To whoever looks after the reviews nobody owns: there are some. Details: `zone`."""
HAND_OVER: Final = "hand_over"
"""To a review: it is another manager's now. Details: `by`, `of` (whose it was), and the person."""
GONE: Final = "gone"
"""To a review: its owner has left Slack. Details: `of` (their Slack id), and `why`."""
GIVEN: Final = "given"
"""To a review nobody owned: somebody is on duty now. Details: the person, and `source`, who named them."""
SEEN: Final = "seen"
"""To the rotation and the week: there are reviews."""
UNOWNED: Final = "unowned"
"""To the rotation: there is a review that nobody owns."""
KUDOS: Final = "kudos"
"""To the week: a kudos. Details: those of a kudos."""


def tell_manager(case: ReviewCase, policy: Policy) -> tuple[NotifyCase, ...]:
    """Let its manager's digest know of a review, and the rotation and the week that there are reviews."""
    unowned = case.owner is None and case.is_waiting
    seen = (_standing(ROTATION, UNOWNED if unowned else SEEN), _standing(WEEK, SEEN))
    if case.owner is None or not case.is_waiting:
        return seen
    return (manager(case.owner, OWNED, zone=case.owner_zone or policy.time_zone, **times(case, policy)), *seen)


def _standing(kind: str, purpose: str) -> NotifyCase:
    return NotifyCase(kind=kind, key=kind, purpose=purpose)


def times(case: ReviewCase, policy: Policy) -> dict[str, str | None]:
    """By what its days in a digest are counted: see `manager.digest_days`."""
    return {
        "rated_at": (case.rated_at or case.opened_at).isoformat(),
        "theirs_since": (case.owned_at or case.opened_at).isoformat(),
        "closes_at": _iso(closes_at(case, policy)),
    }


def person(who: Person) -> dict[str, str | None]:
    """A person, as a case is told of them: their `id`, `zone` and `email`."""
    return {"id": who.id, "zone": who.time_zone, "email": who.email}


def manager(owner: str, purpose: str, **details: object) -> NotifyCase:
    """Let a manager's case know (by Slack id)."""
    return NotifyCase(kind=MANAGER, key=f"{MANAGER}:{owner}", purpose=purpose, details=details)


def to_review(ticket: TicketRef, purpose: str, **details: object) -> NotifyCase:
    """Let the review of a ticket know."""
    return NotifyCase(kind=model.KIND, key=model.review_key(ticket), purpose=purpose, details=details)


def reviews(purpose: str, since: datetime, owner: str | None = None, *, unowned: bool = False) -> SummarizeCases:
    """Ask for the reviews that are open or were closed since then."""
    return SummarizeCases(purpose=purpose, kinds=(model.KIND,), owner=owner, unowned=unowned, since=since)


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
        "age": texts.age(case, policy, now),
        **times(case, policy),
        "responded_at": _iso(responded),
        "closed_at": _iso(case.closing.at if case.closing else None),
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
