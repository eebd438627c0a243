"""Feedback arrives: for the first time, once more by another way, or changed."""

from datetime import datetime

from workflows.contract.effects import Effect
from workflows.contract.process import Decision, Note
from workflows.contract.ticket_effects import ReadTicket
from workflows.policy.model import Policy
from workflows.review import contact, issue, outputs, standing, texts
from workflows.review.model import Rated, ReviewCase, ReviewState, Said


def decide(case: ReviewCase, event: Rated, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    """Open a review for a rating, or add the rating to the one there is."""
    said = Said(at=min(event.at, now), tone=event.tone, source=event.source, by=event.by, words=event.words)
    if case.state == ReviewState.NEW:
        return _opened(case, event, said, policy, now)
    linked = _with_issue(case, event)
    if event.form_says_contact is not None:
        linked = linked.with_(form_says_contact=event.form_says_contact)
    if event.next_action:
        linked = linked.with_(next_action=event.next_action)
    asks: tuple[Effect, ...] = ()
    if event.contact_requested and not case.contact_requested:
        linked, asks = contact.asked(linked.with_(contact_requested=True), None, now)
    if not _is_news(case, said):
        return Decision(linked, effects=asks)
    return _again(linked, said, policy, now).and_(effects=asks)


def _opened(case: ReviewCase, event: Rated, said: Said, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    opened = case.with_(
        state=ReviewState.OPEN,
        ticket=event.ticket,
        tone=event.tone,
        said=(said,),
        contact_requested=event.contact_requested,
        form_says_contact=event.form_says_contact,
        next_action=event.next_action,
        rated_at=said.at,
        issue=event.issue,
    )
    opened, asks = contact.asked(opened, None, now) if event.contact_requested else (opened, ())
    active, timers = outputs.activity(opened, policy, now)
    effects: tuple[Effect, ...] = (ReadTicket(ticket=event.ticket), outputs.ask_whose(said.at), *asks)
    return Decision(active, (_note(said, "gave"),), effects, timers)


def _with_issue(case: ReviewCase, event: Rated) -> ReviewCase:
    """An issue that somebody else opened is taken where there is none yet; else it is only named."""
    if event.issue is None or (case.issue is not None and case.issue.url == event.issue.url):
        return case
    if case.issue is None or case.issue_is_moved:
        return case.with_(issue=event.issue, issue_is_moved=False)
    return case.with_(other_issue=event.issue.url)


def _is_news(case: ReviewCase, said: Said) -> bool:
    """Whether it says something that is not known yet: another tone now, or other words."""
    if said.words and all(said.words != one.words for one in case.said):
        return True
    return said.tone is not case.tone and said.at > case.said[-1].at


def _again(case: ReviewCase, said: Said, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    """The customer said something new. What comes late changes nothing but the record of what was said."""
    known = tuple(sorted((*case.said, said), key=lambda one: one.at))
    if known[-1] != said:
        return Decision(case.with_(said=known), (_note(said, "had given"),))
    changed = case.with_(said=known, tone=said.tone)
    note = _note(said, "gave" if said.tone is case.tone else "changed it to")
    if case.state == ReviewState.RECORDED:
        return Decision(changed, (note,))
    changed = changed.with_(comments=(*case.comments, texts.change_comment(said, case.tone)))
    opened = changed.with_(
        state=ReviewState.OPEN,
        closing=None,
        discussion=None,
        rated_at=said.at,
        responded_at=None,
        moved_at=now if case.state == ReviewState.CLOSED else case.moved_at,
    )
    active, timers = outputs.activity(opened, policy, now)
    effects = standing.tell_manager(active, policy)
    return issue.go_on(active, policy).and_(notes=(note,), effects=effects, timers=timers)


def _note(said: Said, verb: str) -> Note:
    """The rating, without the customer's words."""
    return Note(said.by, f"the customer {verb} {said.tone} feedback, by {texts.SOURCES[said.source]}")
