"""Vendors and Slack in trouble: nothing is lost, nothing is done twice, nothing is claimed that is not so."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sandbox.vendors.base import VendorFault
from tests.scenarios.conftest import Worlds
from tests.scenarios.feedback import (
    SLOW,
    card,
    clicks,
    comments,
    confirmation,
    confirms,
    issues,
    modal,
    notices,
    posted,
    sends,
    tags,
    types,
)
from tests.world import World

FOR_EVER = 100_000

DOWN: dict[str, VendorFault] = {
    "unavailable": VendorFault(status=503),
    "broken": VendorFault(status=500, body="<html>oops</html>"),
    "too many": VendorFault(status=429, headers={"Retry-After": "60"}),
    "nonsense": VendorFault(status=200, body="<html>maintenance</html>"),
}


def down(kind: str = "unavailable", times: int = FOR_EVER) -> VendorFault:
    """A vendor that does not work, so many times."""
    fault = DOWN[kind]
    return VendorFault(times=times, status=fault.status, body=fault.body, headers=fault.headers)


# ---------------------------------------------------------------------------------------------- Zendesk


@pytest.mark.parametrize("kind", DOWN)
def test_zendesk_is_down_for_a_while(w: World, kind: str) -> None:
    """The preview says so and can be sent; the card says pending, and turns by itself."""
    w.zendesk.faults.append(down(kind))
    types(w, w.alice)
    assert "does not answer just now" in modal(w.alice).text
    confirms(w, w.alice)
    assert "Tag: :hourglass_flowing_sand: pending" in card(w).rendered
    assert "pending" in confirmation(w.alice).rendered
    w.advance(hours=1)
    assert "pending" in card(w).rendered
    w.zendesk.faults.clear()
    w.advance(minutes=15)
    assert "feedback set" in card(w).rendered
    assert tags(w) == ["feedback", "pipelines"]
    assert notices(w.alice, "is not tagged") == []


def test_zendesk_is_down_for_longer_than_the_policy_allows(w: World) -> None:
    """After the limit a person is told what to do by hand, once; Retry works when it is back."""
    w.zendesk.faults.append(down())
    sends(w, w.alice)
    w.advance(hours=5)
    assert "Tag: :warning: failed" in card(w).rendered
    (notice,) = notices(w.alice, "is not tagged")
    assert "by hand" in notice.rendered
    assert notice.buttons == ["Retry tagging", "Correct the ticket"]
    w.zendesk.faults.clear()
    clicks(w, w.alice, "Retry tagging", on=notice)
    assert "feedback set" in card(w).rendered
    assert tags(w) == ["feedback", "pipelines"]


def test_the_company_sets_how_long_is_tried(worlds: Worlds) -> None:
    """A shorter limit gives up sooner."""
    w = worlds(policy={"delivery": {"channel_pace": "0s", "retry_longest": "1m", "give_up_after": "10m"}})
    w.zendesk.faults.append(down())
    sends(w, w.alice)
    w.advance(minutes=9)
    assert "pending" in card(w).rendered
    w.advance(minutes=2)
    assert "failed" in card(w).rendered


def test_zendesk_took_the_tag_and_the_answer_was_lost(w: World) -> None:
    """The connection broke after it was done: tried again, still one tag, no other lost."""
    types(w, w.alice)
    w.zendesk.faults.extend([VendorFault(times=2, drop=True)])
    confirms(w, w.alice)
    w.advance(minutes=1)
    assert tags(w) == ["feedback", "pipelines"]
    assert "feedback set" in card(w).rendered


def test_somebody_tags_the_ticket_at_the_same_time(w: World) -> None:
    """A conflict of two changes: both tags are there."""
    types(w, w.alice)
    w.zendesk.tag(123456, "vip")
    confirms(w, w.alice)
    assert tags(w) == ["feedback", "pipelines", "vip"]


def test_zendesk_does_not_take_our_token(w: World) -> None:
    """The set-up is wrong: the admins are told once, and mending it is enough."""
    w.zendesk.faults.append(VendorFault(times=FOR_EVER, status=401, body={"error": "Couldn't authenticate you"}))
    sends(w, w.alice)
    sends(w, w.alice, ticket="123457")
    w.advance(minutes=30)
    assert len(notices(w.omar, "Something needs an admin")) <= 2  # reading and writing are two topics
    assert notices(w.omar, "Something needs an admin")
    assert not any("sandbox-zendesk" in message.rendered for message in w.omar.dm())
    w.zendesk.faults.clear()
    w.advance(minutes=15)
    assert tags(w) == ["feedback", "pipelines"]


def test_without_zendesk_it_goes_on_by_hand(worlds: Worlds) -> None:
    """Not connected: the preview can be sent, the card says what to do by hand."""
    w = worlds(ZENDESK_URL="", ZENDESK_EMAIL="", ZENDESK_TOKEN="")
    types(w, w.alice)
    confirms(w, w.alice)
    assert "not connected" in card(w).rendered
    assert "by hand" in card(w).rendered


# ----------------------------------------------------------------------------------------------- GitLab


def test_gitlab_is_down_while_somebody_looks_for_issues(w: World) -> None:
    """Nobody waits for the search: a new issue can be wished for, and is opened when the tracker is back."""
    w.gitlab.faults.append(down())
    types(w, w.alice, "It broke", kind="Bug", feature="pipeline schedules")
    assert modal(w.alice).options("Issue") == ["Open a new issue"]
    assert "The tracker does not answer just now" in modal(w.alice).text
    w.alice.fills({"Issue": "Open a new issue"})
    confirms(w, w.alice)
    assert "pending" in confirmation(w.alice).rendered
    assert "{issue_url}" in confirmation(w.alice).rendered  # the gap is shown, for a person to see it
    w.gitlab.faults.clear()
    w.advance(minutes=15)
    assert len(issues(w)) == 1
    assert issues(w)[0]["web_url"].rpartition("/vendors")[2] in confirmation(w.alice).rendered


def test_gitlab_is_down_for_longer_than_the_policy_allows(w: World) -> None:
    """A person is told, once, with Retry and Link issue; Retry opens it when the tracker is back."""
    w.gitlab.faults.append(down())
    sends(w, w.alice, kind="Bug")
    w.advance(hours=5)
    (notice,) = notices(w.alice, "is not written")
    assert notice.buttons == ["Retry the issue", "Link issue"]
    w.gitlab.faults.clear()
    clicks(w, w.alice, "Retry the issue", on=notice)
    assert len(issues(w)) == 1
    assert "failed" not in confirmation(w.alice).rendered


def test_an_issue_written_by_hand_is_linked(w: World) -> None:
    """The person did it by hand: linked, and nothing is tried any more."""
    w.gitlab.faults.append(down())
    sends(w, w.alice, kind="Bug")
    w.advance(hours=5)
    clicks(w, w.alice, "Link issue", on=notices(w.alice, "is not written")[0])
    w.alice.fills({"Issue": "7"})
    confirms(w, w.alice)
    assert "failed" not in confirmation(w.alice).rendered
    assert "-/issues/7" in confirmation(w.alice).rendered


def test_gitlab_opened_the_issue_and_the_answer_was_lost(w: World) -> None:
    """The connection broke after it was done: the issue is found again, not doubled."""
    types(w, w.alice, kind="Bug")
    w.alice.fills({"Issue": "Open a new issue"})
    w.gitlab.faults.append(VendorFault(times=1, drop=True))
    confirms(w, w.alice)
    w.advance(minutes=1)
    assert len(issues(w)) == 1
    assert "pending" not in confirmation(w.alice).rendered


def test_gitlab_took_the_comment_and_the_answer_was_lost(w: World) -> None:
    """The same for a comment."""
    types(w, w.alice, feature="pipeline schedules")
    w.alice.fills({"Issue": "#3 Pipeline schedules do not start after the owner left"})
    w.gitlab.faults.append(VendorFault(times=1, drop=True))
    confirms(w, w.alice)
    w.advance(minutes=1)
    assert len(comments(w, 3)) == 1
    assert "pending" not in card(w).rendered


def test_the_chosen_issue_was_deleted(w: World) -> None:
    """It is gone when the comment comes: a person is told, and can link another."""
    types(w, w.alice, feature="pipeline schedules")
    w.alice.fills({"Or another existing issue": "4711"})
    confirms(w, w.alice)
    assert "failed" in card(w).rendered
    assert notices(w.alice, "is not written")[0].buttons == ["Retry the issue", "Link issue"]


def test_without_gitlab_it_goes_on_by_hand(worlds: Worlds) -> None:
    """Not connected: the bug is told to be written by hand."""
    w = worlds(GITLAB_TOKEN="", GITLAB_URL="")
    sends(w, w.alice, kind="Bug")
    assert "not connected" in confirmation(w.alice).rendered
    assert "Link issue" in confirmation(w.alice).buttons


# ------------------------------------------------------------------------------------------------ Slack

Trouble = Callable[[World, str], None]


def limited(w: World, method: str) -> None:
    """Too many calls: Slack says how long to wait."""
    w.slack.faults.rate_limit(method, retry_after=30, times=2)


def broken(w: World, method: str) -> None:
    """Slack has trouble of its own."""
    w.slack.faults.status(method, 500, times=2)


def hanging(w: World, method: str) -> None:
    """Slack takes longer than the desk waits, and never answers."""
    w.slack.faults.hang(method, FOR_EVER, times=1)


def dropping(w: World, method: str) -> None:
    """Done, and the connection breaks before the answer."""
    w.slack.faults.drop(method, times=2)


def nonsense(w: World, method: str) -> None:
    """Done, and half an answer."""
    w.slack.faults.malformed(method, times=2)


def internal(w: World, method: str) -> None:
    """An error code that asks for patience."""
    w.slack.faults.error(method, "internal_error", times=2)


TROUBLES: list[Trouble] = [limited, broken, dropping, nonsense, internal]
METHODS = ["chat.postMessage", "chat.update", "conversations.open"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_messages_get_through_once(w: World, trouble: Trouble, method: str) -> None:
    """Whatever Slack does with a message: in the end there is one card, one confirmation, and both are right."""
    types(w, w.alice)
    trouble(w, method)
    confirms(w, w.alice)
    w.advance(minutes=15)
    all_is_right(w)


def all_is_right(w: World) -> None:
    """One card and one confirmation, and both say how far it is."""
    assert "feedback set" in card(w).rendered
    assert len(notices(w.alice, "The reply to the customer")) == 1
    assert "feedback set" in confirmation(w.alice).rendered
    assert "Passed on to #product" in confirmation(w.alice).rendered


@pytest.mark.parametrize("method", METHODS)
def test_slack_is_late_and_the_desk_looks_again_after_it(w: World, method: str) -> None:
    """The desk stopped waiting, Slack does it all the same, and then the desk looks: it is found, not done twice."""
    types(w, w.alice)
    w.slack.faults.late(method)
    confirms(w, w.alice)
    assert w.slack.faults.release() == 1
    w.advance(minutes=15)
    all_is_right(w)


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "conversations.open"])
def test_slack_is_later_than_the_second_look_of_the_desk(w: World, method: str) -> None:
    """The desk stopped waiting, looked and did it again; only then Slack does it: still once, and still right."""
    types(w, w.alice)
    w.slack.faults.late(method)
    confirms(w, w.alice)
    w.advance(minutes=1)
    assert w.slack.faults.release() == 1
    w.advance(minutes=15)
    all_is_right(w)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_an_acknowledgement_gets_through_once(w: World, trouble: Trouble) -> None:
    """The click is saved whatever comes after; the DM about it is sent once."""
    sends(w, w.alice)
    trouble(w, "chat.*")
    w.pia.clicks("Acknowledge", on=card(w))
    w.settle()
    w.advance(minutes=15)
    assert "Acknowledged by @pia" in card(w).rendered
    assert len(notices(w.alice, "@pia acknowledged FB-1")) == 1


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
def test_an_acknowledgement_that_slack_shows_late_is_told_once(w: World, method: str) -> None:
    """The desk stopped waiting, Slack does it all the same, and then the desk looks."""
    sends(w, w.alice)
    w.slack.faults.late(method)
    assert clicks(w, w.pia, "Acknowledge", on=card(w)).acked
    assert w.slack.faults.release() == 1
    w.advance(minutes=15)
    assert "Acknowledged by @pia" in card(w).rendered
    assert len(notices(w.alice, "@pia acknowledged FB-1")) == 1


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_the_preview_is_filled_when_slack_is_well_again(w: World, trouble: Trouble) -> None:
    """The modal is open and Slack does not take its update: it comes later, and Send works meanwhile."""
    w.alice.runs("/feedback 123456 slow", in_="#support")
    trouble(w, "views.update")
    w.alice.submits()
    w.settle()
    w.advance(minutes=2)
    assert "Ticket #123456" in modal(w.alice).text
    assert "found" in modal(w.alice).text
    confirms(w, w.alice)
    assert "slow" in card(w).rendered


@pytest.mark.parametrize("minutes", [0, 1])
def test_the_preview_is_filled_when_slack_is_late(w: World, minutes: int) -> None:
    """Slack shows it after the desk stopped waiting, before it looks again and after."""
    w.alice.runs("/feedback 123456 slow", in_="#support")
    w.slack.faults.late("views.update")
    w.alice.submits()
    w.settle()
    w.advance(minutes=minutes)
    assert w.slack.faults.release() == 1
    w.advance(minutes=2)
    assert "Ticket #123456" in modal(w.alice).text
    assert "found" in modal(w.alice).text
    confirms(w, w.alice)
    assert "slow" in card(w).rendered


@pytest.mark.parametrize("trouble", [*TROUBLES, hanging], ids=lambda trouble: trouble.__name__)
def test_a_form_that_slack_does_not_open_loses_nothing(w: World, trouble: Trouble) -> None:
    """What was typed is given back, or stands in the form that opened after all."""
    trouble(w, "views.open")
    reply = w.alice.runs(f"/feedback 123456 {SLOW}", in_="#support")
    assert reply.acked
    opened = w.alice.modal is not None and SLOW in str(w.alice.modal.values)
    assert opened or SLOW in reply.rendered


@pytest.mark.parametrize("method", ["users.info", "auth.test"])
@pytest.mark.parametrize("trouble", [broken, hanging, dropping], ids=lambda trouble: trouble.__name__)
def test_the_desk_is_open_when_slack_does_not_say_who_somebody_is(w: World, trouble: Trouble, method: str) -> None:
    """Nobody is shut out because Slack is slow."""
    trouble(w, method)
    assert w.alice.runs("/feedback 123456 slow", in_="#support").acked
    assert modal(w.alice).values["Ticket"] == "123456"


IMPATIENT = {"delivery": {"channel_pace": "0s", "retry_longest": "1m", "give_up_after": "5m"}}


def test_slack_is_down_for_longer_than_the_policy_allows(worlds: Worlds) -> None:
    """There is nobody to be told what to do by hand: everything arrives when Slack is back, once."""
    w = worlds(policy=IMPATIENT)
    types(w, w.alice)
    w.slack.faults.status("chat.*", 503, times=FOR_EVER)
    confirms(w, w.alice)
    w.advance(minutes=7)
    w.slack.faults.clear()
    w.advance(minutes=2)
    assert "feedback set" in card(w).rendered
    assert "Passed on to #product" in confirmation(w.alice).rendered
    assert len(w.alice.dm()) == 1


def test_a_revoked_token_loses_nothing(worlds: Worlds) -> None:
    """Slack does not take the bot's token for a while: mended, everything arrives, the admins' note too."""
    w = worlds(policy=IMPATIENT)
    types(w, w.alice)
    w.slack.faults.error("chat.postMessage", "token_revoked", times=FOR_EVER)
    w.alice.submits()
    w.settle()
    w.advance(minutes=7)
    w.slack.faults.clear()
    w.advance(minutes=2)
    assert SLOW in card(w).rendered
    assert "Passed on to #product" in confirmation(w.alice).rendered
    assert any("token was revoked" in message.rendered for message in w.omar.dm())


def test_the_lanes_do_not_wait_for_each_other(w: World) -> None:
    """One channel is asked to slow down: DMs go on."""
    types(w, w.alice)
    w.slack.faults.rate_limit("chat.postMessage", retry_after=3600, times=1)
    confirms(w, w.alice)
    w.advance(minutes=5)
    seen = [bool(posted(w.pia, "#product")), bool(notices(w.alice, "The reply to the customer"))]
    assert seen.count(True) == 1
    w.advance(hours=1)
    assert posted(w.pia, "#product")
    assert notices(w.alice, "The reply to the customer")


def test_nothing_is_waited_for_longer_than_asked(w: World) -> None:
    """After everything went well there is nothing left to do but the two reminders."""
    sends(w, w.alice)
    due = w.next_due()
    assert due is not None
    assert due - w.clock.now() == timedelta(days=1)


def test_a_deleted_product_card_comes_back_at_once(w: World) -> None:
    """Somebody deletes it by hand: it is posted again, with its buttons; and a second time, too."""
    sends(w, w.alice)
    for _ in range(2):
        w.pia.deletes(card(w), as_admin=True)
        w.settle()
        assert "Acknowledge" in card(w).buttons
    clicks(w, w.pia, "Acknowledge", on=card(w))
    assert "Acknowledged by @pia" in card(w).rendered
