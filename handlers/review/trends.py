"""Trends as text: the numbers of a period, with a bar for each week."""

from workflows.lib.markup import code_block, escape, plain
from workflows.policy.model import Policy
from workflows.review.trends import Trends

BAR = 20
MOST_WEEKS = 26
MOST_DRAWN_LABELS = 6
"""So many lines can be told apart in a picture."""
MOST_ALTERNATIVE = 1000
"""Slack takes no longer text for a picture."""


def as_text(trends: Trends, policy: Policy) -> str:
    """The numbers, and a line a week."""
    if not trends.good + trends.neutral + trends.bad:
        return f"*Satisfaction, {escape(trends.period.name)}:* no ratings."
    lines = _totals(trends, policy)
    if trends.labels:
        lines.append("*Why:* " + ", ".join(f"{escape(name)} {count}" for name, count in trends.labels))
    if trends.grew_most:
        name, growth = trends.grew_most
        lines.append(f"*Grew most:* {escape(name)} (+{growth} against the time before)")
    return "\n".join([*lines, code_block(_weeks(trends))])


def as_alternative(trends: Trends, policy: Policy) -> str:
    """What the picture shows, for who cannot see it: its bars and lines as numbers; of very many weeks the last."""
    for count in range(len(trends.weeks), 0, -1):
        text = plain("\n".join([*_totals(trends, policy), *_drawn(trends, count)]))
        if len(text) <= MOST_ALTERNATIVE:
            return text
    return plain("\n".join(_totals(trends, policy)))


def _totals(trends: Trends, policy: Policy) -> list[str]:
    total = trends.good + trends.neutral + trends.bad
    good = f"{trends.good} good ({_share(trends.good, total)})"
    counts = f"{good}, {trends.neutral} neutral, {trends.bad} bad"
    return [
        f"*Satisfaction, {escape(trends.period.name)}:* {total} rating{'' if total == 1 else 's'}: {counts}",
        f"*Response within {policy.review.respond_within.words}:* {_of(trends.responded, trends.responded_of)}",
        f"*Contact within {policy.contact.within.words}:* {_of(trends.contacts, trends.contacts_of)}",
    ]


def _drawn(trends: Trends, count: int) -> list[str]:
    """The last weeks: their ratings, and how often each of the most frequent labels was given in them."""
    weeks = trends.weeks[-count:]
    bars = ", ".join(f"{week.starts:%d %b} {week.bad}/{week.neutral}/{week.good}" for week in weeks)
    labels = [
        f"{name}: {' '.join(str(week.labels.get(name, 0)) for week in weeks)}"
        for name, _ in trends.labels[:MOST_DRAWN_LABELS]
    ]
    return [f"Weeks, bad/neutral/good: {bars}", *(["Labels in these weeks:", *labels] if labels else [])]


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
