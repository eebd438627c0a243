"""The command line: `python -m bot --help`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import people, policy, simulate
from bot.service.settings import SettingsError, load
from workflows.contract.errors import DeskError

app = typer.Typer(
    help="The escalation desk: runs feedback and escalation processes in Slack and never drops one.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they would print what people typed
)
app.add_typer(policy.app, name="policy")
app.add_typer(people.people, name="people")
app.add_typer(people.tickets, name="tickets")
app.command()(simulate.simulate)

WRONG_SETTINGS = 2


@app.command()
def run(
    env_file: Annotated[Path | None, typer.Option(help="A file of settings, NAME=value; the environment wins.")] = None,
) -> None:
    """Run the desk against a Slack workspace; the settings come from the environment (see docs/install.md)."""
    from bot.service.run import run_until_stopped  # noqa: PLC0415 - `policy check` needs none of it

    try:
        run_until_stopped(load(os.environ, env_file))
    except SettingsError as error:
        typer.echo(error.sentence, err=True)
        raise typer.Exit(WRONG_SETTINGS) from error
    except DeskError as error:
        typer.echo(error.sentence, err=True)
        raise typer.Exit(1) from error


@app.command()
def doctor(
    env_file: Annotated[Path | None, typer.Option(help="A file of settings, NAME=value; the environment wins.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Say it as JSON.")] = False,
    send_test: Annotated[
        bool, typer.Option("--send-test", help="Open and close one test page and issue, and send a signed webhook.")
    ] = False,
    ticket: Annotated[str | None, typer.Option(help="With --send-test: write an internal note on this ticket.")] = None,
    url: Annotated[str | None, typer.Option(help="With --send-test: where the vendors reach the desk.")] = None,
) -> None:
    """Look at the whole set-up and say what to mend; exits 1 when something has failed.

    It changes nothing, but with --send-test, which says what it will send and asks first.
    """
    from bot.doctor import checks  # noqa: PLC0415

    if send_test:
        asked = checks.send_test(os.environ, env_file, _agreed, ticket=ticket, address=url)
        if asked is None:
            typer.echo("Nothing was sent.")
            return
        findings = asked
    else:
        findings = checks.examine(os.environ, env_file)
    typer.echo(checks.as_json(findings) if as_json else checks.as_text(findings))
    if not findings.is_well:
        raise typer.Exit(1)


def _agreed(what: str) -> bool:
    """Ask whether it shall be done; without anybody there to answer, it is not."""
    try:
        return typer.confirm(f"{what}\nGo on?", err=True)
    except typer.Abort:
        return False


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the sandbox listens on 127.0.0.1; 0 takes any free port.")] = 8065,
) -> None:
    """Start a Slack workspace of your own with the desk in it; Ctrl-C stops both."""
    from bot.demo.session import play  # noqa: PLC0415

    raise typer.Exit(play(port))


@app.command()
def tour() -> None:
    """Play the demo by itself with a moved clock, and print what happened; exit 1 when a step did not happen."""
    from bot.demo.tour import play  # noqa: PLC0415

    raise typer.Exit(play())


if __name__ == "__main__":
    app()
