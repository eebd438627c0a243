"""What is heard of the ticket and the issue while a request is open."""

from datetime import datetime, timedelta

import pytest

from handlers.contact.cards import card
from tests.tickets import ticket as ref
from tests.unit.contact.plays import MONDAY, POLICY, REQUEST, Play
from workflows.contact.events import Cancelled
from workflows.contact.model import TicketCheck
from workflows.contact.process import CONTACT
from workflows.contract.facts import IssueChange, IssueChanged, TicketChange, TicketChanged
from workflows.contract.message_effects import ShowCard

LATER = MONDAY + timedelta(hours=1)


def ticket(change: TicketChange, at: datetime = LATER, into: int | None = None) -> TicketChanged:
    """Something happened to the ticket."""
    return TicketChanged(at=at, ticket=ref(123456), change=change, into=ref(into) if into else None)


def issue(change: IssueChange, at: datetime = LATER) -> IssueChanged:
    """Maria did something to the issue."""
    where = {"project": "a/b", "project_id": 1, "number": 7, "title": "t", "url": "https://gitlab.example.com/7"}
    return IssueChanged(at=at, by="Maria", change=change, added=("x",), **where)


@pytest.fixture
def play() -> Play:
    """A request that was asked for on Monday at nine."""
    play = Play()
    play.happens(REQUEST)
    play.effects.clear()
    return play


def shown(play: Play) -> str:
    """The card's blocks, as text."""
    return str(card(play.case, POLICY, {}).blocks)


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
    play: Play, fact: TicketChanged | IssueChanged, words: str
) -> None:
    """Whoever has it sees it before they write to the customer."""
    play.happens(fact)
    assert play.notes[-1] == words
    assert words in shown(play)
    assert any(isinstance(effect, ShowCard) for effect in play.effects)


def test_labels_are_noted_and_not_shown(play: Play) -> None:
    """They are many."""
    play.happens(issue(IssueChange.LABELLED))
    assert play.notes[-1] == "labelled a/b#7: +x"
    assert play.effects == []
    assert "labelled" not in shown(play)


def test_what_comes_late_does_not_hide_what_is_newer(play: Play) -> None:
    """Reopened at eleven, and then the news that it was solved at ten; and the same twice."""
    play.happens(ticket(TicketChange.REOPENED, LATER + timedelta(hours=1)))
    before = play.case
    play.effects.clear()
    play.happens(ticket(TicketChange.SOLVED))
    play.happens(ticket(TicketChange.REOPENED, LATER + timedelta(hours=1)))
    assert (play.case, play.effects) == (before, [])
    assert play.notes[-2] == "ticket 123456 was solved"


def test_ticket_and_issue_are_shown_side_by_side(play: Play) -> None:
    """The last of each."""
    play.happens(ticket(TicketChange.REPLIED))
    play.happens(issue(IssueChange.CLOSED, LATER - timedelta(minutes=1)))
    play.happens(ticket(TicketChange.SOLVED, LATER + timedelta(minutes=1)))
    assert [updates.what for updates in play.case.updates.values()] == ["ticket 123456 was solved", "closed a/b#7"]
    assert play.case.check is TicketCheck.SOLVED


def test_a_request_that_is_over_only_notes_it(play: Play) -> None:
    """Nobody has to do anything."""
    play.happens(Cancelled("U0MARIA", "solved by phone"))
    play.effects.clear()
    play.happens(ticket(TicketChange.REOPENED))
    assert play.notes[-1] == "ticket 123456 was reopened"
    assert play.effects == []
    assert play.case.updates == {}


def test_the_engine_hands_these_facts_to_the_rules() -> None:
    """Others become lines of the timeline by themselves."""
    assert set(CONTACT.handles) == {TicketChanged, IssueChanged}
