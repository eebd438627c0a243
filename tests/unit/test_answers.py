"""What counts as a yes or a no in a form's field."""

import pytest

from tests.policies import company_policy


@pytest.mark.parametrize(
    ("answer", "asks"),
    [
        ("Yes, please", True),
        ("YES", True),
        ("contact_yes", True),
        ("yes_please_contact_me", True),
        ("true", True),
        ("1", True),
        ("No", False),
        ("no_thanks", False),
        ("contact-no", False),
        ("0", False),
        ("false", False),
        ("", None),
        ("not sure", None),
        ("Perhaps", None),
        ("yesterday", None),
        ("call_me", None),
        ("no_contact_yes", None),
        ("yes, on the other hand: no", None),
        ("I said yes because you asked", None),
    ],
)
def test_an_answer_is_a_yes_a_no_or_neither(answer: str, *, asks: bool | None) -> None:
    """Whole, or where it begins or ends with one: the tag of an option is as good as its words."""
    assert company_policy().contact.asks(answer) is asks


def test_a_company_names_its_own_answers() -> None:
    """A menu without a Yes in it."""
    contact = company_policy({"contact": {"yes_values": ["call me"], "no_values": ["do not"]}}).contact
    assert [contact.asks(one) for one in ("call_me", "please_call_me", "do_not_call_me", "yes")] == [
        True,
        True,
        None,
        None,
    ]
