"""`people export|forget PERSON` and `tickets forget TICKET`: for who asks what is kept of them, or wants it gone."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.service.settings import load
from workflows.contract.errors import DeskError
from workflows.engine.privacy import Forgotten, Privacy
from workflows.lib.tickets import NotATicket, parse_ticket
from workflows.policy.model import Policy

people = typer.Typer(help="Say what is kept of a person, or forget them.", no_args_is_help=True)
tickets = typer.Typer(help="Forget what is kept of a ticket.", no_args_is_help=True)

EnvFile = Annotated[Path | None, typer.Option(help="A file of settings, NAME=value; the environment wins.")]
Person = Annotated[str, typer.Argument(help="A Slack member id (U0123456789) or an e-mail address.")]
Confirmed = Annotated[bool, typer.Option("--yes", help="Do not ask; it cannot be undone.")]


@people.command()
def export(person: Person, env_file: EnvFile = None) -> None:
    """Print everything the desk keeps of a person, as JSON."""
    with _opened(env_file) as (privacy, _):
        typer.echo(json.dumps(privacy.export(person), indent=2, ensure_ascii=False))


@people.command("forget")
def forget_person(person: Person, env_file: EnvFile = None, *, yes: Confirmed = False) -> None:
    """Put nobody in a person's place, in every case, story and message that is kept."""
    with _opened(env_file) as (privacy, _):
        _ask(f"Forget {person} everywhere? This can't be undone.", yes=yes)
        _say(privacy.forget_person(person))


@tickets.command("forget")
def forget_ticket(
    ticket: Annotated[str, typer.Argument(help="Its number, with its account where that is not the main one.")],
    env_file: EnvFile = None,
    *,
    yes: Confirmed = False,
) -> None:
    """Take everything but number, kind, state and dates out of the cases about a ticket."""
    with _opened(env_file) as (privacy, policy):
        try:
            found = parse_ticket(ticket, policy.tickets.accounts)
        except NotATicket as error:
            raise DeskError(error.sentence) from error
        _ask(f"Forget the cases about ticket {found}? This can't be undone.", yes=yes)
        _say(privacy.forget_ticket(found))


@contextmanager
def _opened(env_file: Path | None) -> Iterator[tuple[Privacy, Policy]]:
    """The desk's database and policy; what is wrong with either is said in a sentence."""
    from bot.policyfile.loader import load as load_policy  # noqa: PLC0415 - `policy check` needs none of it
    from handlers.kit.process import rules_of  # noqa: PLC0415
    from handlers.registry import PROCESSES  # noqa: PLC0415
    from storage.database import Database  # noqa: PLC0415

    try:
        settings = load(os.environ, env_file)
        policy = load_policy(settings.escalations_policy)
        database = Database(settings.database_url.get_secret_value())
        try:
            yield Privacy(database, rules_of(PROCESSES), policy), policy
        finally:
            database.close()
    except DeskError as error:
        typer.echo(error.sentence, err=True)
        raise typer.Exit(1) from error


def _ask(question: str, *, yes: bool) -> None:
    if not yes:
        typer.confirm(question, abort=True)


def _say(forgotten: Forgotten) -> None:
    lines = f", {forgotten.lines} lines of their stories" if forgotten.lines else ""
    typer.echo(f"Forgotten: {forgotten.cases} cases{lines}. What stands in Slack and with the vendors is still there.")
