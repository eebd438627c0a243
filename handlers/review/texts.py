"""What the listeners of satisfaction reviews say at once and privately."""

from workflows.lib.markup import escape
from workflows.policy.model import Policy

OFFERED_ENGINEER = "Suggested: who has the ticket. Change it if the customer means somebody else."
"""Below who is offered for kudos, where the customer names nobody of the roster."""


def managers_only(policy: Policy) -> str:
    """Only managers see reviews."""
    group = policy.managers.group
    who = f"the managers (@{escape(group)})" if group else "the managers"
    return f"Only {who} can see and handle satisfaction reviews. Nothing was changed."


def offered_by_name(name: str, *, is_unnamed: bool) -> str:
    """Below who is offered for kudos: the customer names them."""
    wish = " They'd rather not be named: the week in review will say “a teammate”." if is_unnamed else ""
    return f"Suggested: the customer writes “{escape(name)}”.{wish}"
