"""How the desk speaks HTTP to a vendor: one client, one host, and every failure as a `EffectError`.

Nothing is retried and no redirect is followed here: the dispatcher above retries over minutes, and a call
carries credentials that belong to the configured host alone. Exceptions are raised `from None`, because those
of the libraries below may quote a header or a body.
"""

import codecs
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import httpx
import structlog
from pydantic import TypeAdapter, ValidationError

from bot.clients.limits import DEADLINE_SECONDS, TooLarge, fetch, limited
from bot.clients.tolerant import Tolerant
from workflows.contract.errors import EffectError, Misconfigured, NotFound, Refused, RetryLater

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
"""Seconds, from one byte to the next. No vendor states its own; the whole call has a deadline besides."""

LONGEST_WAIT = timedelta(hours=1)
"""No quota of these vendors lasts longer, so a longer wait is a header read wrongly or sent wrongly."""

log = structlog.get_logger(__name__)

_REASON_LENGTH = 200
_DIGITS = 15  # of a number that is still beyond all waits when its rest is cut off
_COMMON_KEYS = frozenset({"error", "errors", "message", "description", "details", "status"})

_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)
"""The shape of an answer that nobody reads."""

Now = Callable[[], datetime]
Observe = Callable[[str, str, float, str], None]
"""Told of each call: vendor, operation, seconds, and `ok`, `tolerated` (a field was left out), `retry_later`,
`not_found`, `refused`, `misconfigured` or `error` (a defect of ours)."""
Wait = Callable[[httpx.Headers, datetime], timedelta | None]
M = TypeVar("M")


def unobserved(_vendor: str, _operation: str, _seconds: float, _outcome: str) -> None:
    """Take no notice of a call."""


class VendorModel(Tolerant):
    """Base of what vendors answer: what we do not know is ignored, and what we can do without is done without."""


