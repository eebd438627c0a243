"""The rules of satisfaction reviews, in tables: what holds whatever comes in which order."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.review.plays import MONDAY, ON_DUTY, POLICY, PROJECT, Play, rated
from workflows.contract.events import EffectSucceeded, TimerDue
from workflows.contract.facts import IssueChange, IssueChanged
from workflows.contract.issue_effects import CloseIssue, CommentOnIssue, LabelIssue, OpenIssue
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.review_effects import ReopenIssue
from workflows.contract.ticket_ports import Ticket
from workflows.policy.review import Tone
from workflows.review import texts
from workflows.review.effect_results import no_survey
from workflows.review.manager import digest_days
from workflows.review.model import Assessed, Assessment, ReviewClosed, ReviewState, TakenOver
from workflows.review.standing import days_before
from workflows.review.week import next_post

LABEL, OTHER = "feedback::soft-skills", "feedback::known-issue"


def changed(change: IssueChange, minutes: float = 1, **more: Any) -> IssueChanged:
    """Something somebody did in the tracker, so many minutes after Monday."""
    at = MONDAY + timedelta(minutes=minutes)
    known = {"project": PROJECT, "project_id": 1, "number": 7, "title": "x", "url": "https://gitlab.example/7"}
    return IssueChanged(at=at, change=change, **{**known, **more})


def assessed(**more: Any) -> Assessed:
    """The triage form, sent."""
    return Assessed("U0MARIA", "Slow", "Talk", **{"contact": False, "label": LABEL, **more})


@pytest.mark.parametrize(
    ("ticket", "why"),
    [
        (Ticket(1, "x", "open"), None),
        (Ticket(1, "x", "open", frozenset({"free_customer"})), "its ticket has the tag free_customer"),
        (Ticket(1, "x", "open", frozenset({"x", "com_embargo"})), "its ticket has the tag com_embargo"),
        (Ticket(1, "x", "open", organization="GitLab"), "its ticket belongs to GitLab"),
        (Ticket(1, "x", "open", organization="DigitalOcean Support"), "its ticket belongs to DigitalOcean Support"),
        (Ticket(1, "x", "open", organization="GitLab Fans"), None),
        (Ticket(1, "x", "open", is_suspended=True), "its ticket is suspended as spam"),
    ],
)
def test_what_gets_no_survey(ticket: Ticket, why: str | None) -> None:
    """The page's four categories, exactly."""
    assert no_survey(ticket, POLICY) == why


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_ratings_in_any_order_come_to_the_same(order: tuple[int, ...]) -> None:
    """What the customer said last holds, whichever was heard first; all of it is kept."""
    said = [rated(Tone.BAD, "One", 1), rated(Tone.GOOD, "Two", 2), rated(Tone.BAD, "Three", 3)]
    play = Play(now=MONDAY + timedelta(hours=4))
    for place in order:
        play.happens(said[place])
    assert play.case.tone is Tone.BAD
    assert [one.words for one in play.case.said] == ["One", "Two", "Three"]
    assert len(play.did(OpenIssue)) == 1


@given(st.lists(st.sampled_from([Tone.GOOD, Tone.BAD, Tone.NEUTRAL]), min_size=1, max_size=6))
def test_a_rating_heard_again_changes_nothing(tones: list[Tone]) -> None:
    """Every rating twice, in a row: the same case, and nothing more leaves."""
    once, twice = (Play(now=MONDAY + timedelta(days=1)) for _ in range(2))
    for number, tone in enumerate(tones):
        once.happens(rated(tone, f"Words {number}", number))
        for _ in range(2):
            twice.happens(rated(tone, f"Words {number}", number))
    assert once.case == twice.case
    assert len(once.effects) == len(twice.effects)


@pytest.mark.parametrize(
    ("tone", "event", "state"),
    [
        (Tone.BAD, ReviewClosed("U0MARIA"), None),
        (Tone.GOOD, ReviewClosed("U0MARIA"), ReviewState.CLOSED),
        (Tone.NEUTRAL, ReviewClosed("U0MARIA"), ReviewState.CLOSED),
        (Tone.BAD, assessed(), ReviewState.CLOSED),
        (Tone.BAD, assessed(why_open="Hm"), ReviewState.DISCUSSING),
        (Tone.BAD, assessed(contact=True), ReviewState.OPEN),
        (Tone.BAD, assessed(label="feedback::made-up"), None),
    ],
)
def test_what_a_manager_may_do(tone: Tone, event: object, state: ReviewState | None) -> None:
    """None: it is refused with a sentence, and nothing changes."""
    play = Play().begun(tone)
    before = play.case
    play.happens(event)
    assert (play.refusal is None) == (state is not None)
    assert play.case.state == (state or before.state)
    if state is None:
        assert play.case == before


def test_the_template_is_the_pages() -> None:
    """Its three lines, to the letter; what was typed over several lines stays in its point."""
    found = Assessment(by="U0MARIA", at=MONDAY, summary="One\n/close", action="", contact=True)
    assert texts.assessment_comment(found) == (
        "* **Summary of ticket/feedback:** One\n  /close\n"
        "* **Action to be taken:** None\n"
        "* **Contact customer to discuss feedback? (Y/N)** Y"
    )


def test_the_fifteen_labels_are_the_pages() -> None:
    """Each with its meaning."""
    labels = POLICY.review.feedback_labels
    assert len(labels) == 15
    assert all(label.startswith("feedback::") for label in labels)
    assert labels["feedback::outside-support"] == "Problem internal to GitLab but not directly by Support"


