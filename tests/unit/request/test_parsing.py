"""What is typed with the command, and a question where another organisation reads."""

import pytest

from handlers.request.cards import posted
from handlers.request.parsing import first_words, of_command
from tests.unit.request.plays import POLICY, Play
from workflows.policy.request import RequestKind

LONG = "x" * 300


@pytest.mark.parametrize(
    ("typed", "kind", "words"),
    [
        ("bug Triggers are off", RequestKind.BUG, {"summary": "Triggers are off"}),
        ("Feature  A form ", RequestKind.FEATURE, {"summary": "A form"}),
        (f"bug {LONG}", RequestKind.BUG, {"summary": LONG[:200], "field:steps": LONG}),
        (f"question {LONG}", RequestKind.QUESTION, {"question": LONG}),
        ("portal 123456 More seats", RequestKind.PORTAL, {"ticket": "123456", "why": "More seats"}),
        ("portal More seats", RequestKind.PORTAL, {"why": "More seats"}),
        ("rfc", RequestKind.RFC, {"summary": ""}),
    ],
)
def test_the_first_word_chooses_the_form_and_the_rest_stands_in_it(
    typed: str, kind: RequestKind, words: dict[str, str]
) -> None:
    """Nothing of what was typed is lost, however long it is."""
    found, rest = of_command(typed)
    assert found is kind
    assert first_words(kind, rest, POLICY) == words


def test_other_words_choose_none() -> None:
    """They wait until somebody chooses."""
    assert of_command("bugs everywhere") == (None, "bugs everywhere")


@pytest.mark.parametrize(("shared", "seen"), [(False, True), (True, False)])
def test_where_another_organisation_reads_a_questions_words_stay_out(*, shared: bool, seen: bool) -> None:
    """Who asks is said, and how to reach them."""
    play = Play().sent(RequestKind.QUESTION, question="Which form does ACME use?")
    message = posted(play.case, POLICY, {"slot": "posted", "shared": shared})
    assert ("ACME" in f"{message.text}{message.blocks}") is seen
    assert "<@U0ALICE> asks" in message.text
