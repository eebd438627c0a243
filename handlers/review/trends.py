"""Trends as text: the numbers of a period, with a bar for each week."""

from workflows.lib.markup import code_block, escape
from workflows.policy.model import Policy
from workflows.review.trends import Trends

BAR = 20
MOST_WEEKS = 26


def as_text(trends: Trends, policy: Policy) -> str:
    """Everything the picture shows, too: it is the picture's alternative."""
    total = trends.good + trends.neutral + trends.bad
    if not total:
        return f"*Satisfaction, {escape(trends.period.name)}:* no ratings."
    good = f"{trends.good} good ({_share(trends.good, total)})"
    counts = f"{good}, {trends.neutral} neutral, {trends.bad} bad"
    lines = [
        f"*Satisfaction, {escape(trends.period.name)}:* {total} ratings: {counts}",
        f"*Response within {policy.review.respond_within.words}:* {_of(trends.responded, trends.responded_of)}",
        f"*Contact within {policy.contact.within.words}:* {_of(trends.contacts, trends.contacts_of)}",
    ]
    if trends.labels:
        lines.append("*Why:* " + ", ".join(f"{escape(name)} {count}" for name, count in trends.labels))
    if trends.grew_most:
        name, growth = trends.grew_most
        lines.append(f"*Grew most:* {escape(name)} (+{growth} against the time before)")
    return "\n".join([*lines, code_block(_weeks(trends))])


def _weeks(trends: Trends) -> str:
    """A line a week: bad ones as full blocks, good ones as light ones; readable without colours."""
    weeks = trends.weeks[-MOST_WEEKS:]
    most = max((week.good + week.neutral + week.bad for week in weeks), default=0) or 1
    scale = min(1.0, BAR / most)
    rows = ["week of     bad neutral good"]
    for week in weeks:
        bar = "█" * round(week.bad * scale) + "▒" * round(week.neutral * scale) + "░" * round(week.good * scale)
        rows.append(f"{week.starts:%Y-%m-%d}  {week.bad:>3} {week.neutral:>7} {week.good:>4}  {bar}".rstrip())
    return "\n".join(rows)


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %"


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole} ({_share(part, whole)})" if whole else "none was due"
