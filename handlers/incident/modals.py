"""The modals of incidents. What was typed always comes back with what was wrong with it."""

from dataclasses import dataclass
from dataclasses import field as field_of
from typing import Any

from handlers.incident import status
from handlers.incident.ids import BY_SHEET, Field, View
from handlers.incident.status import sheet_link
from handlers.kit.blocks import (
    Block,
    Choice,
    context,
    field,
    modal,
    multi_menu,
    people_menu,
    radio,
    section,
    text_input,
)
from handlers.kit.memory import Memory
from workflows.incident import clock
from workflows.incident.model import IncidentCase, Report
from workflows.policy.feedback import Question
from workflows.policy.model import Policy

ModalView = dict[str, Any]
LINE_LIMIT = 150
SUMMARY_LIMIT = 300


@dataclass(frozen=True)
class Prefill:
    """What the form shows when it opens."""

    report: Report = field_of(default_factory=Report)
    systems: tuple[str, ...] = ()
    other: str = ""
    memory: Memory = field_of(default_factory=Memory)


def form(policy: Policy, prefill: Prefill) -> ModalView:
    """Report an incident."""
    asked = policy.incident.questions
    systems = multi_menu(Field.SYSTEMS, _sheet(policy), asked.systems.placeholder, prefill.systems)
    blocks = [
        _question(asked.systems, Field.SYSTEMS, systems, optional=True),
        _question(
            asked.other,
            Field.OTHER,
            text_input(Field.OTHER, asked.other.placeholder, prefill.other, limit=LINE_LIMIT),
            optional=True,
        ),
        *_report(policy, prefill.report),
        context("I wait for a response: " + " · ".join(_waits(policy)) + f".{sheet_link(policy)}"),
    ]
    return modal(asked.title, blocks, callback=View.FORM, submit=asked.submit, metadata=prefill.memory.text)


def details(case: IncidentCase, policy: Policy) -> ModalView:
    """Describe it better."""
    blocks = _report(policy, case.report)
    return modal(f"Describe {case.id}", blocks, callback=View.DETAILS, submit="Save", metadata=_of(case))


def change(case: IncidentCase, policy: Policy) -> ModalView:
    """Change the systems, or say how critical it is."""
    asked = policy.incident.questions
    levels = [
        Choice(BY_SHEET, "What the sheet says", "The most critical of the systems decides"),
        *(Choice(key, level.label, f"Wait {level.wait.words}") for key, level in policy.incident.levels.items()),
    ]
    systems = multi_menu(Field.SYSTEMS, _sheet(policy), asked.systems.placeholder, case.systems)
    chosen = case.chosen_level if case.chosen_level in policy.incident.levels else BY_SHEET
    blocks = [
        field(Field.SYSTEMS, asked.systems.label, systems, optional=True),
        field(Field.LEVEL, "How critical is it?", radio(Field.LEVEL, levels, chosen)),
        context(_dues(case, policy) + sheet_link(policy)),
    ]
    return modal(f"Change {case.id}", blocks, callback=View.CHANGE, submit="Change", metadata=_of(case))


def resolve(case: IncidentCase, _policy: Policy) -> ModalView:
    """Ask for a line of summary."""
    element = text_input(Field.SUMMARY, "What it was, and what ended it", limit=SUMMARY_LIMIT)
    blocks = [
        section("The timeline stays in the thread; one line says what it was."),
        field(Field.SUMMARY, "Summary", element),
    ]
    return modal(f"Resolve {case.id}", blocks, callback=View.RESOLVE, submit="Resolve", metadata=_of(case))


def stand_in(case: IncidentCase, _policy: Policy) -> ModalView:
    """Ask who works with the on-call person instead."""
    blocks = [field(Field.PERSON, "Who works with the on-call person?", people_menu(Field.PERSON, "Choose somebody"))]
    return modal("Name a stand-in", blocks, callback=View.STAND_IN, submit="Name them", metadata=_of(case))


def _report(policy: Policy, report: Report) -> list[Block]:
    asked, limit = policy.incident.questions, policy.incident.text_limit
    return [
        _question(
            question,
            name,
            text_input(name, question.placeholder, getattr(report, name)[:limit], multiline=True, limit=limit),
            optional=optional,
        )
        for name, question, optional in (
            (Field.WHAT, asked.what, False),
            (Field.IMPACT, asked.impact, False),
            (Field.ERRORS, asked.errors, True),
            (Field.STEPS, asked.steps, True),
        )
    ]


def _question(asked: Question, block_id: str, element: dict[str, Any], *, optional: bool = False) -> Block:
    return field(block_id, asked.label, element, hint=asked.hint, optional=optional)


def _sheet(policy: Policy) -> list[Choice]:
    levels = policy.incident.levels
    return [Choice(key, system.label, levels[system.level].label) for key, system in policy.incident.systems.items()]


def _waits(policy: Policy) -> list[str]:
    return [f"{level.label} {level.wait.words}" for level in policy.incident.levels.values()]


def _dues(case: IncidentCase, policy: Policy) -> str:
    """Until when would be waited: from the original time."""
    start = case.clock_from or case.opened_at
    dues = (
        f"{level.label}: {status.when(clock.due_at(start, level, policy.incident), policy)}"
        for level in policy.incident.levels.values()
    )
    return f"Counted from {status.when(start, policy)}; what has passed pages at once. " + " · ".join(dues)


def _of(case: IncidentCase) -> str:
    return Memory(case=case.id).text
