"""A process as the desk runs it: its rules, what people see of it, and the ways in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt import App

from handlers.kit.blocks import Block
from handlers.kit.context import Desk
from workflows.contract.engine import FactHandler
from workflows.contract.process import Process, Views

MessageHandler = Callable[[Desk, dict[str, Any]], bool]
"""Takes the body of a message event (`event`, `event_id`, `team_id`); True when it was for this process."""

HomeSection = Callable[[Desk, str, datetime], Sequence[Block]]
"""The blocks of a process for this person (Slack id) at this time; empty when there is nothing to show."""


@dataclass(frozen=True)
class DeskProcess:
    """Everything of one process. `register` adds its listeners for commands, buttons, modals and shortcuts."""

    rules: Process[Any]
    views: Views[Any]
    register: Callable[[App, Desk], None]
    on_message: MessageHandler | None = None
    home: HomeSection | None = None
    fact_handlers: tuple[FactHandler, ...] = ()
    """What vendors tell that may open a case; the cases that follow the fact are told anyway."""


def rules_of(processes: Sequence[DeskProcess]) -> Mapping[str, Process[Any]]:
    """The rules, by the kind of their cases: what the engine runs."""
    return {process.rules.kind: process.rules for process in processes}


def views_of(processes: Sequence[DeskProcess]) -> Mapping[str, Views[Any]]:
    """What people see, by the prefix of the cases' numbers: what the executor renders."""
    return {process.rules.prefix: process.views for process in processes}


def fact_handlers_of(processes: Sequence[DeskProcess]) -> tuple[FactHandler, ...]:
    """Who may open a case over what a vendor tells."""
    return tuple(handler for process in processes for handler in process.fact_handlers)
