"""What the hand behind the sandbox does to the vendors: look, change as people would, order faults."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from sandbox.vendors.base import Refusal, Vendor, VendorFault
from sandbox.vendors.gitlab import GitLab
from sandbox.vendors.hooks import Hooks
from sandbox.vendors.pagerduty import PagerDuty
from sandbox.vendors.zendesk import Zendesk


class TicketChange(BaseModel):
    """Something an agent or a requester does to a ticket."""

    add_tag: str | None = None
    status: str | None = None
    rate: Literal["good", "bad"] | None = None
    comment: str = ""
    contact: bool | None = None
    """With `rate`: what is ticked on the form."""
    reply: str | None = None
    """A public reply by an agent."""
    merge_into: int | None = None


class TicketOpening(BaseModel):
    """A ticket that a customer opens: who (a user's id), of which organisation."""

    subject: str
    requester: int = 102
    organization: int | None = 201


class IssueChange(BaseModel):
    """Something a person does to an issue."""

    project: str
    state: Literal["opened", "closed"] | None = None
    add_label: str | None = None
    remove_label: str | None = None
    comment: str | None = None
    by: str = "maria"
    """Who does it, by user name."""


class MergeRequestChange(BaseModel):
    """Something a person does to a merge request."""

    project: str
    state: Literal["opened", "closed", "merged"]


class IncidentChange(BaseModel):
    """Something the paged person does to an incident."""

    status: Literal["triggered", "acknowledged", "resolved"] | None = None
    reassign_to: str | None = None
    """An e-mail address."""


class DutyChange(BaseModel):
    """Who is on duty from now on, as e-mail addresses in escalation order."""

    on_duty: list[str]


class FaultOrder(BaseModel):
    """A fault: see `sandbox.vendors.base.VendorFault`."""

    times: int = Field(default=1, ge=1)
    status: int | None = None
    body: Any = "sandbox fault"
    headers: dict[str, str] = Field(default_factory=dict)
    hang: float = 0.0
    drop: bool = False


class HooksOrder(BaseModel):
    """Where the webhooks go: the address of a desk, without path."""

    url: str


@dataclass(frozen=True)
class Control:
    """The vendors by name, and what can be done to them."""

    vendors: dict[str, Vendor]
    zendesk: Zendesk
    gitlab: GitLab
    pagerduty: PagerDuty
    hooks: Hooks

    async def state(self) -> dict[str, Any]:
        """Show everything in the vendors."""
        return {name: vendor.state() for name, vendor in self.vendors.items()}

    async def order(self, vendor: str, fault: FaultOrder) -> dict[str, Any]:
        """Let the next calls to a vendor go wrong."""
        faults = self._vendor(vendor).faults
        faults.append(VendorFault(**fault.model_dump()))
        return {"faults": len(faults)}

    async def clear(self, vendor: str) -> dict[str, Any]:
        """Forget a vendor's faults."""
        self._vendor(vendor).faults.clear()
        return {"faults": 0}

    async def change_ticket(self, ticket: int, change: TicketChange) -> dict[str, Any]:
        """Tag, solve, close, rate, answer or merge a ticket."""
        with _known():
            if change.add_tag:
                self.zendesk.tag(ticket, change.add_tag)
            if change.status:
                self.zendesk.set_status(ticket, change.status)
            if change.rate:
                self.zendesk.rate(ticket, change.rate, change.comment, contact=change.contact)
            if change.reply:
                self.zendesk.reply(ticket, change.reply)
            if change.merge_into:
                self.zendesk.merge(ticket, change.merge_into)
            return self.zendesk.ticket(ticket)

    async def open_ticket(self, opening: TicketOpening) -> dict[str, Any]:
        """Open a ticket, as a customer does."""
        number = self.zendesk.opens(opening.subject, opening.requester, opening.organization)
        return self.zendesk.ticket(number)

    async def change_issue(self, number: int, change: IssueChange) -> dict[str, Any]:
        """Close, reopen, label an issue, or comment on it."""
        with _known():
            if change.state:
                self.gitlab.set_state(change.project, number, change.state, by=change.by)
            if change.add_label:
                self.gitlab.label(change.project, number, change.add_label, by=change.by)
            if change.remove_label:
                self.gitlab.unlabel(change.project, number, change.remove_label, by=change.by)
            if change.comment:
                self.gitlab.comment(change.project, number, change.comment, by=change.by)
            return self.gitlab.issue(change.project, number)

    async def change_merge_request(self, number: int, change: MergeRequestChange) -> dict[str, Any]:
        """Merge, close or reopen a merge request."""
        with _known():
            self.gitlab.repository.set_state(change.project, number, change.state)
        return {"state": change.state}

    async def change_incident(self, incident: str, change: IncidentChange) -> dict[str, Any]:
        """Acknowledge, resolve or hand on an incident."""
        with _known():
            if change.reassign_to:
                self.pagerduty.reassign(incident, change.reassign_to)
            if change.status:
                self.pagerduty.set_status(incident, change.status)
            return self.pagerduty.incident(incident)

    async def change_duty(self, schedule: str, change: DutyChange) -> dict[str, Any]:
        """Put people on duty; an empty list leaves nobody."""
        with _known():
            self.pagerduty.set_on_duty(schedule, change.on_duty)
        return {"on_duty": change.on_duty}

    async def point_hooks(self, order: HooksOrder) -> dict[str, Any]:
        """Let the webhooks of all vendors go to a desk."""
        self.hooks.point_to(order.url)
        return {hook.vendor: hook.url for hook in self.hooks.all}

    async def deliveries(self) -> list[dict[str, Any]]:
        """Show what was delivered by webhooks, and how it was answered."""
        return [asdict(delivery) for hook in self.hooks.all for delivery in hook.deliveries]

    def _vendor(self, vendor: str) -> Vendor:
        if vendor not in self.vendors:
            raise HTTPException(404, f"no vendor {vendor}; there are {', '.join(self.vendors)}")
        return self.vendors[vendor]


def control_router(control: Control) -> APIRouter:
    """Serve the control under `/control/vendors`; `async`, to stay on the vendors' own event loop."""
    router = APIRouter(prefix="/control/vendors")
    router.add_api_route("", control.state, methods=["GET"])
    router.add_api_route("/hooks", control.point_hooks, methods=["POST"])
    router.add_api_route("/hooks", control.deliveries, methods=["GET"])
    router.add_api_route("/{vendor}/faults", control.order, methods=["POST"])
    router.add_api_route("/{vendor}/faults", control.clear, methods=["DELETE"])
    router.add_api_route("/zendesk/tickets", control.open_ticket, methods=["POST"])
    router.add_api_route("/zendesk/tickets/{ticket}", control.change_ticket, methods=["POST"])
    router.add_api_route("/gitlab/issues/{number}", control.change_issue, methods=["POST"])
    router.add_api_route("/gitlab/merge_requests/{number}", control.change_merge_request, methods=["POST"])
    router.add_api_route("/pagerduty/incidents/{incident}", control.change_incident, methods=["POST"])
    router.add_api_route("/pagerduty/schedules/{schedule}", control.change_duty, methods=["POST"])
    return router


@contextmanager
def _known() -> Iterator[None]:
    """Turn a vendor's refusal into the control's own."""
    try:
        yield
    except Refusal as refusal:
        raise HTTPException(refusal.answer.status, str(refusal.answer.body)) from None
