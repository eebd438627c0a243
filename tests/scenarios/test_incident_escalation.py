"""The steps of an escalation, as a company lists them: who is called, after how long, and how."""

from typing import Any

from bot.simulation.scenarios import as_text, simulate_incident
from tests.scenarios import incident
from tests.scenarios.conftest import Worlds
from tests.scenarios.incident import CHANNEL
from tests.world import MONDAY, World
from workflows.lib.durations import Duration

STEPS: dict[str, Any] = {
    "incident": {
        "leads": ["marco@example.com"],
        "escalation": [
            {"after": "20%", "who": ["lead"], "how": "dm"},
            {"after": "80%", "who": [{"group": "support-ops"}], "how": "thread"},
            {"after": "100%", "who": ["on_call"], "how": "page"},
            {"after": "5m", "who": [{"schedule": "SSAT Reviewing Manager"}], "how": "dm"},
            {"after": "15m", "who": [{"user": "pia@example.com"}, "lead"], "how": "thread", "every": "10m", "times": 2},
            {"after": "40m", "who": [{"user": "nobody@example.com"}], "how": "thread"},
        ],
    }
}


def dms(w: World, who: str, words: str) -> list[str]:
    """What somebody was told by DM."""
    return [message.rendered for message in w.slack.person(who).dm() if words in message.rendered]


def test_each_step_is_taken_in_its_turn(worlds: Worlds) -> None:
    """The lead by DM, a group in the thread, the page; then who is on call in a schedule, a person, and the lead."""
    w = worlds(policy=STEPS)
    incident.reports(w, w.alice)
    shown = incident.card(w).rendered
    assert "Before that I send the lead a DM (Mar 2, 2026 at 09:02) and ping the group support-ops" in shown
    w.advance(minutes=2)
    assert len(dms(w, "marco", "INC-1 in #support-operations needs you: Triggers do not fire")) == 1
    w.advance(minutes=6)
    (call,) = incident.ping_rounds(w, "80 % of the time are over")
    assert call.mentions == ["@support-ops"]
    w.advance(minutes=2)
    assert len(incident.pages(w)) == 1
    w.advance(minutes=5)
    assert len(dms(w, "maria", "Nobody has acknowledged the page of Mar 2, 2026 at 09:10")) == 1
    w.advance(minutes=20)
    pings = incident.ping_rounds(w, "Nobody has acknowledged the page")
    assert [ping.mentions for ping in pings] == [["@pia", "@marco"]] * 2
    assert "Others were called 2 times" in pings[1].rendered
    w.advance(hours=5)
    what = [line.what for line in w.desk.engine.cases.timeline("INC-1")]
    assert "could not call nobody@example.com: nobody is known: the page is not acknowledged (4)" in what
    assert len(incident.ping_rounds(w, "Nobody has acknowledged the page")) == 3


def test_a_step_is_not_taken_when_somebody_is_on_it(worlds: Worlds) -> None:
    """Taken on from the DM itself; the steps after it stay away."""
    w = worlds(policy=STEPS)
    incident.reports(w, w.alice)
    w.advance(minutes=2)
    w.marco.clicks("I'm on it", on=w.marco.dm()[-1])
    w.settle()
    assert "On it: @marco" in incident.card(w).rendered
    w.advance(hours=5)
    assert not incident.pages(w)
    assert not incident.ping_rounds(w, "80 % of the time")


def test_the_simulator_draws_the_steps(worlds: Worlds) -> None:
    """As the policy lists them, at their times."""
    w = worlds(policy=STEPS)
    never = None
    result = simulate_incident(
        w.policy, "triggers", at=MONDAY, answer=never, acknowledge=never, lasting=Duration.parse("2h").length
    )
    text = as_text(result, w.policy.zone)
    for line in (
        "+0:02  → DM to",
        "+0:08  → " + CHANNEL,
        "+0:10  → PagerDuty",
        "+0:15  → DM to",
        "+0:25  → " + CHANNEL,
    ):
        assert line in text
    assert "+0:35  → " + CHANNEL in text


def test_the_default_steps_are_the_pages_rule(w: World) -> None:
    """Half time, a warning, the page, five pings, the lead."""
    steps = w.policy.incident.escalation
    assert [str(step.after) for step in steps] == ["50%", "90%", "100%", "10m", "60m"]
    assert [step.times for step in steps] == [1, 1, 1, 5, 1]
