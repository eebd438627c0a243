"""What waits, and what was: the list of manager contact, and its table."""

import pytest

from tests.scenarios.conftest import Worlds
from tests.scenarios.contact import CHANNEL, asks, card, cards, clicks, contacts, dms, policy
from tests.tickets import ticket
from tests.world import World
from workflows.contact.events import ContactRequested
from workflows.contact.model import KIND, Source


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where Maria is the manager on duty."""
    return worlds(policy=policy())


def listed(w: World, who: str, text: str = "") -> set[str]:
    """The requests that somebody's list shows."""
    words = w.slack.person(who).runs(f"/manager-contact list {text}", in_="#support").rendered.replace("*", " ").split()
    return {word for word in words if word.startswith("MC-")}


def test_the_list_takes_what_is_asked_for(w: World) -> None:
    """Mine, unclaimed, overdue, somebody's, a ticket's, unanswered; managers see all, others what concerns them."""
    asks(w, w.alice, "123456 slow")
    clicks(w, w.marco, "Claim")
    w.advance(days=3)
    asks(w, w.adam, "123457 slow")
    w.alice.says("Ticket 123458 was escalated", in_=CHANNEL)
    w.settle()
    assert listed(w, "maria") == {"MC-1", "MC-2"}
    assert listed(w, "marco", "mine") == {"MC-1"}
    assert listed(w, "maria", "unclaimed") == {"MC-2"}
    assert listed(w, "maria", "overdue") == {"MC-1"}
    assert listed(w, "maria", "@adam") == {"MC-2"}
    assert listed(w, "maria", "#123456 mine") == {"MC-1"}
    assert listed(w, "maria", "unanswered") == {"MC-3"}
    assert listed(w, "adam") == {"MC-2"}
    assert listed(w, "pia") == set()
    assert "I don't know what to list" in w.maria.runs("/manager-contact list all of them", in_="#support").rendered


def test_a_long_list_is_turned_by_buttons(w: World) -> None:
    """However many wait, the most urgent first; a page shows how it is now."""
    for number in range(600):
        request = ContactRequested(Source.COMMAND, "U0ALICE", ticket(number + 1), "x")
        w.desk.engine.open(KIND, request, key=f"many:{number}", now=w.clock.now())
    reply = w.maria.runs("/manager-contact list", in_="#support")
    assert reply.message is not None
    assert "Waiting for a manager: 600" in reply.rendered
    assert "Page 1 of 40" in reply.rendered
    w.maria.clicks("Next page", on=reply.message)
    (shown,) = [one for one in w.maria.sees("#support") if one.ts == reply.message.ts]
    assert "Page 2 of 40" in shown.rendered
    assert shown.buttons == ["Previous page", "Next page"]


def test_the_table_has_a_row_for_each_request(w: World) -> None:
    """For managers, without anything a customer said; a table that cannot be sent is said so."""
    asks(w, w.alice, "123456 Ms Customer is furious")
    w.advance(hours=3)
    contacts(w, w.maria)
    w.alice.says("Ticket 123458 was escalated", in_=CHANNEL)
    w.settle()
    assert "Only managers" in w.alice.runs("/manager-contact export", in_="#support").text
    assert "not a period" in w.maria.runs("/manager-contact export fortnight", in_="#support").text
    assert "1 requests as a table" in w.maria.runs("/manager-contact export 2w", in_="#support").text
    w.settle()
    (file,) = [one for one in w.sandbox.app.workspace.files.values() if one.name.startswith("manager-contact-")]
    assert file.content is not None
    header, row = file.content.decode("utf-8-sig").splitlines()
    assert header.startswith("request,state,asked_at,ticket,sources,owner")
    assert row.startswith("MC-1,contacted,2026-03-02 09:00,123456,command,U0MARIA,,,2026-03-04 09:00,U0MARIA,")
    assert ",email,yes,3.0," in row
    assert "furious" not in file.content.decode()
    w.slack.faults.error("files.getUploadURLExternal", "file_uploads_disabled")
    w.maria.runs("/manager-contact export", in_="#support")
    w.settle()
    assert dms(w.maria, "I could not send you the table")
    assert cards(w) == [card(w)]
