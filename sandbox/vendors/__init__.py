"""The vendors on your own machine: stateful, and as strict as the vendors themselves."""

from fastapi import APIRouter

from sandbox.vendors.base import Now
from sandbox.vendors.calendly import Calendly
from sandbox.vendors.control import Control, control_router
from sandbox.vendors.gitlab import GitLab
from sandbox.vendors.google import Google
from sandbox.vendors.hooks import Hooks
from sandbox.vendors.pagerduty import PagerDuty
from sandbox.vendors.pagerduty_events import Events
from sandbox.vendors.pages import Pages
from sandbox.vendors.salesforce import Salesforce
from sandbox.vendors.zendesk import Zendesk


class Vendors:
    """All vendors that the sandbox plays.

    `now` (aware, UTC) is the clock their records are stamped with. `hooks` are their webhooks, which deliver
    nothing until they have an address.
    """

    def __init__(self, now: Now) -> None:
        self.hooks = Hooks()
        self.zendesk = Zendesk(now, self.hooks.zendesk)
        self.zendesk_emea = Zendesk(now, self.hooks.zendesk_emea, "zendesk-emea")
        """Another account, which counts its tickets by itself: the same numbers, other customers."""
        self.gitlab = GitLab(now, self.hooks.gitlab)
        self.pagerduty = PagerDuty(now, self.hooks.pagerduty)
        self.events = Events(self.pagerduty)
        self.google = Google(now)
        self.salesforce = Salesforce(now)
        self.calendly = Calendly(now)
        self.named = {
            "zendesk": self.zendesk,
            "zendesk-emea": self.zendesk_emea,
            "gitlab": self.gitlab,
            "pagerduty": self.pagerduty,
            "pagerduty-events": self.events,
            "google": self.google,
            "salesforce": self.salesforce,
            "calendly": self.calendly,
        }

    def router(self) -> APIRouter:
        """Serve them, and a page for each link."""
        router = APIRouter()
        for vendor in self.named.values():
            router.routes.extend(vendor.router().routes)
        router.routes.extend(Pages(self.zendesk, self.gitlab, self.pagerduty, self.salesforce).router.routes)
        return router

    def control(self) -> APIRouter:
        """Serve the hand behind them."""
        return control_router(Control(self.named, self.zendesk, self.gitlab, self.pagerduty, self.hooks))
