"""The ids by which Slack tells us what was clicked or typed: one place, so that cards and listeners agree."""

from enum import StrEnum

COMMAND = "/manager-contact"


class View(StrEnum):
    """Callback ids of the modals."""

    CONTACTED = "contact.contacted"
    REASSIGN = "contact.reassign"
    CANCEL = "contact.cancel"
    NOTE_ACTION = "contact.note_action"
    TICKET = "contact.ticket"
    WHY = "contact.why"


class Button(StrEnum):
    """Action ids of the buttons, and of the question that changes its modal."""

    CLAIM = "contact.claim"
    CONTACTED = "contact.contacted"
    REASSIGN = "contact.reassign"
    SNOOZE = "contact.snooze"
    CANCEL = "contact.cancel"
    WHY = "contact.why"
    NOTE_ACTION = "contact.note_action"
    RETRY_ISSUE = "contact.retry_issue"
    NAME_TICKET = "contact.name_ticket"
    IS_REQUEST = "contact.is_request"
    NOT_REQUEST = "contact.not_request"
    PAGE = "contact.page"
    HOW = "contact.how"


class Field(StrEnum):
    """Block ids of the questions; the element in it has the same action id, but for `HOW`."""

    HOW = "how"
    TEXT = "text"
    BRIEFED = "briefed"
    BRIEFING = "briefing"
    TO = "to"
    PERSON = "person"
    REASON = "reason"
    ACTION = "action"
    TICKET = "ticket"


TO_DUTY = "duty"
TO_PERSON = "person"
