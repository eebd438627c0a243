"""What can happen to an incident: in Slack, and by what people do. What the paging service tells is a fact."""

from dataclasses import dataclass
from datetime import datetime

from workflows.incident.model import Report, Thread

# --------------------------------------------------------------------------------- what happens in Slack


@dataclass(frozen=True)
class MessageWritten:
    """Somebody wrote in the channel; `by` is None for an integration, whose ids and names `sender` holds then.

    `by_responder` says whether they respond to incidents, as far as Slack could be asked.
    """

    by: str | None
    text: str
    origin: Thread
    at: datetime
    by_responder: bool = False
    sender: tuple[str, ...] = ()


@dataclass(frozen=True)
class MessageEdited:
    """The message it is about was edited."""

    text: str


@dataclass(frozen=True)
class MessageDeleted:
    """The message it is about was deleted."""


@dataclass(frozen=True)
class CardDeleted:
    """Its card was deleted, where it stood."""

    at: Thread


@dataclass(frozen=True)
class Spoke:
    """A person wrote in the thread; `at` is when."""

    by: str
    at: datetime


# --------------------------------------------------------------------------------- what people do


@dataclass(frozen=True)
class Reported:
    """The form was sent. `origin` is the message it is about, `root` the one in whose thread that stands."""

    by: str
    report: Report
    systems: tuple[str, ...] = ()
    other: str = ""
    reporter: str | None = None
    origin: Thread | None = None
    root: Thread | None = None
    source: str | None = None


@dataclass(frozen=True)
class SystemPicked:
    """Somebody picked the systems under the message; none: it is not in the sheet."""

    by: str
    systems: tuple[str, ...]


@dataclass(frozen=True)
class Described:
    """Somebody answered what is asked of whoever reports an incident."""

    by: str
    report: Report


@dataclass(frozen=True)
class CriticalityChanged:
    """A person names the systems; `level` is what they say it is, None what the sheet says."""

    by: str
    systems: tuple[str, ...]
    level: str | None = None


@dataclass(frozen=True)
class TakenOn:
    """I'm on it. `is_responder` is None where Slack could not be asked."""

    by: str
    is_responder: bool | None = True


@dataclass(frozen=True)
class RespondersCalled:
    """Somebody who is no responder wants them to be pinged."""

    by: str


@dataclass(frozen=True)
class ExportAsked:
    """Somebody wants the incidents of a period as a table: `rows` are its lines, this incident's the last."""

    by: str
    rows: tuple[tuple[str, ...], ...]
    since: datetime
    until: datetime


@dataclass(frozen=True)
class StillOn:
    """Somebody is still on it."""

    by: str


@dataclass(frozen=True)
class Dismissed:
    """A person says that it is no incident."""

    by: str


@dataclass(frozen=True)
class Held:
    """Don't page. `is_responder` as above."""

    by: str
    is_responder: bool | None = True


@dataclass(frozen=True)
class PageAsked:
    """A person has somebody paged at once."""

    by: str


@dataclass(frozen=True)
class PagedByHand:
    """Somebody did by hand what the paging service could not."""

    by: str


@dataclass(frozen=True)
class Resolved:
    """A person says that it is over; `summary` is a line of what it was."""

    by: str
    summary: str


@dataclass(frozen=True)
class Reopened:
    """A person says that it is not over, or wants the clock again."""

    by: str


@dataclass(frozen=True)
class Available:
    """The reporter is here to work with the on-call person."""

    by: str


@dataclass(frozen=True)
class StandInNamed:
    """Somebody else works with the on-call person."""

    by: str
    person: str
