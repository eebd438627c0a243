"""What `decide` decides: a case, an event -> its state, what leaves, what is set, or a refusal."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.tickets import ticket
from tests.unit.feedback.plays import ALICE, LINK, MARIA, NOW, OMAR, PIA, POLICY, Play, drafted, sent
from workflows.contract.effects import Effect
from workflows.contract.events import Duty, DutySource, EffectDelayed, EffectFailed, EffectSucceeded, Failure, TimerDue
from workflows.contract.message_effects import ShowCard, channel
from workflows.contract.process import CancelTimer, SetTimer
from workflows.contract.slack_port import Posted
from workflows.contract.ticket_effects import AddTag
from workflows.feedback import model, outputs
from workflows.feedback.model import Confirmed, FeedbackState, IssueWish, Retry, RetryAsked
from workflows.feedback.rules import wanted
from workflows.policy.feedback import Kind

BUG_TO_NEW = Confirmed(ALICE, IssueWish.NEW)


def closed() -> Play:
    """A case whose loop is closed."""
    return sent().after(model.Acknowledged(PIA), model.CustomerTold(ALICE))


def untagged() -> Play:
    """A case whose ticket could not be tagged."""
    play = Play().after(drafted())
    play.happens(Confirmed(ALICE))
    tag = next(effect for effect in play.waiting if effect.type == "add_tag")
    play.waiting.remove(tag)
    play.happens(EffectFailed(tag, Failure.NOT_FOUND, "There is none."))
    return play.executes()


def missing() -> Play:
    """A draft whose ticket does not exist."""
    play = Play()
    play.happens(drafted())
    play.happens(EffectFailed(play.waiting.pop(0), Failure.NOT_FOUND, "There is none."))
    return play


def called(*, threat: bool) -> Play:
    """A manager was called."""
    return sent(Kind.VENTING).after(model.ManagerCalled(ALICE, threat=threat))


def short(effects: tuple[Effect, ...]) -> list[str]:
    """Effects in few words: what is shown where, what is asked of whom."""
    return sorted(_word(effect) for effect in effects)


def _word(effect: Effect) -> str:
    match effect:
        case ShowCard(slot=slot, to=to):
            return f"{slot}>{to.name}"
    what = getattr(effect, "what", "")
    return f"{what}>{effect.to.name}" if what and hasattr(effect, "to") else effect.type


CARD, OWN = "card>#product", "confirmation>@U0ALICE"

DECISIONS: list[tuple[str, Callable[[], Play], object, str, list[str]]] = [
    ("the form", Play, drafted(), FeedbackState.DRAFT, ["read_ticket"]),
    ("a feature", Play, drafted(feature="trains"), FeedbackState.DRAFT, ["find_issues", "read_ticket"]),
    ("a bug's feature", Play, drafted(Kind.BUG, feature="trains"), FeedbackState.DRAFT, ["find_issues", "read_ticket"]),
    ("a refund's feature", Play, drafted(Kind.REFUND, feature="trains"), FeedbackState.DRAFT, ["read_ticket"]),
    ("send", lambda: Play().after(drafted()), Confirmed(ALICE), FeedbackState.OPEN, ["add_tag", CARD, OWN]),
    (
        "send with an issue",
        lambda: Play().after(drafted(feature="trains")),
        Confirmed(ALICE, IssueWish.EXISTING, LINK),
        FeedbackState.OPEN,
        ["add_tag", CARD, "comment_on_issue", OWN],
    ),
    (
        "send a bug",
        lambda: Play().after(drafted(Kind.BUG)),
        BUG_TO_NEW,
        FeedbackState.OPEN,
        ["add_tag", OWN, "open_issue"],
    ),
    (
        "send a refund",
        lambda: Play().after(drafted(Kind.REFUND)),
        Confirmed(ALICE),
        FeedbackState.OPEN,
        ["add_tag", OWN],
    ),
    ("acknowledge", sent, model.Acknowledged(PIA), FeedbackState.OPEN, ["acknowledged_notice>@U0ALICE", CARD, OWN]),
    ("told", sent, model.CustomerTold(ALICE), FeedbackState.OPEN, [CARD, OWN]),
    ("told, seen", lambda: sent().after(model.Acknowledged(PIA)), model.CustomerTold(ALICE), "closed", [CARD, OWN]),
    ("told of a refund", lambda: sent(Kind.REFUND), model.CustomerTold(ALICE), FeedbackState.CLOSED, [OWN]),
    (
        "not ours",
        sent,
        model.Moved(PIA, "runner"),
        FeedbackState.OPEN,
        ["card>#product-runner", OWN, "former_card:0>#product", "moved_notice>@U0ALICE"],
    ),
    ("link", sent, model.IssueLinked(PIA, LINK), FeedbackState.OPEN, [CARD, OWN, "linked_notice>@U0ALICE"]),
    ("link one's own", sent, model.IssueLinked(ALICE, LINK), FeedbackState.OPEN, [CARD, OWN]),
    ("link when closed", closed, model.IssueLinked(ALICE, LINK), FeedbackState.CLOSED, [CARD, OWN]),
    ("add more", sent, model.TextAdded(ALICE, "more"), FeedbackState.OPEN, [CARD, OWN]),
    ("retry the tag", untagged, RetryAsked(ALICE, Retry.TAG), FeedbackState.OPEN, ["add_tag", CARD, OWN]),
    ("correct", untagged, model.TicketCorrected(ALICE, ticket(123457)), FeedbackState.OPEN, ["add_tag", CARD, OWN]),
    ("call", lambda: sent(Kind.VENTING), model.ManagerCalled(ALICE), FeedbackState.OPEN, ["ask_who_is_on_duty", OWN]),
    (
        "take",
        lambda: called(threat=True),
        model.ManagerTook(MARIA),
        FeedbackState.OPEN,
        ["call:threat:0:U0MARIA>@U0MARIA", OWN, "manager_took_notice>@U0ALICE"],
    ),
    ("reminder", sent, TimerDue("acknowledge", NOW), FeedbackState.OPEN, ["acknowledge_reminder>#product", CARD]),
    (
        "own reminder",
        sent,
        TimerDue("tell_customer", NOW),
        FeedbackState.OPEN,
        [OWN, "tell_customer_reminder>@U0ALICE"],
    ),
    ("a stale timer", closed, TimerDue("acknowledge", NOW), FeedbackState.CLOSED, []),
    ("an unknown timer", sent, TimerDue("from_another_version", NOW), FeedbackState.OPEN, []),
    ("forgotten", lambda: Play().after(drafted()), TimerDue("draft_expires", NOW), FeedbackState.DISCARDED, []),
    ("discarded", lambda: Play().after(drafted()), model.Discarded(ALICE), FeedbackState.DISCARDED, []),
    ("modal closed", lambda: Play().after(drafted()), model.ModalClosed(ALICE, "V1"), FeedbackState.DRAFT, []),
]


@pytest.mark.parametrize(
    ("start", "event", "state", "effects"), [row[1:] for row in DECISIONS], ids=[row[0] for row in DECISIONS]
)
def test_what_follows(start: Callable[[], Play], event: object, state: str, effects: list[str]) -> None:
    """Each event, in a case it can happen to: the state after it, and everything that leaves."""
    play = start()
    decision = play.happens(event)
    assert decision.refusal is None
    assert play.case.state == state
    assert short(decision.effects) == sorted(effects)


REFUSALS: list[tuple[str, Callable[[], Play], object, str]] = [
    ("a missing ticket", missing, Confirmed(ALICE), "There is no ticket 123456"),
    ("a bug without issue", lambda: Play().after(drafted(Kind.BUG)), Confirmed(ALICE), "A bug needs an issue"),
    ("sent twice", sent, Confirmed(ALICE), "was sent already"),
    ("typed again", sent, drafted(), "was sent already"),
    ("acknowledge a draft", lambda: Play().after(drafted()), model.Acknowledged(PIA), "has not been sent yet"),
    ("second", lambda: sent().after(model.Acknowledged(PIA)), model.Acknowledged(OMAR), "<@U0PIA> acknowledged FB-1"),
    ("one's own", sent, model.Acknowledged(ALICE), "You sent this one yourself"),
    ("another's customer", sent, model.CustomerTold(PIA), "Only <@U0ALICE>"),
    ("told twice", lambda: sent().after(model.CustomerTold(ALICE)), model.CustomerTold(ALICE), "told already"),
    ("moved nowhere", sent, model.Moved(PIA, "general"), "in this area already"),
    ("moved to what is gone", sent, model.Moved(PIA, "attic"), "not in the policy any more"),
    ("acknowledge a closed one", closed, model.Acknowledged(OMAR), "was closed"),
    ("add to a closed one", closed, model.TextAdded(ALICE, "more"), "was closed"),
    ("move a closed one", closed, model.Moved(PIA, "runner"), "was closed"),
    ("retry what is done", sent, RetryAsked(ALICE, Retry.TAG), "nothing to try again"),
    ("correct another's", sent, model.TicketCorrected(PIA, ticket(1)), "Only <@U0ALICE>"),
    ("call for another", lambda: sent(Kind.VENTING), model.ManagerCalled(PIA), "Only <@U0ALICE>"),
    ("call again", lambda: called(threat=True), model.ManagerCalled(ALICE), "called already"),
    ("take what nobody called", sent, model.ManagerTook(MARIA), "No manager is called"),
    (
        "take what is taken",
        lambda: called(threat=False).after(model.ManagerTook(MARIA)),
        model.ManagerTook(OMAR),
        "<@U0MARIA> has taken this",
    ),
]


@pytest.mark.parametrize(("start", "event", "words"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
def test_what_is_refused(start: Callable[[], Play], event: object, words: str) -> None:
    """What cannot be done is said in a sentence, and changes nothing."""
    play = start()
    before = play.case
    decision = play.happens(event)
    assert words in (decision.refusal or "")
    assert decision.case == before
    assert (decision.effects, decision.timers, decision.notes) == ((), (), ())


def test_sending_sets_both_reminders_and_forgets_the_draft() -> None:
    """Three business days for the product team, one for the submitter."""
    decision = Play().after(drafted()).happens(Confirmed(ALICE))
    later = {timer.name: timer.due_at for timer in decision.timers if isinstance(timer, SetTimer)}
    assert CancelTimer("draft_expires") in decision.timers
    assert (later["acknowledge"] - NOW).days == 3
    assert (later["tell_customer"] - NOW).days == 1


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 3, 6, 17, 55, tzinfo=UTC), datetime(2026, 3, 9, 17, 56, tzinfo=UTC)),
        (datetime(2026, 3, 8, 12, 0, tzinfo=UTC), datetime(2026, 3, 10, 0, 0, tzinfo=UTC)),
    ],
)
def test_business_days_leave_the_weekend_out(at: datetime, due: datetime) -> None:
    """Sent on a Friday or a Sunday, the submitter has until the next working day is over."""
    play = Play().after(drafted())
    play.now = at
    play.happens(Confirmed(ALICE))
    assert play.case.tell_customer_by == due


def test_closing_takes_every_timer_away() -> None:
    """Nothing goes off for a closed case, but the call for a manager that nobody has taken."""
    decision = sent().after(model.Acknowledged(PIA)).happens(model.CustomerTold(ALICE))
    assert set(decision.timers) == {CancelTimer(outputs.ACKNOWLEDGE), CancelTimer(outputs.TELL_CUSTOMER)}


def test_only_open_cases_stand_in_the_way_of_a_second() -> None:
    """A draft and a closed case hold no key; an open one holds that of ticket, kind and submitter."""
    assert Play().after(drafted()).case.open_key is None
    assert sent().case.open_key == "feedback:main/123456:product:U0ALICE"
    assert closed().case.open_key is None


def test_a_late_reminder_knows_how_late() -> None:
    """In minutes, for the message to say."""
    play = sent()
    play.happens(TimerDue("acknowledge", NOW, late=timedelta(hours=2)))
    assert play.case.reminders_late == {outputs.ACKNOWLEDGE_REMINDER: 120}


@pytest.mark.parametrize("failure", list(Failure))
def test_a_tag_that_was_given_up_says_what_to_do(failure: Failure) -> None:
    """Whatever the reason, there is a sentence for a person, and the submitter is told."""
    play = Play().after(drafted())
    play.happens(Confirmed(ALICE))
    tag = next(effect for effect in play.waiting if effect.type == "add_tag")
    decision = play.happens(EffectFailed(tag, failure, "Because."))
    assert play.case.tag.trouble
    assert "tag_failed_notice>@U0ALICE" in short(decision.effects)


def test_the_answer_for_a_ticket_corrected_meanwhile_does_not_count() -> None:
    """The old ticket was tagged after all: the new one is still pending."""
    play = untagged()
    play.happens(model.TicketCorrected(ALICE, ticket(123457)))
    play.happens(EffectSucceeded(AddTag(ticket=ticket(123456), tag="feedback")))
    assert play.case.tag.progress == "pending"
    play.executes()
    assert play.case.tag.progress == "done"


def test_admins_are_told_of_a_faulty_set_up_under_one_key_a_month() -> None:
    """The same fault twice has the same key: the outbox drops the second."""
    play = Play()
    play.happens(drafted())
    read = play.waiting[0]
    first = play.happens(EffectDelayed(read, "Token refused.", NOW, settings=True))
    second = play.happens(EffectDelayed(read, "Token refused.", NOW, settings=True))
    keys = [{effect.once for effect in decision.effects if effect.once} for decision in (first, second)]
    assert keys[0] == keys[1] != set()


def test_nobody_on_duty_is_told_to_the_caller() -> None:
    """Nobody, and no group, in no step: the caller is told at once, once, and it is tried again in time."""
    play = sent(Kind.VENTING)
    play.happens(model.ManagerCalled(ALICE, threat=True))
    play.executes(duty=Duty((), DutySource.NOBODY, "Nobody is on duty."))
    assert play.case.call is not None
    assert (play.case.call.round, play.case.call.trouble) == (3, "Nobody is on duty.")
    assert play.case.call.next_at is not None
    assert play.said.count("no_manager_notice") == 1


def test_a_card_that_was_moved_is_not_wanted_where_it_was() -> None:
    """An update for the old channel that waited (Slack was slow there) is dropped once the card stands elsewhere."""
    play = sent().after(model.Moved(PIA, "runner"))
    assert not wanted(play.case, ShowCard(slot=outputs.CARD, to=channel("#product")), play.policy)
    assert wanted(play.case, ShowCard(slot=outputs.CARD, to=channel("#product-runner")), play.policy)
    assert wanted(play.case, ShowCard(slot="former_card:0", to=channel("#product")), play.policy)


def test_the_policy_may_lose_an_area() -> None:
    """A case of an area that is gone can be worked on to its end."""
    play = sent(area="runner")
    areas = {"general": POLICY.feedback.areas["general"]}
    play.policy = POLICY.model_copy(update={"feedback": POLICY.feedback.model_copy(update={"areas": areas})})
    play.after(model.Acknowledged(PIA), model.TextAdded(ALICE, "x"), model.CustomerTold(ALICE))
    assert play.case.state == FeedbackState.CLOSED


def test_an_answer_of_slack_is_remembered() -> None:
    """Where the card stands is told to the submitter once, not with every change."""
    play = Play().after(drafted())
    play.happens(Confirmed(ALICE))
    shown = EffectSucceeded(ShowCard(slot=outputs.CARD, to=channel("#product")), Posted("C1", "1.1"))
    assert short(play.happens(shown).effects) == [OWN]
    assert short(play.happens(shown).effects) == []


def test_no_event_is_taken_for_another() -> None:
    """Something that is no event of feedback is a fault of ours, and is not passed over."""
    with pytest.raises(TypeError, match="str"):
        sent().happens("acknowledge")
