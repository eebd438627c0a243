"""The ids by which Slack tells us what was clicked or typed: one place, so that cards and listeners agree."""

from enum import StrEnum

COMMAND = "/incident"
SHORTCUT = "incident.start_timer"


class View(StrEnum):
    """Callback ids of the modals."""

    FORM = "incident.form"
    DETAILS = "incident.details"
    CHANGE = "incident.change"
    RESOLVE = "incident.resolve"
    STAND_IN = "incident.stand_in"


class Button(StrEnum):
    """Action ids of the buttons and menus; those of the overflow menu stand in its options' values."""

    SYSTEM = "incident.system"
    START = "incident.start"
    REPORT = "incident.report"
    NOT_ONE = "incident.not_one"
    TAKE_ON = "incident.take_on"
    HOLD = "incident.hold"
    PAGE_NOW = "incident.page_now"
    BY_HAND = "incident.by_hand"
    RESOLVE = "incident.resolve"
    REOPEN = "incident.reopen"
    CHANGE = "incident.change"
    DETAILS = "incident.details"
    AVAILABLE = "incident.available"
    STAND_IN = "incident.stand_in"
    CALL = "incident.call"
    STILL_ON = "incident.still_on"
    SWITCH = "incident.switch"
    MORE = "incident.more"
    PAGE = "incident.list_page"
    OPEN_PAGE = "incident.open_page"


class Field(StrEnum):
    """Block ids of the questions; the element in it has the same action id."""

    SYSTEMS = "systems"
    OTHER = "other"
    WHAT = "what"
    IMPACT = "impact"
    ERRORS = "errors"
    STEPS = "steps"
    LEVEL = "level"
    SUMMARY = "summary"
    PERSON = "person"


UNKNOWN = "unknown"
"""The option for a system that is not in the sheet."""
BY_SHEET = "by-sheet"
"""The option for the level the sheet says."""


def value(case_id: str, choice: str) -> str:
    """The value of an option that says of which case it is: of menus Slack sends nothing else."""
    return f"{case_id} {choice}"


def of_value(text: str) -> tuple[str, str]:
    """The case and the choice."""
    case_id, _, choice = text.partition(" ")
    return case_id, choice
