"""Every element of Block Kit, drawn and filled in."""

import re
from datetime import UTC, datetime
from typing import Any

import htpy as h
import pytest

from sandbox.core.forms import initial_values
from sandbox.core.model import AppSettings
from sandbox.core.seed import fill
from sandbox.core.workspace import Workspace
from sandbox.page.blocks import draw_blocks
from sandbox.page.elements import entered
from sandbox.page.reading import Reading
from sandbox.page.surface import MODAL, Surface
from tests.unit.sandbox import blockkit_samples as samples

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OPTIONS = [{"text": {"type": "plain_text", "text": word.title()}, "value": word} for word in ("one", "two")]
PLAIN = {"type": "plain_text", "text": "Choose :eyes:"}


def element(kind: str, **more: Any) -> dict[str, Any]:
    """An element of this kind."""
    return {"type": kind, "action_id": f"the-{kind}", **more}


INPUTS = [
    element("plain_text_input", multiline=True, initial_value="<b>"),
    element("plain_text_input", action_id="short", placeholder=PLAIN),
    element("email_text_input"),
    element("url_text_input"),
    element("number_input", is_decimal_allowed=False),
    element("static_select", options=OPTIONS, initial_option=OPTIONS[0]),
    element("static_select", action_id="grouped", option_groups=[{"label": PLAIN, "options": OPTIONS}]),
    element("multi_static_select", options=OPTIONS, initial_options=OPTIONS),
    element("external_select"),
    element("radio_buttons", options=OPTIONS),
    element("checkboxes", options=OPTIONS),
    element("users_select", initial_user="U0PIA"),
    element("multi_users_select"),
    element("channels_select"),
    element("conversations_select"),
    element("datepicker", initial_date="2026-03-02"),
    element("timepicker"),
    element("datetimepicker", initial_date_time=int(NOON.timestamp())),
]


def surface(on: str, blocks: list[dict[str, Any]]) -> Surface:
    """Where these blocks stand, for Pia in Copenhagen."""
    workspace = Workspace(AppSettings(), lambda: NOON, lambda: 0.0)
    fill(workspace)
    return Surface(Reading(workspace, workspace.person("pia")), on, initial_values(blocks))


def inputs() -> list[dict[str, Any]]:
    """An input block around each element."""
    return [
        {"type": "input", "block_id": f"b{number}", "label": PLAIN, "element": one, "hint": PLAIN}
        for number, one in enumerate(INPUTS)
    ]


def test_every_field_has_a_label_and_an_id_of_its_own() -> None:
    """Fields by `for`, groups by their legend."""
    page = str(h.fragment[draw_blocks(surface(MODAL, inputs()), inputs())])
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', page))
    fields = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', page))
    assert fields
    assert fields <= labelled
    assert page.count("<legend") == 4  # radio buttons, checkboxes, and the two of many choices
    assert "<b>" not in page


def test_an_element_outside_a_form_acts_by_itself() -> None:
    """A menu on a message is a form of its own, with a name for readers; a button says what it is."""
    blocks: list[dict[str, Any]] = [
        {"type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": "Who?"}, "accessory": INPUTS[11]},
        {"type": "actions", "block_id": "a", "elements": [element("button", text=PLAIN, value="v", style="danger")]},
    ]
    page = str(h.fragment[draw_blocks(surface("C1:1.0", blocks), blocks)])
    assert 'phx-change="choose"' in page
    assert 'aria-label="Who?"' in page
    assert 'phx-value-action="the-button"' in page
    assert "Choose 👀" in page


def test_rich_text_is_drawn_to_its_last_leaf() -> None:
    """Lists, quotations, code, mentions, emoji and dates."""
    page = str(h.fragment[draw_blocks(surface("C1:1.0", []), [{**samples.RICH_TEXT, "block_id": "r"}])])
    for shown in ("<strong>Said </strong>", ">here</a>", "🎉", "@here", "2024-07-11", "<li>", "<pre>x = 1</pre>"):
        assert shown in page


@pytest.mark.parametrize(
    ("one", "sent", "choice"),
    [
        (INPUTS[0], [], ""),
        (INPUTS[0], ["typed"], "typed"),
        (INPUTS[5], ["two"], "two"),
        (INPUTS[5], [], None),
        (INPUTS[10], ["one", "two"], ["one", "two"]),
        (INPUTS[10], [], []),
        (INPUTS[9], ["one"], "one"),
        (INPUTS[15], ["2026-03-05"], "2026-03-05"),
        (INPUTS[17], ["2026-03-02T13:00"], int(NOON.timestamp())),  # one o'clock in Copenhagen
        (INPUTS[17], [], None),
    ],
)
def test_what_a_form_sends_is_a_persons_choice(one: dict[str, Any], sent: list[str], choice: object) -> None:
    """What is empty is left out by the browser; a date with a time is meant in the person's zone."""
    assert entered(surface(MODAL, []), one, sent) == choice
