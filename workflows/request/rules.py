"""What has to happen to a request to Support Operations: one pure function, `decide`.

Source: the handbook's page "Working with Customer Support Operations". One module a stage: the form, the sending, what
the tracker tells, what its owner does, and what the outside answers.
"""

from datetime import datetime

from workflows.contract.effects import Effect
from workflows.contract.events import (
    CaseNotified,
    CaseSummary,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    TimerDue,
)
from workflows.contract.facts import IssueChanged, IssueCommented, MergeRequestChanged
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.process import Decision
from workflows.policy.model import Policy
from workflows.request import drafting, effect_results, following, outputs, owner, reminders, texts
from workflows.request.model import KIND, Discarded, FormClosed, RequestCase, Sent


def decide(case: RequestCase, event: object, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Decide what an event changes. Pure: it reads nothing but its arguments and touches nothing."""
    match event:
        case FormClosed() | Sent() | Discarded():
            return drafting.decide(case, event, policy, now)
        case CaseNotified():
            return drafting.notified(case, event, policy)
        case EffectSucceeded() | EffectFailed() | EffectDelayed() | EffectDropped():
            return effect_results.decide(case, event, policy, now)
        case TimerDue():
            return reminders.decide(case, event, policy, now)
        case IssueChanged() | IssueCommented() | MergeRequestChanged():
            return following.fact(case, event, policy, now)
        case _:
            return owner.decide(case, event, policy, now)


def wanted(case: RequestCase, effect: Effect, _policy: Policy) -> bool:
    """Whether an effect is still wanted: no reminder of what was done, nothing to somebody who has handed it over."""
    match effect:
        case ShowCard(slot=slot) if slot.startswith(outputs.FORMER) or slot in case.messages:
            return True
        case ShowCard(slot=outputs.QUESTION_REMINDER):
            return case.is_underway and case.replied is None
        case ShowCard(slot=slot) if slot.startswith(outputs.TAKE_OVER):
            return case.gone is not None
        case ShowCard(slot=slot) if slot.startswith(outputs.ASKED):
            return case.is_asked and case.asked is not None and slot.endswith(f":{case.asked.number}")
        case ShowCard(slot=slot) if slot.startswith(outputs.TEST):
            return case.is_to_test and case.test is not None and slot.endswith(f":{case.test.number}")
        case ShowCard(slot=outputs.CARD, to=to) | Say(what=outputs.NEWS, to=to) if to.user is not None:
            return to.user == case.owner
    return True


def summarize(case: RequestCase, policy: Policy, _now: datetime) -> CaseSummary:
    """A request in brief; drafts are none yet."""
    details = {
        "kind": texts.kind_label(case, policy),
        "title": texts.summary(case),
        "stands": texts.stands(case, policy),
        "url": case.link.url if case.link else "",
        "ships_on": texts.day(case.ships_on) if case.ships_on and case.is_underway else "",
        "sent": case.is_underway or case.closing is not None,
    }
    return CaseSummary(
        case.id,
        KIND,
        case.state,
        case.is_underway,
        case.opened_at,
        case.owner,
        case.ticket,
        texts.waits_for(case),
        details,
    )
