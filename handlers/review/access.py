"""Who may use each listener of satisfaction reviews."""

from handlers.kit.access import Table, Who, home_of
from handlers.review.ids import COMMAND, Button, View
from workflows.review.model import KIND

WHO_MAY: Table = {
    home_of(KIND): Who.MANAGER,
    f"{COMMAND} review": Who.ANYBODY,
    f"{COMMAND} reviews": Who.MANAGER,
    f"{COMMAND} trends": Who.MANAGER,
    View.QUEUE: Who.MANAGER,
    View.TRIAGE: Who.MANAGER,
    View.KUDOS: Who.MANAGER,
    View.CONGRATULATE: Who.MANAGER,
    View.ACT: Who.MANAGER,
    Button.OPEN_QUEUE: Who.MANAGER,
    Button.PAGE: Who.MANAGER,
    Button.CLOSE: Who.MANAGER,
    Button.HAND_OVER: Who.MANAGER,
    Button.TAKE_OVER: Who.MANAGER,
    Button.RETRY_ISSUE: Who.MANAGER,
}
"""A button and the form it opens have one name, and one line: *Triage*, *Kudos*, *Congratulate*, *Follow up*."""
