"""views.*: triggers that run out, stacks of three, hashes, homes."""

from typing import Any

import pytest

from tests.integration.sandbox.conftest import Slack


def modal(title: str = "First", **more: Any) -> dict[str, Any]:
    """Return a modal with one input."""
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "name",
                "label": {"type": "plain_text", "text": "Name"},
                "element": {"type": "plain_text_input", "action_id": "value"},
            }
        ],
    } | more


HOME = {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*Open* cases: 2"}}]}


def test_a_trigger_is_good_for_three_seconds(slack: Slack) -> None:
    """At three seconds it still works, after them it is expired."""
    in_time, late = slack.trigger(), slack.trigger()
    slack.clocks.seconds += 3.0
    assert slack.web.views_open(trigger_id=in_time, view=modal())["ok"]
    slack.clocks.seconds += 0.1
    assert slack.refusal("views.open", trigger_id=late, view=modal()) == "expired_trigger_id"


def test_a_trigger_is_exchanged_once(slack: Slack) -> None:
    """The second use is refused, for opening and pushing alike."""
    trigger = slack.trigger()
    slack.web.views_open(trigger_id=trigger, view=modal())
    assert slack.refusal("views.open", trigger_id=trigger, view=modal()) == "exchanged_trigger_id"
    assert slack.refusal("views.push", trigger_id=trigger, view=modal()) == "exchanged_trigger_id"


def test_a_made_up_trigger_is_invalid(slack: Slack) -> None:
    """Triggers come from interactions only."""
    assert slack.refusal("views.open", trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"
    assert slack.refusal("views.open", view=modal()) == "invalid_arguments"


def test_an_invalid_view_is_refused_with_the_reason_and_costs_no_trigger(slack: Slack) -> None:
    """The limits of views hold; the trigger can be used for a better view."""
    trigger = slack.trigger()
    error = slack.refusal("views.open", trigger_id=trigger, view=modal("A title of more than 24 chars"))
    assert error == "invalid_arguments"
    assert slack.refusal("views.open", trigger_id=trigger, view=HOME) == "invalid_arguments"
    assert slack.web.views_open(trigger_id=trigger, view=modal())["ok"]


def test_three_modals_can_be_stacked_and_no_more(slack: Slack) -> None:
    """Each closing shows the one below."""
    alice = slack.driver.person("alice")
    slack.web.views_open(trigger_id=slack.trigger(), view=modal("One"))
    for title in ("Two", "Three"):
        slack.web.views_push(trigger_id=slack.trigger(), view=modal(title))
    error = slack.refusal("views.push", trigger_id=slack.trigger(), view=modal("Four"))
    assert error == "push_limit_reached"
    seen = []
    while shown := alice.modal:
        seen.append(shown.title)
        alice.closes()
    assert seen == ["Three", "Two", "One"]


def test_nothing_can_be_pushed_onto_no_modal(slack: Slack) -> None:
    """A push needs an open modal."""
    assert slack.refusal("views.push", trigger_id=slack.trigger(), view=modal()) == "not_found"


def test_an_update_with_an_old_hash_conflicts(slack: Slack) -> None:
    """Two updates from one state: the second is told."""
    view = slack.web.views_open(trigger_id=slack.trigger(), view=modal())["view"]
    slack.web.views_update(view_id=view["id"], hash=view["hash"], view=modal("Second"))
    error = slack.refusal("views.update", view_id=view["id"], hash=view["hash"], view=modal("Third"))
    shown = slack.driver.person("alice").modal
    assert (error, shown.title if shown else None) == ("hash_conflict", "Second")


def test_an_update_keeps_what_was_entered_under_the_same_ids(slack: Slack) -> None:
    """What a person typed survives the view being filled in later."""
    alice = slack.driver.person("alice")
    view = slack.web.views_open(trigger_id=slack.trigger(), view=modal())["view"]
    alice.fills({"Name": "Ada"})
    slack.web.views_update(view_id=view["id"], view=modal("Second"))
    shown = alice.modal
    assert shown is not None
    assert (shown.title, shown.values) == ("Second", {"Name": "Ada"})


def test_a_closed_modal_cannot_be_updated(slack: Slack) -> None:
    """Gone is not_found; so is what never was."""
    view = slack.web.views_open(trigger_id=slack.trigger(), view=modal())["view"]
    slack.driver.person("alice").closes()
    assert slack.refusal("views.update", view_id=view["id"], view=modal()) == "not_found"
    assert slack.refusal("views.update", external_id="nothing", view=modal()) == "not_found"


def test_an_external_id_finds_the_view_and_is_unique(slack: Slack) -> None:
    """The app's own name for a view."""
    slack.web.views_open(trigger_id=slack.trigger(), view=modal(external_id="mine"))
    slack.web.views_update(external_id="mine", view=modal("Second", external_id="mine"))
    error = slack.refusal("views.open", trigger_id=slack.trigger("adam"), view=modal(external_id="mine"))
    assert error == "duplicate_external_id"


def test_a_home_is_published_for_one_person(slack: Slack) -> None:
    """It shows at once, with a hash that guards it."""
    alice = slack.driver.person("alice")
    assert alice.opens_home() is None
    view = slack.web.views_publish(user_id="U0ALICE", view=HOME)["view"]
    assert alice.home is not None
    assert alice.home.text == "Open cases: 2"
    assert slack.driver.person("adam").home is None
    error = slack.refusal("views.publish", user_id="U0ALICE", view=HOME, hash="1.old")
    assert error == "hash_conflict"
    assert slack.web.views_publish(user_id="U0ALICE", view=HOME, hash=view["hash"])["ok"]


@pytest.mark.parametrize(("user", "view"), [("U0NOBODY", HOME), ("U0DAVE", HOME), ("U0ALICE", modal())])
def test_a_home_needs_an_active_person_and_a_home_view(slack: Slack, user: str, view: Any) -> None:
    """Anything else is refused as invalid arguments."""
    assert slack.refusal("views.publish", user_id=user, view=view) == "invalid_arguments"
