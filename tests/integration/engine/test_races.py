"""What two processes on one PostgreSQL can do to each other, moment by moment.

On SQLite there is one writer at a time, and these moments do not exist.
"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event as database_event

from storage.database import Database
from tests.integration.engine.desk import POLICY, ErrandDesk
from tests.integration.engine.errands import Do, Errand, decide
from tests.threads import PATIENCE_SECONDS
from workflows.contract.events import EffectSucceeded
from workflows.contract.message_effects import Say, ShowCard, channel
from workflows.contract.process import Case, Decision
from workflows.engine.claims import EffectAttempt
from workflows.policy.model import Policy

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("database_url", ["postgres"], indirect=True)]

Another = Callable[[], ErrandDesk]
CARD = ShowCard(slot="card", to=channel("#a"))


def at_moment(database: Database, moment: str, part: str, act: Callable[[], object]) -> None:
    """Do something the first time that this database is about to run, or has run, a statement with this part."""
    done = threading.Event()

    @database_event.listens_for(database._engine, f"{moment}_cursor_execute")
    def seen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if part in statement and not done.is_set():
            done.set()
            act()


def before_commit_once(database: Database, act: Callable[[], object]) -> None:
    """Do something just before this database commits for the first time."""
    done = threading.Event()

    @database_event.listens_for(database._engine, "commit")
    def seen(_connection: Any) -> None:
        if not done.is_set():
            done.set()
            act()


def test_a_lane_emptied_meanwhile_is_not_kept(desk: ErrandDesk, another: Another) -> None:
    """Between looking and taking, another process executed what there was: the lane is free for what comes next."""
    slow = another()
    desk.opens(Do(effects=(ShowCard(slot="card", to=channel("#b")),)))
    at_moment(slow.database, "before", "UPDATE lane", desk.executes)
    assert slow.executes() == 0
    desk.clock.advance(seconds=1)
    desk.does("ER-1", ShowCard(slot="card", to=channel("#b")))
    assert desk.executes() == 1


def test_a_lane_that_was_told_to_rest_meanwhile_rests(desk: ErrandDesk, another: Another) -> None:
    """Between looking and taking, another process wrote into the channel: the pace is kept."""
    slow = another()
    for text in ("one", "two"):
        desk.opens(Do(effects=(Say(what="note", to=channel("#a"), details={"text": text}),)))
    at_moment(slow.database, "before", "UPDATE lane", desk.executes)
    assert slow.executes() == 0
    desk.clock.advance(seconds=1)
    assert slow.executes() == 1


def test_a_change_saved_while_its_refresh_leaves_is_shown(desk: ErrandDesk, another: Another) -> None:
    """A click counts on a refresh that waits; before it is saved, the refresh leaves. It shows the click all the same.

    Else the card would stay as it was before the click, for ever.
    """
    desk.opens(Do(effects=(CARD,)))
    shown: list[tuple[str, ...]] = []

    def shows(case: Case, attempt: EffectAttempt) -> EffectSucceeded:
        assert isinstance(case, Errand)
        shown.append(case.history)
        rendered.set()
        return desk.outside(case, attempt)

    desk.dispatcher.execute = shows
    rendered, worker = threading.Event(), threading.Thread(target=desk.executes)

    def let_it_leave() -> None:
        worker.start()
        rendered.wait(0.3)  # it should wait for us, and not we for it

    clicking = another()
    before_commit_once(clicking.database, let_it_leave)
    clicking.does("ER-1", CARD, word="clicked")
    worker.join(PATIENCE_SECONDS)
    desk.clock.advance(minutes=1)
    desk.executes()
    assert shown[-1][:2] == ("did", "clicked")


def test_a_click_and_the_answer_of_an_effect_do_not_wait_for_each_other(desk: ErrandDesk, another: Another) -> None:
    """A click holds the case and writes into a lane; the answer holds the lane and wants the case."""
    desk.opens(Do(effects=(CARD,)))
    answered, saving = threading.Event(), threading.Event()
    troubles: list[object] = []
    answering = another()

    @database_event.listens_for(answering.database._engine, "handle_error")
    def failed(context: Any) -> None:
        troubles.append(context.original_exception)

    def execute(case: Case, attempt: EffectAttempt) -> EffectSucceeded:
        worker_is_there.set()
        assert saving.wait(PATIENCE_SECONDS)
        at_moment(answering.database, "after", "FROM lane", answered.set)
        return desk.outside(case, attempt)

    def rule(case: Errand, event: object, policy: Policy, now: Any) -> Decision[Errand]:
        saving.set()
        assert answered.wait(PATIENCE_SECONDS)  # the lane is theirs, the case is ours
        return decide(case, event, policy, now)

    worker_is_there = threading.Event()
    answering.dispatcher.execute = execute
    worker = threading.Thread(target=answering.executes)
    worker.start()
    assert worker_is_there.wait(PATIENCE_SECONDS)
    clicking = ErrandDesk(another().database, desk.clock, desk.outside, rule, POLICY)
    clicking.does("ER-1", Say(what="note", to=channel("#a"), details={"text": "thanks"}), word="clicked")
    worker.join(PATIENCE_SECONDS)
    assert troubles == []
    assert desk.history() == ("did", "clicked", "executed show_card")


def test_who_loses_two_races_looks_again_twice(desk: ErrandDesk, another: Another) -> None:
    """Another was faster with the first number of all, and then with what may be open only once."""
    slow = another()
    at_moment(slow.database, "before", "INSERT INTO counter", desk.opens)
    at_moment(slow.database, "before", "INSERT INTO case_", lambda: desk.does("ER-1", only_one="ticket 1"))
    outcome = slow.opens(Do(only_one="ticket 1"))
    assert outcome.duplicate == desk.engine.cases.read("ER-1")
    assert outcome.case is None
