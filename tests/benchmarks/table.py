"""The table of a benchmark: what was measured beside what, and what is to be reached."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """One ratio of one run. `at_least` or `at_most` is what it has to reach; neither: it is only told."""

    what: str
    ours: str
    beside: str
    theirs: str
    ratio: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def to_reach(self) -> str:
        """What the ratio has to reach, in words."""
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return f"at most {self.at_most:g}" if self.at_most is not None else ""

    @property
    def is_reached(self) -> bool:
        """Whether it is reached."""
        low, high = self.at_least, self.at_most
        return (low is None or self.ratio >= low) and (high is None or self.ratio <= high)

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the table."""
        return (
            self.what,
            self.ours,
            f"{self.beside}: {self.theirs}",
            f"{self.ratio:.2f}",
            self.to_reach,
            "yes" if self.is_reached else "NO",
        )


HEAD = ("what", "desk", "beside", "ratio", "to reach", "reached")


def machine() -> str:
    """On what it was measured."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {os.cpu_count()} cores ({platform.machine()}), load before: {load}"


def as_text(lines: Sequence[Line]) -> str:
    """For a terminal."""
    rows = [HEAD, *(line.cells for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def as_markdown(lines: Sequence[Line]) -> str:
    """For a page."""
    rows = [HEAD, tuple("---" for _ in HEAD), *(line.cells for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def as_json(lines: Sequence[Line], where: str) -> str:
    """For a program."""
    found = [asdict(line) | {"reached": line.is_reached} for line in lines]
    return json.dumps({"machine": where, "lines": found}, indent=1)


def write(path: Path, text: str) -> None:
    """Keep it in a file."""
    path.write_text(text + "\n", "utf-8")
