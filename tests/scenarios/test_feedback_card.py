"""The life of a card: what the product team does with it, and what the submitter learns of it."""

import threading

import pytest

from sandbox.driver.observations import Reply
from tests.scenarios.feedback import (
    SLOW,
    card,
    clicks,
    confirmation,
    confirms,
    dms,
    modal,
    notices,
    posted,
    sends,
    tags,
    types,
    whispers,
)
from tests.world import World

# ------------------------------------------------------------------------------------------ acknowledge


def test_acknowledge_is_shown_and_told(w: World) -> None:
    """The card changes in place, the submitter is told by DM, and the button is gone."""
    sends(w, w.alice)
    before = card(w)
    clicks(w, w.pia, "Acknowledge", on=before)
    after = card(w)
    assert after.ts == before.ts
    assert "Acknowledged by @pia" in after.rendered
    assert after.buttons == ["Link issue", "Not ours"]
    assert len(notices(w.alice, "@pia acknowledged FB-1")) == 1
    assert "Acknowledged by @pia" in confirmation(w.alice).rendered


def test_one_does_not_acknowledge_ones_own(w: World) -> None:
    """Whoever sent it is told that somebody of the product team does."""
    sends(w, w.alice)
    clicks(w, w.alice, "Acknowledge", on=card(w))
    assert "You sent this one yourself" in whispers(w.alice, "#product")[-1]
    assert "Acknowledge" in card(w).buttons


