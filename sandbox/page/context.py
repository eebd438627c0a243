"""Everything the windows share: the workspace, the vendors, who has read what, and the control of the demo."""

from dataclasses import dataclass

from sandbox.control.app import SandboxApp
from sandbox.control.control import Control
from sandbox.page.demo_control import DemoControl
from sandbox.page.unread import Unread
from sandbox.vendors import Vendors


@dataclass(frozen=True)
class PageContext:
    """What there is to show."""

    app: SandboxApp
    control: Control
    vendors: Vendors
    unread: Unread
    demo_control: DemoControl

    def seen(self) -> tuple[object, ...]:
        """Something that differs when anything changed that a window shows."""
        vendors = (self.vendors.zendesk, self.vendors.gitlab, self.vendors.pagerduty)
        calls = tuple(len(vendor.calls) for vendor in vendors)
        return (self.app.workspace.version, calls, self.demo_control.seen())
