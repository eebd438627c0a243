"""Whatever happens in whatever order: rules never fail, closed cases stay, and everything shown is fit for Slack."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.feedback.views import VIEWS as FEEDBACK
from sandbox.blockkit import check_message, check_view
from tests.tickets import ticket
from tests.unit.feedback.plays import ALICE, LINK, MARIA, OMAR, PIA, POLICY, Play, result_of
from workflows.contract.effects import EFFECT, Effect
from workflows.contract.events import Duty, DutySource, EffectDelayed, EffectFailed, EffectSucceeded, Failure, TimerDue
from workflows.contract.message_effects import Place, Say, ShowCard, ShowView
from workflows.contract.slack_port import Message
from workflows.feedback import model
from workflows.feedback.model import Confirmed, FeedbackCase, FeedbackState, IssueWish, Retry, Typed
from workflows.feedback.process import FEEDBACK as PROCESS
from workflows.policy.feedback import Kind
from workflows.policy.model import Policy

LONGEST_UPDATE = 4000

# ----------------------------------------------------------------------------------------- what happens

people = st.sampled_from([ALICE, PIA, OMAR, MARIA])
areas = st.sampled_from([*POLICY.feedback.areas, "attic"])
hostile = st.sampled_from(
    [
        "<!channel> @here <@U0PIA> <https://evil.example|x>",
        "<" * 3000,
        "&" * 3000,
        "`" * 3000,
        "a\n" * 1500,
        "*_~`>&<",
        "/close",
        "x" * 3000,
        "👩‍👩‍👧‍👦" * 400,
    ]
)
words = hostile | st.text(st.sampled_from("ab &<>`*_~@/#\n\u200b!|^"), min_size=1, max_size=60)
TICKETS = st.sampled_from([ticket(123456), ticket(123456, "emea")])
typings = st.builds(Typed, TICKETS, st.sampled_from(Kind), words, areas, st.just("") | words)
views = st.sampled_from(["V1", "V2"])

begins = st.one_of(
    st.builds(model.Drafted, people, typings, views),
    st.builds(model.FormClosed, people, st.none() | TICKETS, st.sampled_from(Kind), words, areas, st.just("")),
)
"""How every case begins; it may happen again."""

acts = st.one_of(
    begins,
    st.builds(Confirmed, people, st.just(IssueWish.NONE)),
    st.builds(Confirmed, people, st.just(IssueWish.NEW)),
    st.builds(Confirmed, people, st.just(IssueWish.EXISTING), st.just(LINK)),
    st.builds(model.ModalClosed, people, views),
    st.builds(model.Discarded, people),
    st.builds(model.TextAdded, people, words),
    st.builds(model.Acknowledged, people),
    st.builds(model.IssueLinked, people, st.just(LINK)),
    st.builds(model.Moved, people, areas),
    st.builds(model.CustomerTold, people),
    st.builds(model.RetryAsked, people, st.sampled_from(Retry)),
    st.builds(model.TicketCorrected, people, TICKETS),
    st.builds(model.ManagerCalled, people, st.booleans()),
    st.builds(model.ManagerTook, people),
    st.builds(
        TimerDue,
        st.sampled_from(["acknowledge", "tell_customer", "draft_expires", "?"]),
        st.just(Play().now),
        st.sampled_from([timedelta(0), timedelta(days=9)]),
    ),
)
"""Everything that may happen by itself, or by people."""

duties = st.sampled_from([Duty((), DutySource.NOBODY, "Nobody <is> on duty."), None])
outcomes = st.sampled_from(["done", "delayed", *Failure])
steps = st.one_of(acts, st.tuples(st.integers(0, 20), outcomes, duties))
"""An act; or an effect that waits (by its place in the queue), and what came of it."""

MENDING = (model.RetryAsked, model.TicketCorrected, model.IssueLinked)
HELP = (model.ManagerCalled, model.ManagerTook)
"""Somebody may feel threatened at any time."""


def answer(play: Play, which: int, outcome: str, duty: Duty | None) -> object | None:
    """What came of an effect that waits; None when nothing waits."""
    if not play.waiting:
        return None
    effect = play.waiting.pop(which % len(play.waiting))
    if outcome == "done":
        return EffectSucceeded(effect, result_of(effect, duty=duty) if duty else result_of(effect))
    if outcome == "delayed":
        play.waiting.append(effect)
        return EffectDelayed(effect, "It <does> not answer.", play.now, settings=True)
    code = "not_in_channel" if outcome == Failure.UNREACHABLE else ""
    return EffectFailed(effect, Failure(outcome), "It <said> & meant no.", code)


# -------------------------------------------------------------------------------------- what people see

TAG = re.compile(r"<(?:[@#][UWC][A-Z0-9]*|!date\^\d+\^[^<>|]*\|[^<>]*|https?://[^<>|\s]+(?:\|[^<>]*)?)>")
ENTITY = re.compile(r"&(?:amp|lt|gt);")
QUOTE_MARK = re.compile(r"^> ?", re.MULTILINE)


def mrkdwn_of(thing: Any) -> Iterator[str]:
    """Every text in it that Slack reads as mark-up."""
    if isinstance(thing, dict):
        if thing.get("type") == "mrkdwn":
            yield thing["text"]
        for part in thing.values():
            yield from mrkdwn_of(part)
    elif isinstance(thing, list | tuple):
        for part in thing:
            yield from mrkdwn_of(part)


def assert_harmless(text: str) -> None:
    """Nothing in it is mark-up but our own: people, channels, dates and links; nobody is called en masse."""
    rest = ENTITY.sub("", QUOTE_MARK.sub("", TAG.sub("", text)))
    assert not set(rest) & set("<>&"), rest
    assert not re.search(r"@(channel|here|everyone)\b", text)


def assert_slack_takes_message(message: Message) -> None:
    """Within all limits, posted or updated; with a text for those who hear it read out."""
    blocks = list(message.blocks)
    for updating in (False, True):
        text = message.text[:LONGEST_UPDATE] if updating else message.text
        problem = check_message(blocks or None, text, updating=updating)
        assert problem is None, problem
    assert message.text.strip()
    for text in (message.text, *mrkdwn_of(blocks)):
        assert_harmless(text)


def assert_slack_takes_view(view: dict[str, Any] | None) -> None:
    """Within all limits of a modal."""
    if view is not None:
        problem = check_view(view)
        assert problem is None, problem
        for text in mrkdwn_of(view):
            assert_harmless(text)


def assert_fit_for_slack(case: FeedbackCase, policy: Policy, effect: Effect) -> None:
    """What this effect would show now."""
    match effect:
        case ShowCard(slot=slot):
            render = FEEDBACK.messages[slot.partition(":")[0]]
            assert_slack_takes_message(render(case, policy, {"slot": slot}))
        case Say(what=what, details=details):
            assert_slack_takes_message(FEEDBACK.messages[what](case, policy, details))
        case ShowView(view=view):
            assert_slack_takes_view(FEEDBACK.modals[view](case, policy))


def places(effect: Effect) -> Iterator[Place]:
    """Where it is shown."""
    if isinstance(effect, ShowCard | Say):
        yield effect.to


sendings = st.one_of(
    st.just(Confirmed(ALICE)),
    st.just(Confirmed(ALICE, IssueWish.NEW)),
    st.just(Confirmed(ALICE, IssueWish.EXISTING, LINK)),
)
endings = st.just((model.Acknowledged(PIA), model.CustomerTold(ALICE)))
beginnings = st.one_of(
    st.tuples(begins),
    st.tuples(st.builds(model.Drafted, st.just(ALICE), typings, views), sendings),
    st.builds(lambda draft, sent, end: (draft, sent, *end), begins, sendings, endings),
)
"""A draft, a case that was (perhaps) sent, or one whose loop was closed: stories go on from there."""


@settings(max_examples=300)
@given(beginnings, st.lists(steps, max_size=25))
def test_nothing_that_happens_breaks_anything(beginning: tuple[object, ...], steps: list[Any]) -> None:
    """Any acts and answers in any order, from several people at once.

    No rule fails; a refusal changes nothing; a closed case is only ever changed by a retry, a correction, an issue or
    a call for a manager (and by what comes of them); only an open case holds a key; everything can be saved and read
    again; and everything that would be shown, at every moment, is taken by Slack and calls nobody.
    """
    play = Play()
    for step in [*beginning, *steps]:
        event = answer(play, *step) if isinstance(step, tuple) else step
        if event is None:
            continue
        before = play.case
        decision = play.happens(event)
        if decision.refusal is not None:
            assert play.case == before
        if before.state == FeedbackState.CLOSED:
            answered = isinstance(event, EffectSucceeded | EffectFailed | EffectDelayed)
            assert play.case.state == FeedbackState.CLOSED
            assert play.case == before or answered or isinstance(event, MENDING + HELP)
        assert (play.case.open_key is not None) == (play.case.state == FeedbackState.OPEN)
        assert PROCESS.model.model_validate(json.loads(play.case.model_dump_json())) == play.case
        for effect in decision.effects:
            assert EFFECT.validate_json(EFFECT.dump_json(effect)) == effect
            assert all(place.channel or place.user for place in places(effect))
            assert_fit_for_slack(play.case, play.policy, effect)
        for effect in play.waiting:  # the card is rendered from the case as it is when it leaves
            assert_fit_for_slack(play.case, play.policy, effect)


@given(st.lists(acts, min_size=1, max_size=12), st.sampled_from(sorted(FEEDBACK.messages)))
def test_every_message_can_be_rendered_from_every_case(steps: list[Any], name: str) -> None:
    """Even one that nobody asks for in that state: an old effect may leave late."""
    play = Play()
    for event in steps:
        play.happens(event)
    details = dict.fromkeys(("by", "url", "title", "area", "channel", "elsewhere", "sentence"), "x <!channel> & y")
    more = {"url": "https://gitlab.com/x/-/issues/1", "people": ["U0MARIA", "lead@example.com"]}
    assert FEEDBACK.messages[name](play.case, play.policy, details | more).text
