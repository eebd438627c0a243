"""Timers go off: in time or late, once, and whatever the other rules do."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as database_event
from sqlalchemy.exc import OperationalError

from storage.database import Database
from tests.integration.engine.desk import MORNING, ErrandDesk
from tests.integration.engine.errands import Do, Errand, decide
from tests.threads import PATIENCE_SECONDS, together
from workflows.contract.message_effects import Say, channel
from workflows.contract.process import CancelTimer, Decision, SetTimer
from workflows.policy.model import Policy

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

Another = Callable[[], ErrandDesk]


def with_timers(desk: ErrandDesk, *names: str, due_at: Any = MORNING + HOUR) -> None:
    """Open an errand with these timers."""
    desk.opens(Do(timers=tuple(SetTimer(name, due_at) for name in names)))


def test_a_timer_goes_off_in_time_and_once(desk: ErrandDesk) -> None:
    """A second before nothing happens; afterwards never again."""
    with_timers(desk, "ask")
    desk.clock.advance(minutes=59, seconds=59)
    assert desk.fires() == 0
    desk.clock.advance(seconds=1)
    assert desk.fires() == 1
    desk.clock.advance(days=9)
    assert desk.fires() == 0
    assert desk.history() == ("did", "ask went off")


def test_a_timer_that_is_a_minute_late_says_nothing_of_it(desk: ErrandDesk) -> None:
    """Within a minute is in time."""
    with_timers(desk, "ask")
    desk.clock.advance(minutes=61)
    desk.fires()
    assert desk.history()[-1] == "ask went off"


def test_a_late_timer_says_how_late(desk: ErrandDesk) -> None:
    """The desk was down over the night: the timer goes off once, and knows that it is late."""
    with_timers(desk, "ask")
    desk.clock.advance(hours=9)
    assert desk.fires() == 1
    assert desk.history()[-1] == "ask went off 480 min late"


def test_timers_go_off_in_the_order_in_which_they_are_due(desk: ErrandDesk) -> None:
    """After a long stop the oldest goes off first."""
    desk.opens(Do(timers=tuple(SetTimer(f"t{n}", MORNING + n * MINUTE) for n in (3, 1, 2))))
    desk.clock.advance(minutes=3, seconds=30)
    desk.fires()
    assert [word.split()[0] for word in desk.history()[1:]] == ["t1", "t2", "t3"]


def test_a_broken_rule_stops_no_other_timer(desk: ErrandDesk) -> None:
    """The first timer's rule fails; the second and the third go off."""
    with_timers(desk, "broken")
    with_timers(desk, "a")
    with_timers(desk, "b", "broken too")
    desk.clock.advance(hours=1)
    assert desk.fires() == 4
    assert [desk.history(f"ER-{n}")[1:] for n in (1, 2, 3)] == [(), ("a went off",), ("b went off",)]


def test_a_timer_whose_rule_failed_is_tried_again_ever_more_rarely(desk: ErrandDesk) -> None:
    """After a minute, two, four ... and never more than an hour apart."""
    with_timers(desk, "broken", due_at=MORNING)
    waits = []
    for _ in range(9):
        assert desk.fires() == 1
        retry_at = desk.timers()["ER-1 broken"]
        waits.append((retry_at - desk.clock.at) / MINUTE)
        desk.clock.at = retry_at.replace(hour=9)  # the rule is broken until noon
        with desk.database.transaction() as connection:
            connection.exec_driver_sql("UPDATE timer SET retry_at = due_at")
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_timer_goes_off_when_its_rule_is_mended(desk: ErrandDesk) -> None:
    """Nothing was lost meanwhile, and it says how late it is."""
    with_timers(desk, "broken")
    desk.clock.advance(hours=1)
    desk.fires()
    desk.clock.advance(hours=2)
    assert desk.fires() == 1
    assert desk.fires() == 0
    assert desk.history()[-1] == "broken went off 120 min late"


def test_a_rule_that_fails_for_days_goes_on_being_tried(desk: ErrandDesk) -> None:
    """Also after so many failures that doubling the wait would leave the calendar."""
    with_timers(desk, "broken", due_at=MORNING)
    with desk.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE timer SET failures = 300")
    assert desk.fires() == 1
    assert desk.timers() == {"ER-1 broken": MORNING + HOUR}


