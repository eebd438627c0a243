"""What has to happen for a customer success manager: one pure function, `decide`.

Source: the handbook's page "CSM and Support Interaction". One module for each thing: new tickets, how somebody wants to
hear of them, and what they ask.
"""

from datetime import datetime
from typing import Any

from workflows.contract.account_effects import FindAccounts
from workflows.contract.events import (
    CaseNotified,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    TimerDue,
)
from workflows.contract.message_effects import Say
from workflows.contract.process import Decision, Process
from workflows.csm import choosing, lookups, model, person
from workflows.csm.model import (
    AccountAsked,
    ChoosingBegun,
    Chosen,
    ChosenByName,
    CsmCase,
    ProjectAsked,
    ProjectChangeAsked,
)
from workflows.policy.model import Policy


def decide(case: CsmCase, event: object, policy: Policy, now: datetime) -> Decision[CsmCase]:
    """Decide what an event leads to. Pure: it reads nothing but its arguments and touches nothing."""
    match event:
        case CaseNotified():
            return person.told(case, event, policy, now)
        case TimerDue():
            return person.due(case, event)
        case ChoosingBegun() | Chosen() | ChosenByName():
            return choosing.decide(case, event)
        case AccountAsked() | ProjectAsked() | ProjectChangeAsked():
            return lookups.asked(case, event)
        case EffectSucceeded() | EffectFailed() | EffectDelayed():
            return _came_of(case, event, policy, now)
        case EffectDropped():
            return Decision(case)
    raise TypeError(f"A customer success manager knows no {type(event).__name__}.")


def _came_of(
    case: CsmCase, event: EffectSucceeded | EffectFailed | EffectDelayed, policy: Policy, now: datetime
) -> Decision[CsmCase]:
    """What came of an effect goes to who asked for it."""
    match event.effect:
        case Say() as effect:
            return person.said(case, event, effect)
        case FindAccounts() as effect if effect.purpose in person.PURPOSES:
            return person.whose(case, event, effect, policy, now)
        case FindAccounts() as effect if effect.purpose in choosing.PURPOSES:
            return choosing.answered(case, event, effect)
    return lookups.answered(case, event, policy)


PROCESS: Process[Any] = Process(
    kind=model.KIND,
    prefix=model.PREFIX,
    model=CsmCase,
    blank=model.blank,
    decide=decide,
    wanted=person.wanted,
)
