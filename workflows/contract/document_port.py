"""Documents people write in together, as a protocol: see `workflows.contract`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a document. `mark` tells it from others, for good."""

    mark: str
    text: str


class Documents(Protocol):
    """Documents people write in together."""

    def add(self, document: str, heading: Paragraph, paragraphs: Sequence[Paragraph]) -> None:
        """Put paragraphs below their heading, which is made at the top where it does not stand; none stands twice."""
        ...
