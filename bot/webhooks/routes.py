"""`POST /webhooks/VENDOR`: authentic, then saved, then answered; what it means is worked out afterwards.

Vendors switch off a webhook that is refused too often, some for good. So a delivery that is the vendor's own is
never refused, whatever is in it; only when it cannot be saved is the vendor asked to try again.
"""

from collections.abc import Mapping
from typing import Final

import structlog
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.requests import ClientDisconnect

from bot.webhooks.receiver import Delivery, MalformedError, Vendor
from workflows.contract.clock import Clock
from workflows.engine.inbox import Inbox
from workflows.lib.tickets import MAIN

log = structlog.get_logger(__name__)

LARGEST_BODY: Final = 4 * 2**20
"""Bytes. The description of an issue may have a million characters, and comes twice."""

LARGEST_READ: Final = 32 * 2**20
"""Bytes. A body that is too large is read to its end, for the answer to be heard; up to this."""

SETTINGS: Final[Mapping[str, str]] = {
    "zendesk": "ZENDESK_WEBHOOK_SECRET",
    "gitlab": "GITLAB_WEBHOOK_TOKEN",
    "pagerduty": "PAGERDUTY_WEBHOOK_SECRET",
}


def zendesk_hook(account: str) -> str:
    """Where an account's webhooks go, below `/webhooks/`: the address says which account tells something."""
    return "zendesk" if account == MAIN else f"zendesk-{account}"


def webhook_routes(known: Mapping[str, Vendor], inbox: Inbox, clock: Clock) -> APIRouter:
    """The routes. `known` are the vendors whose webhooks are taken; the others hear that theirs are not."""
    routes = APIRouter(prefix="/webhooks")
    receiver = WebhookReceiver(inbox, clock)

    @routes.post("/{name}")
    async def take(name: str, request: Request) -> PlainTextResponse:
        vendor = known.get(name)
        if vendor is None:
            return PlainTextResponse(_not_taken(name), 404)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        status, sentence = await run_in_threadpool(receiver.take, name, vendor, request.headers, body)
        return PlainTextResponse(sentence, status)

    return routes


def _not_taken(name: str) -> str:
    vendor, _, account = name.partition("-")
    if vendor not in SETTINGS or (account and not (vendor == "zendesk" and account.isascii() and account.isalnum())):
        return f"There are webhooks for {', '.join(SETTINGS)}, and no others.\n"
    setting = "_".join([SETTINGS[vendor], *([account.upper()] if account else [])])
    return f"This desk takes no webhooks of {name[:40]}: {setting[:60]} is not set.\n"


async def _body(request: Request) -> bytes | None:
    """The body as it came; None when it is too large."""
    body, length = bytearray(), 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > LARGEST_READ:
            break
        body += chunk if length <= LARGEST_BODY else b""
    return bytes(body) if length <= LARGEST_BODY else None


class WebhookReceiver:
    """Lets in what is authentic."""

    def __init__(self, inbox: Inbox, clock: Clock) -> None:
        self.inbox = inbox
        self.clock = clock

    def take(self, name: str, vendor: Vendor, headers: Mapping[str, str], body: bytes | None) -> tuple[int, str]:
        """Take a delivery; the status and sentence of the answer."""
        delivery = Delivery(headers, body or b"", self.clock.real_now(), self.clock.now())
        if not _is_authentic(vendor, delivery):
            if body is None:
                return self._answer(name, "too_large", 413, "This is too large.")
            return self._answer(name, "forbidden", 401, "This is not signed with our secret, or too old.")
        if body is None:  # its sender is known by a header: refusing it would switch the webhook off
            return self._answer(name, "too_large", 200, "Too large: not read.")
        return self._save(name, vendor, delivery)

    def _save(self, name: str, vendor: Vendor, delivery: Delivery) -> tuple[int, str]:
        try:
            incoming = vendor.read(delivery)
        except MalformedError as error:
            return self._answer(name, "malformed", 200, "Not understood.", why=str(error))
        except Exception as error:  # whatever it holds, it is the vendor's own and not refused
            log.exception("webhook_broke", vendor=name)
            return self._answer(name, "malformed", 200, "Not understood.", why=type(error).__name__)
        if delivery.odd:
            log.warning("webhook_odd", vendor=name, fields=sorted(delivery.odd)[:10])
            self.inbox.telemetry.webhook(name, "tolerated")
        if not incoming:
            return self._answer(name, "ignored", 200, "Nothing for us.")
        try:
            new = self.inbox.take(incoming, delivery.now)
        except (DataError, ValueError, OverflowError) as error:  # no database holds it: sent again, it is the same
            return self._answer(name, "malformed", 200, "Not understood.", why=type(error).__name__)
        except SQLAlchemyError as error:
            return self._answer(name, "not_saved", 503, "Not saved: try again.", why=type(error).__name__)
        return self._answer(name, "taken" if new else "repeated", 200, "Saved.")

    def _answer(self, name: str, outcome: str, status: int, sentence: str, **why: str) -> tuple[int, str]:
        is_fine = outcome in {"taken", "repeated", "ignored"}
        (log.info if is_fine else log.warning)("webhook", vendor=name, result=outcome, **why)
        self.inbox.telemetry.webhook(name, outcome)
        return status, f"{sentence}\n"


def _is_authentic(vendor: Vendor, delivery: Delivery) -> bool:
    """Whether it is; what cannot even be checked is not."""
    try:
        return vendor.is_authentic(delivery)
    except Exception:  # whatever stands in the headers, nobody gets in by it
        log.exception("webhook_not_checked")
        return False
