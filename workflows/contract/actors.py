"""Who did something, as timelines name them: a person in Slack, the desk, another system, or somebody in it."""

import re

from workflows.lib.markup import escape
from workflows.policy.model import Policy

TICKETS = "tickets"
TRACKER = "tracker"
PAGER = "pager"
"""The other systems; what a company calls them stands in its policy, under `vendors`."""

_IN_A_SYSTEM = re.compile(r"(tickets|tracker|pager)|(.*) \((tickets|tracker|pager)\)", re.DOTALL)


def in_system(system: str, name: str = "") -> str:
    """A system as an actor, or somebody in it by the name they have there."""
    return f"{name} ({system})" if name else system


def is_person(actor: str) -> bool:
    """Whether this is somebody in Slack, by their id."""
    return actor[:1] in {"U", "W"} and actor.isalnum() and actor.isupper()


def named(actor: str, policy: Policy) -> str:
    """An actor who is no person in Slack, as plain text: systems by the names the policy gives them."""
    found = _IN_A_SYSTEM.fullmatch(actor)
    return in_system(getattr(policy.vendors, found[1] or found[3]), found[2] or "") if found else actor


def who(actor: str, policy: Policy) -> str:
    """An actor in Slack's markup: a person is mentioned, anybody else named."""
    return f"<@{actor}>" if is_person(actor) else escape(named(actor, policy))
