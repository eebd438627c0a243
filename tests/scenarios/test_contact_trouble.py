"""When something is missing or broken: nobody on duty, vendors down, people and channels that cannot be reached."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from slack_bolt import BoltRequest

from sandbox.vendors.base import VendorFault
from storage.cases import insert_case, read_case
from tests.scenarios.conftest import Worlds
from tests.scenarios.contact import (
    CHANNEL,
    FRIDAY,
    asks,
    at,
    card,
    cards,
    clicks,
    contacts,
    dms,
    feedback_issues,
    policy,
    submits,
    thread,
)
from tests.world import World
from workflows.contract.slack_port import Message

SCHEDULE = "PSSATRM"


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where Maria is the manager on duty."""
    return worlds(policy=policy())


# ------------------------------------------------------------------------------------------ who is on duty


def test_nobody_on_duty_mentions_the_fallback_group(w: World) -> None:
    """The card says so and calls the group; who claims it owns it and is reminded."""
    w.pagerduty.set_on_duty(SCHEDULE, [])
    asks(w, w.alice)
    shown = card(w)
    assert "The on-call schedule names nobody for this time." in shown.rendered
    assert "@support-managers" in shown.rendered
    assert "@support-managers" in shown.mentions
    clicks(w, w.marco, "Claim")
    assert "Claimed by @marco" in card(w).rendered
    assert w.desk.engine.cases.read("MC-1").owner == "U0MARCO"
    assert "names nobody" in dms(w.omar)[-1].rendered, "the admins know"


def test_nobody_on_duty_is_never_a_silent_skip(w: World) -> None:
    """Nobody claims it: the thread calls the group again and again."""
    w.pagerduty.set_on_duty(SCHEDULE, [])
    asks(w, w.alice)
    w.advance(hours=1)
    assert "@support-managers" in thread(w)[-1].rendered
    w.advance(hours=49)
    said = [one.rendered for one in thread(w)]
    assert sum("MC-1 waits" in text for text in said) >= 3
    assert any("MC-1 is overdue since" in text for text in said)
    assert all("@support-managers" in text for text in said)


def test_pagerduty_down_falls_back_to_the_rota(worlds: Worlds) -> None:
    """Whose week it is stands in the policy; the card says why it is not the schedule's answer."""
    rota = {"people": ["marco@example.com"], "since": "2026-01-05"}
    w = worlds(policy=policy() | {"managers": {"on_duty_schedule": "SSAT Reviewing Manager", "rota": rota}})
    w.pagerduty.faults.append(_down())
    asks(w, w.alice)
    assert "I am looking up who is on duty" in card(w).rendered
    w.advance(minutes=1)
    assert "Owner: @marco" in card(w).rendered
    assert "@marco" in thread(w)[-1].mentions, "a card that stands already does not ring"
    assert "The on-call schedule could not be read" in card(w).rendered


def test_pagerduty_down_without_a_rota_mentions_the_group(w: World) -> None:
    """Who asked waits for no vendor: the card stands at once, and its thread calls the group."""
    w.pagerduty.faults.append(_down())
    asks(w, w.alice)
    assert "I am looking up who is on duty" in card(w).rendered
    w.advance(minutes=1)
    assert "The on-call schedule could not be read" in card(w).rendered
    assert "@support-managers" in thread(w)[-1].mentions


def test_a_moments_trouble_names_no_other_owner(w: World) -> None:
    """PagerDuty fails once: it is asked again, and Maria, who is on duty, owns it."""
    w.pagerduty.faults.append(VendorFault(times=1, status=503))
    asks(w, w.alice)
    w.advance(minutes=1)
    assert "Owner: @maria" in card(w).rendered
    assert "@maria" in thread(w)[-1].mentions


