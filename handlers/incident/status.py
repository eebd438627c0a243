"""How an incident stands, in sentences: what is waited for, until when, and what happens then."""

from datetime import datetime, timedelta

from workflows.contract.actors import who
from workflows.contract.facts import PageStatus
from workflows.contract.values import Progress
from workflows.incident import clock, steps, systems, texts
from workflows.incident.model import IncidentCase, IncidentState
from workflows.lib.lateness import late as late_words
from workflows.lib.lateness import minutes as whole_minutes
from workflows.lib.markup import cut, escape, safe, slack_date
from workflows.policy.incident import Counts
from workflows.policy.incident_escalation import How, Step
from workflows.policy.model import Policy

TROUBLE_LIMIT = 300
SUMMARY_LIMIT = 500


def when(instant: datetime, policy: Policy) -> str:
    """A time, in each reader's own zone."""
    return slack_date(instant, policy.zone)


def pager(policy: Policy) -> str:
    """The paging service, as people know it."""
    return escape(policy.vendors.pager)


def late(case: IncidentCase, slot: str) -> str:
    """Say how late a message is, where it is late."""
    return late_words(case.reminders_late.get(slot, 0))


def lines(case: IncidentCase, policy: Policy) -> list[str]:
    """Everything that has to be said of where it stands."""
    trouble = [f":warning: {escape(case.channel_trouble)} Nobody but you sees this."] if case.channel_trouble else []
    return [*_lines(case, policy), *_issue_trouble(case), *trouble]


def _issue_trouble(case: IncidentCase) -> list[str]:
    if case.issue_job.progress is not Progress.FAILED or case.issue_job.trouble is None:
        return []
    what = "I couldn't update its issue" if case.issue else "I couldn't open its issue"
    return [f":warning: {what}: {escape(cut(case.issue_job.trouble or '', TROUBLE_LIMIT))} Please do it by hand."]


def _lines(case: IncidentCase, policy: Policy) -> list[str]:
    match IncidentState(case.state):
        case IncidentState.WAITING:
            return [*_waiting(case, policy), *_level_notes(case, policy)]
        case IncidentState.ANSWERED:
            return [_answered(case, policy)]
        case IncidentState.HELD:
            by = f"<@{case.closed.by}>" if case.closed else "Somebody"
            at = f" {when(case.closed.at, policy)}" if case.closed else ""
            ping = f" I still ping the responders {when(case.held_ping_at, policy)}." if case.held_ping_at else ""
            return [f":no_bell: {by} said not to page{at}. The clock is stopped.{ping}"]
        case IncidentState.PAGED | IncidentState.ACKNOWLEDGED:
            return [*_page(case, policy), *_spoken(case, policy)]
        case IncidentState.RESOLVED:
            return [*_resolved(case, policy), *_sync_error(case, policy)]
        case IncidentState.DISMISSED:
            return [_dismissed(case, policy)]
        case IncidentState.QUESTION:
            return ["No clock runs yet."]


def counts(case: IncidentCase, policy: Policy) -> str:
    """Whose answer counts."""
    group = group_named(policy)
    if policy.incident.responders is None:
        return "A message in this thread by anybody but the reporter counts as a response, and so does *I'm on it*."
    if case.responders is not None and case.responders.is_known and case.responders.group is None:
        return f":warning: I cannot read {group}: a message by anybody but the reporter counts as a response."
    if case.responders is not None and case.responders.group is not None and not case.responders.group.members:
        return f":warning: {group} is empty: a message by anybody but the reporter counts as a response."
    return f"A message in this thread by somebody of {group} counts as a response, and so does *I'm on it*."


def group_named(policy: Policy) -> str:
    """The responders' group, without calling it."""
    return f"the group `{escape(policy.incident.responders or '')}`"


def _waiting(case: IncidentCase, policy: Policy) -> list[str]:
    if case.due_at is None or case.clock_from is None:
        return []
    until = f"*{when(case.due_at, policy)}* ({clock.explain(case.clock_from, case.level, policy)})"
    plan = [f"{_step(step)} ({when(at, policy)})" for at, step in steps.before(case, policy)]
    before = f" Before that I {_listed(plan)}." if plan else ""
    return [
        f":hourglass_flowing_sand: I wait for a response until {until}.",
        f"Then I page *{escape(policy.incident.service)}* in {pager(policy)}.{before}",
        counts(case, policy),
    ]


def _step(step: Step) -> str:
    """What a step before the page does, in the middle of a sentence."""
    if not step.who:
        return "warn here"
    whom = escape(" and ".join(target.words for target in step.who))
    return f"send {whom} a DM" if step.how is How.DM else f"ping {whom}"


