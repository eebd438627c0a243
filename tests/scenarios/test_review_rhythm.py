"""The rhythm of reviews: one digest, kudos, the week in review, and the end of a rotation."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sandbox.driver.observations import Shown
from tests.packages import uninstall
from tests.scenarios.conftest import Worlds
from tests.scenarios.review import PROJECT, issue, modal, policy, presses, queue, rates, review, submits, triages
from tests.world import World

WHO = "Who was praised?"
NAME = "Or somebody who isn't in Slack"
WORDS = "What was said?"


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where Maria is the manager on duty, and the vendors tell what happens in them."""
    return worlds(policy=policy(), webhooks=True)


def posts(w: World) -> list[Shown]:
    """The weeks in review, as the team sees them."""
    return [one for one in w.alice.sees("#support") if "week in review" in one.rendered]


def test_one_digest_on_day_three_five_and_seven(w: World) -> None:
    """At 09:00 where the manager is, one message for all that waits; with a button to the queue."""
    rates(w, "bad", "Nobody answered")
    rates(w, "bad", "Too slow", ticket=123460)
    w.advance_to(datetime(2026, 3, 5, 8, 59, tzinfo=UTC))
    assert w.maria.dm() == []
    w.advance(minutes=1)
    (digest,) = w.maria.dm()
    assert "2 reviews waiting for you" in digest.rendered
    assert "your triage" in digest.rendered
    assert "Nobody answered" not in digest.rendered
    w.advance(days=6)
    assert len(w.maria.dm()) == 3
    presses(w, w.maria, "Open my reviews", on=digest)
    assert "2 waiting for you" in modal(w.maria).text


def test_the_digest_comes_where_the_manager_is(worlds: Worlds) -> None:
    """Marco is in Los Angeles: his nine o'clock is another."""
    w = worlds(policy={"managers": {"rota": {"people": ["marco@example.com"], "since": "2026-03-02"}}}, webhooks=True)
    rates(w, "bad", "Nobody answered")
    w.advance_to(datetime(2026, 3, 5, 16, 59, tzinfo=UTC))
    assert w.marco.dm() == []
    w.advance(minutes=1)
    assert len(w.marco.dm()) == 1


def test_nothing_waits_and_there_is_no_digest(w: World) -> None:
    """Closed in time."""
    rates(w, "good", "Kind")
    queue(w, w.maria)
    presses(w, w.maria, "Close")
    w.advance(days=8)
    assert w.maria.dm() == []


def test_after_a_long_outage_there_is_one_digest(w: World) -> None:
    """Day three and five went by while the desk was down: one message, with what waits now."""
    rates(w, "bad", "Nobody answered")
    w.jump(days=5, hours=1)
    w.settle()
    assert len(w.maria.dm()) == 1


def test_the_last_chance_for_kudos_is_in_the_digest(w: World) -> None:
    """The day before a good one closes by itself."""
    rates(w, "good", "Alice was great")
    w.advance_to(datetime(2026, 3, 8, 9, 1, tzinfo=UTC))
    assert "Last chance for kudos" in w.maria.dm()[-1].rendered
    assert "RV-1" in w.maria.dm()[-1].rendered


def test_kudos_gather_for_the_week_in_review(w: World) -> None:
    """Who, what was said, the ticket's number; the engineer of the ticket is offered; none stands twice."""
    rates(w, "good", "Alice was great <!channel>")
    queue(w, w.maria)
    presses(w, w.maria, "Kudos")
    assert modal(w.maria).values[WORDS] == "Alice was great <!channel>"
    submits(w, w.maria, **{WHO: "alice"})
    presses(w, w.maria, "Kudos")
    submits(w, w.maria, **{WHO: "alice"})
    assert "in the week's review already" in modal(w.maria).text
    w.advance_to(datetime(2026, 3, 6, 15, 1, tzinfo=UTC))
    (post,) = posts(w)
    assert "@alice" in post.mentions
    assert "@channel" not in post.mentions
    assert "#123456" in post.rendered
    assert "Reviews this week: 1 good" in post.rendered
    assert "Reviewing Manager: @maria" in post.rendered
    w.advance(days=7)
    assert "No kudos this week" in posts(w)[-1].rendered
    assert len(posts(w)) == 2


