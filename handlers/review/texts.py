"""What the listeners of satisfaction reviews say at once and privately."""

from workflows.lib.markup import escape
from workflows.policy.model import Policy


def managers_only(policy: Policy) -> str:
    """Only managers see reviews."""
    group = policy.managers.group
    who = f"the managers (@{escape(group)})" if group else "the managers"
    return f"Only {who} can see and handle satisfaction reviews. Nothing was changed."
