"""The processes the desk runs, one line each, and every listener."""

from collections.abc import Sequence
from dataclasses import replace

from slack_bolt import App

from handlers import messages
from handlers.contact.process import CONTACT
from handlers.csm.process import CSM, LINKS
from handlers.feedback.process import FEEDBACK
from handlers.incident.process import INCIDENT
from handlers.kit import home, outdated
from handlers.kit.access import Gate
from handlers.kit.context import Desk
from handlers.kit.errors import answer_failure
from handlers.kit.process import DeskProcess, access_of, homes_of, message_handlers_of
from handlers.polling.process import POLLING
from handlers.request.process import REQUEST
from handlers.review.process import REVIEW, STANDING

PROCESSES: tuple[DeskProcess, ...] = (
    LINKS,
    REVIEW,
    FEEDBACK,
    CONTACT,
    INCIDENT,
    REQUEST,
    *STANDING,
    *CSM,
    *POLLING,
)
"""In this order their sections stand in the App Home, and messages are offered to them."""


def register(app: App, desk: Desk, processes: Sequence[DeskProcess] = PROCESSES) -> None:
    """Add every listener of these processes, and the ones they share, behind the one gate."""
    desk, table = replace(desk, sections=homes_of(processes)), access_of(processes)
    app.use(Gate(desk, table).let_in)
    outdated.register(app, desk, table.keys())
    for process in processes:
        process.register(app, desk)
    messages.register(app, desk, message_handlers_of(processes))
    home.register(app, desk)
    app.error(answer_failure)
