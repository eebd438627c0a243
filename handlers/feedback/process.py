"""Product feedback, as the desk runs it."""

from handlers.feedback import home, listeners, messages
from handlers.feedback.access import WHO_MAY
from handlers.feedback.views import VIEWS
from handlers.kit.process import DeskProcess
from workflows.feedback import process

FEEDBACK = DeskProcess(
    rules=process.FEEDBACK,
    views=VIEWS,
    register=listeners.register,
    access=WHO_MAY,
    on_message=messages.on_message,
    home=home.blocks,
)
