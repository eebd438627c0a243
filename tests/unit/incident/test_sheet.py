"""The link to the real criticality sheet stands wherever somebody picks from it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from handlers.incident import modals, questions
from handlers.incident.modals import Prefill
from tests.unit.incident.plays import POLICY, Play, waiting, written
from workflows.policy.model import Policy

URL = "https://sheet.example.com/criticality"


def with_sheet(url: str | None) -> Policy:
    """The company's policy with this address of the sheet, or none."""
    return POLICY.model_copy(update={"incident": POLICY.incident.model_copy(update={"sheet_url": url})})


def places(policy: Policy) -> Iterator[tuple[str, Any]]:
    """Where systems or levels are picked: both forms, the card of a message, what is plainly no report."""
    asked, thanks = Play().after(written()).case, Play().after(written(text="Thanks!")).case
    yield "form", modals.form(policy, Prefill())
    yield "change", modals.change(waiting("triggers").case, policy)
    yield "card", questions.asked(asked, policy)
    yield "no report", questions.card(thanks, policy, []).blocks


@pytest.mark.parametrize(("url", "holds"), [(URL, all), (None, lambda found: not any(found))])
def test_the_sheet_stands_beside_the_menu(url: str | None, holds: Callable[[list[bool]], bool]) -> None:
    """As a link, in all of them; where the policy names none, in none."""
    shown = {name: json.dumps(what) for name, what in places(with_sheet(url))}
    assert all("static_select" in what or "radio_buttons" in what or "multi_static" in what for what in shown.values())
    assert holds([f"<{URL}|Open the criticality sheet>" in what for what in shown.values()])
