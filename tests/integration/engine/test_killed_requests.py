"""Killed at any moment of its requests, the desk loses nothing, files nothing twice and says nothing twice."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.integration.engine.killing import Fuse, Killed, Often, breakable_commits
from tests.integration.engine.test_killed_in_the_sandbox import Mortal
from tests.scenarios.request import PROJECT, TEAM, policy
from tests.world import world
from workflows.lib.tickets import MAIN, TicketRef
from workflows.policy.request import RequestKind
from workflows.request.model import KIND, Answered, NotYet, Sent, SignedOff

BUG = {"summary": "Triggers don't fire", "field:steps": "1. Solve", "severity": "s1"}
EDIT = {"summary": "Hours", "file": "data/support-team.yml", "find": "", "replace": "- name: New", "reason": "Joins"}

CHANGES = re.compile(r"127\.0\.0\.1:\d+|<!date[^>]*>")
"""What is another in each world: where the vendors are; and what a death holds up is said a moment later."""


class Asked(Mortal):
    """A month of requests, over as many lives as it takes."""

    def sends(self, kind: RequestKind, words: dict[str, str], **more: Any) -> None:
        """Alice sends a form; Slack sends it again until it is acknowledged."""
        event = Sent("U0ALICE", kind, words, confirmed=True, **more)
        self._until_saved(lambda: self.w.desk.engine.open(KIND, event, key=f"form:{kind}", now=self.w.clock.now()))
        self.settle()

    def does(self, event: object, key: str) -> None:
        """Alice presses a button."""
        self._until_saved(lambda: self.w.desk.engine.submit("REQ-1", event, key=key, now=self.w.clock.now()))
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
        """From three forms to the sign-off; how it all looks in the end."""
        w = self.w
        self.sends(RequestKind.BUG, BUG)
        self.sends(RequestKind.MERGE_REQUEST, EDIT, item="team_yaml")
        self.sends(RequestKind.PORTAL, {"why": "More seats"}, ticket=TicketRef(MAIN, 123456))
        w.gitlab.comment(PROJECT, 1, "Which form?", by="omar")
        self.advance(days=4)
        self.does(Answered("U0ALICE", "The second"), "answered")
        w.gitlab.label(PROJECT, 1, "Stage::Validation", by="omar")
        self.advance(hours=13)
        self.does(NotYet("U0ALICE", "It fires twice"), "not yet")
        w.gitlab.unlabel(PROJECT, 1, "Stage::Validation", by="omar")
        self.advance(hours=13)
        w.gitlab.label(PROJECT, 1, "Stage::Validation", by="omar")
        self.advance(days=4)
        self.does(SignedOff("U0ALICE"), "signed off")
        w.gitlab.set_state(PROJECT, 1, "closed", by="omar")
        w.gitlab.repository.set_state(TEAM, 1, "merged", by="omar")
        self.advance(days=1)
        issues = [one for one in w.gitlab.issues[PROJECT] if one["author"]["username"] == "desk"]
        return {
            "issues": [{name: one[name] for name in ("title", "state", "labels")} for one in issues],
            "comments": [len(w.gitlab.notes[one["id"]]) for one in issues],
            "merge requests": [one["state"] for one in w.gitlab.repository.merge_requests[TEAM]],
            "file": w.gitlab.repository.files[TEAM]["main"]["data/support-team.yml"],
            "ticket": [one["public"] for one in w.zendesk.comments[123456]],
            "alice": sorted(CHANGES.sub("", one.text) for one in w.alice.dm()),
            "threads": sorted(len(w.alice.sees_thread(one)) for one in w.alice.dm()),
            "states": [w.desk.engine.cases.read(f"REQ-{number}").state for number in (1, 2, 3)],
        }


@contextmanager
def requests(folder: Path, fuse: Fuse) -> Iterator[Asked]:
    """A world of requests with a fuse, whose tracker is asked twice a day."""
    folder.mkdir()
    with world(folder, policy=policy(ask_every="12h")) as w, breakable_commits(fuse):
        live = Asked(w, fuse)
        live.rig()
        yield live


@pytest.mark.timeout(300)
def test_killed_over_and_over_its_requests_look_the_same(tmp_path: Path) -> None:
    """One issue, one merge request, one note; each question, reminder and end said once."""
    fuse = Fuse()
    with requests(tmp_path / "undisturbed", fuse) as live:
        expected = live.plays()
        assert live.deaths == 0
    assert expected["states"] == ["closed"] * 3
    assert len(expected["issues"]) == len(expected["merge requests"]) == 1
    assert expected["ticket"] == [True, False]
    with requests(tmp_path / "disturbed", Often(Random(3))) as live:
        assert live.plays() == expected
        assert live.deaths > 5
