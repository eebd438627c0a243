"""The tour played for somebody who watches it in the sandbox's page: step by step, or by itself."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.demo.chapters.narrator import Action, Observation
from bot.demo.chapters.script import Script
from sandbox.core.errors import Impossible
from sandbox.driver.client import SandboxClient
from workflows.contract.errors import DeskError

PACE_SECONDS = 2.5
"""How long a step stands when the tour plays by itself."""

Step = dict[str, Any]
Chapter = Callable[[Script], None]


class Stopped(DeskError):  # noqa: N818 - the name says what is wrong
    """The tour was stopped by who watched it."""


class TourPlayer:
    """A tour that is being played. It is a `Narrator` that writes down each step, and waits before the next one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._steps: list[Step] = []
        self._state = "off"
        self._trouble = ""
        self._may = 0
        self._by_itself = False
        self._stopping = False
        self._thread: threading.Thread | None = None

    # ------------------------------------------------------------------------------------ for who watches

    def state(self) -> Step:
        """How far it is: `state` is off, starting, playing, waiting, over, stopped or failed."""
        with self._changed:
            return {
                "state": self._state,
                "steps": list(self._steps),
                "by_itself": self._by_itself,
                "trouble": self._trouble,
            }

    def start(self, prepare: Callable[[], str], chapters: Iterable[Chapter]) -> None:
        """Begin. `prepare` makes a workspace in which nothing has happened yet, and says where it is."""
        self.stop()
        with self._changed:
            self._steps, self._state, self._trouble = [], "starting", ""
            self._may, self._by_itself, self._stopping = 0, False, False
        self._thread = threading.Thread(target=self._play, args=(prepare, list(chapters)), name="tour", daemon=True)
        self._thread.start()

    def go_on(self) -> None:
        """Play the next step."""
        with self._changed:
            self._may += 1
            self._changed.notify_all()

    def by_itself(self, *, on: bool) -> None:
        """Play on without being asked, or stop doing so."""
        with self._changed:
            self._by_itself = on
            self._changed.notify_all()

    def stop(self) -> None:
        """Stop where it is."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _play(self, prepare: Callable[[], str], chapters: list[Chapter]) -> None:
        try:
            with SandboxClient(prepare()) as slack:
                for chapter in chapters:
                    chapter(Script(slack, self))
            self._ends("over")
        except Stopped:
            self._ends("stopped")
        except (DeskError, Impossible) as error:
            self._ends("failed", str(error))

    def _ends(self, state: str, trouble: str = "") -> None:
        with self._changed:
            self._state, self._trouble = state, trouble

    # ------------------------------------------------------------------------------------- for the story

    def _write(self, kind: str, **what: object) -> None:
        with self._changed:
            self._steps.append({"kind": kind, **what})

    def _wait(self) -> None:
        """Wait until the reader wants the next step."""
        with self._changed:
            self._state = "waiting"
            if self._by_itself:
                self._changed.wait_for(lambda: self._stopping or not self._by_itself, PACE_SECONDS)
            self._changed.wait_for(lambda: self._stopping or self._by_itself or self._may > 0)
            self._may = max(0, self._may - 1)
            if self._stopping:
                raise Stopped("The tour was stopped.")
            self._state = "playing"

    def chapter(self, title: str) -> None:
        """A chapter begins."""
        self._write("chapter", words=title)

    def waits(self, words: str) -> None:
        """Time is about to pass."""
        self._write("waits", words=words)
        self._wait()

    def moment(self, words: str, now: datetime) -> None:
        """Say which time the clock of the story shows now."""
        del words
        self._write("moment", words=f"{now:%A %d %B, %H:%M} UTC")

    def narrates(self, sentence: str) -> None:
        """A reader should know this."""
        self._write("narrates", words=sentence)

    def acts(self, action: Action) -> None:
        """Somebody is about to do something."""
        self._write("acts", **asdict(action))
        self._wait()

    def shows(self, observation: Observation) -> None:
        """Slack shows somebody something: there is something to look at before it goes on."""
        self._write("shows", **asdict(observation))
        self._wait()

    def happens(self, sentence: str) -> None:
        """Something is now true outside Slack."""
        self._write("happens", words=sentence)