def test_two_people_acknowledge_at_once(both: World) -> None:
    """The first one wins, the second is told who it was; the submitter is told once."""
    sends(both, both.alice)
    shown, gate, replies = card(both), threading.Barrier(2), list[Reply]()

    def acknowledges(name: str) -> None:
        gate.wait()
        replies.append(both.slack.person(name).clicks("Acknowledge", on=shown))

    people = [threading.Thread(target=acknowledges, args=(name,)) for name in ("pia", "omar")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    both.settle()
    assert [reply.acked for reply in replies] == [True, True]
    whispered = [*whispers(both.pia, "#product"), *whispers(both.omar, "#product")]
    assert len(whispered) == 1
    assert "acknowledged FB-1 already" in whispered[0]
    assert len(notices(both.alice, "acknowledged FB-1")) == 1


def test_a_click_delivered_twice_counts_once(both: World) -> None:
    """Slack delivers the same click twice: one acknowledgement, and nobody is told they were second."""
    sends(both, both.alice)
    both.slack.faults.deliver_twice()
    clicks(both, both.pia, "Acknowledge", on=card(both))
    both.settle()
    assert len(notices(both.alice, "@pia acknowledged FB-1")) == 1
    assert whispers(both.pia, "#product") == []


def test_a_guest_in_the_channel_can_do_nothing(w: World) -> None:
    """A guest who was let into the channel is told why."""
    w.slack.invites("gus", to="#product")
    sends(w, w.alice)
    for button in ("Acknowledge", "Link issue", "Not ours"):
        clicks(w, w.gus, button, on=card(w))
        assert "Only full members" in whispers(w.gus, "#product")[-1]
    assert w.gus.modal is None
    assert "Acknowledge" in card(w).buttons


# ------------------------------------------------------------------------------------ told the customer


def test_told_the_customer_and_acknowledged_closes_the_case(both: World) -> None:
    """Both are needed, in any order; then no buttons are left and nothing is due."""
    sends(both, both.alice)
    clicks(both, both.alice, "Told the customer", on=confirmation(both.alice))
    assert "It stays open until it is acknowledged" in confirmation(both.alice).rendered
    assert "The customer was told" in card(both).rendered
    clicks(both, both.pia, "Acknowledge", on=card(both))
    assert card(both).buttons == []
    assert "This case is closed." in confirmation(both.alice).rendered
    assert both.next_due() is None


def test_the_buttons_of_a_closed_case_say_that_it_is_closed(w: World) -> None:
    """Somebody looks at an old rendering of the card and presses: nothing happens but a sentence."""
    sends(w, w.alice)
    old = card(w)
    w.slack.faults.status("chat.update", 500, times=100)
    w.pia.clicks("Acknowledge", on=old)
    w.alice.clicks("Told the customer", on=confirmation(w.alice))
    w.settle()
    for button in ("Acknowledge", "Not ours"):
        clicks(w, w.omar, button, on=old)
        assert "FB-1 was closed" in whispers(w.omar, "#product")[-1]
    w.slack.faults.clear()
    w.advance(hours=1)
    assert card(w).buttons == []


def test_only_the_submitter_says_that_the_customer_was_told(w: World) -> None:
    """Nobody else has the button; a forged press is refused."""
    sends(w, w.alice)
    assert "Told the customer" not in card(w).buttons


# ------------------------------------------------------------------------------------------- link issue


def test_link_issue_is_shown_and_told(both: World) -> None:
    """The product manager names the issue: it stands on the card, in the reply and in a DM."""
    sends(both, both.alice)
    clicks(both, both.pia, "Link issue", on=card(both))
    both.pia.fills({"Issue": "https://gitlab.com/gitlab-org/gitlab/-/issues/7"})
    confirms(both, both.pia)
    assert "gitlab-org/gitlab#7" in card(both).rendered
    assert "Change issue" in card(both).buttons
    assert len(notices(both.alice, "@pia linked FB-1")) == 1


def test_link_issue_takes_a_number_too(w: World) -> None:
    """A number is one of the policy's project."""
    sends(w, w.alice)
    clicks(w, w.pia, "Link issue", on=card(w))
    w.pia.fills({"Issue": "#7"})
    confirms(w, w.pia)
    assert "https://gitlab.com/gitlab-org/gitlab/-/issues/7" in card(w).rendered


def test_a_wrong_issue_is_said_at_the_field(w: World) -> None:
    """The modal stays open with what is wrong."""
    sends(w, w.alice)
    clicks(w, w.pia, "Link issue", on=card(w))
    w.pia.fills({"Issue": "https://evil.example/x/-/issues/7"})
    w.pia.submits()
    assert "link on gitlab.com" in modal(w.pia).errors["Issue"]


# ----------------------------------------------------------------------------------------------- not ours


def test_not_ours_moves_the_card(w: World) -> None:
    """It stands in the other channel with all its buttons; the old one says where it went; the submitter knows."""
    sends(w, w.alice)
    clicks(w, w.pia, "Not ours", on=card(w))
    assert "The product in general (#product)" not in modal(w.pia).options("Which area does FB-1 belong to?")
    w.pia.fills({"Which area does FB-1 belong to?": "Runner and CI/CD (#product-runner)"})
    confirms(w, w.pia)
    moved = card(w, "#product-runner")
    assert moved.buttons == ["Acknowledge", "Link issue", "Not ours"]
    assert SLOW in moved.rendered
    left = card(w)
    assert "FB-1 was moved to Runner and CI/CD" in left.rendered
    assert left.buttons == []
    assert SLOW not in left.rendered
    assert len(notices(w.alice, "@pia moved FB-1")) == 1
    assert "Passed on to #product-runner" in confirmation(w.alice).rendered


def test_a_moved_card_can_be_moved_back(w: World) -> None:
    """Back again: a new card stands in the first channel, and only there are buttons."""
    sends(w, w.alice)
    moves(w, "#product", "Runner and CI/CD (#product-runner)")
    moves(w, "#product-runner", "The product in general (#product)")
    assert [bool(message.buttons) for message in posted(w.pia, "#product")] == [False, True]
    assert card(w, "#product-runner").buttons == []


def test_a_moved_card_is_acknowledged_anew(w: World) -> None:
    """Who takes it on has their own three business days; an acknowledgement of the others does not count."""
    sends(w, w.alice)
    clicks(w, w.pia, "Acknowledge", on=card(w))
    w.advance(days=1)
    moves(w, "#product", "Application security (#product-security)")
    assert "Acknowledge" in card(w, "#product-security").buttons
    w.advance(days=2, hours=23)
    assert card(w, "#product-security").reply_count == 0
    w.advance(hours=2)
    assert card(w, "#product-security").reply_count == 1


def moves(w: World, channel: str, to: str) -> None:
    """Move the newest card of a channel."""
    clicks(w, w.pia, "Not ours", on=posted(w.pia, channel)[-1])
    w.pia.fills({"Which area does FB-1 belong to?": to})
    confirms(w, w.pia)


# ------------------------------------------------------------------------------------------ a deleted card


def test_a_deleted_card_is_posted_again(w: World) -> None:
    """An admin deleted the card: the next change posts it anew, and from then on that one is kept."""
    sends(w, w.alice)
    w.omar.deletes(card(w), as_admin=True)
    clicks(w, w.alice, "Told the customer", on=confirmation(w.alice))
    again = card(w)
    assert "The customer was told" in again.rendered
    clicks(w, w.pia, "Acknowledge", on=again)
    assert card(w).ts == again.ts


def test_a_deleted_card_does_not_swallow_the_reminder(w: World) -> None:
    """Deleted, and nobody touched it since: the card comes back, with the reminder in its thread."""
    sends(w, w.alice)
    w.omar.deletes(card(w), as_admin=True)
    w.advance(days=3, hours=1)
    again = card(w)
    assert "Acknowledge" in again.buttons
    assert "has waited 3 business days" in w.pia.sees_thread(again)[-1].rendered


# ---------------------------------------------------------------------------- the same again: one case only


def test_the_same_again_is_offered_the_open_case(w: World) -> None:
    """Same ticket, kind and submitter: the open case is offered; what was typed is added to its card."""
    sends(w, w.alice)
    types(w, w.alice, "And the button is too small")
    offer = modal(w.alice)
    assert (offer.title, offer.submit_label) == ("FB-1 is open", "Add to FB-1")
    assert SLOW in offer.text
    assert "And the button is too small" in offer.text
    confirms(w, w.alice)
    assert "Added later:\n> And the button is too small" in card(w).rendered
    w.alice.runs("/feedback", in_="#support")
    assert "did not send it" not in modal(w.alice).text


@pytest.mark.parametrize("other", [{"ticket": "123457"}, {"kind": "Refund"}])
def test_another_ticket_or_kind_is_another_case(w: World, other: dict[str, str]) -> None:
    """Only the very same is offered the open one."""
    sends(w, w.alice)
    types(w, w.alice, **other)
    assert modal(w.alice).title != "FB-1 is open"


def test_another_submitter_has_a_case_of_their_own(w: World) -> None:
    """Somebody else may hear the same of the same customer."""
    sends(w, w.alice)
    sends(w, w.adam)
    assert len(posted(w.pia, "#product")) == 2


def test_a_closed_case_is_no_obstacle(w: World) -> None:
    """After the loop is closed, the same again is a new case."""
    sends(w, w.alice)
    clicks(w, w.pia, "Acknowledge", on=card(w))
    clicks(w, w.alice, "Told the customer", on=confirmation(w.alice))
    sends(w, w.alice)
    assert "FB-2" in posted(w.pia, "#product")[-1].rendered


def test_two_previews_of_the_same_become_one_case(w: World) -> None:
    """Two forms were under way at once: the second is offered the first."""
    types(w, w.alice)
    w.alice.closes()
    w.alice.runs("/feedback 123456 The same once more", in_="#support")
    w.alice.submits()
    w.settle()
    confirms(w, w.alice)
    w.alice.runs("/feedback", in_="#support")  # the first one comes back
    w.alice.submits()
    w.settle()
    assert modal(w.alice).title == "FB-2 is open"
    assert len(posted(w.pia, "#product")) == 1


def test_the_open_case_was_closed_while_it_was_offered(w: World) -> None:
    """Nothing is lost: what was typed is shown as a case of its own, and can be sent."""
    sends(w, w.alice)
    types(w, w.alice, "And the button is too small")
    clicks(w, w.pia, "Acknowledge", on=card(w))
    w.alice.clicks("Told the customer", on=confirmation(w.alice))
    w.settle()
    w.alice.submits()
    w.settle()
    assert modal(w.alice).submit_label == "Send"
    confirms(w, w.alice)
    assert "And the button is too small" in posted(w.pia, "#product")[-1].rendered


def test_what_was_added_can_be_long_and_much(w: World) -> None:
    """Ten long additions: the card still fits, and the newest stand on it."""
    sends(w, w.alice, "y" * 3000)
    for number in range(10):
        types(w, w.alice, f"{number}: " + "é\n" * 1400)
        confirms(w, w.alice)
    assert "9: é" in card(w).rendered


# ----------------------------------------------------------------------------------- hostile or odd text

HOSTILE = (
    "<!channel> @here <@U0PIA> @everyone <https://evil.example|click> &lt;\n"
    "*bold* _it_ ~no~ `code` ```block``` :bomb:\n/close\n /assign @maria\n/label ~bug\n> quoted"
)


def test_hostile_text_calls_nobody_and_commands_nothing(w: World) -> None:
    """Mentions are shown and call nobody; links are no links; in the tracker, lines with a slash are just text."""
    types(w, w.alice, HOSTILE, feature="x <!here> y")
    w.alice.fills({"Issue": "Open a new issue"})
    confirms(w, w.alice)
    shown = card(w)
    assert shown.mentions == ["@alice"]
    assert "@\u200bchannel" in shown.rendered
    assert "<https://evil.example" not in str(shown.blocks)
    assert not any("<!" in str(block) and "<!date" not in str(block) for block in shown.blocks)
    (issue,) = w.gitlab.issues["gitlab-org/gitlab"][-1:]
    assert issue["state"] == "opened"
    assert (issue["labels"], issue["assignees"]) == ([], [])
    assert "/close" in issue["description"]


def test_hostile_text_is_harmless_as_a_comment(w: World) -> None:
    """The same when it is added to an existing issue, and when it was added later."""
    types(w, w.alice, HOSTILE, feature="pipeline schedules")
    w.alice.fills({"Issue": "#3 Pipeline schedules do not start after the owner left"})
    confirms(w, w.alice)
    issue = w.gitlab.issue("gitlab-org/gitlab", 3)
    assert (issue["state"], issue["labels"]) == ("opened", ["type::bug"])


@pytest.mark.parametrize(
    "text",
    [
        "x" * 3000,
        "&" * 3000,
        "<" * 3000,
        "\n" * 1500 + "x" * 1500,
        "`" * 3000,
        "👩‍👩‍👧‍👦" * 400,
        "> " * 1500,
        "/close\n" * 400,
    ],
    ids=["long", "ampersands", "angles", "empty-lines", "ticks", "families", "quotes", "slashes"],
)
def test_text_of_any_shape_fits(w: World, text: str) -> None:
    """Whatever people paste, Slack takes preview, card and confirmation, and the tracker the whole of it."""
    types(w, w.alice, text, feature="merge trains")
    w.alice.fills({"Issue": "Open a new issue"})
    confirms(w, w.alice)
    assert "FB-1" in card(w).rendered
    assert dms(w.alice)
    assert w.gitlab.issues["gitlab-org/gitlab"][-1]["state"] == "opened"


# ------------------------------------------------------------------------------------------------- tagging


def test_a_tag_that_is_there_already_is_fine(w: World) -> None:
    """Tagged by somebody before: nothing is lost, nothing doubled."""
    w.zendesk.tag(123456, "feedback")
    sends(w, w.alice)
    assert tags(w) == ["feedback", "pipelines"]
    assert "feedback set" in card(w).rendered


def test_a_wrong_ticket_is_corrected_afterwards(w: World) -> None:
    """The ticket vanished after the preview: the tag fails, the submitter corrects the number, and it is tagged."""
    types(w, w.alice)
    gone = w.zendesk.tickets.pop(123456)
    confirms(w, w.alice)
    assert "failed. There is no ticket 123456" in card(w).rendered
    (notice,) = notices(w.alice, "is not tagged")
    assert notice.buttons == ["Retry tagging", "Correct the ticket"]
    clicks(w, w.alice, "Correct the ticket", on=notice)
    w.alice.fills({"Ticket": "ZD-123457"})
    confirms(w, w.alice)
    w.zendesk.tickets[123456] = gone
    assert tags(w, 123457) == ["feedback", "runner"]
    assert "#123457" in card(w).rendered
    assert "feedback set" in card(w).rendered


def test_a_correction_into_another_open_case_is_refused(w: World) -> None:
    """There is an open case of that ticket already: it is named, and nothing changes."""
    sends(w, w.alice, ticket="123457")
    types(w, w.alice)
    del w.zendesk.tickets[123456]
    confirms(w, w.alice)
    clicks(w, w.alice, "Correct the ticket", on=notices(w.alice, "is not tagged")[0])
    w.alice.fills({"Ticket": "123457"})
    w.alice.submits()
    assert "FB-1 is open for this ticket already" in modal(w.alice).errors["Ticket"]


def test_a_tag_that_failed_is_tried_again(w: World) -> None:
    """Retry, pressed when the cause is gone: tagged, and the buttons for it are gone."""
    types(w, w.alice)
    gone = w.zendesk.tickets.pop(123456)
    confirms(w, w.alice)
    w.zendesk.tickets[123456] = gone
    clicks(w, w.alice, "Retry tagging", on=confirmation(w.alice))
    assert tags(w) == ["feedback", "pipelines"]
    assert confirmation(w.alice).buttons == ["Told the customer"]
    clicks(w, w.alice, "Retry tagging", on=notices(w.alice, "is not tagged")[0])
    assert "nothing to try again" in whispers(w.alice, "dm")[-1]
