"""PagerDuty: schedules and incidents, as strict as their documentation."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sandbox.vendors.base import Call, Now, Refusal, Route, Vendor, VendorResponse, whole
from sandbox.vendors.hooks import Hook
from sandbox.vendors.webhook_payloads import incident_event

TOKEN = "sandbox-pagerduty"
FROM = "desk@example.com"
ACCEPT = "application/vnd.pagerduty+json;version=2"
_OPEN = {"triggered", "acknowledged"}
_STATUSES = {*_OPEN, "resolved"}

Record = dict[str, Any]


class PagerDuty(Vendor):
    """Users, schedules with who is on duty, services and incidents."""

    prefix = "/vendors/pagerduty"

    def __init__(self, now: Now, hook: Hook) -> None:
        super().__init__(now)
        self.hook = hook
        self.users = _users()
        self.services = [
            {"id": "PSUPOPS", "name": "Customer Support Operations", "status": "active", "type": "service"},
        ]
        self.schedules = [
            {"id": "PSSATRM", "name": "SSAT Reviewing Manager", "type": "schedule"},
            {"id": "PSUPPOP", "name": "Support Operations", "type": "schedule"},
        ]
        self.duty: dict[str, list[tuple[int, str]]] = {
            "PSSATRM": [(1, "maria@example.com"), (2, "maria@example.com")],
            "PSUPPOP": [(1, "omar@example.com")],
        }
        """Schedule id to pairs of escalation level and e-mail address."""
        self.former: dict[str, list[tuple[datetime, list[tuple[int, str]]]]] = {}
        """What was before each change of a schedule: when it ended, and who was on duty until then."""
        self.includes = True
        """False: `include[]=users` is ignored, and users come as references without an e-mail address."""
        self.incidents: list[Record] = []

    def routes(self) -> list[Route]:
        """List what is served."""
        return [
            ("GET", "/oncalls", self._oncalls),
            ("GET", "/schedules", lambda call: self._named(call, "schedules", self.schedules)),
            ("GET", "/services", lambda call: self._named(call, "services", self.services)),
            ("GET", "/services/([^/]+)", lambda _call, one: VendorResponse({"service": _find(self.services, one)})),
            ("GET", "/users", self._find_users),
            ("GET", "/users/([^/]+)", self._user),
            ("GET", "/incidents", self._list),
            ("POST", "/incidents", self._create),
            ("GET", "/incidents/([^/]+)", lambda _call, one: VendorResponse({"incident": self.incident(one)})),
            ("PUT", "/incidents/([^/]+)", self._update),
        ]

    def admit(self, call: Call) -> None:
        """Refuse a wrong token and wrong media types; the API wants both on every call."""
        if call.headers.get("authorization") != f"Token token={TOKEN}":
            raise _error(401, 2006, "Unauthorized", "The token is not valid")
        if call.headers.get("accept") != ACCEPT:
            raise _error(406, 2001, "Not Acceptable", f"Accept must be {ACCEPT}")
        if not call.headers.get("content-type", "").startswith("application/json"):
            raise _error(415, 2001, "Unsupported Media Type", "Content-Type must be application/json")

    def unknown(self) -> Refusal:
        """Refuse a path there is nothing at."""
        return _error(404, 2100, "Not Found", "")

    def state(self) -> Record:
        """Show incidents and who is on duty."""
        return {"incidents": self.incidents, "duty": self.duty, "calls": self.calls}

    # ------------------------------------------------------------------------------ what people do

    def set_on_duty(self, schedule: str, emails: list[str]) -> None:
        """Put these people on duty, in escalation order; nobody with an empty list."""
        found = _find(self.schedules, schedule)
        for email in emails:
            self._user_by_email(email)
        self.former.setdefault(found["id"], []).append((self.now(), self.duty.get(found["id"], [])))
        self.duty[found["id"]] = list(enumerate(emails, start=1))

    def set_status(self, incident: str, status: str, *, by: str | None = "omar@example.com") -> Record:
        """Acknowledge or resolve an incident, as the person who was paged does; `triggered` lets it ring again."""
        found = self.incident(incident)
        before, found["status"] = found["status"], status
        if before != status:
            agent = self._user_by_email(by) if by and status != "triggered" else None
            found["last_status_change_at"] = self.stamp()
            found["last_status_change_by"] = _reference(agent) if agent else None
            self._deliver_event(found, before, agent)
        return found

    def reassign(self, incident: str, to: str, *, by: str = "omar@example.com") -> Record:
        """Hand an incident on to somebody (by e-mail address)."""
        found, user = self.incident(incident), self._user_by_email(to)
        found["assignments"] = [{"at": self.stamp(), "assignee": _reference(user)}]
        self.hook.deliver(incident_event("reassigned", found, self.stamp(), self._user_by_email(by)))
        return found

    def _deliver_event(self, incident: Record, before: str | None, agent: Record | None) -> None:
        """Tell the webhook what became of an incident."""
        status = incident["status"]
        if status == "triggered":
            status = {"acknowledged": "unacknowledged", "resolved": "reopened"}.get(before or "", status)
        self.hook.deliver(incident_event(status, incident, self.stamp(), agent))

    def _user_by_email(self, email: str) -> Record:
        for user in self.users:
            if user["email"] == email:
                return user
        raise _error(404, 2013, "User Not Found", email)

    # ------------------------------------------------------------------------------ reading

    def _oncalls(self, call: Call) -> VendorResponse:
        wanted = call.query.getlist("schedule_ids[]") or list(self.duty)
        whole_users = self.includes and "users" in call.query.getlist("include[]")
        since, until = _time(call, "since", self.now()), _time(call, "until", self.now())
        is_range = "since" in call.query
        if is_range and since >= until:
            raise _error(400, 2001, "Invalid Input Provided", "Until must be later than Since")
        rows = [
            {
                "user": self._as_user(self._user_by_email(email), whole_user=whole_users),
                "schedule": {"id": schedule, "type": "schedule_reference"},
                "escalation_policy": {"id": "PESCPOL", "type": "escalation_policy_reference"},
                "escalation_level": level,
                "start": start and _stamp(start),
                "end": end and _stamp(end),
            }
            for schedule in wanted
            for start, end, people in self._turns(schedule)
            if (start is None or start <= until) and (end is None or since < end or (is_range and since == end))
            for level, email in people
        ]
        return _page(call, "oncalls", rows)

    def _turns(self, schedule: str) -> Iterator[tuple[datetime | None, datetime | None, list[tuple[int, str]]]]:
        """Walk through the turns of a schedule: from when, until when, who."""
        start: datetime | None = None
        for end, people in self.former.get(schedule, []):
            yield start, end, people
            start = end
        yield start, None, self.duty.get(schedule, [])

    def _as_user(self, user: Record, *, whole_user: bool) -> Record:
        if whole_user:
            return user
        return {"id": user["id"], "type": "user_reference", "summary": user["name"], "html_url": user["html_url"]}

    def _named(self, call: Call, name: str, records: list[Record]) -> VendorResponse:
        query = call.query.get("query", "").casefold()
        return _page(call, name, [one for one in records if query in one["name"].casefold()])

    def _find_users(self, call: Call) -> VendorResponse:
        query = call.query.get("query", "").casefold()
        found = [user for user in self.users if query in f"{user['name']} {user['email']}".casefold()]
        return _page(call, "users", found)

    def _user(self, _call: Call, user: str) -> VendorResponse:
        return VendorResponse({"user": _find(self.users, user)})

    # ------------------------------------------------------------------------------ incidents

    def incident(self, incident: str) -> Record:
        """Find an incident by its id."""
        for found in self.incidents:
            if found["id"] == incident:
                return found
        raise _error(404, 2100, "Not Found", "Incident Not Found")

    def open_under(self, key: str) -> Record | None:
        """Find the open incident of a key."""
        return next((one for one in self.incidents if one["incident_key"] == key and one["status"] in _OPEN), None)

    def _list(self, call: Call) -> VendorResponse:
        statuses = set(call.query.getlist("statuses[]")) or _STATUSES
        if not statuses <= _STATUSES:
            raise _error(400, 2001, "Invalid Input Provided", "statuses[] is not valid")
        key, services = call.query.get("incident_key"), call.query.getlist("service_ids[]")
        found = [
            one
            for one in self.incidents
            if one["status"] in statuses
            and key in {None, one["incident_key"]}
            and (not services or one["service"]["id"] in services)
        ]
        return _page(call, "incidents", found)

    def _requester(self, call: Call) -> None:
        sent = call.headers.get("from")
        if not sent:
            raise _error(400, 2001, "Invalid Input Provided", "The From header is required")
        if sent not in {user["email"] for user in self.users}:
            raise _error(400, 1008, "Requester User Not Found", "")

    def _create(self, call: Call) -> VendorResponse:
        self._requester(call)
        sent = call.body.get("incident")
        faults = _faults(sent)
        if faults or not isinstance(sent, dict):
            raise _error(400, 2001, "Invalid Input Provided", *faults)
        service = next((one for one in self.services if one["id"] == sent["service"]["id"]), None)
        if service is None:
            raise _error(404, 5002, "Service Not Found", "")
        key = sent.get("incident_key")
        if key and self.open_under(key):
            text = "Open incident with matching dedup key already exists on this service"
            raise _error(400, 2002, "Arguments Caused Error", text)
        return VendorResponse({"incident": self.open_incident(call.site, sent, service)}, 201)

    def open_incident(self, site: str, sent: Record, service: Record) -> Record:
        """Open an incident."""
        number = len(self.incidents) + 1
        identifier = f"Q{number:013d}"
        incident = {
            "id": identifier,
            "type": "incident",
            "incident_number": number,
            "title": sent["title"],
            "status": "triggered",
            "urgency": sent.get("urgency", "high"),
            "incident_key": sent.get("incident_key") or f"auto-{number}",
            "body": sent.get("body"),
            "service": {"id": service["id"], "type": "service_reference", "summary": service["name"]},
            "assignments": [],
            "html_url": f"{site}/vendors/pagerduty-web/incidents/{identifier}",
            "created_at": self.stamp(),
            "last_status_change_at": self.stamp(),
            "last_status_change_by": None,
        }
        self.incidents.append(incident)
        self._deliver_event(incident, None, None)
        return incident

    def _update(self, call: Call, incident: str) -> VendorResponse:
        self._requester(call)
        sent = call.body.get("incident")
        if not isinstance(sent, dict) or sent.get("type") not in {"incident", "incident_reference"}:
            raise _error(400, 2001, "Invalid Input Provided", "Incident type is not valid")
        if sent.get("status") not in {"acknowledged", "resolved"}:
            raise _error(400, 2001, "Invalid Input Provided", "Status is not valid")
        found = self.incident(incident)
        if found["status"] == "resolved":
            raise _error(400, 2001, "Invalid Input Provided", "Incident Already Resolved")
        self.set_status(incident, sent["status"], by=call.headers.get("from"))
        return VendorResponse({"incident": found})


def _time(call: Call, name: str, default: datetime) -> datetime:
    try:
        return datetime.fromisoformat(call.query[name]) if name in call.query else default
    except ValueError:
        raise _error(400, 2001, "Invalid Input Provided", f"{name} is not a time") from None


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _reference(user: Record) -> Record:
    """Refer to somebody by name."""
    return {"id": user["id"], "type": "user_reference", "summary": user["name"]}


def _faults(sent: object) -> list[str]:
    """Say what is wrong with an incident to be opened."""
    if not isinstance(sent, dict):
        return ["Incident is required"]
    service, body = sent.get("service"), sent.get("body")
    checks = {
        "Type must be incident": sent.get("type") == "incident",
        "Title cannot be empty.": bool(sent.get("title")),
        "Service must be a service_reference": isinstance(service, dict)
        and service.get("type") == "service_reference"
        and "id" in service,
        "Urgency is not valid": sent.get("urgency", "high") in {"high", "low"},
        "Body must be an incident_body with details of type string": body is None
        or (isinstance(body, dict) and isinstance(body.get("details"), str)),
    }
    return [fault for fault, fine in checks.items() if not fine]


def _find(records: list[Record], wanted: str) -> Record:
    """Find a record by id or name."""
    for record in records:
        if wanted in {record["id"], record["name"]}:
            return record
    raise _error(404, 2100, "Not Found", wanted)


def _error(status: int, code: int, message: str, *errors: str) -> Refusal:
    return Refusal(status, {"error": {"message": message, "code": code, "errors": [one for one in errors if one]}})


def _page(call: Call, name: str, records: list[Record]) -> VendorResponse:
    bad = _error(400, 2001, "Invalid Input Provided", "limit and offset must be numbers")
    limit, offset = min(whole(call, "limit", 25, bad), 100), whole(call, "offset", 0, bad)
    if offset + limit > 10_000:
        raise _error(400, 2001, "Invalid Input Provided", "offset+limit is beyond 10000")
    rows = records[offset : offset + limit]
    more = len(records) > offset + limit
    return VendorResponse({name: rows, "limit": limit, "offset": offset, "total": None, "more": more})


def _users() -> list[Record]:
    names = {"desk": "Escalation Desk", "maria": "María García", "omar": "Omar Haddad", "alice": "Alice Agent"}
    names |= {
        "marco": "Marco Mori",
        "dave": "Dave Dunn",
        "nia": "Nia Nobody",
    }  # the last two are not in Slack
    return [
        {
            "id": f"PUSER{number:02d}",
            "type": "user",
            "name": name,
            "summary": name,
            "email": f"{account}@example.com",
            "html_url": f"https://example.pagerduty.com/users/PUSER{number:02d}",
        }
        for number, (account, name) in enumerate(names.items())
    ]
