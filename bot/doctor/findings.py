"""What the doctor finds: a line for each part."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from workflows.contract.errors import DeskError


class State(StrEnum):
    """How a part is."""

    GREEN = "green"
    RED = "red"
    GREY = "grey"
    """Not in use, or not to be known from here."""


@dataclass(frozen=True)
class Finding:
    """One part. `remedy` says what to do about a red one."""

    part: str
    state: State
    sentence: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        """As `--json` prints it."""
        return {name: str(value) for name, value in asdict(self).items()}


@dataclass
class Findings:
    """Everything that was found, in order."""

    found: list[Finding] = field(default_factory=list)

    def green(self, part: str, sentence: str) -> None:
        """This is as it should be."""
        self.found.append(Finding(part, State.GREEN, sentence))

    def red(self, part: str, sentence: str, remedy: str) -> None:
        """This is wrong, and what to do about it."""
        self.found.append(Finding(part, State.RED, sentence, remedy))

    def grey(self, part: str, sentence: str) -> None:
        """This is not in use."""
        self.found.append(Finding(part, State.GREY, sentence))

    @contextmanager
    def asking(self, part: str, remedy: str) -> Iterator[None]:
        """What is asked inside may fail: then this part is red, for the reason the failure gives."""
        try:
            yield
        except DeskError as error:
            self.red(part, error.sentence, remedy)

    @property
    def is_well(self) -> bool:
        """Whether nothing is red."""
        return all(one.state is not State.RED for one in self.found)
