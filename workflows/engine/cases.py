"""Reads cases: by number, key, state or ticket. It saves nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from storage import cases, inbox
from storage.database import Database
from storage.tables import CaseRow
from workflows.contract.case_effects import SummarizeCases
from workflows.contract.engine import QueuePage, TimelineEntry
from workflows.contract.events import CaseSummaries
from workflows.contract.process import Process
from workflows.lib.tickets import TicketRef
from workflows.policy.model import Policy


class Cases:
    """The cases of all processes as they are now, each as its process' own model."""

    def __init__(self, database: Database, processes: Mapping[str, Process[Any]]) -> None:
        self.database = database
        self.processes = processes

    def read(self, case_id: str) -> Any:  # noqa: ANN401 - the process' own model
        """A case as it is now, or None."""
        with self.database.read_only() as connection:
            row = cases.read_case(connection, case_id)
        return row and self.of_row(row)

    def with_open_key(self, open_key: str) -> Any:  # noqa: ANN401 - the process' own model
        """The open case that holds this key, or None."""
        with self.database.read_only() as connection:
            row = cases.case_with_open_key(connection, open_key)
        return row and self.of_row(row)

    def newest(self, kind: str, state: str, owner: str) -> Any:  # noqa: ANN401 - the process' own model
        """The newest case of this kind, state and owner, or None."""
        with self.database.read_only() as connection:
            row = cases.newest_case(connection, kind, state, owner)
        return row and self.of_row(row)

    def in_states(self, kind: str, states: Sequence[str], limit: int | None = 100) -> list[Any]:
        """The cases of this kind that are in one of these states, the oldest first; all without a `limit`."""
        with self.database.read_only() as connection:
            rows = cases.cases_in_states(connection, kind, states, limit)
        return [self.of_row(row) for row in rows]

    def queue(self, kind: str, owner: str, *, page: int, size: int) -> QueuePage[Any]:
        """A page of what this owner has in their queue, with what nobody owns; the last one where there are fewer."""
        with self.database.read_only() as connection:
            whole = QueuePage[Any]((), cases.queue_counts(connection, kind, owner), size=size)
            number = min(max(page, 0), whole.pages - 1)
            rows = cases.queued_cases(connection, kind, owner, size, number * size)
        return replace(whole, cases=[self.of_row(row) for row in rows], number=number)

    def of_ticket(self, kind: str, ticket: TicketRef) -> list[Any]:
        """The cases of this kind about this ticket, the oldest first."""
        with self.database.read_only() as connection:
            rows = cases.cases_of_ticket(connection, kind, ticket.key)
        return [self.of_row(row) for row in rows]

    def following(self, kind: str, subject: str) -> list[Any]:
        """The cases of this kind that follow this thing outside, the oldest first; found by an index, however many."""
        with self.database.read_only() as connection:
            rows = inbox.followers(connection, (subject,))
        return [self.of_row(row) for row in rows if row.kind == kind]

    def timeline(self, case_id: str) -> list[TimelineEntry]:
        """Everything that happened to a case, the oldest first."""
        with self.database.read_only() as connection:
            return [TimelineEntry(row.at, row.actor, row.what) for row in cases.timeline(connection, case_id)]

    def summaries(self, asked: SummarizeCases, policy: Policy, now: datetime) -> CaseSummaries:
        """The cases that were asked for, each in brief, as its process summarizes it."""
        with self.database.read_only() as connection:
            rows = cases.cases_to_summarize(connection, asked.kinds, asked.owner, asked.since, unowned=asked.unowned)
        summarize = {kind: self.processes[kind].summarize for kind in asked.kinds}
        found = ((summarize[row.kind], self.of_row(row)) for row in rows)
        return CaseSummaries(tuple(brief(case, policy, now) for brief, case in found if brief is not None))

    def of_row(self, row: CaseRow) -> Any:  # noqa: ANN401 - the process' own model
        """A row as its process' own model."""
        return self.processes[row.kind].model.model_validate(row.data)
