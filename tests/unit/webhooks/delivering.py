"""Deliveries as the vendors make them."""

import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bot.webhooks.receiver import Delivery

NOW = datetime(2026, 11, 20, 10, 0, 0, tzinfo=UTC)


def delivery(body: Any, headers: dict[str, str] | None = None, real_now: datetime = NOW) -> Delivery:
    """A delivery of this body (JSON unless it is bytes)."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Delivery(headers or {}, raw, real_now, NOW)


def zendesk_headers(secret: str, body: bytes, stamp: str = "2026-11-20T10:00:00Z") -> dict[str, str]:
    """What Zendesk sends along."""
    mac = hmac.new(secret.encode(), stamp.encode() + body, sha256).digest()
    return {
        "x-zendesk-webhook-signature": b64encode(mac).decode(),
        "x-zendesk-webhook-signature-timestamp": stamp,
        "x-zendesk-webhook-invocation-id": "8350205582",
    }


def zendesk_event(kind: str, event: dict[str, Any], ticket: str = "35436") -> dict[str, Any]:
    """An event Zendesk subscribes one to: ids are text, statuses in capitals."""
    return {
        "type": f"zen:event-type:ticket.{kind}",
        "account_id": 12514403,
        "id": "2b24ef10-19d4-4740-93cf-8f98ec4776c0",
        "time": "2026-11-20T09:59:58Z",
        "zendesk_event_version": "2022-06-20",
        "subject": f"zen:ticket:{ticket}",
        "detail": {"id": ticket, "requester_id": "101", "status": "OPEN", "subject": "Help", "tags": []},
        "event": event,
    }


def gitlab_issue(action: str, **more: Any) -> dict[str, Any]:
    """What GitLab sends about an issue."""
    return {
        "object_kind": "issue",
        "event_type": "issue",
        "user": {"id": 2, "name": "María García", "username": "maria"},
        "project": {"id": 278965, "path_with_namespace": "gitlab-com/support/feedback"},
        "object_attributes": {
            "id": 301,
            "iid": 23,
            "title": "Negative feedback for ticket 123456",
            "description": "x",
            "state": "opened",
            "action": action,
            "url": "https://gitlab.example.com/gitlab-com/support/feedback/-/issues/23",
            "updated_at": "2026-11-20 09:59:58 UTC",
        },
        "labels": [{"id": 1, "title": "satisfaction::bad"}],
        "changes": {},
        **more,
    }


def labels_changed(previous: list[str], current: list[str]) -> dict[str, Any]:
    """The `changes` of an issue whose labels changed."""
    sides = {"previous": previous, "current": current}
    return {"labels": {side: [{"title": title} for title in titles] for side, titles in sides.items()}}


def pagerduty_event(kind: str, status: str, **data: Any) -> dict[str, Any]:
    """What PagerDuty sends about an incident."""
    return {
        "event": {
            "id": "01BWUN3UFRRRUMVR",
            "event_type": kind,
            "resource_type": "incident",
            "occurred_at": "2026-11-20T09:59:58.000Z",
            "agent": {"id": "PUSER01", "type": "user_reference", "summary": "María García"},
            "client": None,
            "data": {
                "id": "Q0000000000001",
                "type": "incident",
                "status": status,
                "incident_key": "INC-1",
                "html_url": "https://example.pagerduty.com/incidents/Q0000000000001",
                "assignees": [{"id": "PUSER02", "type": "user_reference", "summary": "Omar Haddad"}],
                **data,
            },
        }
    }
