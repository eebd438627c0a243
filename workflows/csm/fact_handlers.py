"""What the ticket system tells by itself: a new ticket."""

from datetime import datetime

from workflows.contract.engine import CaseEngine
from workflows.contract.facts import IncomingFact, TicketOpened
from workflows.csm.new_ticket import KIND
from workflows.policy.csm import AccountSource


def open_new_tickets(engine: CaseEngine, incoming: IncomingFact, now: datetime) -> None:
    """Find out whose a new ticket is, where accounts are known."""
    if isinstance(incoming.fact, TicketOpened) and engine.policy.csm.accounts is not AccountSource.NONE:
        engine.open(KIND, incoming.fact, key=f"{incoming.key}:{KIND}", now=now)
