"""Killed at any moment of its new tickets, the desk loses none and tells each once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.integration.engine.killing import Fuse, Killed, Often, breakable_commits
from tests.integration.engine.test_killed_in_the_sandbox import Mortal
from tests.scenarios.csm import policy
from tests.world import world
from workflows.contract.facts import IncomingFact, TicketOpened
from workflows.csm import model
from workflows.csm.model import Chosen, Who
from workflows.lib.tickets import MAIN, TicketRef
from workflows.policy.csm import Notice

CAROL = Who("U0CAROL", "carol@example.com", "Asia/Singapore", "Carol")
CHANGES = re.compile(r"127\.0\.0\.1:\d+|<!date[^>]*>|\d+ (?:min|h)\b")
"""What is another in each world: where the vendors are, and what a death holds up."""


class Notified(Mortal):
    """Days of new tickets, over as many lives as it takes."""

    def opens(self, *subjects: str, organization: int = 201) -> None:
        """Customers open tickets; the webhook is delivered again until it is acknowledged."""
        w = self.w
        for subject in subjects:
            number = w.zendesk.opens(subject, 102, organization)
            fact = TicketOpened(at=w.clock.now(), ticket=TicketRef(MAIN, number))
            self._until_saved(
                lambda key=f"opened:{number}", told=fact: w.desk.inbox.take([IncomingFact(key, told)], w.clock.now())
            )
        self.settle()

    def does(self, event: object, key: str) -> None:
        """Carol types a command."""
        engine = self.w.desk.engine
        case = engine.cases.with_open_key("csm:carol@example.com")
        now = self.w.clock.now()
        self._until_saved(
            lambda: (
                self.w.desk.engine.submit(case.id, event, key=key, now=now)
                if case
                else self.w.desk.engine.open(model.KIND, event, key=key, now=now)
            )
        )
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
        """A storm, a digest, an account that moves, a gap; how it all looks in the end."""
        w = self.w
        self.opens("One", "Two", "Three")
        self.advance(hours=1)
        self.does(Chosen(CAROL, Notice.DIGEST), "digest")
        self.opens("Four")
        w.salesforce.assign("ACME", "marco@example.com")
        self.advance(days=1)
        self.opens("Five", organization=202)
        self.advance(days=1)
        return {
            "carol": sorted(CHANGES.sub("", one.text) for one in w.carol.dm()),
            "marco": sorted(CHANGES.sub("", one.text) for one in w.marco.dm()),
            "maria": sorted(CHANGES.sub("", one.text) for one in w.maria.dm()),
            "tickets": [w.desk.engine.cases.read(f"NT-{number}").state for number in range(1, 6)],
        }


@contextmanager
def notices(folder: Path, fuse: Fuse) -> Iterator[Notified]:
    """A world of new tickets with a fuse, where two at once are a storm already."""
    folder.mkdir()
    storm = {"over": 1, "within": "1h", "gathered_for": "30m"}
    with world(folder, policy=policy(storm=storm), accounts=True) as w, breakable_commits(fuse):
        live = Notified(w, fuse)
        live.rig()
        yield live


@pytest.mark.timeout(300)
def test_killed_over_and_over_each_new_ticket_is_told_once(tmp_path: Path) -> None:
    """Of its own, in the storm's message, in the digest of whose account it is by then; the gap to the lead, once."""
    fuse = Fuse()
    with notices(tmp_path / "undisturbed", fuse) as live:
        expected = live.plays()
        assert live.deaths == 0
    assert expected["tickets"] == ["passed_on"] * 4 + ["nobodys"]
    assert sum("2 new tickets" in said for said in expected["carol"]) == 1
    assert sum("New ticket from ACME" in said for said in expected["marco"]) == 1
    assert sum("DigitalOcean" in said for said in expected["maria"]) == 1
    with notices(tmp_path / "disturbed", Often(Random(3))) as live:
        assert live.plays() == expected
        assert live.deaths > 5
