"""Zendesk's webhooks: event subscriptions, and triggers and automations with the bodies docs/vendors.md asks for."""

import hmac
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, ValidationError

from bot.clients.zendesk_news import LONGEST_ANSWER, LONGEST_COMMENT
from bot.clients.zendesk_statuses import change_of_status, score_of
from bot.webhooks.receiver import Delivery, MalformedError, Name, Number, Sent, moment
from workflows.contract.facts import (
    Fact,
    IncomingFact,
    TicketChange,
    TicketChanged,
    TicketClaimed,
    TicketOpened,
    TicketRated,
)
from workflows.lib.outside_json import storable
from workflows.lib.tickets import TicketRef

PUBLIC_SECRET: Final = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105 - it is published by Zendesk
"""What "Test webhook" signs with before a webhook is made. Everybody knows it, so nothing signed with it is taken."""

OLDEST: Final = timedelta(minutes=30)
"""How old a signature may be: whether a repeated delivery is signed anew is not documented. Replays within this time
are stopped by their key."""


def _number(number: object) -> object:
    """A ticket's number as people write it, `#123456`."""
    return number.strip().removeprefix("#") if isinstance(number, str) else number


def _small(word: object) -> object:
    return word.strip().lower() if isinstance(word, str) else word


TicketNumber = Annotated[Number, BeforeValidator(_number)]
_TOO_LONG = 17
_EVENT = "zen:event-type:ticket."
_WORDS = tuple(re.compile(rf',\s*"({key})"\s*:\s*"', re.ASCII) for key in ("comment", "contact_requested"))
"""Where a customer's words may begin: their comment, or else a field of the form that takes any text."""


class Zendesk:
    """Signed by HMAC over the timestamp and the body. `account` is whose tickets it tells of.

    A trigger's body is filled in with what customers wrote: unless `trusts_bodies`, it only says which ticket to ask
    about.
    """

    def __init__(self, secrets: str, account: str, *, trusts_bodies: bool) -> None:
        """`secrets` are one or several, separated by commas: one webhook for events and one for triggers have two."""
        self._trusts_bodies = trusts_bodies
        own = [secret.strip() for secret in secrets.split(",") if secret.strip()]
        self._secrets = [secret for secret in own if secret != PUBLIC_SECRET]
        self._account = account

    def is_authentic(self, delivery: Delivery) -> bool:
        """Whether the signature is made with one of our secrets, lately. All are compared: time tells nothing."""
        stamp = delivery.headers.get("x-zendesk-webhook-signature-timestamp", "")
        given = delivery.headers.get("x-zendesk-webhook-signature", "").encode()
        signed = stamp.encode() + delivery.body
        own = [b64encode(hmac.new(secret.encode(), signed, sha256).digest()) for secret in self._secrets]
        return sum(hmac.compare_digest(one, given) for one in own) > 0 and _is_recent(stamp, delivery.real_now)

    def read(self, delivery: Delivery) -> Sequence[IncomingFact]:
        """What it tells: a rating, or what happened to a ticket."""
        sent = _object(delivery.text)
        kind = str(sent.get("type", ""))
        try:
            if kind == "desk.feedback":
                return [self._templated(delivery, sent, _Feedback.model_validate(sent, context=delivery.odd))]
            if kind == "desk.ticket":
                return [self._templated(delivery, sent, _Ticket.model_validate(sent, context=delivery.odd))]
            if kind.startswith(_EVENT):
                event = _Event.model_validate(sent, context=delivery.odd)
                fact = event.fact(kind.removeprefix(_EVENT), self._account, delivery)
                return [IncomingFact(f"zendesk:{self._account}:{event.id}", fact)] if fact else []
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            raise MalformedError(f"{kind}: {'.'.join(str(part) for part in first['loc'])}") from None
        return []

    def _templated(self, delivery: Delivery, sent: dict[str, Any], payload: "_Feedback | _Ticket") -> IncomingFact:
        """Two accounts may send the same words of tickets of the same number: the key says whose they are."""
        key = f"zendesk:{self._account}:body:{_occasion(delivery, sent)}"
        return IncomingFact(key, (payload.fact if self._trusts_bodies else payload.claim)(self._account, delivery))


def _is_recent(stamp: str, real_now: datetime) -> bool:
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return False
    return at.tzinfo is not None and abs(real_now - at) <= OLDEST


def _occasion(delivery: Delivery, sent: dict[str, Any]) -> str:
    """With `at` in it the body itself tells two occasions apart; without, what Zendesk says of the delivery does."""
    if sent.get("at"):
        return delivery.digest()
    headers = delivery.headers
    occasion = headers.get("x-zendesk-webhook-invocation-id") or headers["x-zendesk-webhook-signature-timestamp"]
    return delivery.digest(occasion)


# ------------------------------------------------------------------------------- triggers and automations


def _object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body. What a customer wrote may have broken it: then it is read up to their words."""
    text = body.decode(errors="replace")
    try:
        # Line ends inside a comment are let pass.
        sent = json.loads(text, strict=False, object_pairs_hook=_each_key_once)
    except RecursionError:
        raise MalformedError("nested too deeply") from None
    except ValueError:
        sent = _up_to_their_words(text)
    if not isinstance(sent, dict):
        raise MalformedError("no JSON object")
    if "comment" in sent and next(reversed(sent)) != "comment":  # what stands behind it may be the customer's
        sent = _up_to_their_words(text)
    return {key: storable(value) if isinstance(value, str) else value for key, value in sent.items()}


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that comes twice: a comment with quotation marks in it can write keys of its own behind ours."""
    sent = dict(pairs)
    if len(sent) < len(pairs):
        raise ValueError
    return sent


