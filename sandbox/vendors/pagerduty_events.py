"""PagerDuty's Events v2, as strict as its documentation."""

from typing import Any

from sandbox.vendors.base import Call, Refusal, Route, Vendor, VendorResponse, json_only
from sandbox.vendors.pagerduty import PagerDuty

ROUTING_KEY = "5a6b7c8d9e0f5a6b7c8d9e0f5a6b7c8d"
_SEVERITIES = {"critical", "error", "warning", "info"}

Record = dict[str, Any]


class Events(Vendor):
    """Events API v2: no token, a routing key in the body, and an answer before anything has happened."""

    prefix = "/vendors/pagerduty-events"

    def __init__(self, pagerduty: PagerDuty) -> None:
        super().__init__(pagerduty.now)
        self.pagerduty = pagerduty

    def routes(self) -> list[Route]:
        """List what is served."""
        return [("POST", "/v2/enqueue", self._enqueue)]

    def admit(self, call: Call) -> None:
        """Refuse what is not JSON; there are no credentials in the headers."""
        json_only(call, Refusal(415, "Unsupported Media Type"))

    def unknown(self) -> Refusal:
        """Refuse a path there is nothing at."""
        return Refusal(404, "Not Found")

    def state(self) -> Record:
        """Show the calls."""
        return {"calls": self.calls}

    def _enqueue(self, call: Call) -> VendorResponse:
        faults = _event_faults(call.body)
        if faults:
            body = {"status": "invalid event", "message": "Event object is invalid", "errors": faults}
            raise Refusal(400, body)
        key = call.body.get("dedup_key") or f"srv01.{len(self.calls)}"
        self._happen(call, key)
        return VendorResponse({"status": "success", "message": "Event processed", "dedup_key": key}, 202)

    def _happen(self, call: Call, key: str) -> None:
        found, action = self.pagerduty.open_under(key), call.body["event_action"]
        if action == "trigger" and found is None:
            payload = call.body["payload"]
            sent = {"title": payload["summary"], "incident_key": key, "body": payload.get("custom_details")}
            self.pagerduty.open_incident(call.site, sent, self.pagerduty.services[0])
        elif found is not None and action != "trigger":
            self.pagerduty.set_status(
                found["id"], {"acknowledge": "acknowledged", "resolve": "resolved"}[action], by=None
            )


def _event_faults(sent: Record) -> list[str]:
    """Say what is wrong with an event."""
    action, payload = sent.get("event_action"), sent.get("payload")
    faults = []
    if sent.get("routing_key") != ROUTING_KEY:
        faults.append("'routing_key' is not valid")
    if action not in {"trigger", "acknowledge", "resolve"}:
        faults.append("'event_action' is not valid")
    if action != "trigger" and not sent.get("dedup_key"):
        faults.append("'dedup_key' is missing or blank")
    if len(sent.get("dedup_key") or "") > 255:
        faults.append("'dedup_key' is too long")
    if action == "trigger":
        faults += _payload_faults(payload if isinstance(payload, dict) else {})
    return faults


def _payload_faults(payload: Record) -> list[str]:
    faults = [f"'payload.{name}' is missing or blank" for name in ("summary", "source") if not payload.get(name)]
    if len(payload.get("summary") or "") > 1024:
        faults.append("'payload.summary' is too long")
    if payload.get("severity") not in _SEVERITIES:
        faults.append("'payload.severity' is not valid")
    return faults
