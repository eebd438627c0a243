"""Zendesk Support, as strict as its documentation."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from sandbox.vendors.base import Call, Now, Refusal, Route, Vendor, VendorResponse, json_only, whole
from sandbox.vendors.hooks import Hook
from sandbox.vendors.webhook_payloads import feedback, ticket_event
from sandbox.vendors.zendesk_customers import Customers
from sandbox.vendors.zendesk_history import History
from sandbox.vendors.zendesk_seed import DESK, EMAIL, organizations, users
from sandbox.vendors.zendesk_surveys import Surveys

TOKEN = "sandbox-zendesk"
CONTACT_FIELD = 360001234567
"""The field of a ticket in which a customer says whether they want to be contacted."""
_BASIC = "Basic " + b64encode(f"{EMAIL}/token:{TOKEN}".encode()).decode()
_STATUSES = {"new", "open", "pending", "hold", "solved"}

Record = dict[str, Any]


class Zendesk(Vendor):
    """The tickets of an account, their tags, comments and ratings. `name` stands in its address."""

    def __init__(self, now: Now, hook: Hook, name: str = "zendesk") -> None:
        super().__init__(now)
        self.prefix = f"/vendors/{name}/api/v2"
        self.hook = hook
        self.side_loads = {"users", "organizations"}
        """What `include` gives; take one out to see how a client does without."""
        self.users = {user["id"]: user for user in users()}
        self.organizations = {one["id"]: one for one in organizations()}
        self.forms = [{"id": 71, "name": "Default"}, {"id": 72, "name": "Support Ops"}]
        self.tickets: dict[int, Record] = {}
        self.comments: dict[int, list[Record]] = {}
        self.ratings: list[Record] = []
        self._ids = iter(range(500_000, 10**9))
        self.customers = Customers(self.organizations, self.tickets, self._page)
        self.history = History(self._ids)
        self.surveys = Surveys(self._page)
        self._seed()

    def routes(self) -> list[Route]:
        """List what is served."""
        ticket = r"/tickets/(\d+)(?:\.json)?"
        return [
            ("GET", r"/tickets/show_many", self._show_tickets),
            ("GET", ticket, self._read),
            ("PUT", ticket, self._update),
            ("GET", ticket + "/comments", self._list_comments),
            ("GET", ticket + "/audits", self._list_audits),
            ("PUT", ticket + "/tags", self._put_tags),
            ("POST", ticket + "/tags", self._post_tags),
            ("DELETE", ticket + "/tags", self._delete_tags),
            ("GET", r"/users/show_many", self._show_users),
            ("GET", r"/users/(\d+)", self._user),
            ("GET", r"/users/me", lambda _call: VendorResponse({"user": self.users[DESK]})),
            ("GET", r"/organizations/(\d+)", self._organization),
            ("GET", r"/ticket_forms", lambda _call: VendorResponse({"ticket_forms": self.forms, "next_page": None})),
            ("GET", r"/satisfaction_ratings", self._list_ratings),
            *self.customers.routes(),
            *self.surveys.routes(),
        ]

    def admit(self, call: Call) -> None:
        """Refuse wrong credentials, and what neither sends nor takes JSON."""
        if call.headers.get("authorization") not in {_BASIC, f"Bearer {TOKEN}"}:
            raise Refusal(401, {"error": "Couldn't authenticate you"})
        if "application/json" not in call.headers.get("accept", ""):
            raise Refusal(406, "Not Acceptable")
        json_only(call, Refusal(415, "Unsupported Media Type"))

    def unknown(self) -> Refusal:
        """Refuse a path there is nothing at."""
        return Refusal(404, {"error": "InvalidEndpoint", "description": "Not found"})

    def state(self) -> Record:
        """Show tickets, comments and ratings."""
        return {
            "tickets": list(self.tickets.values()),
            "comments": {str(ticket): found for ticket, found in self.comments.items()},
            "ratings": self.ratings,
            "calls": self.calls,
        }

    # ------------------------------------------------------------------------------ what people do

    def opens(self, subject: str, requester: int = 101, organization: int | None = 201) -> int:
        """Open a ticket, as a customer does (`requester` is a user's id); its number."""
        number = max(self.tickets) + 1
        self._open(number, subject, "new", requester, organization, [])
        self.hook.deliver(ticket_event("created", self.tickets[number], self.stamp(), {}))
        return number

    def tag(self, ticket: int, tag: str) -> None:
        """Add a tag, as an agent does."""
        found = self.ticket(ticket)
        found["tags"] = sorted({*found["tags"], tag})
        self._touch(found)

    def set_status(self, ticket: int, status: str) -> None:
        """Set the status, as an agent (or time) does."""
        found = self.ticket(ticket)
        before, found["status"] = found["status"], status
        self._touch(found)
        if status != before:
            self.history.changed(found, before, status, DESK + 1)
            change = {"previous": before.upper(), "current": status.upper()}
            self.hook.deliver(ticket_event("status_changed", found, self.stamp(), change))

    def reply(self, ticket: int, text: str, *, public: bool = True, by: int | None = None) -> None:
        """Write a comment: an agent, or who asked (`by` is a user's id)."""
        found = self.ticket(ticket)
        comment = self._write(found, text, public=public, author=by or DESK + 1)
        self._touch(found)
        self.history.commented(found, comment)
        author = self.users[comment["author_id"]]
        shown = {"id": str(author["id"]), "name": author["name"], "is_staff": author["role"] != "end-user"}
        event = {"comment": {**comment, "is_public": public, "author": shown}}
        self.hook.deliver(ticket_event("comment_added", found, self.stamp(), event))

    def merge(self, ticket: int, into: int) -> None:
        """Merge a ticket into another one, which closes it."""
        found, target = self.ticket(ticket), self.ticket(into)
        before, found["status"] = found["status"], "closed"
        self._touch(found)
        self.history.merged(found, before, target["id"], DESK + 1)
        event = {"target_ticket_id": str(target["id"])}
        self.hook.deliver(ticket_event("merged", found, self.stamp(), event))

    def rate(self, ticket: int, score: str, comment: str = "", *, contact: bool | None = None) -> Record:
        """Rate a ticket, as its requester does; `contact` is what they choose in the form's field, where it asks."""
        found = self.ticket(ticket)
        chosen = {True: "contact_yes", False: "contact_no", None: None}[contact]
        found["custom_fields"] = [{"id": CONTACT_FIELD, "value": chosen}]
        rating = {
            "id": next(self._ids),
            "ticket_id": ticket,
            "score": score,
            "comment": comment,
            "reason": None,
            "requester_id": found["requester_id"],
            "assignee_id": found["assignee_id"],
            "created_at": self.stamp(),
            "updated_at": self.stamp(),
        }
        self.ratings.append(rating)
        found["satisfaction_rating"] = {key: rating[key] for key in ("id", "score", "comment")}
        self._touch(found)
        self.hook.deliver(feedback(ticket, self.stamp(), chosen))
        return rating

    # ------------------------------------------------------------------------------------- tickets

    def ticket(self, ticket: int | str) -> Record:
        """Find a ticket."""
        try:
            return self.tickets[int(ticket)]
        except KeyError:
            raise Refusal(404, {"error": "RecordNotFound", "description": "Not found"}) from None

    def _touch(self, ticket: Record) -> None:
        """Give the ticket a new `updated_at`; a second change in one second still gets its own."""
        ticket["updated_at"] = max(self.stamp(), _next_second(ticket["updated_at"]))

    def _for_change(self, ticket: str, sent: Record) -> Record:
        """Find a ticket to change; a safe update must name the state it was read in."""
        found = self.ticket(ticket)
        if found["status"] == "closed":
            raise _invalid("status", "Status: closed prevents ticket update")
        if str(sent.get("safe_update", "false")).lower() == "true":
            if "updated_stamp" not in sent:
                raise _invalid("updated_stamp", "Updated stamp: is required")
            if sent["updated_stamp"] != found["updated_at"]:
                description = "Safe Update prevented the update due to outdated ticket data."
                raise Refusal(409, {"error": "UpdateConflict", "description": description})
        return found

    def _read(self, call: Call, ticket: str) -> VendorResponse:
        found = self.ticket(ticket)
        include = set(call.query.get("include", "").split(",")) & self.side_loads
        answer: Record = {"ticket": found}
        if "users" in include:
            people = {found["requester_id"], found["assignee_id"], found["submitter_id"]} - {None}
            answer["users"] = [self.users[person] for person in sorted(people)]
        if "organizations" in include:
            answer["organizations"] = [
                one for one in self.organizations.values() if one["id"] == found["organization_id"]
            ]
        return VendorResponse(answer)

    def _update(self, call: Call, ticket: str) -> VendorResponse:
        sent = call.body.get("ticket")
        if not isinstance(sent, dict):
            raise Refusal(400, {"error": "Parameter ticket is required"})
        found = self._for_change(ticket, sent)
        events = self._comment(found, sent["comment"]) if "comment" in sent else []
        if "tags" in sent:
            found["tags"] = sorted(sent["tags"])
        if "status" in sent:
            if sent["status"] not in _STATUSES:
                raise _invalid("status", f"Status: {sent['status']} is not valid")
            before, found["status"] = found["status"], sent["status"]
            self.history.changed(found, before, sent["status"], DESK)
        if "ticket_form_id" in sent:
            if sent["ticket_form_id"] not in {form["id"] for form in self.forms}:
                raise _invalid("ticket_form_id", "Ticket form: is invalid")
            found["ticket_form_id"] = sent["ticket_form_id"]
        self._set_copies(found, sent)
        self._assign(found, sent)
        self._touch(found)
        return VendorResponse({"ticket": found, "audit": {"id": next(self._ids), "events": events}})

    def _set_copies(self, ticket: Record, sent: Record) -> None:
        """Add CCs to those the ticket has."""
        for copy in sent.get("email_ccs", ()):
            if copy.get("action", "put") != "put" or "@" not in str(copy.get("user_email", "")):
                raise _invalid("email_ccs", "Email CCs: is invalid")
            ticket["email_ccs"] = sorted({*ticket.get("email_ccs", ()), copy["user_email"]})

    def _assign(self, ticket: Record, sent: Record) -> None:
        """Make an agent the assignee; a new ticket is open then."""
        if "assignee_email" not in sent:
            return
        email = str(sent["assignee_email"]).lower()
        staff = (one for one in self.users.values() if one["email"] == email and one["role"] != "end-user")
        agent = next(staff, None)
        if agent is None:
            raise _invalid("assignee_email", "Assignee email: is not an agent's")
        ticket["assignee_id"] = agent["id"]
        ticket["status"] = "open" if ticket["status"] == "new" else ticket["status"]

    def _comment(self, ticket: Record, sent: Record) -> list[Record]:
        body = sent.get("body")
        if not body or not isinstance(body, str):
            raise _invalid("comment", "Comment: cannot be blank")
        # Left out, the customer reads it.
        comment = self._write(ticket, body, public=sent.get("public", True), author=DESK)
        return [{"id": comment["id"], "type": "Comment", "public": comment["public"], "body": body}]

    def _write(self, ticket: Record, body: str, *, public: bool, author: int) -> Record:
        comment = {
            "id": next(self._ids),
            "body": body,
            "plain_body": body,
            "public": public,
            "author_id": author,
            "created_at": self.stamp(),
        }
        self.comments[ticket["id"]].append(comment)
        return comment

    def _list_comments(self, call: Call, ticket: str) -> VendorResponse:
        self.ticket(ticket)
        order = call.query.get("sort", "created_at")
        if order not in {"created_at", "-created_at"}:
            raise Refusal(400, {"error": "InvalidPaginationParameter", "description": "sort is not valid"})
        comments = self.comments[int(ticket)]
        answer = self._page(call, "comments", comments[::-1] if order.startswith("-") else comments)
        if "users" in call.query.get("include", "").split(",") and "users" in self.side_loads:
            answer.body["users"] = [self.users[one] for one in sorted({comment["author_id"] for comment in comments})]
        return answer

    def _show_tickets(self, call: Call) -> VendorResponse:
        wanted = [int(one) for one in call.query.get("ids", "").split(",") if one.isdecimal()]
        if not 0 < len(wanted) <= 100:
            raise Refusal(400, {"error": "Parameter ids is required"})
        return VendorResponse({"tickets": [self.tickets[one] for one in wanted if one in self.tickets]})

    def _list_audits(self, call: Call, ticket: str) -> VendorResponse:
        audits = self.history.of(self.ticket(ticket)["id"])
        answer = self._page(call, "audits", audits)
        if "users" in call.query.get("include", "").split(",") and "users" in self.side_loads:
            answer.body["users"] = [self.users[one] for one in sorted({audit["author_id"] for audit in audits})]
        return answer

    # ---------------------------------------------------------------------------------------- tags

    def _tags(self, call: Call) -> set[str]:
        tags = call.body.get("tags")
        if not isinstance(tags, list) or not all(isinstance(tag, str) and tag for tag in tags):
            raise Refusal(400, {"error": "Parameter tags is required"})
        return {tag.lower().replace(" ", "_") for tag in tags}

    def _retag(self, call: Call, ticket: str, tags: set[str]) -> VendorResponse:
        found = self._for_change(ticket, call.body)
        if tags != set(found["tags"]):
            found["tags"] = sorted(tags)
            self._touch(found)
        return VendorResponse({"tags": found["tags"]}, 201 if call.method == "POST" else 200)

    def _put_tags(self, call: Call, ticket: str) -> VendorResponse:
        return self._retag(call, ticket, {*self.ticket(ticket)["tags"], *self._tags(call)})

    def _post_tags(self, call: Call, ticket: str) -> VendorResponse:
        return self._retag(call, ticket, self._tags(call))

    def _delete_tags(self, call: Call, ticket: str) -> VendorResponse:
        return self._retag(call, ticket, set(self.ticket(ticket)["tags"]) - self._tags(call))

    # ------------------------------------------------------------------ people, organisations, ratings

    def _show_users(self, call: Call) -> VendorResponse:
        ids = call.query.get("ids", "")
        if not ids:
            raise Refusal(400, {"error": "Parameter ids is required"})
        wanted = [int(one) for one in ids.split(",") if one.isdecimal()]
        return VendorResponse({"users": [self.users[one] for one in wanted if one in self.users]})

    def _user(self, _call: Call, user: str) -> VendorResponse:
        return VendorResponse({"user": _record(self.users, user)})

    def _organization(self, _call: Call, organization: str) -> VendorResponse:
        return VendorResponse({"organization": _record(self.organizations, organization)})

    def _list_ratings(self, call: Call) -> VendorResponse:
        bad = Refusal(400, {"error": "InvalidTime", "description": "a time is not an epoch"})
        start, end = whole(call, "start_time", 0, bad), whole(call, "end_time", 2**40, bad)
        score = call.query.get("score")
        found = [
            rating
            for rating in self.ratings
            if start <= datetime.fromisoformat(rating["created_at"]).timestamp() < end
            and score in {None, rating["score"]}
        ]
        return self._page(call, "satisfaction_ratings", found)

    def _page(self, call: Call, name: str, records: list[Record]) -> VendorResponse:
        """Cut a cursor page; without `page[size]` the old way is all there is: everything up to 100."""
        bad = Refusal(400, {"error": "InvalidPaginationParameter", "description": "page is not valid"})
        size, after = whole(call, "page[size]", 100, bad), whole(call, "page[after]", 0, bad)
        if not 1 <= size <= 100:
            raise bad
        page, more = records[after : after + size], len(records) > after + size
        query = call.query.multi_items()
        rest = "&".join(f"{key}={value}" for key, value in query if key != "page[after]")
        link = f"{call.site}{self.prefix}{call.path}?{rest}&page[after]={after + size}" if more else None
        meta = {"has_more": more, "after_cursor": str(after + size) if more else None}
        return VendorResponse({name: page, "meta": meta, "links": {"next": link}})

    # ---------------------------------------------------------------------------------------- seed

    def _seed(self) -> None:
        self._open(123456, "Pipeline schedules do not start", "open", 101, 201, ["pipelines"])
        self._open(123457, "Runner times out on large repositories", "solved", 102, 201, ["runner"])
        self._open(123458, "Dark mode hurts my eyes", "closed", 101, 201, ["ui"])
        self._open(123459, "How do I create a group?", "open", 103, None, ["free_customer"])
        self._open(123460, "Zendesk triggers do not fire", "new", 102, 201, [])
        self._open(123461, "Invoice for March", "pending", 104, 202, ["billing"])
        self.rate(123457, "good", "Quick and kind, thank you!")
        self.rate(123458, "bad", "Nobody understood what I asked.")

    def _open(
        self, ticket: int, subject: str, status: str, requester: int, organization: int | None, tags: list[str]
    ) -> None:
        self.tickets[ticket] = {
            "id": ticket,
            "subject": subject,
            "description": subject,
            "status": status,
            "priority": "normal",
            "requester_id": requester,
            "submitter_id": requester,
            "assignee_id": None if status == "new" else DESK + 1,
            "group_id": 301,
            "organization_id": organization,
            "ticket_form_id": 71,
            "custom_fields": [],
            "tags": tags,
            "created_at": self.stamp(),
            "updated_at": self.stamp(),
        }
        self.comments[ticket] = []
        self._write(self.tickets[ticket], subject, public=True, author=requester)


def _record(records: dict[int, Record], wanted: str) -> Record:
    if int(wanted) not in records:
        raise Refusal(404, {"error": "RecordNotFound", "description": "Not found"})
    return records[int(wanted)]


def _invalid(field: str, description: str) -> Refusal:
    details = {field: [{"description": description}]}
    return Refusal(422, {"error": "RecordInvalid", "description": "Record validation errors", "details": details})


def _next_second(stamp: str) -> str:
    after = datetime.fromisoformat(stamp).timestamp() + 1
    return datetime.fromtimestamp(after, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
