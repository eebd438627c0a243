"""The driver's hands on what is not people: faults and the clock."""

from datetime import datetime, timedelta
from typing import Any

import httpx

from sandbox.core.errors import Impossible
from sandbox.driver.observations import Json


def answer_of(answer: httpx.Response) -> Any:
    """Return what the control API answered; raise what a person cannot do."""
    if answer.status_code == httpx.codes.CONFLICT:
        raise Impossible(answer.json()["detail"])
    if answer.is_error:
        raise ValueError(f"{answer.status_code}: {answer.text}")
    return answer.json()


class FaultControls:
    """What can be made to go wrong. `method` is a glob such as `chat.*`; `times` the number of calls."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def _post(self, address: str, **body: Any) -> Json:
        answer: Json = answer_of(self._http.post(f"/control/faults{address}", json=body))
        return answer

    def rate_limit(self, method: str, *, retry_after: int = 1, times: int = 1) -> None:
        """Answer 429 with this Retry-After (seconds)."""
        self._post("", method=method, kind="ratelimited", value=retry_after, times=times)

    def status(self, method: str, status: int = 500, *, times: int = 1) -> None:
        """Answer this HTTP status."""
        self._post("", method=method, kind="status", value=status, times=times)

    def error(self, method: str, code: str, *, times: int = 1) -> None:
        """Answer this error code."""
        self._post("", method=method, kind="error", value=code, times=times)

    def hang(self, method: str, seconds: float, *, times: int = 1) -> None:
        """Carry it out and answer only after this many real seconds, or when released."""
        self._post("", method=method, kind="hang", value=seconds, times=times)

    def late(self, method: str, *, times: int = 1) -> None:
        """Drop the connection at once, as if the caller had stopped waiting; carry it out when released."""
        self._post("", method=method, kind="late", times=times)

    def release(self) -> int:
        """Let go of the calls that hang or are late, and return how many, once they were carried out."""
        return int(self._post("/release")["released"])

    def drop(self, method: str, *, times: int = 1) -> None:
        """Do it, then drop the connection without an answer."""
        self._post("", method=method, kind="drop", times=times)

    def malformed(self, method: str, *, times: int = 1) -> None:
        """Do it, and answer half a JSON object."""
        self._post("", method=method, kind="malformed", times=times)

    def deliver_twice(self, times: int = 1) -> None:
        """Deliver the next envelopes twice."""
        self._post("/twice", times=times)

    def drop_sockets(self) -> None:
        """Close every Socket Mode connection without a word."""
        self._post("/sockets", do="drop")

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Send `disconnect` (`warning`, `refresh_requested`, `link_disabled`); all but `warning` also close."""
        self._post("/sockets", do="disconnect", reason=reason)

    def refuse_connections(self, *, refuse: bool = True) -> None:
        """Refuse new Socket Mode connections, or accept them again."""
        self._post("/sockets", do="refuse" if refuse else "accept")

    def clear(self) -> None:
        """Let everything go right again."""
        self._post("/clear")


class ClockControls:
    """The desk's clock."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def now(self) -> datetime:
        """Return the desk's time, aware, in UTC."""
        return datetime.fromisoformat(answer_of(self._http.get("/control/clock"))["now"])

    def advance(self, by: timedelta) -> datetime:
        """Advance the clock and return the new time."""
        return self._move(advance=by.total_seconds())

    def set(self, to: datetime) -> datetime:
        """Set the clock to an aware time and return the new time."""
        return self._move(to=to.isoformat())

    def _move(self, **body: Any) -> datetime:
        return datetime.fromisoformat(answer_of(self._http.post("/control/clock", json=body))["now"])
