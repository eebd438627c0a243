"""The ids by which Slack tells us what was clicked or typed: one place, so that forms and listeners agree."""

from enum import StrEnum

COMMAND = "/feedback"


class View(StrEnum):
    """Callback ids of the modals."""

    QUEUE = "review.queue"
    TRIAGE = "review.triage"
    KUDOS = "review.kudos"
    CONGRATULATE = "review.congratulate"
    ACT = "review.act"


class Button(StrEnum):
    """Action ids of the buttons."""

    OPEN_QUEUE = "review.open_queue"
    PAGE = "review.page"
    TRIAGE = "review.triage"
    CLOSE = "review.close"
    KUDOS = "review.kudos"
    CONGRATULATE = "review.congratulate"
    HAND_OVER = "review.hand_over"
    ACT = "review.act"
    TAKE_OVER = "review.take_over"
    RETRY_ISSUE = "review.retry_issue"


class Field(StrEnum):
    """Block ids of the questions; the element in it has the same action id."""

    SUMMARY = "summary"
    ACTION = "action"
    CONTACT = "contact"
    LABEL = "label"
    NEXT = "next"
    WHY_OPEN = "why_open"
    WHO = "who"
    NAME = "name"
    WORDS = "words"
    WHAT = "what"
    WHY = "why"


YES, NO = "yes", "no"
DISCUSS, TELL_MANAGERS, GROUP = "discuss", "managers", "group:"
CLOSE_IT, KEEP_OPEN = "close", "keep_open"
