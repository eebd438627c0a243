"""What stands in an incident's issue, in the tracker's own mark-up. People are named `<@U...>`, until it leaves."""

from datetime import UTC, datetime

from workflows.contract import actors
from workflows.incident import texts
from workflows.incident.model import OPEN, IncidentCase, IncidentState, Line, Report
from workflows.lib.markup import cut, defuse_handles
from workflows.lib.templates import fill
from workflows.policy.model import Policy

LONGEST_TITLE = 250


def title(case: IncidentCase, policy: Policy) -> str:
    """The title, as the policy has it."""
    values = {
        "case": case.id,
        "level": texts.level_named(case, policy),
        "systems": texts.systems_named(case, policy),
        "what": texts.headline(case),
    }
    return cut(fill(policy.incident.issue.title, values), LONGEST_TITLE)


def description(case: IncidentCase, policy: Policy) -> str:
    """The four answers the page asks for, the systems, who reported it, and where it is talked about."""
    thread = case.messages.get("thread")
    link = f"https://slack.com/archives/{thread.channel}/p{thread.ts.replace('.', '')}" if thread else "not known"
    who = f"<@{case.reporter}>" if case.reporter else "an integration"
    return "\n\n".join(
        (
            *_answers(case.report),
            f"**Systems:** {texts.systems_named(case, policy)} ({texts.level_named(case, policy)})",
            f"**Reported by:** {who}, {_at(case.opened_at)}",
            f"**Thread:** {link} ({case.id})",
        )
    )


def at_once(case: IncidentCase, policy: Policy) -> tuple[str, ...]:
    """What is to be said as soon as the issue is open, where it is opened late."""
    return _ends(case, policy) if case.state not in OPEN else ()


def updates(before: IncidentCase, case: IncidentCase, policy: Policy) -> tuple[str, ...]:
    """What its issue has not been told yet."""
    comments = []
    if case.report != before.report:
        comments.append("\n\n".join(("**Described anew**", *_answers(case.report))))
    if case.level != before.level and before.level:
        now = texts.level_named(case, policy)
        comments.append(
            f"Criticality: {texts.level_named(before, policy)} → {now} ({texts.systems_named(case, policy)})"
        )
    if before.state in OPEN and case.state not in OPEN:
        return (*comments, *_ends(case, policy))
    if before.state not in OPEN and case.state in OPEN:
        return (*comments, "The incident was opened again.")
    if case.state == IncidentState.RESOLVED and case.summary and case.summary != before.summary:
        comments.append(f"**Summary:** {defuse_handles(case.summary)}")
    return tuple(comments)


def _ends(case: IncidentCase, policy: Policy) -> tuple[str, ...]:
    if case.state == IncidentState.DISMISSED:
        by = f"<@{case.closed.by}> said" if case.closed else "It was said"
        return (f"{by} that this is no incident.",)
    summary = defuse_handles(case.summary) or "_No line of summary yet._"
    rows = "\n".join(_row(line, policy) for line in case.log)
    return (f"**Resolved.** {summary}\n\n**Timeline** (times in {policy.zone.key})\n\n{rows}",)


def _answers(report: Report) -> list[str]:
    asked = {
        "What is happening": report.what,
        "Impact on users and customers": report.impact,
        "Error messages and screenshots": report.errors,
        "Steps already taken": report.steps,
    }
    return [f"### {name}\n\n{defuse_handles(text) or '_not provided_'}" for name, text in asked.items()]


def _row(line: Line, policy: Policy) -> str:
    who = f"<@{line.actor}>" if actors.is_person(line.actor) else actors.named(line.actor, policy)
    return f"- {_at(line.at)} {who} {defuse_handles(' '.join(line.what.split()))}"


def _at(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
