"""What Zendesk would have told by webhook, for who asks: feedback, and what happened to tickets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from bot.clients import zendesk_answers as answers
from bot.clients.http import Call, Http, Rejected
from bot.clients.zendesk_pages import pages
from bot.clients.zendesk_statuses import change_of_status, score_of
from bot.clients.zendesk_surveys import SURVEY_RESPONSES, SurveyResponse, Unknown, read_answers
from workflows.contract.errors import EffectError, Misconfigured, NotFound
from workflows.contract.facts import IncomingFact, Score, TicketChange, TicketChanged, TicketRated
from workflows.contract.news_ports import TicketNews
from workflows.lib.tickets import TicketRef
from workflows.policy.tickets import TicketAccount

_PAGE: Final = 100
_MOST_AUDIT_PAGES: Final = 20
_STAFF: Final = frozenset({"agent", "admin"})
_ABSENT: Final = (NotFound, Rejected, Misconfigured)
"""How an account answers about a survey that it does not have."""

_ABSENT_FOR: Final = timedelta(days=1)
"""So long such a survey is not asked for again: an account changes it once in its life."""

LONGEST_COMMENT: Final = 10_000
LONGEST_ANSWER: Final = 200


class ZendeskNews(TicketNews):
    """One account, called `name` in the policy, which knows it as `account`."""

    def __init__(self, http: Http, name: str, account: TicketAccount) -> None:
        self._http = http
        self._name = name
        self._account = account
        self.unknown = Unknown()
        self._absent_since: dict[str, datetime] = {}

    # ------------------------------------------------------------------------------------- feedback

    def ratings(self, since: datetime, until: datetime) -> list[IncomingFact]:
        """The ratings of the older survey and the responses of today's: an account has one of the two."""
        found: list[IncomingFact] = []
        absent: list[EffectError] = []
        for survey in (self._older_ratings, self._responses_since):
            known = self._absent_since.get(survey.__name__)
            if known is not None and until - known < _ABSENT_FOR:
                continue
            try:
                found += survey(since, until)
            except _ABSENT as error:
                absent.append(error)
                self._absent_since[survey.__name__] = until
        if len(absent) > 1:
            self._absent_since.clear()
            raise absent[0]
        return found

    def feedback(self, ticket: int, at: datetime, answer: str) -> list[IncomingFact]:
        """The rating that stands on a ticket, with what its form's fields say."""
        found = self._read(ticket)
        fields = {one.id: _text(one.value) for one in found.custom_fields}
        account, rating = self._account, found.satisfaction_rating or answers.TicketRating()
        asks = fields.get(account.contact_field, "") if account.contact_field else answer
        score = score_of(fields.get(account.rating_field or 0, "")) or score_of(rating.score)
        comment = fields.get(account.comment_field or 0, "") or rating.comment or ""
        if score is None and not rating.score.startswith("offered"):
            responses = self._responses_of(ticket)
            if responses:
                return [fact for one in responses for fact in self._response(one, asks)]
        if score is None and not asks:
            return []
        own = f"rating:{rating.id}" if rating.id and score_of(rating.score) else f"form:{at.isoformat()}"
        return [self._rated(ticket, at, score, comment, asks, own)]

    def surveys(self) -> str:
        """Which survey the account has, in a sentence; it reads the newest responses, for what is not understood."""
        try:
            newest = next(self._response_pages({}))
        except _ABSENT:
            return "It has the older satisfaction survey, or none."
        for one in newest:
            self.unknown.add(read_answers(one, self._account.contact_question).unknown)
        return "It has the survey of today." if newest else "It has no response to a survey of today yet."

    def _older_ratings(self, since: datetime, until: datetime) -> list[IncomingFact]:
        params: dict[str, str | int] = {
            "start_time": int(since.timestamp()),
            "end_time": int(until.timestamp()) + 1,
            "page[size]": _PAGE,
        }
        call = Call("list_ratings", "GET", "/satisfaction_ratings", "the ratings", params=params)
        found = [
            (one, one.ticket_id, score)
            for page in pages(self._http, call, answers.RATINGS)
            for one in page.satisfaction_ratings
            if one.ticket_id is not None  # of a ticket deleted since
            and (score := score_of(one.score)) is not None
            and one.at > since
        ]
        asks = self._answers(ticket for _, ticket, _ in found)
        return [
            self._rated(ticket, one.at, score, one.comment or "", asks.get(ticket, ""), f"rating:{one.id}")
            for one, ticket, score in found
        ]

    def _answers(self, tickets: Iterable[int]) -> dict[int, str]:
        """What stands in the field about contact of these tickets, where the account has one."""
        field = self._account.contact_field
        if field is None:
            return {}
        return {
            ticket.id: _text(one.value)
            for ticket in self._tickets(tickets)
            for one in ticket.custom_fields
            if one.id == field
        }

    def _responses_since(self, since: datetime, until: datetime) -> list[IncomingFact]:
        milliseconds = {"filter[created_at_start]": int(since.timestamp() * 1000)}
        found = [one for page in self._response_pages(milliseconds) for one in page]
        asks = self._answers(one.ticket for one in found if one.ticket is not None)
        told = (fact for one in found for fact in self._response(one, asks.get(one.ticket or 0, "")))
        return [one for one in told if since < one.fact.at <= until]

    def _responses_of(self, ticket: int) -> list[SurveyResponse]:
        try:
            found = [
                one for page in self._response_pages({"filter[subject_zrns]": f"zen:ticket:{ticket}"}) for one in page
            ]
        except _ABSENT:
            return []
        return [one for one in found if one.ticket == ticket]

    def _response_pages(self, params: Mapping[str, str | int]) -> Iterator[list[SurveyResponse]]:
        call = Call(
            "list_survey_responses",
            "GET",
            "/guide/survey_responses",
            "the survey responses",
            params={**params, "page[size]": _PAGE},
        )
        return (page.survey_responses for page in pages(self._http, call, SURVEY_RESPONSES))

    def _response(self, response: SurveyResponse, answer: str = "") -> Iterator[IncomingFact]:
        said = read_answers(response, self._account.contact_question)
        self.unknown.add(said.unknown)
        ticket, asks = response.ticket, said.contact or answer
        if ticket is not None and said.at is not None and (said.score is not None or asks):
            yield self._rated(ticket, said.at, said.score, said.comment, asks, f"survey:{response.id}")

    def _rated(
        self, ticket: int, at: datetime, score: Score | None, comment: str, answer: str, own: str
    ) -> IncomingFact:
        fact = TicketRated(
            at=at.astimezone(UTC),
            ticket=TicketRef(self._name, ticket),
            score=score,
            comment=_storable(comment).strip()[:LONGEST_COMMENT],
            contact_answer=_storable(answer).strip()[:LONGEST_ANSWER],
        )
        said = sha256(f"{fact.comment}\0{fact.contact_answer}".encode()).hexdigest()[:16]
        return IncomingFact(f"news:{self._name}:{ticket}:{own}:{score}:{said}", fact)

    # -------------------------------------------------------------------------------------- changes

    def changes(self, tickets: Sequence[int], since: datetime) -> list[IncomingFact]:
        """What the tickets' own history says; only that of a ticket that changed since is read."""
        changed = (one for one in self._tickets(tickets) if _at(one.updated_at, since) >= since)
        return [fact for ticket in changed for fact in self._history(ticket, since)]

    def _tickets(self, tickets: Iterable[int]) -> Iterator[answers.Ticket]:
        wanted = sorted(set(tickets))
        for first in range(0, len(wanted), _PAGE):
            params = {"ids": ",".join(map(str, wanted[first : first + _PAGE]))}
            call = Call("read_tickets", "GET", "/tickets/show_many", "the tickets", params=params)
            yield from self._http.send(call, answers.TICKETS).tickets

    def _history(self, ticket: answers.Ticket, since: datetime) -> Iterator[IncomingFact]:
        path, what = f"/tickets/{ticket.id}/audits", f"ticket {ticket.id}"
        params: dict[str, str | int] = {"page[size]": _PAGE, "include": "users"}
        call = Call("list_audits", "GET", path, what, params=params)
        try:
            found = list(islice(pages(self._http, call, answers.AUDITS), _MOST_AUDIT_PAGES))
        except (NotFound, Rejected):  # deleted since, or not shown to us
            return
        for page in found:
            people = {user.id: user for user in page.users}
            for audit in page.audits:
                if audit.created_at <= since:
                    continue
                for change in _changes(audit, ticket, people):
                    yield self._changed(ticket.id, audit, change, people.get(audit.author_id or 0))

    def _changed(
        self, ticket: int, audit: answers.Audit, change: TicketChange, author: answers.Named | None
    ) -> IncomingFact:
        into = _into(audit) if change is TicketChange.MERGED else None
        fact = TicketChanged(
            at=audit.created_at.astimezone(UTC),
            by=(author.name or "") if author else "",
            ticket=TicketRef(self._name, ticket),
            change=change,
            into=TicketRef(self._name, into) if into else None,
        )
        return IncomingFact(f"news:{self._name}:audit:{audit.id}:{change}", fact)

    def _read(self, ticket: int) -> answers.Ticket:
        call = Call("read_ticket", "GET", f"/tickets/{ticket}", f"ticket {ticket}")
        return self._http.send(call, answers.TICKET).ticket


