"""`policy check FILE` says whether the policy is right, `policy show` what it comes to."""

from pathlib import Path
from typing import Annotated

import typer

from bot.policyfile.loader import Source, load_source
from bot.policyfile.show import show as shown
from workflows.contract.errors import PolicyError

app = typer.Typer(help="Check the policy file, or show what it comes to.", no_args_is_help=True)


@app.command()
def check(file: Annotated[Path, typer.Argument(help="The policy file to check.")]) -> None:
    """Name everything that is wrong with a policy file, each mistake with its line; exit 1 if there is any."""
    source = _read(file)
    typer.echo(f"ok: {_summary(source)}")
    for warning in warnings(source):
        typer.echo(f"warning: {warning}")


@app.command()
def show(
    file: Annotated[
        Path | None,
        typer.Option(envvar="ESCALATIONS_POLICY", help="Your policy file; without it, the defaults are shown."),
    ] = None,
) -> None:
    """Show the policy in effect as YAML; what comes from your file says where it stands there."""
    typer.echo(shown(_read(file)), nl=False)


def warnings(source: Source) -> list[str]:
    """What is no mistake, and probably not meant: an example that still stands in for the real thing."""
    own = source.policy.incident
    default = load_source(None).policy.incident
    if not default.systems.items() <= own.systems.items():
        return []
    where = f" {own.sheet_url} is where the real one is." if own.sheet_url else ""
    return [
        (
            "incident.systems holds the example of the default policy, not your criticality sheet: how long the desk "
            f"waits before it pages depends on it.{where} Copy your systems into the file; null takes one out."
        )
    ]


def _read(file: Path | None) -> Source:
    try:
        return load_source(file)
    except PolicyError as error:
        typer.echo(error.sentence, err=True)
        raise typer.Exit(1) from error


def _summary(source: Source) -> str:
    policy = source.policy
    areas = len(policy.feedback.areas)
    hosts = [host for account in policy.tickets.accounts.values() for host in account.hosts]
    return (
        f"{policy.company.name} works {policy.calendars.hours.name} in {policy.time_zone}; "
        f"tickets on {', '.join(hosts)}; {areas} area{'s' * (areas != 1)} of feedback"
    )
