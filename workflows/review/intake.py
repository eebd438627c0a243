"""The one way in for feedback on tickets, whoever brings it: a webhook, the tracker, a person, a question."""

from datetime import datetime

from workflows.contract import actors
from workflows.contract.engine import CaseEngine, Outcome, open_or_submit
from workflows.contract.facts import IncomingFact, IssueChange, IssueChanged, TicketRated
from workflows.contract.values import IssueLink
from workflows.lib.tickets import TicketRef, ticket_of_title
from workflows.policy.model import Policy
from workflows.policy.review import Tone
from workflows.review.model import KIND, Rated, ReviewCase, Source, review_key


def rated(engine: CaseEngine, event: Rated, *, key: str, now: datetime) -> Outcome[ReviewCase]:
    """Take feedback: open the ticket's review, or add to the one it has; `duplicate` is then that one.

    `key` names the event and is taken once.
    """
    return open_or_submit(engine, KIND, event, key=key, now=now)


def handle_ratings(engine: CaseEngine, incoming: IncomingFact, now: datetime) -> None:
    """A customer gave feedback, or somebody else opened a feedback issue about a ticket."""
    match incoming.fact:
        case TicketRated(score=score) as fact if score is not None:
            event = Rated(
                Source.TICKETS,
                actors.TICKETS,
                fact.ticket,
                Tone(score.value),
                fact.at,
                words=fact.comment,
                contact_requested=(says := engine.policy.contact.asks(fact.contact_answer)) is True,
                form_says_contact=says,
            )
        case IssueChanged(change=IssueChange.OPENED, is_own=False) as fact if is_ours(fact, engine.policy):
            found = _by_title(fact.title, engine.policy)
            if found is None:
                return
            tone, ticket = found
            link = IssueLink(
                project=engine.policy.review.issue_project, number=fact.number, title=fact.title, url=fact.url
            )
            contact = engine.policy.contact.request_label in fact.labels
            event = Rated(Source.TRACKER, actors.TRACKER, ticket, tone, fact.at, contact_requested=contact, issue=link)
        case IssueChanged(change=IssueChange.OPENED) as fact:
            _follow_moved(engine, fact, key=f"{incoming.key}:{KIND}", now=now)
            return
        case _:
            return
    rated(engine, event, key=f"{incoming.key}:{KIND}", now=now)


def _follow_moved(engine: CaseEngine, fact: IssueChanged, *, key: str, now: datetime) -> None:
    """An issue of this title appears in another project: a review whose issue was moved goes on there."""
    found = _by_title(fact.title, engine.policy)
    case = engine.cases.with_open_key(review_key(found[1])) if found else None
    if found is None or case is None or not case.issue_is_moved:
        return
    link = IssueLink(project=fact.project, number=fact.number, title=fact.title, url=fact.url)
    event = Rated(Source.TRACKER, actors.TRACKER, found[1], case.tone, fact.at, issue=link)
    engine.submit(case.id, event, key=key, now=now)


def is_ours(fact: IssueChanged, policy: Policy) -> bool:
    """Whether an issue is one of the feedback project."""
    return policy.review.issue_project.casefold() in {fact.project.casefold(), str(fact.project_id)}


def _by_title(title: str, policy: Policy) -> tuple[Tone, TicketRef] | None:
    """The tone and the ticket of a feedback issue, by its exact title."""
    for tone in Tone:
        if ticket := ticket_of_title(title, policy.review.issue_titles[tone], policy.tickets.accounts):
            return tone, ticket
    return None
