"""Who may use each listener of the help for customer success managers."""

from handlers.csm.ids import COMMAND, Button, View
from handlers.kit.access import Table, Who, messages_of
from workflows.csm.pasted import KIND

WHO_MAY: Table = {
    messages_of(KIND): Who.ANYBODY,
    COMMAND: Who.ANYBODY,
    f"{COMMAND} feedback": Who.ANYBODY,
    f"{COMMAND} account": Who.READER,
    f"{COMMAND} onboarding": Who.READER,
    f"{COMMAND} project": Who.READER,
    f"{COMMAND} notify": Who.READER,
    View.NOTIFY: Who.READER,
    Button.CHANGE: Who.READER,
    Button.SHARE: Who.REQUESTER,
}
"""Look-ups can be kept to a user group besides (`csm.group`). A button and the form it opens have one name."""
