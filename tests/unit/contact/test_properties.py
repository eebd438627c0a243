"""Whatever happens in whatever order: nothing breaks, what is over stays over, everything shown fits into Slack."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.contact import modals
from handlers.contact.views import VIEWS as CONTACT
from sandbox.blockkit import check_message, check_view
from tests.tickets import ticket
from tests.unit.contact.plays import MANAGERS, MARCO, MARIA, NOBODY, ON_DUTY, POLICY, Play, changed
from workflows.contact import events, model
from workflows.contact.events import ContactRequested
from workflows.contact.model import ContactCase, ContactState, Source
from workflows.contact.rules import wanted
from workflows.contract.effects import Effect
from workflows.contract.engine import TimelineEntry
from workflows.contract.events import (
    Duty,
    DutySource,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    Failure,
)
from workflows.contract.issue_port import Issue
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.process import MessageRef
from workflows.contract.slack_port import Posted
from workflows.contract.ticket_ports import Ticket
from workflows.contract.values import IssueLink
from workflows.policy.contact import Way
from workflows.policy.review import Tone

HOSTILE = st.one_of(
    st.text(max_size=200),
    st.sampled_from(
        [
            "<!channel> <!here> @everyone <@U0MARIA>",
            "<script>&amp; *bold* _x_ ~y~ `code` ```block",
            "/close\n/label ~bug",
            "x" * 40_000,
            "<" * 5_000,
            "&" * 3_000,
            "\n" * 4_000,
            "👩‍👩‍👧‍👦" * 800,
            "\u202e\u200b\x00",
        ]
    ),
)
WHO = st.sampled_from(["U0MARIA", "U0MARCO", "U0ALICE"])
ISSUE = Issue("gitlab-com/support/feedback", 7, "Negative feedback " + "<&>" * 80, "https://gitlab.example/7")
DUTIES = st.sampled_from(
    [
        ON_DUTY,
        NOBODY,
        Duty((MARCO, MARIA), DutySource.ROTA, "The schedule could not be read: " + "<x>" * 900),
        Duty((MARCO,), DutySource.FALLBACK, "Nobody is on duty.", MANAGERS),
        Duty((), DutySource.NOBODY, None),
    ]
)
REQUESTS = st.builds(
    ContactRequested,
    st.sampled_from(Source),
    WHO | st.sampled_from(["tickets", "integration <!here>"]),
    st.sampled_from([None, ticket(123456), ticket(2**31 - 1, "emea")]),
    HOSTILE,
    st.none() | st.booleans(),
    st.none() | st.booleans(),
    st.booleans(),
    st.none() | st.sampled_from(Tone),
    st.none() | st.just(IssueLink.of(ISSUE)),
    st.none() | st.sampled_from(["https://slack.example/p1", "javascript:alert(1)"]),
    HOSTILE,
    st.none() | st.just(datetime(2026, 2, 27, 17, 55, tzinfo=UTC)),
)
ACTS = st.one_of(
    st.builds(events.Claimed, WHO, st.sampled_from(["Europe/Lisbon", "Australia/Lord_Howe", "nowhere"])),
    st.builds(events.Contacted, WHO, st.sampled_from(Way), HOSTILE, st.none() | WHO),
    st.builds(events.Cancelled, WHO, HOSTILE),
    st.builds(events.Reassigned, WHO, st.sampled_from([MARIA, MARCO])),
    st.builds(events.ReassignedToDuty, WHO),
    st.builds(events.Snoozed, WHO),
    st.builds(events.ActionNoted, WHO, HOSTILE),
    st.builds(events.TicketNamed, WHO, st.just(ticket(5, "emea"))),
    st.builds(events.IssueRetryAsked, WHO),
    st.just(events.CardDeleted()),
    st.builds(
        events.SaysChanged,
        WHO,
        st.none() | st.booleans(),
        st.none() | st.booleans(),
        st.none() | st.sampled_from(Tone),
    ),
    st.builds(events.DoubtSettled, WHO, st.booleans(), st.none() | st.just("MC-9")),
    st.just(events.OriginDeleted()),
)
CODES = st.sampled_from(["is_archived", "not_in_channel", "user_disabled", ""])


@st.composite
def fates(draw: st.DrawFn) -> Any:
    """What becomes of an effect: it is executed, given up, delayed or dropped."""
    how = draw(st.sampled_from(["executed", "executed", "executed", "given up", "delayed", "dropped"]))
    duty, code = draw(DUTIES), draw(CODES)
    failure, found = draw(st.sampled_from(Failure)), draw(st.booleans())
    status = draw(st.sampled_from(["open", "solved", "closed"]))

    def fate(effect: Effect, now: datetime) -> object:
        match how:
            case "given up":
                return EffectFailed(effect, failure, "It did not work. " + "<!channel>" * 30, code)
            case "delayed":
                return EffectDelayed(effect, "Not yet.", now + timedelta(hours=4), settings=found)
            case "dropped":
                return EffectDropped(effect)
        results: dict[str, Any] = {
            "show_card": Posted("C0ESC", "1.1"),
            "say": Posted("C0ESC", "1.2"),
            "ask_who_is_on_duty": duty,
            "read_ticket": Ticket(123456, "Slow", status),
            "find_titled_issue": ISSUE if found else None,
            "open_issue": ISSUE,
        }
        return EffectSucceeded(effect, results.get(effect.type))

    return fate


STEPS = st.lists(st.one_of(ACTS, REQUESTS, fates(), st.timedeltas(timedelta(0), timedelta(days=2))), max_size=25)


def plays_all(play: Play, steps: list[Any]) -> None:
    """Let all of it happen; a fate meets the oldest effect that waits."""
    play.happens(ContactRequested(Source.COMMAND, "U0ALICE", ticket(123456), "First"))
    waiting = 0
    for step in steps:
        before = play.case
        if isinstance(step, timedelta):
            play.passes_until(play.now + step)
        elif callable(step):
            if waiting < len(play.effects):
                effect = play.effects[waiting]
                waiting += 1
                play.case = with_posted(play.case, effect)
                play.happens(step(effect, play.now))
        else:
            play.happens(step)
        check(before, play)


def with_posted(case: ContactCase, effect: Effect) -> ContactCase:
    """A card that was posted is known to stand somewhere, as the engine sees to."""
    if not isinstance(effect, ShowCard):
        return case
    ref = MessageRef(place=effect.to.name, channel="C0ESC", ts="1.1")
    return case.with_message(effect.slot, ref)


def check(before: ContactCase, play: Play) -> None:
    """What holds after every event."""
    after = play.case
    if before.is_over:
        assert after.state == before.state
        assert (after.contacted, after.cancelled) == (before.contacted, before.cancelled)
        assert not play.timers
    assert after.due_at is not None
    assert after.asked_at is not None
    assert after.due_at == before.due_at or before.state == ContactState.NEW
    assert after.due_why.startswith("48 h Mon-Fri from ")
    assert ContactCase.model_validate(after.model_dump(mode="json")) == after
    if after.state in model.WAITING:
        assert after.overdue_since is not None or "due" in play.timers
        assert after.overdue_since is None or "overdue" in play.timers


@given(STEPS)
@settings(max_examples=150)
def test_no_order_of_events_breaks_a_request(steps: list[Any]) -> None:
    """No event raises, what is over stays over, the due time stays, and somebody is always going to be told."""
    plays_all(Play(), steps)


@given(STEPS)
@settings(max_examples=80)
def test_everything_that_is_shown_fits_into_slack(steps: list[Any]) -> None:
    """Cards, private messages, words in threads, and modals, whatever people typed."""
    play = Play(policy=changed(POLICY, words_in_channel=True))
    plays_all(play, steps)
    for effect in play.effects:
        if wanted(play.case, effect, play.policy):
            assert_fits(play.case, effect, play)
    for name in (modals.contacted, modals.reassign, modals.cancel, modals.note_action, modals.name_ticket):
        assert check_view(name(play.case, play.policy)) is None
    entries = [TimelineEntry(play.now, "U0MARIA", note) for note in play.notes]
    assert check_view(modals.why(play.case, play.policy, entries, words_too=True)) is None


def assert_fits(case: ContactCase, effect: Effect, play: Play) -> None:
    """One message, as it would leave now."""
    match effect:
        case ShowCard(slot=slot):
            message = CONTACT.messages[slot.partition(":")[0]](case, play.policy, {"slot": slot})
        case Say(what=what, details=details):
            message = CONTACT.messages[what](case, play.policy, details)
        case _:
            return
    blocks = list(message.blocks) or None
    assert check_message(blocks, message.text, updating=isinstance(effect, ShowCard)) is None
    shown = f"{message.text}{message.blocks}"
    assert "<!channel" not in shown
    assert "<!here" not in shown


@given(HOSTILE, st.sampled_from(Way))
@settings(max_examples=60)
def test_the_modal_that_records_a_contact_fits_with_any_draft(text: str, how: Way) -> None:
    """Prefilled with whatever the customer wrote."""
    play = Play().asked(ContactRequested(Source.TICKETS, "tickets", ticket(5), text, field_says=True))
    draft = modals.draft(play.case, POLICY, MARIA)
    assert check_view(modals.contacted(play.case, POLICY, draft, how)) is None
