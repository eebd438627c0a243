"""A manager-contact request in brief, without the customer's words."""

from datetime import datetime

from workflows.contact.model import KIND, ContactCase, ContactState
from workflows.contract.events import CaseSummary
from workflows.policy.model import Policy


def summarize(case: ContactCase, _policy: Policy, now: datetime) -> CaseSummary:
    """A request in brief. `in_time` is None while that is open, or where nobody had to be contacted."""
    return CaseSummary(
        id=case.id,
        kind=KIND,
        state=case.state,
        is_open=not case.is_over,
        opened_at=case.opened_at,
        owner=case.owner,
        ticket=case.ticket,
        waits_for="" if case.is_over else "contact with the customer" if case.is_waiting else "an answer in its thread",
        details={"in_time": _in_time(case, now)},
    )


def _in_time(case: ContactCase, now: datetime) -> bool | None:
    if case.due_at is None or case.state == ContactState.CANCELLED:
        return None
    if case.contacted is not None:
        return case.contacted.at <= case.due_at
    return False if now > case.due_at else None
