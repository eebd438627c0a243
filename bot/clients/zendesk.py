"""Tickets in Zendesk Support."""

from base64 import b64encode

import httpx
from pydantic import Field, TypeAdapter

from bot.clients.http import Answer, Call, Http, Now, Observe, Rejected, unobserved, zendesk_wait
from workflows.errors import NotFound, Refused, RetryLater
from workflows.ports import Ticket

_TAG_ATTEMPTS = 4


class _Ticket(Answer):
    id: int
    subject: str | None = None
    status: str
    tags: list[str] = Field(default_factory=list)
    updated_at: str
    requester_id: int | None = None
    assignee_id: int | None = None
    organization_id: int | None = None


class _User(Answer):
    id: int
    name: str | None = None
    email: str | None = None


class _Organization(Answer):
    id: int
    name: str


class _TicketAnswer(Answer):
    ticket: _Ticket
    users: list[_User] = Field(default_factory=list)
    organizations: list[_Organization] = Field(default_factory=list)


class _TagsAnswer(Answer):
    tags: list[str]


class _UsersAnswer(Answer):
    users: list[_User]


class _OrganizationAnswer(Answer):
    organization: _Organization


_TICKET = TypeAdapter(_TicketAnswer)
_TAGS = TypeAdapter(_TagsAnswer)
_USERS = TypeAdapter(_UsersAnswer)
_ORGANIZATION = TypeAdapter(_OrganizationAnswer)


class Zendesk:
    """`workflows.ports.Tickets` over the Zendesk Support API.

    `url` is the account's own, such as `https://example.zendesk.com`. Every method may raise `RetryLater`,
    `Refused`, `NotFound` or `Misconfigured`.
    """

    def __init__(
        self,
        url: str,
        email: str,
        token: str,
        *,
        now: Now,
        observe: Observe = unobserved,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        basic = b64encode(f"{email}/token:{token}".encode()).decode()
        self._http = Http(
            "Zendesk",
            url.rstrip("/") + "/api/v2",
            headers={"Authorization": f"Basic {basic}", "Accept": "application/json"},
            secrets=(token, basic),
            wait=zendesk_wait,
            now=now,
            observe=observe,
            transport=transport,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def read(self, ticket: int) -> Ticket:
        """One ticket with its people and organisation. `NotFound` when there is none of this number."""
        answer = self._ticket(ticket, include="users,organizations")
        found = answer.ticket
        people = self._people(answer)
        requester = people.get(found.requester_id)
        assignee = people.get(found.assignee_id)
        return Ticket(
            id=found.id,
            subject=found.subject or "",
            status=found.status,
            tags=frozenset(found.tags),
            requester_name=requester.name if requester else None,
            requester_email=requester.email if requester else None,
            organization=self._organization(answer),
            assignee_name=assignee.name if assignee else None,
            assignee_email=assignee.email if assignee else None,
        )

    def add_tag(self, ticket: int, tag: str) -> None:
        """Add one tag and lose none that is there or is set meanwhile. `Refused` for a closed ticket."""
        tag = tag.lower()  # as Zendesk keeps them
        for _ in range(_TAG_ATTEMPTS):
            found = self._ticket(ticket).ticket
            if tag in found.tags or self._tagged(_open_for_change(found), tag):
                return
        raise RetryLater(f"Ticket {ticket} changes so often just now that its tags cannot be set.")

    def _tagged(self, ticket: _Ticket, tag: str) -> bool:
        """Add a tag to the ticket as it was read; False when somebody changed it meanwhile."""
        # PUT adds here; POST would replace all tags.
        body = {"tags": [tag], "updated_stamp": ticket.updated_at, "safe_update": "true"}
        call = Call("add_tag", "PUT", f"/tickets/{ticket.id}/tags", f"ticket {ticket.id}", body=body)
        try:
            self._http.send(call, _TAGS)
        except Rejected as error:
            if error.status == httpx.codes.CONFLICT:
                return False
            raise
        return True

    def _ticket(self, ticket: int, include: str | None = None) -> _TicketAnswer:
        params = {"include": include} if include else {}
        return self._http.send(
            Call("read_ticket", "GET", f"/tickets/{ticket}", f"ticket {ticket}", params=params), _TICKET
        )

    def _people(self, answer: _TicketAnswer) -> dict[int | None, _User]:
        """Find requester and assignee by id: side-loaded, or else asked for."""
        people: dict[int | None, _User] = {user.id: user for user in answer.users}
        wanted = {answer.ticket.requester_id, answer.ticket.assignee_id} - {None}
        missing = ",".join(str(user) for user in sorted(wanted - people.keys(), key=str))
        if missing:
            call = Call("read_users", "GET", "/users/show_many", "people of the ticket", params={"ids": missing})
            people |= {user.id: user for user in self._http.send(call, _USERS).users}
        return people

    def _organization(self, answer: _TicketAnswer) -> str | None:
        wanted = answer.ticket.organization_id
        if wanted is None:
            return None
        names = {organization.id: organization.name for organization in answer.organizations}
        if wanted in names:
            return names[wanted]
        call = Call("read_organization", "GET", f"/organizations/{wanted}", f"organisation {wanted}")
        try:
            return self._http.send(call, _ORGANIZATION).organization.name
        except NotFound:  # deleted since
            return None


def _open_for_change(ticket: _Ticket) -> _Ticket:
    if ticket.status == "closed":
        raise Refused(
            f"Ticket {ticket.id} is closed, and Zendesk lets nobody change a closed ticket. "
            "Use a follow-up ticket instead."
        )
    return ticket
