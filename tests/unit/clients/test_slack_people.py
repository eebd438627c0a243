"""People read from Slack's JSON."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clients.slack_people import person_of

HOME = "T0HOME"
ALICE = {"id": "U1", "team_id": HOME, "name": "alice", "tz": "Europe/London", "profile": {"real_name": "Alice"}}
JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=9), lambda part: st.lists(part, max_size=2), max_leaves=3
)


@pytest.mark.parametrize(
    ("more", "foreign"),
    [
        ({}, False),
        ({"team_id": None}, False),
        ({"team_id": "T0ELSEWHERE"}, True),
        ({"is_stranger": True}, True),
        ({"team_id": "T0ELSEWHERE", "enterprise_user": {"teams": ["T0ELSEWHERE", HOME]}}, False),
        ({"team_id": "T0ELSEWHERE", "enterprise_user": {"teams": ["T0ELSEWHERE"]}}, True),
        ({"team_id": "T0ELSEWHERE", "enterprise_user": "?"}, True),
    ],
)
def test_who_is_foreign(more: dict[str, Any], foreign: bool) -> None:  # noqa: FBT001 - a column of the table
    """Somebody of another organisation, but not of another workspace of ours."""
    assert person_of(ALICE | more, HOME).is_foreign is foreign


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({}, "Alice"),
        ({"profile": {"display_name": "ally"}}, "ally"),
        ({"profile": {}, "real_name": "Alice A."}, "Alice A."),
        ({"profile": None}, "alice"),
        ({"profile": {}, "name": ""}, "U1"),
    ],
)
def test_everybody_has_a_name(more: dict[str, Any], name: str) -> None:
    """The real one if Slack has it."""
    assert person_of(ALICE | more, HOME).name == name


@pytest.mark.parametrize(
    ("zone", "known"), [("Asia/Tokyo", "Asia/Tokyo"), (None, "UTC"), ("", "UTC"), ("Mars/Base", "UTC"), ("../x", "UTC")]
)
def test_a_zone_is_one_we_can_count_in(zone: str | None, known: str) -> None:
    """UTC where Slack names none, or one nobody knows."""
    assert person_of(ALICE | {"tz": zone}, HOME).time_zone == known


@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted"])
def test_both_kinds_of_guests_are_guests(flag: str) -> None:
    """Of one channel or of several."""
    assert person_of(ALICE | {flag: True}, HOME).is_guest
    assert not person_of(ALICE, HOME).is_guest


@given(st.fixed_dictionaries(dict.fromkeys(("team_id", "name", "tz", "profile", "deleted", "is_bot"), JSON)))
def test_any_answer_is_read(more: dict[str, Any]) -> None:
    """Whatever else Slack sends, somebody with an id is somebody."""
    assert person_of({"id": "U1"} | more, HOME).id == "U1"
