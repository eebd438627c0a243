"""`/incident export 30d`: the incidents of a period as a table, by DM, for who responds to them or manages."""

from typing import Any

from handlers.incident import people
from handlers.kit import export as tables
from handlers.kit.context import Desk
from handlers.kit.permissions import Managers
from workflows.contract.case_effects import SummarizeCases
from workflows.contract.slack_port import File
from workflows.incident import events, summary
from workflows.incident.model import KIND, IncidentCase
from workflows.policy.model import Policy

USAGE = "Try `/incident export 30d` (or 2w, 90d)."


def export(desk: Desk, period: str, user: str, key: str) -> str:
    """Have the table sent to who asked (Slack id); the sentence that says so, or why not. `key` names the request."""
    length = tables.length_of(period)
    if length is None:
        return f":warning: That's not a period. {USAGE}"
    if people.is_responder(desk, user) is not True and not Managers(desk.policy, desk.slack).includes(user):
        return "Only responders and managers can export incidents."
    now = desk.clock.now()
    asked = SummarizeCases(purpose="export", kinds=(KIND,), since=now - length)
    found = desk.engine.cases.summaries(asked, desk.policy, now).cases
    rows = summary.rows(found, now - length)
    if not rows:
        return f"No incident was reported in the last {period.strip() or tables.DEFAULT}."
    event = events.ExportAsked(user, tuple(map(tuple, rows)), now - length, now)
    desk.engine.submit(rows[-1][0], event, key=key, now=now)
    return f"I'm sending you {len(rows)} incidents as a table by direct message."


def table(_case: IncidentCase, policy: Policy, details: dict[str, Any]) -> File:
    """The rows as a spreadsheet's table."""
    between = (details["since"], details["until"])
    return tables.table("Incidents", summary.COLUMNS, details["rows"], between, policy)
