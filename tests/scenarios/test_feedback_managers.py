"""Calling a manager: in the open, and privately when somebody feels threatened or harassed."""

from typing import Any

import pytest

from sandbox.driver.observations import Home, Shown
from sandbox.driver.people import SandboxPerson
from sandbox.vendors.base import VendorFault
from tests.scenarios.conftest import Worlds
from tests.scenarios.feedback import clicks, confirmation, dms, modal, notices, posted, sends, types
from tests.world import World

ON_DUTY: dict[str, Any] = {"managers": {"on_duty_schedule": "SSAT Reviewing Manager"}}
"""Maria is on duty in the sandbox's PagerDuty."""

MARCO_BEHIND: dict[str, Any] = {
    "managers": {**ON_DUTY["managers"], "fallback": {"group": None, "people": ["marco@example.com"]}}
}
"""The same, and Marco when there is nobody."""

THREAT = "I feel threatened or harassed"
CC = "CC a manager"
TAKE = "I'll take it"


def home(w: World, who: SandboxPerson) -> Home:
    """Somebody's App Home, opened now."""
    who.opens_home()
    w.settle()
    shown = who.home
    assert shown is not None
    return shown


def calls(w: World, manager: str) -> list[Shown]:
    """What a manager was told."""
    person = w.slack.person(manager)
    return [*notices(person, "feels threatened"), *notices(person, "like a manager to join")]


@pytest.fixture
def venting(worlds: Worlds) -> World:
    """Alice has sent that a customer vents; Maria is on duty. Over HTTP: the other stories go over Socket Mode."""
    w = worlds(policy=ON_DUTY, mode="http")
    sends(w, w.alice, kind="Venting")
    return w


def test_cc_a_manager_tells_the_manager_on_duty(venting: World) -> None:
    """The manager on duty gets a DM with the ticket and what was said; the submitter sees who knows."""
    clicks(venting, venting.alice, CC, on=confirmation(venting.alice))
    (call,) = calls(venting, "maria")
    assert "@alice would like a manager to join" in call.rendered
    assert "#123456" in call.rendered
    assert call.buttons == [TAKE]
    own = confirmation(venting.alice)
    assert "Manager: @maria was told privately" in own.rendered
    assert own.buttons == ["Told the customer", THREAT]


def test_a_manager_takes_it(venting: World) -> None:
    """The submitter is told at once; the button is gone."""
    clicks(venting, venting.alice, CC, on=confirmation(venting.alice))
    clicks(venting, venting.maria, TAKE, on=calls(venting, "maria")[0])
    assert len(notices(venting.alice, "@maria takes it: FB-1")) == 1
    assert "Manager: @maria has taken it" in confirmation(venting.alice).rendered
    (call,) = calls(venting, "maria")
    assert "Taken by @maria" in call.rendered
    assert call.buttons == []


def test_a_threat_goes_privately_and_at_once(venting: World) -> None:
    """No channel hears of it; the manager on duty reads who, where and what to do."""
    before = {channel: len(posted(venting.pia, channel)) for channel in ("#product", "#support", "#support-managers")}
    clicks(venting, venting.alice, THREAT, on=confirmation(venting.alice))
    (call,) = calls(venting, "maria")
    assert "@alice feels threatened or harassed" in call.rendered
    assert "threatened-or-harassed" in call.rendered
    assert all(len(posted(venting.pia, channel)) == count for channel, count in before.items())
    assert calls(venting, "marco") == []


def test_a_threat_needs_nothing_sent_before(worlds: Worlds) -> None:
    """Pressed in the preview, while it is a draft: the manager is told, and the preview shows it."""
    w = worlds(policy=ON_DUTY)
    types(w, w.alice, kind="Venting")
    w.alice.clicks(THREAT)
    w.settle()
    assert len(calls(w, "maria")) == 1
    assert "@maria was told privately" in modal(w.alice).text
    assert "feedback set" not in str(dms(w.alice))


def test_a_threat_rings_even_when_the_manager_was_called_before(venting: World) -> None:
    """CC first, a threat later: a second message, not a silent change of the first; taking it settles both."""
    clicks(venting, venting.alice, CC, on=confirmation(venting.alice))
    clicks(venting, venting.alice, THREAT, on=confirmation(venting.alice))
    assert len(venting.maria.dm()) == 2
    clicks(venting, venting.maria, TAKE, on=venting.maria.dm()[1])
    assert [message.buttons for message in venting.maria.dm()] == [[], []]


def test_calling_twice_is_calling_once(venting: World) -> None:
    """A double click: one DM, and the person is told."""
    old = confirmation(venting.alice)
    venting.alice.clicks(CC, on=old)
    venting.alice.clicks(CC, on=old)
    venting.settle()
    assert len(calls(venting, "maria")) == 1


# ------------------------------------------------------------------------------------------ nobody takes it


LINE: dict[str, Any] = {
    "managers": {
        "on_duty_schedule": "SSAT Reviewing Manager",
        "fallback": {"group": "support-managers", "people": []},
    },
    "contact": {"lead": "omar@example.com"},
}
"""Maria is on duty; behind her the group of Maria and Marco; their lead is Omar."""