@pytest.mark.parametrize(
    ("unnamed", "suggested", "who", "words"),
    [
        ([], "The customer writes “Pia Petersen”", "@pia", "Pia Petersen was great"),
        (["pia@example.com"], "will say “a teammate”", "A teammate", "a teammate was great"),
    ],
)
def test_who_is_praised_is_found_by_name(
    worlds: Worlds, unnamed: list[str], suggested: str, who: str, words: str
) -> None:
    """In the customer's words, by the roster, although the ticket is Alice's; who would rather not is not named."""
    roster = [{"email": "alice@example.com"}, {"email": "pia@example.com", "name": "Pia Petersen"}]
    w = worlds(policy={**policy(week={"unnamed": unnamed}), "roster": roster}, webhooks=True)
    rates(w, "good", "Pia Petersen was great")
    queue(w, w.maria)
    presses(w, w.maria, "Kudos")
    assert modal(w.maria).values[WHO] == "pia"
    assert suggested.lower() in modal(w.maria).text.lower()
    submits(w, w.maria)
    w.advance_to(datetime(2026, 3, 6, 15, 1, tzinfo=UTC))
    assert f"{who} (ticket #123456 " in posts(w)[0].rendered
    assert f"\n> {words}" in posts(w)[0].rendered


def test_kudos_for_the_whole_team_and_for_somebody_who_has_left(worlds: Worlds) -> None:
    """Both stand in the week's review; who is not in Slack any more is named, and suggested by the roster."""
    roster = [{"email": "dave@example.com", "name": "Dave Dunn"}]
    w = worlds(policy={**policy(), "roster": roster}, webhooks=True)
    rates(w, "good", "Dave was great", ticket=123460)
    queue(w, w.maria)
    presses(w, w.maria, "Kudos")
    assert modal(w.maria).values[NAME] == "Dave Dunn"
    submits(w, w.maria, **{WHO: "alice"})
    assert modal(w.maria).errors == {NAME: "Choose somebody, or type a name. For two people, pass it on twice."}
    submits(w, w.maria, **{WHO: "dave", NAME: ""})
    assert "can't be chosen" in modal(w.maria).errors[WHO]
    submits(w, w.maria, **{WHO: None, NAME: "Dave Dunn"})
    presses(w, w.maria, "Kudos")
    submits(w, w.maria, **{NAME: "", WORDS: "You all were"})
    w.advance_to(datetime(2026, 3, 6, 15, 1, tzinfo=UTC))
    assert "The whole team" in posts(w)[0].rendered
    assert "Dave Dunn (ticket #123460 " in posts(w)[0].rendered


def test_kudos_wait_where_the_week_cannot_be_posted(worlds: Worlds) -> None:
    """The admins are told, and the next week has them."""
    w = worlds(policy=policy(week={"channel": "#not-invited"}), webhooks=True)
    rates(w, "good", "Alice was great")
    queue(w, w.maria)
    presses(w, w.maria, "Kudos")
    submits(w, w.maria, **{WHO: "alice"})
    w.advance_to(datetime(2026, 3, 6, 15, 1, tzinfo=UTC))
    assert "Something needs an admin" in w.omar.dm()[-1].rendered
    w.restart(policy(week={"channel": "#support"}))
    w.advance(days=7)
    assert "@alice" in posts(w)[0].mentions


def test_congratulate_the_team_is_a_draft_a_person_posts(w: World) -> None:
    """The desk posts nothing."""
    rates(w, "good", "So fast")
    queue(w, w.maria)
    presses(w, w.maria, "Congratulate the team")
    assert "So fast" in modal(w.maria).text
    assert "The desk posts nothing" in modal(w.maria).text


