"""The effects and timers that several rules need, each by a name."""

from datetime import datetime

from workflows.contract.effects import Effect
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.process import CancelTimer, SetTimer
from workflows.policy.model import Policy
from workflows.policy.review import Tone
from workflows.review.model import Closing, ReviewCase, ReviewState

AUTO_CLOSE = "auto_close"

OWNER = "owner"

TRIES = 4
"""So often the schedule is asked whose it is, over some seconds: a moment's trouble shall not name another owner."""


def ask_whose(at: datetime) -> Effect:
    """Ask who was on duty when the feedback was given."""
    return AskWhoIsOnDuty(purpose=OWNER, at=at, tries=TRIES)


def activity(case: ReviewCase, policy: Policy, now: datetime) -> tuple[ReviewCase, tuple[SetTimer | CancelTimer, ...]]:
    """Something happened to it: a good review that is open closes so much later, any other not at all by itself.

    Source: the page's "After 7 days of inactivity, the GitLab Support Bot closes satisfaction::good issues".
    """
    active = case.with_(active_at=now)
    span = policy.review.close_good_after
    if span is None or not active.is_waiting or active.tone is not Tone.GOOD:
        return active, (CancelTimer(AUTO_CLOSE),)
    return active, (SetTimer(AUTO_CLOSE, now + span.length),)


def responded(case: ReviewCase, now: datetime) -> ReviewCase:
    """Its manager did something about it: for the first time, or again."""
    return case.with_(responded_at=case.responded_at or now)


def closed(case: ReviewCase, by: str, now: datetime) -> ReviewCase:
    """The review is closed."""
    return case.with_(state=ReviewState.CLOSED, closing=Closing(by=by, at=now), discussion=None, moved_at=now)