def test_a_threat_nobody_takes_goes_on_until_somebody_does(worlds: Worlds) -> None:
    """The next manager after 15 minutes, then the lead, the fallback group, and again; Alice is told each time."""
    w = worlds(policy=LINE)
    sends(w, w.alice, kind="Venting")
    clicks(w, w.alice, THREAT, on=confirmation(w.alice))
    assert [len(calls(w, name)) for name in ("maria", "marco", "omar")] == [1, 0, 0]
    assert "I call the next one" in confirmation(w.alice).rendered
    w.advance(minutes=14)
    assert calls(w, "marco") == []
    w.advance(minutes=1)
    assert [len(calls(w, name)) for name in ("maria", "marco", "omar")] == [1, 1, 0]
    assert len(notices(w.alice, "I have called @marco privately")) == 1
    w.restart()
    w.advance(minutes=15)
    assert [len(calls(w, name)) for name in ("maria", "marco", "omar")] == [1, 1, 1]
    assert len(notices(w.alice, "I have called omar@example.com privately")) == 1
    w.advance(minutes=15)
    assert [len(calls(w, name)) for name in ("maria", "marco", "omar")] == [2, 2, 1]
    assert len(notices(w.alice, "I have called @maria, @marco privately")) == 1
    clicks(w, w.marco, TAKE, on=calls(w, "marco")[-1])
    w.advance(days=1)
    assert [len(calls(w, name)) for name in ("maria", "marco", "omar")] == [2, 2, 1]
    assert all("Taken by @marco" in call.rendered for name in ("maria", "marco", "omar") for call in calls(w, name))


def test_a_manager_who_is_ccd_and_does_not_take_it_is_followed_up_in_an_hour(worlds: Worlds) -> None:
    """Once a business hour, also after the feedback itself is closed."""
    w = worlds(policy=LINE)
    sends(w, w.alice, kind="Venting")
    clicks(w, w.alice, CC, on=confirmation(w.alice))
    clicks(w, w.alice, "Told the customer", on=confirmation(w.alice))
    w.advance(minutes=59)
    assert calls(w, "marco") == []
    w.advance(minutes=1)
    assert len(calls(w, "marco")) == 1


def test_a_threat_in_a_form_that_is_forgotten_is_followed_up_all_the_same(worlds: Worlds) -> None:
    """The form was never sent."""
    w = worlds(policy=LINE)
    types(w, w.alice, kind="Venting")
    w.alice.clicks(THREAT)
    w.settle()
    w.alice.closes(everything=True)
    w.advance(minutes=15)
    assert len(calls(w, "marco")) == 1
    assert len(notices(w.alice, "I have called @marco privately")) == 1


def test_the_red_button_after_cc_says_that_it_was_pressed(venting: World) -> None:
    """The manager's message rings anew, the confirmation says so, and a message of its own tells who was called."""
    clicks(venting, venting.alice, CC, on=confirmation(venting.alice))
    clicks(venting, venting.alice, THREAT, on=confirmation(venting.alice))
    assert "Threatened or harassed: @maria was told privately" in confirmation(venting.alice).rendered
    assert len(notices(venting.alice, "I have called @maria privately about FB-1")) == 1


def test_a_call_nobody_has_taken_stands_on_the_app_home(venting: World) -> None:
    """Of every manager, with the button; of who called, without it; of nobody else; and it goes when it is taken."""
    clicks(venting, venting.alice, THREAT, on=confirmation(venting.alice))
    marco, alice, pia = (home(venting, venting.slack.person(name)) for name in ("marco", "alice", "pia"))
    assert "feels threatened or harassed" in marco.text
    assert TAKE in marco.buttons
    assert "feels threatened" in alice.text
    assert TAKE not in alice.buttons
    assert "threatened" not in pia.text
    venting.marco.clicks(TAKE, on="home")
    venting.settle()
    assert "threatened" not in home(venting, venting.marco).text
    assert "Manager: @marco has taken it" in confirmation(venting.alice).rendered


def test_cc_a_manager_makes_them_a_cc_of_the_ticket(venting: World) -> None:
    """Who is called, and who takes it; of a threat the ticket says nothing."""
    clicks(venting, venting.alice, CC, on=confirmation(venting.alice))
    assert venting.zendesk.ticket(123456)["email_ccs"] == ["maria@example.com"]
    assert "CC on the ticket: :white_check_mark: done" in confirmation(venting.alice).rendered
    clicks(venting, venting.alice, THREAT, on=confirmation(venting.alice))
    clicks(venting, venting.maria, TAKE, on=calls(venting, "maria")[0])
    assert venting.zendesk.ticket(123456)["email_ccs"] == ["maria@example.com"]


