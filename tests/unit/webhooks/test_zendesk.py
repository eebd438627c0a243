"""Zendesk's webhooks: whose they are, and what they say."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.webhooks.receiver import MalformedError
from bot.webhooks.zendesk import OLDEST, PUBLIC_SECRET, Zendesk
from tests.tickets import ticket
from tests.unit.webhooks.delivering import NOW, delivery, zendesk_event, zendesk_headers
from workflows.contract.facts import Fact, Score, TicketChange, TicketChanged, TicketClaimed, TicketOpened, TicketRated

SECRET = "a secret of our own=="
BODY = b'{"account_id":1,"detail":{"id":"35436"},"type":"zen:event-type:ticket.status_changed"}'


def test_the_signature_is_worked_out_as_zendesk_does() -> None:
    """A signature computed elsewhere over timestamp and body, with Zendesk's published secret, is ours as well."""
    headers = zendesk_headers(PUBLIC_SECRET, BODY)
    assert headers["x-zendesk-webhook-signature"] == "NlWaXdUUtn3yjLTG8pUTKKomCeFKake2dWAM9H2Zw9U="
    own = zendesk_headers(SECRET, BODY)
    assert Zendesk(SECRET, "main", trusts_bodies=True).is_authentic(delivery(BODY, own))


def test_the_published_secret_is_refused_even_when_it_is_set() -> None:
    """What everybody can sign is nobody's."""
    assert not Zendesk(PUBLIC_SECRET, "main", trusts_bodies=True).is_authentic(
        delivery(BODY, zendesk_headers(PUBLIC_SECRET, BODY))
    )


@pytest.mark.parametrize(
    ("secrets", "signed_with", "is_authentic"),
    [
        ("events, triggers", "events", True),
        ("events, triggers", "triggers", True),
        ("events, triggers", "another", False),
        ("events, triggers", "events, triggers", False),
        (f"events,{PUBLIC_SECRET}", "events", True),
        (f"events,{PUBLIC_SECRET}", PUBLIC_SECRET, False),
        (" , ", "", False),
    ],
)
def test_a_webhook_for_events_and_one_for_triggers_are_both_ours(
    secrets: str, signed_with: str, *, is_authentic: bool
) -> None:
    """Each webhook has a secret of its own; the published one is refused beside others as well."""
    came = delivery(BODY, zendesk_headers(signed_with, BODY))
    assert Zendesk(secrets, "main", trusts_bodies=True).is_authentic(came) is is_authentic


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("another body", {"body": BODY + b" "}),
        ("another secret", {"secret": "another"}),
        ("no signature", {"drop": "x-zendesk-webhook-signature"}),
        ("no timestamp", {"drop": "x-zendesk-webhook-signature-timestamp"}),
        ("another timestamp", {"stamp": "2026-11-20T10:00:01Z"}),
        ("letters beyond ASCII", {"signature": "\xe4\xf6"}),
    ],
)
def test_what_is_not_signed_by_us_is_refused(what: str, change: dict[str, Any]) -> None:
    """Any change to body, timestamp or signature makes it somebody else's."""
    headers = zendesk_headers(change.get("secret", SECRET), BODY)
    headers.pop(change.get("drop", ""), None)
    if "stamp" in change:
        headers["x-zendesk-webhook-signature-timestamp"] = change["stamp"]
    if "signature" in change:
        headers["x-zendesk-webhook-signature"] = change["signature"]
    assert not Zendesk(SECRET, "main", trusts_bodies=True).is_authentic(delivery(change.get("body", BODY), headers)), (
        what
    )


@pytest.mark.parametrize(
    ("later", "is_authentic"),
    [
        (timedelta(0), True),
        (OLDEST, True),
        (OLDEST + timedelta(seconds=1), False),
        (-OLDEST, True),
        (-OLDEST - timedelta(seconds=1), False),
    ],
)
def test_an_old_signature_is_refused(later: timedelta, *, is_authentic: bool) -> None:
    """A signature is good for a while, before and after: a recorded one cannot be played back for ever."""
    came = delivery(BODY, zendesk_headers(SECRET, BODY), NOW + later)
    assert Zendesk(SECRET, "main", trusts_bodies=True).is_authentic(came) is is_authentic


@pytest.mark.parametrize("stamp", ["", "yesterday", "2026-11-20T10:00:00", "1763632800"])
def test_a_timestamp_that_is_no_aware_time_is_refused(stamp: str) -> None:
    """Signed correctly, but nobody can say how old it is."""
    assert not Zendesk(SECRET, "main", trusts_bodies=True).is_authentic(
        delivery(BODY, zendesk_headers(SECRET, BODY, stamp))
    )


