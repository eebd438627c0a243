"""PagerDuty's Events v2: paging without a user of the account, and without an answer about what came of it."""

from collections.abc import Mapping

import httpx

from bot.clients.http import Call, Http, Now, Observe, pagerduty_wait, unobserved

EVENTS_URL = "https://events.pagerduty.com"

_SUMMARY_LENGTH = 1024


class Events:
    """Events to one integration of one service; `routing_key` is that integration's key (32 characters).

    PagerDuty takes an event before anything has come of it: no incident's id or address is known here. Events
    of one `key` belong together while the incident is open; to acknowledge or resolve none is silently fine.
    """

    def __init__(
        self,
        routing_key: str,
        url: str = EVENTS_URL,
        *,
        now: Now,
        observe: Observe = unobserved,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._routing_key = routing_key
        self._http = Http(
            "PagerDuty Events",
            url,
            headers={"Accept": "application/json"},
            secrets=(routing_key,),
            wait=pagerduty_wait,
            now=now,
            observe=observe,
            transport=transport,
        )

    def disconnect(self) -> None:
        """Close the connections."""
        self._http.disconnect()

    def trigger(self, key: str, title: str, details: str) -> None:
        """Page; the service's own rules say whom and how urgently."""
        summary = title[:_SUMMARY_LENGTH]
        payload = {
            "summary": summary,
            "source": "escalation-desk",
            "severity": "critical",
            "custom_details": {"details": details},
        }
        self._enqueue("trigger", key, payload=payload)

    def acknowledge(self, key: str) -> None:
        """Acknowledge what is open under this key."""
        self._enqueue("acknowledge", key)

    def resolve(self, key: str) -> None:
        """Resolve what is open under this key."""
        self._enqueue("resolve", key)

    def _enqueue(self, action: str, key: str, payload: Mapping[str, object] | None = None) -> None:
        body: dict[str, object] = {
            "routing_key": self._routing_key,
            "event_action": action,
            "dedup_key": key,
        }
        if payload:
            body["payload"] = payload
        self._http.order(Call(f"event_{action}", "POST", "/v2/enqueue", "the event", body=body))