@pytest.mark.parametrize("way", ["policy", "closed"])
def test_no_cc_where_the_policy_or_the_ticket_says_so(worlds: Worlds, way: str) -> None:
    """Switched off, nothing is written; a closed ticket takes none, and Alice is told to do it by hand."""
    own = {"feedback": {"manager_call": {"cc_on_ticket": way != "policy"}}}
    w = worlds(policy=LINE | own)
    sends(w, w.alice, kind="Venting", ticket="123456" if way == "policy" else "123458")
    clicks(w, w.alice, CC, on=confirmation(w.alice))
    assert "email_ccs" not in w.zendesk.ticket(123458)
    assert "email_ccs" not in w.zendesk.ticket(123456)
    assert ("by hand" in confirmation(w.alice).rendered) is (way == "closed")


def test_a_threat_leaves_before_anything_else(venting: World) -> None:
    """With much waiting to leave, the manager is told first."""
    venting.slack.faults.rate_limit("chat.update", retry_after=600, times=3)
    venting.zendesk.faults.clear()
    clicks(venting, venting.alice, THREAT, on=confirmation(venting.alice))
    assert len(calls(venting, "maria")) == 1


# --------------------------------------------------------------------------------------- nobody is there


def test_nobody_on_duty_is_never_passed_over(worlds: Worlds) -> None:
    """The schedule is empty: the fallback is told, and how that came."""
    w = worlds(policy=MARCO_BEHIND)
    w.pagerduty.set_on_duty("PSSATRM", [])
    sends(w, w.alice, kind="Venting")
    clicks(w, w.alice, THREAT, on=confirmation(w.alice))
    assert len(calls(w, "marco")) == 1
    assert "@marco was told privately" in confirmation(w.alice).rendered


def test_nobody_at_all_is_said_at_once(worlds: Worlds) -> None:
    """No schedule, no rota, no fallback: the person is told to write to a manager, and what else to do."""
    w = worlds(policy={"managers": {"fallback": {"group": None, "people": []}}})
    sends(w, w.alice, kind="Venting")
    clicks(w, w.alice, THREAT, on=confirmation(w.alice))
    (notice,) = notices(w.alice, "found no manager to tell")
    assert "write to one yourself" in notice.rendered
    assert "Threatened or harassed: Nobody is on duty" in confirmation(w.alice).rendered


def test_the_fallback_group_is_told(worlds: Worlds) -> None:
    """Nobody on duty, and the policy names just a group: its people are told, each privately."""
    w = worlds(policy={"managers": {"fallback": {"group": "support-managers", "people": []}}})
    sends(w, w.alice, kind="Venting")
    clicks(w, w.alice, THREAT, on=confirmation(w.alice))
    assert len(calls(w, "maria")) == len(calls(w, "marco")) == 1
    assert notices(w.alice, "found no manager") == []


def test_the_manager_on_duty_left_the_company(worlds: Worlds) -> None:
    """Deactivated in Slack: the next in line is told, and the submitter sees who."""
    w = worlds(policy=MARCO_BEHIND)
    w.slack.deactivates("maria")
    sends(w, w.alice, kind="Venting")
    clicks(w, w.alice, THREAT, on=confirmation(w.alice))
    assert len(calls(w, "marco")) == 1
    assert "@marco" in confirmation(w.alice).rendered


def test_the_manager_cannot_be_written_to(worlds: Worlds) -> None:
    """Slack refuses the DM: that is itself escalated, to the next in line and to the admins."""
    w = worlds(policy=MARCO_BEHIND)
    sends(w, w.alice, kind="Venting")
    w.slack.faults.error("conversations.open", "user_disabled")
    clicks(w, w.alice, THREAT, on=confirmation(w.alice))
    assert calls(w, "maria") == []
    assert len(calls(w, "marco")) == 1
    assert "@marco was told privately" in confirmation(w.alice).rendered
    assert len(notices(w.omar, "Something needs an admin")) == 1


@pytest.mark.parametrize("hours", [1, 5])
def test_pagerduty_is_down(worlds: Worlds, hours: int) -> None:
    """The schedule cannot be asked: the rota answers at once, whoever is in it, and once when it is taken."""
    rota = {"people": ["marco@example.com"], "since": "2026-01-05"}
    w = worlds(policy={"managers": {**ON_DUTY["managers"], "rota": rota}})
    sends(w, w.alice, kind="Venting")
    w.pagerduty.faults.append(VendorFault(times=10_000, status=503))
    clicks(w, w.alice, THREAT, on=confirmation(w.alice))
    assert len(calls(w, "marco")) == 1
    clicks(w, w.marco, TAKE, on=calls(w, "marco")[0])
    w.advance(hours=hours)
    assert len(calls(w, "marco")) == 1


def test_slack_is_down_when_somebody_is_threatened(venting: World) -> None:
    """Slack takes no message for some minutes: the call leaves as soon as it does, even over a restart."""
    venting.slack.faults.status("chat.*", 503, times=4)
    clicks(venting, venting.alice, THREAT, on=confirmation(venting.alice))
    venting.restart()
    venting.advance(minutes=5)
    assert len(calls(venting, "maria")) == 1
    assert "@maria was told privately" in confirmation(venting.alice).rendered
