"""Who is on duty, and paging them, in PagerDuty."""

import re
from collections.abc import Sequence
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter

from bot.clients.http import Answer, Call, Http, Now, Observe, pagerduty_wait, unobserved
from workflows.errors import NotFound
from workflows.ports import OnDuty

API_URL = "https://api.pagerduty.com"

_ID = re.compile(r"[PQ][A-Z0-9]{6}([A-Z0-9]{7})?")
_PAGE = 100
_LAST_OFFSET = 9_900  # PagerDuty refuses what lies beyond the 10,000th


class _User(Answer):
    id: str
    name: str | None = None
    summary: str | None = None
    email: str | None = None


class _OnCall(Answer):
    user: _User
    escalation_level: int = 0


class _Page(Answer):
    more: bool | None = False


class _OnCalls(_Page):
    oncalls: list[_OnCall]


class _Named(Answer):
    id: str
    name: str


class _Schedules(_Page):
    schedules: list[_Named]


class _UserAnswer(Answer):
    user: _User


_ONCALLS = TypeAdapter(_OnCalls)
_SCHEDULES = TypeAdapter(_Schedules)
_USER = TypeAdapter(_UserAnswer)


class PagerDuty:
    """`workflows.ports.OnCall` and `Pager` over PagerDuty's REST API.

    A schedule or service is given by its id or its name. Every method may raise `RetryLater`, `Refused`,
    `NotFound` or `Misconfigured`.
    """

    def __init__(
        self,
        token: str,
        from_email: str | None,
        api_url: str = API_URL,
        *,
        now: Now,
        observe: Observe = unobserved,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._from = from_email
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

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def on_duty(self, schedule: str) -> list[OnDuty]:
        """List the people on duty now, each once, in escalation order; empty when nobody is."""
        users: dict[str, _User] = {}
        for oncall in sorted(self._oncalls(self._schedule(schedule)), key=lambda oncall: oncall.escalation_level):
            users.setdefault(oncall.user.id, oncall.user)
        return [self._person(user) for user in users.values()]

    def _oncalls(self, schedule: str) -> list[_OnCall]:
        found: list[_OnCall] = []
        for offset in range(0, _LAST_OFFSET + 1, _PAGE):
            params: dict[str, str | int | Sequence[str]] = {
                "schedule_ids[]": [schedule],
                "include[]": ["users"],
                "limit": _PAGE,
                "offset": offset,
            }
            call = Call("on_duty", "GET", "/oncalls", f"schedule {schedule}", params=params)
            answer = self._http.send(call, _ONCALLS)
            found += answer.oncalls
            if not answer.more:
                break
        return found

    def _person(self, user: _User) -> OnDuty:
        """Somebody with an e-mail address: included in the answer, or else asked for."""
        if not user.email:
            call = Call("read_user", "GET", f"/users/{quote(user.id, safe='')}", f"user {user.id}")
            user = self._http.send(call, _USER).user
        return OnDuty(name=user.name or user.summary or user.id, email=user.email)

    def _schedule(self, schedule: str) -> str:
        """Find the id of a schedule given by id or by name."""
        if _ID.fullmatch(schedule):
            return schedule
        if schedule not in self._ids:
            params: dict[str, str | int] = {"query": schedule, "limit": _PAGE}
            call = Call("find_schedule", "GET", "/schedules", f"schedule {schedule!r}", params=params)
            self._ids[schedule] = _same_name(schedule, self._http.send(call, _SCHEDULES).schedules)
        return self._ids[schedule]


def _same_name(name: str, found: Sequence[_Named]) -> str:
    for candidate in found:
        if candidate.name.casefold() == name.casefold():
            return candidate.id
    raise NotFound(f"PagerDuty has nothing called {name!r}.")