def _up_to_their_words(text: str) -> dict[str, Any]:
    """What stands before a customer's words, and these words as they are; nothing behind them counts."""
    for begin in _WORDS:
        cut = begin.search(text)
        if cut is None:
            continue
        try:
            sent = json.loads(text[: cut.start()] + "}", object_pairs_hook=_each_key_once)
        except (ValueError, RecursionError):
            continue
        if isinstance(sent, dict):
            return {**sent, cut[1]: text[cut.end() :].rstrip().removesuffix("}").rstrip().removesuffix('"')}
    raise MalformedError("no JSON")


class _Feedback(Sent):
    """A rating or form, as the template in docs/vendors.md has it: every value is text, and may be empty."""

    ticket: TicketNumber
    rating: str | None = None
    comment: str | None = None
    contact_requested: str | bool | None = None
    at: str | None = None

    def fact(self, account: str, delivery: Delivery) -> Fact:
        """What it tells."""
        return TicketRated(
            at=moment(self.at, delivery.now),
            ticket=TicketRef(account, self.ticket),
            score=score_of(self.rating),
            comment=(self.comment or "").strip()[:LONGEST_COMMENT],
            contact_answer=_answer(self.contact_requested),
        )

    def claim(self, account: str, delivery: Delivery) -> Fact:
        """Say that feedback was given, without a customer's words."""
        return TicketClaimed(
            at=moment(self.at, delivery.now),
            ticket=TicketRef(account, self.ticket),
            answer=_answer(self.contact_requested),
        )


def _or_zero(number: object) -> object:
    """The template's `into` is empty for every change but a merge."""
    return 0 if isinstance(number, str) and not number.strip() else number


class _Ticket(Sent):
    """What happened to a ticket, as the template in docs/vendors.md has it."""

    ticket: TicketNumber
    change: Annotated[TicketChange | Literal["created"], BeforeValidator(_small)]
    into: Annotated[int, Field(ge=0, lt=2**53), BeforeValidator(_or_zero)] | None = None
    at: str | None = None

    def fact(self, account: str, delivery: Delivery) -> Fact:
        """What it tells."""
        at, ticket = moment(self.at, delivery.now), TicketRef(account, self.ticket)
        if self.change == "created":
            return TicketOpened(at=at, ticket=ticket)
        return TicketChanged(
            at=at,
            ticket=ticket,
            change=self.change,
            into=TicketRef(account, self.into) if self.into else None,
        )

    def claim(self, account: str, delivery: Delivery) -> Fact:
        """Say that something happened to the ticket, without its other words."""
        at, ticket = moment(self.at, delivery.now), TicketRef(account, self.ticket)
        if self.change == "created":  # who it is from is asked for anyway
            return TicketOpened(at=at, ticket=ticket)
        return TicketClaimed(at=at, ticket=ticket, change=self.change)


def _answer(field: str | bool | None) -> str:  # noqa: FBT001 - the answer itself
    """What stands in the form's field: `true` of a checkbox, the tag or the words of a menu's option."""
    return ("" if field is None else str(field).lower() if isinstance(field, bool) else field.strip())[:LONGEST_ANSWER]


# ----------------------------------------------------------------------------------- event subscriptions


class _Detail(Sent):
    id: TicketNumber
    requester_id: str | None = None


class _Event(Sent):
    """An event: `detail` is the ticket after it, `event` what changed, in a form of each type's own."""

    id: Name
    time: str | None = None
    detail: _Detail
    event: dict[str, Any] = Field(default_factory=dict)

    def fact(self, kind: str, account: str, delivery: Delivery) -> Fact | None:
        """What it tells; None when it is nothing we listen to."""
        at, ticket = moment(self.time, delivery.now), TicketRef(account, self.detail.id)
        if kind == "csat_received":
            return self._rating(at, ticket)
        if kind == "created":
            return TicketOpened(at=at, ticket=ticket)
        change = self._change(kind)
        if change is None:
            return None
        into = self._number("target_ticket_id", "target_id") if change is TicketChange.MERGED else None
        return TicketChanged(at=at, ticket=ticket, change=change, into=TicketRef(account, into) if into else None)

    def _change(self, kind: str) -> TicketChange | None:
        match kind:
            case "comment_added":
                return TicketChange.REPLIED if self._is_reply() else None
            case "status_changed":
                return self._status()
            case "merged":
                return TicketChange.MERGED
        return None

    def _status(self) -> TicketChange | None:
        before, after = (str(self.event.get(name) or "").lower() for name in ("previous", "current"))
        return change_of_status(before, after)

    def _is_reply(self) -> bool:
        """Whether a comment is one that the customer reads and has not written."""
        comment = self.event.get("comment")
        if not isinstance(comment, dict) or comment.get("is_public") is not True:
            return False
        author = comment.get("author")
        by = author if isinstance(author, dict) else {}
        is_customer = by.get("is_staff") is False or str(by.get("id")) == str(self.detail.requester_id)
        return not is_customer

    def _rating(self, at: datetime, ticket: TicketRef) -> Fact | None:
        given = self.event.get("satisfaction_score", self.event)
        rating = given if isinstance(given, dict) else {"score": given}
        score = score_of(str(rating.get("score") or ""))
        comment = str(rating.get("comment") or "").strip()[:LONGEST_COMMENT]
        if score is None and "satisfaction_score" not in self.event:  # of a survey whose answers are asked for
            return TicketClaimed(at=at, ticket=ticket)
        return TicketRated(at=at, ticket=ticket, score=score, comment=comment) if score else None

    def _number(self, *names: str) -> int | None:
        values = (str(self.event.get(name, "")) for name in names)
        numbers = (int(value) for value in values if value.isdecimal() and len(value) < _TOO_LONG)
        return next((number for number in numbers if 0 < number < 2**53), None)
