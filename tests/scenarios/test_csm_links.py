"""A pasted link to a ticket's data: the readable one, privately, once a message."""

import pytest

from sandbox.driver.people import SandboxPerson
from tests.scenarios.conftest import Worlds
from tests.world import World

LINK = "https://gitlab.zendesk.com/api/v2/tickets/123456.json"
READABLE = "https://gitlab.zendesk.com/agent/tickets/123456"


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world with a second account of the ticket system."""
    return worlds(policy={"tickets": {"accounts": {"emea": {"hosts": ["emea.zendesk.com"]}}}})


def private(who: SandboxPerson, channel: str = "#support") -> list[str]:
    """What only this person sees in a channel."""
    return [f"{message.text} {message.blocks}" for message in who.sees(channel) if message.ephemeral]


def test_who_pastes_it_gets_the_readable_one_and_may_share_it(w: World) -> None:
    """Nobody else sees the answer until it is shared, in the thread; then everybody does, once."""
    said = w.carol.says(f"A ticket of mine: {LINK}", in_="#support")
    w.settle()
    (answer,) = private(w.carol)
    assert READABLE in answer
    assert private(w.alice) == []
    shown = next(message for message in w.carol.sees("#support") if message.ephemeral)
    w.carol.clicks("Share in the thread", on=shown)
    w.settle()
    assert [READABLE in str(one.text) + str(one.blocks) for one in w.alice.sees_thread(said)] == [False, True]
    assert w.desk.engine.cases.read("PL-1").state == "shared"


def test_it_is_answered_once_a_message_also_in_an_edit(w: World) -> None:
    """An edit that brings the link is answered, a later edit is not; two links are one answer; of each account."""
    said = w.carol.says("Which one was it?", in_="#support")
    w.settle()
    assert private(w.carol) == []
    w.carol.edits(said, f"This one: {LINK}")
    w.carol.edits(said, f"This one, I think: {LINK}")
    w.settle()
    assert len(private(w.carol)) == 1
    w.carol.says(f"{LINK} https://emea.zendesk.com/api/v2/tickets/7.json {LINK}", in_="#support")
    w.settle()
    both = private(w.carol)[-1]
    assert "https://emea.zendesk.com/agent/tickets/7" in both
    assert len(private(w.carol)) == 2


def test_code_other_hosts_guests_and_bots_are_left_alone(w: World) -> None:
    """None of them is answered; and in the channel of escalations the link starts no request."""
    for text in (f"```{LINK}```", f"`{LINK}`", "https://other.zendesk.com/api/v2/tickets/1.json", READABLE):
        w.carol.says(text, in_="#support")
    w.gus.says(LINK, in_="#support")
    w.slack.integration("integration").says(LINK, in_="#support")
    w.yuki.says(LINK, in_="#partner-shared")
    w.settle()
    assert w.desk.engine.cases.read("PL-1") is None
    w.carol.says(LINK, in_="#support_escalations")
    w.settle()
    assert len(private(w.carol, "#support_escalations")) == 1
    assert w.desk.engine.cases.read("MC-1") is None


def test_in_a_thread_it_is_answered_there_and_where_that_fails_by_dm(w: World) -> None:
    """Slack may refuse to show something to one person; then it is a direct message."""
    root = w.alice.says("Anybody?", in_="#support")
    reply = w.carol.says(LINK, in_="#support", thread=root)
    w.settle()
    assert [one.ephemeral for one in w.carol.sees_thread(reply)] == [False, False, True]
    w.slack.faults.error("chat.postEphemeral", "user_not_in_channel", times=1)
    w.carol.says(f"{LINK} again", in_="#support")
    w.settle()
    assert READABLE in str(w.carol.dm()[-1].blocks)


def test_it_can_be_switched_off(worlds: Worlds) -> None:
    """By the policy."""
    w = worlds(policy={"csm": {"answer_links": False}})
    w.carol.says(LINK, in_="#support")
    w.settle()
    assert private(w.carol) == []
