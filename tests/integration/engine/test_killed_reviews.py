"""Killed at any moment of a review's week, the desk loses nothing and says nothing twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.integration.engine.killing import Fuse, Killed, Often, breakable_commits
from tests.integration.engine.test_killed_in_the_sandbox import Mortal
from tests.scenarios.review import policy
from tests.world import world
from workflows.contract.facts import IncomingFact, Score, TicketRated
from workflows.lib.tickets import MAIN, TicketRef
from workflows.review.model import Acted, Assessed, KudosGiven


class Reviewed(Mortal):
    """A week of reviews, over as many lives as it takes."""

    def rated(self, number: int, score: Score, *, contact: bool = False) -> None:
        """Zendesk tells of a rating, again and again until it is taken."""
        ticket, at = TicketRef(MAIN, number), self.w.clock.now()
        fact = TicketRated(
            at=at, ticket=ticket, score=score, comment="In their words", contact_answer="yes" if contact else ""
        )
        self._until_saved(lambda: self.w.desk.inbox.take([IncomingFact(f"zendesk:{number}", fact)], at))
        self.settle()

    def does(self, case: str, event: object, key: str) -> None:
        """A manager does something; Slack sends it again until it is acknowledged."""
        self._until_saved(lambda: self.w.desk.engine.submit(case, event, key=key, now=self.w.clock.now()))
        self.settle()

    def _until_saved(self, call: Any) -> None:
        while True:
            try:
                call()
            except Killed:
                self.deaths += 1
                self.w.restart()
                self.rig()
            else:
                return

    def plays(self) -> dict[str, Any]:
        """From two ratings to the week's review; how it all looks in the end."""
        w = self.w
        self.rated(123456, Score.BAD, contact=True)
        self.rated(123457, Score.GOOD)
        label = "feedback::soft-skills"
        self.does("RV-1", Assessed("U0MARIA", "Slow", "Talk", contact=True, label=label), "assess")
        self.does("RV-1", Acted("U0MARIA", discuss=True, tell_managers=True, why="Look"), "act")
        self.does("RV-2", KudosGiven("U0MARIA", "Great", "U0ALICE", "Alice"), "kudos")
        while (due := w.next_due()) is not None and due <= datetime(2026, 3, 7, tzinfo=UTC):
            w.clock.at = max(w.clock.at, due)
            self.settle()
        issues = w.gitlab.issues["gitlab-com/support/feedback"]
        seen = ("title", "state", "labels", "assignees")
        return {
            "issues": [{name: issue[name] for name in seen} for issue in issues],
            "comments": [len(w.gitlab.notes[issue["id"]]) for issue in issues],
            "discussions": [one["title"] for one in w.gitlab.issues["gitlab-com/support/support-team-meta"]],
            "maria": sorted(one.text for one in w.maria.dm()),
            "contact": [one.text for one in w.marco.sees("#support_escalations")],
            "week": [one.text for one in w.alice.sees("#support")],
            "cases": [
                w.desk.engine.cases.read(name).model_dump(exclude={"messages", "issue", "discussion_issue", "comments"})
                for name in ("RV-1", "RV-2")
            ],
        }


@contextmanager
def reviewed(folder: Path, fuse: Fuse) -> Iterator[Reviewed]:
    """A world of reviews with a fuse."""
    folder.mkdir()
    with world(folder, policy=policy()) as w, breakable_commits(fuse):
        live = Reviewed(w, fuse)
        live.rig()
        yield live


@pytest.mark.timeout(300)
def test_killed_over_and_over_a_week_of_reviews_looks_the_same(tmp_path: Path) -> None:
    """Issues, comments, cards, digests, the week: each stands once."""
    fuse = Fuse()
    with reviewed(tmp_path / "undisturbed", fuse) as live:
        expected = live.plays()
        assert live.deaths == 0
    assert len(expected["week"]) == 1
    assert len(expected["contact"]) == 1
    assert expected["comments"] == [0, 1, 0]
    with reviewed(tmp_path / "disturbed", Often(Random(3))) as live:
        assert live.plays() == expected
        assert live.deaths > 5
