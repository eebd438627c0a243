"""Delivery over HTTP: signed requests to the app's request URL."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import httpx

from sandbox.core.clock import real_epoch
from sandbox.core.faults import Faults
from sandbox.core.model import Json
from sandbox.core.tls import tls
from sandbox.slack.delivery import ACK_SECONDS, Ack, Kind, Pending, Retry

JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"
# The injected clock decides about the ack; this only ends a request nobody waits for any more.
GIVE_UP_SECONDS = 2 * ACK_SECONDS
WORKERS = 8


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return Slack's v0 signature of a body sent at `timestamp` (seconds since 1970)."""
    base = b"v0:" + str(timestamp).encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpDelivery:
    """Posts what happens to the request URL, as Slack does."""

    def __init__(
        self,
        request_url: str,
        signing_secret: str,
        verification_token: str,
        faults: Faults,
        real: Callable[[], float],
    ) -> None:
        self.request_url = request_url
        self._secret = signing_secret
        self._token = verification_token
        self._faults = faults
        self._real = real
        self._client = httpx.Client(timeout=GIVE_UP_SECONDS, verify=tls())
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="sandbox-http")
        self._stopping = threading.Event()

    def close(self) -> None:
        """Close the connections; what is under way is given up."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._client.close()

    def send(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Pending:
        """Post a payload from a thread of the pool."""
        pending = Pending(self._real)
        for _ in range(self._faults.copies()):
            if not self._stopping.is_set():
                self._pool.submit(self._post, kind, payload, retry, pending)
        return pending

    def verify_url(self) -> bool:
        """Ask the request URL for the challenge Slack sends when it is entered; True when it answers right."""
        challenge = hashlib.sha256(str(real_epoch()).encode()).hexdigest()
        body = {"token": self._token, "challenge": challenge, "type": "url_verification"}
        answer = self._signed_post(json.dumps(body).encode(), JSON_TYPE)
        if answer.status_code != httpx.codes.OK:
            return False
        is_json = answer.headers.get("content-type", "").startswith(JSON_TYPE)
        answered = answer.json().get("challenge") if is_json else answer.text
        return bool(answered == challenge)

    def _signed_post(self, body: bytes, kind: str, more: dict[str, str] | None = None) -> httpx.Response:
        timestamp = int(real_epoch())  # the app checks it against its own wall clock
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": signature(self._secret, timestamp, body),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        return self._client.post(self.request_url, content=body, headers=headers | (more or {}))

    def _post(self, kind: Kind, payload: Json, retry: Retry | None, pending: Pending) -> None:
        body, media = _encoded(kind, payload)
        try:
            answer = self._signed_post(body, media, _retry_headers(retry))
        except httpx.TimeoutException:
            pending.settle(Ack(ok=False, reason="http_timeout"))
        except httpx.HTTPError:
            pending.settle(Ack(ok=False, reason="connection_failed"))
        else:
            pending.settle(_ack(answer))


def _encoded(kind: Kind, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), JSON_TYPE
    if kind == "slash_commands":
        return urlencode(payload).encode(), FORM_TYPE
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM_TYPE


def _retry_headers(retry: Retry | None) -> dict[str, str]:
    if retry is None:
        return {}
    reason = "http_timeout" if retry.reason == "timeout" else retry.reason
    return {"X-Slack-Retry-Num": str(retry.attempt), "X-Slack-Retry-Reason": reason}


def _ack(answer: httpx.Response) -> Ack:
    if answer.is_success:
        return Ack(ok=True, payload=_answered(answer))
    wants_no_retry = answer.headers.get("x-slack-no-retry") == "1"
    return Ack(ok=False, reason="http_error", retry=not wants_no_retry)


def _answered(answer: httpx.Response) -> Json | None:
    """Return what the app answered: JSON, or plain text, which Slack shows as a message."""
    if not answer.content.strip():
        return None
    if answer.headers.get("content-type", "").startswith(JSON_TYPE):
        body = answer.json()
        return body if isinstance(body, dict) else None
    return {"text": answer.text}
