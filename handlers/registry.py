"""Every listener in one list, and the views of each process."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt import App

from handlers import home, messages
from handlers.contact import home as contact_home
from handlers.contact import listeners as contact
from handlers.contact import messages as contact_messages
from handlers.contact.views import CONTACT
from handlers.feedback import listeners as feedback
from handlers.feedback.views import FEEDBACK
from handlers.home import Section
from handlers.incident import home as incident_home
from handlers.incident import listeners as incident
from handlers.incident import messages as incident_messages
from handlers.incident.views import INCIDENT
from handlers.kit.context import Desk
from handlers.kit.errors import answer_failure
from handlers.messages import MessageHandler
from workflows.contact.model import KIND as CONTACT_KIND
from workflows.contract.process import Views
from workflows.feedback.model import KIND
from workflows.incident.model import KIND as INCIDENT_KIND

VIEWS: dict[str, Views[Any]] = {KIND: FEEDBACK, CONTACT_KIND: CONTACT, INCIDENT_KIND: INCIDENT}

REGISTER: tuple[Callable[[App, Desk], None], ...] = (feedback.register, contact.register, incident.register)

MESSAGE_HANDLERS: tuple[MessageHandler, ...] = (contact_messages.on_message, incident_messages.on_message)
"""Who handles the messages in channels."""

SECTIONS: tuple[Section, ...] = (contact_home.blocks, incident_home.blocks)
"""What stands in the App Home, from top to bottom."""


def register(app: App, desk: Desk) -> None:
    """Hear everything the desk listens to."""
    desk = replace(desk, sections=SECTIONS)
    for register_one in REGISTER:
        register_one(app, desk)
    messages.register(app, desk, MESSAGE_HANDLERS)
    home.register(app, desk)
    app.error(answer_failure)
