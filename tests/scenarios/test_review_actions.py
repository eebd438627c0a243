"""What else may come of a bad review: a discussion, managers who are told, a product group that knows."""

import pytest

from tests.scenarios.conftest import Worlds
from tests.scenarios.review import comments, issue, modal, policy, presses, queue, rates, submits
from tests.world import World

META = "gitlab-com/support/support-team-meta"
WHAT = "What should happen?"
WHY = "What should they know?"
ROSTER = [{"email": "alice@example.com", "manager": "marco@example.com"}]


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where Maria is the manager on duty, Marco is Alice's manager, and Runner is a product group."""
    groups = {"Runner": "@gitlab-org/runner-group"}
    return worlds(policy={**policy(product_groups=groups), "roster": ROSTER}, webhooks=True)


def acts(w: World, what: str, why: str = "It was the weekend") -> None:
    """Choose what else comes of the first review of the queue."""
    queue(w, w.maria)
    presses(w, w.maria, "Follow up…")
    submits(w, w.maria, **{WHAT: what, WHY: why})


def test_an_issue_for_discussion_is_related_to_the_feedback_issue(w: World) -> None:
    """In the team's own project; a second one is not offered."""
    rates(w, "bad", "Nobody answered")
    acts(w, "Open an issue for the team to discuss it")
    opened = w.gitlab.issues[META][-1]
    assert opened["title"] == "Discuss: Negative feedback for ticket 123456"
    assert "> It was the weekend" in opened["description"]
    assert w.gitlab.related == {frozenset({opened["id"], issue(w)["id"]})}
    assert "Discussed in" in queue(w, w.maria).text
    presses(w, w.maria, "Follow up…")
    assert "Open an issue for the team to discuss it" not in modal(w.maria).options(WHAT)


def test_the_managers_of_who_took_part_are_told_privately(w: World) -> None:
    """Who took part is read from the ticket; the manager from the roster. Engineers are not told again."""
    w.zendesk.reply(123456, "We look into it")
    rates(w, "bad", "Nobody answered")
    acts(w, "Tell the managers of who took part, privately")
    (message,) = w.marco.dm()
    assert "@maria asks you to talk with alice@example.com" in message.rendered
    assert "It was the weekend" in message.rendered
    assert w.alice.dm() == []


def test_a_participant_without_a_manager_in_the_roster_is_named(worlds: Worlds) -> None:
    """The manager who asked sees whom nobody was told of."""
    w = worlds(policy=policy(), webhooks=True)
    w.zendesk.reply(123456, "We look into it")
    rates(w, "bad", "Nobody answered")
    acts(w, "Tell the managers of who took part, privately")
    assert "names no manager of alice@example.com" in queue(w, w.maria).text


def test_a_product_group_is_mentioned_for_awareness(w: World) -> None:
    """In the feedback issue."""
    rates(w, "bad", "Nobody answered")
    acts(w, "Make Runner aware", "Runners time out @all")
    assert "For your awareness: @gitlab-org/runner-group" in comments(w)[-1]
    assert "@all" not in comments(w)[-1]
