"""Calendly, as strict as its documentation: event types, and links that are used once."""

from typing import Any

from sandbox.vendors.base import Call, Now, Refusal, Route, Vendor, VendorResponse, json_only

TOKEN = "sandbox-calendly"
API = "https://api.calendly.com"
ORGANIZATION = f"{API}/organizations/EBHAAFHDCAEQTSEZ"
ME = f"{API}/users/MARIA"
EVENT_TYPES = {
    f"{API}/event_types/MARIA30": "https://calendly.com/maria-marques/30min",
    f"{API}/event_types/MARCO30": "https://calendly.com/marco-mori/30min",
}

Record = dict[str, Any]


class Calendly(Vendor):
    """Event types and the links made for them. With `is_admin` off, the token sees only its own user's."""

    prefix = "/vendors/calendly"

    def __init__(self, now: Now) -> None:
        super().__init__(now)
        self.is_admin = True
        self.links: list[Record] = []

    def routes(self) -> list[Route]:
        """List what is served."""
        return [
            ("GET", "/users/me", self._me),
            ("GET", "/event_types", self._event_types),
            ("POST", "/scheduling_links", self._make_link),
        ]

    def admit(self, call: Call) -> None:
        """Refuse a wrong token, and a body that is not JSON."""
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            raise Refusal(401, {"title": "Unauthenticated", "message": "The access token is invalid"})
        json_only(call, Refusal(415, {"title": "Unsupported Media Type", "message": "JSON is expected"}))

    def unknown(self) -> Refusal:
        """Refuse a path there is nothing at."""
        return Refusal(404, {"title": "Resource Not Found", "message": "The server could not find it."})

    def state(self) -> Record:
        """Show the links."""
        return {"links": self.links, "calls": self.calls}

    def _me(self, _call: Call) -> VendorResponse:
        user = {"uri": ME, "name": "Maria Marques", "email": "maria@example.com", "current_organization": ORGANIZATION}
        return VendorResponse({"resource": user})

    def _event_types(self, call: Call) -> VendorResponse:
        """One page, then the next: a page has as many as `count` says, 20 unless told."""
        user, organization = call.query.get("user"), call.query.get("organization")
        if (user is None) == (organization is None):
            raise _invalid("Either user or organization is required")
        if not self.is_admin and user != ME:
            raise Refusal(403, {"title": "Permission Denied", "message": "You do not have permission"})
        known = [
            {"uri": uri, "scheduling_url": page, "active": True, "kind": "solo", "name": "30 minutes"}
            for uri, page in EVENT_TYPES.items()
            if organization == ORGANIZATION or (user == ME and "MARIA" in uri)
        ]
        size, start = int(call.query.get("count", "20")), int(call.query.get("page_token", "0"))
        if not 1 <= size <= 100:
            raise _invalid("count must be between 1 and 100")
        following = str(start + size) if len(known) > start + size else None
        pagination = {"count": size, "next_page_token": following, "next_page": None}
        return VendorResponse({"collection": known[start : start + size], "pagination": pagination})

    def _make_link(self, call: Call) -> VendorResponse:
        sent = call.body
        if sent.get("max_event_count") != 1 or sent.get("owner_type") != "EventType":
            raise _invalid("max_event_count must be 1, owner_type must be EventType")
        if sent.get("owner") not in EVENT_TYPES:
            raise Refusal(404, {"title": "Resource Not Found", "message": "The event type does not exist."})
        link = {
            "booking_url": f"https://calendly.com/d/sbx-{len(self.links) + 1:03}/30-minutes",
            "owner": sent["owner"],
            "owner_type": "EventType",
        }
        self.links.append(link)
        return VendorResponse({"resource": link}, 201)


def _invalid(message: str) -> Refusal:
    return Refusal(400, {"title": "Invalid Argument", "message": message})