def _listed(parts: list[str]) -> str:
    """Several things in a sentence."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]


def _level_notes(case: IncidentCase, policy: Policy) -> list[str]:
    level = systems.level_policy(case.level, policy.incident)
    notes = []
    if case.outside:
        stands = (
            "the clock stands still until they begin" if level.counts is Counts.SUPPORT_HOURS else "the clock runs on"
        )
        hours = f"{policy.incident.calendar.name} {policy.incident.support_hours.time_zone}"
        notes.append(f":crescent_moon: It is outside Global Support Hours ({hours}): {stands}.")
    if case.other and case.chosen_level is None:
        label = escape(level.label)
        notes.append(f":grey_question: Not in the sheet: it counts as {label} until somebody says how critical it is.")
    return notes


def _answered(case: IncidentCase, policy: Policy) -> str:
    if case.response is None:
        return ":white_check_mark: Somebody is on it. The clock stopped; nobody is paged."
    at = case.response.at
    span = f", {_span(case.due_at - at)} before a page" if case.due_at and case.due_at > at else ""
    return (
        f":white_check_mark: <@{case.response.by}> responded {when(at, policy)}{span}. "
        "The clock stopped; nobody is paged."
    )


def _span(length: timedelta) -> str:
    minutes = whole_minutes(length)
    return f"{minutes} minutes" if minutes != 1 else "1 minute"


def _page(case: IncidentCase, policy: Policy) -> list[str]:
    page = case.page
    if page is None:
        return []
    said = [f"{_delivery(case, policy)} {escape(page.why)}{late_words(page.late)}"]
    if case.state == IncidentState.ACKNOWLEDGED:
        by = f"<@{case.owner}>" if case.owner else escape(page.changed_by) or "Somebody"
        where = "" if case.owner else f" in {pager(policy)}"
        said.append(f":eyes: {by} acknowledged it{where} {when(page.changed_at, policy)}.")
    elif page.status is PageStatus.TRIGGERED:
        said.append(":bell: Nobody has acknowledged it yet: *I'm on it* does.")
    if page.assignees:
        said.append(f"In {pager(policy)} it is with {escape(', '.join(page.assignees))}.")
    return [*said, *_sync_error(case, policy)]


def _delivery(case: IncidentCase, policy: Policy) -> str:
    page, service = case.page, escape(policy.incident.service)
    if page is None:
        return ""
    if page.by_hand is not None and page.id is None:
        return f":pager: <@{page.by_hand.by}> paged {service} by hand {when(page.by_hand.at, policy)}."
    match page.progress:
        case Progress.DONE:
            link = f" (<{page.url}|{pager(policy)} incident>)" if page.url else ""
            return f":pager: *{service}* was paged {when(page.out_at or page.at, policy)}{link}."
        case Progress.NOT_WANTED:
            return f":no_bell: The page of {when(page.at, policy)} was withdrawn before it went out."
        case Progress.FAILED:
            return f":warning: *{service} is not paged.* {escape(cut(page.trouble or '', TROUBLE_LIMIT))}"
        case Progress.PENDING:
            trouble = f" {escape(cut(page.trouble, TROUBLE_LIMIT))} I go on trying." if page.trouble else ""
            return f":telephone_receiver: Paging *{service}*…{trouble}"


def _spoken(case: IncidentCase, policy: Policy) -> list[str]:
    """An answer that did not keep the page from going out is said so."""
    if case.response is None or case.page is None or case.state != IncidentState.PAGED:
        return []
    order = "in the moment the page was decided" if case.response.at < case.page.at else "after that"
    answered = f":speech_balloon: <@{case.response.by}> answered {when(case.response.at, policy)}, {order}."
    return [f"{answered} The page stays until somebody acknowledges it."]


def _sync_error(case: IncidentCase, policy: Policy) -> list[str]:
    if case.page is None or case.page.sync_error is None:
        return []
    error = escape(cut(case.page.sync_error, TROUBLE_LIMIT))
    return [f":warning: {pager(policy)} does not know yet: {error} Please do it there."]


def _resolved(case: IncidentCase, policy: Policy) -> list[str]:
    by = f" by {who(case.closed.by, policy)} {when(case.closed.at, policy)}" if case.closed else ""
    summary = safe(cut(case.summary, SUMMARY_LIMIT)) or "_No line of summary yet._"
    return [f":white_check_mark: *Resolved*{by}. {summary}"]


def _dismissed(case: IncidentCase, policy: Policy) -> str:
    if case.closed is not None:
        at = when(case.closed.at, policy)
        return f":ok: {who(case.closed.by, policy)} said {at} that this is no incident ({case.id})."
    return f":ok: The message was deleted; no clock runs ({case.id})."


def sentence(case: IncidentCase, policy: Policy) -> str:
    """One line of a list."""
    what = cut(safe(texts.headline(case)), 100)
    named = escape(texts.systems_named(case, policy))
    return f"*{case.id}* {named} ({texts.level_named(case, policy)}): {what}"


def sheet_link(policy: Policy) -> str:
    """Where the real criticality sheet is, to stand beside the menus of systems and levels; empty where nobody said."""
    url = policy.incident.sheet_url
    return f" <{url}|Open the criticality sheet>." if url else ""