def test_a_fallback_group_that_does_not_exist_is_said(worlds: Worlds) -> None:
    """On the card, and to the admins."""
    fallback = {"group": "no-such-group", "people": []}
    w = worlds(policy=policy() | {"managers": {"on_duty_schedule": "SSAT Reviewing Manager", "fallback": fallback}})
    w.pagerduty.set_on_duty(SCHEDULE, [])
    asks(w, w.alice)
    assert "There is no user group @no-such-group" in card(w).rendered
    assert "no-such-group" in dms(w.omar)[-1].rendered


def _down() -> VendorFault:
    return VendorFault(times=5, status=503)


@pytest.mark.parametrize("way", ["command", "message"])
def test_the_owner_is_who_was_on_duty_when_it_was_asked_for(w: World, way: str) -> None:
    """The desk goes down right after it, comes back after the hand-over, and it is Maria's all the same."""
    if way == "command":
        w.alice.runs("/manager-contact 123456 Nobody answered", in_="#support")
    else:
        w.alice.says("Contact requested for ticket 123456", in_=CHANNEL)
        w.slack.until(lambda: w.desk.engine.cases.read("MC-1"))
    w.stop()
    w.jump(hours=1)
    w.pagerduty.set_on_duty(SCHEDULE, ["marco@example.com"])
    w.jump(hours=2)
    w.start()
    w.settle()
    assert "Owner: @maria" in card(w).rendered
    assert "else I ask here Mar 2, 2026 at 05:00" in card(w).rendered, "the hour counts from the card"


@pytest.mark.parametrize("who", ["nia@example.com", "dave@example.com"])
def test_on_duty_without_a_working_slack_account(w: World, who: str) -> None:
    """Never in Slack, or deactivated: said on the card, and the group is mentioned."""
    w.pagerduty.set_on_duty(SCHEDULE, [who])
    asks(w, w.alice)
    assert "is on duty but cannot be reached in Slack" in card(w).rendered
    assert "@support-managers" in card(w).mentions


def test_of_two_on_duty_the_one_who_can_be_reached_owns_it(w: World) -> None:
    """Dave has left; Marco stands next in the schedule."""
    w.pagerduty.set_on_duty(SCHEDULE, ["dave@example.com", "marco@example.com"])
    asks(w, w.alice)
    assert "Owner: @marco" in card(w).rendered


def test_the_policys_fallback_person_steps_in(worlds: Worlds) -> None:
    """Named for when nobody is on duty; the card says so, and mentions the group, too."""
    fallback = {"group": "support-managers", "people": ["marco@example.com"]}
    w = worlds(policy=policy() | {"managers": {"on_duty_schedule": "SSAT Reviewing Manager", "fallback": fallback}})
    w.pagerduty.set_on_duty(SCHEDULE, [])
    asks(w, w.alice)
    assert "Owner: @marco" in card(w).rendered
    assert "names nobody" in card(w).rendered
    assert "@support-managers" in card(w).mentions


def test_an_owner_who_leaves_is_escalated_at_the_next_message(worlds: Worlds) -> None:
    """The thread calls a stand-in, who gets the request privately; it stays hers until somebody hands it on."""
    w = worlds(policy=policy(), at=FRIDAY)
    asks(w, w.alice)
    w.slack.deactivates("maria")
    w.pagerduty.set_on_duty(SCHEDULE, ["marco@example.com"])
    w.advance_to(at("2026-11-24 09:00"))
    assert "I cannot write to @maria about MC-1" in thread(w)[-1].rendered
    assert "@marco" in thread(w)[-1].mentions
    assert "I cannot write to @maria privately" in card(w).rendered
    (private,) = dms(w.marco)
    assert "Please claim this or hand it on" in private.rendered
    clicks(w, w.marco, "Claim", on=private)
    assert "Claimed by @marco" in card(w).rendered


