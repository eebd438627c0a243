"""What happens by itself: a good review nobody did anything to is closed."""

from datetime import datetime

from workflows.contract.events import TimerDue
from workflows.contract.process import Decision, Note
from workflows.policy.model import Policy
from workflows.policy.review import Tone
from workflows.review import issue, outputs
from workflows.review.model import ReviewCase

DESK = "desk"


def decide(case: ReviewCase, event: TimerDue, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    """Handle a timer that went off. When it is late, how things are now counts."""
    if event.name == outputs.AUTO_CLOSE and case.is_waiting and case.tone is Tone.GOOD:
        closed = outputs.closed(case, DESK, now)
        return issue.go_on(closed, policy).and_(notes=(Note(DESK, "closed it: nothing happened to it for long"),))
    return Decision(case)
