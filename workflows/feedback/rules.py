"""What has to happen to customer feedback: one pure function, `decide`.

Source: the handbook's page "Feedback and Complaints". One module a stage: the draft, the open case, the manager
who is called, and what the outside answers.
"""

from datetime import datetime

from workflows.events import Carried, Delayed, NotCarried, TimerDue
from workflows.feedback import answers, drafting, managers, open_case, reminders
from workflows.feedback.model import (
    Confirmed,
    Discarded,
    Drafted,
    FeedbackCase,
    FormClosed,
    ManagerCalled,
    ManagerTook,
    ModalClosed,
)
from workflows.policy import Policy
from workflows.process import Decision


def decide(case: FeedbackCase, event: object, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    """What follows from an event. Pure: it reads nothing but its arguments and touches nothing."""
    match event:
        case Carried() | NotCarried() | Delayed():
            return answers.decide(case, event, policy, now)
        case TimerDue():
            return reminders.decide(case, event, policy)
        case Drafted() | FormClosed() | ModalClosed() | Discarded() | Confirmed():
            return drafting.decide(case, event, policy, now)
        case ManagerCalled() | ManagerTook():  # also while it is a draft: somebody may need help at once
            return managers.decide(case, event, now)
        case _:
            return open_case.decide(case, event, policy, now)
