"""Help for customer success managers, as the desk runs it."""

from slack_bolt import App

from handlers.csm import listeners, messages, modals, notices
from handlers.csm.access import WHO_MAY
from handlers.kit.context import Desk
from handlers.kit.notices import admin_notice
from handlers.kit.process import DeskProcess
from workflows.contract.alerts import ADMIN_NOTICE
from workflows.contract.process import Views
from workflows.csm import asking, choosing, fact_handlers, gaps, lookups, new_ticket, pasted, person, rules
from workflows.csm.model import Question


def _no_listeners(_app: App, _desk: Desk) -> None:
    """What belongs to no single person has no buttons of its own."""


LINKS = DeskProcess(
    rules=pasted.PROCESS,
    views=Views(messages={pasted.READABLE: notices.readable_link}, modals={}),
    register=listeners.register,
    access=WHO_MAY,
    on_message=messages.on_message,
)
"""Pasted links, and everything that is typed. It comes first: it looks at every message, and takes none."""

PERSON = DeskProcess(
    rules=rules.PROCESS,
    views=Views(
        messages={
            person.TICKET: notices.new_ticket,
            person.DIGEST: notices.digest,
            Question.ACCOUNT: notices.account,
            Question.ONBOARDING: notices.onboarding,
            lookups.PROJECT: notices.project,
            lookups.CHANGE_ASKED: notices.change_asked,
            lookups.NOTHING_FOUND: notices.nothing_found,
            lookups.TOO_MANY: notices.too_many,
            lookups.WAITING: notices.waiting,
            lookups.FAILED: notices.failed,
            choosing.CHOICE_MADE: notices.choice_made,
            choosing.NOT_YOURS: notices.not_yours,
        },
        modals={choosing.NOTIFY: modals.notify},
    ),
    register=_no_listeners,
    fact_handlers=(fact_handlers.open_new_tickets,),
)
CSM: tuple[DeskProcess, ...] = (
    PERSON,
    DeskProcess(
        rules=new_ticket.PROCESS,
        views=Views(messages={ADMIN_NOTICE: admin_notice}, modals={}),
        register=_no_listeners,
    ),
    DeskProcess(
        rules=gaps.PROCESS,
        views=Views(messages={gaps.DIGEST: notices.gaps, gaps.LATE: notices.late}, modals={}),
        register=_no_listeners,
    ),
    DeskProcess(rules=asking.PROCESS, views=Views(messages={}, modals={}), register=_no_listeners),
)
"""Each person's own case, new tickets, what is missing, and the asking for tickets."""