def read(body: Any, stamp: str = "2026-11-20T10:00:00Z") -> list[Fact]:
    """What a delivery says."""
    return [
        incoming.fact
        for incoming in Zendesk(SECRET, "main", trusts_bodies=True).read(
            delivery(body, zendesk_headers(SECRET, b"", stamp))
        )
    ]


AT = datetime(2026, 11, 20, 9, 59, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "event", "change"),
    [
        ("status_changed", {"previous": "OPEN", "current": "SOLVED"}, TicketChange.SOLVED),
        ("status_changed", {"previous": "SOLVED", "current": "OPEN"}, TicketChange.REOPENED),
        ("status_changed", {"previous": "SOLVED", "current": "PENDING"}, TicketChange.REOPENED),
        ("status_changed", {"previous": "OPEN", "current": "CLOSED"}, TicketChange.CLOSED),
        ("status_changed", {"previous": "DELETED", "current": "SOLVED"}, TicketChange.SOLVED),
        ("status_changed", {"previous": "Solved", "current": "Hold"}, TicketChange.REOPENED),
        ("comment_added", {"comment": {"id": "9", "is_public": True, "body": "Hi"}}, TicketChange.REPLIED),
        (
            "comment_added",
            {"comment": {"is_public": True, "author": {"id": "5", "is_staff": True, "name": "Alice"}}},
            TicketChange.REPLIED,
        ),
        ("merged", {}, TicketChange.MERGED),
    ],
)
def test_events_of_tickets_are_understood(kind: str, event: dict[str, Any], change: TicketChange) -> None:
    """Replied publicly, solved, reopened, merged."""
    assert read(zendesk_event(kind, event)) == [TicketChanged(at=AT, ticket=ticket(35436), change=change)]


def test_a_merged_ticket_says_into_which_when_zendesk_does() -> None:
    """The other ticket's number is kept where it is told."""
    (fact,) = read(zendesk_event("merged", {"target_ticket_id": "123"}))
    assert fact == TicketChanged(at=AT, ticket=ticket(35436), change=TicketChange.MERGED, into=ticket(123))
    assert fact.sentence == "ticket 35436 was merged into ticket 123"


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("status_changed", {"previous": "NEW", "current": "OPEN"}),
        ("status_changed", {"previous": "SOLVED", "current": "CLOSED"}),
        ("status_changed", {"previous": "CLOSED", "current": "SOLVED"}),
        ("status_changed", {}),
        ("comment_added", {"comment": {"is_public": False}}),
        ("status_changed", {"previous": "SOLVED", "current": "DELETED"}),
        ("status_changed", {"previous": "CLOSED", "current": "ARCHIVED"}),
        ("status_changed", {"previous": "CLOSED", "current": "SCRUBBED"}),
        ("status_changed", {"previous": "DELETED", "current": "OPEN"}),
        ("comment_added", {"comment": {"is_public": True, "author": {"id": "7", "is_staff": False}}}),
        ("comment_added", {"comment": {"is_public": True, "author": {"id": "101"}}}),
        ("comment_added", {}),
        ("comment_added", {"comment": "text"}),
        ("tags_changed", {"tags_added": ["a"]}),
        ("csat_received", {"satisfaction_score": {"score": "OFFERED"}}),
        ("something_new", {}),
    ],
)
def test_what_is_none_of_ours_is_ignored(kind: str, event: dict[str, Any]) -> None:
    """Internal notes, the customer's own comments, other states, types nobody knows yet."""
    assert read(zendesk_event(kind, event)) == []


def claims(body: Any) -> list[Fact]:
    """What is made of a delivery where bodies that somebody typed into a trigger are not trusted."""
    reader = Zendesk(SECRET, "main", trusts_bodies=False)
    return [one.fact for one in reader.read(delivery(body, zendesk_headers(SECRET, b"")))]


