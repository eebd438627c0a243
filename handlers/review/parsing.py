"""From what Slack sends to an event, or to a sentence for the person beside what they typed. Pure."""

from dataclasses import dataclass
from typing import Any

from handlers.kit.parsing import state_values
from handlers.kit.reports import Reported, of_report
from handlers.review.ids import DISCUSS, GROUP, KEEP_OPEN, TELL_MANAGERS, YES, Field
from workflows.policy.model import Policy
from workflows.review.model import Acted, Assessed

Errors = dict[str, str]
"""Block id -> what is wrong there."""

USAGE = "It is written `/feedback review 123456 what they said`."
SUBCOMMANDS = frozenset({"review", "reviews", "trends"})
"""The first words after `/feedback` that are about reviews."""


def first_word(text: str) -> str:
    """The first word after a command, in small letters."""
    return text.strip().partition(" ")[0].lower()


def of_review(text: str, policy: Policy) -> Reported | str:
    """Read what somebody typed behind `/feedback review`, or say what is wrong with it."""
    return of_report(text.strip().partition(" ")[2], USAGE, policy)


def of_triage(view: dict[str, Any], by: str) -> Assessed | Errors:
    """The triage of a bad review: every field that is wrong is named at once."""
    values = state_values(view)
    errors: Errors = {}
    summary, label = values.get(Field.SUMMARY, "").strip(), values.get(Field.LABEL, "")
    why_open = values.get(Field.WHY_OPEN, "").strip() if values.get(Field.NEXT) == KEEP_OPEN else None
    if not summary:
        errors[Field.SUMMARY] = "Say in a few words what happened."
    if not label:
        errors[Field.LABEL] = "Choose the one label that says why."
    if why_open is not None and not why_open:
        errors[Field.WHY_OPEN] = "Say what has to be discussed, so that others know."
    contact = values.get(Field.CONTACT) == YES
    return errors or Assessed(by, summary, values.get(Field.ACTION, "").strip(), contact, label, why_open)


@dataclass(frozen=True)
class Praise:
    """What was typed into the modal "Kudos": a Slack id, or the name of somebody without one; else it is the team."""

    who: str | None
    name: str
    words: str


def of_kudos(view: dict[str, Any]) -> Praise | Errors:
    """Who was praised, with which words."""
    values = state_values(view)
    who, name = values.get(Field.WHO) or None, values.get(Field.NAME, "").strip()
    words = values.get(Field.WORDS, "").strip()
    errors: Errors = {} if words else {Field.WORDS: "Say what was said."}
    if who and name:
        errors[Field.NAME] = "Choose somebody, or type a name. For two people, pass it on twice."
    return errors or Praise(who, name, words)


def of_act(view: dict[str, Any], by: str) -> Acted | Errors:
    """What else comes of a review."""
    values = state_values(view)
    what, why = values.get(Field.WHAT, ""), values.get(Field.WHY, "").strip()
    if not what:
        return {Field.WHAT: "Choose what should happen."}
    group = what.removeprefix(GROUP) if what.startswith(GROUP) else None
    return Acted(by, what == DISCUSS, what == TELL_MANAGERS, group, why)
