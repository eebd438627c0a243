"""Links with which a customer books one call, made by Calendly: passed on, such a link is of no use any more."""

from typing import Final

import httpx
from pydantic import Field, TypeAdapter

from bot.clients.http import Call, Http, Now, Observe, VendorModel, unobserved, zendesk_wait
from workflows.contract.account_port import SchedulingLink, SchedulingLinks
from workflows.contract.errors import Misconfigured, NotFound

_PAGE: Final = 100
_MOST_PAGES: Final = 20


class _User(VendorModel):
    uri: str
    name: str = ""
    current_organization: str


class _Me(VendorModel):
    resource: _User


class _EventType(VendorModel):
    uri: str
    scheduling_url: str
    active: bool = True


class _Pagination(VendorModel):
    next_page_token: str | None = None


class _EventTypes(VendorModel):
    collection: list[_EventType]
    pagination: _Pagination = _Pagination()


class _Link(VendorModel):
    booking_url: str = Field(pattern="^https?://")


class _LinkAnswer(VendorModel):
    resource: _Link


_ME: TypeAdapter[_Me] = TypeAdapter(_Me)
_EVENT_TYPES: TypeAdapter[_EventTypes] = TypeAdapter(_EventTypes)
_LINK: TypeAdapter[_LinkAnswer] = TypeAdapter(_LinkAnswer)


class Calendly(SchedulingLinks):
    """The port over Calendly's API.

    The token of an owner or admin sees the event types of everybody; that of anybody else just their own. Every method
    may raise `RetryLater`, `Refused`, `NotFound` or `Misconfigured`.
    """

    def __init__(
        self,
        token: str,
        url: str,
        *,
        now: Now,
        observe: Observe = unobserved,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._known: dict[str, str] = {}
        self._http = Http(
            "Calendly",
            url.rstrip("/"),
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            secrets=(token,),
            wait=zendesk_wait,
            now=now,
            observe=observe,
            transport=transport,
        )

    def disconnect(self) -> None:
        """Close the connections."""
        self._http.disconnect()

    def single_use(self, page: str) -> SchedulingLink:
        """A new link to the event type whose page this is; see the port."""
        body = {"max_event_count": 1, "owner": self._event_type(page), "owner_type": "EventType"}
        call = Call("make_link", "POST", "/scheduling_links", "a scheduling link", body=body)
        return SchedulingLink(self._http.send(call, _LINK).resource.booking_url)

    def me(self) -> str:
        """Whose token this is."""
        return self._me().name

    def knows(self, page: str) -> None:
        """Look the event type of this page up: `NotFound` when there is none."""
        self._event_type(page)

    def _event_type(self, page: str) -> str:
        """The event type of a page, by its address without what stands behind `?`; found once."""
        wanted = _bare(page)
        if wanted not in self._known:
            me = self._me()
            try:
                found = self._event_types("organization", me.current_organization)
            except Misconfigured:  # only an owner or admin may see them all
                found = self._event_types("user", me.uri)
            self._known = {_bare(one.scheduling_url): one.uri for one in found if one.active}
        if wanted not in self._known:
            raise NotFound(f"Calendly has no active event type whose page is {wanted}, or does not show it to us.")
        return self._known[wanted]

    def _me(self) -> _User:
        return self._http.send(Call("whoami", "GET", "/users/me", "the account of the token"), _ME).resource

    def _event_types(self, by: str, uri: str) -> list[_EventType]:
        params: dict[str, str | int] = {by: uri, "count": _PAGE}
        found: list[_EventType] = []
        for _ in range(_MOST_PAGES):
            call = Call("list_event_types", "GET", "/event_types", "event types", params=params)
            page = self._http.send(call, _EVENT_TYPES)
            found += page.collection
            if not page.pagination.next_page_token:
                break
            params = {**params, "page_token": page.pagination.next_page_token}
        return found


def _bare(page: str) -> str:
    return page.partition("?")[0].rstrip("/").lower()
