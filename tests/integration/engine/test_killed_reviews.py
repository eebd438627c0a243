"""Killed at any moment of a fortnight of reviews, the desk loses nothing and says nothing twice."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from handlers.review.chart import TRENDS
from sandbox.vendors.google import DOCUMENT
from tests.google_account import service_account
from tests.integration.engine.killing import Fuse, Killed, Often, breakable_commits
from tests.integration.engine.test_killed_in_the_sandbox import Mortal
from tests.scenarios.review import PROJECT
from tests.world import world
from workflows.contract.facts import IncomingFact, Score, TicketRated
from workflows.lib.tickets import MAIN, TicketRef
from workflows.policy.review import WeekPlace
from workflows.review.manager import HandOverAsked
from workflows.review.model import Acted, Assessed, KudosGiven, ReviewClosed
from workflows.review.trends import Period, Trends
from workflows.review.week import TABLE, TrendsAsked

SOAK = bool(os.environ.get("SOAK"))
PARTS = 12 if SOAK else 1
"""The moments are shared out among so many tests, so that they can run side by side."""
SAMPLE = 2
"""`make soak` kills at every moment; `make test` at so many, at others in each run (by the run's random seed)."""

META = "gitlab-com/support/support-team-meta"
CANVAS = "F0WEEKLY"
BEGINS = datetime(2026, 3, 2, 23, 45, tzinfo=UTC)
ENDS = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NO_TRENDS = Trends(Period("30d", BEGINS, ENDS), 0, 0, 0, 0, 0, 0, 0, (), (), None)
EFFECTS = {
    "add",
    "assign",
    "close",
    "comment",
    "create",
    "find_titled",
    "group",
    "participants",
    "person_by_email",
    "post",
    "ratings",
    "read",
    "relate",
    "rename",
    "reopen",
    "set_labels",
    "upload",
}
"""The calls through ports that reviews need."""


def policy(into: WeekPlace) -> dict[str, Any]:
    """Nobody is on duty for a quarter of an hour, for Dave has left; then Maria, and a week later Marco."""
    people = ["dave@example.com", "maria@example.com", "marco@example.com"]
    return {
        "managers": {"rota": {"people": people, "since": "2026-02-24"}, "fallback": {"people": []}},
        "roster": [{"email": "alice@example.com", "manager": "marco@example.com"}],
        "polling": {"ratings": "3 days"},
        "review": {
            "rotation": {"check_every": "30 days"},
            "week": {"into": into.value, "document": DOCUMENT, "canvas": CANVAS},
        },
    }


class Reviewed(Mortal):
    """A fortnight of reviews, over as many lives as it takes."""

    def rated(self, number: int, score: Score) -> None:
        """Zendesk tells of a rating, again and again until it is taken."""
        ticket, at = TicketRef(MAIN, number), self.w.clock.now()
        fact = TicketRated(at=at, ticket=ticket, score=score, comment="In their words")
        self._until_saved(lambda: self.w.desk.inbox.take([IncomingFact(f"zendesk:{number}", fact)], at))
        self.settle()

    def does(self, case: str, event: object) -> None:
        """A manager does something; Slack sends it again until it is acknowledged."""
        now = self.w.clock.now()
        self._until_saved(lambda: self.w.desk.engine.submit(case, event, key=repr(event), now=now))
        self.settle()

    def _until_saved(self, call: Callable[[], object]) -> None:
        while True:
            try:
                call()
            except Killed:
                self.deaths += 1
                self.w.restart()
                self.rig()
            else:
                return

    def until(self, moment: datetime) -> None:
        """Let time pass, and everything happen at its time."""
        while (due := self.w.next_due()) is not None and due <= moment:
            self.w.clock.at = max(self.w.clock.at, due)
            self.settle()
        self.w.clock.at = moment

    def plays(self) -> dict[str, Any]:
        """Adopted and opened, given to who is on duty next, triaged, praised, posted, handed over."""
        w = self.w
        w.gitlab._open(PROJECT, "Positive feedback for ticket 123456", "", ["satisfaction::good"])["state"] = "closed"
        w.zendesk.reply(123456, "We look into it")
        self.rated(123456, Score.BAD)
        self.rated(123457, Score.GOOD)
        self.until(datetime(2026, 3, 3, 0, 30, tzinfo=UTC))
        w.zendesk.rate(123460, "bad", "Nobody told the desk")
        label = "feedback::soft-skills"
        self.does("RV-1", Assessed("U0MARIA", "Slow", "Talk", contact=False, label=label, why_open="Hm"))
        self.does("RV-1", Acted("U0MARIA", discuss=True, tell_managers=True, why="Look"))
        self.does("RV-2", KudosGiven("U0MARIA", "Great", "U0ALICE", "Alice"))
        self.does("RW-1", TrendsAsked("U0MARIA", TABLE, TRENDS.dump_python(NO_TRENDS, mode="json")))
        self.until(datetime(2026, 3, 5, 12, 0, tzinfo=UTC))
        self.does("RV-1", ReviewClosed("U0MARIA"))
        self.until(ENDS)
        self.does("RM-1", HandOverAsked("U0MARIA"))
        return self.looks()

    def looks(self) -> dict[str, Any]:
        """How it all stands in the end: the trackers, what everybody sees, the cases."""
        w = self.w
        issues, discussions = w.gitlab.issues[PROJECT], w.gitlab.issues[META]
        names = ("title", "state", "labels", "assignees")
        return {
            "issues": [{name: issue[name] for name in names} for issue in issues],
            "comments": [len(w.gitlab.notes[issue["id"]]) for issue in issues],
            "discussions": ([one["title"] for one in discussions], len(w.gitlab.related)),
            "dms": {who: self._dm(who) for who in ("maria", "marco", "omar")},
            "files": len(w.sandbox.app.workspace.files),
            "week": [one.text for one in w.alice.sees("#support")],
            "document": w.sandbox.vendors.google.documents[DOCUMENT].text,
            "canvas": w.sandbox.app.workspace.canvases.get(CANVAS),
            "cases": [
                w.desk.engine.cases.read(name).model_dump(exclude={"issue", "discussion_issue", "owned_at"})
                for name in ("RV-1", "RV-2", "RV-3", "RW-1", "RR-1")
            ],
        }

    def _dm(self, who: str) -> list[str]:
        """What somebody reads, without the sandbox's own address."""
        return sorted(one.text.replace(self.w.sandbox.url, "") for one in self.w.slack.person(who).dm())


@contextmanager
def reviewed(folder: Path, fuse: Fuse, into: WeekPlace) -> Iterator[Reviewed]:
    """A world of reviews with a fuse."""
    folder.mkdir()
    with world(folder, policy=policy(into), at=BEGINS) as w, breakable_commits(fuse):
        app = w.sandbox.app.workspace.app
        w.sandbox.app.workspace.app = replace(app, scopes=app.scopes | {"canvases:read", "canvases:write"})
        key = SecretStr(service_account(w.sandbox.url))
        docs = f"{w.sandbox.url}/vendors/google"
        w.settings = w.settings.model_copy(update={"google_service_account": key, "google_docs_url": docs})
        w.restart()
        live = Reviewed(w, fuse)
        live.rig()
        yield live


def undisturbed(folder: Path, into: WeekPlace) -> tuple[dict[str, Any], list[str]]:
    """How it ends when nobody is killed, and the moments on the way."""
    fuse = Fuse()
    with reviewed(folder / "undisturbed", fuse, into) as live:
        return live.plays(), fuse.moments


def killed_at(folder: Path, moment: int, into: WeekPlace) -> dict[str, Any]:
    """How it ends when the desk is killed at this moment, once."""
    with reviewed(folder / f"killed-{moment}", Fuse({moment}), into) as live:
        end = live.plays()
        assert live.deaths == 1
    return end


@pytest.mark.timeout(3600 if SOAK else 300)
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_any_moment_reviews_end_where_they_would_have(tmp_path: Path, part: int) -> None:
    """One kill a fortnight, after every call and every commit: issues, comments, digests, the week stand once."""
    expected, moments = undisturbed(tmp_path, WeekPlace.DOCUMENT)
    assert {f"after {call}" for call in EFFECTS} <= set(moments)
    assert (expected["document"].count("Great"), expected["files"]) == (1, 1)
    assert [one["assignees"][0]["username"] for one in expected["issues"][1:]] == ["maria", "maria", "marco"]
    after = [number for number, name in enumerate(moments, start=1) if name.startswith("after")]
    for moment in after[part::PARTS] if SOAK else random.sample(after, SAMPLE):
        assert killed_at(tmp_path, moment, WeekPlace.DOCUMENT) == expected, f"{moment}: {moments[moment - 1]}"
    with reviewed(tmp_path / "over-and-over", Often(random.Random(part), most=60), WeekPlace.DOCUMENT) as live:
        assert live.plays() == expected
        assert live.deaths > 5


@pytest.mark.skipif(not SOAK, reason="the post and the canvas go through the same outbox: `make soak` kills them, too")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("into", "call"), [(WeekPlace.POST, "post"), (WeekPlace.CANVAS, "add_to_canvas")])
def test_killed_over_the_weeks_review_it_stands_once(tmp_path: Path, into: WeekPlace, call: str) -> None:
    """Wherever it goes."""
    expected, moments = undisturbed(tmp_path, into)
    for moment, name in enumerate(moments, start=1):
        if name == f"after {call}":
            assert killed_at(tmp_path, moment, into) == expected
