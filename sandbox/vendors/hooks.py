"""The vendors' webhooks: what happens in a vendor is delivered to who subscribed, signed as that vendor signs."""

import hmac
import json
import threading
from base64 import b64encode
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx

from sandbox.core.clock import real_epoch
from sandbox.core.tls import tls

Record = dict[str, Any]
Sign = Callable[[str, bytes], dict[str, str]]
"""Makes the headers of a delivery, by the secret and the body."""

SECRETS = {
    "zendesk": "sandbox-zendesk-webhook",
    "zendesk-emea": "sandbox-zendesk-emea-webhook",
    "gitlab": "sandbox-gitlab-webhook",
    "pagerduty": "sandbox-pagerduty-webhook",
}
PATIENCE_SECONDS = 10.0
"""How long a vendor waits for the answer."""
BETWEEN_TRIES_SECONDS = 0.2
MOST_TRIES = 50
MOST_REFUSALS = 4
"""So many 4xx in a row switch GitLab's webhook off, for good."""


def zendesk_signature(secret: str, body: bytes) -> dict[str, str]:
    """Zendesk: HMAC over a timestamp (of real time) and the body."""
    stamp = datetime.fromtimestamp(real_epoch(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    mac = hmac.new(secret.encode(), stamp.encode() + body, sha256).digest()
    return {
        "X-Zendesk-Webhook-Id": "01F1KRFQ6BG29CNWFR60NK5FNY",
        "X-Zendesk-Webhook-Invocation-Id": uuid4().hex,
        "X-Zendesk-Webhook-Signature": b64encode(mac).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
    }


def gitlab_token(secret: str, _body: bytes) -> dict[str, str]:
    """GitLab: the token itself."""
    key = uuid4().hex
    return {
        "X-Gitlab-Event": "Issue Hook",
        "X-Gitlab-Token": secret,
        "X-Gitlab-Event-UUID": key,
        "Idempotency-Key": key,
    }


def pagerduty_signature(secret: str, body: bytes) -> dict[str, str]:
    """PagerDuty: HMAC over the body."""
    mac = hmac.new(secret.encode(), body, sha256).hexdigest()
    return {"X-PagerDuty-Signature": f"v1={mac}", "X-Webhook-Id": uuid4().hex}


@dataclass
class Delivery:
    """One delivery. `status` is what it was answered; None while nobody has answered."""

    vendor: str
    body: Record
    status: int | None = None
    tries: int = 0


class Hook:
    """The webhook of one vendor (or of one of its accounts): nothing is delivered until it has an address."""

    def __init__(self, vendor: str, sign: Sign) -> None:
        self.vendor = vendor
        self.sign = sign
        self.url: str | None = None
        self.secret = SECRETS[vendor]
        self.deliveries: list[Delivery] = []
        self.refusals = 0
        self._waiting: deque[Delivery] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._over = False

    @property
    def is_off(self) -> bool:
        """Whether the vendor has given up on it."""
        return self.refusals >= MOST_REFUSALS

    def deliver(self, body: Record) -> None:
        """Deliver this; in the order it was given."""
        if self.url is None or self.is_off:
            return
        delivery = Delivery(self.vendor, body)
        with self._changed:
            self.deliveries.append(delivery)
            self._waiting.append(delivery)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"webhooks-{self.vendor}", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def stop(self) -> None:
        """Deliver nothing any more, and end the thread that does."""
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def settle(self, seconds: float = PATIENCE_SECONDS) -> bool:
        """Wait until everything is delivered or given up; False when that took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting, seconds)

    def _run(self) -> None:
        with httpx.Client(timeout=PATIENCE_SECONDS, verify=tls()) as http:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._waiting or self._over)
                    if self._over:
                        return
                    delivery = self._waiting[0]
                self._deliver(http, delivery)
                with self._changed:
                    self._waiting.popleft()
                    self._changed.notify_all()

    def _deliver(self, http: httpx.Client, delivery: Delivery) -> None:
        """Try until it is answered with anything but trouble; each try bears the same keys."""
        raw = json.dumps(delivery.body).encode()
        headers = {"Content-Type": "application/json", **self.sign(self.secret, raw)}
        while delivery.tries < MOST_TRIES and not self.is_off and not self._over:
            delivery.tries += 1
            delivery.status = self._post(http, raw, headers)
            if delivery.status is not None and delivery.status < 500:
                self.refusals = self.refusals + 1 if delivery.status >= 400 and self.vendor == "gitlab" else 0
                return
            threading.Event().wait(BETWEEN_TRIES_SECONDS)

    def _post(self, http: httpx.Client, raw: bytes, headers: dict[str, str]) -> int | None:
        try:
            return http.post(self.url or "", content=raw, headers=headers).status_code
        except httpx.HTTPError:
            return None


class Hooks:
    """The webhooks of all vendors."""

    def __init__(self) -> None:
        self.zendesk = Hook("zendesk", zendesk_signature)
        self.zendesk_emea = Hook("zendesk-emea", zendesk_signature)
        self.gitlab = Hook("gitlab", gitlab_token)
        self.pagerduty = Hook("pagerduty", pagerduty_signature)

    @property
    def all(self) -> tuple[Hook, ...]:
        """Each of them."""
        return (self.zendesk, self.zendesk_emea, self.gitlab, self.pagerduty)

    def point_to(self, url: str) -> None:
        """Send everything to the desk at this address."""
        for hook in self.all:
            hook.url = f"{url.rstrip('/')}/webhooks/{hook.vendor}"

    def stop(self) -> None:
        """Deliver nothing any more."""
        for hook in self.all:
            hook.stop()

    def settle(self) -> bool:
        """Wait until everything is delivered or given up; False when that took too long."""
        return all([hook.settle() for hook in self.all])  # noqa: C419 - each is waited for