def test_a_lead_who_cannot_be_written_to_is_escalated_too(worlds: Worlds) -> None:
    """A wrong address in the policy: the thread and the admins hear of it."""
    w = worlds(policy=policy(lead="nobody@example.com"))
    asks(w, w.alice)
    w.advance(hours=48)
    assert any("I cannot write to nobody@example.com about MC-1" in one.rendered for one in thread(w))
    assert dms(w.marco) == [], "it is not for the group to act, only to know"
    assert any("nobody@example.com" in one.rendered for one in dms(w.omar))


# ------------------------------------------------------------------------------------------ the channel


def test_a_card_that_somebody_deletes_is_posted_again(w: World) -> None:
    """At once, with its buttons; what is said later goes to the new one's thread."""
    asks(w, w.alice)
    w.omar.deletes(card(w), as_admin=True)
    w.settle()
    clicks(w, w.maria, "Claim")
    assert "Claimed by @maria" in card(w).rendered


def test_deleted_while_the_desk_was_down_the_words_find_a_new_thread(w: World) -> None:
    """Nobody told the desk; the card comes back with the first thing it has to say."""
    asks(w, w.alice)
    w.stop()
    w.omar.deletes(card(w), as_admin=True)
    w.start()
    w.advance(hours=1)
    assert "Nobody has claimed MC-1" in thread(w)[-1].rendered


@pytest.mark.parametrize("how", ["archived", "kicked"])
def test_without_its_channel_a_request_goes_on_by_dm(w: World, how: str) -> None:
    """The owner has it with its buttons, who asked hears how to mend it, the admins are told once."""
    if how == "archived":
        w.slack.archives(CHANNEL)
    else:
        w.slack.kicks("desk", CHANNEL)
    asks(w, w.alice)
    asks(w, w.alice, "2 Another one")
    assert len(dms(w.omar)) == 1
    assert "It goes on by direct message meanwhile" in dms(w.alice)[0].rendered
    assert ("/invite" in dms(w.alice)[0].rendered) is (how == "kicked")
    clicks(w, w.maria, "Claim", on=dms(w.maria)[0])
    contacts(w, w.maria, on=dms(w.maria)[0])
    assert w.desk.engine.cases.read("MC-1").state == "contacted"
    w.advance(hours=1)
    assert "Nobody has claimed MC-2" in dms(w.maria)[-1].rendered


def test_a_channel_that_comes_back_gets_its_card(w: World) -> None:
    """The next change posts it, and the trouble is forgotten."""
    w.slack.kicks("desk", CHANNEL)
    asks(w, w.alice)
    w.slack.invites("desk", CHANNEL)
    clicks(w, w.maria, "Claim", on=dms(w.maria)[0])
    assert "Claimed by @maria" in cards(w)[-1].rendered
    assert "/invite" not in cards(w)[-1].rendered


def test_archived_later_the_thread_goes_on_by_dm(w: World) -> None:
    """A mention that cannot be posted any more reaches its people privately."""
    asks(w, w.alice)
    w.slack.archives(CHANNEL)
    w.advance(hours=1)
    assert any("Nobody has claimed MC-1" in one.rendered for one in dms(w.maria))


def test_nobody_on_duty_and_no_channel(w: World) -> None:
    """The members of the group get it one by one, with its buttons."""
    w.pagerduty.set_on_duty(SCHEDULE, [])
    w.slack.archives(CHANNEL)
    asks(w, w.alice)
    for who in (w.maria, w.marco):
        assert "Claim" in dms(who)[-1].buttons
    clicks(w, w.marco, "Claim", on=dms(w.marco)[-1])
    assert w.desk.engine.cases.read("MC-1").owner == "U0MARCO"


# ------------------------------------------------------------------------------------------ the vendors


def test_a_tracker_that_is_down_is_tried_again(w: World) -> None:
    """The clock has stopped; the card says pending until the issue is written, once."""
    asks(w, w.alice)
    w.gitlab.faults.append(_down())
    contacts(w, w.maria)
    assert "pending" in card(w).rendered
    w.advance(hours=1)
    (issue,) = feedback_issues(w)
    assert issue["state"] == "closed"
    assert "commented, labelled, closed" in card(w).rendered


