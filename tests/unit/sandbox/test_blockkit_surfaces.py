"""Messages and views as a whole: their texts, their own fields, and what holds between blocks."""

from typing import Any

import pytest

from sandbox.blockkit import Problem, check_message, check_view
from tests.unit.sandbox.blockkit_samples import actions, field, home, modal, mrkdwn, plain, section, select, text_input

JSON = dict[str, Any]


@pytest.mark.parametrize("text", [None, "", "  "])
@pytest.mark.parametrize("blocks", [None, []])
def test_a_message_needs_a_text_or_blocks(blocks: Any, text: Any) -> None:
    """Neither text nor blocks is Slack's `no_text`; each alone is enough."""
    assert check_message(blocks, text) == Problem("no_text")
    assert check_message(blocks, text, updating=True) == Problem("no_text")
    assert check_message([section()], text) is None
    assert check_message(blocks, "words") is None


def test_a_long_text_is_cut_when_posted_and_refused_when_updated() -> None:
    """chat.postMessage takes any length; chat.update refuses one character above 4000."""
    assert check_message(None, "x" * 40_001) is None
    assert check_message(None, "x" * 4000, updating=True) is None
    assert check_message(None, "x" * 4001, updating=True) == Problem("msg_too_long")
    assert check_message([section()], "x" * 4001, updating=True) == Problem("msg_too_long")


@pytest.mark.parametrize("blocks", ["[]", {"type": "divider"}, 1])
def test_blocks_that_are_no_list_are_of_the_wrong_format(blocks: Any) -> None:
    """Blocks that are not a list are `invalid_blocks_format`, whatever they hold."""
    assert check_message(blocks, "words") == Problem("invalid_blocks_format")


def test_a_text_is_a_string() -> None:
    """A text object at the top of a message is refused."""
    problem = check_message(None, plain())
    assert problem == Problem("invalid_arguments", ("[ERROR] must provide a string [json-pointer:/text]",))


@pytest.mark.parametrize(
    ("view", "lines"),
    [
        (None, ["must provide an object [json-pointer:/view]"]),
        ({}, ["missing required field: type [json-pointer:/view]"]),
        ({"type": "workflow_step"}, ["unsupported type: workflow_step [json-pointer:/view/type]"]),
        (
            {"type": "modal"},
            [
                "missing required field: title [json-pointer:/view]",
                "missing required field: blocks [json-pointer:/view]",
            ],
        ),
        ({"type": "home"}, ["missing required field: blocks [json-pointer:/view]"]),
        (home(title=plain()), ["invalid additional property: title [json-pointer:/view]"]),
        (home(submit=plain()), ["invalid additional property: submit [json-pointer:/view]"]),
        (modal(title=mrkdwn()), ["unsupported type: mrkdwn [json-pointer:/view/title/type]"]),
        (modal(title="Words"), ["must provide an object [json-pointer:/view/title]"]),
        (modal(submit=plain("")), ["must be more than 0 characters [json-pointer:/view/submit/text]"]),
        (modal(clear_on_close="true"), ["must provide a boolean [json-pointer:/view/clear_on_close]"]),
        (modal(notify_on_close=1), ["must provide a boolean [json-pointer:/view/notify_on_close]"]),
        (modal(private_metadata={}), ["must provide a string [json-pointer:/view/private_metadata]"]),
        (modal(id="V1"), ["invalid additional property: id [json-pointer:/view]"]),
        (modal(hash="1.2"), ["invalid additional property: hash [json-pointer:/view]"]),
    ],
)
def test_a_malformed_view_is_refused_in_slacks_words(view: Any, lines: list[str]) -> None:
    """The lines say all that is wrong with the view's own fields, and where."""
    assert check_view(view) == Problem("invalid_arguments", tuple(f"[ERROR] {line}" for line in lines))


def test_a_view_may_be_empty() -> None:
    """A modal without blocks and submit, and a Home tab without blocks, are taken."""
    assert check_view({"type": "modal", "title": plain(), "blocks": []}) is None
    assert check_view(home()) is None


def test_a_modal_with_an_input_needs_submit() -> None:
    """Without submit, each input block is refused; a Home tab has none and may hold inputs."""
    view = modal(section(), field(text_input()))
    assert check_view(view) is None
    del view["submit"]
    assert check_view(view) == Problem(
        "invalid_arguments",
        ("[ERROR] must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]",),
    )
    assert check_view(home(field(text_input()))) is None


def test_one_element_of_a_view_has_the_focus() -> None:
    """A second element with `focus_on_load` is refused, be it in another kind of block."""
    focused = {"focus_on_load": True}
    view = modal(field(text_input(**focused)), actions(select(), select(**focused)))
    problem = check_view(view)
    assert problem
    assert problem.messages == (
        "[ERROR] only one element can set `focus_on_load` [json-pointer:/view/blocks/1/elements/1/focus_on_load]",
    )
    assert check_view(modal(field(text_input(**focused)), actions(select(focus_on_load=False)))) is None
