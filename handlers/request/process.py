"""Requests to Support Operations, as the desk runs them."""

from handlers.kit.process import DeskProcess
from handlers.request import home, listeners, messages
from handlers.request.access import WHO_MAY
from handlers.request.views import VIEWS
from workflows.request import process

REQUEST = DeskProcess(
    rules=process.REQUEST,
    views=VIEWS,
    register=listeners.register,
    access=WHO_MAY,
    on_message=messages.on_message,
    home=home.blocks,
)
