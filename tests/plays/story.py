"""What the random plays of people's work have in common: a seeded story, told step by step, and how it is looked at."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from random import Random

from sandbox.core.errors import Impossible
from sandbox.driver.observations import Shown
from sandbox.driver.people import SandboxPerson
from storage import timers
from tests.plays.promises import text_of
from tests.world import World


class NobodyCan(Impossible):
    """There is nothing to do it to just now."""


class Story:
    """One story; `seed` tells it again. Each step is one of the acts, and everything is held after it."""

    people: Sequence[str] = ()
    channels: Sequence[str] = ()

    def __init__(self, w: World, seed: int) -> None:
        self.w = w
        self.random = Random(seed)
        self.done: list[str] = []

    def acts(self) -> list[Callable[[], None]]:
        """What may happen; what stands twice is twice as likely."""
        raise NotImplementedError

    def begins(self) -> None:
        """The first thing that happens."""
        raise NotImplementedError

    def holds(self) -> None:
        """What is shown is what is so, or an `AssertionError`."""
        raise NotImplementedError

    def goes_on(self, steps: int) -> None:
        """Let so many things happen, and hold everything after each."""
        acts = self.acts()
        for number in range(steps):
            act = self.random.choice(acts) if number else self.begins
            self.done.append(act.__name__)
            with suppress(Impossible):  # what nobody can do just now is not done
                act()
            self.w.settle()
            self.w.advance(seconds=0)
            try:
                self.holds()
            except AssertionError as broken:
                raise AssertionError(f"after {' > '.join(self.done)}: {broken}") from broken

    # ---------------------------------------------------------------------------------- by whom, and on what

    def somebody(self) -> SandboxPerson:
        """Somebody who works here."""
        return self.w.slack.person(self.random.choice(self.people))

    def messages(self, who: SandboxPerson) -> list[Shown]:
        """Everything that has buttons, in the channels, their threads and this person's own messages."""
        roots = [one for channel in self.channels for one in self.w.maria.sees(channel) if not one.ephemeral]
        below = [one for root in roots for one in self.w.maria.sees_thread(root)]
        return [one for one in (*below, *who.dm()) if one.user == "desk" and one.buttons]

    def roots(self) -> list[Shown]:
        """What people wrote in the channels."""
        found = [one for channel in self.channels for one in self.w.maria.sees(channel)]
        return [one for one in found if one.user in self.people]

    def one_of(self, found: Sequence[Shown]) -> Shown:
        """One of them, if there are any."""
        if not found:
            raise NobodyCan("nothing is there")
        return self.random.choice(found)

    def presses(self) -> None:
        """Somebody presses some button of some message of the desk; what opens is closed again."""
        who = self.somebody()
        message = self.one_of(self.messages(who))
        who.clicks(self.random.choice(message.buttons), on=message)
        closes(who)

    def restarts(self) -> None:
        """The desk is stopped and started again."""
        self.w.restart()

    # ------------------------------------------------------------------------------------------- what is so

    def waiting(self, case_id: str) -> dict[str, datetime]:
        """The timers of a case, by name."""
        with self.w.desk.database.read_only() as connection:
            return {row.name: row.due_at for row in timers.waiting_timers(connection, case_id)}

    def shown(self, channel: str, ts: str) -> str | None:
        """What a message says, with its mark-up; None where it is gone, or the desk may not write there."""
        workspace = self.w.sandbox.app.workspace
        place = workspace.channels[channel]
        if not channel.startswith("D") and workspace.person("desk").id not in place.members:
            return None
        message = workspace.find_message(place, ts)
        return text_of(message.blocks) if message is not None else None


def closes(who: SandboxPerson) -> None:
    """Close what was opened and is not sent, or was refused."""
    if who.modal is not None:
        who.closes(everything=True)
