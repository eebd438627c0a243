"""The ids by which Slack tells us what was clicked or typed: one place, so that forms and listeners agree."""

from enum import StrEnum
from typing import Final

COMMAND: Final = "/csm"


class View(StrEnum):
    """Callback ids of the modals."""

    NOTIFY = "csm.notify"
    CHANGE = "csm.change_project"


class Button(StrEnum):
    """Action ids of the buttons."""

    SHARE = "csm.share"
    CHANGE = "csm.change_project"


class Field(StrEnum):
    """Block ids of the questions; the element in it has the same action id."""

    DEFAULT = "default"
    PROJECT = "project"


ACCOUNT = "account:"
"""The block id of an account's choice begins with it; then comes the account's id."""
