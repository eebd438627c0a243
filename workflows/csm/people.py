"""Who somebody is: by the address their accounts name them with, and by where Slack reaches them. Pure."""

from workflows.contract.message_effects import Place, dm
from workflows.policy.model import Policy


def address_of(user: str, email: str | None, policy: Policy) -> str:
    """By what somebody is known: the address the roster gives this Slack id, Slack's, or else the id itself."""
    known = next((one.email for one in policy.roster if one.slack == user), None)
    return (known or email or user).lower()


def place_of(address: str, policy: Policy) -> Place:
    """Where somebody is written to: the Slack id the roster gives this address, or whoever has it in Slack."""
    known = next((one.slack for one in policy.roster if one.slack and one.email == address.lower()), None)
    return dm(known or (address if "@" in address else address.upper()))


def leads(policy: Policy) -> tuple[str, ...]:
    """Who is told what needs a person: the team's lead, or the admins."""
    return (policy.csm.lead,) if policy.csm.lead else policy.admins
