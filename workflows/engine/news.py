"""Asks the vendors what they would have told, and takes it in as if they had: each once, by the keys of the inbox."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from storage import inbox as stored
from workflows.contract.clock import Clock
from workflows.contract.errors import NotConnected, NotFound, Refused, RetryLater
from workflows.contract.events import NewsTaken
from workflows.contract.facts import IncomingFact
from workflows.contract.news_effects import AskForIssueChanges, AskForRatings, AskForTicketChanges, CheckTicket
from workflows.contract.news_ports import IssueNews, TicketNews
from workflows.engine.inbox import Inbox

log = structlog.get_logger(__name__)

BEFORE = timedelta(minutes=15)
"""How much earlier than said a change may have happened: the sender's clock, and a trigger that ran late."""
TRIES = 3
"""So often a ticket is asked for what is said to have happened to it: what is written may be read a little later."""

_TICKET, _ISSUE, _MERGE_REQUEST = "ticket:", "issue:", "merge_request:"
"""What the names of tickets, issues and merge requests begin with."""
AskAbout = Callable[[str, datetime, Sequence[int]], list[IncomingFact]]


class NewsReader:
    """Executes the questions. A vendor that is not set up is missing, and its questions fail as "not connected"."""

    def __init__(
        self,
        tickets: Mapping[str, TicketNews],
        issues: IssueNews | None,
        inbox: Inbox,
        clock: Clock,
    ) -> None:
        self.tickets = tickets
        self.issues = issues
        self.inbox = inbox
        self.clock = clock

    def ratings(self, asked: AskForRatings) -> NewsTaken:
        """The feedback of an account."""
        return self._taken(self._account(asked.account).ratings(asked.since, asked.until))

    def ticket_changes(self, asked: AskForTicketChanges) -> NewsTaken:
        """What happened to the tickets of an account that open cases follow."""
        prefix = f"{_TICKET}{asked.account}/"
        numbers = [int(subject.removeprefix(prefix)) for subject in self._followed(prefix)]
        return self._taken(self._account(asked.account).changes(numbers, asked.since) if numbers else [])

    def issue_changes(self, asked: AskForIssueChanges) -> NewsTaken:
        """What happened to issues: to all of some projects, and to those that open cases follow in others."""
        if self.issues is None:
            raise NotConnected("The issue tracker is not connected to the desk.")
        found = [fact for project in asked.projects for fact in self.issues.changes(project, asked.since)]
        whole = {project.casefold() for project in asked.projects}
        for project, numbers in self._numbers(_ISSUE, "#").items():
            if project not in whole:
                found += self._shown(self.issues.changes, project, asked.since, numbers)
        for project, numbers in self._numbers(_MERGE_REQUEST, "!").items():
            found += self._shown(self.issues.merge_requests, project, asked.since, numbers)
        return self._taken(found)

    @staticmethod
    def _shown(ask: AskAbout, project: str, since: datetime, numbers: Sequence[int]) -> list[IncomingFact]:
        try:
            return ask(project, since, numbers)
        except (NotFound, Refused):  # somebody linked what the desk is not shown: no reason to hear of nothing else
            log.warning("news_not_shown", project=project)
            return []

    def _numbers(self, prefix: str, sign: str) -> dict[str, list[int]]:
        """What open cases follow in each project (in small letters), by its numbers."""
        found: dict[str, list[int]] = defaultdict(list)
        for subject in self._followed(prefix):
            project, _, number = subject.removeprefix(prefix).rpartition(sign)
            found[project].append(int(number))
        return found

    def ticket(self, asked: CheckTicket, number: int) -> NewsTaken:
        """What happened to one ticket; `number` counts the tries."""
        news = self._account(asked.ticket.account)
        if asked.is_feedback:
            found = news.feedback(asked.ticket.number, asked.at, asked.answer)
        else:
            found = news.changes([asked.ticket.number], asked.at - BEFORE)
        if not found and number < TRIES:
            raise RetryLater("The ticket does not show yet what is said to have happened to it.")
        return self._taken(found)

    def _taken(self, found: Sequence[IncomingFact]) -> NewsTaken:
        if found:
            self.inbox.take(sorted(found, key=lambda one: one.fact.at), self.clock.now())
        return NewsTaken(len(found))

    def _account(self, account: str) -> TicketNews:
        if account not in self.tickets:
            raise NotConnected(f"The ticket system's account “{account}” is not connected to the desk.")
        return self.tickets[account]

    def _followed(self, prefix: str) -> list[str]:
        with self.inbox.engine.database.read_only() as session:
            return stored.followed_by_open_cases(session, prefix)
