"""Channels the desk cannot write to: nothing is lost, the submitter and the admins know what to do."""

from typing import Any

import pytest

from tests.scenarios.conftest import Worlds
from tests.scenarios.feedback import SLOW, card, clicks, confirmation, notices, posted, sends
from tests.world import World


def policy(channel: str, default: str = "#product") -> dict[str, Any]:
    """A policy whose area "Wiki" is read in this channel."""
    areas = {
        "*": None,
        "general": {"label": "The product in general", "channel": default},
        "wiki": {"label": "Wiki", "channel": channel},
    }
    return {"feedback": {"areas": areas}}


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("#not-invited", "I am not in #not-invited"),
        ("#no-such-channel", "I am not in #no-such-channel, or it does not exist"),
        ("#secret", "I am not in #secret"),
        ("#archived", "#archived is archived"),
    ],
)
def test_the_default_channel_takes_the_card(worlds: Worlds, channel: str, words: str) -> None:
    """Not invited, no such channel, private, archived: the card stands in the default channel and says so."""
    w = worlds(policy=policy(channel))
    sends(w, w.alice, area="Wiki")
    shown = card(w)
    assert SLOW in shown.rendered
    assert f"belongs to {channel}, where I cannot post" in shown.rendered
    assert shown.buttons == ["Acknowledge", "Link issue", "Not ours"]
    own = confirmation(w.alice)
    assert words in own.rendered
    assert "It stands in #product meanwhile" in own.rendered
    assert "Post it again" in own.buttons
    assert len(notices(w.alice, "I posted it in #product meanwhile")) == 1


def test_the_admins_are_told_once(worlds: Worlds) -> None:
    """Three people fail over the same channel: one DM for the admin."""
    w = worlds(policy=policy("#not-invited"))
    for who, ticket in ((w.alice, "123456"), (w.adam, "123456"), (w.alice, "123457")):
        sends(w, who, area="Wiki", ticket=ticket)
    assert len(posted(w.pia, "#product")) == 3
    (notice,) = notices(w.omar, "#not-invited")
    assert "/invite" in notice.rendered


def test_post_it_again_works_after_the_invitation(worlds: Worlds) -> None:
    """Invited, pressed: the card stands where it belongs, the substitute says where it went."""
    w = worlds(policy=policy("#not-invited"))
    sends(w, w.alice, area="Wiki")
    w.slack.invites("desk", to="#not-invited")
    clicks(w, w.alice, "Post it again", on=confirmation(w.alice))
    shown = card(w, "#not-invited")
    assert "Acknowledge" in shown.buttons
    assert "cannot post" not in shown.rendered
    substitute = card(w)
    assert "FB-1 was moved to Wiki" in substitute.rendered
    assert substitute.buttons == []
    own = confirmation(w.alice)
    assert "Passed on to #not-invited" in own.rendered
    assert "Post it again" not in own.buttons
    clicks(w, w.pia, "Acknowledge", on=shown)
    assert "Acknowledged by @pia" in card(w, "#not-invited").rendered
    assert "was moved" in card(w).rendered


def test_post_it_again_before_the_invitation(worlds: Worlds) -> None:
    """Still not invited: the substitute keeps its buttons, and the submitter reads why once more."""
    w = worlds(policy=policy("#not-invited"))
    sends(w, w.alice, area="Wiki")
    clicks(w, w.alice, "Post it again", on=confirmation(w.alice))
    live = [message for message in posted(w.pia, "#product") if message.buttons]
    assert len(live) == 1
    assert "belongs to #not-invited" in live[0].rendered
    assert "Post it again" in confirmation(w.alice).buttons


def test_no_channel_takes_it(worlds: Worlds) -> None:
    """Even the default channel does not: the submitter is told once; mended, the button posts the card."""
    w = worlds(policy=policy("#not-invited", default="#not-invited"))
    sends(w, w.alice)
    assert len(notices(w.alice, "FB-1: I am not in #not-invited")) == 1
    assert len(notices(w.omar, "#not-invited")) == 1
    w.advance(days=10)
    assert len(notices(w.alice, "FB-1: I am not in #not-invited")) == 1
    w.slack.invites("desk", to="#not-invited")
    clicks(w, w.alice, "Post it again", on=confirmation(w.alice))
    assert SLOW in card(w, "#not-invited").rendered


