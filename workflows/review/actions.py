"""What else may come of a bad review: an issue the team discusses it in, managers told, a product group mentioned.

Source: the page's section "If there is action to be taken". Each is done once, and stands in the review's timeline.
"""

from datetime import datetime

from workflows.contract.effects import Effect
from workflows.contract.events import EffectFailed
from workflows.contract.issue_effects import OpenIssue
from workflows.contract.issue_port import Issue
from workflows.contract.message_effects import Say, dm
from workflows.contract.process import Decision, Note
from workflows.contract.review_effects import LinkIssues, ReadParticipants
from workflows.contract.ticket_ports import Participants
from workflows.contract.values import IssueLink
from workflows.policy.model import Policy
from workflows.review import issue as issue_steps
from workflows.review import outputs, texts
from workflows.review.model import Acted, ReviewCase

MANAGER_INFORMED = "manager_informed"


def decide(case: ReviewCase, event: Acted, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    """Have the actions done that a manager chose."""
    known, notes, effects = outputs.responded(case, now), [], list[Effect]()
    if event.discuss and case.discussion_issue is None:
        effects.append(_discussion(case, event.why, policy))
        notes.append(Note(event.by, "opened an issue for the team to discuss it"))
    if event.tell_managers and case.ticket is not None and case.managers_informed_by is None:
        known = known.with_(managers_informed_by=event.by, managers_informed_why=event.why)
        effects.append(ReadParticipants(ticket=case.ticket))
        notes.append(Note(event.by, "asked to tell the managers of who took part in the ticket"))
    if event.group is not None and case.issue is not None:
        handle = policy.review.product_groups.get(event.group)
        if handle is not None:
            said = f"\n\n{texts.quoted(event.why)}" if event.why else ""
            body = f"For your awareness: {handle}{said}"
            known = known.with_(comments=(*known.comments, body))
            notes.append(Note(event.by, f"mentioned {event.group} in the issue"))
    active, timers = outputs.activity(known, policy, now)
    return issue_steps.go_on(active, policy).and_(notes=notes, effects=effects, timers=timers)


def _discussion(case: ReviewCase, why: str, policy: Policy) -> OpenIssue:
    link = case.issue.url if case.issue else str(case.ticket)
    said = f"\n\n{texts.quoted(why)}" if why else ""
    return OpenIssue(
        project=policy.review.meta_project,
        title=f"Discuss: {texts.issue_title(case.tone, case.ticket, policy)}",
        description=f"For discussion: {link} ({case.id}).{said}",
    )


def opened(case: ReviewCase, issue: Issue) -> Decision[ReviewCase]:
    """The issue for discussion is there: it is related to the feedback issue, both ways."""
    known = case.with_(discussion_issue=IssueLink.of(issue))
    note = Note("tracker", f"opened {issue.url}")
    if case.issue is None:
        return Decision(known, (note,))
    link = LinkIssues(
        project=case.issue.project, number=case.issue.number, other_project=issue.project, other_number=issue.number
    )
    return Decision(known, (note,), (link,))


def participants(case: ReviewCase, found: Participants, policy: Policy) -> Decision[ReviewCase]:
    """Who took part: each of their managers is told once, privately; whoever has none in the roster is named."""
    managers = {entry.email: entry.manager for entry in policy.roster if entry.manager}
    by_manager: dict[str, list[str]] = {}
    without = [email for email in found.emails if email not in managers]
    for email in found.emails:
        if manager := managers.get(email):
            by_manager.setdefault(manager, []).append(email)
    effects = [
        Say(
            what=MANAGER_INFORMED,
            to=dm(manager),
            details={"people": people, "by": case.managers_informed_by, "why": case.managers_informed_why},
        )
        for manager, people in by_manager.items()
    ]
    notes = [Note("desk", f"told {len(by_manager)} managers privately")] if by_manager else []
    if without or not found.emails:
        named = ", ".join(without) or "anybody who took part"
        notes.append(Note("desk", f"knows no manager of {named}: see the roster in the policy"))
    return Decision(case.with_(without_manager=tuple(without)), tuple(notes), tuple(effects))


def failed(case: ReviewCase, event: EffectFailed) -> Decision[ReviewCase]:
    """An action could not be done: its manager sees it in the queue, and does it by hand."""
    return Decision(case.with_(action_trouble=event.sentence), (Note("desk", f"could not do it: {event.sentence}"),))
