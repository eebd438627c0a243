"""The steps of a simulation as a chart. Needs matplotlib, which is optional: the extra `plot`."""

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.simulation.simulator import NOTES, SimulatedStep
from workflows.contract.errors import DeskError
from workflows.lib.markup import cut

LABEL = 90
NOTED, PAGED, SAID = "#7a7a7a", "#06ac38", "#4a154b"


class ChartError(DeskError):
    """The chart cannot be drawn; the sentence says why."""


def draw(steps: Sequence[SimulatedStep], zone: ZoneInfo, file: Path, title: str) -> None:
    """Draw one row for each thing that would happen, top to bottom, with its time in this zone; write the file.

    `ChartError` when matplotlib is not installed, or the file cannot be written.
    """
    figure = _figure(len(steps))
    axes = figure.subplots()
    for row, one in enumerate(steps):
        colour = PAGED if one.is_page else NOTED if one.where == NOTES else SAID
        axes.plot([one.at.astimezone(zone)], [row], marker="o", markersize=7, color=colour)
        axes.annotate(
            _label(one, zone), (1.01, row), xycoords=("axes fraction", "data"), va="center", fontsize=8, color=colour
        )
        axes.axhline(row, color="#e6e6e6", linewidth=0.6, zorder=0)
    axes.plot([one.at.astimezone(zone) for one in steps], range(len(steps)), color="#c8c8c8", zorder=0)
    axes.invert_yaxis()
    axes.set_yticks([])
    axes.set_title(title, loc="left", fontsize=11)
    axes.set_xlabel(zone.key)
    figure.autofmt_xdate()
    _write(figure, file)


def _label(one: SimulatedStep, zone: ZoneInfo) -> str:
    local: datetime = one.at.astimezone(zone)
    where = "" if one.where == NOTES else f"{one.where}: "
    # A dollar sign begins a formula in matplotlib, and the fonts have no emoji names to show.
    return cut(f"{local:%a %H:%M}  {where}{one.what}".replace("$", r"\$"), LABEL)


def _figure(rows: int) -> Any:  # noqa: ANN401 - matplotlib is not there when types are checked
    try:
        figure = import_module("matplotlib.figure")
    except ImportError as error:
        raise ChartError(
            "The chart needs matplotlib: install it with `pip install 'escalation-desk[plot]'` and try again."
        ) from error
    return figure.Figure(figsize=(14, max(3, 0.32 * rows + 1.2)), layout="constrained")


def _write(figure: Any, file: Path) -> None:  # noqa: ANN401 - as above
    try:
        figure.savefig(file, dpi=120)
    except (OSError, ValueError) as error:
        raise ChartError(f"The chart cannot be written to {file}: {error}") from error
