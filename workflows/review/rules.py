"""What has to happen to a satisfaction review: one pure function, `decide`.

Source: the handbook's page "Satisfaction (SSAT) review and responding (for Managers)". One module a stage: how it
arrives, what managers do, its feedback issue, what the outside answers, and what is done there by hand.
"""

from datetime import datetime

from workflows.contract.events import (
    CaseNotified,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    TimerDue,
)
from workflows.contract.facts import IssueChanged, IssueCommented, TicketChanged, TicketRated
from workflows.contract.links import INDIRECT, ticket_of
from workflows.contract.process import Decision
from workflows.policy.model import Policy
from workflows.policy.review import Tone
from workflows.review import (
    actions,
    arrival,
    contact,
    effect_results,
    hand_over,
    kudos,
    reminders,
    standing,
    triage,
    vendor_updates,
)
from workflows.review.model import Acted, KudosGiven, Rated, ReviewCase, ReviewState, Source


def decide(case: ReviewCase, event: object, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    """Decide what an event changes. Pure: it reads nothing but its arguments and touches nothing."""
    match event:
        case Rated():
            return arrival.decide(case, event, policy, now)
        case TicketRated():  # comes as `Rated`, once more and with what the review has to know
            return Decision(case)
        case EffectSucceeded() | EffectFailed() | EffectDelayed() | EffectDropped():
            return effect_results.decide(case, event, policy, now)
        case CaseNotified():
            return _notified(case, event, policy, now)
        case TimerDue():
            return reminders.decide(case, event, policy, now)
        case TicketChanged() | IssueChanged() | IssueCommented():
            return vendor_updates.decide(case, event, policy, now)
        case Acted() if case.is_waiting:
            return actions.decide(case, event, policy, now)
        case KudosGiven():
            return kudos.given(case, event, policy, now)
        case _:
            return triage.decide(case, event, policy, now)


def _notified(case: ReviewCase, event: CaseNotified, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    if event.purpose == INDIRECT:
        return arrival.decide(case, _passed_on(event), policy, now)
    if case.state == ReviewState.NEW:  # there is a review under this key, which is told instead
        unrated = {"ticket": ticket_of(event), "no_survey": "no rating of it is known"}
        return Decision(case.with_(state=ReviewState.RECORDED, **unrated))
    if event.purpose in {standing.HAND_OVER, standing.GIVEN, standing.GONE}:
        return hand_over.decide(case, event, policy, now)
    return contact.notified(case, event, policy, now)


def _passed_on(event: CaseNotified) -> Rated:
    """What a customer success manager passed on: its source, and what is to be done next."""
    details = event.details
    return Rated(
        Source.INDIRECT,
        str(details["by"]),
        ticket_of(event),
        Tone(details["tone"]),
        datetime.fromisoformat(details["at"]),
        words=details["words"],
        next_action=details["next_action"],
    )
