"""The ids by which Slack tells us what was clicked or typed: one place, so that messages and listeners agree."""

from enum import StrEnum

COMMAND = "/supportops"

LINE_LIMIT = 200
"""How many characters a field of one line takes."""


class View(StrEnum):
    """Callback ids of the modals."""

    START = "request.start"
    FORM = "request.form"
    ANSWER = "request.answer"
    NOT_YET = "request.not_yet"
    HAND_OVER = "request.hand_over"


class Button(StrEnum):
    """Action ids of the buttons."""

    DRAFT = "request.draft_merge_request"
    START_OVER = "request.start_over"
    EDIT = "request.edit"
    RETRY = "request.retry"
    ANSWER = "request.answer_question"
    SIGN_OFF = "request.sign_off"
    NOT_YET = "request.not_right_yet"
    HAND_OVER = "request.hand_it_over"
    TAKE_OVER = "request.take_over"
    WITHDRAW = "request.withdraw"
    GOT_ANSWER = "request.got_answer"
    REOPEN = "request.reopen"
    OPEN_PAGE = "request.open_page"


class Field(StrEnum):
    """Block ids of the questions; the element in it has the same action id. The policy's own are `field:KEY`."""

    KIND = "kind"
    FIRST_WORDS = "first_words"
    SUMMARY = "summary"
    SEVERITY = "severity"
    SIZE = "size"
    CC = "cc"
    CONFIRM = "confirm"
    QUESTION = "question"
    TICKET = "ticket"
    WHY = "why"
    FILE = "file"
    FIND = "find"
    REPLACE = "replace"
    REASON = "reason"
    PERSON = "person"
