"""A story that is really played: who does what, and what Slack then shows them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.demo.chapters.narrator import Action, Narrator, Observation
from sandbox.driver.client import SandboxClient
from sandbox.driver.observations import Modal, Reply, Shown
from sandbox.driver.people import SandboxPerson
from workflows.contract.errors import DeskError

T = TypeVar("T")

PATIENCE_SECONDS = 40.0


class DidNotHappen(DeskError):  # noqa: N818 - the name says what is wrong
    """A step of the story did not happen."""


class Script:
    """Plays steps through the sandbox, waits for what they bring about, and has both told.

    `is_quiet` says whether the desk has nothing on its way: time does not pass before, for what is still being sent
    would seem to be sent later than it was.
    """

    def __init__(self, slack: SandboxClient, narrator: Narrator, is_quiet: Callable[[], bool] = lambda: True) -> None:
        self.slack = slack
        self.narrator = narrator
        self.is_quiet = is_quiet

    def chapter(self, title: str, at: datetime) -> None:
        """Begin a chapter at this time."""
        self.narrator.chapter(title)
        self._until(self._quiet, "the desk has nothing on its way")
        self.slack.clock.set(at)
        self.narrator.moment("", self.slack.clock.now())

    def later(self, words: str, **units: float) -> None:
        """Let time pass."""
        self.narrator.waits(words)
        self._until(self._quiet, "the desk has nothing on its way")
        self.slack.clock.advance(timedelta(**units))
        self.narrator.moment(words, self.slack.clock.now())

    def at(self, moment: datetime, words: str) -> None:
        """Let time pass until then."""
        self.narrator.waits(words)
        self._until(self._quiet, "the desk has nothing on its way")
        self.slack.clock.set(moment)
        self.narrator.moment(words, self.slack.clock.now())

    def narrates(self, sentence: str) -> None:
        """Say what a reader should know."""
        self.narrator.narrates(sentence)

    def types(self, person: SandboxPerson, command: str, in_: str) -> Reply:
        """Somebody types a command."""
        self._acts(person, f"types in {in_}:  {command}", in_)
        return self._taken(person, person.runs(command, in_=in_))

    def writes(self, person: SandboxPerson, text: str, in_: str, thread: Shown | None = None) -> Shown:
        """Somebody writes a message."""
        self._acts(person, f"writes in {in_}{' (thread)' if thread else ''}:  {text}", in_, _thread_of(thread))
        return person.says(text, in_=in_, thread=thread)

    def integration(self, text: str, in_: str) -> Shown:
        """An integration of somebody else's writes a message."""
        self.narrator.acts(Action("(bot)", f"An integration writes in {in_}:  {text}", in_))
        return self.slack.integration().says(text, in_=in_)

    def customer(self, subject: str) -> int:
        """A customer opens a ticket; its number."""
        self.narrator.acts(Action("(customer)", f"A customer of ACME opens a ticket:  {subject}", None))
        return self.slack.customer_opens(subject)

    def answers(self, person: SandboxPerson, values: dict[str, Any]) -> None:
        """Somebody fills in the modal."""
        for label, value in values.items():
            self._acts(person, f"answers “{label}”:  {value}")
        person.fills(values)

    def submits(self, person: SandboxPerson) -> None:
        """Somebody sends the modal."""
        modal = person.modal
        self._acts(person, f"presses [{modal.submit_label if modal else '?'}]")
        self._taken(person, person.submits())

    def presses(self, person: SandboxPerson, button: str, on: Shown | None = None) -> None:
        """Somebody presses a button."""
        self._acts(person, f"presses [{button}]", on.channel if on else None, on.thread_ts if on else None)
        self._taken(person, person.clicks(button, on=on))

    def modal(self, person: SandboxPerson, *words: str) -> Modal:
        """Slack shows somebody a modal with these words."""

        def look() -> Modal | None:
            modal = person.modal
            return modal if modal and all(word in _text_of(modal) for word in words) else None

        modal = self._until(look, f"{person.name} sees a modal with {words}")
        self.narrator.shows(Observation(person.name, f"Slack shows {person.name} a form", _text_of(modal)))
        return modal

    def message(self, person: SandboxPerson, in_: str, *words: str, thread: Shown | None = None) -> Shown:
        """Slack shows somebody a message with these words; the newest, where there are several."""

        def look() -> Shown | None:
            shown = person.sees_thread(thread) if thread else person.sees(in_)
            return next((one for one in reversed(shown) if all(word in one.rendered for word in words)), None)

        shown = self._until(look, f"{person.name} sees {words} in {in_}")
        where = "their DM with the desk" if in_ == "dm" else f"{in_}{', in the thread' if thread else ''}"
        head = f"Slack shows {person.name} in {where}"
        self.narrator.shows(
            Observation(person.name, head, shown.rendered, shown.channel, _thread_of(thread) or shown.thread_ts)
        )
        return shown

    def happens(self, sentence: str, look: Callable[[], object]) -> None:
        """Something comes to be true outside Slack."""
        self._until(look, sentence)
        self.narrator.happens(sentence)

    def _quiet(self) -> bool | None:
        return self.is_quiet() or None

    def _until(self, look: Callable[[], T | None], what: str) -> T:
        try:
            return self.slack.until(look, PATIENCE_SECONDS)
        except AssertionError as error:
            raise DidNotHappen(f"This did not happen: {what}.") from error

    def _acts(self, person: SandboxPerson, words: str, place: str | None = None, thread: str | None = None) -> None:
        self.narrator.acts(Action(person.name, words, place, thread))

    def _taken(self, person: SandboxPerson, reply: Reply) -> Reply:
        if not reply.acked:
            raise DidNotHappen(f"Slack got no answer to what {person.name} did: {reply.error}.")
        return reply


def _thread_of(message: Shown | None) -> str | None:
    """The thread a message stands in, or would begin."""
    return (message.thread_ts or message.ts) if message else None


def _text_of(modal: Modal) -> str:
    warnings = [f"! {sentence}" for sentence in modal.errors.values()]
    return "\n".join([f"[{modal.title}]", modal.text, *warnings])
