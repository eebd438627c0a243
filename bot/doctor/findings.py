"""What the doctor finds: a line for each part."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from workflows.contract.errors import DeskError


class CheckState(StrEnum):
    """How a part is."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Not in use, or not to be known from here."""


@dataclass(frozen=True)
class Finding:
    """One part. `remedy` says what to do about a failed one."""

    part: str
    state: CheckState
    sentence: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        """As `--json` prints it."""
        return {name: str(value) for name, value in asdict(self).items()}


@dataclass
class Findings:
    """Everything that was found, in order."""

    found: list[Finding] = field(default_factory=list)

    def ok(self, part: str, sentence: str) -> None:
        """Note that a part is as it should be."""
        self.found.append(Finding(part, CheckState.OK, sentence))

    def failed(self, part: str, sentence: str, remedy: str) -> None:
        """Note that a part is wrong, and what to do about it."""
        self.found.append(Finding(part, CheckState.FAILED, sentence, remedy))

    def skipped(self, part: str, sentence: str) -> None:
        """Note that a part is not in use."""
        self.found.append(Finding(part, CheckState.SKIPPED, sentence))

    @contextmanager
    def check(self, part: str, remedy: str) -> Iterator[None]:
        """What is asked inside may fail: then this part has failed, for the reason the failure gives."""
        try:
            yield
        except DeskError as error:
            self.failed(part, error.sentence, remedy)

    @property
    def is_well(self) -> bool:
        """Whether nothing has failed."""
        return all(one.state is not CheckState.FAILED for one in self.found)
