"""`python -m bot simulate`: the real rules, played with a moved clock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.simulation.chart import ChartError, draw
from bot.simulation.requests import simulate_request
from bot.simulation.scenarios import (
    QuestionError,
    as_text,
    moment,
    parse_duration,
    shown,
    simulate_contact,
    simulate_incident,
    simulate_new_ticket,
    simulate_review,
    unknown_system,
)
from bot.simulation.simulator import NOTES, SimulatedStep, SimulationResult
from tests.packages import uninstall
from tests.policies import company_policy, write_company_policy
from workflows.policy.csm import Notice
from workflows.policy.request import RequestKind
from workflows.policy.review import Tone

POLICY = company_policy()
ON_DUTY = POLICY.model_copy(update={"managers": POLICY.managers.model_copy(update={"on_duty_schedule": "Managers"})})
ANGELES = ZoneInfo("America/Los_Angeles")
FRIDAY = datetime(2026, 3, 6, 17, 55, tzinfo=ANGELES)
WEEK = timedelta(days=7)


def played(system: str, at: datetime = FRIDAY, **scripted: timedelta | None) -> SimulationResult:
    """What would happen to an incident."""
    script = {"answer": None, "acknowledge": None, **scripted}
    return simulate_incident(POLICY, system, at=at, lasting=WEEK, **script)


def said(result: SimulationResult, words: str) -> list[timedelta]:
    """When something that says this happens, since the beginning, to the minute."""
    start = result.steps[0].at
    return [
        timedelta(minutes=round((one.at - start).total_seconds() / 60)) for one in result.steps if words in one.what
    ]


def minutes(*numbers: int) -> list[timedelta]:
    """So many minutes."""
    return [timedelta(minutes=number) for number in numbers]


def test_nobody_answers_a_mission_critical_incident() -> None:
    """Pings at five and nine minutes, one page at ten, five pings, and the lead."""
    result = played("Triggers")
    assert said(result, "half of the time is over") == minutes(5)
    assert said(result, "unless someone responds") == minutes(9)
    assert said(result, "rings: Customer Support Operations, high urgency") == minutes(10)
    assert said(result, "Nobody has acknowledged the page of") == minutes(20, 30, 40, 50, 60, 70)
    assert result.case.state == "paged"


def test_somebody_answers_in_time() -> None:
    """Nothing rings any more."""
    result = played("SLA", answer=timedelta(minutes=20))
    assert said(result, "half of the time is over") == minutes(15)
    assert not said(result, "rings:")
    assert result.case.state == "answered"


def test_somebody_acknowledges_the_page() -> None:
    """Counted from the page."""
    result = played("Triggers", acknowledge=timedelta(minutes=15))
    assert said(result, "Nobody has acknowledged the page of") == minutes(20)
    assert said(result, "a responder acknowledged the page") == minutes(25)


def test_the_long_clock_stands_still_outside_support_hours() -> None:
    """Friday 16:00 in Los Angeles, eight hours: Sunday 22:00, the clocks put forward in between."""
    result = played("macros", FRIDAY.replace(hour=16, minute=0))
    assert said(result, "rings:") == [timedelta(hours=53)]


def test_an_unknown_system_counts_as_the_most_critical() -> None:
    """As on the card."""
    assert said(played("frobnicator"), "rings:") == minutes(10)


def test_the_same_is_simulated_twice_alike() -> None:
    """Nothing of it is left to chance."""
    assert played("Triggers").steps == played("Triggers").steps


def test_a_contact_request_is_due_on_tuesday() -> None:
    """Friday 17:55 UTC; what is scripted to happen stops it."""
    friday = datetime(2026, 3, 6, 17, 55, tzinfo=UTC)
    result = simulate_contact(POLICY, at=friday, answer=None, lasting=WEEK)
    assert said(result, "desk it is overdue") == [timedelta(days=4)]
    assert not said(simulate_contact(POLICY, at=friday, answer=timedelta(hours=20), lasting=WEEK), "overdue")


def test_the_text_shows_each_thing_with_its_time() -> None:
    """In the zone asked for, and how long after the beginning; no mark-up of Slack's is left."""
    text = as_text(played("Triggers"), ANGELES)
    assert "Fri  6 Mar 18:05 PST      +0:10  → PagerDuty: rings:" in text
    assert "I will page Customer Support Operations Fri 18:05 unless someone responds" in text
    assert text.endswith("At the end INC-1 is paged.")
    assert not {"<", "&", "*"} & set(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Fri 17:55 America/Los_Angeles", datetime(2026, 3, 6, 17, 55, tzinfo=ANGELES)),
        ("Wednesday 09:01", datetime(2026, 3, 4, 9, 1, tzinfo=UTC)),
        ("Wednesday 09:00", datetime(2026, 3, 11, 9, 0, tzinfo=UTC)),  # not now, but the next one
        ("2026-03-06 17:55", datetime(2026, 3, 6, 17, 55, tzinfo=UTC)),
        ("2026-03-06T7:55 Europe/Berlin", datetime(2026, 3, 6, 6, 55, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_people_write_them(text: str, found: datetime) -> None:
    """A day of the week is the next one; without a zone, the policy's counts."""
    assert moment(text, POLICY, datetime(2026, 3, 4, 9, 0, tzinfo=UTC)) == found


@pytest.mark.parametrize("text", ["soon", "Fry 17:55", "Fri 25:00", "2026-13-01 10:00", "Fri 17:55 Mars/Olympus", ""])
def test_what_is_no_time_is_said_so(text: str) -> None:
    """With an example."""
    with pytest.raises(QuestionError, match="is no time"):
        moment(text, POLICY, datetime(2026, 3, 4, tzinfo=UTC))


def test_spans_are_read_too() -> None:
    """Or never."""
    assert parse_duration("20m") == timedelta(minutes=20)
    assert parse_duration("Never") is None
    with pytest.raises(QuestionError, match="Or write never"):
        parse_duration("soon")


def test_the_command_prints_the_timeline(tmp_path: Path) -> None:
    """And draws it; what it does not understand is said in a sentence."""
    chart = tmp_path / "timeline.png"
    asked = ["simulate", "--at", "2026-03-06 17:55 America/Los_Angeles", "--system", "Triggers"]
    result = CliRunner().invoke(app, [*asked, "--answer", "never", "--plot", str(chart)])
    assert result.exit_code == 0, result.output
    assert "+0:10" in result.output
    assert chart.read_bytes().startswith(b"\x89PNG")
    wrong = CliRunner().invoke(app, ["simulate", "--at", "Fri 17:55"])
    assert wrong.exit_code == 1
    assert "--system NAME, --contact, --review bad, --request bug, or --new-ticket digest" in wrong.output


def test_without_matplotlib_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text is printed all the same; here of a review whose manager is on duty, by the policy named."""
    uninstall(monkeypatch, "matplotlib")
    write_company_policy(tmp_path / "policy.yml", {"managers": {"on_duty_schedule": "Managers"}})
    asked = ["simulate", "--at", "Mon 09:00", "--review", "bad", "--policy", str(tmp_path / "policy.yml")]
    result = CliRunner().invoke(app, [*asked, "--plot", str(tmp_path / "timeline.png")])
    assert result.exit_code == 1
    assert "The chart needs matplotlib" in result.output
    assert "At the end RV-1 is open" in result.output


def test_a_chart_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    """A folder that is not there, an unknown kind of file."""
    rows = shown([SimulatedStep(FRIDAY, "PagerDuty", "rings: $$ for <everybody>")])
    for file in (tmp_path / "nowhere" / "a.png", tmp_path / "a.docx"):
        with pytest.raises(ChartError):
            draw(rows, ANGELES, file, "A title")


@pytest.mark.parametrize(
    ("system", "words"),
    [
        ("Triggers", None),
        ("Zendsk mcros", "did you mean Zendesk macros? It counts"),
        ("The coffee machine", "is not in the policy's sheet. It counts as the most critical"),
    ],
)
def test_a_system_that_is_not_in_the_sheet_is_said_so(system: str, words: str | None) -> None:
    """A slip of the pen would be simulated with the wrong criticality."""
    sentence = unknown_system(POLICY, system)
    assert (sentence is None) if words is None else (sentence is not None and words in sentence)


def test_a_bad_review_nobody_sees_to_is_in_three_digests() -> None:
    """On day 3, 5 and 7, where its manager is; then it stays open."""
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    result = simulate_review(ON_DUTY, Tone.BAD, at=at, answer=None, lasting=timedelta(days=9))
    assert result.case.state == "open"
    assert sum("waiting for you" in step.what for step in result.steps) == 3


def test_a_good_review_nobody_sees_to_closes_by_itself() -> None:
    """And its issue with it."""
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    result = simulate_review(ON_DUTY, Tone.GOOD, at=at, answer=None, lasting=timedelta(days=9))
    assert result.case.state == "closed"


@pytest.mark.parametrize(
    ("answer", "state", "reminders"), [(None, "staging", 2), (timedelta(hours=4), "signed_off", 0)]
)
def test_a_request_waits_for_its_requester(answer: timedelta | None, state: str, reminders: int) -> None:
    """One reminder of the question and one of the test; answered in time, none."""
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    result = simulate_request(POLICY, RequestKind.BUG, at=at, answer=answer, lasting=timedelta(days=45))
    assert result.case.state == state
    assert sum("reminded" in step.what for step in result.steps) == reminders
    assert "template" not in " ".join(step.what for step in result.steps)


@pytest.mark.parametrize(("kind", "words"), [(RequestKind.QUESTION, "asks:"), (RequestKind.PORTAL, "Support Ops")])
def test_every_way_of_a_request_can_be_simulated(kind: RequestKind, words: str) -> None:
    """A question and its one reminder; a ticket's form."""
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    result = simulate_request(POLICY, kind, at=at, answer=None, lasting=timedelta(days=9))
    assert any(words in step.what for step in result.steps)


def test_a_new_ticket_is_told_as_was_chosen() -> None:
    """At once, in the digest of the next morning where the company is, or not at all; whatever the policy knows."""
    berlin = POLICY.model_copy(update={"time_zone": "Europe/Berlin"})
    monday = datetime(2026, 3, 2, 15, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    played = {one: simulate_new_ticket(berlin, one, at=monday, lasting=WEEK) for one in Notice}
    assert said(played[Notice.EACH], "New ticket from A customer") == minutes(0)
    assert said(played[Notice.DIGEST], "1 new ticket") == minutes(18 * 60)
    assert [one.where for one in played[Notice.NONE].steps] == [NOTES]
    result = CliRunner().invoke(app, ["simulate", "--at", "Mon 15:00", "--new-ticket", "digest"])
    assert (result.exit_code, "1 new ticket" in result.stdout) == (0, True)
