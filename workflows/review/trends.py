"""What customers have said over a while, in numbers: no customer's name, no engineer's name.

Source: the page's "This is important to help Support understand and respond to Support Satisfaction trends."
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflows.contract.events import CaseSummary
from workflows.policy.model import Policy

_DAYS = re.compile(r"([1-9][0-9]{0,2})d")
_QUARTER = re.compile(r"(20[0-9]{2})-?q([1-4])", re.IGNORECASE)
USAGE = "Write `7d`, `30d`, `90d`, or a quarter such as `2026-Q3`."
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """A while, from `since` up to `until`, both aware; `name` is how it was asked for."""

    name: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class WeekCount:
    """The ratings of a week, and the labels of its bad ones. `starts` is its first day."""

    starts: date
    good: int
    neutral: int
    bad: int
    labels: dict[str, int]


@dataclass(frozen=True)
class Trends:
    """The numbers of a period. `grew_most` is the label that grew most against the period before, and by how much."""

    period: Period
    good: int
    neutral: int
    bad: int
    responded: int
    """Of those whose time is over or that were responded to: how many in time."""
    responded_of: int
    contacts: int
    """Contacts with customers within the time for it, of those that are over or late."""
    contacts_of: int
    labels: tuple[tuple[str, int], ...]
    weeks: tuple[WeekCount, ...]
    grew_most: tuple[str, int] | None


def period_of(text: str, policy: Policy, now: datetime) -> Period | None:
    """Read `30d` or `2026-Q3` (in the policy's time zone); None when it is neither. Empty is thirty days."""
    word = text.strip() or "30d"
    if days := _DAYS.fullmatch(word):
        return Period(word, now - timedelta(days=int(days[1])), now)
    if quarter := _QUARTER.fullmatch(word):
        year, number = int(quarter[1]), int(quarter[2])
        first = _midnight(date(year, 3 * number - 2, 1), policy.zone)
        after = _midnight(date(year + number // 4, 3 * number % 12 + 1, 1), policy.zone)
        return Period(f"{year}-Q{number}", first, after)
    return None


def worked_out(
    reviews: Sequence[CaseSummary], contacts: Sequence[CaseSummary], period: Period, policy: Policy, now: datetime
) -> Trends:
    """The numbers of a period from the reviews and contact requests, each in brief."""
    known = [one for one in reviews if not one.details["recorded_only"]]
    inside = [one for one in known if period.since <= _at(one) < period.until]
    tones = Counter(one.details["tone"] for one in inside)
    within = policy.review.respond_within.length
    judged = [one for one in inside if _at(one) + within <= now or one.details["responded_at"]]
    asked = [
        one for one in contacts if period.since <= one.opened_at < period.until and one.details["in_time"] is not None
    ]
    labels = _labels(inside)
    return Trends(
        period=period,
        good=tones["good"],
        neutral=tones["neutral"],
        bad=tones["bad"],
        responded=sum(_in_time(one, within) for one in judged),
        responded_of=len(judged),
        contacts=sum(bool(one.details["in_time"]) for one in asked),
        contacts_of=len(asked),
        labels=tuple(sorted(labels.items(), key=lambda item: (-item[1], item[0]))),
        weeks=tuple(_weeks(inside, period, policy)),
        grew_most=_grew_most(known, labels, period),
    )


def as_csv(trends: Trends) -> str:
    """A row for each week: the ratings by tone, and the labels."""
    names = [name for name, _ in trends.labels]
    rows = [",".join(["week", "good", "neutral", "bad", *map(_cell, names)])]
    for week in trends.weeks:
        counts = [week.good, week.neutral, week.bad, *(week.labels.get(name, 0) for name in names)]
        rows.append(",".join([week.starts.isoformat(), *map(str, counts)]))
    return "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    """A cell that a spreadsheet takes for text, whatever a label is called."""
    plain = f"'{text}" if text[:1] in "=+-@" else text
    return '"' + plain.replace('"', '""') + '"'


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _at(one: CaseSummary) -> datetime:
    return datetime.fromisoformat(one.details["rated_at"])


def _in_time(one: CaseSummary, within: timedelta) -> bool:
    responded = one.details["responded_at"]
    return responded is not None and datetime.fromisoformat(responded) <= _at(one) + within


def _labels(found: Sequence[CaseSummary]) -> Counter[str]:
    return Counter(one.details["label"] for one in found if one.details["label"] and one.details["tone"] == "bad")


def _grew_most(known: Sequence[CaseSummary], labels: Counter[str], period: Period) -> tuple[str, int] | None:
    earlier = period.since - (period.until - period.since)
    before = _labels([one for one in known if earlier <= _at(one) < period.since])
    growth = {label: count - before[label] for label, count in labels.items()}
    best = max(growth, key=lambda label: (growth[label], label), default=None)
    return (best, growth[best]) if best is not None and growth[best] > 0 else None


def _weeks(inside: Sequence[CaseSummary], period: Period, policy: Policy) -> list[WeekCount]:
    """Every week of the period that has begun, from Monday on, also one without ratings."""
    days = [(_at(one).astimezone(policy.zone).date(), one) for one in inside]
    first = period.since.astimezone(policy.zone).date()
    last = (period.until - timedelta(microseconds=1)).astimezone(policy.zone).date()
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while monday <= last:
        of_week = [one for day, one in days if monday <= day < monday + WEEK]
        tones = Counter(one.details["tone"] for one in of_week)
        weeks.append(WeekCount(monday, tones["good"], tones["neutral"], tones["bad"], dict(_labels(of_week))))
        monday += WEEK
    return weeks
