"""Incident escalation timers, as the desk runs them."""

from handlers.incident import home, listeners, messages
from handlers.incident.access import WHO_MAY
from handlers.incident.views import VIEWS
from handlers.kit.process import DeskProcess
from workflows.incident import process

INCIDENT = DeskProcess(
    rules=process.INCIDENT,
    views=VIEWS,
    register=listeners.register,
    access=WHO_MAY,
    on_message=messages.on_message,
    home=home.blocks,
)
