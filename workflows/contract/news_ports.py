"""Asking instead of hearing: what a vendor would have told by webhook, as protocols: see `workflows.contract`.

What comes of it are the same facts, each under a key that is the same however often it is asked.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from workflows.contract.facts import IncomingFact


class TicketNews(Protocol):
    """One account of the ticket system."""

    def ratings(self, since: datetime, until: datetime) -> list[IncomingFact]:
        """The feedback customers gave after `since` and up to `until`, both aware, by any survey of the account."""
        ...

    def changes(self, tickets: Sequence[int], since: datetime) -> list[IncomingFact]:
        """What happened to these tickets after `since` (aware); those that do not exist are left out."""
        ...

    def feedback(self, ticket: int, at: datetime, answer: str) -> list[IncomingFact]:
        """The feedback that stands on a ticket now. `NotFound` when there is no such ticket.

        `at` is when it is said to have been given. `answer` counts as that about contact where the account's field for
        it is not known.
        """
        ...


class IssueNews(Protocol):
    """The issue tracker."""

    def changes(self, project: str, since: datetime, numbers: Sequence[int] | None = None) -> list[IncomingFact]:
        """What happened after `since` (aware) to the issues of a project: to all, or to these."""
        ...

    def merge_requests(self, project: str, since: datetime, numbers: Sequence[int]) -> list[IncomingFact]:
        """Which of these merge requests of a project were merged or closed after `since` (aware)."""
        ...
