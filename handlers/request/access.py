"""Who may use what of requests: whoever asked for one sees it, and decides about it; see `handlers.kit.access`."""

from handlers.kit.access import Table, Who, home_of, messages_of
from handlers.request.ids import COMMAND, Button, View
from workflows.request.model import KIND

WHO_MAY: Table = {
    COMMAND: Who.READER,
    View.START: Who.ANYBODY,
    View.FORM: Who.ANYBODY,
    View.ANSWER: Who.OWNER,
    View.NOT_YET: Who.OWNER,
    View.HAND_OVER: Who.OWNER,
    Button.DRAFT: Who.ANYBODY,
    Button.START_OVER: Who.REQUESTER,
    Button.EDIT: Who.OWNER,
    Button.RETRY: Who.OWNER,
    Button.ANSWER: Who.OWNER,
    Button.SIGN_OFF: Who.OWNER,
    Button.NOT_YET: Who.OWNER,
    Button.HAND_OVER: Who.OWNER,
    Button.TAKE_OVER: Who.READER,
    Button.WITHDRAW: Who.OWNER,
    Button.GOT_ANSWER: Who.OWNER,
    Button.REOPEN: Who.OWNER,
    Button.OPEN_PAGE: Who.ANYBODY,
    home_of(KIND): Who.READER,
    messages_of(KIND): Who.ANYBODY,
}
