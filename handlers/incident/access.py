"""Who may use each listener of incidents."""

from handlers.incident.ids import COMMAND, SHORTCUT, Button, View
from handlers.kit.access import Table, Who, home_of, messages_of
from workflows.incident.model import KIND

WHO_MAY: Table = {
    home_of(KIND): Who.READER,
    messages_of(KIND): Who.ANYBODY,
    COMMAND: Who.ANYBODY,
    f"{COMMAND} list": Who.READER,
    f"{COMMAND} export": Who.RESPONDER | Who.MANAGER,
    SHORTCUT: Who.ANYBODY,
    View.FORM: Who.ANYBODY,
    View.DETAILS: Who.READER,
    View.CHANGE: Who.ANYBODY,
    View.RESOLVE: Who.ANYBODY,
    View.STAND_IN: Who.ANYBODY,
    Button.SYSTEM: Who.ANYBODY,
    Button.START: Who.ANYBODY,
    Button.REPORT: Who.READER,
    Button.NOT_ONE: Who.ANYBODY,
    Button.TAKE_ON: Who.RESPONDER,
    Button.HOLD: Who.ANYBODY,
    Button.PAGE_NOW: Who.ANYBODY,
    Button.BY_HAND: Who.ANYBODY,
    Button.REOPEN: Who.ANYBODY,
    Button.AVAILABLE: Who.ANYBODY,
    Button.CALL: Who.ANYBODY,
    Button.STILL_ON: Who.ANYBODY,
    Button.SWITCH: Who.ANYBODY,
    Button.MORE: Who.ANYBODY,
    Button.PAGE: Who.READER,
    Button.OPEN_PAGE: Who.ANYBODY,
}
"""A button and the form it opens have one name, and one line: *Details*, *Resolve*, *Name a stand-in*."""
