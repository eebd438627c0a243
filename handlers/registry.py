"""Every listener in one list, and the face of each process."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from handlers import home, messages
from handlers.desk import Desk
from handlers.failing import answer_failure
from handlers.feedback import listeners as feedback
from handlers.feedback.face import FEEDBACK
from handlers.home import Section
from handlers.messages import Hear
from workflows.feedback.model import KIND
from workflows.process import Face

FACES: dict[str, Face[Any]] = {KIND: FEEDBACK}

REGISTER: tuple[Callable[[App, Desk], None], ...] = (feedback.register,)

HEARERS: tuple[Hear, ...] = ()
"""Who hears the messages in channels."""

SECTIONS: tuple[Section, ...] = ()
"""What stands in the App Home, from top to bottom."""


def register(app: App, desk: Desk) -> None:
    """Hear everything the desk listens to."""
    for register_one in REGISTER:
        register_one(app, desk)
    messages.register(app, desk, HEARERS)
    home.register(app, desk, SECTIONS)
    app.error(answer_failure)
