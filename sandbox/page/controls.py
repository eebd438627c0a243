"""What the right side does: time, the vendors, faults, the desk itself, and the tour."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.core.errors import Impossible
from sandbox.core.faults import Fault
from sandbox.page.context import PageContext
from sandbox.page.viewer import Viewer
from sandbox.vendors.base import Refusal, Vendor, VendorFault

Payload = dict[str, Any]

DOWN = 10**9
"""So many calls fail: until somebody brings it back."""
AFTER = timedelta(seconds=1)
"""So far behind the next timer the clock is set: it has come."""

SLACK_FAULTS: dict[str, tuple[str, Fault | None]] = {
    "limited": ("Slack answers 429 to the next three posts", Fault("chat.*", "ratelimited", 2, 3)),
    "errors": ("Slack answers 500 to the next three calls", Fault("*", "status", 500, 3)),
    "lost": ("The next post is made, but its answer is lost", Fault("chat.*", "drop", 0, 1)),
    "twice": ("Slack delivers the next event twice", None),
    "cut": ("Slack cuts the connection", None),
}


class PageControls:
    """Pulled on the server's own loop, where the vendors live."""

    def __init__(self, page_context: PageContext, viewer: Viewer) -> None:
        self.page_context = page_context
        self.viewer = viewer

    async def pull(self, event: str, payload: Payload) -> None:
        """Do what a button on the right stands for; what cannot be done is shown."""
        self.viewer.notice = None
        if event in {"desk", "tour"}:
            self.viewer.notice = await self.page_context.demo_control.do(f"{event}/{payload['do']}")
            await self.page_context.demo_control.look()
            return
        pulled: dict[str, Callable[[Payload], None]] = {
            "clock": self._clock,
            "ticket": self._ticket,
            "customer": self._customer,
            "issue": self._issue,
            "merge_request": self._merge_request,
            "incident": self._incident,
            "fault": self._fault,
            "vendor": self._vendor,
            "heal": self._heal,
        }
        try:
            with suppress(KeyError):
                pulled[event](payload)
        except (Impossible, Refusal) as error:
            self.viewer.notice = str(error)
        with self.page_context.app.workspace.changing():
            pass  # the other windows look again

    # -------------------------------------------------------------------------------------------- time

    def _clock(self, payload: Payload) -> None:
        if "by" in payload:
            self.page_context.control.move_clock(advance=float(payload["by"]))
            return
        to = self._monday() if payload["to"] == "monday" else self.page_context.demo_control.next_due()
        if to is None:
            raise Impossible("No timer waits.")
        now = self.page_context.app.workspace.now()
        self.page_context.control.move_clock(
            to=max(to + AFTER, now).isoformat() if payload["to"] == "next" else to.isoformat()
        )

    def _monday(self) -> datetime:
        """The next Monday at 09:00, where the chosen person is."""
        workspace = self.page_context.app.workspace
        return next_monday(workspace.now(), ZoneInfo(workspace.person(self.viewer.person).tz))

    # --------------------------------------------------------------------------------------- the vendors

    def _ticket(self, payload: Payload) -> None:
        ticket = int(payload["id"])
        if payload["do"] in {"good", "bad"}:
            self.page_context.vendors.zendesk.rate(ticket, payload["do"])
        else:
            self.page_context.vendors.zendesk.set_status(ticket, payload["do"])

    def _customer(self, _payload: Payload) -> None:
        """Let a customer open a ticket."""
        self.page_context.vendors.zendesk.opens("Runners are slow since this morning", 102, 201)

    def _issue(self, payload: Payload) -> None:
        gitlab, project, number = self.page_context.vendors.gitlab, payload["project"], int(payload["id"])
        if payload["do"] == "ask":
            gitlab.comment(project, number, "Which ticket form is it about?")
        elif payload["do"] in {"opened", "closed"}:
            gitlab.set_state(project, number, payload["do"])
        else:
            self._stage(project, number, payload["do"])

    def _stage(self, project: str, number: int, stage: str) -> None:
        """Put a stage's label (`Stage::...`) in the place of another one's, as Support Operations does."""
        gitlab = self.page_context.vendors.gitlab
        for old in [label for label in gitlab.issue(project, number)["labels"] if label.startswith("Stage::")]:
            gitlab.unlabel(project, number, old)
        gitlab.label(project, number, stage)

    def _merge_request(self, payload: Payload) -> None:
        self.page_context.vendors.gitlab.repository.set_state(payload["project"], int(payload["id"]), payload["do"])

    def _incident(self, payload: Payload) -> None:
        self.page_context.vendors.pagerduty.set_status(payload["id"], payload["do"])

    # ----------------------------------------------------------------------------------------- faults

    def _fault(self, payload: Payload) -> None:
        app, name = self.page_context.app, payload["name"]
        fault = SLACK_FAULTS[name][1]
        if fault is not None:
            app.faults.add(Fault(fault.method, fault.kind, fault.value, fault.times))
        elif name == "twice":
            app.faults.deliver_twice()
        else:
            app.sockets.drop()

    def _vendor(self, payload: Payload) -> None:
        """Take a vendor down, or bring it back."""
        vendor = vendors_of(self.page_context)[payload["name"]]
        down = is_down(vendor)
        vendor.faults.clear()
        if not down:
            vendor.faults.append(VendorFault(times=DOWN, status=503, body="down"))

    def _heal(self, _payload: Payload) -> None:
        self.page_context.app.faults.clear()
        for vendor in vendors_of(self.page_context).values():
            vendor.faults.clear()


def vendors_of(page_context: PageContext) -> dict[str, Vendor]:
    """The vendors by the names people know."""
    return {
        "Zendesk": page_context.vendors.zendesk,
        "GitLab": page_context.vendors.gitlab,
        "PagerDuty": page_context.vendors.pagerduty,
        "Salesforce": page_context.vendors.salesforce,
    }


def is_down(vendor: Vendor) -> bool:
    """Whether somebody took it down."""
    return any(fault.status is not None for fault in vendor.faults)


def next_monday(now: datetime, zone: ZoneInfo) -> datetime:
    """The first Monday 09:00 of this zone after `now`."""
    here = now.astimezone(zone)
    monday = (here + timedelta(days=-here.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    return monday if monday > here else monday + timedelta(days=7)
