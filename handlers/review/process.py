"""Satisfaction reviews, as the desk runs them: reviews, and the cases that belong to no single one."""

from slack_bolt import App

from handlers.kit.context import Desk
from handlers.kit.process import DeskProcess
from handlers.review import home, listeners, views
from handlers.review.access import WHO_MAY
from workflows.review import intake, manager, process, rotation, week


def _no_listeners(_app: App, _desk: Desk) -> None:
    """The listeners of reviews hear for these, too."""


REVIEW = DeskProcess(
    rules=process.REVIEW,
    views=views.REVIEW,
    register=listeners.register,
    access=WHO_MAY,
    home=home.blocks,
    fact_handlers=(intake.handle_ratings,),
)
STANDING = (
    DeskProcess(rules=manager.PROCESS, views=views.MANAGER, register=_no_listeners),
    DeskProcess(rules=rotation.PROCESS, views=views.ROTATION, register=_no_listeners),
    DeskProcess(rules=week.PROCESS, views=views.WEEK, register=_no_listeners),
)
"""Each manager's digest and scorecard, the rotation, and the week in review."""