@pytest.mark.parametrize(
    ("facts", "labels"),
    [
        ([changed(IssueChange.LABELLED, added=(LABEL,))], (LABEL,)),
        ([changed(IssueChange.LABELLED, added=(LABEL, "bug"))], (LABEL,)),
        ([changed(IssueChange.LABELLED, added=(LABEL, OTHER))], (LABEL, OTHER)),
        (
            [
                changed(IssueChange.LABELLED, 1, added=(LABEL,)),
                changed(IssueChange.LABELLED, 2, added=(OTHER,), removed=(LABEL,)),
            ],
            (OTHER,),
        ),
        (
            [changed(IssueChange.LABELLED, 2, added=(LABEL,)), changed(IssueChange.LABELLED, 1, removed=(LABEL,))],
            (LABEL,),
        ),
    ],
)
def test_labels_set_by_hand_are_believed(facts: list[IssueChanged], labels: tuple[str, ...]) -> None:
    """Of those that say why; what comes late changes nothing; the desk writes none of it again."""
    play = Play().begun()
    play.effects.clear()
    for fact in facts:
        play.happens(fact)
    assert play.case.labels == labels
    assert play.did(LabelIssue) == []


def test_closed_and_reopened_by_hand_nothing_is_done_to_the_issue() -> None:
    """It is as somebody made it."""
    play = Play().begun()
    play.effects.clear()
    play.happens(changed(IssueChange.CLOSED))
    assert play.case.state == ReviewState.CLOSED
    play.now += timedelta(minutes=5)
    play.happens(changed(IssueChange.REOPENED, 6))
    assert play.case.state == ReviewState.OPEN
    assert play.did(CloseIssue) == play.did(ReopenIssue) == []


def test_what_happens_while_the_tracker_is_down_is_written_later() -> None:
    """In its order, each once."""
    play = Play(down=True).begun()
    play.happens(assessed())
    play.down = False
    (waiting,) = [effect for effect in play.effects if effect.type == "find_titled_issue"]
    play._answered(waiting)
    assert len(play.did(OpenIssue)) == 1
    assert len(play.did(CommentOnIssue)) == 1
    assert play.effects[-1].type == "close_issue"


@pytest.mark.parametrize(("tone", "closes"), [(Tone.GOOD, True), (Tone.BAD, False), (Tone.NEUTRAL, False)])
def test_only_good_ones_close_by_themselves(tone: Tone, closes: bool) -> None:  # noqa: FBT001 - a parameter
    """Seven days after something last happened to them."""
    play = Play().begun(tone)
    assert play.timers.get("auto_close") == (MONDAY + timedelta(days=7) if closes else None)
    play.happens(TimerDue("auto_close", MONDAY))
    assert (play.case.state == ReviewState.CLOSED) == closes


@pytest.mark.parametrize(
    ("zone", "after", "days"),
    [
        ("UTC", 0, ["03-05", "03-07", "03-08", "03-09"]),
        ("Asia/Singapore", 0, ["03-06", "03-08", "03-09", "03-10"]),
        ("UTC", 6, ["03-05", "03-07", "03-08", "03-09"]),
        ("UTC", 7, ["03-05", "03-07", "03-08", "03-09", "03-10"]),
        ("UTC", 12, ["03-05", "03-07", "03-08", "03-09", "03-15"]),
    ],
)
def test_the_days_of_the_digest_are_the_managers_own(zone: str, after: int, days: list[str]) -> None:
    """Given late in the evening of Monday, UTC: in Singapore it is Tuesday; the day before it closes is one, too.

    One that became theirs so many days after it was given, when its days were over, is in the next morning's.
    """
    given_at = datetime.fromisoformat("2026-03-02T22:00+00:00")
    offsets = {"rated_at": 0, "theirs_since": after, "closes_at": 7}
    times = {name: (given_at + timedelta(days=offset)).isoformat() for name, offset in offsets.items()}
    found = digest_days(times, zone, POLICY)
    assert [f"{day:%m-%d}" for day in found] == days


def test_the_last_days_of_a_turn() -> None:
    """Nine o'clock where the manager is, on the days before it ends."""
    ends = datetime.fromisoformat("2026-03-09T00:00+00:00")
    found = days_before(ends, 2, POLICY.review.digest.at, "Europe/Lisbon")
    assert [f"{at:%m-%d %H:%M}" for at in found] == ["03-07 09:00", "03-08 09:00"]


@pytest.mark.parametrize(
    ("now", "at"),
    [
        ("2026-03-02T09:00", "2026-03-06T15:00"),
        ("2026-03-06T14:59", "2026-03-06T15:00"),
        ("2026-03-06T15:00", "2026-03-13T15:00"),
    ],
)
def test_the_week_is_posted_on_fridays(now: str, at: str) -> None:
    """The next one is always ahead."""
    found = next_post(datetime.fromisoformat(f"{now}+00:00"), POLICY)
    assert found == datetime.fromisoformat(f"{at}+00:00")


def test_who_took_it_over_keeps_it() -> None:
    """The schedule's answer comes late: it changes nothing."""
    play = Play().begun()
    play.happens(TakenOver("U0MARCO", "UTC"))
    play.happens(EffectSucceeded(AskWhoIsOnDuty(purpose="owner"), ON_DUTY))
    assert play.case.owner == "U0MARCO"
