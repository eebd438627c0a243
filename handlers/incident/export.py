"""`/incident export 30d`: the incidents of a period as a table, by DM, for who responds to them or manages."""

import csv
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

from handlers.incident import people
from handlers.kit.context import Desk
from handlers.kit.permissions import Managers
from workflows.contract.case_effects import SummarizeCases
from workflows.contract.slack_port import File
from workflows.incident import events, summary
from workflows.incident.model import KIND, IncidentCase
from workflows.lib.durations import Duration
from workflows.policy.model import Policy

DEFAULT = "30d"
USAGE = "Try `/incident export 30d` (or 2w, 90d)."
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins like this would be a formula to a spreadsheet."""


def export(desk: Desk, period: str, user: str, key: str) -> str:
    """Have the table sent to who asked (Slack id); the sentence that says so, or why not. `key` names the request."""
    length = _length(period.strip() or DEFAULT)
    if length is None:
        return f":warning: That's not a period. {USAGE}"
    if people.is_responder(desk, user) is not True and not Managers(desk.policy, desk.slack).includes(user):
        return "Only responders and managers can export incidents."
    now = desk.clock.now()
    asked = SummarizeCases(purpose="export", kinds=(KIND,), since=now - length)
    found = desk.engine.cases.summaries(asked, desk.policy, now).cases
    rows = summary.rows(found, now - length)
    if not rows:
        return f"No incident was reported in the last {period.strip() or DEFAULT}."
    event = events.ExportAsked(user, tuple(map(tuple, rows)), now - length, now)
    desk.engine.submit(rows[-1][0], event, key=key, now=now)
    return f"I'm sending you {len(rows)} incidents as a table by direct message."


def table(_case: IncidentCase, policy: Policy, details: dict[str, Any]) -> File:
    """The rows for a spreadsheet; what people typed cannot become a formula there."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(summary.COLUMNS)
    writer.writerows([_cell(cell) for cell in row] for row in details["rows"])
    first, last = (_day(details[name], policy) for name in ("since", "until"))
    title = f"Incidents {first} to {last}"
    return File(f"incidents-{first}-{last}.csv", title, text.getvalue().encode("utf-8-sig"), comment=f"{title}, in UTC")


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _day(instant: str, policy: Policy) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(policy.zone):%Y-%m-%d}"


def _length(period: str) -> timedelta | None:
    try:
        length = Duration.parse(period).length
    except ValueError:
        return None
    return length or None
