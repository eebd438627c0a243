"""Who tells a story while it is played: on paper, or somebody who waits for the reader between the steps."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

WIDTH = 96


@dataclass(frozen=True)
class Action:
    """What somebody is about to do; `place` is a channel's name or id, where it matters."""

    person: str
    words: str
    place: str | None = None
    thread: str | None = None


@dataclass(frozen=True)
class Observation:
    """What Slack now shows somebody: a heading and the text."""

    person: str
    head: str
    text: str
    place: str | None = None
    thread: str | None = None


class Narrator(Protocol):
    """Told each step of a story in turn. `waits` and `acts` come before the step, and may hold it up."""

    def chapter(self, title: str) -> None:
        """A chapter begins."""

    def waits(self, words: str) -> None:
        """Time is about to pass."""

    def moment(self, words: str, now: datetime) -> None:
        """Say which time the clock of the story shows now."""

    def narrates(self, sentence: str) -> None:
        """A reader should know this."""

    def acts(self, action: Action) -> None:
        """Somebody is about to do something."""

    def shows(self, observation: Observation) -> None:
        """Slack shows somebody something."""

    def happens(self, sentence: str) -> None:
        """Something is now true outside Slack."""


class Printed:
    """Prints the story as a transcript."""

    def __init__(self, out: Callable[[str], None]) -> None:
        self.out = out

    def chapter(self, title: str) -> None:
        """Write the heading of a chapter."""
        self.out(f"\n{'=' * WIDTH}\n{title}\n{'=' * WIDTH}")

    def waits(self, words: str) -> None:
        """Nothing: paper does not wait."""

    def moment(self, words: str, now: datetime) -> None:
        """A line with the time."""
        self.out(f"\n--- {words}{': ' if words else ''}{now:%A %d %B, %H:%M} UTC ---")

    def narrates(self, sentence: str) -> None:
        """Write a paragraph that explains what comes."""
        self.out(f"\n{textwrap.fill(sentence, WIDTH)}")

    def acts(self, action: Action) -> None:
        """A line that begins with the name."""
        self.out(f"\n  {action.person:<6} {action.words}")

    def shows(self, observation: Observation) -> None:
        """What Slack shows, indented."""
        lines = [line for row in observation.text.splitlines() for line in textwrap.wrap(row, WIDTH - 10) or [""]]
        self.out("\n".join([f"\n         {observation.head}:", *(f"         | {line}" for line in lines)]))

    def happens(self, sentence: str) -> None:
        """A line with a star."""
        self.out(f"\n  * {sentence}")