class Rejected(Refused):
    """The vendor understood the call and said no: `status` is the HTTP status, `reason` its own words."""

    def __init__(self, sentence: str, status: int, reason: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Call:
    """One call. `operation` names it for metrics, `what` names its object for people: `ticket 123`."""

    operation: str
    method: str
    path: str
    what: str
    params: Mapping[str, str | int | Sequence[str]] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    """Sent as a web form, where the vendor takes no JSON."""


# ------------------------------------------------------------------------------- the dialects of "429"


def pagerduty_wait(headers: httpx.Headers, _now: datetime) -> timedelta | None:
    """PagerDuty: `ratelimit-reset` is the number of seconds left."""
    return _seconds(headers.get("ratelimit-reset"))


def zendesk_wait(headers: httpx.Headers, _now: datetime) -> timedelta | None:
    """Zendesk: `Retry-After` in seconds."""
    return _seconds(headers.get("retry-after"))


def gitlab_wait(headers: httpx.Headers, now: datetime) -> timedelta | None:
    """GitLab: `Retry-After` in seconds, or else `RateLimit-Reset`, which is Unix time."""
    after = _seconds(headers.get("retry-after"))
    return after if after is not None else _seconds(headers.get("ratelimit-reset"), since=now)


def _seconds(value: str | None, since: datetime | None = None) -> timedelta | None:
    """Read a number of seconds (counted from 1970 when `since` is given); None when it is not one."""
    if value is None or not value.isdecimal():
        return None
    start = since.astimezone(UTC).timestamp() if since else 0.0
    return timedelta(seconds=min(max(int(value[:_DIGITS]) - start, 0.0), LONGEST_WAIT.total_seconds()))


# ------------------------------------------------------------------------------------------ the client


@cache
def _tls() -> ssl.SSLContext:
    """How every vendor's certificate is checked: the authorities are read once, not once a client."""
    return httpx.create_ssl_context()


class Http:
    """Calls to one vendor at one address.

    `secrets` are never shown: they are cut out of what the vendor says before it becomes part of an error.
    `now` (aware, UTC) turns the epoch in a header into a wait. `transport` is httpx's, for tests.
    """

    def __init__(
        self,
        vendor: str,
        url: str,
        *,
        headers: Mapping[str, str],
        secrets: Sequence[str],
        wait: Wait,
        now: Now,
        observe: Observe = unobserved,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.vendor = vendor
        self.seconds = DEADLINE_SECONDS
        """How long a call may take, from its first to its last byte."""
        self._secrets = [secret for secret in secrets if secret]
        self._wait = wait
        self._now = now
        self._observe = observe
        for name, value in headers.items():
            require_header(vendor, name, value)
        self._client = limited(
            httpx.Client(
                base_url=_require_url(vendor, url),
                headers=dict(headers),
                timeout=TIMEOUT,
                follow_redirects=False,
                verify=_tls(),
                transport=transport,
            )
        )

    def disconnect(self) -> None:
        """Close the connections."""
        self._client.close()

    def send(self, call: Call, shape: TypeAdapter[M]) -> M:
        """Make a call and read its answer as `shape`.

        Raises `RetryLater` (network, time-out, 408, 429, 5xx, an answer nobody can read), `Misconfigured`
        (401, 402, 403, a redirect), `NotFound` (404) or `Rejected`, a `Refused` (every other 4xx).
        """
        started = time.perf_counter()
        outcome, odd = "error", set[str]()
        try:
            answer = self._read(self._exchange(call), call, shape, odd)
            outcome = "tolerated" if odd else "ok"
        except EffectError as error:
            outcome = _outcome(error)
            raise
        else:
            return answer
        finally:
            self._observe(self.vendor, call.operation, time.perf_counter() - started, outcome)

    def order(self, call: Call) -> None:
        """Make a call whose answer says nothing that is needed: success is enough, whatever is in it.

        A write that went well must not be tried again because its answer cannot be read. Raises what `send` does.
        """
        self.send(call, _ANYTHING)

    def _exchange(self, call: Call) -> httpx.Response:
        try:
            response = fetch(
                self._client,
                call.method,
                call.path,
                seconds=self.seconds,
                params=dict(call.params) or None,
                json=call.body,
                data=call.form,
                headers=dict(call.headers),
            )
        except httpx.TimeoutException:
            raise RetryLater(f"{self.vendor} did not answer in time.") from None
        except TooLarge:
            raise RetryLater(f"{self.vendor} answered about {call.what} with more than the desk reads.") from None
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise RetryLater(f"{self.vendor} cannot be reached ({type(error).__name__}).") from None
        if not response.is_success:
            raise self.failure(call, response)
        return response

    def _read(self, response: httpx.Response, call: Call, shape: TypeAdapter[M], odd: set[str]) -> M:
        if shape is _ANYTHING:
            return shape.validate_python(None)
        try:
            answer = shape.validate_json(response.content.removeprefix(codecs.BOM_UTF8), context=odd)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "not JSON"
        else:
            if odd:
                log.warning("vendor_answer_odd", vendor=self.vendor, operation=call.operation, fields=sorted(odd)[:10])
            return answer
        raise RetryLater(f"{self.vendor} answered about {call.what} in a form we cannot read ({where}).")

    def failure(self, call: Call, response: httpx.Response) -> EffectError:
        """Turn an answer that is no success into the error that says what to do."""
        status, vendor = response.status_code, self.vendor
        reason = self.without_secrets(_reason(response))[:_REASON_LENGTH]
        said = f"{status}: {reason}" if reason else str(status)
        if status in {408, 429} or status >= 500:  # noqa: PLR2004 - the server's side of HTTP
            wait = self._wait(response.headers, self._now()) if status in {429, 503} else None
            return RetryLater(_busy(vendor, status, said), wait)
        if status < 400:  # noqa: PLR2004 - a redirect, or stranger
            return Misconfigured(f"{vendor} sends us elsewhere ({status}): check its address in the settings.")
        if status in {401, 402, 403}:
            return Misconfigured(f"{vendor} does not let us at {call.what} ({said}): check its token and rights.")
        if status == 404:  # noqa: PLR2004 - not found
            return NotFound(f"{vendor} has no {call.what}, or does not show it to us.")
        return Rejected(f"{vendor} refused {call.what} ({said}).", status, reason)

    def without_secrets(self, text: str) -> str:
        """Cut our own secrets out of what the vendor says."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def _outcome(error: EffectError) -> str:
    kinds = {
        NotFound: "not_found",
        Refused: "refused",
        Misconfigured: "misconfigured",
        RetryLater: "retry_later",
    }
    return next((name for kind, name in kinds.items() if isinstance(error, kind)), "error")


def _busy(vendor: str, status: int, said: str) -> str:
    if status == 429:  # noqa: PLR2004 - too many requests
        return f"{vendor} asks us to slow down."
    return f"{vendor} has trouble of its own ({said})."


def _require_url(vendor: str, url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.userinfo:
        raise Misconfigured(f"The address of {vendor} in the settings is not a plain web address.")
    return url


def require_header(vendor: str, name: str, value: str) -> None:
    """Refuse what cannot be a header now, because the library's own complaint would quote it."""
    if not (value.isascii() and value.isprintable()):
        raise Misconfigured(f"The settings for {vendor} hold characters that cannot be sent ({name}).")


def _reason(response: httpx.Response) -> str:
    """Take the vendor's own words, on one line; empty for a page of HTML."""
    try:
        words = "; ".join(_leaves(response.json()))
    except (ValueError, RecursionError):
        words = "" if response.text.lstrip().startswith("<") else response.text
    return " ".join(words.split())


def _leaves(value: object) -> list[str]:
    """List all texts of an error body; names of fields are kept, names every body has are not."""
    if isinstance(value, dict):
        return [leaf if key in _COMMON_KEYS else f"{key}: {leaf}" for key in value for leaf in _leaves(value[key])]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [] if value is None else [str(value)]
