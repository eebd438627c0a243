"""Killed while it checks what it was told, and while it asks for what it was not, the desk takes in each fact once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from tests.integration.engine.killing import Fuse, Often, breakable_commits
from tests.integration.engine.test_killed_reviews import Reviewed
from tests.scenarios.review import PROJECT
from tests.world import world
from workflows.contract.facts import IncomingFact, TicketClaimed
from workflows.lib.tickets import MAIN, TicketRef

ASKING = {"polling": {"ratings": "5m", "tickets": "5m", "issues": "5m"}}


class Checked(Reviewed):
    """A rating that somebody says was given, and what happens to its ticket and its issue."""

    def plays(self) -> dict[str, Any]:
        """Checked and asked for: a review, a request, and what their timelines hold of the outside."""
        w = self.w
        w.zendesk.rate(123456, "bad", "Nobody called me", contact=True)
        self.claimed(123456)
        self.claimed(123459)
        self.advance(minutes=6)
        issue = w.desk.engine.cases.read("RV-1").issue.number
        w.zendesk.reply(123456, "We are on it.")
        w.gitlab.label(PROJECT, issue, "seen")
        self.advance(minutes=6)
        w.zendesk.set_status(123456, "solved")
        w.gitlab.set_state(PROJECT, issue, "closed")
        self.advance(minutes=12)
        told = [
            sorted(
                line.what.replace(w.sandbox.url, "")
                for line in w.desk.engine.cases.timeline(case)
                if line.actor.endswith(("tracker", "tickets", "(tracker)", "(tickets)"))
            )
            for case in ("RV-1", "MC-1")
        ]
        checks = [line.what for line in w.desk.engine.cases.timeline("TC-1") if "shows none" in line.what]
        others = [w.desk.engine.cases.read(case) for case in ("RV-2", "MC-2")]
        words = [one.words for one in w.desk.engine.cases.read("RV-1").said]
        return {"told": told, "checks": checks, "others": others, "words": words}

    def claimed(self, number: int) -> None:
        """Somebody says that feedback was given, again and again until it is taken."""
        now = self.w.clock.now()
        claim = IncomingFact(f"claim:{number}", TicketClaimed(at=now, ticket=TicketRef(MAIN, number)))
        self._until_saved(lambda: self.w.desk.inbox.take([claim], now))
        self.settle()


@contextmanager
def checked(folder: Path, fuse: Fuse) -> Iterator[Checked]:
    """A world that asks every five minutes, with a fuse."""
    folder.mkdir()
    with world(folder, policy=ASKING) as w, breakable_commits(fuse):
        live = Checked(w, fuse)
        live.rig()
        live.advance(minutes=1)
        yield live


def test_killed_over_and_over_each_fact_is_taken_in_once(tmp_path: Path) -> None:
    """Between every call and every commit: the same reviews, requests and lines of their timelines as undisturbed."""
    fuse = Fuse()
    with checked(tmp_path / "undisturbed", fuse) as live:
        expected = live.plays()
    assert {"after feedback", "after ratings", "after changes"} <= set(fuse.moments)
    assert expected["words"] == ["Nobody called me"]
    assert expected["others"] == [None, None]
    assert expected["checks"] == ["was told of feedback on ticket 123459, which shows none"]
    assert any("was solved" in line for line in expected["told"][1])
    with checked(tmp_path / "killed", Often(Random(3), most=60)) as live:
        assert live.plays() == expected
        assert live.deaths > 5
