"""What is heard of the ticket and the issue while a request is open."""

from datetime import datetime, timedelta

import pytest

from handlers.contact.cards import card
from tests.tickets import ticket as ref
from tests.unit.contact.story import MONDAY, POLICY, REQUEST, Story
from workflows.contact.model import Cancelled, TicketCheck
from workflows.contact.process import CONTACT
from workflows.contract.effects import ShowCard
from workflows.contract.facts import IssueChange, IssueChanged, TicketChange, TicketChanged

LATER = MONDAY + timedelta(hours=1)


def ticket(change: TicketChange, at: datetime = LATER, into: int | None = None) -> TicketChanged:
    """Something happened to the ticket."""
    return TicketChanged(at=at, ticket=ref(123456), change=change, into=ref(into) if into else None)


def issue(change: IssueChange, at: datetime = LATER) -> IssueChanged:
    """Maria did something to the issue."""
    where = {"project": "a/b", "project_id": 1, "number": 7, "title": "t", "url": "https://gitlab.example.com/7"}
    return IssueChanged(at=at, by="Maria", change=change, added=("x",), **where)


@pytest.fixture
def story() -> Story:
    """A request that was asked for on Monday at nine."""
    story = Story()
    story.happens(REQUEST)
    story.effects.clear()
    return story


def shown(story: Story) -> str:
    """The card's blocks, as text."""
    return str(card(story.case, POLICY, {}).blocks)


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (ticket(TicketChange.REPLIED), "a public reply was written on ticket 123456"),
        (ticket(TicketChange.SOLVED), "ticket 123456 was solved"),
        (ticket(TicketChange.REOPENED), "ticket 123456 was reopened"),
        (ticket(TicketChange.MERGED, into=123457), "ticket 123456 was merged into ticket 123457"),
        (issue(IssueChange.CLOSED), "closed a/b#7"),
        (issue(IssueChange.REOPENED), "reopened a/b#7"),
    ],
)
def test_the_card_and_the_timeline_say_what_happened(
    story: Story, fact: TicketChanged | IssueChanged, words: str
) -> None:
    """Whoever has it sees it before they write to the customer."""
    story.happens(fact)
    assert story.notes[-1] == words
    assert words in shown(story)
    assert any(isinstance(effect, ShowCard) for effect in story.effects)


def test_labels_are_noted_and_not_shown(story: Story) -> None:
    """They are many."""
    story.happens(issue(IssueChange.LABELLED))
    assert story.notes[-1] == "labelled a/b#7: +x"
    assert story.effects == []
    assert "labelled" not in shown(story)


def test_what_comes_late_does_not_hide_what_is_newer(story: Story) -> None:
    """Reopened at eleven, and then the news that it was solved at ten; and the same twice."""
    story.happens(ticket(TicketChange.REOPENED, LATER + timedelta(hours=1)))
    before = story.case
    story.effects.clear()
    story.happens(ticket(TicketChange.SOLVED))
    story.happens(ticket(TicketChange.REOPENED, LATER + timedelta(hours=1)))
    assert (story.case, story.effects) == (before, [])
    assert story.notes[-2] == "ticket 123456 was solved"


def test_ticket_and_issue_are_shown_side_by_side(story: Story) -> None:
    """The last of each."""
    story.happens(ticket(TicketChange.REPLIED))
    story.happens(issue(IssueChange.CLOSED, LATER - timedelta(minutes=1)))
    story.happens(ticket(TicketChange.SOLVED, LATER + timedelta(minutes=1)))
    assert [updates.what for updates in story.case.updates.values()] == ["ticket 123456 was solved", "closed a/b#7"]
    assert story.case.check is TicketCheck.SOLVED


def test_a_request_that_is_over_only_notes_it(story: Story) -> None:
    """Nobody has to do anything."""
    story.happens(Cancelled("U0MARIA", "solved by phone"))
    story.effects.clear()
    story.happens(ticket(TicketChange.REOPENED))
    assert story.notes[-1] == "ticket 123456 was reopened"
    assert story.effects == []
    assert story.case.updates == {}


def test_the_engine_hands_these_facts_to_the_rules() -> None:
    """Others become lines of the timeline by themselves."""
    assert set(CONTACT.handles) == {TicketChanged, IssueChanged}
