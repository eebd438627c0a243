"""A process as the desk runs it: its rules, what people see of it, and the ways in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slack_bolt import App

from handlers.kit.access import Table, home_of, messages_of
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
    access: Table = field(default_factory=dict)
    """Who may use what: a listener that is not in it is not heard, and a section of the App Home not shown."""
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


def access_of(processes: Sequence[DeskProcess]) -> Table:
    """Who may use what, of all of them."""
    return {name: who for process in processes for name, who in process.access.items()}


def homes_of(processes: Sequence[DeskProcess]) -> list[HomeSection]:
    """The sections of the App Home whose readers are said, from top to bottom."""
    return [one.home for one in processes if one.home and home_of(one.rules.kind) in one.access]


def message_handlers_of(processes: Sequence[DeskProcess]) -> list[MessageHandler]:
    """Who hears messages in channels, and says from whom."""
    return [one.on_message for one in processes if one.on_message and messages_of(one.rules.kind) in one.access]
