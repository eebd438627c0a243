"""What the desk asks below a message: is something broken, and which system? And what it offers after an edit."""

from handlers.incident import status
from handlers.incident.ids import UNKNOWN, Button, value
from handlers.incident.status import sheet_link
from handlers.kit.blocks import Block, Choice, Element, actions, button, menu, section
from workflows.contract.slack_port import Message
from workflows.incident import systems, texts
from workflows.incident.model import IncidentCase, IncidentState
from workflows.lib.markup import escape
from workflows.policy.model import Policy

ASKED_IN = {IncidentState.WAITING, IncidentState.HELD, IncidentState.PAGED}
"""Where nobody is on it yet, it still matters which system it is."""


def card(case: IncidentCase, policy: Policy, closed_buttons: list[Element]) -> Message:
    """The card of a message that is plainly no report: one click says that it is one all the same."""
    is_open = case.state == IncidentState.QUESTION
    lines = _lines(case, policy) if is_open else status.lines(case, policy)
    shown = controls(case, policy) if is_open else closed_buttons
    return Message("\n".join(lines), [section("\n".join(lines)), *actions(shown)])


def controls(case: IncidentCase, policy: Policy) -> list[Element]:
    """The menu of systems, the system that was read to be confirmed, and that it is no incident."""
    choices = [Choice(value(case.id, key), system.label) for key, system in policy.incident.systems.items()]
    unknown = Choice(value(case.id, UNKNOWN), policy.incident.unknown_system)
    picker = menu(Button.SYSTEM, [*choices, unknown], policy.incident.questions.systems.placeholder)
    verb = "Confirm" if case.level else "Start timer for"
    label = f"{verb} {texts.systems_named(case, policy)}"
    confirm = [button(label, Button.START, case.id, "primary")] if case.systems else []
    return [
        *confirm,
        picker,
        button("Describe it", Button.REPORT, case.id),
        button("Not an incident", Button.NOT_ONE, case.id),
    ]


def asked(case: IncidentCase, policy: Policy) -> list[Block]:
    """The question on the card of an incident whose system nobody has picked yet; nothing once somebody has."""
    if not case.is_read or case.state not in ASKED_IN:
        return []
    label = systems.level_policy(case.level, policy.incident).label
    read = f"I read *{escape(texts.systems_named(case, policy))}*" if case.systems else "I read no system"
    until = f"so {escape(label)} counts until somebody picks one.{sheet_link(policy)}"
    line = f"{escape(policy.incident.question.text)} {read}, {until}"
    return [section(line), *actions(controls(case, policy))]


def offer(case: IncidentCase, policy: Policy) -> list[Block]:
    """After an edit that names another system than the one a person picked; nothing when there is nothing to offer."""
    if not case.named_since:
        return []
    named = systems.names_of(case.named_since, "", policy.incident)
    label = systems.level_policy(systems.level_of(case.named_since, "", policy.incident), policy.incident).label
    line = f":pencil2: The message was edited and now names *{escape(named)}* ({escape(label)})."
    return [section(line), *actions([button(f"Switch to {named}", Button.SWITCH, case.id)])]


def _lines(case: IncidentCase, policy: Policy) -> list[str]:
    why = f"This looks like {texts.WHY_NO_REPORT[case.no_report]}" if case.no_report else "No timer is running"
    asked = f"*{escape(policy.incident.question.text)}*{sheet_link(policy)}"
    lines = [f"{why}, so no timer is running. {asked}"]
    if case.response:
        lines.append(f":speech_balloon: <@{case.response.by}> answered {status.when(case.response.at, policy)}.")
    lines.append(f"The timer will count from the message ({status.when(case.opened_at, policy)}).")
    return lines
