"""The ticket of a case as people see it: by its number and, outside the main account, by the account's name."""

from workflows.contract.process import Case
from workflows.policy.model import Policy


def ticket_label(case: Case) -> str:
    """Its name, such as `#123456`."""
    return case.ticket.label if case.ticket else "(not named yet)"


def ticket_link(case: Case, policy: Policy) -> str:
    """As staff open it; just its name where its account has left the policy."""
    url = policy.tickets.agent_url(case.ticket) if case.ticket else None
    return f"<{url}|{ticket_label(case)}>" if url else ticket_label(case)
