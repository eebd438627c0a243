"""Zendesk's customers: their organisations, their tickets, and the search for new ones."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.vendors.base import Call, Refusal, Route, VendorResponse

Record = dict[str, Any]
Cut = Callable[[Call, str, list[Record]], VendorResponse]
"""Cuts a page of a list."""

_QUERY = re.compile(r"created>=(\S+) created<(\S+)")
_SORTS = {"updated_at", "-updated_at", "id", "-id", "status", "-status"}


class Customers:
    """What is asked about organisations. It looks at the account's own `organizations` and `tickets`."""

    def __init__(self, organizations: dict[int, Record], tickets: dict[int, Record], cut: Cut) -> None:
        self.organizations = organizations
        self.tickets = tickets
        self._cut = cut

    def routes(self) -> list[Route]:
        """List what is served."""
        return [
            ("GET", r"/organizations/search", self._search),
            ("GET", r"/organizations/(\d+)/tickets", self._tickets),
            ("GET", r"/search/export", self._export),
        ]

    def _search(self, call: Call) -> VendorResponse:
        """By external id, or by name: one of both, the whole of it, capitals or not."""
        name, external = call.query.get("name"), call.query.get("external_id")
        if (name is None) == (external is None):
            raise Refusal(400, {"error": "BadRequest", "description": "Either name or external_id is required"})
        found = [
            one
            for one in self.organizations.values()
            if (one["name"].casefold() == name.casefold() if name is not None else one["external_id"] == external)
        ]
        return VendorResponse({"organizations": found, "count": len(found), "next_page": None})

    def _tickets(self, call: Call, organization: str) -> VendorResponse:
        if int(organization) not in self.organizations:
            raise Refusal(404, {"error": "RecordNotFound", "description": "Not found"})
        order = call.query.get("sort", "id")
        if order not in _SORTS:
            raise Refusal(400, {"error": "InvalidPaginationParameter", "description": "sort is not valid"})
        found = [one for one in self.tickets.values() if one["organization_id"] == int(organization)]
        found.sort(key=lambda one: one[order.removeprefix("-")], reverse=order.startswith("-"))
        return self._cut(call, "tickets", found)

    def _export(self, call: Call) -> VendorResponse:
        """Search for tickets by when they were opened: whole seconds, as the vendor writes them."""
        found = _QUERY.fullmatch(call.query.get("query", ""))
        if found is None or call.query.get("filter[type]") != "ticket":
            raise Refusal(422, {"error": "RecordInvalid", "description": "filter[type] and a query are required"})
        try:
            start, end = (datetime.fromisoformat(one) for one in found.groups())
        except ValueError:
            raise Refusal(422, {"error": "RecordInvalid", "description": "a time cannot be read"}) from None
        wanted = [
            {**one, "result_type": "ticket"}
            for one in self.tickets.values()
            if start <= datetime.fromisoformat(one["created_at"]) < end
        ]
        return self._cut(call, "results", wanted)