def _changes(audit: answers.Audit, ticket: answers.Ticket, people: dict[int, answers.Named]) -> Iterator[TicketChange]:
    """What an update means; a merge closes the ticket and writes into it, and is neither for us."""
    if audit.via.source.rel == "merge" and ticket.status.lower() == "closed":
        yield TicketChange.MERGED
        return
    for event in audit.events:
        if event.type == "Change" and event.field_name == "status":
            change = change_of_status(_text(event.previous_value).lower(), _text(event.value).lower())
            if change is not None:
                yield change
        elif event.type == "Comment" and event.public and _is_staff(event.author_id or audit.author_id, ticket, people):
            yield TicketChange.REPLIED


def _is_staff(author: int | None, ticket: answers.Ticket, people: dict[int, answers.Named]) -> bool:
    known = people.get(author or 0)
    return known.role in _STAFF if known and known.role else author != ticket.requester_id


def _into(audit: answers.Audit) -> int | None:
    number = _text(audit.via.source.to.get("ticket_id"))
    return int(number) if number.isascii() and number.isdecimal() and 0 < int(number[:16]) < 2**53 else None


def _at(stamp: str, otherwise: datetime) -> datetime:
    """When a ticket last changed; one whose stamp cannot be read may have."""
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return otherwise
    return at if at.tzinfo else otherwise


def _text(value: Any) -> str:  # noqa: ANN401 - of any field
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _storable(text: str) -> str:
    """Without half characters and NUL, which a database refuses."""
    return text.encode(errors="replace").decode().replace("\0", "")
