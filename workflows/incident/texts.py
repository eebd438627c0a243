"""The sentences of incidents: what people read that is not a layout. What a company sets comes from its policy."""

from workflows.incident import systems
from workflows.incident.model import IncidentCase, IncidentState, NoReport
from workflows.lib.markup import amount, cut, slack_date
from workflows.lib.templates import fill
from workflows.policy.model import Policy

WHY_NO_REPORT = {
    NoReport.SMALL_TALK: "a greeting or thanks",
    NoReport.QUESTION: "a question about how something is done",
    NoReport.RESPONDER: "written by a responder",
    NoReport.INTEGRATION: "an integration that reports nothing",
}
TITLE_LIMIT = 200
WHAT_LIMIT = 100


def systems_named(case: IncidentCase, policy: Policy) -> str:
    """Its systems in words."""
    return systems.names_of(case.systems, case.other, policy.incident)


def level_named(case: IncidentCase, policy: Policy) -> str:
    """How critical it is, in words."""
    return systems.level_policy(case.level, policy.incident).label


def headline(case: IncidentCase) -> str:
    """What is happening, in one line."""
    return cut(" ".join(case.report.what.split()) or "(not described yet)", WHAT_LIMIT)


def page_title(case: IncidentCase, policy: Policy) -> str:
    """The title of its page."""
    title = fill(
        policy.incident.page_title,
        {
            "case": case.id,
            "level": level_named(case, policy),
            "systems": systems_named(case, policy),
            "what": headline(case),
        },
    )
    return cut(title, TITLE_LIMIT)


def page_details(case: IncidentCase, policy: Policy, link: str) -> str:
    """What somebody who is paged reads, in plain text."""
    report = case.report
    fields = {
        "What is happening": report.what,
        "Impact on users and customers": report.impact,
        "Errors": report.errors,
        "Steps taken": report.steps,
        "Systems": f"{systems_named(case, policy)} ({level_named(case, policy)})",
        "Why you are paged": _plain_why(case),
        "Thread": link,
    }
    return "\n\n".join(f"{name}:\n{text or 'not told'}" for name, text in fields.items())


def _plain_why(case: IncidentCase) -> str:
    if case.page is None:
        return ""
    late = f" This is {amount(case.page.late)} late." if case.page.late else ""
    return f"{case.page.why}{late}"


def manual_steps(case: IncidentCase, policy: Policy) -> list[str]:
    """What to do by hand while the paging service cannot be reached."""
    values = {"service": policy.incident.service, "title": page_title(case, policy)}
    return [fill(step, values) for step in policy.incident.manual_steps]


def running_already(case: IncidentCase) -> str:
    """The question was answered before."""
    if case.state == IncidentState.DISMISSED:
        return f"{case.id} was said to be no incident. Press *It is one after all* on its card."
    return f"The clock of {case.id} was started already. *Change* on its card changes the systems and the criticality."


def paged_already(case: IncidentCase, policy: Policy) -> str:
    """Nobody is paged twice."""
    when = f" {slack_date(case.page.at, policy.zone)}" if case.page else ""
    return f"{policy.incident.service} was paged already{when}. There is one page for an incident."


def closed_already(case: IncidentCase, policy: Policy) -> str:
    """Nothing more happens to it."""
    what = "resolved" if case.state == IncidentState.RESOLVED else "taken as no incident"
    when = f" {slack_date(case.closed.at, policy.zone)}" if case.closed else ""
    return f"{case.id} was {what}{when}. Open it again on its card if it is not over."


def not_held(case: IncidentCase, policy: Policy) -> str:
    """There is nothing to hold back."""
    if case.page is not None and case.state in {IncidentState.PAGED, IncidentState.ACKNOWLEDGED}:
        return f"{paged_already(case, policy)} It cannot be called back; press *Resolve* if it is over."
    return f"Nobody would be paged for {case.id} as it stands."


def not_by_reporter() -> str:
    """The reporter is no responder."""
    return (
        "You reported this: somebody else has to take it on. If it is over, press *Resolve*; if nobody should be "
        "paged, press *Don't page*."
    )


def not_by_stranger(policy: Policy) -> str:
    """Thanks; but who is no responder does not stop the clock."""
    return (
        f"Thank you for helping! Only somebody of `{policy.incident.responders or ''}` stops the timer, so it keeps "
        "running. Shall I ping them now?"
    )