def test_the_end_of_a_rotation_is_seen_and_what_is_open_can_be_handed_over(worlds: Worlds) -> None:
    """A scorecard each morning of the last days and at the end; with one button the next manager has what is open."""
    rota = {"people": ["maria@example.com", "marco@example.com"], "since": "2026-03-02"}
    w = worlds(policy={"managers": {"rota": rota}}, webhooks=True)
    rates(w, "bad", "Nobody answered")
    rates(w, "bad", "Too slow", ticket=123460)
    queue(w, w.maria)
    presses(w, w.maria, "Triage", nth=0)
    triages(w, w.maria)
    w.advance_to(datetime(2026, 3, 8, 23, 0, tzinfo=UTC))
    cards = [one for one in w.maria.dm() if "Reviewing Manager" in one.rendered]
    assert len(cards) == 2
    assert "Triaged: 1 of 2" in cards[0].rendered
    assert "ends" in cards[0].rendered
    w.advance(hours=2)
    last = w.maria.dm()[-1]
    assert "is over" in last.rendered
    assert "Still open: 1" in last.rendered
    presses(w, w.maria, "Hand over what is open", on=last)
    assert "handed over 1 review to @marco" in w.marco.dm()[-1].rendered
    assert "1 waiting for you" in queue(w, w.marco).text
    left = issue(w, 123460) if review(w, "RV-1").state == "closed" else issue(w)
    assert [who["username"] for who in left["assignees"]] == ["marco"]
    assert "empty" in queue(w, w.maria).text


def test_the_manager_changes_while_a_digest_waits(worlds: Worlds) -> None:
    """What was handed over is in the new one's digest, and in the old one's no more."""
    rota = {"people": ["maria@example.com", "marco@example.com"], "since": "2026-02-25"}
    w = worlds(policy={"managers": {"rota": rota}}, webhooks=True)
    rates(w, "bad", "Nobody answered")
    w.advance_to(datetime(2026, 3, 4, 1, 0, tzinfo=UTC))
    presses(w, w.maria, "Hand over what is open", on=w.maria.dm()[-1])
    before = len(w.maria.dm())
    w.advance_to(datetime(2026, 3, 5, 18, 0, tzinfo=UTC))
    assert len(w.maria.dm()) == before
    assert "1 review waiting for you" in w.marco.dm()[-1].rendered


def test_trends_are_numbers_for_managers(w: World) -> None:
    """Per label and week, with the shares; what was asked for wrongly comes back with what can be written."""
    rates(w, "bad", "Nobody answered")
    rates(w, "good", "Kind", ticket=123457)
    queue(w, w.maria)
    presses(w, w.maria, "Triage")
    triages(w, w.maria)
    w.advance(days=1)
    text = w.maria.runs("/feedback trends 7d", in_="#support").rendered
    assert "2 ratings: 1 good (50 %)" in text
    assert "feedback::soft-skills 1" in text
    assert "Nobody answered" not in text
    assert "not a period" in w.maria.runs("/feedback trends last week", in_="#support").rendered
    assert "Only the managers" in w.alice.runs("/feedback trends", in_="#support").rendered


def test_trends_come_as_a_picture_and_as_a_table(w: World) -> None:
    """By direct message, the way Slack takes files now; what the picture shows is its alternative text, too."""
    rates(w, "bad", "Nobody answered")
    w.advance(minutes=1)
    text = w.maria.runs("/feedback trends 30d", in_="#support").rendered
    assert "sending you a picture" in text
    w.settle()
    (picture,) = w.maria.dm()
    (file,) = w.sandbox.app.workspace.files.values()
    assert file.content is not None
    assert file.content.startswith(b"\x89PNG")
    assert "1 rating: 0 good (0 %), 0 neutral, 1 bad" in picture.rendered
    w.maria.runs("/feedback trends 30d export", in_="#support")
    w.settle()
    table = list(w.sandbox.app.workspace.files.values())[-1]
    assert table.content is not None
    assert table.content.decode().splitlines()[-1] == "2026-03-02,0,0,1"
    assert "Nobody answered" not in table.content.decode()


