"""Manager contact, as the desk runs it."""

from handlers.contact import home, listeners, messages
from handlers.contact.access import WHO_MAY
from handlers.contact.views import VIEWS
from handlers.kit.process import DeskProcess
from workflows.contact import fact_handlers, process

CONTACT = DeskProcess(
    rules=process.CONTACT,
    views=VIEWS,
    register=listeners.register,
    access=WHO_MAY,
    on_message=messages.on_message,
    home=home.blocks,
    fact_handlers=(fact_handlers.open_contact_requests,),
)
