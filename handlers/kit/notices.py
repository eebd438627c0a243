"""Messages that every process shows in the same way."""

from typing import Any

from workflows.contract.process import Case
from workflows.contract.slack_port import Message
from workflows.lib.markup import escape
from workflows.policy.model import Policy


def admin_notice(case: Case, _policy: Policy, details: dict[str, Any]) -> Message:
    """For the admins: something is set up wrongly."""
    return Message(f":wrench: Something needs an admin (seen with {case.id}): {escape(details['sentence'])}")
