"""The criticality sheet: which systems a text names, and how critical they are together."""

import pytest
from pydantic import ValidationError

from tests.unit.incident.plays import POLICY
from workflows.incident.systems import level_of, level_policy, names_of, systems_in
from workflows.policy.incident import IncidentPolicy

OWN = POLICY.incident

PAGE = {"after": "100%", "who": ["on_call"], "how": "page"}
AFTER = {"after": "10m", "who": ["lead"], "how": "thread"}


@pytest.mark.parametrize(
    ("text", "systems"),
    [
        ("Triggers do not fire", ("triggers",)),
        ("TRIGGERS!", ("triggers",)),
        ("Zendesk triggers do not fire", ("triggers",)),  # its own name, not the whole of Zendesk
        ("Zendesk is down", ("zendesk",)),
        ("retriggers", ()),  # whole words only
        ("the dashboard and the SLA", ("sla", "reporting")),  # the most critical first
        ("support.gitlab.com does not answer", ("portal",)),
        ("supportXgitlab.com", ()),  # a dot is a dot
        ("", ()),
    ],
)
def test_systems_are_read_by_their_names_and_aliases(text: str, systems: tuple[str, ...]) -> None:
    """In capitals or not, the longer name before a shorter one in it."""
    assert systems_in(text, OWN) == systems


@pytest.mark.parametrize(
    ("systems", "other", "level"),
    [
        (("reporting",), "", "administrative"),
        (("reporting", "sla"), "", "business_critical"),
        (("reporting", "sla", "triggers"), "", "mission_critical"),
        ((), "frobnicator", "mission_critical"),
        (("reporting",), "frobnicator", "mission_critical"),
        ((), "", "mission_critical"),
        (("left-the-policy",), "", "mission_critical"),
    ],
)
def test_the_highest_level_wins_and_the_unknown_is_the_highest(
    systems: tuple[str, ...], other: str, level: str
) -> None:
    """What nobody knows counts as the level that pages sooner."""
    assert level_of(systems, other, OWN) == level


def test_what_left_the_policy_is_still_shown() -> None:
    """By its key; its level counts as the most critical."""
    assert names_of(("triggers", "gone"), "x", OWN) == "Zendesk triggers, gone, x"
    assert level_policy("gone", OWN).label == "Mission Critical"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"systems": {"a": {"label": "A", "level": "mision", "aliases": []}}}, "“mision”, the level of a, is none of"),
        (
            {
                "systems": {
                    "a": {"label": "A", "level": "administrative", "aliases": ["X"]},
                    "b": {"label": "B", "level": "administrative", "aliases": ["x"]},
                }
            },
            "These names mean more than one system: x",
        ),
        ({"page_title": "{casee}"}, "There is no {casee} to fill in"),
        ({"support_hours": {"time_zone": "UTC", "opens": "15:00", "closes": "Friday 17:00"}}, "Sunday 15:00"),
        ({"escalation": []}, "One step pages, after 100% of the wait"),
        ({"escalation": [{**PAGE, "after": "90%"}]}, "One step pages, after 100% of the wait"),
        ({"escalation": [PAGE, {"after": "50%", "who": ["lead"], "how": "thread"}]}, "The steps before the page"),
        (
            {"escalation": [PAGE, {**AFTER, "times": 3, "every": "10m"}, {**AFTER, "after": "15m"}]},
            "The steps after the page come one after another",
        ),
        ({"escalation": [PAGE, {**AFTER, "times": 3}]}, "says how often with every"),
        ({"escalation": [PAGE, {**AFTER, "who": ["leed"]}]}, "did you mean lead?"),
        ({"escalation": [PAGE, {**AFTER, "who": [], "how": "dm"}]}, "A DM goes to somebody"),
        ({"escalation": [PAGE, {**AFTER, "after": "soon"}]}, "after a part of the wait, 50%, or a time after the page"),
        ({"escalation": [PAGE, {**AFTER, "who": [{"group": "a", "user": "ada@example.com"}]}]}, "Write one of"),
    ],
)
def test_a_sheet_that_cannot_work_is_refused(change: dict[str, object], words: str) -> None:
    """With a sentence that says what is wrong."""
    with pytest.raises(ValidationError) as caught:
        IncidentPolicy.model_validate({**OWN.model_dump(mode="json"), **change})
    assert words in str(caught.value)
