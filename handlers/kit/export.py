"""Tables of a period, sent by direct message: the period as it is typed, and the file."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from io import StringIO

from workflows.contract.slack_port import File
from workflows.lib.durations import Duration
from workflows.policy.model import Policy

DEFAULT = "30d"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins like this would be a formula to a spreadsheet."""


def length_of(period: str) -> timedelta | None:
    """How long a period such as `30d` or `2w` is; None where it is none."""
    try:
        length = Duration.parse(period.strip() or DEFAULT).length
    except ValueError:
        return None
    return length or None


def table(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[str]], between: tuple[str, str], policy: Policy
) -> File:
    """A spreadsheet's table; what people typed cannot become a formula there. `between` are two instants (ISO)."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    first, last = (f"{datetime.fromisoformat(instant).astimezone(policy.zone):%Y-%m-%d}" for instant in between)
    title = f"{name} {first} to {last}"
    file = f"{name.lower().replace(' ', '-')}-{first}-{last}.csv"
    return File(file, title, text.getvalue().encode("utf-8-sig"), comment=f"{title}, in UTC")


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
