"""What people see of incidents, by the names the rules use."""

from handlers.incident import cards, notices
from workflows.contract.ports import PageText
from workflows.contract.process import Face
from workflows.incident import steps, wording
from workflows.incident.model import IncidentCase, State
from workflows.policy.model import Policy


def page(case: IncidentCase, policy: Policy, link: str) -> PageText | None:
    """What somebody who is paged reads; None when nobody has to be paged any more."""
    if case.state != State.PAGED or (case.page is not None and case.page.by_hand is not None):
        return None
    return PageText(wording.page_title(case, policy), wording.page_details(case, policy, link))


INCIDENT: Face[IncidentCase] = Face(
    messages={
        steps.CARD: cards.card,
        steps.FORMER_CARD: cards.former_card,
        steps.REMINDER: cards.reminder,
        steps.HALF: notices.half_ping,
        steps.WARNING: notices.warning,
        steps.PAGE: notices.page_notice,
        steps.PAGE_PING: notices.page_ping,
        steps.LEAD_PING: notices.lead_ping,
        steps.MANUAL: notices.manual_steps,
        "timeline": notices.timeline,
        "stand_in_notice": notices.stand_in_notice,
        "admin_notice": notices.admin_notice,
    },
    views={},
    pages={steps.PAGE: page},
)
