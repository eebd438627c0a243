"""Who may use each listener of feedback."""

from handlers.feedback.ids import COMMAND, SHORTCUT, Button, View
from handlers.kit.access import Table, Who, home_of, messages_of
from workflows.feedback.model import KIND

WHO_MAY: Table = {
    home_of(KIND): Who.REQUESTER | Who.OWNER | Who.MANAGER,
    messages_of(KIND): Who.ANYBODY,
    COMMAND: Who.ANYBODY,
    SHORTCUT: Who.ANYBODY,
    View.FORM: Who.REQUESTER,
    View.PREVIEW: Who.REQUESTER,
    View.DUPLICATE: Who.REQUESTER,
    View.MOVE: Who.ANYBODY,
    View.LINK: Who.ANYBODY,
    View.TICKET: Who.REQUESTER,
    Button.ACKNOWLEDGE: Who.ANYBODY,
    Button.LINK: Who.ANYBODY,
    Button.MOVE: Who.ANYBODY,
    Button.CUSTOMER_TOLD: Who.REQUESTER,
    Button.RETRY_TAG: Who.ANYBODY,
    Button.RETRY_ISSUE: Who.ANYBODY,
    Button.RETRY_CARD: Who.ANYBODY,
    Button.CORRECT_TICKET: Who.REQUESTER,
    Button.CALL_MANAGER: Who.REQUESTER,
    Button.THREAT: Who.REQUESTER,
    Button.TAKE_CALL: Who.OWNER | Who.MANAGER,
    Button.BACK: Who.REQUESTER,
    Button.WORDS: Who.READER,
    Button.OPEN_PAGE: Who.ANYBODY,
}
