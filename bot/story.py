"""Tells a story that is really played: who did what, and what Slack then showed them."""

import textwrap
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sandbox.client import SandboxClient
from sandbox.people import Person
from sandbox.sight import Modal, Reply, Shown
from workflows.errors import DeskError

T = TypeVar("T")

WIDTH = 96
PATIENCE_SECONDS = 15.0


class DidNotHappen(DeskError):  # noqa: N818 - the name says what is wrong
    """A step of the story did not happen."""


class Story:
    """Plays steps through the sandbox, waits for what they bring about, and prints both."""

    def __init__(self, slack: SandboxClient, out: Callable[[str], None]) -> None:
        self.slack = slack
        self.out = out

    def chapter(self, title: str, at: datetime) -> None:
        """Begin a chapter at this time."""
        self.slack.clock.set(at)
        self.out(f"\n{'=' * WIDTH}\n{title}\n{'=' * WIDTH}")
        self.out(f"\n--- {self._now()} ---")

    def later(self, words: str, **units: float) -> None:
        """Let time pass."""
        self.slack.clock.advance(timedelta(**units))
        self.out(f"\n--- {words}: {self._now()} ---")

    def at(self, moment: datetime, words: str) -> None:
        """Let time pass until then."""
        self.slack.clock.set(moment)
        self.out(f"\n--- {words}: {self._now()} ---")

    def tells(self, sentence: str) -> None:
        """Say what a reader should know."""
        self.out(f"\n{textwrap.fill(sentence, WIDTH)}")

    def types(self, person: Person, command: str, in_: str) -> Reply:
        """Somebody types a command."""
        self._acts(person, f"types in {in_}:  {command}")
        return self._taken(person, person.runs(command, in_=in_))

    def writes(self, person: Person, text: str, in_: str, thread: Shown | None = None) -> Shown:
        """Somebody writes a message."""
        self._acts(person, f"writes in {in_}{' (thread)' if thread else ''}:  {text}")
        return person.says(text, in_=in_, thread=thread)

    def answers(self, person: Person, values: dict[str, Any]) -> None:
        """Somebody fills in the modal."""
        for label, value in values.items():
            self._acts(person, f"answers “{label}”:  {value}")
        person.fills(values)

    def submits(self, person: Person) -> None:
        """Somebody sends the modal."""
        modal = person.modal
        self._acts(person, f"presses [{modal.submit_label if modal else '?'}]")
        self._taken(person, person.submits())

    def presses(self, person: Person, button: str, on: Shown | None = None) -> None:
        """Somebody presses a button."""
        self._acts(person, f"presses [{button}]")
        self._taken(person, person.clicks(button, on=on))

    def modal(self, person: Person, *words: str) -> Modal:
        """Slack shows somebody a modal with these words."""

        def look() -> Modal | None:
            modal = person.modal
            return modal if modal and all(word in _text_of(modal) for word in words) else None

        modal = self._until(look, f"{person.name} sees a modal with {words}")
        self._shows(f"Slack shows {person.name} a form", _text_of(modal))
        return modal

    def message(self, person: Person, in_: str, *words: str, thread: Shown | None = None) -> Shown:
        """Slack shows somebody a message with these words; the newest, where there are several."""

        def look() -> Shown | None:
            shown = person.sees_thread(thread) if thread else person.sees(in_)
            return next((one for one in reversed(shown) if all(word in one.rendered for word in words)), None)

        shown = self._until(look, f"{person.name} sees {words} in {in_}")
        where = "their DM with the desk" if in_ == "dm" else f"{in_}{', in the thread' if thread else ''}"
        self._shows(f"Slack shows {person.name} in {where}", shown.rendered)
        return shown

    def happens(self, sentence: str, look: Callable[[], object]) -> None:
        """Something comes to be true outside Slack."""
        self._until(look, sentence)
        self.out(f"\n  * {sentence}")

    def _until(self, look: Callable[[], T | None], what: str) -> T:
        try:
            return self.slack.until(look, PATIENCE_SECONDS)
        except AssertionError as error:
            raise DidNotHappen(f"This did not happen: {what}.") from error

    def _acts(self, person: Person, words: str) -> None:
        self.out(f"\n  {person.name:<6} {words}")

    def _taken(self, person: Person, reply: Reply) -> Reply:
        if not reply.acked:
            raise DidNotHappen(f"Slack got no answer to what {person.name} did: {reply.error}.")
        return reply

    def _shows(self, head: str, text: str) -> None:
        lines = [line for row in text.splitlines() for line in textwrap.wrap(row, WIDTH - 10) or [""]]
        self.out("\n".join([f"\n         {head}:", *(f"         | {line}" for line in lines)]))

    def _now(self) -> str:
        return f"{self.slack.clock.now():%A %d %B, %H:%M} UTC"


def _text_of(modal: Modal) -> str:
    warnings = [f"! {sentence}" for sentence in modal.errors.values()]
    return "\n".join([f"[{modal.title}]", modal.text, *warnings])