def test_without_matplotlib_the_text_says_so(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers stand there all the same, and a table can be had; who waits for a picture is told why it fails."""
    rates(w, "bad", "Nobody answered")
    w.advance(minutes=1)
    w.maria.runs("/feedback trends 30d", in_="#support")
    uninstall(monkeypatch, "matplotlib")
    w.settle()
    assert "matplotlib, which is not installed here" in w.maria.dm()[-1].rendered
    text = w.maria.runs("/feedback trends 30d", in_="#support").rendered
    assert "1 rating: 0 good" in text
    assert "A picture needs matplotlib, which isn't installed here" in text
    w.maria.runs("/feedback trends 30d export", in_="#support")
    w.settle()
    (table,) = w.sandbox.app.workspace.files.values()
    assert table.name.endswith(".csv")


def test_a_file_whose_answer_was_lost_is_sent_once(w: World) -> None:
    """Slack showed it, and the desk did not hear: it looks before it sends it again."""
    rates(w, "bad", "Nobody answered")
    w.advance(minutes=1)
    w.slack.faults.drop("files.completeUploadExternal")
    w.maria.runs("/feedback trends 30d export", in_="#support")
    w.settle()
    w.advance(minutes=5)
    assert len(w.maria.dm()) == 1


def test_the_week_is_written_into_a_canvas(worlds: Worlds) -> None:
    """Where a company chose one, and gave the app the scopes for it: a section a week, also when an answer was lost."""
    week = {"into": "canvas", "canvas": "F0WEEKLY", "rotation_url": "https://gitlab.pagerduty.com/schedules#P9UIIDY"}
    w = worlds(policy=policy(week=week), webhooks=True)
    workspace = w.sandbox.app.workspace
    workspace.app = replace(workspace.app, scopes=workspace.app.scopes | {"canvases:read", "canvases:write"})
    rates(w, "good", "Alice was great ![](@U0MARIA)\n# Not a title")
    queue(w, w.maria)
    presses(w, w.maria, "Kudos")
    submits(w, w.maria, **{WHO: "alice"})
    w.slack.faults.drop("canvases.edit")
    w.advance_to(datetime(2026, 3, 6, 15, 30, tzinfo=UTC))
    canvas = workspace.canvases["F0WEEKLY"]
    assert canvas.count("## Week of 06 March 2026") == 1
    assert canvas.count("Alice was great") == 1
    assert "[Rotation](https://gitlab.pagerduty.com/schedules#P9UIIDY)" in canvas
    assert "![](" not in canvas
    assert "\n# Not a title" not in canvas
    assert posts(w) == []


def test_kudos_wait_for_a_canvas_that_is_gone(worlds: Worlds) -> None:
    """The admins are told; the kudos are not lost."""
    w = worlds(policy=policy(week={"into": "canvas", "canvas": "F0NOWHERE"}), webhooks=True)
    workspace = w.sandbox.app.workspace
    workspace.app = replace(workspace.app, scopes=workspace.app.scopes | {"canvases:read", "canvases:write"})
    rates(w, "good", "Great")
    queue(w, w.maria)
    presses(w, w.maria, "Kudos")
    submits(w, w.maria, **{WHO: "alice"})
    w.advance_to(datetime(2026, 3, 6, 20, 0, tzinfo=UTC))
    assert "The week in review waits" in w.omar.dm()[-1].rendered
    assert len(w.desk.engine.cases.with_open_key("review_week").kudos) == 1


def test_what_comes_back_later_is_in_the_next_digest(w: World) -> None:
    """Opened again by hand when the days of its digest were over."""
    rates(w, "bad", "Nobody answered")
    w.gitlab.label(PROJECT, issue(w)["iid"], "feedback::known-issue")
    w.settle()
    queue(w, w.maria)
    presses(w, w.maria, "Close")
    w.advance(days=9)
    assert w.maria.dm() == []
    w.gitlab.set_state(PROJECT, issue(w)["iid"], "opened")
    w.settle()
    w.advance(days=1)
    assert "1 review waiting for you" in w.maria.dm()[-1].rendered


def test_no_digest_where_none_of_what_waits_is_due_in_one(w: World) -> None:
    """The one whose day it is was seen to; the other came only yesterday."""
    rates(w, "good", "Kind", ticket=123457)
    w.advance(days=1)
    rates(w, "bad", "Too slow")
    queue(w, w.maria)
    presses(w, w.maria, "Close")
    w.advance_to(datetime(2026, 3, 5, 18, 0, tzinfo=UTC))
    assert w.maria.dm() == []
    w.advance_to(datetime(2026, 3, 6, 9, 1, tzinfo=UTC))
    assert len(w.maria.dm()) == 1
