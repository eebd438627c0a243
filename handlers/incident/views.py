"""What people see of incidents, by the names the rules use."""

from handlers.incident import cards, export, notices, pings
from handlers.kit.notices import admin_notice
from workflows.contract.alerts import ADMIN_NOTICE
from workflows.contract.paging_ports import PageText
from workflows.contract.process import Views
from workflows.incident import outputs, steps, texts
from workflows.incident.model import IncidentCase, IncidentState
from workflows.policy.model import Policy


def page(case: IncidentCase, policy: Policy, link: str) -> PageText | None:
    """What somebody who is paged reads; None when nobody has to be paged any more."""
    if case.state != IncidentState.PAGED or (case.page is not None and case.page.by_hand is not None):
        return None
    return PageText(texts.page_title(case, policy), texts.page_details(case, policy, link))


VIEWS: Views[IncidentCase] = Views(
    messages={
        outputs.CARD: cards.card,
        outputs.FORMER_CARD: cards.former_card,
        outputs.BEFORE_PAGE: pings.before_the_page,
        steps.STEP_DM: pings.by_dm,
        outputs.PAGE: notices.page_notice,
        outputs.PAGE_PING: pings.after_the_page,
        outputs.MANUAL: notices.manual_steps,
        outputs.UNPICKED: notices.unpicked_ping,
        outputs.STILL: notices.still_on_it,
        outputs.CALL: notices.call,
        outputs.EXPORT_FAILED: notices.export_failed,
        "timeline": notices.timeline,
        "stand_in_notice": notices.stand_in_notice,
        ADMIN_NOTICE: admin_notice,
    },
    modals={},
    pages={outputs.PAGE: page},
    files={outputs.EXPORT: export.table},
)
