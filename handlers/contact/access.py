"""Who may use each listener of manager contact."""

from handlers.contact.ids import COMMAND, Button, View
from handlers.kit.access import Table, Who, home_of, messages_of
from workflows.contact.model import KIND

DECIDES = Who.OWNER | Who.MANAGER

WHO_MAY: Table = {
    home_of(KIND): Who.REQUESTER | Who.OWNER | Who.MANAGER,
    messages_of(KIND): Who.ANYBODY,
    COMMAND: Who.ANYBODY,
    f"{COMMAND} why": Who.READER,
    f"{COMMAND} list": Who.REQUESTER | Who.OWNER | Who.MANAGER,
    f"{COMMAND} export": Who.MANAGER,
    View.CONTACTED: DECIDES,
    View.REASSIGN: DECIDES,
    View.CANCEL: DECIDES,
    View.NOTE_ACTION: DECIDES,
    View.TICKET: DECIDES,
    View.WHY: Who.READER,
    Button.CLAIM: DECIDES,
    Button.SNOOZE: DECIDES,
    Button.RETRY_ISSUE: DECIDES,
    Button.NAME_TICKET: DECIDES,
    Button.IS_REQUEST: Who.ANYBODY,
    Button.NOT_REQUEST: Who.ANYBODY,
    Button.PAGE: Who.REQUESTER | Who.OWNER | Who.MANAGER,
    Button.HOW: DECIDES,
}
"""A button and the form it opens have one name, and one line: *Contacted*, *Reassign*, *Cancel*, *Why?*."""
