"""Tickets in Zendesk Support."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

import httpx
from pydantic import TypeAdapter

from bot.clients import zendesk_answers as answers
from bot.clients.http import Call, Http, Now, Observe, Rejected, unobserved, zendesk_wait
from bot.clients.zendesk_pages import pages
from workflows.contract.errors import Misconfigured, NotFound, Refused, RetryLater
from workflows.contract.ticket_ports import Forms, Participants, Ticket, Tickets
from workflows.lib.tickets import MAIN

_TAG_ATTEMPTS = 4
_PAGE = 100
_MOST_COMMENT_PAGES = 10
_STAFF = frozenset({"agent", "admin"})
_PEOPLE_AND_ORGANISATION = "users,organizations"

P = TypeVar("P", bound=answers.ListPage)
M = TypeVar("M")


def vendor_name(account: str) -> str:
    """What an account is called in errors, metrics and findings: `Zendesk`, or `Zendesk emea`."""
    return "Zendesk" if account == MAIN else f"Zendesk {account}"


class Zendesk(Tickets, Forms):
    """The ports over the Zendesk Support API.

    `url` is the account's own, such as `https://example.zendesk.com`, and `name` what errors and metrics call it.
    Every method may raise `RetryLater`, `Refused`, `NotFound` or `Misconfigured`.
    """

    def __init__(
        self,
        url: str,
        email: str,
        token: str,
        *,
        now: Now,
        name: str = "Zendesk",
        observe: Observe = unobserved,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        basic = b64encode(f"{email}/token:{token}".encode()).decode()
        self._forms: dict[str, int] = {}
        self.http = Http(
            name,
            url.rstrip("/") + "/api/v2",
            headers={"Authorization": f"Basic {basic}", "Accept": "application/json"},
            secrets=(token, basic),
            wait=zendesk_wait,
            now=now,
            observe=observe,
            transport=transport,
        )

    def disconnect(self) -> None:
        """Close the connections."""
        self.http.disconnect()

    # ------------------------------------------------------------------------------------- reading

    def read(self, ticket: int) -> Ticket:
        """Read a ticket with its people and organisation. `NotFound` when there is none of this number."""
        return self.read_whole(ticket)[1]

    def read_whole(self, ticket: int) -> tuple[answers.Ticket, Ticket]:
        """Read a ticket, first as Zendesk has it, then as the desk. `NotFound` when there is none of this number."""
        answer = self._ticket_with_people(ticket)
        found = answer.ticket
        people = self._people(answer)
        requester, assignee = people.get(found.requester_id), people.get(found.assignee_id)
        return found, Ticket(
            id=found.id,
            subject=found.subject or "",
            status=found.status,
            tags=frozenset(found.tags),
            requester_name=requester.name if requester else None,
            requester_email=requester.email if requester else None,
            organization=self._organization(answer),
            assignee_name=assignee.name if assignee else None,
            assignee_email=assignee.email if assignee else None,
            is_suspended=requester.suspended if requester else False,
        )

    def me(self) -> answers.Me:
        """Whose token this is; `Misconfigured` when it is nobody's."""
        me = self.http.send(Call("whoami", "GET", "/users/me", "the account of the token"), answers.ME).user
        if me.id is None:
            raise Misconfigured("Zendesk takes us for an anonymous visitor: check the e-mail address and the token.")
        return me

    def _ticket(self, ticket: int, include: str | None = None) -> answers.TicketAnswer:
        params = {"include": include} if include else {}
        return self.http.send(
            Call("read_ticket", "GET", f"/tickets/{ticket}", f"ticket {ticket}", params=params), answers.TICKET
        )

    def _ticket_with_people(self, ticket: int) -> answers.TicketAnswer:
        try:
            return self._ticket(ticket, include=_PEOPLE_AND_ORGANISATION)
        except Rejected:  # side-loading organisations is not documented for single tickets
            return self._ticket(ticket)

    def _people(self, answer: answers.TicketAnswer) -> dict[int | None, answers.Named]:
        """Find requester and assignee by id: side-loaded, or else asked for."""
        people: dict[int | None, answers.Named] = {user.id: user for user in answer.users}
        wanted = {answer.ticket.requester_id, answer.ticket.assignee_id} - {None}
        missing = ",".join(str(user) for user in wanted - people.keys())
        if missing:
            call = Call("read_users", "GET", "/users/show_many", "people of the ticket", params={"ids": missing})
            people |= {user.id: user for user in self.http.send(call, answers.USERS).users}
        return people

    def _organization(self, answer: answers.TicketAnswer) -> str | None:
        wanted = answer.ticket.organization_id
        if wanted is None:
            return None
        names = {organization.id: organization.name for organization in answer.organizations}
        if wanted in names:
            return names[wanted]
        call = Call("read_organization", "GET", f"/organizations/{wanted}", f"organisation {wanted}")
        try:
            return self.http.send(call, answers.ORGANIZATION).organization.name
        except NotFound:  # deleted since
            return None

    def send(self, call: Call, shape: TypeAdapter[M]) -> M:
        """Make a call to this account, and read its answer as `shape`."""
        return self.http.send(call, shape)

    def pages(self, call: Call, shape: TypeAdapter[P]) -> Iterator[P]:
        """Make a call whose answer is a list, page by page."""
        return pages(self.http, call, shape)

    def participants(self, ticket: int) -> Participants:
        """The staff who wrote to the customer in a ticket (its first thousand comments), the first to answer first."""
        params: dict[str, str | int] = {"page[size]": _PAGE, "include": "users"}
        call = Call("list_comments", "GET", f"/tickets/{ticket}/comments", f"ticket {ticket}", params=params)
        emails: dict[str, None] = {}
        for page in islice(self.pages(call, answers.COMMENT_PAGES), _MOST_COMMENT_PAGES):
            staff: dict[int | None, str] = {
                user.id: user.email for user in page.users if user.role in _STAFF and user.email
            }
            authors = (one.author_id for one in page.comments if one.public)
            emails |= {staff[author].lower(): None for author in authors if author in staff}
        return Participants(tuple(emails))

    # ------------------------------------------------------------------------------------- writing

    def add_tag(self, ticket: int, tag: str) -> None:
        """Add one tag and lose none that is there or is set meanwhile. `Refused` for a closed ticket."""
        tag = tag.lower()  # as Zendesk keeps them
        for _ in range(_TAG_ATTEMPTS):
            found = self._ticket(ticket).ticket
            if tag in found.tags or self._tagged(found, tag):
                return
        raise RetryLater(f"Ticket {ticket} changes so often just now that its tags cannot be set.")

    def add_cc(self, ticket: int, email: str) -> None:
        """Make somebody a CC of a ticket, beside those who are; one who is one already stays. `Refused` when closed."""
        self._change(ticket, "add_cc", {"email_ccs": [{"user_email": email, "action": "put"}]})

    def assign(self, ticket: int, email: str) -> None:
        """Make an agent the ticket's assignee; nothing is said to the customer. `Refused` when closed, or no agent."""
        self._change(ticket, "assign", {"assignee_email": email})

    def add_internal_note(self, ticket: int, body: str, *, mark: str, again: bool = False) -> None:
        """Add a note only staff can see; with `again`, only when none of this `mark` is there."""
        marker = f"(desk:{mark})"
        if again and self._has_comment(ticket, marker):
            return
        # Left out, `public` would mean that the customer reads it.
        comment = {"body": f"{body}\n\n{marker}", "public": False}
        self._change(ticket, "add_note", {"comment": comment})

    def set_form(self, ticket: int, form: str) -> None:
        """Set the ticket's form, given by its name. Nothing is said to the customer."""
        self._change(ticket, "set_form", {"ticket_form_id": self._form(form)})

    def has_form(self, form: str) -> bool:
        """Whether there is a ticket form of this name."""
        try:
            self._form(form)
        except NotFound:
            return False
        return True

    def _tagged(self, ticket: answers.Ticket, tag: str) -> bool:
        """Add a tag to the ticket as it was read; False when somebody changed it meanwhile."""
        if ticket.status == "closed":
            raise _closed(ticket.id)
        # PUT adds here; POST would replace all tags.
        safely = {"updated_stamp": ticket.updated_at, "safe_update": "true"} if ticket.updated_at else {}
        body = {"tags": [tag], **safely}
        call = Call("add_tag", "PUT", f"/tickets/{ticket.id}/tags", f"ticket {ticket.id}", body=body)
        try:
            self.http.order(call)
        except Rejected as error:
            if error.status == httpx.codes.CONFLICT:
                return False
            raise
        return True

    def _change(self, ticket: int, operation: str, change: Mapping[str, Any]) -> None:
        """Change a ticket; when that is refused because the ticket is closed, say so."""
        call = Call(operation, "PUT", f"/tickets/{ticket}", f"ticket {ticket}", body={"ticket": dict(change)})
        try:
            self.http.order(call)
        except Rejected:
            if self._ticket(ticket).ticket.status == "closed":
                raise _closed(ticket) from None
            raise

    def _has_comment(self, ticket: int, marker: str) -> bool:
        """Look for our marker in the newest hundred comments; ours was sent minutes ago."""
        params: dict[str, str | int] = {"page[size]": _PAGE, "sort": "-created_at"}
        path, what = f"/tickets/{ticket}/comments", f"ticket {ticket}"
        call = Call("list_comments", "GET", path, what, params=params)
        comments = self.http.send(call, answers.COMMENTS).comments
        return any(marker in f"{comment.body} {comment.plain_body}" for comment in comments)

    def _form(self, form: str) -> int:
        if form not in self._forms:
            call = Call("list_forms", "GET", "/ticket_forms", "the ticket forms")
            pages = self.pages(call, answers.FORMS)
            self._forms |= {one.name: one.id for page in pages for one in page.ticket_forms if one.name}
        if form not in self._forms:
            raise NotFound(f"Zendesk has no ticket form called {form!r}.")
        return self._forms[form]


def _closed(ticket: int) -> Refused:
    return Refused(
        f"Ticket {ticket} is closed, and Zendesk lets nobody change a closed ticket. Use a follow-up ticket."
    )
