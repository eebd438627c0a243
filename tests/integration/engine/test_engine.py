"""The engine: an event comes in, a rule decides, and all of it is saved or nothing is."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from storage import cases
from storage.database import Database
from tests.integration.engine.desk import MORNING, ErrandDesk
from tests.integration.engine.errands import Break, Do, Errand
from tests.threads import together
from tests.tickets import ticket
from workflows.contract.message_effects import ShowCard, channel
from workflows.contract.process import CancelTimer, SetTimer
from workflows.contract.ticket_effects import AddTag

CARD = ShowCard(slot="card", to=channel("#a"))
LATER = MORNING + timedelta(hours=1)

Another = Callable[[], ErrandDesk]


def test_everything_a_rule_decided_is_saved_together(desk: ErrandDesk) -> None:
    """The case, its timeline, its timers and what has to leave are there when `open` has returned."""
    outcome = desk.opens(Do("bought milk", effects=(CARD,), timers=(SetTimer("ask", LATER),)))
    assert outcome.case == Errand(id="ER-1", state="open", opened_at=MORNING, history=("bought milk",))
    assert desk.engine.cases.read("ER-1") == outcome.case
    assert desk.timeline() == ["bought milk"]
    assert desk.timers() == {"ER-1 ask": LATER}
    assert [row.payload["slot"] for row in desk.pending()] == ["card"]


def test_cases_are_numbered_from_one(desk: ErrandDesk) -> None:
    """Numbers are short, so that people can say them."""
    assert [desk.opens().case.id for _ in range(3)] == ["ER-1", "ER-2", "ER-3"]


def test_a_refusal_saves_nothing(desk: ErrandDesk) -> None:
    """The sentence goes back; no case, no number, no key of the event is left behind."""
    refused = desk.opens(Do(refusal="Not today.", effects=(CARD,)), key="k")
    assert (refused.case, refused.refusal) == (None, "Not today.")
    assert desk.engine.cases.read("ER-1") is None
    assert desk.pending() == []
    again = desk.opens(Do(), key="k")
    assert (again.case.id, again.repeated) == ("ER-1", False)


def test_a_refused_event_leaves_the_case_as_it_was(desk: ErrandDesk) -> None:
    """Neither a word, nor an effect, nor a timer of it is kept."""
    before = desk.opens().case
    assert desk.does("ER-1", CARD, timers=(SetTimer("ask", LATER),), refusal="No.").refusal == "No."
    assert desk.engine.cases.read("ER-1") == before
    assert (desk.pending(), desk.timers(), desk.timeline()) == ([], {}, ["did"])


def test_a_rule_that_fails_saves_nothing(desk: ErrandDesk) -> None:
    """The error reaches who asked, and the same event may come again when the rule is mended."""
    desk.opens()
    with pytest.raises(ZeroDivisionError):
        desk.happens("ER-1", Break(), key="k")
    assert desk.history() == ("did",)
    assert not desk.does("ER-1", word="mended", key="k").repeated


def test_there_is_no_event_for_a_case_that_does_not_exist(desk: ErrandDesk) -> None:
    """A number nobody gave is an error of the caller."""
    with pytest.raises(LookupError, match="ER-9"):
        desk.does("ER-9")


def test_an_event_that_comes_twice_is_taken_once(desk: ErrandDesk) -> None:
    """Slack delivers again when an answer was lost: the second time says `repeated`, with the case as it is now."""
    first = desk.opens(Do("came"), key="k")
    desk.does("ER-1", word="went on")
    second = desk.opens(Do("came"), key="k")
    assert (first.repeated, second.repeated) == (False, True)
    assert second.case.id == "ER-1"
    assert second.case.history == ("came", "went on")
    assert desk.engine.cases.read("ER-2") is None


@pytest.mark.parametrize(("days", "known"), [(6, True), (8, False)])
def test_the_keys_of_events_are_kept_for_a_week(desk: ErrandDesk, days: int, known: bool) -> None:  # noqa: FBT001 - a column of the table
    """Longer than Slack goes on delivering; then they go, so that the table does not grow for ever."""
    desk.opens(key="k")
    desk.engine.forget(desk.clock.at + timedelta(days=days))
    assert desk.opens(key="k").repeated is known


def test_an_event_that_comes_eight_times_at_once_makes_one_case(desk: ErrandDesk, another: Another) -> None:
    """The key decides, not a look first: one delivery opens the case, the others get it."""
    desks = [another() for _ in range(8)]
    outcomes = together(*(lambda desk=desk: desk.opens(Do("came", (CARD,)), key="k") for desk in desks))
    assert {outcome.case.id for outcome in outcomes} == {"ER-1"}
    assert sorted(outcome.repeated for outcome in outcomes) == [False] + [True] * 7
    assert desk.timeline() == ["came"]
    assert len(desk.pending()) == 1


def test_a_click_that_comes_eight_times_at_once_counts_once(desk: ErrandDesk, another: Another) -> None:
    """The same event for one case, delivered to several processes."""
    desk.opens()
    desks = [another() for _ in range(8)]
    outcomes = together(*(lambda desk=desk: desk.does("ER-1", word="clicked", key="k") for desk in desks))
    assert sorted(outcome.repeated for outcome in outcomes) == [False] + [True] * 7
    assert desk.history() == ("did", "clicked")


def test_cases_opened_at_once_have_different_numbers(another: Another) -> None:
    """Also the very first ones, when there is no counter yet."""
    desks = [another() for _ in range(6)]
    outcomes = together(*(desk.opens for desk in desks))
    assert sorted(outcome.case.id for outcome in outcomes) == [f"ER-{number}" for number in range(1, 7)]


def test_what_several_people_do_at_once_all_counts(desk: ErrandDesk, another: Another) -> None:
    """Who comes second sees what the first one did; nobody's change is lost."""
    desk.opens(Do("opened"))
    desks = [another() for _ in range(6)]
    together(*(lambda desk=desk, n=n: desk.does("ER-1", word=f"{n}") for n, desk in enumerate(desks)))
    assert desk.history()[0] == "opened"
    assert sorted(desk.history()[1:]) == [str(n) for n in range(6)]


