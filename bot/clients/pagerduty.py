"""Who is on duty, and paging them, in PagerDuty."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter

from bot.clients import pagerduty_answers as answers
from bot.clients.http import Call, Http, Now, Observe, Rejected, pagerduty_wait, require_header, unobserved
from bot.clients.pagerduty_events import Events
from workflows.contract.errors import Misconfigured, NotFound, Refused
from workflows.contract.paging_ports import OnCall, OnDuty, Page, PageNow, Pager

API_URL = "https://api.pagerduty.com"

_ID = re.compile(r"[PQ][A-Z0-9]{6}([A-Z0-9]{7})?")
_PER_PAGE = 100
_LAST_OFFSET = 9_900  # PagerDuty refuses what lies beyond the 10,000th
_TITLE_LENGTH = 1024
_BY_KEY = "key:"
"""Begins the id of a page whose incident is known by its key only, because an event opened it."""

P = TypeVar("P", bound=answers.ListPage)


class PagerDuty(OnCall, Pager):
    """The ports over PagerDuty's REST API.

    A schedule or service is given by its id or its name. `from_email` is a user of the account, in whose name
    incidents are opened; without one, or where the REST API refuses for good, `events` pages instead. Every
    method may raise `RetryLater`, `Refused`, `NotFound` or `Misconfigured`.
    """

    def __init__(
        self,
        token: str,
        from_email: str | None,
        api_url: str = API_URL,
        *,
        now: Now,
        events: Events | None = None,
        observe: Observe = unobserved,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        if from_email:
            require_header("PagerDuty", "From", from_email)
        self._from = from_email or None
        self._events = events
        self._ids: dict[str, str] = {}
        self._http = Http(
            "PagerDuty",
            api_url,
            headers={
                "Authorization": f"Token token={token}",
                "Accept": "application/vnd.pagerduty+json;version=2",
                "Content-Type": "application/json",
            },
            secrets=(token,),
            wait=pagerduty_wait,
            now=now,
            observe=observe,
            transport=transport,
        )

    def disconnect(self) -> None:
        """Close the connections."""
        self._http.disconnect()
        if self._events:
            self._events.disconnect()

    # ------------------------------------------------------------------------------------- on duty

    def on_duty(self, schedule: str, at: datetime | None = None) -> list[OnDuty]:
        """List the people on duty now, or at an aware time, each once, in escalation order; empty when nobody is."""
        params: dict[str, str | list[str]] = {"schedule_ids[]": [self._schedule(schedule)], "include[]": ["users"]}
        if at is not None:  # a range, whose ends must differ; what only touches it is left out below
            params |= {"since": _iso(at), "until": _iso(at + timedelta(seconds=1))}
        call = Call("on_duty", "GET", "/oncalls", f"schedule {schedule!r}", params=params)
        turns = [turn for page in self._pages(call, answers.ONCALLS) for turn in page.oncalls if turn.covers(at)]
        first: dict[str, answers.OnCall] = {}
        for turn in sorted(turns, key=lambda turn: turn.escalation_level or 0):
            first.setdefault(turn.user.id, turn)
        return [replace(self._person(turn.user), until=turn.end) for turn in first.values()]

    def user(self, email: str) -> OnDuty | None:
        """Find the user with this e-mail address, or None: the From user must be one."""
        call = Call("find_user", "GET", "/users", f"user {email}", params={"query": email})
        for page in self._pages(call, answers.USERS):
            for user in page.users:
                if (user.email or "").casefold() == email.casefold():
                    return self._person(user)
        return None

    def service(self, service: str) -> str:
        """The name of a service, given by its id or name. `NotFound` when there is none."""
        path = f"/services/{self._service(service)}"
        found = self._http.send(Call("read_service", "GET", path, f"service {service!r}"), answers.SERVICE)
        return found.service.name

    def _person(self, user: answers.User) -> OnDuty:
        """Complete somebody who came as a reference, without an e-mail address."""
        if not user.email:
            call = Call("read_user", "GET", f"/users/{_part(user.id)}", f"user {user.id}")
            with suppress(NotFound):  # deleted since, and still in the schedule
                user = self._http.send(call, answers.USER).user
        return OnDuty(name=user.name or user.summary or user.id, email=user.email)

    # ------------------------------------------------------------------------------------- paging

    def page(self, title: str, details: str, *, service: str, key: str) -> Page:
        """Open a high-urgency incident under `key`; the one that is open under this key already is returned."""
        if self._from is None:
            return self._page_by_event(title, details, key)
        try:
            return self._open(self._from, title, details, service, key)
        except (Refused, Misconfigured):
            # A page must get out: a wrong From user, service or plan is no reason for silence.
            if self._events is None:
                raise
            return self._page_by_event(title, details, key)

    def find(self, key: str) -> Page | None:
        """Find the open incident under this key, or None."""
        params = {"incident_key": key, "statuses[]": ["triggered", "acknowledged"]}
        call = Call("find_incident", "GET", "/incidents", f"incident {key}", params=params)
        for page in self._pages(call, answers.INCIDENTS):
            for incident in page.incidents:
                if incident.incident_key == key:
                    return _page(incident)
        return None

    def open_pages(self, service: str) -> list[PageNow]:
        """List the incidents of a service that are not resolved, however old."""
        params = {
            "service_ids[]": [self._service(service)],
            "statuses[]": ["triggered", "acknowledged"],
            "date_range": "all",
        }
        call = Call("list_incidents", "GET", "/incidents", f"service {service!r}", params=params)
        return [_page_now(one) for page in self._pages(call, answers.INCIDENTS) for one in page.incidents]

    def last_under(self, key: str) -> PageNow | None:
        """Find the newest incident under this key, resolved or not, or None."""
        params = {"incident_key": key, "date_range": "all"}
        call = Call("find_incident", "GET", "/incidents", f"incident {key}", params=params)
        found = [one for page in self._pages(call, answers.INCIDENTS) for one in page.incidents]
        newest = max((one for one in found if one.incident_key == key), key=lambda one: one.created_at, default=None)
        return _page_now(newest) if newest else None

    def acknowledge(self, page_id: str) -> Page:
        """Acknowledge an incident; one that is resolved by now is returned as it is."""
        return self._set(page_id, "acknowledged")

    def resolve(self, page_id: str) -> Page:
        """Resolve an incident (resolving a resolved one is fine)."""
        return self._set(page_id, "resolved")

    def _open(self, requester: str, title: str, details: str, service: str, key: str) -> Page:
        incident = {
            "type": "incident",
            "title": title[:_TITLE_LENGTH],
            "service": {"id": self._service(service), "type": "service_reference"},
            "urgency": "high",
            "incident_key": key,
            "body": {"type": "incident_body", "details": details},
        }
        call = _write("open_incident", "POST", "/incidents", f"service {service!r}", requester, incident)
        try:
            return _page(self._http.send(call, answers.INCIDENT).incident)
        except Rejected:  # perhaps because one of this key is open
            found = self.find(key)
            if found is None:
                raise
            return found

    def _page_by_event(self, title: str, details: str, key: str) -> Page:
        self._require_events().trigger(key, title, details)
        return Page(id=f"{_BY_KEY}{key}", key=key, url="", status="triggered")

    def _set(self, page_id: str, status: str) -> Page:
        if page_id.startswith(_BY_KEY):
            return self._set_by_event(Page(page_id, page_id.removeprefix(_BY_KEY), "", status))
        if self._from is None:
            found = self._incident(page_id)
            return self._set_by_event(Page(page_id, found.key, found.url, status))
        path, incident = f"/incidents/{_part(page_id)}", {"type": "incident_reference", "status": status}
        call = _write(f"{status}_incident", "PUT", path, f"incident {page_id}", self._from, incident)
        try:
            return _page(self._http.send(call, answers.INCIDENT).incident)
        except Rejected:
            found = self._incident(page_id)
            if found.status not in {status, "resolved"}:
                raise
            return found

    def _set_by_event(self, page: Page) -> Page:
        events = self._require_events()
        (events.resolve if page.status == "resolved" else events.acknowledge)(page.key)
        return page

    def _require_events(self) -> Events:
        if self._events is None:
            raise Misconfigured("PagerDuty needs a From user, or an Events routing key, for the desk to page.")
        return self._events

    def _incident(self, page_id: str) -> Page:
        call = Call("read_incident", "GET", f"/incidents/{_part(page_id)}", f"incident {page_id}")
        return _page(self._http.send(call, answers.INCIDENT).incident)

    # ------------------------------------------------------------------------------------- helpers

    def _schedule(self, schedule: str) -> str:
        if _ID.fullmatch(schedule):
            return schedule
        if schedule not in self._ids:
            pages = self._pages(_by_name("schedule", schedule), answers.SCHEDULES)
            self._ids[schedule] = _id_of(schedule, (one for page in pages for one in page.schedules))
        return self._ids[schedule]

    def _service(self, service: str) -> str:
        if _ID.fullmatch(service):
            return service
        if service not in self._ids:
            pages = self._pages(_by_name("service", service), answers.SERVICES)
            self._ids[service] = _id_of(service, (one for page in pages for one in page.services))
        return self._ids[service]

    def _pages(self, call: Call, shape: TypeAdapter[P]) -> Iterator[P]:
        for offset in range(0, _LAST_OFFSET + 1, _PER_PAGE):
            params = {**call.params, "limit": _PER_PAGE, "offset": offset}
            page = self._http.send(Call(call.operation, call.method, call.path, call.what, params), shape)
            yield page
            if not page.more:
                break


def _write(operation: str, method: str, path: str, what: str, requester: str, incident: Mapping[str, object]) -> Call:
    return Call(operation, method, path, what, body={"incident": incident}, headers={"From": requester})


def _by_name(kind: str, name: str) -> Call:
    return Call(f"find_{kind}", "GET", f"/{kind}s", f"{kind} {name!r}", params={"query": name})


def _id_of(name: str, found: Iterator[answers.Named]) -> str:
    for candidate in found:
        if candidate.name.casefold() == name.casefold():
            return candidate.id
    raise NotFound(f"PagerDuty has nothing called {name!r}.")


def _part(identifier: str) -> str:
    return quote(identifier, safe="")


def _page(incident: answers.Incident) -> Page:
    return Page(incident.id, incident.incident_key or "", incident.html_url or "", incident.status)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _page_now(incident: answers.Incident) -> PageNow:
    by = incident.last_status_change_by
    turns = [one for one in incident.assignments if one.assignee.summary]
    return PageNow(
        id=incident.id,
        key=incident.incident_key or "",
        url=incident.html_url or "",
        status=incident.status,
        created_at=incident.created_at,
        changed_at=incident.last_status_change_at or incident.created_at,
        changed_by=(by and by.summary) or "",
        assignees=tuple(one.assignee.summary or "" for one in turns),
        assigned_at=max((one.at for one in turns), default=None),
    )
