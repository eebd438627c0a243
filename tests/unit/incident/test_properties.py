"""Whatever happens in whatever order: rules never fail, one page an opening, and everything shown is fit for Slack."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.incident import listing, modals
from handlers.incident.modals import Prefill
from handlers.incident.views import VIEWS
from sandbox.blockkit import check_message, check_view
from tests.unit.incident.plays import (
    ALICE,
    KEY,
    MARCO,
    MESSAGE,
    NOBODY,
    NOW,
    OMAR,
    PIA,
    POLICY,
    RESPONDERS,
    Play,
    fact,
    result_of,
)
from workflows.contract.effects import EFFECT, Effect
from workflows.contract.events import EffectDelayed, EffectFailed, EffectSucceeded, Failure, TimerDue
from workflows.contract.facts import PageChange
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.page_effects import OpenPage
from workflows.contract.slack_port import Message
from workflows.incident import events, outputs
from workflows.incident.model import OPEN, IncidentCase, IncidentState, Report, Thread
from workflows.incident.process import INCIDENT as PROCESS
from workflows.incident.rules import wanted
from workflows.policy.model import Policy

LONGEST_UPDATE = 4000

people = st.sampled_from([ALICE, PIA, OMAR, MARCO])
hostile = st.sampled_from(
    [
        "<!channel> @here <@U0PIA> <https://evil.example|x>",
        "<" * 2000,
        "&" * 2000,
        "`" * 2000,
        "a\n" * 1000,
        "*_~`>&<",
        "x" * 2000,
        "👩‍👩‍👧‍👦" * 200,
    ]
)
words = hostile | st.text(st.sampled_from("ab &<>`*_~@/#\n\u200b!|^"), min_size=1, max_size=60)
reports = st.builds(Report, what=words, impact=words, errors=st.just("") | words, steps=st.just("") | words)
systems = st.lists(st.sampled_from([*POLICY.incident.systems, "left-the-policy"]), max_size=3).map(tuple)
levels = st.none() | st.sampled_from([*POLICY.incident.levels])
moments = st.integers(0, 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
replies = st.just(Thread(channel=MESSAGE.channel, ts="1772442001.000000"))

begins = st.one_of(
    st.builds(events.MessageWritten, st.none() | people, words, st.just(MESSAGE), st.just(NOW)),
    st.builds(events.Reported, people, reports, systems, st.sampled_from(["", "frobnicator"])),
    st.builds(events.Reported, people, reports, systems, st.just(""), people, replies, st.just(MESSAGE), st.none()),
)
"""How every incident begins."""

facts = st.builds(
    lambda change, minutes, key: fact(change, minutes=minutes, key=key),
    st.sampled_from(PageChange),
    st.integers(0, 90),
    st.sampled_from([KEY, KEY, "somebody-elses"]),
)
timers = st.builds(
    TimerDue,
    st.sampled_from(
        [
            "step:0",
            "step:1",
            outputs.DUE_TIME,
            outputs.PING_TIME,
            outputs.STILL_TIME,
            "?",
        ]
    ),
    st.just(NOW),
    st.sampled_from([timedelta(0), timedelta(hours=2)]),
)
acts = st.one_of(
    begins.filter(lambda event: isinstance(event, events.Reported)),
    st.builds(events.SystemPicked, people, systems),
    st.builds(events.Described, people, reports),
    st.builds(events.CriticalityChanged, people, systems, levels),
    st.builds(events.Spoke, people, moments),
    st.builds(events.MessageEdited, words),
    st.just(events.MessageDeleted()),
    st.builds(events.Resolved, people, words.map(lambda text: text[:300])),
    st.builds(events.StandInNamed, people, people),
    *(
        st.builds(act, people)
        for act in (
            events.TakenOn,
            events.Dismissed,
            events.Held,
            events.PageAsked,
            events.PagedByHand,
            events.Reopened,
            events.Available,
        )
    ),
    facts,
    timers,
)
outcomes = st.sampled_from(["done", "done", "done", "delayed", *Failure])
responders = st.sampled_from([RESPONDERS, RESPONDERS, NOBODY])
stories = st.lists(
    st.one_of(acts, st.tuples(st.integers(0, 20), outcomes, responders), st.integers(1, 40)), max_size=30
)
"""An act; or an effect that waits (by its place in the queue) and what came of it; or minutes that pass."""


def answer(play: Play, which: int, outcome: str, responders: Any) -> object | None:
    """What came of an effect that waits; None when nothing waits, or it is not wanted any more."""
    if not play.waiting:
        return None
    effect = play.waiting.pop(which % len(play.waiting))
    if not wanted(play.case, effect, play.policy):
        return None
    if outcome == "done":
        withdrawn = isinstance(effect, OpenPage) and VIEWS.pages[effect.what](play.case, play.policy, "") is None
        return EffectSucceeded(effect, None if withdrawn else result_of(effect, responders=responders))
    if outcome == "delayed":
        play.waiting.append(effect)
        return EffectDelayed(effect, "It <does> not answer.", play.now, settings=True)
    code = "not_in_channel" if outcome == Failure.UNREACHABLE else ""
    return EffectFailed(effect, Failure(outcome), "It <said> & meant no.", code)


# -------------------------------------------------------------------------------------- what people see

TAG = re.compile(
    r"<(?:[@#][UWC][A-Z0-9]*|!subteam\^S[A-Z0-9]+|!date\^\d+\^[^<>|]*\|[^<>]*|https?://[^<>|\s]+(?:\|[^<>]*)?)>"
)
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
    """Nothing in it is mark-up but our own; nobody is called en masse."""
    rest = ENTITY.sub("", QUOTE_MARK.sub("", TAG.sub("", text)))
    assert not set(rest) & set("<>&"), rest
    assert not re.search(r"@(channel|here|everyone)\b", text)


def assert_slack_takes(message: Message) -> None:
    """Within all limits, posted or updated; with a text for those who hear it read out."""
    blocks = list(message.blocks)
    for updating in (False, True):
        text = message.text[:LONGEST_UPDATE] if updating else message.text
        problem = check_message(blocks or None, text, updating=updating)
        assert problem is None, problem
    assert message.text.strip()
    for text in (message.text, *mrkdwn_of(blocks)):
        assert_harmless(text)


def assert_views_are_fit(case: IncidentCase, policy: Policy) -> None:
    """Every modal that could be opened for it."""
    opened = [view(case, policy) for view in (modals.details, modals.change, modals.resolve, modals.stand_in)]
    for view in (*opened, modals.form(policy, Prefill(case.report, case.systems, case.other[:100]))):
        problem = check_view(view)
        assert problem is None, problem


def assert_fit_for_slack(case: IncidentCase, policy: Policy, effect: Effect) -> None:
    """What this effect would show now."""
    match effect:
        case ShowCard(slot=slot):
            assert_slack_takes(VIEWS.messages[slot.partition(":")[0]](case, policy, {"slot": slot}))
        case Say(what=what, details=details):
            assert_slack_takes(VIEWS.messages[what](case, policy, details))


@settings(max_examples=300)
@given(begins, stories)
def test_nothing_that_happens_breaks_anything(beginning: object, steps: list[Any]) -> None:
    """Any acts, answers, facts and timers in any order.

    No rule fails; a refusal changes nothing; there is one key an opening; a resolved incident stays resolved unless
    somebody opens it again; everything can be saved and read again; and everything that would be shown, at every
    moment, is taken by Slack and calls nobody it should not.
    """
    play = Play()
    for step in [beginning, *steps]:
        if isinstance(step, int):
            play.now += timedelta(minutes=step)
            continue
        event = answer(play, *step) if isinstance(step, tuple) else step
        if event is None:
            continue
        before = play.case
        decision = play.happens(event)
        if decision.refusal is not None:
            assert play.case == before
        if before.state == IncidentState.RESOLVED and play.case.state != IncidentState.RESOLVED:
            assert isinstance(event, events.Reopened) or getattr(event, "change", None) is PageChange.REOPENED
        assert len(play.keys) <= play.case.openings
        assert (play.case.open_key is not None) == (play.case.origin is not None and play.case.state in OPEN)
        assert PROCESS.model.model_validate(json.loads(play.case.model_dump_json())) == play.case
        for effect in (*decision.effects, *play.waiting):
            assert EFFECT.validate_json(EFFECT.dump_json(effect)) == effect
            assert_fit_for_slack(play.case, play.policy, effect)
    assert_views_are_fit(play.case, play.policy)
    assert listing.line(play.case, play.policy, play.now)


@given(begins, st.lists(acts, max_size=12), st.sampled_from(sorted(VIEWS.messages)))
def test_every_message_can_be_rendered_from_every_case(beginning: object, steps: list[Any], name: str) -> None:
    """Even one that nobody asks for in that state: an old effect may leave late."""
    play = Play()
    for event in [beginning, *steps]:
        play.happens(event)
    details = {"by": PIA, "sentence": "x <!channel> & y", "slot": f"{name}:1"}
    assert_slack_takes(VIEWS.messages[name](play.case, play.policy, details))


@settings(max_examples=200)
@given(begins.filter(lambda event: isinstance(event, events.Reported)), st.lists(acts, max_size=6), st.integers(0, 59))
def test_an_incident_is_never_dropped(beginning: object, steps: list[Any], minutes: int) -> None:
    """Whatever people did: while it waits there is a timer that pages, and while it is paged one that pings."""
    play = Play()
    for event in [beginning, *steps]:
        if isinstance(event, TimerDue):
            continue  # these go off by themselves, and only once
        play.happens(event)
        play.executes()
    play.until(minutes=minutes)
    if play.case.state == IncidentState.WAITING:
        assert play.timers[outputs.DUE_TIME] == play.case.due_at
    if play.case.state == IncidentState.PAGED and play.case.page is not None:
        assert outputs.PING_TIME in play.timers or play.case.page.is_escalated