def test_what_a_timer_decided_is_saved_with_it(desk: ErrandDesk) -> None:
    """A rule that fails half-way leaves the timer set and nothing else behind."""

    def rule(case: Errand, event: object, policy: Policy, now: Any) -> Decision[Errand]:
        decision = decide(case, event, policy, now)
        said = Say(what="note", to=channel("#a"), details={"text": "late"})
        return decision if isinstance(event, Do) else decision.and_(effects=(said,), timers=(SetTimer("ask", now),))

    fails_once = ErrandDesk(desk.database, desk.clock, desk.outside, rule)
    with_timers(fails_once, "ask")
    desk.clock.advance(hours=1)
    with fails_once.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE case_ SET data = '{}'")  # cannot be read any more
    fails_once.fires()
    assert fails_once.pending() == []
    assert fails_once.timers() == {"ER-1 ask": MORNING + HOUR + MINUTE}


def test_a_timer_may_set_itself_again(desk: ErrandDesk) -> None:
    """A reminder every hour is one timer."""

    def rule(case: Errand, event: object, policy: Policy, now: Any) -> Decision[Errand]:
        decision = decide(case, event, policy, now)
        return decision.and_(timers=(SetTimer("every hour", now + HOUR),))

    hourly = ErrandDesk(desk.database, desk.clock, desk.outside, rule)
    hourly.opens()
    for _ in range(3):
        desk.clock.advance(hours=1)
        assert hourly.fires() == 1
    assert hourly.history().count("every hour went off") == 3


def test_two_engines_let_each_timer_go_off_once(desk: ErrandDesk, another: Another) -> None:
    """Two processes find forty due timers at the same moment: each goes off in one of them."""
    for _ in range(10):
        with_timers(desk, *(f"t{n}" for n in range(4)))
    desk.clock.advance(hours=1)
    engines = [another(), another()]
    together(*(engine.fires for engine in engines))
    desk.fires()  # what one passed over because the other held its case
    for number in range(1, 11):
        assert sorted(desk.history(f"ER-{number}")[1:]) == [f"t{n} went off" for n in range(4)]
    assert desk.timers() == {}


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_a_click_and_a_timer_of_one_case_do_not_wait_for_each_other(desk: ErrandDesk, another: Another) -> None:
    """Somebody acknowledges just when the reminder goes off: the click holds the case and wants the timer."""
    with_timers(desk, "remind")
    desk.clock.advance(hours=1)
    looked, firing = threading.Event(), another()
    troubles: list[object] = []

    @database_event.listens_for(firing.database._engine, "handle_error")
    def failed(context: Any) -> None:
        troubles.append(context.original_exception)

    @database_event.listens_for(firing.database._engine, "after_cursor_execute")
    def saw(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM timer" in statement:
            looked.set()

    def rule(case: Errand, event: object, policy: Policy, now: Any) -> Decision[Errand]:
        timer = threading.Thread(target=firing.fires)
        timer.start()
        threads.append(timer)
        assert looked.wait(PATIENCE_SECONDS)
        return decide(case, event, policy, now)

    threads: list[threading.Thread] = []
    database = another().database
    clicking = ErrandDesk(database, desk.clock, desk.outside, rule)
    clicking.does("ER-1", word="acknowledged", timers=(CancelTimer("remind"),))
    threads[0].join(PATIENCE_SECONDS)
    assert troubles == []
    assert desk.history() == ("did", "acknowledged")
    assert desk.timers() == {}


def test_a_database_in_trouble_is_not_a_broken_rule(desk: ErrandDesk, database_url: str) -> None:
    """When the connection is lost while a timer goes off, the timer is not put off: it goes off at the next look."""
    with_timers(desk, "ask")
    desk.clock.advance(hours=1)
    failing = ErrandDesk(Database(database_url), desk.clock, desk.outside, _loses_the_database)
    with pytest.raises(OperationalError):
        failing.fires()
    failing.database.close()
    assert desk.timers() == {"ER-1 ask": MORNING + HOUR}
    assert desk.fires() == 1


def _loses_the_database(_case: Errand, _event: object, _policy: Policy, _now: Any) -> Decision[Errand]:
    raise OperationalError("SELECT 1", None, ConnectionError("gone"))