def test_a_body_that_is_not_trusted_only_says_which_ticket_to_ask_about() -> None:
    """The ticket, when, and what is said to have happened: no rating, no comment, no other ticket."""
    stamp = "2026-11-20T09:59:58Z"
    feedback = {"type": "desk.feedback", "ticket": "#7", "rating": "Bad", "at": stamp, "comment": "Call me"}
    assert claims(feedback) == [TicketClaimed(at=AT, ticket=ticket(7))]
    wish = {"type": "desk.feedback", "ticket": "7", "contact_requested": "contact_yes", "at": stamp, "comment": "x"}
    assert claims(wish) == [TicketClaimed(at=AT, ticket=ticket(7), answer="contact_yes")]
    merged = {"type": "desk.ticket", "ticket": "7", "change": "Merged", "into": 9, "at": stamp}
    assert claims(merged) == [TicketClaimed(at=AT, ticket=ticket(7), change=TicketChange.MERGED)]
    assert claims(zendesk_event("csat_received", {"survey": {"id": "1"}})) == [
        TicketClaimed(at=AT, ticket=ticket(35436))
    ]
    assert claims(feedback)[0].subjects == (), "no case hears of it"


def test_a_new_ticket_is_told_by_event_and_by_trigger() -> None:
    """Both say just which ticket; who it is from is asked for, so neither has to be trusted."""
    created = {"type": "desk.ticket", "ticket": "7", "change": "Created", "at": "2026-11-20T09:59:58Z"}
    assert read(zendesk_event("created", {})) == claims(zendesk_event("created", {})) != []
    assert read(zendesk_event("created", {})) == [TicketOpened(at=AT, ticket=ticket(35436))]
    assert read(created) == claims(created) == [TicketOpened(at=AT, ticket=ticket(7))]


def test_a_rating_is_understood() -> None:
    """The event says the score and the comment, and nothing of contact."""
    event = {"satisfaction_score": {"score": "BAD", "comment": "Nobody called."}}
    rated = TicketRated(at=AT, ticket=ticket(35436), score=Score.BAD, comment="Nobody called.")
    assert read(zendesk_event("csat_received", event)) == [rated]


@pytest.mark.parametrize(
    ("rating", "score"),
    [("Bad, I'm unsatisfied", Score.BAD), ("good", Score.GOOD), ("", None), ("Offered", None), (None, None)],
)
@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("Yes, please", "Yes, please"),
        (" contact_yes ", "contact_yes"),
        (True, "true"),
        (False, "false"),
        ("", ""),
        (None, ""),
    ],
)
def test_the_template_for_feedback_is_understood(
    rating: str | None, score: Score | None, field: Any, answer: str
) -> None:
    """Whatever the placeholders print, in words, as a tag or as a checkbox does; an empty field says nothing."""
    body = {"type": "desk.feedback", "ticket": "123456", "rating": rating, "contact_requested": field}
    assert read(body) == [TicketRated(at=NOW, ticket=ticket(123456), score=score, contact_answer=answer)]


def test_the_template_for_tickets_is_understood() -> None:
    """For accounts that use triggers instead of events."""
    body = {"type": "desk.ticket", "ticket": "7", "change": "merged", "into": 9, "at": "2026-11-20T09:59:58Z"}
    assert read(body) == [TicketChanged(at=AT, ticket=ticket(7), change=TicketChange.MERGED, into=ticket(9))]


@pytest.mark.parametrize(
    "words", ['She said "no" twice.', "first\nsecond", 'a "b" } c', 'ends in a quote"', "tab\there", "back\\slash"]
)
def test_a_comment_that_breaks_the_json_is_read_all_the_same(words: str) -> None:
    """A customer's quotation marks must not cost them the call they asked for."""
    head = '{"type": "desk.feedback", "ticket": "123456", "contact_requested": "Yes", "at": "x", "comment": "'
    (fact,) = read(f'{head}{words}"}}\n'.encode())
    assert isinstance(fact, TicketRated)
    assert (fact.ticket, fact.contact_answer, fact.comment) == (ticket(123456), "Yes", words)


@pytest.mark.parametrize(
    "words",
    [
        'x", "ticket": "999", "contact_requested": "Yes',
        'x", "type": "desk.ticket", "change": "merged", "into": "999',
        'x", "change": "merged", "type": "desk.ticket", "y": "',
        'x", "contact_requested": "Yes", "comment": "y',
        'x", "contact_requested": "Yes',
    ],
)
@pytest.mark.parametrize("field", ['"contact_requested": "No", ', ""])
def test_the_words_of_a_customer_are_words_and_nothing_else(words: str, field: str) -> None:
    """A comment that closes its own quotation marks says nothing of tickets, changes or wishes."""
    head = f'{{"type": "desk.feedback", "ticket": "123456", {field}"at": "x", "comment": "'
    (fact,) = read(f'{head}{words}"}}'.encode())
    assert isinstance(fact, TicketRated)
    assert (fact.ticket, fact.contact_answer) == (ticket(123456), "No" if field else "")
    assert fact.comment == words


