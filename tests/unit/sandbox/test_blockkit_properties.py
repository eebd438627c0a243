"""What holds for every message and view, whatever is in it."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.blockkit import check_message, check_view
from tests.unit.sandbox.blockkit_samples import BLOCKS, ELEMENTS, field, modal, mrkdwn, plain

JSON = dict[str, Any]

unhurried = settings(deadline=None)  # a busy machine is no fault of the rules


def words(most: int) -> st.SearchStrategy[str]:
    """Return texts with something visible in them, of up to this many characters."""
    return st.text(min_size=1, max_size=most).filter(str.strip)


def labels(most: int) -> st.SearchStrategy[JSON]:
    """Return plain_text objects."""
    return st.builds(plain, words(most))


def prose(most: int) -> st.SearchStrategy[JSON]:
    """Return text objects of either kind."""
    return labels(most) | st.builds(mrkdwn, words(most))


OPTIONS = st.lists(st.fixed_dictionaries({"text": labels(75), "value": words(150)}), min_size=1, max_size=5)
ELEMENT = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("button"), "text": labels(75)},
        optional={"value": words(200), "style": st.sampled_from(["primary", "danger"])},
    ),
    st.fixed_dictionaries(
        {"type": st.just("static_select"), "options": OPTIONS}, optional={"placeholder": labels(150)}
    ),
    st.fixed_dictionaries({"type": st.just("overflow"), "options": OPTIONS}),
)
BLOCK = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("section"), "text": prose(300)},
        optional={"fields": st.lists(prose(100), min_size=1, max_size=10), "accessory": ELEMENT},
    ),
    st.fixed_dictionaries({"type": st.just("header"), "text": labels(150)}),
    st.fixed_dictionaries({"type": st.just("context"), "elements": st.lists(prose(99), min_size=1, max_size=10)}),
    st.fixed_dictionaries({"type": st.just("actions"), "elements": st.lists(ELEMENT, min_size=1, max_size=25)}),
    st.fixed_dictionaries({"type": st.just("divider")}),
)


@unhurried
@given(st.lists(BLOCK, max_size=6), words(40))
def test_what_is_within_the_limits_is_taken(blocks: list[JSON], text: str) -> None:
    """A message whose parts keep their limits is taken, posted or updated, and so is its modal."""
    assert check_message(blocks, text) is None
    assert check_message(blocks, text, updating=True) is None
    assert check_view(modal(*blocks)) is None


def fresh(block: JSON) -> JSON:
    """Return a copy that shares nothing, not even with itself."""
    copied: JSON = json.loads(json.dumps(block))
    return copied


def objects_in(value: Any) -> Iterator[JSON]:
    """Yield every object inside, the outermost first."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects_in(part)


SAMPLES = [*BLOCKS.values(), *(field(e) for n, e in ELEMENTS.items() if n not in {"button", "image", "overflow"})]


@unhurried
@given(st.data())
def test_an_unknown_field_is_refused_wherever_it_stands(data: st.DataObject) -> None:
    """Any object of any block, given one field more, is refused with that one line."""
    view = modal(fresh(data.draw(st.sampled_from(SAMPLES))))
    assert check_view(view) is None
    data.draw(st.sampled_from([*objects_in(view)]))["colour"] = "red"
    problem = check_view(view)
    assert problem
    assert len(problem.messages) == 1
    assert "invalid additional property: colour" in problem.messages[0]


@unhurried
@given(st.data())
def test_null_is_refused_wherever_it_stands(data: st.DataObject) -> None:
    """Any field of any block, set to null, is refused: Slack does not read null as absent."""
    view = modal(fresh(data.draw(st.sampled_from(SAMPLES))))
    holder = data.draw(st.sampled_from([*objects_in(view)]))
    holder[data.draw(st.sampled_from(sorted(holder)))] = None
    assert check_view(view) is not None


NAMES = st.sampled_from(["type", "text", "blocks", "elements", "element", "options", "accessory", "fields", "label"])
KINDS = st.sampled_from([*BLOCKS, *ELEMENTS, "plain_text", "mrkdwn", "modal", "home", "rich_text_section"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | KINDS | st.text(max_size=5),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(NAMES, parts, max_size=6),
    max_leaves=30,
)


@unhurried
@given(ANYTHING, ANYTHING)
def test_any_json_gets_an_answer(blocks: Any, text: Any) -> None:
    """Whatever is sent, the answer is a verdict, never an exception."""
    for problem in (check_message(blocks, text), check_message([blocks], "words"), check_view(blocks)):
        assert problem is None or problem.error
