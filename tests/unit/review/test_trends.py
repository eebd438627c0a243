"""Trends: what is counted when, and how it reads."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.policyfile.loader import load
from handlers.review import trends as shown
from workflows.contract.events import CaseSummary
from workflows.review import trends

POLICY = load()
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def review(days_ago: float, tone: str = "bad", label: str | None = None, **more: Any) -> CaseSummary:
    """A review of so many days ago."""
    at = NOW - timedelta(days=days_ago)
    details = {
        "tone": tone,
        "label": label,
        "rated_at": at.isoformat(),
        "responded_at": None,
        "recorded_only": False,
        **more,
    }
    return CaseSummary("RV-1", "review", "open", is_open=True, opened_at=at, details=details)


def contact(days_ago: float, in_time: bool | None) -> CaseSummary:  # noqa: FBT001 - the value itself
    """A contact request of so many days ago."""
    at = NOW - timedelta(days=days_ago)
    return CaseSummary("MC-1", "contact", "open", is_open=True, opened_at=at, details={"in_time": in_time})


def of(*reviews: CaseSummary, contacts: tuple[CaseSummary, ...] = (), period: str = "30d") -> trends.Trends:
    """The numbers of a period."""
    asked = trends.period_of(period, POLICY, NOW)
    assert asked is not None
    return trends.worked_out(reviews, contacts, asked, POLICY, NOW)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("", "2026-10-26T12:00", "2026-11-25T12:00"),
        ("7d", "2026-11-18T12:00", "2026-11-25T12:00"),
        ("2026-Q3", "2026-07-01T00:00", "2026-10-01T00:00"),
        ("2026q4", "2026-10-01T00:00", "2027-01-01T00:00"),
    ],
)
def test_periods_are_read(text: str, since: str, until: str) -> None:
    """Days back from now, or a quarter; thirty days without a word."""
    found = trends.period_of(text, POLICY, NOW)
    assert found is not None
    assert (f"{found.since:%Y-%m-%dT%H:%M}", f"{found.until:%Y-%m-%dT%H:%M}") == (since, until)


@pytest.mark.parametrize("text", ["0d", "1000d", "2026-Q5", "last week", "-3d", "1e9d"])
def test_what_is_no_period_is_none(text: str) -> None:
    """The person is told what can be written."""
    assert trends.period_of(text, POLICY, NOW) is None


def test_what_is_counted() -> None:
    """Tones and labels of the period; what gets no survey is left out, and so is what came before."""
    numbers = of(
        review(1, "good"),
        review(2, label="feedback::soft-skills"),
        review(40, label="feedback::soft-skills"),
        review(3, recorded_only=True),
    )
    assert (numbers.good, numbers.neutral, numbers.bad) == (1, 0, 1)
    assert numbers.labels == (("feedback::soft-skills", 1),)
    assert sum(week.good + week.bad for week in numbers.weeks) == 2


def test_response_in_time_is_of_those_whose_time_is_over() -> None:
    """What came yesterday and waits is no failure yet; what was answered late is one."""
    answered = (NOW - timedelta(days=9)).isoformat()
    late = (NOW - timedelta(days=1)).isoformat()
    numbers = of(review(1), review(10, responded_at=answered), review(10, responded_at=late), review(9))
    assert (numbers.responded, numbers.responded_of) == (1, 3)


def test_contact_in_time_is_of_those_that_are_decided() -> None:
    """One in time, one late, one still within its time."""
    numbers = of(contacts=(contact(1, in_time=True), contact(2, in_time=False), contact(1, in_time=None)))
    assert (numbers.contacts, numbers.contacts_of) == (1, 2)


def test_the_label_that_grew_most() -> None:
    """Against the same time before; one that shrank grew not at all."""
    before = [review(40, label="feedback::docs-not-helpful") for _ in range(5)]
    now = [review(2, label="feedback::docs-not-helpful") for _ in range(4)]
    more = [review(2, label="feedback::soft-skills") for _ in range(3)]
    assert of(*before, *now, *more).grew_most == ("feedback::soft-skills", 3)
    assert of(*before, *now).grew_most is None


def test_every_week_has_its_row_also_an_empty_one() -> None:
    """From the Monday of the first day on."""
    weeks = of(review(1), review(29)).weeks
    assert [week.bad for week in weeks] == [1, 0, 0, 0, 1]
    assert {week.starts.weekday() for week in weeks} == {0}


def test_the_text_says_all_of_it_and_names_nobody() -> None:
    """Readable without colours; nothing to divide by is said in words."""
    text = shown.as_text(of(review(1, label="feedback::soft-skills"), review(2, "good")), POLICY)
    assert "2 ratings: 1 good (50 %)" in text
    assert "*Contact within 48 hours:* none was due" in text
    assert "feedback::soft-skills 1" in text
    assert "█░" in text
    assert "no ratings" in shown.as_text(of(), POLICY)


def test_a_label_cannot_become_a_formula_in_a_spreadsheet() -> None:
    """Whatever somebody calls it."""
    text = trends.as_csv(of(review(1, label='=cmd|"x"')))
    assert text.splitlines()[0] == 'week,good,neutral,bad,"\'=cmd|""x"""'
    assert text.splitlines()[-1].endswith(",0,0,1,1")


@pytest.mark.parametrize(("period", "weeks"), [("30d", 5), ("90d", 14), ("999d", 20)])
def test_who_cannot_see_the_picture_reads_its_numbers(period: str, weeks: int) -> None:
    """Each bar and each point of the lines, and never more than Slack takes: of very many weeks the last."""
    labels = list(POLICY.review.feedback_labels)[:9]
    given = (review(day, tone, labels[day % 9]) for day in range(1, 990) for tone in ("bad", "good"))
    text = shown.as_alternative(of(*given, period=period), POLICY)
    assert len(text) <= shown.MOST_ALTERNATIVE
    bars = next(line for line in text.splitlines() if line.startswith("Weeks, bad/neutral/good: "))
    lines = text.partition("Labels in these weeks:\n")[2].splitlines()
    numbers = [len(line.partition(": ")[2].split()) for line in lines]
    assert numbers == [len(bars.split(", ")) - 1] * 6
    assert numbers[0] >= weeks
