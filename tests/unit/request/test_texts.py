"""What requests read and say: ship days, names, questions in comments, edits of files."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clients.gitlab_merge_requests import edited
from workflows.contract.errors import Refused
from workflows.contract.merge_request_port import FileEdit
from workflows.request import texts
from workflows.request.calendar import day_after, next_ship_day
from workflows.request.following import is_question

TOKYO, UTC_ZONE = ZoneInfo("Asia/Tokyo"), ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("now", "zone", "day", "ships_on"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=UTC), UTC_ZONE, 1, date(2026, 4, 1)),
        (datetime(2026, 4, 1, 23, 59, tzinfo=UTC), UTC_ZONE, 1, date(2026, 4, 1)),
        (datetime(2026, 3, 31, 20, tzinfo=UTC), TOKYO, 1, date(2026, 4, 1)),
        (datetime(2026, 4, 1, 20, tzinfo=UTC), TOKYO, 1, date(2026, 5, 1)),
        (datetime(2026, 12, 2, 9, tzinfo=UTC), UTC_ZONE, 1, date(2027, 1, 1)),
        (datetime(2026, 1, 30, 9, tzinfo=UTC), UTC_ZONE, 28, date(2026, 2, 28)),
        (datetime(2026, 1, 27, 9, tzinfo=UTC), UTC_ZONE, 28, date(2026, 1, 28)),
    ],
)
def test_changes_ship_on_the_first_of_the_month(now: datetime, zone: ZoneInfo, day: int, ships_on: date) -> None:
    """By the calendar of the policy's zone; on the day itself it is that day."""
    assert next_ship_day(now, day, zone) == ships_on


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)), st.integers(1, 28))  # noqa: DTZ001 - made aware below
def test_the_next_ship_day_is_ahead_and_soon(moment: datetime, day: int) -> None:
    """Never past, never more than a month away; and it moves on only when it is past."""
    now = moment.replace(tzinfo=UTC)
    ships_on = next_ship_day(now, day, UTC_ZONE)
    assert timedelta(0) <= ships_on - now.date() <= timedelta(days=31)
    assert ships_on.day == day
    assert day_after(ships_on, UTC_ZONE) > now


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", ()),
        ("@maria, bob  @maria", ("maria", "bob")),
        ("@support/ops-team", ("support/ops-team",)),
        ("Maria Marques", ("Maria", "Marques")),
        ("@all", None),
        ("maria@example.com", None),
        ("<@U0MARIA>", None),
    ],
)
def test_who_else_should_know_is_named_as_in_the_tracker(typed: str, names: tuple[str, ...] | None) -> None:
    """Anything that is no user name is refused, and so is everybody."""
    assert texts.handles(typed) == names


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("Which form is it?", True),
        ("Which form?\nThanks", True),
        ("@alice please have a look", True),
        ("cc @Alice", True),
        ("@alice-b please have a look", False),
        ("I had a look.", False),
        ("See https://example.com/?page=2", False),
        ("`a ? b` and\n```\nwhy?\n```", False),
        ("> Which form?\nThe second.", False),
    ],
)
def test_a_comment_that_asks_the_owner_is_a_question(words: str, *, asks: bool) -> None:
    """It names them, or holds a question outside of code, quotations and addresses."""
    assert is_question(words, "alice") is asks


FILE = "- name: A\n  hours: 40\n- name: B\n  hours: 40\n"


@pytest.mark.parametrize(
    ("find", "replace", "after"),
    [
        ("name: B\n  hours: 40", "name: B\n  hours: 32", "- name: A\n  hours: 40\n- name: B\n  hours: 32\n"),
        ("", "- name: C\n", FILE + "- name: C\n"),
    ],
)
def test_an_edit_replaces_or_adds(find: str, replace: str, after: str) -> None:
    """What stands there once is replaced; with nothing to replace, it is added at the end."""
    assert edited(FILE, FileEdit(path="team.yml", find=find, replace=replace)) == after


@pytest.mark.parametrize(
    ("find", "replace", "why"),
    [
        ("hours: 40", "hours: 32", "stands 2 times"),
        ("name: C", "name: D", "doesn't stand in team.yml"),
        ("- name: A", "- name: A: B", "no valid YAML any more in line 1"),
    ],
)
def test_an_edit_that_does_not_fit_says_why(find: str, replace: str, why: str) -> None:
    """The text to replace stands there once; a file of YAML stays one."""
    with pytest.raises(Refused, match=why):
        edited(FILE, FileEdit(path="team.yml", find=find, replace=replace))


def test_line_ends_stay_as_the_file_has_them() -> None:
    """Slack sends one kind, a file may have the other; a file that was broken before is left to its people."""
    edit = FileEdit(path="team.yml", find="a: 1\nb: 2", replace="a: 1\nb: 3")
    assert edited("a: 1\r\nb: 2\r\n", edit) == "a: 1\r\nb: 3\r\n"
    assert edited("a: [\n", FileEdit(path="team.yml", find="", replace="b: 1")) == "a: [\nb: 1\n"