def test_a_body_that_says_a_thing_twice_says_neither() -> None:
    """Nobody can know which of two ticket numbers is meant."""
    with pytest.raises(MalformedError):
        read(b'{"type": "desk.ticket", "ticket": 1, "change": "solved", "ticket": 2}')


def test_a_comment_is_made_fit_to_be_stored() -> None:
    """Half a character and NUL, which databases refuse, are replaced; a very long comment is cut."""
    body = b'{"type": "desk.feedback", "ticket": 1, "comment": "a\\ud83d\\u0000b' + b"x" * 20_000 + b'"}'
    (fact,) = read(body)
    assert isinstance(fact, TicketRated)
    assert fact.comment.startswith("a?bxxx")
    assert len(fact.comment) == 10_000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"[1]",
        b'"text"',
        b"[" * 100_000,
        b'{"type": "desk.feedback", "comment": "a" b"}',
        {"type": "desk.feedback"},
        {"type": "desk.feedback", "ticket": "about ten"},
        {"type": "desk.feedback", "ticket": -4},
        {"type": "desk.feedback", "ticket": 10**30},
        {"type": "desk.ticket", "ticket": 1, "change": "eaten"},
        {"type": "zen:event-type:ticket.merged", "id": "1"},
        {"type": "zen:event-type:ticket.merged", "id": "1", "detail": {"id": "many"}},
    ],
)
def test_what_cannot_be_read_is_called_malformed(body: Any) -> None:
    """It is said so, without quoting what a customer may have written."""
    with pytest.raises(MalformedError) as caught:
        read(body)
    assert "about ten" not in str(caught.value)


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: json.dumps({"type": text}).encode()))
def test_nothing_that_is_sent_breaks_the_reading(body: bytes) -> None:
    """Any body is read, ignored or malformed."""
    with contextlib.suppress(MalformedError):
        read(body)


def test_two_accounts_that_say_the_same_say_two_things() -> None:
    """Ticket 5 is rated in both in the same second: neither delivery is taken for the other's repetition."""
    body = {"type": "desk.feedback", "ticket": "5", "rating": "Bad", "at": "2026-11-20T09:59:58Z"}
    (main,) = Zendesk(SECRET, "main", trusts_bodies=True).read(delivery(body))
    (emea,) = Zendesk(SECRET, "emea", trusts_bodies=True).read(delivery(body))
    assert main.key != emea.key
    assert isinstance(emea.fact, TicketRated)
    assert emea.fact.ticket == ticket(5, "emea")
    assert main.fact.subjects != emea.fact.subjects


@pytest.mark.parametrize("into", ["0", str(2**53), "9" * 400])
def test_a_merge_into_a_number_no_ticket_has_is_a_merge_into_some_ticket(into: str) -> None:
    """What is saved can be read again."""
    (fact,) = read(zendesk_event("merged", {"target_ticket_id": into}))
    assert isinstance(fact, TicketChanged)
    assert fact.into is None


def key(body: Any, stamp: str, invocation: str | None = "1") -> str:
    """The key of what a delivery says."""
    headers = {"x-zendesk-webhook-signature-timestamp": stamp}
    headers |= {"x-zendesk-webhook-invocation-id": invocation} if invocation else {}
    return Zendesk(SECRET, "main", trusts_bodies=True).read(delivery(body, headers))[0].key


def test_the_same_event_has_the_same_key_however_often_it_comes() -> None:
    """An event by its id; a template's body by itself when it says when."""
    event = zendesk_event("merged", {})
    assert key(event, "a", "1") == key(event, "b", "2") == f"zendesk:main:{event['id']}"
    body = {"type": "desk.feedback", "ticket": 1, "at": "2026-11-20T09:59:58Z"}
    assert key(body, "a", "1") == key(body, "b", "2")


def test_two_occasions_with_the_same_words_have_two_keys() -> None:
    """Without a time in the template, the delivery's own id or stamp tells two ratings apart, and not two tries."""
    body = {"type": "desk.feedback", "ticket": 1, "rating": "bad"}
    assert key(body, "a", "1") == key(body, "b", "1") != key(body, "a", "2")
    assert key(body, "a", None) != key(body, "b", None)
    assert key(body, "a", None) == key(body, "a", None)