def test_of_two_duplicates_that_come_at_once_one_is_opened(desk: ErrandDesk, another: Another) -> None:
    """What may be open only once is open once, and the other one is shown it."""
    outcomes = together(*(lambda desk=desk: desk.opens(Do(only_one="ticket 1")) for desk in (another(), another())))
    opened = [outcome.case for outcome in outcomes if outcome.case]
    duplicates = [outcome.duplicate for outcome in outcomes if outcome.duplicate]
    assert opened == duplicates
    assert [desk.engine.cases.read(f"ER-{n}") for n in (1, 2)] == [opened[0], None]
    assert desk.engine.cases.with_open_key("ticket 1") == opened[0]


def test_of_two_drafts_that_become_duplicates_at_once_one_is_sent(desk: ErrandDesk, another: Another) -> None:
    """Two cases reach for the same key at the same moment: one gets it, the other stays as it was."""
    for _ in range(2):
        desk.opens(Do("draft"))
    first, second = another(), another()
    outcomes = together(
        lambda: first.does("ER-1", word="sent", only_one="ticket 1"),
        lambda: second.does("ER-2", word="sent", only_one="ticket 1"),
    )
    sent = [outcome.case.id for outcome in outcomes if outcome.case]
    assert len(sent) == 1
    assert [outcome.duplicate.id for outcome in outcomes if outcome.duplicate] == sent
    assert sorted([desk.history("ER-1"), desk.history("ER-2")]) == [("draft",), ("draft", "sent")]


def test_a_key_is_free_again_when_its_case_lets_go(desk: ErrandDesk) -> None:
    """After a duplicate was refused the key still belongs to the first case only."""
    desk.opens(Do(only_one="ticket 1"))
    assert desk.opens(Do(only_one="ticket 1")).duplicate.id == "ER-1"
    assert desk.opens(Do(only_one="ticket 2")).case.id == "ER-2"


def test_timers_are_moved_and_cancelled_by_name(desk: ErrandDesk) -> None:
    """Setting one again moves it; cancelling without a name means all of this case."""
    desk.opens(Do(timers=(SetTimer("a", LATER), SetTimer("b", LATER))))
    desk.opens(Do(timers=(SetTimer("a", LATER),)))
    desk.does("ER-1", timers=(SetTimer("a", LATER + timedelta(hours=1)), CancelTimer("b")))
    assert desk.timers() == {"ER-1 a": LATER + timedelta(hours=1), "ER-2 a": LATER}
    desk.does("ER-1", timers=(CancelTimer(), SetTimer("c", LATER)))
    assert desk.timers() == {"ER-1 c": LATER, "ER-2 a": LATER}


def test_the_next_due_time_is_that_of_timers_and_effects(desk: ErrandDesk) -> None:
    """Whoever wakes the desk asks this."""
    assert desk.engine.next_due() is None
    desk.opens(Do(timers=(SetTimer("a", LATER),)))
    assert desk.engine.next_due() == LATER
    desk.does("ER-1", AddTag(ticket=ticket(1), tag="x"))
    assert desk.engine.next_due() == MORNING


def test_the_desk_is_woken_after_each_event(desk: ErrandDesk) -> None:
    """What was saved is executed at once, not at the next round."""
    desk.opens()
    assert desk.woken == 1
    desk.does("ER-1")
    assert desk.woken == 2


def test_the_version_counts_the_changes(desk: ErrandDesk, database: Database) -> None:
    """Each event that was saved, and no other, is a version."""
    desk.opens()
    desk.does("ER-1")
    desk.does("ER-1", refusal="No.")
    with database.read_only() as connection:
        row = cases.read_case(connection, "ER-1")
        assert row is not None
        assert row.version == 2
