"""The ids by which Slack tells us what was clicked or typed: one place, so that cards and listeners agree."""

from enum import StrEnum

COMMAND = "/feedback"
SHORTCUT = "feedback.send_as"


class View(StrEnum):
    """Callback ids of the modals."""

    FORM = "feedback.form"
    PREVIEW = "feedback.preview"
    DUPLICATE = "feedback.duplicate"
    MOVE = "feedback.move"
    LINK = "feedback.link"
    TICKET = "feedback.ticket"


class Button(StrEnum):
    """Action ids of the buttons."""

    ACKNOWLEDGE = "feedback.acknowledge"
    LINK = "feedback.link_issue"
    MOVE = "feedback.not_ours"
    CUSTOMER_TOLD = "feedback.customer_told"
    RETRY_TAG = "feedback.retry_tag"
    RETRY_ISSUE = "feedback.retry_issue"
    RETRY_CARD = "feedback.retry_card"
    CORRECT_TICKET = "feedback.correct_ticket"
    CALL_MANAGER = "feedback.call_manager"
    THREAT = "feedback.threat"
    TAKE_CALL = "feedback.take_call"
    BACK = "feedback.back"
    WORDS = "feedback.words"
    OPEN_PAGE = "feedback.open_page"


class Field(StrEnum):
    """Block ids of the questions; the element in it has the same action id."""

    TICKET = "ticket"
    KIND = "kind"
    TEXT = "text"
    AREA = "area"
    FEATURE = "feature"
    ISSUE = "issue"
    ISSUE_UNSEARCHED = "issue_unsearched"
    ISSUE_LINK = "issue_link"


NEW_ISSUE = "new"
NO_ISSUE = "none"
