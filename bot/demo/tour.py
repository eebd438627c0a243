"""`python -m bot tour`: the demo played by itself with a moved clock, as a readable transcript."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import typer

from bot.demo.chapters import contact, csm, feedback, incident, request, review
from bot.demo.chapters.narrator import Printed
from bot.demo.chapters.script import Script
from bot.demo.stack import Stack
from sandbox.core.errors import Impossible
from sandbox.driver.client import SandboxClient
from workflows.contract.errors import DeskError

CHAPTERS: dict[str, Callable[[Script], None]] = {
    "feedback": feedback.play,
    "contact": contact.play,
    "incident": incident.play,
    "review": review.play,
    "csm": csm.play,
    "request": request.play,
}


def play() -> int:
    """Play every chapter; 0 when every step happened, else 1 with the reason."""
    with tempfile.TemporaryDirectory(prefix="escalation-desk-") as folder:
        try:
            with Stack(Path(folder), pace=False) as stack, SandboxClient(stack.url) as slack:
                script = Script(slack, Printed(typer.echo), stack.is_quiet)
                for chapter in CHAPTERS.values():
                    chapter(script)
        except (DeskError, Impossible) as error:
            typer.echo(f"\n{error}", err=True)
            _show_log(Path(folder))
            return 1
    typer.echo("\nEvery step happened.")
    return 0


def _show_log(folder: Path) -> None:
    log = folder / "desk.log"
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    typer.echo("The desk's last lines:\n" + "\n".join(lines[-15:]), err=True)
