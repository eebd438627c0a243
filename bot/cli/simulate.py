"""The command `simulate`: reads what was asked, plays it, and shows the outcome as text and as a chart."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import structlog
import typer

from bot.policyfile.loader import load
from bot.service.clock import SystemClock
from bot.simulation import scenarios as simulation
from bot.simulation.simulator import SimulationResult
from workflows.contract.errors import DeskError
from workflows.policy.review import Tone

FOR = timedelta(days=7)
LONGER = timedelta(days=9)
"""Reviews are answered within days, not hours."""


def simulate(
    at: Annotated[str, typer.Option(help="When it begins: “Fri 17:55 America/Los_Angeles”, “2026-03-06 17:55”.")],
    system: Annotated[str | None, typer.Option(help="An incident of this system, by its name or an alias.")] = None,
    *,
    contact: Annotated[bool, typer.Option("--contact", help="A manager-contact request instead.")] = False,
    review: Annotated[Tone | None, typer.Option(help="A customer's feedback of this tone instead.")] = None,
    answer: Annotated[
        str,
        typer.Option(help="Somebody responds (contacts the customer, triages) so long after: 20m, or never."),
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
        _simulate(at, system, answer, acknowledge, plot, policy, contact=contact, review=review)
    except DeskError as error:
        typer.echo(error.sentence, err=True)
        raise typer.Exit(1) from error


def _simulate(
    at: str,
    system: str | None,
    answer: str,
    acknowledge: str,
    plot: Path | None,
    file: Path | None,
    *,
    contact: bool,
    review: Tone | None,
) -> None:
    rules = load(file)
    begin = simulation.moment(at, rules, SystemClock().now())
    answered, acknowledged = simulation.parse_duration(answer), simulation.parse_duration(acknowledge)
    if contact:
        result = simulation.simulate_contact(rules, at=begin, answer=answered, lasting=FOR)
    elif review is not None:
        result = simulation.simulate_review(rules, review, at=begin, answer=answered, lasting=LONGER)
    elif system is not None:
        if strange := simulation.unknown_system(rules, system):
            typer.echo(strange, err=True)
        result = simulation.simulate_incident(
            rules, system, at=begin, answer=answered, acknowledge=acknowledged, lasting=FOR
        )
    else:
        raise simulation.QuestionError("Say what to simulate: --system NAME, --contact, or --review bad.")
    zone = begin.tzinfo if isinstance(begin.tzinfo, ZoneInfo) else rules.zone
    typer.echo(simulation.as_text(result, zone))
    if plot is not None:
        what = "A contact request" if contact else f"A {review} review" if review else system
        _draw(result, zone, plot, f"{what}, {at}")


def _draw(result: SimulationResult, zone: ZoneInfo, file: Path, title: str) -> None:
    from bot.simulation.chart import draw  # noqa: PLC0415 - it needs the optional matplotlib

    draw(simulation.shown(result.steps), zone, file, title)
    typer.echo(f"Drawn: {file}")
