"""A review that nobody owns, for nobody was on duty: everybody who could see to it sees it, until somebody has it."""

from datetime import UTC, datetime

from tests.scenarios.conftest import Worlds
from tests.scenarios.review import assignees, issue, modal, presses, queue, rates, review
from tests.world import World

NOBODY_TODAY = {"people": ["dave@example.com", "maria@example.com"], "since": "2026-02-24"}
"""Dave has left; Maria's week begins on Tuesday."""


def ownerless(worlds: Worlds, **managers: object) -> World:
    """A world where nobody is on duty, and a bad review came."""
    w = worlds(policy={"managers": managers}, webhooks=True)
    rates(w, "bad", "Nobody answered")
    return w


def passes(w: World, moment: datetime) -> None:
    """It is then at once: not each of the questions on the way has to be asked."""
    w.clock.at = moment
    w.settle()


def test_every_manager_sees_it_until_one_takes_it(worlds: Worlds) -> None:
    """The issue is opened without an assignee, and assigned to who takes it; the other's queue is empty then."""
    w = ownerless(worlds)
    assert assignees(w) == []
    assert "Nobody was on duty" in queue(w, w.maria).text
    queue(w, w.marco)
    presses(w, w.marco, "Assign to me")
    assert "Nobody was on duty" not in modal(w.marco).text
    assert assignees(w) == ["marco"]
    assert "empty" in queue(w, w.maria).text


def test_it_is_in_the_digest_of_the_fallback_group(worlds: Worlds) -> None:
    """Of each of them, at their own nine o'clock, with what is theirs; when somebody has it, in nobody else's."""
    w = ownerless(worlds)
    rates(w, "bad", "Too slow", ticket=123460)
    queue(w, w.maria)
    presses(w, w.maria, "Assign to me", nth=0)
    passes(w, datetime(2026, 3, 5, 9, 1, tzinfo=UTC))
    (digest,) = w.maria.dm()
    assert "1 review waiting for you" in digest.rendered
    assert "1 review without an owner: nobody was on duty" in digest.rendered
    assert "Nobody answered" not in digest.rendered
    assert w.marco.dm() == []
    passes(w, datetime(2026, 3, 5, 17, 1, tzinfo=UTC))
    assert "Reviews nobody owns" in w.marco.dm()[-1].rendered
    presses(w, w.maria, "Open my reviews", on=digest)
    presses(w, w.maria, "Assign to me")
    passes(w, datetime(2026, 3, 7, 18, 0, tzinfo=UTC))
    assert "without an owner" not in w.maria.dm()[-1].rendered
    assert len(w.marco.dm()) == 1


def test_without_a_fallback_group_it_is_in_the_admins_digest(worlds: Worlds) -> None:
    """They can put somebody on the schedule; the reviews themselves stay the managers'."""
    w = ownerless(worlds, fallback={"group": None, "people": []})
    passes(w, datetime(2026, 3, 5, 9, 1, tzinfo=UTC))
    digest = w.omar.dm()[-1]
    assert "without an owner" in digest.rendered
    assert "put somebody on the on-call schedule" in digest.rendered
    presses(w, w.omar, "Open my reviews", on=digest)
    assert "Only the managers" in w.omar.dm()[-1].rendered


def test_who_is_on_duty_next_gets_it_within_minutes(worlds: Worlds) -> None:
    """With its issue, and is reminded like any other."""
    w = ownerless(worlds, rota=NOBODY_TODAY, fallback={"people": []})
    rates(w, "good", "Kind", ticket=123457)
    assert review(w).owner is None
    passes(w, datetime(2026, 3, 2, 23, 55, tzinfo=UTC))
    assert review(w).owner is None
    w.advance_to(datetime(2026, 3, 3, 0, 11, tzinfo=UTC))
    assert [review(w, name).owner for name in ("RV-1", "RV-2")] == ["U0MARIA", "U0MARIA"]
    assert [assignees(w), assignees(w, 123457)] == [["maria"], ["maria"]]
    w.advance_to(datetime(2026, 3, 5, 9, 1, tzinfo=UTC))
    assert "2 reviews waiting for you" in w.maria.dm()[-1].rendered
    assert w.marco.dm() == []


def test_one_that_waited_too_long_for_an_owner_is_in_the_next_digest(worlds: Worlds) -> None:
    """Its days are over when somebody is on duty at last: the next morning counts; what closed meanwhile stays so."""
    w = ownerless(worlds, fallback={"group": None, "people": []})
    rates(w, "good", "Kind", ticket=123457)
    passes(w, datetime(2026, 3, 11, 9, 30, tzinfo=UTC))
    assert review(w, "RV-2").state == "closed"
    assert review(w).owner is None
    w.restart({"managers": {"rota": {"people": ["maria@example.com"], "since": "2026-03-02"}}})
    w.advance(minutes=11)
    assert (review(w).owner, review(w, "RV-2").owner) == ("U0MARIA", None)
    assert w.maria.dm() == []
    w.advance_to(datetime(2026, 3, 12, 9, 1, tzinfo=UTC))
    assert "1 review waiting for you" in w.maria.dm()[0].rendered
    assert issue(w)["state"] == "opened"


def test_what_is_open_of_a_manager_who_has_left_is_for_who_is_on_duty(worlds: Worlds) -> None:
    """Their digest cannot be delivered: what they took over meanwhile is nobody's again, then the next one's."""
    w = worlds(policy={"managers": {"rota": {"people": ["marco@example.com"], "since": "2026-03-02"}}}, webhooks=True)
    rates(w, "bad", "Nobody answered")
    rates(w, "bad", "Too slow", ticket=123460)
    assert assignees(w) == ["marco"]
    w.restart({"managers": {"rota": {"people": ["maria@example.com"], "since": "2026-03-02"}}})
    w.sandbox.app.workspace.person("marco").deleted = True
    passes(w, datetime(2026, 3, 5, 17, 1, tzinfo=UTC))
    assert [review(w, name).owner for name in ("RV-1", "RV-2")] == ["U0MARIA", "U0MARIA"]
    assert [assignees(w), assignees(w, 123460)] == [["maria"], ["maria"]]
    w.advance_to(datetime(2026, 3, 7, 9, 1, tzinfo=UTC))
    assert any("2 reviews waiting for you" in one.rendered for one in w.maria.dm())
