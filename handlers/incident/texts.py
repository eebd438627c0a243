"""What the listeners of incidents say at once and privately."""

from workflows.incident.model import IncidentCase
from workflows.lib.markup import escape
from workflows.policy.model import Policy


def help_text(policy: Policy) -> str:
    """The answer to `/incident help`."""
    own = policy.incident
    waits = [f"• {level.label}: {level.wait.words}, {_counted(level.counts)}" for level in own.levels.values()]
    return "\n".join(
        (
            "*When something is broken: a response in time, or a page.*",
            f"Write in {escape(own.channel)}: the timer starts. Pick the system below your message. Or:",
            "`/incident` opens the form; `/incident what is happening` opens it filled in.",
            "`/incident list` shows what is open; add `mine`, `unclaimed`, `overdue`, `@somebody` or a ticket.",
            "`/incident export 30d` sends you a table of the last 30 days; `/incident help` shows this.",
            "On any message: _More actions_ → *Start incident timer*.",
            "I wait for a response:",
            *waits,
            f"Then I page *{escape(own.service)}*.",
            f"Support hours are {own.calendar.name} {own.support_hours.time_zone}.",
        )
    )


def duplicate(other: IncidentCase) -> str:
    """There is an open incident for this message already."""
    return f"{other.id} is open for this message already: see its card in the thread."


def _counted(counts: str) -> str:
    return "day and night" if counts == "always" else "in support hours"
