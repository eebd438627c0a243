"""Trends as a picture and as a table. The picture needs matplotlib, which is optional: the extra `plot`."""

from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from pydantic import TypeAdapter

from handlers.review import trends as as_words
from workflows.contract.errors import Refused
from workflows.contract.slack_port import File
from workflows.lib.markup import plain
from workflows.policy.model import Policy
from workflows.review.trends import Trends, as_csv
from workflows.review.week import WeekCase

Details = dict[str, Any]

TRENDS: TypeAdapter[Trends] = TypeAdapter(Trends)
MOST_LABELS = 6
TONES = (("bad", "#D55E00", "//"), ("neutral", "#BBBBBB", ""), ("good", "#009E73", ".."))
"""Each tone's colour and hatching: told apart by who cannot tell the colours, too."""
LINES = (("#0072B2", "o"), ("#CC79A7", "s"), ("#E69F00", "^"), ("#56B4E9", "D"), ("#000000", "v"), ("#F0E442", "P"))
"""Each line's colour and marker."""


def can_draw() -> bool:
    """Whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


def picture(_case: WeekCase, policy: Policy, details: Details) -> File:
    """Bars a week, labels as lines; the same numbers are its alternative text. `Refused` without matplotlib."""
    trends = TRENDS.validate_python(details["trends"])
    name = trends.period.name
    return File(
        f"trends-{name}.png",
        f"Satisfaction, {name}",
        _drawn(trends),
        alternative=plain(as_words.as_text(trends, policy)),
        comment=f"Satisfaction, {name}: customers and engineers are not named.",
    )


def table(_case: WeekCase, _policy: Policy, details: Details) -> File:
    """A row a week, for a spreadsheet."""
    trends = TRENDS.validate_python(details["trends"])
    name = trends.period.name
    return File(f"trends-{name}.csv", f"Satisfaction, {name}", as_csv(trends).encode(), comment=f"Satisfaction, {name}")


def _drawn(trends: Trends) -> bytes:
    figure = _figure()
    bars, lines = figure.subplots(2, 1, sharex=True)
    weeks = [f"{week.starts:%d %b}" for week in trends.weeks]
    places = list(range(len(weeks)))
    bottom = [0] * len(weeks)
    for tone, colour, hatch in TONES:
        counts = [getattr(week, tone) for week in trends.weeks]
        bars.bar(places, counts, bottom=bottom, label=tone, color=colour, hatch=hatch, edgecolor="white")
        bottom = [low + count for low, count in zip(bottom, counts, strict=True)]
    bars.set_title(f"Ratings a week, {trends.period.name}", loc="left")
    bars.legend(frameon=False)
    for (label, _), (colour, marker) in zip(trends.labels[:MOST_LABELS], LINES, strict=False):
        counts = [week.labels.get(label, 0) for week in trends.weeks]
        lines.plot(places, counts, label=label.replace("$", r"\$"), color=colour, marker=marker)
    lines.set_title("Why bad ones were given", loc="left")
    if trends.labels:
        lines.legend(frameon=False, fontsize=8)
    lines.set_xticks(places, weeks, rotation=45, ha="right")
    for axes in (bars, lines):
        axes.yaxis.get_major_locator().set_params(integer=True)
        axes.spines[["top", "right"]].set_visible(False)
    drawn = BytesIO()
    figure.savefig(drawn, format="png", dpi=120)
    return drawn.getvalue()


def _figure() -> Any:  # noqa: ANN401 - matplotlib is not there when types are checked
    try:
        figure = import_module("matplotlib.figure")
    except ImportError as error:
        raise Refused("The picture needs matplotlib, which is not installed here.") from error
    return figure.Figure(figsize=(10, 7), layout="constrained")
