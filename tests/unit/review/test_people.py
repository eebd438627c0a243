"""Whom a customer's words name."""

import pytest

from tests.policies import company_policy
from workflows.review.people import is_unnamed, praised, without_them

POLICY = company_policy(
    {
        "roster": [
            {"email": "alice.archer@example.com", "slack": "U0ALICE001"},
            {"email": "will@example.com", "name": "Will Zhang"},
            {"email": "w2@example.com", "name": "Will Young"},
            {"email": "zoe@example.com", "name": "Zoë (Support)"},
        ],
        "review": {"week": {"unnamed": ["Zoe@example.com", "U0ALICE001"]}},
    }
)


@pytest.mark.parametrize(
    ("words", "engineer", "email"),
    [
        ("Alice was great", None, "alice.archer@example.com"),
        ("thank you ALICE   archer!", None, "alice.archer@example.com"),
        ("malice was great, alices too", None, None),
        ("I will come back", None, None),
        ("Will was great", None, None),
        ("Will was great", "w2@example.com", "w2@example.com"),
        ("Will Zhang was great", "w2@example.com", "will@example.com"),
        ("Alice and Zoë", "zoe@example.com", "zoe@example.com"),
        ("Alice and Zoë", "somebody@example.com", None),
        ("", None, None),
    ],
)
def test_who_is_named(words: str, engineer: str | None, email: str | None) -> None:
    """A whole name before a first name, as words of their own; of several the ticket's engineer, or nobody."""
    found = praised(words, engineer, POLICY)
    assert (found.email if found else None) == email


@pytest.mark.parametrize(
    ("who", "email", "name", "unnamed"),
    [
        ("U0ALICE001", None, "", True),
        (None, None, "Alice Archer", True),
        ("U9", "ZOE@example.com", "Zoë", True),
        (None, None, "Zoë", True),
        (None, None, "", False),
        ("U9", "will@example.com", "Will Zhang", False),
    ],
)
def test_who_would_rather_not_be_named(who: str | None, email: str | None, name: str, unnamed: bool) -> None:  # noqa: FBT001 - a column
    """By whatever is known of them; the team has no such wish."""
    assert is_unnamed(who, email, name, POLICY) == unnamed


def test_the_words_do_not_name_them_either() -> None:
    """Their first name and their whole one, as words of their own."""
    assert without_them("alice archer: Alice, malice", "alice.archer@example.com", "Alice A. (She/her)", POLICY) == (
        "a teammate: a teammate, malice"
    )
