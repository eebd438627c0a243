"""An issue template is filled in as a person would: each answer under its heading, and none is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.request.template import Answer, fill

STEPS = Answer("Steps to reproduce", "1. Solve")


@pytest.mark.parametrize(
    ("template", "text", "labels", "missing"),
    [
        ("### Steps to reproduce\n\n### Logs", "### Steps to reproduce\n\n1. Solve\n\n### Logs", (), ()),
        ("## **Steps to Reproduce:** ##", "## **Steps to Reproduce:** ##\n\n1. Solve", (), ()),
        ("# Steps to reproduce\n<!-- number\nthem -->\n", "# Steps to reproduce\n\n1. Solve", (), ()),
        ("# Steps to reproduce\r\n\r\n/label ~bug", "# Steps to reproduce\n\n1. Solve", ("bug",), ()),
        ('/label ~"type::bug" ~ops\n/confidential', "/confidential\n\n### Steps to reproduce\n\n1. Solve",
         ("type::bug", "ops"), ("Steps to reproduce",)),
        ("### Other", "### Other\n\n### Steps to reproduce\n\n1. Solve", (), ("Steps to reproduce",)),
        ("", "### Steps to reproduce\n\n1. Solve", (), ("Steps to reproduce",)),
    ],
)  # fmt: skip
def test_answers_stand_under_their_headings(
    template: str, text: str, labels: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    """Notes are left out, `/label` lines become labels, and what has no heading any more stands at the end."""
    filled = fill(template, [STEPS])
    assert (filled.text, filled.labels, filled.missing) == (text, labels, missing)


@given(st.text(alphabet="#ab \n-~/<!>", max_size=80), st.lists(st.sampled_from(["A", "b", "ab"]), unique=True))
def test_no_answer_is_ever_lost(template: str, headings: list[str]) -> None:
    """Whatever the template, each answer stands there once."""
    answers = [Answer(heading, f"answer-{number}") for number, heading in enumerate(headings)]
    text = fill(template, answers).text
    assert [text.count(answer.text) for answer in answers] == [1] * len(answers)
