"""A delivery of a webhook, and what a vendor's module has to know of it."""

import codecs
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Protocol

from pydantic import ConfigDict, Field

from bot.clients.tolerant import Tolerant
from workflows.contract.facts import IncomingFact


class MalformedError(ValueError):
    """An authentic delivery that cannot be read; the message says why and quotes nothing."""


class Sent(Tolerant):
    """Base of what vendors send: what we do not know is ignored, and what we can do without is done without."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


@dataclass(frozen=True)
class Delivery:
    """What came: headers by their names in small letters, and the body as it came.

    `real_now` is real time, for the age of a signature; `now` is the desk's, for facts that do not say when.
    """

    headers: Mapping[str, str]
    body: bytes
    real_now: datetime
    now: datetime
    odd: set[str] = field(default_factory=set, compare=False)
    """The fields that could not be read and were left out."""

    @property
    def text(self) -> bytes:
        """The body without the mark that some put before UTF-8."""
        return self.body.removeprefix(codecs.BOM_UTF8)

    def digest(self, *more: str) -> str:
        """A name for exactly this body (and what else tells it apart)."""
        return hashlib.sha256(b"\0".join([*(part.encode() for part in more), self.body])).hexdigest()


NOT_TRUE = timedelta(days=3660)
"""A stamp as far from now as this is a mistake, and nothing can be counted from it."""

Number = Annotated[int, Field(gt=0, lt=2**53)]
"""The number of a ticket, issue or project."""
Name = Annotated[str, Field(max_length=300)]
"""A vendor's id, key or path."""


class Vendor(Protocol):
    """What the routes need to know of a vendor."""

    def is_authentic(self, delivery: Delivery) -> bool:
        """Whether the vendor sent it, checked in constant time."""
        ...

    def read(self, delivery: Delivery) -> Sequence[IncomingFact]:
        """What it tells us; empty when it is nothing we listen to. `MalformedError` when it cannot be read."""
        ...


def moment(text: str | None, otherwise: datetime) -> datetime:
    """A vendor's stamp as an aware time in UTC; `otherwise` when there is none that can be read, or could be true."""
    try:
        at = datetime.fromisoformat((text or "").replace(" UTC", "+00:00"))
        found = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return otherwise
    return found if abs(found - otherwise) < NOT_TRUE else otherwise
