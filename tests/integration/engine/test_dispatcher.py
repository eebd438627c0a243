"""The dispatcher: what has to leave leaves lane by lane, is tried again, and is given up in the end."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.tables import EffectState
from tests.databases import let_leases_run_out
from tests.integration.engine.desk import DELIVERY, MORNING, ErrandDesk, Outside
from tests.integration.engine.errands import Do, Errand
from tests.threads import PATIENCE_SECONDS, together
from tests.tickets import ticket
from workflows.contract.effect_base import Urgency
from workflows.contract.effects import Effect
from workflows.contract.errors import (
    EffectError,
    Misconfigured,
    NotConnected,
    NotFound,
    Refused,
    RetryLater,
    Unreachable,
)
from workflows.contract.events import EffectSucceeded, Failure
from workflows.contract.message_effects import Say, ShowCard, channel
from workflows.contract.process import Case, Decision
from workflows.contract.ticket_effects import AddTag, ReadTicket
from workflows.engine.claims import EffectAttempt
from workflows.policy.model import Policy

Another = Callable[[], ErrandDesk]

SECOND = timedelta(seconds=1)
HOURS = 3600.0
TAG = AddTag(ticket=ticket(1), tag="x")
READ = ReadTicket(ticket=ticket(1))
WRITES, READS = TAG.lane, READ.lane
BUSY = RetryLater("Zendesk is busy.")


def say(place: str, text: str = "hello", urgency: Urgency = Urgency.NORMAL) -> Say:
    """A message into a channel."""
    return Say(what="note", to=channel(place), details={"text": text}, urgency=urgency)


def outcomes(desk: ErrandDesk, error: BaseException, times: int, effect: Effect = TAG) -> tuple[str, ...]:
    """What a rule hears of an effect that fails so many times, within the five hours after it was decided."""
    desk.opens(Do(effects=(effect,)))
    desk.outside.fails(effect.lane, *[error] * times)
    desk.waits_and_executes(5 * HOURS)
    return desk.history()[1:]


def test_what_was_decided_is_executed_once_and_the_rule_is_told(desk: ErrandDesk) -> None:
    """One try, one answer, and nothing left."""
    desk.opens(Do(effects=(TAG,)))
    assert desk.executes() == 1
    assert desk.executes() == 0
    assert desk.outside.lanes == [WRITES]
    assert desk.history() == ("did", "executed add_tag")


def test_where_a_card_stands_is_remembered(desk: ErrandDesk) -> None:
    """The engine itself keeps the place of a posted card: no rule has to."""
    desk.opens(Do(effects=(ShowCard(slot="card", to=channel("#a")),)))
    desk.executes()
    card = desk.engine.cases.read("ER-1").messages["card"]
    assert (card.place, card.channel, card.ts) == ("#a", "C1", "1.0")


@pytest.mark.parametrize(("meanwhile", "tries"), [(True, 2), (False, 1)])
def test_a_first_post_that_overlaps_a_change_is_shown_again(
    desk: ErrandDesk,
    meanwhile: bool,  # noqa: FBT001 - a column of the table
    tries: int,
) -> None:
    """No rule can refresh a message the case does not know of yet: the engine does, when the case has changed."""
    card = ShowCard(slot="card", to=channel("#a"))
    seen: list[int] = []

    def slowly(case: Case, attempt: EffectAttempt) -> EffectSucceeded:
        assert isinstance(case, Errand)
        seen.append(len(case.history))
        if meanwhile and len(seen) == 1:
            desk.does(case.id, word="clicked while it was being posted")
        return desk.outside(case, attempt)

    desk.dispatcher.execute = slowly
    desk.opens(Do(effects=(card,)))
    desk.waits_and_executes(60)
    assert len(seen) == tries
    assert seen[-1] == 1 + meanwhile + (tries - 1)


def test_what_fails_is_tried_again_with_growing_waits(desk: ErrandDesk) -> None:
    """Two seconds, four, eight ... up to ten minutes, each up to a fifth longer or shorter."""
    outcomes(desk, BUSY, times=14)
    waits = [b - a for a, b in zip(desk.outside.times, desk.outside.times[1:], strict=False)]
    assert len(waits) == 14
    longest = DELIVERY.retry_longest.length
    for attempt, wait in enumerate(waits):
        expected = min(2 * SECOND * 2**attempt, longest)
        assert expected * 0.8 <= wait <= expected * 1.2
    assert len({wait / min(2 * SECOND * 2**n, longest) for n, wait in enumerate(waits)}) > 10, "no jitter"


def test_a_try_that_may_have_gone_out_is_marked(desk: ErrandDesk) -> None:
    """From the second try on it has to be looked for first, under the same mark."""
    outcomes(desk, BUSY, times=2)
    jobs = [attempt for _, attempt in desk.outside.asked]
    assert [attempt.again for attempt in jobs] == [False, True, True]
    assert len({attempt.mark for attempt in jobs}) == 1


def test_a_delay_is_told_once(desk: ErrandDesk) -> None:
    """Somebody hears of the first failure, and then of the end; not of each try."""
    assert outcomes(desk, BUSY, times=5) == ("delayed add_tag: Zendesk is busy.", "executed add_tag")


def test_a_delay_is_told_also_when_the_first_try_was_cut_off(desk: ErrandDesk) -> None:
    """The desk was killed in its first try; the second one fails, and that is the first anybody hears of."""
    desk.opens(Do(effects=(TAG,)))
    desk.outside.fails(WRITES, Killed(), BUSY, BUSY)
    with pytest.raises(Killed):
        desk.executes()
    let_leases_run_out(desk.database)
    desk.waits_and_executes(60)
    assert desk.history()[1:] == ("delayed add_tag: Zendesk is busy.", "executed add_tag")


def test_after_the_policys_limit_it_is_given_up(desk: ErrandDesk) -> None:
    """Four hours after it was decided, and not before, a person has to act."""
    history = outcomes(desk, BUSY, times=999)
    assert history == ("delayed add_tag: Zendesk is busy.", "gave up add_tag, gave_up: Zendesk is busy.")
    last = desk.outside.times[-1] - MORNING
    assert timedelta(hours=3, minutes=45) < last <= timedelta(hours=4)
    assert desk.pending() == []


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (NotFound("No such ticket."), Failure.NOT_FOUND),
        (Unreachable("Archived.", "is_archived"), Failure.UNREACHABLE),
        (NotConnected("Off."), Failure.NOT_CONNECTED),
        (Refused("The ticket is closed."), Failure.REFUSED),
    ],
)
def test_what_will_never_work_is_given_up_at_once(desk: ErrandDesk, error: EffectError, failure: Failure) -> None:
    """One try, and the rule knows why."""
    assert outcomes(desk, error, times=1) == (f"gave up add_tag, {failure}: {error.sentence}",)
    assert len(desk.outside.asked) == 1


@pytest.mark.parametrize(("error", "level"), [(NotFound("No such ticket."), "info"), (BUSY, "error")])
def test_a_mistyped_number_is_no_error_in_the_log(
    desk: ErrandDesk, logs: list[Any], error: EffectError, level: str
) -> None:
    """What a person got wrong is told to a person; what the desk could not do is an error."""
    outcomes(desk, error, times=999)
    assert [line["log_level"] for line in logs if line.get("result") == "given_up"] == [level]


def test_a_faulty_set_up_is_said_to_be_one_and_tried_again(desk: ErrandDesk) -> None:
    """An admin who mends the token within four hours finds that nothing was lost."""
    error = Misconfigured("The token was revoked.")
    history = outcomes(desk, error, times=3)
    assert history == ("delayed add_tag by settings: The token was revoked.", "executed add_tag")


def test_a_set_up_nobody_mends_is_given_up_as_such(desk: ErrandDesk) -> None:
    """The word for it is still `misconfigured` after four hours."""
    history = outcomes(desk, Misconfigured("The token was revoked."), times=999)
    assert history[-1] == "gave up add_tag, misconfigured: The token was revoked."


def test_a_fault_of_our_own_is_tried_again(desk: ErrandDesk) -> None:
    """An error nobody foresaw does not stop the lane, and what it says is not shown to people."""
    history = outcomes(desk, ValueError("secret"), times=2)
    assert history == ("delayed add_tag: Something went wrong inside the desk.", "executed add_tag")


def test_a_case_that_cannot_be_read_does_not_stop_the_others(desk: ErrandDesk) -> None:
    """Its effects are tried again and given up; those of other cases leave meanwhile."""
    desk.opens(Do(effects=(TAG,)))
    desk.opens(Do(effects=(TAG,)))
    with desk.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE case_ SET data = '{}' WHERE id = 'ER-1'")
    desk.executes()
    assert desk.history("ER-2") == ("did", "executed add_tag")
    assert [row.case_id for row in desk.pending()] == ["ER-1"]


def test_an_effect_that_cannot_be_read_does_not_stop_its_lane(desk: ErrandDesk) -> None:
    """Written by another version of the desk: it is given up, its case says so, and the next one leaves."""
    desk.opens(Do(effects=(TAG, AddTag(ticket=ticket(2), tag="y"))))
    with desk.database.transaction() as connection:
        connection.exec_driver_sql("""UPDATE effect SET payload = '{"type": "sing"}' WHERE id = 1""")
    desk.executes()
    assert desk.outside.lanes == [WRITES]
    assert desk.pending() == []
    assert desk.timeline()[1:] == ["gave up an effect that this version cannot read", "executed add_tag"]


def test_a_rule_that_breaks_over_an_answer_loses_nothing_that_was_sent(desk: ErrandDesk) -> None:
    """The message stands in Slack: it is not sent again, and its place is known for the next refresh."""
    desk.opens(Do(effects=(ShowCard(slot="card", to=channel("#a")),)))
    broken = ErrandDesk(desk.database, desk.clock, desk.outside, _breaks)
    broken.executes()
    assert desk.pending() == []
    assert desk.engine.cases.read("ER-1").messages["card"].ts == "1.0"
    assert desk.timeline()[-1] == "A rule failed over: EffectSucceeded."
    assert desk.history() == ("did",)


def _breaks(_case: Errand, _event: object, _policy: Policy, _now: datetime) -> Decision[Errand]:
    raise ZeroDivisionError


# ---------------------------------------------------------------------------------------------- lanes


def test_the_wait_of_a_429_holds_its_lane_and_no_other(desk: ErrandDesk) -> None:
    """Zendesk asks for half a minute: its writes wait, reads and Slack do not."""
    desk.opens(Do(effects=(TAG, AddTag(ticket=ticket(2), tag="y"), READ, say("#a"))))
    desk.outside.fails(WRITES, RetryLater("Too many.", wait=timedelta(seconds=30)))
    desk.executes()
    assert desk.outside.lanes == [WRITES, READS, "slack:#a"]
    desk.clock.advance(seconds=29)
    assert desk.executes() == 0
    desk.clock.advance(seconds=1)
    assert desk.executes() == 2


def test_without_a_wait_the_rest_of_the_lane_goes_on(desk: ErrandDesk) -> None:
    """One ticket that cannot be tagged now does not hold up the next."""
    desk.opens(Do(effects=(TAG, AddTag(ticket=ticket(2), tag="y"))))
    desk.outside.fails(WRITES, BUSY)
    assert desk.executes() == 2
    assert [row.payload["ticket"]["number"] for row in desk.pending()] == [1]


def test_a_wait_longer_than_the_limit_is_the_end(desk: ErrandDesk) -> None:
    """What cannot be tried again in time is told now, not in five hours."""
    history = outcomes(desk, RetryLater("Come back tomorrow.", wait=timedelta(days=1)), times=1)
    assert history == ("gave up add_tag, gave_up: Come back tomorrow.",)


def test_messages_into_one_channel_are_paced(desk: ErrandDesk) -> None:
    """One a second into a channel; another channel does not wait for it, and vendors are not paced."""
    for place in ("#a", "#a", "#a", "#b"):
        desk.opens(Do(effects=(say(place),)))
    desk.opens(Do(effects=(TAG, AddTag(ticket=ticket(2), tag="y"))))
    desk.waits_and_executes(10)
    at = [(moment - MORNING) // SECOND for moment, attempt in desk.outside.asked if attempt.lane == "slack:#a"]
    assert at == [0, 1, 2]
    others = [moment for moment, attempt in desk.outside.asked if attempt.lane != "slack:#a"]
    assert others == [MORNING] * 3


def test_an_escalation_overtakes_what_waits_in_its_lane(desk: ErrandDesk) -> None:
    """Escalations before chores."""
    desk.opens(Do(effects=(say("#a", "chore", Urgency.CHORE), say("#a", "help", Urgency.ESCALATION))))
    desk.waits_and_executes(10)
    assert [attempt.effect.details["text"] for _, attempt in desk.outside.asked if isinstance(attempt.effect, Say)] == [
        "help",
        "chore",
    ]


def test_a_slow_lane_holds_up_no_other(desk: ErrandDesk, another: Another) -> None:
    """While one worker waits for Zendesk, another executes what is for Slack; and nobody else enters the slow lane."""
    desk.opens(Do(effects=(TAG, AddTag(ticket=ticket(2), tag="y"), say("#a"))))
    slow = Slow(desk.clock)
    stuck = another()
    stuck.dispatcher.execute = slow
    worker = threading.Thread(target=stuck.dispatcher.execute_one)
    worker.start()
    assert slow.entered.wait(PATIENCE_SECONDS)
    assert desk.executes() == 1
    assert desk.outside.lanes == ["slack:#a"]
    slow.go_on.set()
    worker.join(PATIENCE_SECONDS)
    assert slow.lanes == [WRITES]
    assert desk.executes() == 1


class Slow(Outside):
    """An outside that does not answer until it is let."""

    def __init__(self, clock: object) -> None:
        super().__init__(clock)  # type: ignore[arg-type]  # whatever the desk has
        self.entered, self.go_on = threading.Event(), threading.Event()

    def __call__(self, case: Case, attempt: EffectAttempt) -> EffectSucceeded:
        """Execute it when it is let."""
        self.entered.set()
        assert self.go_on.wait(PATIENCE_SECONDS)
        return super().__call__(case, attempt)


# --------------------------------------------------------------------------------------------- leases


class Killed(BaseException):
    """The process was killed here."""


def test_what_was_cut_off_comes_back_when_the_lease_ran_out(desk: ErrandDesk, another: Another) -> None:
    """Killed while sending: for a minute of real time nobody touches it, then another process looks for it."""
    desk.opens(Do(effects=(TAG,)))
    desk.outside.fails(WRITES, Killed())
    with pytest.raises(Killed):
        desk.executes()
    other = another()
    desk.clock.advance(days=1)
    assert other.executes() == 0
    let_leases_run_out(desk.database)
    assert other.executes() == 1
    assert [attempt.again for _, attempt in desk.outside.asked] == [False, True]
    assert desk.history() == ("did", "executed add_tag")


def test_who_lost_the_lease_has_no_say(desk: ErrandDesk, another: Another) -> None:
    """A worker that slept longer than its lease answers late: what the other one found out stands, once."""
    desk.opens(Do(effects=(TAG,)))
    slow, sleeper = Slow(desk.clock), another()
    sleeper.dispatcher.execute = slow
    worker = threading.Thread(target=sleeper.dispatcher.execute_one)
    worker.start()
    assert slow.entered.wait(PATIENCE_SECONDS)
    let_leases_run_out(desk.database)
    assert desk.executes() == 1
    slow.go_on.set()
    worker.join(PATIENCE_SECONDS)
    assert desk.history() == ("did", "executed add_tag")
    assert desk.pending() == []
    desk.does("ER-1", AddTag(ticket=ticket(2), tag="y"))
    assert desk.executes() == 1


def test_two_dispatchers_never_execute_one_effect_twice(desk: ErrandDesk, another: Another) -> None:
    """Two processes empty an outbox of thirty effects in ten lanes at the same time."""
    for _ in range(3):
        desk.opens(Do(effects=tuple(say(f"#{n}") for n in range(10))))
    outsides = [Outside(desk.clock), Outside(desk.clock)]
    desks = [another(), another()]
    for other, outside in zip(desks, outsides, strict=True):
        other.dispatcher.execute = outside

    def work(other: ErrandDesk) -> None:
        for _ in range(3):
            other.executes()

    for _ in range(3):
        together(*(lambda other=other: work(other) for other in desks))
        desk.clock.advance(seconds=2)
    marks = [attempt.mark for outside in outsides for _, attempt in outside.asked]
    assert len(marks) == len(set(marks)) == 30
    assert desk.pending() == []
    assert [len(desk.history(f"ER-{n}")) for n in (1, 2, 3)] == [11] * 3


# ----------------------------------------------------------------------------------- nothing said twice


def test_refreshes_that_wait_are_one(desk: ErrandDesk) -> None:
    """Ten changes of a case while its channel rests: one message."""
    card = ShowCard(slot="card", to=channel("#a"))
    desk.opens(Do(effects=(card,)))
    for _ in range(9):
        desk.does("ER-1", card)
    assert desk.waits_and_executes(60) == 1


def test_what_is_said_once_is_said_once(desk: ErrandDesk) -> None:
    """Over all cases, also after it was said."""
    notice = say("#admins").model_copy(update={"once": "token revoked"})
    for _ in range(2):
        desk.opens(Do(effects=(notice,)))
        desk.waits_and_executes(60)
    assert len(desk.outside.asked) == 1


@pytest.mark.parametrize("before", [True, False])
def test_a_refresh_does_not_overtake_a_card_that_may_stand_already(desk: ErrandDesk, *, before: bool) -> None:
    """The answer to the first post was lost. A refresh decided before or after that must not post a second card."""
    card = ShowCard(slot="card", to=channel("#a"))

    def loses(case: Case, attempt: EffectAttempt) -> EffectSucceeded:
        if before:
            desk.does("ER-1", card)
        desk.outside(case, attempt)
        raise BUSY

    desk.opens(Do(effects=(card,)))
    desk.dispatcher.execute = loses
    desk.dispatcher.execute_one()
    desk.dispatcher.execute = desk.outside
    if not before:
        desk.does("ER-1", card)
    desk.waits_and_executes(60)
    assert [attempt.again for _, attempt in desk.outside.asked] == [False, True]
    assert len({attempt.mark for _, attempt in desk.outside.asked}) == 1
    assert desk.pending() == []
    desk.does("ER-1", card)
    desk.waits_and_executes(60)
    assert len(desk.outside.asked) == 3


def test_the_desk_does_not_ask_for_what_is_being_executed(desk: ErrandDesk) -> None:
    """While an effect is on its way its lane is not said to be due: nobody would be free to execute it."""
    desk.opens(Do(effects=(TAG, AddTag(ticket=ticket(2), tag="y"))))
    due: list[object] = []

    def looks(case: Case, attempt: EffectAttempt) -> EffectSucceeded:
        due.append(desk.engine.next_due())
        return desk.outside(case, attempt)

    desk.dispatcher.execute = looks
    desk.dispatcher.execute_one()
    assert due == [None]
    assert desk.engine.next_due() == MORNING


def test_what_became_of_each_effect_is_kept(desk: ErrandDesk) -> None:
    """Done and failed effects stay, with the time and the reason."""
    desk.opens(Do(effects=(TAG, READ)))
    desk.outside.fails(READS, NotFound("No such ticket."))
    desk.executes()
    with desk.database.read_only() as connection:
        rows = connection.exec_driver_sql("SELECT state, error, finished_at FROM effect ORDER BY id").all()
    assert [(row.state, row.error) for row in rows] == [
        (EffectState.DONE, None),
        (EffectState.FAILED, "No such ticket."),
    ]
    assert all(row.finished_at for row in rows)
