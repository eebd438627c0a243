"""Trends as a picture and as a table. The picture needs matplotlib, which is optional: the extra `plot`."""

from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from pydantic import TypeAdapter

from handlers.review import trends as as_words
from workflows.contract.errors import Refused
from workflows.contract.slack_port import File
from workflows.policy.model import Policy
from workflows.review.trends import Trends, as_csv
from workflows.review.week import WeekCase

Details = dict[str, Any]

TRENDS: TypeAdapter[Trends] = TypeAdapter(Trends)
MOST_TICKS = 27
"""So many weeks can be named below an axis."""
TONES = (("bad", "#D55E00", "//"), ("neutral", "#BBBBBB", ""), ("good", "#009E73", ".."))
"""Each tone's colour and hatching: told apart by who cannot tell the colours, too."""
LINES = (
    ("#0072B2", "o", "-"),
    ("#D55E00", "s", "--"),
    ("#009E73", "^", "-."),
    ("#CC79A7", "D", ":"),
    ("#000000", "v", "-"),
    ("#E69F00", "P", "--"),
)
"""Each line's colour, marker and dashes: two lines over one another, or two colours alike, are told apart as well."""

BESIDE = {"loc": "center left", "bbox_to_anchor": (1.0, 0.5), "frameon": False, "fontsize": 9}
"""Where a legend stands: over the lines it would hide them."""


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
        alternative=as_words.as_alternative(trends, policy),
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
        look = {"label": tone, "color": colour, "hatch": hatch, "edgecolor": "white"}
        bars.bar(places, counts, bottom=bottom, width=min(0.8, 0.1 * len(weeks)), **look)
        bottom = [low + count for low, count in zip(bottom, counts, strict=True)]
    bars.set_title(f"Ratings a week, {trends.period.name}", loc="left")
    bars.legend(**BESIDE, reverse=True)
    for (label, _), (colour, marker, dashes) in zip(trends.labels, LINES, strict=False):
        counts = [week.labels.get(label, 0) for week in trends.weeks]
        named = label.replace("$", r"\$")
        lines.plot(places, counts, label=named, color=colour, marker=marker, linestyle=dashes)
    lines.set_title("Why bad ones were given", loc="left")
    lines.set_ylim(bottom=0)
    if trends.labels:
        lines.legend(**BESIDE)
    step = -(-len(weeks) // MOST_TICKS)
    lines.set_xticks(places[::step], weeks[::step], rotation=45, ha="right")
    lines.set_xlim(-0.6, len(weeks) - 0.4)
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
    return figure.Figure(figsize=(12, 7), layout="constrained")
