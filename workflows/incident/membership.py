"""Who responds to incidents: the group, who is on call, the lead. Pure."""

from workflows.incident.model import IncidentCase, KnownResponders
from workflows.policy.model import Policy


def counts(case: IncidentCase, person: str, policy: Policy) -> bool | None:
    """Whether somebody's answer counts; None when that has to be looked up."""
    if policy.incident.responders is None:
        return True
    if case.responders is not None and case.responders.is_known and belongs(case.responders, person):
        return True
    return None


def is_responder(case: IncidentCase, person: str, policy: Policy, *, known: bool | None) -> bool:
    """Whether somebody responds to incidents. `known` is what Slack says now; None where it could not be asked."""
    if known:
        return True
    answer = counts(case, person, policy)
    if answer is not None:
        return answer
    return known is None and (case.responders is None or not case.responders.is_known)


def belongs(responders: KnownResponders, person: str) -> bool:
    """Whether somebody is in the group, on call or the lead; where there is no group, or nobody in it, everybody is."""
    if responders.group is None or not responders.group.members:
        return True
    return person in {*responders.group.members, *responders.on_call, *responders.leads}
