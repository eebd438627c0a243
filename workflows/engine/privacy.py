"""What is known of people: removed when its time is over, given to who asks for it, and forgotten on request.

Everything goes case by case, each in a transaction of its own: a running desk is held up by none, and a kill leaves
some cases done and some to do. What stands in Slack and with the vendors is theirs, and stays.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from storage import cases, privacy
from storage.database import Database
from storage.tables import CaseRow
from storage.turns import Turn, working_for
from workflows.contract.errors import DeskError
from workflows.contract.process import Process
from workflows.lib.tickets import TicketRef
from workflows.policy.model import Policy

log = structlog.get_logger(__name__)

_PERSON = re.compile(r"[UW][A-Z0-9]{4,20}|[^@\s]+@[^@\s]+\.[^@\s]+", re.ASCII)
AT_ONCE = 50
"""So many cases are emptied in one transaction."""

FORGOTTEN = "UFORGOTTEN"
"""Who stands in the place of somebody who was forgotten."""


class StillNeeded(DeskError):  # noqa: N818 - the name says what is in the way
    """An open case stands in the way of forgetting; the sentence says what has to be done first."""


class NotAPerson(DeskError):  # noqa: N818 - as above
    """What was typed names nobody for certain."""


@dataclass(frozen=True)
class Forgotten:
    """How many cases were emptied or changed, and how many lines of stories changed."""

    cases: int
    lines: int = 0


class Privacy:
    """Removes, exports and forgets."""

    def __init__(self, database: Database, processes: Mapping[str, Process[Any]], policy: Policy) -> None:
        self.database = database
        self.processes = processes
        self.policy = policy.privacy

    def remove_old(self, now: datetime) -> int:
        """Empty the cases whose time is over, and drop people nobody asks about; returns how many cases went."""
        removed = 0
        with working_for(Turn.SWEEP):
            for kind in self.processes:
                removed += self._remove_old_of(kind, now)
            with self.database.transaction() as connection:
                privacy.forget_people(connection, now - self.policy.keep_people.length)
        if removed:
            log.info("old_cases_emptied", cases=removed)
        return removed

    def _remove_old_of(self, kind: str, now: datetime) -> int:
        removed, before = 0, now - self.policy.kept(kind).length
        while True:
            with self.database.transaction() as connection:
                old = privacy.closed_before(connection, kind, before, AT_ONCE)
                for case_id in old:
                    privacy.empty_case(connection, case_id)
            removed += len(old)
            if len(old) < AT_ONCE:
                return removed

    # ------------------------------------------------------------------------------------------- people

    def export(self, person: str) -> dict[str, Any]:
        """Everything that is kept of a person, named by Slack member id or e-mail address, as JSON can hold it."""
        with self.database.read_only() as connection:
            names = self._names(person)
            known = [row.data for row in privacy.people_called(connection, person)]
            about = privacy.cases_about(connection, names)
            lines = privacy.lines_about(connection, names)
            sent = privacy.effects_about(connection, names)
        return {
            "person": known,
            "cases": [{"id": row.id, "kind": row.kind, "state": row.state, "data": row.data} for row in about],
            "timeline": [
                {"case": row.case_id, "at": row.at.isoformat(), "actor": row.actor, "what": row.what} for row in lines
            ],
            "sent": [{"case": row.case_id, "state": row.state, "effect": row.payload} for row in sent],
        }

    def forget_person(self, person: str) -> Forgotten:
        """Put nobody in a person's place, everywhere. `StillNeeded` while an open case is theirs."""
        names = self._names(person)
        with self.database.read_only() as connection:
            about, lines = privacy.cases_about(connection, names), privacy.lines_about(connection, names)
        theirs = [row.id for row in about if row.owner in names and row.closed_at is None and self._is_for_people(row)]
        if theirs:
            raise StillNeeded(f"{', '.join(theirs)} would lose their owner. Close them, or hand them to somebody else.")
        for row in about:
            self._forget_in_case(row.id, names)
        with self.database.transaction() as connection:
            for line in lines:
                changed = {"actor": _without(line.actor, names), "what": _without(line.what, names)}
                privacy.change_line(connection, line.model_copy(update=changed))
            privacy.drop_traces(connection, names)
        return Forgotten(len(about), len(lines))

    def _forget_in_case(self, case_id: str, names: Sequence[str]) -> None:
        with self.database.transaction() as connection:
            row = cases.lock_case(connection, case_id)
            if row is None:
                return
            process = self.processes[row.kind]
            case = process.model.model_validate(_without(row.data, names))
            changed = {
                "data": case.model_dump(mode="json"),
                "owner": case.owner,
                "open_key": case.open_key if row.open_key is not None else None,
            }
            cases.change_case(connection, row, changed)

    def _names(self, person: str) -> tuple[str, ...]:
        """How a person is called in what is kept: by id, and by e-mail address where Slack has said it."""
        asked = person.strip().removeprefix("@")
        asked = asked.lower() if "@" in asked else asked
        if not _PERSON.fullmatch(asked):
            raise NotAPerson("A person is named by Slack member id, such as U0123456789, or by e-mail address.")
        with self.database.read_only() as connection:
            known = privacy.people_called(connection, asked)
        found = {name for row in known for name in (row.id, row.email) if name}
        return tuple(sorted({asked, *found}))

    def _is_for_people(self, row: CaseRow) -> bool:
        """Whether a case is somebody's to see to; those that only count or remind are not."""
        return self.processes[row.kind].summarize is not None

    # ------------------------------------------------------------------------------------------- tickets

    def forget_ticket(self, ticket: TicketRef) -> Forgotten:
        """Empty the cases about a ticket. `StillNeeded` while one of them is open."""
        with self.database.read_only() as connection:
            about = privacy.cases_of_ticket(connection, ticket.key)
        still_open = [row.id for row in about if row.closed_at is None]
        if still_open:
            raise StillNeeded(f"{', '.join(still_open)} about ticket {ticket} is still open. Close it first.")
        with self.database.transaction() as connection:
            for row in about:
                privacy.empty_case(connection, row.id)
            privacy.drop_told(connection, ticket.key)
        return Forgotten(len(about))


def _without(value: Any, names: Sequence[str]) -> Any:  # noqa: ANN401 - what JSON holds
    """Put nobody in the place of these names, however deep in a value."""
    match value:
        case str():
            for name in names:
                value = value.replace(name, FORGOTTEN)
            return value
        case list():
            return [_without(part, names) for part in value]
        case dict():
            return {_without(key, names): _without(part, names) for key, part in value.items()}
    return value
