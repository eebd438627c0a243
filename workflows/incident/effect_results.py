"""What the outside answers: who responds, the page is out, a message could not be posted."""

from datetime import datetime

from workflows.contract import actors
from workflows.contract.alerts import alert_admins
from workflows.contract.events import EffectDelayed, EffectFailed, EffectSucceeded, Responders
from workflows.contract.facts import PageStatus
from workflows.contract.file_effects import UploadFile
from workflows.contract.issue_effects import CloseIssue, CommentOnIssue, OpenIssue
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.page_effects import AcknowledgePage, AskPage, AskWhoResponds, OpenPage, ResolvePage
from workflows.contract.paging_ports import Page, PageNow
from workflows.contract.process import Decision, Note
from workflows.contract.review_effects import ReopenIssue
from workflows.contract.slack_port import Posted
from workflows.contract.values import Stamp
from workflows.incident import closing, issue, outputs, page_updates, paging, responding, threads
from workflows.incident.model import IncidentCase, IncidentState
from workflows.policy.model import Policy


def decide(
    case: IncidentCase, event: EffectSucceeded | EffectFailed | EffectDelayed, policy: Policy, now: datetime
) -> Decision[IncidentCase]:
    """Handle an effect that was executed, given up, or has to wait."""
    match event:
        case EffectSucceeded():
            return _succeeded(case, event, policy, now)
        case EffectFailed():
            return _failed(case, event, policy, now)
        case EffectDelayed():
            return _delayed(case, event, policy, now)


def _succeeded(case: IncidentCase, event: EffectSucceeded, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    match event.effect, event.result:
        case (OpenIssue() | CommentOnIssue() | CloseIssue() | ReopenIssue()) as step, result:
            return issue.executed(case, step, result, policy)
        case ShowCard() as card, Posted() as where:
            return threads.posted(case, card, where, policy)
        case AskWhoResponds(), Responders() as found:
            return responding.responders_known(case, found, policy, now)
        case OpenPage(key=key), Page() as page:
            return paging.went_out(case, key, page, policy, now)
        case AskPage(key=key), found if case.page is not None and case.page.key == key:
            standing = found if isinstance(found, PageNow) else None
            return page_updates.before_ping(case, standing, policy, now)
        case OpenPage(key=key), None:
            return paging.went_out(case, key, None, policy, now)
        case AcknowledgePage() | ResolvePage(), Page() as page:
            return _page_synced(case, page, policy, now)
        case _:
            return Decision(case)


def _page_synced(case: IncidentCase, page: Page, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """The paging service knows. What was resolved there meanwhile is resolved here, too."""
    if case.page is None or case.page.id != page.id:
        return Decision(case)
    known = paging.with_page(case, sync_error=None) if case.page.sync_error else case
    if page.status == PageStatus.RESOLVED and case.state in {IncidentState.PAGED, IncidentState.ACKNOWLEDGED}:
        over = paging.with_page(known, status=PageStatus.RESOLVED, changed_at=now)
        over = over.with_(state=IncidentState.RESOLVED, closed=Stamp(by=actors.PAGER, at=now))
        return closing.over_now(over, Note(actors.PAGER, "had it resolved already"), policy)
    return Decision(known, effects=outputs.refresh(known, policy) if known is not case else ())


def _failed(case: IncidentCase, event: EffectFailed, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    match event.effect:
        case OpenPage(key=key):
            return paging.did_not(case, key, event, policy, now)
        case AcknowledgePage(page_id=page_id) | ResolvePage(page_id=page_id):
            return _sync_failed(case, page_id, event, policy)
        case OpenIssue() | CommentOnIssue() | CloseIssue() | ReopenIssue():
            return issue.not_executed(case, event, policy)
        case UploadFile(user=user):
            notice = outputs.inform(user, outputs.EXPORT_FAILED, sentence=event.sentence)
            return Decision(case, (Note("desk", f"could not send the table: {event.sentence}"),), (notice,))
        case AskPage():
            return paging.next_step(case, policy, now)
        case AskWhoResponds():
            return responding.responders_unknown(case, event.sentence, policy)
        case ShowCard() | Say() as effect:
            return threads.not_posted(case, effect, event, policy, now)
        case _:
            return Decision(case)


def _sync_failed(case: IncidentCase, page_id: str, event: EffectFailed, policy: Policy) -> Decision[IncidentCase]:
    if case.page is None or case.page.id != page_id:
        return Decision(case)
    sync_error = paging.with_page(case, sync_error=event.sentence)
    return Decision(
        sync_error, (Note(actors.PAGER, f"was not told: {event.sentence}"),), outputs.refresh(sync_error, policy)
    )


def _delayed(case: IncidentCase, event: EffectDelayed, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """While the page waits, people do it by hand; a faulty set-up goes to the admins."""
    alert = alert_admins(policy, event.sentence, now, event.effect.lane) if event.settings else ()
    match event.effect:
        case OpenPage(key=key):
            return paging.delayed(case, key, event.sentence, policy).and_(effects=alert)
        case AskPage():  # a ping does not wait for the paging service
            return paging.next_step(case, policy, now).and_(effects=alert)
        case AskWhoResponds():
            return responding.responders_unknown(case, event.sentence, policy).and_(effects=alert)
        case _:
            return Decision(case, effects=alert)
