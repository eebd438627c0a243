"""Which messages ask that a manager contacts a customer, which do not, and which have to be asked about."""

import pytest

from tests.unit.contact.plays import POLICY, changed
from workflows.contact.wishes import Wish, field_says, wish_of

YES = (
    "Negative feedback for ticket 123456 (manager contact requested)",
    "Ticket #123456: the customer wants to be contacted",
    "The customer on ticket 123456 would like a call from a manager",
    "ticket 123456 - she wants a manager to call them asap",
    "ZD-123456 CONTACT REQUESTED",
    "Ticket 123456. Contact requested: yes",
    "Ticket: 123456\nRating: Bad\nContact requested? Yes\nComment: I do not want to wait any longer",
    "*Contact requested:* :white_check_mark:\n*Ticket:* #123456",
    "### Contact requested\n\nYes, please\n\n### Ticket\n\n123456",
    "- [x] Manager contact requested\n- [ ] Refund requested",
    "ticket 123456: they won't close it. He would like to speak to somebody in charge, would like a callback",
    "Acme (ticket 123456) has asked for contact, please",
    "ticket #123456: the customer wants to *talk to a\n manager*",
    "They\u2019re very unhappy with ticket 123456 and want to hear from a manager",
    "Customer of ticket 123456 demands to be called today",
    "Manager contact for ticket 123456 please",
    "contact_requested: true, ticket: 123456",
    "| Contact requested | Yes |\n| Ticket | #123456 |",
)
NO = (
    "Negative feedback for ticket 123456, no contact requested",
    "Negative feedback for ticket 123456. Contact requested: no",
    "Ticket 123456. Contact requested: false",
    "Ticket 123456. Contact requested? No",
    "Ticket 123456\nContact requested: N",
    "Ticket 123456\nManager contact requested by the customer: No. Comment: I wanted to be contacted weeks ago!",
    "The customer of ticket 123456 does not want to be contacted",
    "ticket 123456: she doesn\u2019t want a call from a manager",
    "Contact is not requested for ticket 123456",
    "- [ ] Contact requested\nTicket 123456",
    "*Contact requested:* :x:\n*Ticket:* #123456",
    "The customer of ticket 123456 declined the call",
    "Ticket 123456: he no longer wants contact",
)
UNSURE = (
    "The customer of ticket 123456 mentioned a manager",
    "Could a manager call the customer of ticket 123456?",
    "Has the customer of ticket 123456 requested contact?",
    "The customer who requested contact on ticket 123456 has already been contacted",
    "Ticket 123456\nContact requested: maybe",
    "Ticket 123456\nContact requested:\nComment: too slow",
    "ticket 123456 wants no e-mails. He does not want a call. He wants to talk to a manager",
    "Ticket 123456 was escalated",
)
NONE = (
    "Could somebody look at ticket 123456?",
    "ticket 123456",
    "Thanks, all done with ticket 123456",
    "ticket 123456 uncontact requestedly",
    "Good morning everybody",
    "Ticket 123456: the contract was requested by legal",
)
TABLE = [(text, wish) for wish, texts in zip(Wish, (YES, NO, UNSURE, NONE), strict=True) for text in texts]


@pytest.mark.parametrize(("text", "wish"), TABLE)
def test_what_a_message_says_about_contact(text: str, wish: Wish) -> None:
    """Forty and more messages as people and integrations write them, both ways."""
    assert wish_of(text, POLICY.contact) is wish


def test_what_is_looked_for_is_the_companys() -> None:
    """Other words, in another language, with gaps and denials of their own."""
    german = changed(
        POLICY,
        request_fields=("Kontakt erw\u00fcnscht",),
        request_phrases=("m\u00f6chte|will ... angerufen|gesprochen",),
        refusal_phrases=("kein kontakt",),
        negations=("nicht", "nein"),
        yes_values=("ja",),
        no_values=("nein",),
    ).contact
    assert wish_of("Ticket 5: Kontakt erw\u00fcnscht: Ja", german) is Wish.YES
    assert wish_of("Ticket 5: Kontakt erw\u00fcnscht: nein", german) is Wish.NO
    assert wish_of("Der Kunde m\u00f6chte sofort angerufen werden", german) is Wish.YES
    assert wish_of("Der Kunde m\u00f6chte nicht angerufen werden", german) is Wish.NO


def test_an_issues_description_says_yes_no_or_nothing_for_certain() -> None:
    """What cannot be told says nothing."""
    assert field_says("**Contact requested:** Yes", POLICY.contact) is True
    assert field_says("**Contact requested:** No", POLICY.contact) is False
    assert field_says("**Contact requested:** maybe", POLICY.contact) is None
    assert field_says("Too slow", POLICY.contact) is None


@pytest.mark.parametrize("text", ["contact " * 20_000, "wants " * 20_000, ":" * 50_000, "[x] " * 20_000, "\n" * 50_000])
def test_very_long_texts_take_no_time(text: str) -> None:
    """Whatever somebody pastes."""
    assert wish_of(text, POLICY.contact) in Wish
