"""Lengths of time, as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from workflows.lib.durations import Counting, Duration, PositiveDuration, RealDuration, Unit

HOUR = timedelta(hours=1)
spans = st.builds(Duration, st.integers(0, 500), st.sampled_from(Unit))


@pytest.mark.parametrize(
    ("written", "length", "counting"),
    [
        ("6s", timedelta(seconds=6), Counting.REAL),
        ("10m", timedelta(minutes=10), Counting.REAL),
        ("48h", 48 * HOUR, Counting.REAL),
        ("7d", timedelta(days=7), Counting.REAL),
        ("7 days", timedelta(days=7), Counting.REAL),
        ("90 minutes", timedelta(minutes=90), Counting.REAL),
        ("2 Weeks", timedelta(days=14), Counting.REAL),
        ("  30 mins ", timedelta(minutes=30), Counting.REAL),
        ("1 business hour", HOUR, Counting.BUSINESS_HOURS),
        ("4  Business  Hours", 4 * HOUR, Counting.BUSINESS_HOURS),
        ("3 business days", 72 * HOUR, Counting.BUSINESS_DAYS),
        ("0s", timedelta(0), Counting.REAL),
    ],
)
def test_a_span_is_read_as_people_write_it(written: str, length: timedelta, counting: Counting) -> None:
    """Short and long forms, singular and plural, any case and spacing."""
    span = Duration.parse(written)
    assert (span.length, span.counting) == (length, counting)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "h",
        "10",
        "ten minutes",
        "-1h",
        "1.5h",
        "1h 30m",
        "3 working days",
        "10 µs",
        "\u0661h",
        "1 business m",
    ],
)
def test_what_is_no_span_is_refused_with_examples(written: str) -> None:
    """The sentence shows what was written and how to write it."""
    with pytest.raises(ValueError, match="Write for example 30s, 10m") as caught:
        Duration.parse(written)
    assert f"“{written}”" in str(caught.value)


def test_a_refused_text_is_not_repeated_at_length() -> None:
    """An essay in the wrong place is shown by its beginning only."""
    with pytest.raises(ValueError, match="x…” is not a length of time"):
        Duration.parse("x" * 5000)


@pytest.mark.parametrize("written", ["99999 days", "999999999 weeks"])
def test_a_span_of_more_than_ten_years_is_refused(written: str) -> None:
    """Such a number is a slip, and would overflow the calendar."""
    with pytest.raises(ValueError, match="between nothing and ten years"):
        Duration.parse(written)


def test_a_span_is_never_negative() -> None:
    """Nothing is due before it begins."""
    with pytest.raises(ValueError, match="between nothing and ten years"):
        Duration(-1, Unit.HOUR)


@given(spans)
def test_every_span_reads_back_from_its_text_and_its_words(span: Duration) -> None:
    """What the policy shows can be pasted into a policy."""
    assert Duration.parse(str(span)) == span
    assert Duration.parse(span.words) == span


@given(st.text(max_size=30))
def test_no_text_does_worse_than_a_value_error(text: str) -> None:
    """Garbage is refused, never a crash."""
    try:
        assert Duration.parse(text).length >= timedelta(0)
    except ValueError as error:
        assert "Write for example" in str(error)  # noqa: PT017 - some texts are spans


def test_words_agree_with_the_number() -> None:
    """One hour, two hours."""
    assert [Duration.parse(text).words for text in ("1h", "2h", "1 business days")] == [
        "1 hour",
        "2 hours",
        "1 business day",
    ]


def test_pydantic_reads_and_writes_spans_as_text() -> None:
    """A model's span comes from YAML or JSON text and goes back to it."""
    adapter = TypeAdapter(Duration)
    span = adapter.validate_python("3 business days")
    assert adapter.dump_python(span, mode="json") == "3 business days"
    assert adapter.validate_python(span) is span


def test_a_number_without_a_unit_is_refused() -> None:
    """Ten of what is not guessed."""
    with pytest.raises(ValidationError, match="needs a number and a unit"):
        TypeAdapter(Duration).validate_python(10)


@pytest.mark.parametrize(
    ("kind", "written", "why"),
    [(PositiveDuration, "0s", "longer than"), (RealDuration, "1 business day", "not counted")],
)
def test_a_place_may_ask_for_more_of_its_span(kind: type, written: str, why: str) -> None:
    """Some places want a positive span, some want real time."""
    with pytest.raises(ValidationError, match=why):
        TypeAdapter(kind).validate_python(written)
