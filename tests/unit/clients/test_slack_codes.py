"""Slack's error codes: what each one asks of us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clients.slack_codes import GONE, LATER, SETTINGS, UNREACHABLE, error_of
from workflows.contract.errors import EffectError, Misconfigured, NotFound, Refused, RetryLater, Unreachable

TABLE = [
    *((code, RetryLater) for code in sorted(LATER)),
    *((code, Misconfigured) for code in [*SETTINGS, "missing_scope"]),
    *((code, Unreachable) for code in [*UNREACHABLE, "restricted_action_of_a_new_kind"]),
    *((code, NotFound) for code in GONE),
    *((code, Refused) for code in ("invalid_blocks", "msg_too_long", "hash_conflict", "a_code_of_tomorrow")),
]


@pytest.mark.parametrize(("code", "expected"), TABLE)
def test_each_code_is_one_kind_of_error(code: str, expected: type[EffectError]) -> None:
    """And its sentence names the code, or the scope."""
    error = error_of(code, "posting to #product", needed="chat:write")
    assert type(error) is expected
    assert code in error.sentence or code == "missing_scope"


def test_no_code_stands_in_two_tables() -> None:
    """A code has one meaning."""
    codes = [code for code, _ in TABLE]
    assert len(codes) == len(set(codes))


def test_an_unreachable_place_keeps_slacks_word() -> None:
    """The process decides by it."""
    error = error_of("is_archived", "posting to #product")
    assert isinstance(error, Unreachable)
    assert error.code == "is_archived"


@pytest.mark.parametrize(
    ("needed", "said"),
    [("im:write", "im:write"), ("channels:history,groups:history", "channels:history,groups:history"), ("", "a scope")],
)
def test_a_missing_scope_is_named_if_slack_names_it(needed: str, said: str) -> None:
    """What is no list of scopes is not repeated."""
    assert said in error_of("missing_scope", "posting", needed=needed).sentence


@given(st.text())
def test_only_scopes_are_repeated(needed: str) -> None:
    """Nothing else of an answer finds its way into a sentence."""
    sentence = error_of("missing_scope", "posting", needed=f"<{needed}>").sentence
    assert "<" not in sentence