def test_the_channel_was_archived_later(w: World) -> None:
    """The card stood there, then the channel was archived: the next change moves it to the default channel."""
    sends(w, w.alice, area="Runner and CI/CD")
    w.slack.archives("#product-runner")
    clicks(w, w.alice, "Told the customer", on=confirmation(w.alice))
    assert "The customer was told" in card(w).rendered
    assert "#product-runner is archived" in confirmation(w.alice).rendered
    clicks(w, w.pia, "Acknowledge", on=card(w))
    assert card(w).buttons == []


def test_the_desk_was_thrown_out_later(w: World) -> None:
    """The same when somebody removes the desk; the reminder finds the card where it stands now."""
    sends(w, w.alice, area="Runner and CI/CD")
    w.slack.kicks("desk", from_="#product-runner")
    w.advance(days=4)
    shown = card(w)
    assert "belongs to #product-runner" in shown.rendered
    assert any("has waited" in reply.rendered for reply in w.pia.sees_thread(shown)[1:])


def test_moved_into_a_channel_that_cannot_be_written_to(worlds: Worlds) -> None:
    """Not ours, into a channel without the desk: there is one live card, in the default channel."""
    w = worlds(policy=policy("#not-invited"))
    sends(w, w.alice)
    clicks(w, w.pia, "Not ours", on=card(w))
    w.pia.fills({"Which area does FB-1 belong to?": "Wiki (#not-invited)"})
    w.pia.submits()
    w.settle()
    live = [message for message in posted(w.pia, "#product") if message.buttons]
    assert len(live) == 1
    assert "belongs to #not-invited" in live[0].rendered


def test_the_submitter_has_left(w: World) -> None:
    """Deactivated after sending: the card lives on for the product team, and nothing is tried for ever."""
    sends(w, w.alice)
    w.slack.deactivates("alice")
    clicks(w, w.pia, "Acknowledge", on=card(w))
    assert "Acknowledged by @pia" in card(w).rendered
    w.advance(days=30)
    assert w.next_due() is None


def test_another_organisation_reads_no_customers_words(worlds: Worlds) -> None:
    """A shared channel gets the card without them, also in the fallback; ours get them by DM, others do not."""
    w = worlds(policy=policy("#partner-shared"))
    sends(w, w.alice, text="ACME cannot see its wiki", area="Wiki", feature="secret wiki of ACME")
    (shown,) = posted(w.pia, "#partner-shared")
    assert "ACME" not in str(shown.raw)
    assert "Another organisation reads this channel" in shown.rendered
    assert shown.buttons == ["Acknowledge", "Link issue", "Not ours", "Send me the words"]
    clicks(w, w.pia, "Send me the words", on=shown)
    assert len(notices(w.pia, "ACME cannot see its wiki")) == 1
    clicks(w, w.yuki, "Send me the words", on=shown)
    assert not notices(w.yuki, "ACME")
    clicks(w, w.pia, "Acknowledge", on=shown)
    assert "ACME" not in str(posted(w.pia, "#partner-shared")[0].raw)


def test_while_slack_does_not_say_who_reads_a_channel_the_words_stay_out(worlds: Worlds) -> None:
    """Nobody waits for that answer; once it comes, the next look of the card has them."""
    w = worlds(policy=policy("#product"))
    w.slack.faults.status("conversations.info", 503, times=1000)
    sends(w, w.alice, text="ACME cannot see its wiki", area="Wiki")
    assert "ACME" not in str(card(w).raw)
    w.slack.faults.clear()
    clicks(w, w.pia, "Acknowledge", on=card(w))
    assert "ACME cannot see its wiki" in card(w).rendered


def test_a_channel_that_is_shared_later_shows_no_words_from_then_on(worlds: Worlds) -> None:
    """Slack is asked, not the policy, and again after ten minutes."""
    w = worlds(policy=policy("#product"))
    sends(w, w.alice, text="ACME cannot see its wiki", area="Wiki")
    assert "ACME" in card(w).rendered
    w.sandbox.app.workspace.place("product").is_ext_shared = True
    w.advance(minutes=11)
    clicks(w, w.pia, "Acknowledge", on=card(w))
    assert "ACME" not in str(card(w).raw)
