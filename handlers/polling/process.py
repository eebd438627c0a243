"""Asking the vendors, as the desk runs it."""

from slack_bolt import App

from handlers.kit.context import Desk
from handlers.kit.notices import admin_notice
from handlers.kit.process import DeskProcess
from workflows.contract.alerts import ADMIN_NOTICE
from workflows.contract.process import Views
from workflows.polling import asking, checking


def _no_listeners(_app: App, _desk: Desk) -> None:
    """There is nothing to press."""


POLLING = (
    DeskProcess(
        rules=asking.PROCESS,
        views=Views(messages={ADMIN_NOTICE: admin_notice}, modals={}),
        register=_no_listeners,
    ),
    DeskProcess(
        rules=checking.PROCESS,
        views=Views(messages={ADMIN_NOTICE: admin_notice}, modals={}),
        register=_no_listeners,
        fact_handlers=(checking.check_claims,),
    ),
)
"""Asking for news, and checking what is only said."""
