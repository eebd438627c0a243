"""The page's way to whoever started the sandbox and the desk: what runs, what comes next, and the tour."""

from datetime import datetime
from typing import Any

import httpx

from sandbox.core.clock import real_seconds
from sandbox.core.model import Json

EVERY_SECONDS = 0.25
"""How often it is asked, while somebody looks."""


class DemoControl:
    """Asks at `url`; where that is empty, there is nothing to kill or to play, and nobody knows the next timer."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.state: Json = {}
        self.timers: list[Json] = []
        self._asked = 0.0
        self._asking = False
        self._http: httpx.AsyncClient | None = None

    @property
    def tour(self) -> Json:
        """How far the tour is."""
        tour: Json = self.state.get("tour", {"state": "off", "steps": [], "by_itself": False, "trouble": ""})
        return tour

    def seen(self) -> tuple[Any, ...]:
        """Something that differs when there is news."""
        tour = self.tour
        due = tuple((one["case"], one["due_at"]) for one in self.timers)
        return (self.state.get("desk"), tour["state"], len(tour["steps"]), tour["by_itself"], due)

    def next_due(self) -> datetime | None:
        """When the desk does something by itself next, as far as it is known."""
        return datetime.fromisoformat(self.timers[0]["due_at"]) if self.timers else None

    async def look(self) -> None:
        """Ask anew, unless it was asked just now."""
        if not self.url or self._asking or real_seconds() - self._asked < EVERY_SECONDS:
            return
        self._asking = True
        try:
            self.state = await self._get(f"{self.url}/state") or {}
            running = self.state.get("desk") == "running"
            found = await self._get(f"{self.state['desk_url']}/sandbox/timers") if running else []
            self.timers = found or []
        finally:
            self._asking, self._asked = False, real_seconds()

    async def do(self, what: str) -> str | None:
        """Have something done (`desk/kill`, `tour/next`, ...); returns what was wrong."""
        if not self.url:
            return "The demo is not running: start it with `make demo`."
        try:
            answer = await self._client().post(f"{self.url}/{what}")
        except httpx.HTTPError:
            return "The demo does not answer."
        self._asked = 0.0
        return str(answer.json().get("detail")) if answer.is_error else None

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = httpx.AsyncClient(timeout=40.0)  # a desk may take its time to start
        return self._http

    async def _get(self, url: str) -> Any:
        try:
            answer = await self._client().get(url)
            return answer.json() if answer.is_success else None
        except httpx.HTTPError:
            return None
