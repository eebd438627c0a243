"""The processes the desk runs, one line each, and every listener."""

from collections.abc import Sequence
from dataclasses import replace

from slack_bolt import App

from handlers import messages
from handlers.contact import ids as contact
from handlers.contact.process import CONTACT
from handlers.feedback import ids as feedback
from handlers.feedback.process import FEEDBACK
from handlers.incident import ids as incident
from handlers.incident.process import INCIDENT
from handlers.kit import home, outdated
from handlers.kit.context import Desk
from handlers.kit.errors import answer_failure
from handlers.kit.process import DeskProcess
from handlers.review import ids as review
from handlers.review.process import REVIEW, STANDING

PROCESSES: tuple[DeskProcess, ...] = (
    REVIEW,
    FEEDBACK,
    CONTACT,
    INCIDENT,
    *STANDING,
)
"""In this order their sections stand in the App Home, and messages are offered to them."""

KNOWN = frozenset(name.value for ids in (contact, feedback, incident, review) for name in (*ids.Button, *ids.View))
"""The ids of every button and modal."""


def register(app: App, desk: Desk, processes: Sequence[DeskProcess] = PROCESSES) -> None:
    """Add every listener of these processes, and the ones they share."""
    desk = replace(desk, sections=[process.home for process in processes if process.home])
    outdated.register(app, desk, KNOWN)
    for process in processes:
        process.register(app, desk)
    messages.register(app, desk, [process.on_message for process in processes if process.on_message])
    home.register(app, desk)
    app.error(answer_failure)
