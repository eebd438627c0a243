# ruff: noqa: ARG002 - a stand-in is handed everything its port is, and needs little of it
"""Stubs of Slack and the vendors that answer and do nothing: for simulations, in which only the rules are real."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from workflows.contract import actors
from workflows.contract.account_port import Account, AccountList, OpenTickets, Organization, TicketOrigin
from workflows.contract.issue_port import Issue, IssueNews, Template, TrackerUser
from workflows.contract.paging_ports import OnDuty, Page, PageNow
from workflows.contract.slack_port import File, Message, Person, Posted, UserGroup
from workflows.contract.ticket_ports import Participants, Ticket

REPORTER = "U0REPORTER"
RESPONDER = "U0RESPONDER"
ON_DUTY = "on.duty@example.com"
CUSTOMER, CSM = "A customer", "csm@example.com"

Report = Callable[[str, str], None]
"""Told what happens: where, and what."""


@dataclass
class StubSlack:
    """A workspace in which everybody can be reached. `report` hears of each new message; a change of one is silent."""

    report: Report

    def __post_init__(self) -> None:
        self.names = {REPORTER: "the reporter", RESPONDER: "a responder"}
        self._numbers = count(1)

    def post(
        self, channel: str, message: Message, *, mark: str, thread: str | None = None, again: bool = False
    ) -> Posted:
        """Report the message, and answer as Slack would."""
        where = f"{channel} (thread)" if thread else channel
        self.report(where, message.text)
        return Posted(channel, f"{next(self._numbers)}.000000")

    def whisper(self, channel: str, user: str, message: Message, *, thread: str | None = None) -> None:
        """Say it to one person."""
        self.report(f"{channel} (only to {self.names.get(user, user)})", message.text)

    def upload(self, channel: str, file: File, *, mark: str, again: bool = False) -> None:
        """A file is sent."""
        self.report(channel, f"(a file) {file.title}")

    def add_to_canvas(self, canvas: str, heading: str, markdown: str) -> None:
        """A section is added."""
        self.report("the canvas", f"{heading}: {markdown}")

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Nothing to see: what changed is in the timeline."""

    def find(self, channel: str, mark: str, *, since: datetime, thread: str | None = None) -> list[Posted]:
        """Every answer comes, so nothing is looked for."""
        return []

    def remove(self, channel: str, ts: str) -> None:
        """Nothing stands twice."""

    def open_dm(self, user: str) -> str:
        """A DM, named by who reads it."""
        return f"DM to {self.names.get(user, user)}"

    def update_view(self, view_id: str, view: dict[str, Any]) -> None:
        """Nobody looks at a modal here."""

    def is_own_team(self, team: str) -> bool:
        """There is one workspace here."""
        return True

    def person(self, user: str) -> Person:
        """Whoever is asked for is there."""
        return Person(user, self.names.setdefault(user, user), f"{user.lower()}@example.com")

    def person_by_email(self, email: str) -> Person | None:
        """Everybody has an account."""
        user = "U0" + "".join(letter for letter in email.upper() if letter.isalnum())
        name = {ON_DUTY: "who is on duty", CSM: "the account's CSM"}.get(email, email)
        return Person(user, self.names.setdefault(user, name), email)

    def permalink(self, channel: str, ts: str) -> str:
        """A link to a message, as good as any."""
        return f"https://example.slack.com/archives/{channel}/{ts}"

    def group_members(self, group: str) -> tuple[str, ...]:
        """The responder is in every group."""
        return self.group(group).members

    def group(self, group: str) -> UserGroup:
        """The responder is in every group."""
        group_id = "S0" + "".join(letter for letter in group.upper() if letter.isalnum())
        self.names[group_id] = group
        return UserGroup(group_id, (RESPONDER,))

    def channel_name(self, channel: str) -> str:
        """Channels are known by their names here."""
        return channel

    def is_shared(self, channel: str) -> bool:
        """There is one organisation here."""
        return False


@dataclass
class StubPager:
    """A paging service that works, and a schedule with somebody on it. `paged` is when somebody was."""

    report: Report
    now: Callable[[], datetime]

    def __post_init__(self) -> None:
        self.paged: list[datetime] = []

    def on_duty(self, schedule: str, _at: datetime | None = None) -> list[OnDuty]:
        """Somebody is on duty in every schedule."""
        return [OnDuty("Whoever is on duty", ON_DUTY)]

    def page(self, title: str, details: str, *, service: str, key: str) -> Page:
        """Somebody's telephone rings."""
        self.paged.append(self.now())
        self.report(actors.PAGER, f"rings: {service}, high urgency: {title}")
        return self._page(key, "triggered")

    def find(self, key: str) -> Page | None:
        """Nothing is lost here, so nothing is looked for."""
        return None

    def open_pages(self, service: str) -> list[PageNow]:
        """What the desk does is known to it; nobody does anything there."""
        return []

    def last_under(self, key: str) -> PageNow | None:
        """Nobody does anything there."""
        return None

    def acknowledge(self, page_id: str) -> Page:
        """Somebody is on it."""
        self.report(actors.PAGER, "acknowledged")
        return self._page("", "acknowledged")

    def resolve(self, page_id: str) -> Page:
        """Report that the page was resolved."""
        self.report(actors.PAGER, "resolved")
        return self._page("", "resolved")

    def _page(self, key: str, status: str) -> Page:
        return Page("P1", key, "https://pager.example.com/incidents/P1", status)


