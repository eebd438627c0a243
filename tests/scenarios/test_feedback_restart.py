"""The desk is stopped in the middle of everything, and what Slack delivers comes twice: nothing is lost or doubled."""

import pytest

from sandbox.vendors.base import VendorFault
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
    sends,
    tags,
    types,
)
from tests.world import World


def test_restarted_after_every_single_step(w: World) -> None:
    """From the form to the closed case, the desk is restarted after each thing it sends."""
    w.alice.runs("/feedback 123456 The merge train view is too slow", in_="#support")
    w.restart()
    w.alice.fills({"Is it about one feature or service?": "pipeline schedules"})
    w.alice.submits()
    executed_one_by_one(w)
    w.alice.fills({"Issue": "#3 Pipeline schedules do not start after the owner left"})
    w.alice.submits()
    executed_one_by_one(w)
    assert w.alice.modal is None
    w.pia.clicks("Acknowledge", on=card(w))
    executed_one_by_one(w)
    w.alice.clicks("Told the customer", on=confirmation(w.alice))
    executed_one_by_one(w)
    assert SLOW in card(w).rendered
    assert card(w).buttons == []
    assert len(comments(w, 3)) == 1
    assert tags(w) == ["feedback", "pipelines"]
    assert len(notices(w.alice, "@pia acknowledged FB-1")) == 1
    assert len(notices(w.alice, "The reply to the customer")) == 1
    assert w.next_due() is None


def executed_one_by_one(w: World) -> None:
    """Execute what waits, and restart after each."""
    w.restart()
    while w.desk.dispatcher.execute_one():
        w.restart()
    w.slack.settle()


@pytest.mark.parametrize("step", range(8))
def test_killed_between_sending_and_noting_it(w: World, step: int) -> None:
    """Something went out and the answer was lost with the process: it is looked for, not sent again."""
    types(w, w.alice, kind="Bug" if step % 2 else "Product feedback", feature="merge trains")
    w.alice.fills({"Issue": "Open a new issue"})
    w.alice.submits()
    for _ in range(step // 2):
        w.desk.dispatcher.execute_one()
    for method in ("chat.postMessage", "chat.update"):
        w.slack.faults.drop(method)
    w.gitlab.faults.append(lost())
    w.desk.dispatcher.execute_one()
    w.restart()
    w.slack.faults.clear()
    w.gitlab.faults.clear()
    w.advance(minutes=5)
    assert len(issues(w)) == 1
    assert len(notices(w.alice, "The reply to the customer")) == 1
    assert len([message for message in w.pia.sees("#product") if message.buttons]) == (0 if step % 2 else 1)
    assert tags(w) == ["feedback", "pipelines"]


def test_the_modal_outlives_a_restart(w: World) -> None:
    """Form, preview and offer are open while the desk restarts: each can be sent."""
    w.alice.runs("/feedback 123456 slow", in_="#support")
    w.restart()
    w.alice.submits()
    w.restart()
    w.settle()
    w.restart()
    confirms(w, w.alice)
    types(w, w.alice, "slower")
    w.restart()
    confirms(w, w.alice)
    assert "slower" in card(w).rendered


def test_buttons_of_before_the_restart_work(both: World) -> None:
    """Cards carry all that is needed to act on them."""
    sends(both, both.alice)
    both.restart()
    clicks(both, both.pia, "Link issue", on=card(both))
    both.restart()
    both.pia.fills({"Issue": "7"})
    confirms(both, both.pia)
    assert "gitlab-org/gitlab#7" in card(both).rendered


def test_a_click_while_the_desk_is_down_is_told(both: World) -> None:
    """Slack says that it did not work; pressed again when the desk is back, it does."""
    sends(both, both.alice)
    both.stop()
    assert not both.pia.clicks("Acknowledge", on=card(both)).acked
    both.start()
    assert clicks(both, both.pia, "Acknowledge", on=card(both)).acked
    assert "Acknowledged by @pia" in card(both).rendered


def test_typed_while_the_desk_is_down_is_not_lost(both: World) -> None:
    """The submission fails in the client, the modal stays open with everything; later it can be sent."""
    both.alice.runs("/feedback 123456 slow", in_="#support")
    both.stop()
    assert not both.alice.submits().acked
    assert modal(both.alice).trouble
    both.start()
    both.alice.submits()
    both.settle()
    confirms(both, both.alice)
    assert "slow" in card(both).rendered


@pytest.mark.parametrize("what", ["form", "preview", "acknowledge", "told", "link", "close"])
def test_every_envelope_may_come_twice(w: World, what: str) -> None:
    """Slack delivers twice what people do once: it happens once."""

    def twice(now: str) -> None:
        if now == what:
            w.slack.faults.deliver_twice()

    w.alice.runs("/feedback 123456 The merge train view is too slow", in_="#support")
    twice("form")
    w.alice.submits()
    w.settle()
    twice("close")
    w.alice.closes()
    w.alice.runs("/feedback", in_="#support")
    w.alice.submits()
    w.settle()
    twice("preview")
    confirms(w, w.alice)
    twice("acknowledge")
    clicks(w, w.pia, "Acknowledge", on=card(w))
    clicks(w, w.pia, "Link issue", on=card(w))
    w.pia.fills({"Issue": "7"})
    twice("link")
    confirms(w, w.pia)
    twice("told")
    clicks(w, w.alice, "Told the customer", on=confirmation(w.alice))
    assert card(w).buttons == []
    assert len(w.alice.dm()) == 3
    assert tags(w) == ["feedback", "pipelines"]
    assert w.next_due() is None


def lost() -> VendorFault:
    """Done, and the answer is lost."""
    return VendorFault(times=1, drop=True)