def test_a_tracker_that_stays_down_leaves_the_steps_to_a_person(w: World) -> None:
    """Who contacted the customer is told what to do by hand, and can try again."""
    asks(w, w.alice)
    w.gitlab.faults.append(_gone())
    contacts(w, w.maria)
    w.advance(hours=5)
    notice = dms(w.maria, "is not written")[-1]
    assert "ssat-manager-contacted-customer" in notice.rendered
    w.gitlab.faults.clear()
    clicks(w, w.maria, "Retry the issue", on=notice)
    (issue,) = feedback_issues(w)
    assert issue["state"] == "closed"


def _gone() -> VendorFault:
    return VendorFault(times=500, status=503)


def test_a_ticket_that_does_not_exist_is_said_on_the_card(w: World) -> None:
    """A manager corrects it."""
    asks(w, w.alice, "987654321 Wrong")
    assert "knows no ticket #987654321" in card(w).rendered
    assert any("Please tell the right number" in message.rendered for message in w.adam.dm() + w.alice.dm())
    w.maria.clicks("Name the ticket", on=card(w))
    submits(w, w.maria, Ticket="123456")
    assert "knows no ticket" not in card(w).rendered
    assert "ticket #123456" in card(w).rendered


def test_a_ticket_of_another_open_request_cannot_be_named(w: World) -> None:
    """Two cases of one ticket would be two owners."""
    asks(w, w.alice)
    asks(w, w.alice, "987654321 Wrong")
    w.maria.clicks("Name the ticket", on=cards(w)[-1])
    submits(w, w.maria, Ticket="123456")
    assert w.maria.modal is not None
    assert "MC-1 is open for ticket 123456 already" in w.maria.modal.text


def test_a_deleted_card_comes_back_behind_hundreds_of_contacted_requests(w: World) -> None:
    """It is found by where it stood, not among the first so many."""
    asks(w, w.alice)
    contacts(w, w.maria)
    with w.desk.database.transaction() as connection:
        row = read_case(connection, "MC-1")
        assert row is not None
        for number in range(1000, 1600):
            copy = row.model_dump() | {"id": f"MC-{number}", "created_at": row.created_at - timedelta(days=1)}
            insert_case(connection, copy)
    w.marco.deletes(card(w), as_admin=True)
    w.settle()
    assert "Contacted by @maria" in card(w).rendered


def test_a_button_of_an_older_version_is_answered_and_the_card_shown_anew(w: World) -> None:
    """Who presses it is told; nothing happens to the request, and the card has the buttons that work."""
    asks(w, w.alice)
    shown, at = card(w).buttons, w.desk.engine.cases.read("MC-1").messages["card"]
    former = {"type": "button", "text": {"type": "plain_text", "text": "Hand on"}, "action_id": "contact.hand_on"}
    blocks = [{"type": "actions", "elements": [former | {"value": "MC-1"}]}]
    w.desk.ports.slack.update(at.channel, at.ts, Message("MC-1", blocks))
    clicks(w, w.maria, "Hand on")
    assert "I no longer know this button" in w.maria.sees(CHANNEL)[-1].rendered
    assert card(w).buttons == shown
    assert len(cards(w)) == 1


def test_a_form_of_an_older_version_says_that_nothing_was_saved(w: World) -> None:
    """The sentence stands on top of the form, which keeps what was typed."""
    team = w.sandbox.app.workspace.team_id
    view = {"type": "modal", "id": "V1", "callback_id": "contact.hand_on", "state": {"values": {}}, "blocks": []}
    body = {"type": "view_submission", "user": {"id": "U0MARIA"}, "team": {"id": team}, "view": view}
    answer = w.desk.bolt.dispatch(BoltRequest(body=body, mode="socket_mode"))
    assert answer.status == HTTPStatus.OK
    assert '"response_action": "push"' in answer.body
    assert "I no longer know this form" in answer.body
