"""Tickets, written briefly, and a company that has two accounts of the ticket system."""

from tests.policies import company_policy
from workflows.lib.tickets import MAIN, TicketRef
from workflows.policy.model import Policy

EMEA = {"hosts": ["b.zendesk.com", "help.example.com"], "contact_field": 360001234567}
"""The second account, as one writes it into a policy."""


def ticket(number: int, account: str = MAIN) -> TicketRef:
    """A ticket of the main account, or of another one."""
    return TicketRef(account, number)


def two_accounts() -> Policy:
    """The company's policy, and in it a second account, `emea`."""
    return company_policy({"tickets": {"accounts": {"emea": EMEA}}})
