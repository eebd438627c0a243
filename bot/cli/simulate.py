"""The command `simulate`: reads what was asked, plays it, and shows the outcome as text and as a chart."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import structlog
import typer

from bot.policyfile.loader import load
from bot.service.clock import SystemClock
from bot.simulation import scenarios as simulation
from bot.simulation.requests import simulate_request
from bot.simulation.simulator import SimulationResult
from workflows.contract.errors import DeskError
from workflows.policy.csm import Notice
from workflows.policy.request import RequestKind
from workflows.policy.review import Tone

FOR = timedelta(days=7)
LONGER = timedelta(days=9)
"""Reviews are answered within days, not hours."""
LONGEST = timedelta(days=45)
"""Requests ship on a day of the month."""
NOTHING = "Say what to simulate: --system NAME, --contact, --review bad, --request bug, or --new-ticket digest."


def simulate(  # noqa: PLR0913 - an option for each
    at: Annotated[str, typer.Option(help="When it begins: “Fri 17:55 America/Los_Angeles”, “2026-03-06 17:55”.")],
    system: Annotated[str | None, typer.Option(help="An incident of this system, by its name or an alias.")] = None,
    *,
    contact: Annotated[bool, typer.Option("--contact", help="A manager-contact request instead.")] = False,
    review: Annotated[Tone | None, typer.Option(help="A customer's feedback of this tone instead.")] = None,
    request: Annotated[
        RequestKind | None, typer.Option(help="A request of this kind to Support Operations instead.")
    ] = None,
    new_ticket: Annotated[
        Notice | None, typer.Option(help="A new ticket instead, told to its account's CSM like this.")
    ] = None,
    answer: Annotated[
        str,
        typer.Option(help="Somebody responds (contacts, triages, answers, signs off) so long after: 20m, or never."),
    ] = simulation.NEVER,
    acknowledge: Annotated[
        str, typer.Option(help="Somebody acknowledges the page so long after it: 15m, or never.")
    ] = simulation.NEVER,
    plot: Annotated[Path | None, typer.Option(help="Draw it, too: the chart's file, .png or .svg.")] = None,
    policy: Annotated[
        Path | None, typer.Option(envvar="ESCALATIONS_POLICY", help="Your policy file; without it, the defaults hold.")
    ] = None,
) -> None:
    """Show what would happen when under the policy, by the real rules; nothing leaves this machine."""
    # The simulation's own log would stand between the lines.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        _simulate(_What(system, contact, review, request, new_ticket), at, answer, acknowledge, plot, policy)
    except DeskError as error:
        typer.echo(error.sentence, err=True)
        raise typer.Exit(1) from error


@dataclass(frozen=True)
class _What:
    """What is simulated: one of these."""

    system: str | None
    contact: bool
    review: Tone | None
    request: RequestKind | None
    new_ticket: Notice | None

    @property
    def name(self) -> str:
        """What the chart is about."""
        if self.contact:
            return "A contact request"
        if self.new_ticket is not None:
            return f"A new ticket, told as {self.new_ticket}"
        if self.review is not None:
            return f"A {self.review} review"
        return f"A request: {self.request}" if self.request else self.system or ""


def _simulate(what: _What, at: str, answer: str, acknowledge: str, plot: Path | None, file: Path | None) -> None:
    rules = load(file)
    begin = simulation.moment(at, rules, SystemClock().now())
    answered, acknowledged = simulation.parse_duration(answer), simulation.parse_duration(acknowledge)
    if what.contact:
        result = simulation.simulate_contact(rules, at=begin, answer=answered, lasting=FOR)
    elif what.review is not None:
        result = simulation.simulate_review(rules, what.review, at=begin, answer=answered, lasting=LONGER)
    elif what.request is not None:
        result = simulate_request(rules, what.request, at=begin, answer=answered, lasting=LONGEST)
    elif what.new_ticket is not None:
        result = simulation.simulate_new_ticket(rules, what.new_ticket, at=begin, lasting=FOR)
    elif what.system is not None:
        if strange := simulation.unknown_system(rules, what.system):
            typer.echo(strange, err=True)
        result = simulation.simulate_incident(
            rules, what.system, at=begin, answer=answered, acknowledge=acknowledged, lasting=FOR
        )
    else:
        raise simulation.QuestionError(NOTHING)
    zone = begin.tzinfo if isinstance(begin.tzinfo, ZoneInfo) else rules.zone
    typer.echo(simulation.as_text(result, zone))
    if plot is not None:
        _draw(result, zone, plot, f"{what.name}, {at}")


def _draw(result: SimulationResult, zone: ZoneInfo, file: Path, title: str) -> None:
    from bot.simulation.chart import draw  # noqa: PLC0415 - it needs the optional matplotlib

    draw(simulation.shown(result.steps), zone, file, title)
    typer.echo(f"Drawn: {file}")