@dataclass
class StubTickets:
    """A ticket system in which every ticket exists and is open."""

    report: Report

    def read(self, ticket: int) -> Ticket:
        """There is one."""
        return Ticket(ticket, "A ticket", "open")

    def participants(self, ticket: int) -> Participants:
        """Nobody answered yet."""
        return Participants(())

    def add_tag(self, ticket: int, tag: str) -> None:
        """Report the tag."""
        self.report(actors.TICKETS, f"ticket {ticket} gets the tag {tag}")

    def add_cc(self, ticket: int, email: str) -> None:
        """A CC more."""
        self.report(actors.TICKETS, f"{email} is a CC of ticket {ticket}")

    def assign(self, ticket: int, email: str) -> None:
        """The ticket gets an assignee."""
        self.report(actors.TICKETS, f"ticket {ticket} is assigned to {email}")

    def add_internal_note(self, ticket: int, body: str, *, mark: str, again: bool = False) -> None:
        """Report the note."""
        self.report(actors.TICKETS, f"ticket {ticket} gets an internal note")


@dataclass
class StubIssues:
    """An issue tracker that has nothing yet and takes everything."""

    report: Report

    def search(self, project: str, words: str, *, limit: int) -> list[Issue]:
        """No issue fits any words."""
        return []

    def read(self, project: str, number: int) -> Issue:
        """There is one."""
        return _issue(project, number)

    def find_titled(self, project: str, title: str) -> Issue | None:
        """The one that was opened before."""
        return _issue(project, 1, title)

    def create(
        self,
        project: str,
        title: str,
        description: str,
        *,
        mark: str,
        labels: Sequence[str] = (),
        assignee: str | None = None,
        confidential: bool = False,
        again: bool = False,
    ) -> Issue:
        """Report the new issue."""
        self.report(actors.TRACKER, f"opens an issue in {project}: {title}")
        return _issue(project, 1, title)

    def comment(
        self, project: str, number: int, body: str, *, mark: str, internal: bool = False, again: bool = False
    ) -> None:
        """Report the comment."""
        self.report(actors.TRACKER, f"{project}#{number} gets a comment")

    def set_labels(self, project: str, number: int, *, add: Sequence[str], remove: Sequence[str] = ()) -> Issue:
        """Report the labels."""
        self.report(actors.TRACKER, f"{project}#{number} gets {', '.join(add)}")
        return _issue(project, number)

    def close(self, project: str, number: int) -> Issue:
        """Report that the issue was closed."""
        self.report(actors.TRACKER, f"{project}#{number} is closed")
        return _issue(project, number)

    def reopen(self, project: str, number: int) -> Issue:
        """Report that the issue was opened again."""
        self.report(actors.TRACKER, f"{project}#{number} is opened again")
        return _issue(project, number)

    def rename(self, project: str, number: int, title: str) -> Issue:
        """Report the new title."""
        self.report(actors.TRACKER, f"{project}#{number} is now called {title}")
        return _issue(project, number, title)

    def relate(self, project: str, number: int, other_project: str, other_number: int) -> None:
        """Report that the issues were related."""
        self.report(actors.TRACKER, f"{project}#{number} and {other_project}#{other_number} are related")

    def assign(self, project: str, number: int, assignee: str) -> Issue:
        """Report the assignee."""
        self.report(actors.TRACKER, f"{project}#{number} is assigned to {assignee}")
        return _issue(project, number)


def _issue(project: str, number: int, title: str = "An issue") -> Issue:
    return Issue(project, number, title, f"https://tracker.example.com/{project}/issues/{number}")


@dataclass
class StubReader:
    """What is read of a tracker in which nobody does anything; its templates have every heading that is asked for."""

    headings: Sequence[str]

    def news(self, project: str, number: int, since: datetime) -> IssueNews:
        """Nothing is new."""
        return IssueNews(_issue(project, number))

    def template(self, project: str, name: str) -> Template:
        """There is one."""
        return Template(name, "\n\n".join(f"### {heading}" for heading in self.headings))

    def username(self, name: str) -> TrackerUser:
        """Nobody is known."""
        return TrackerUser(None)


@dataclass
class StubForms:
    """The ticket system's forms: each is there."""

    report: Report

    def set_form(self, ticket: int, form: str) -> None:
        """Report the form that a ticket gets."""
        self.report(actors.TICKETS, f"ticket {ticket} gets the form {form}")


@dataclass
class StubCustomers:
    """A ticket system in which every ticket is from one organisation. `now` is when each was opened."""

    now: Callable[[], datetime]

    def origin(self, ticket: int) -> TicketOrigin:
        """The ticket, from the one customer there is."""
        found = Ticket(ticket, "A new ticket", "new", requester_name="A contact", requester_email="contact@example.org")
        return TicketOrigin(found, self.now(), Organization(1, CUSTOMER, "1"))

    def organizations(self, *, id_: int | None = None, external_id: str = "", name: str = "") -> list[Organization]:
        """The one organisation there is."""
        return [Organization(1, CUSTOMER, "1")]

    def open_tickets(self, organization: int) -> OpenTickets:
        """One ticket that waits."""
        return OpenTickets(1, ((1, "A new ticket"),))

    def opened(self, since: datetime, until: datetime) -> list[tuple[int, datetime]]:
        """No ticket but those that are told of."""
        return []


class StubAccounts:
    """Accounts of which there is one, with a customer success manager."""

    def by_ids(self, ids: tuple[str, ...]) -> AccountList:
        """The one account there is."""
        return AccountList((Account("1", CUSTOMER, CSM, "Their CSM"),))

    def named(self, name: str, *, exactly: bool) -> AccountList:
        """The one account there is."""
        return self.by_ids(())

    def of_csm(self, email: str) -> AccountList:
        """The one account there is."""
        return self.by_ids(())

    def case_url(self, ticket: int) -> str:
        """No case of a ticket's."""
        return ""
