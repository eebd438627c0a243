"""What people do and see again and again in the scenarios of customer success managers."""

from typing import Any

from sandbox.driver.observations import Shown
from sandbox.driver.people import SandboxPerson
from tests.world import World


def policy(**csm: Any) -> dict[str, Any]:
    """A policy that knows accounts from Salesforce, and where Maria leads the team."""
    return {"csm": {"accounts": "system", "lead": "maria@example.com", **csm}}


def opens(w: World, subject: str, organization: int | None = 201, requester: int = 102) -> int:
    """A customer opens a ticket, and the webhook tells of it."""
    number = w.zendesk.opens(subject, requester, organization)
    w.settle()
    return number


def asks(w: World, who: SandboxPerson, command: str) -> str:
    """Type `/csm ...` in #support, and let happen what follows; what is answered at once."""
    reply = who.runs(f"/csm {command}", in_="#support")
    w.settle()
    return reply.text


def dms(who: SandboxPerson) -> list[str]:
    """Everything the desk wrote to somebody."""
    return [message.text for message in who.dm()]


def last(who: SandboxPerson) -> Shown:
    """The last message the desk wrote to somebody."""
    return who.dm()[-1]
