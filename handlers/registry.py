"""Every listener in one list, and the face of each process."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from handlers.desk import Desk
from handlers.failing import answer_failure
from handlers.feedback import listeners as feedback
from handlers.feedback.face import FEEDBACK
from workflows.feedback.model import KIND
from workflows.process import Face

FACES: dict[str, Face[Any]] = {KIND: FEEDBACK}

REGISTER: tuple[Callable[[App, Desk], None], ...] = (feedback.register,)


def register(app: App, desk: Desk) -> None:
    """Hear everything the desk listens to."""
    for register_one in REGISTER:
        register_one(app, desk)
    app.error(answer_failure)
