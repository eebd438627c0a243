"""The customers of a Zendesk account: its organisations, who a ticket is from, and what was opened lately."""

from datetime import datetime
from itertools import islice
from typing import Any, Final

from pydantic import Field, TypeAdapter

from bot.clients.http import Call, VendorModel
from bot.clients.zendesk import Zendesk
from bot.clients.zendesk_answers import ListPage
from workflows.contract.account_port import Customers, OpenTickets, Organization, TicketOrigin
from workflows.contract.errors import NotFound

_PAGE: Final = 100
_MOST_PAGES: Final = 5
_SHOWN: Final = 10
_DONE: Final = frozenset({"solved", "closed"})


class _Organization(VendorModel):
    id: int
    name: str | None = None
    external_id: str | None = None
    organization_fields: dict[str, Any] = Field(default_factory=dict)

    def known(self) -> Organization:
        fields = {key: str(value) for key, value in self.organization_fields.items() if value not in {None, ""}}
        return Organization(self.id, self.name or "", self.external_id or "", fields)


class _One(VendorModel):
    organization: _Organization


class _Several(VendorModel):
    organizations: list[_Organization]


class _Ticket(VendorModel):
    id: int
    subject: str | None = None
    status: str = ""
    created_at: datetime


class _Tickets(ListPage):
    tickets: list[_Ticket]


class _Found(ListPage):
    results: list[_Ticket]


_ONE: TypeAdapter[_One] = TypeAdapter(_One)
_SEVERAL: TypeAdapter[_Several] = TypeAdapter(_Several)
_TICKETS: TypeAdapter[_Tickets] = TypeAdapter(_Tickets)
_FOUND: TypeAdapter[_Found] = TypeAdapter(_Found)


class ZendeskCustomers(Customers):
    """The port over the Zendesk Support API, with the account's own client; an agent's token will do.

    Every method may raise `RetryLater`, `Refused`, `NotFound` or `Misconfigured`.
    """

    def __init__(self, zendesk: Zendesk) -> None:
        self._zendesk = zendesk

    def origin(self, ticket: int) -> TicketOrigin:
        """Read a ticket with its people and its organisation with all its fields. `NotFound` when there is none."""
        raw, found = self._zendesk.read_whole(ticket)
        organization = None
        if raw.organization_id is not None:
            try:
                organization = self._of_id(raw.organization_id)
            except NotFound:  # deleted since
                organization = None
        return TicketOrigin(found, raw.created_at, organization)

    def organizations(self, *, id_: int | None = None, external_id: str = "", name: str = "") -> list[Organization]:
        """Find organisations; see the port. A name is compared as a whole, capitals or not."""
        if id_ is not None:
            try:
                return [self._of_id(id_)]
            except NotFound:
                return []
        if external_id and (found := self._search({"external_id": external_id})):
            return found
        return self._search({"name": name}) if name else []

    def open_tickets(self, organization: int) -> OpenTickets:
        """Look at the tickets of an organisation that changed last, five hundred at most."""
        params: dict[str, str | int] = {"page[size]": _PAGE, "sort": "-updated_at"}
        path, what = f"/organizations/{organization}/tickets", f"organisation {organization}"
        pages = list(
            islice(self._zendesk.pages(Call("list_tickets", "GET", path, what, params=params), _TICKETS), _MOST_PAGES)
        )
        waiting = [one for page in pages for one in page.tickets if one.status not in _DONE]
        newest = sorted(waiting, key=lambda one: one.created_at, reverse=True)[:_SHOWN]
        more = bool(pages and pages[-1].following)
        return OpenTickets(len(waiting), tuple((one.id, one.subject or "") for one in newest), more)

    def opened(self, since: datetime, until: datetime) -> list[tuple[int, datetime]]:
        """Search for the tickets opened in this time, all of them."""
        query = f"created>={_stamp(since)} created<{_stamp(until)}"
        params: dict[str, str | int] = {"query": query, "filter[type]": "ticket", "page[size]": _PAGE}
        call = Call("search_tickets", "GET", "/search/export", "new tickets", params=params)
        return [(one.id, one.created_at) for page in self._zendesk.pages(call, _FOUND) for one in page.results]

    def _of_id(self, organization: int) -> Organization:
        call = Call("read_organization", "GET", f"/organizations/{organization}", f"organisation {organization}")
        return self._zendesk.send(call, _ONE).organization.known()

    def _search(self, by: dict[str, str]) -> list[Organization]:
        call = Call("search_organizations", "GET", "/organizations/search", "organisations", params=by)
        return [one.known() for one in self._zendesk.send(call, _SEVERAL).organizations]


def _stamp(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
