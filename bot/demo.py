"""`python -m bot demo`: a Slack workspace of one's own with the desk in it, until Ctrl-C."""

import shutil
import signal
import sys
import threading
from pathlib import Path

import typer

from bot.together import NotStarted, Together
from sandbox.client import SandboxClient
from sandbox.console import HELP, Console

FOLDER = Path(".sandbox")

WELCOME = """\
The escalation desk is running in a Slack workspace of its own, on this machine.
  Slack        {url}   (log and database in {folder}/)
  You are      alice, a support engineer, in #support. Others: pia (product), maria (manager), gus (a guest).

Type this first:

  /feedback 123456 The merge train view is too slow
  submit                    the form, then once more: the preview
  as pia
  in #product               the card is there
  press Acknowledge
  clock +1d                 a reminder for alice comes due: as alice, in dm

Everything you can type:
{help}
Ctrl-C stops."""


def play(port: int) -> int:
    """Start both, let a person type, and stop both; returns the exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    shutil.rmtree(FOLDER, ignore_errors=True)  # the workspace is new each time, so is the desk
    try:
        with Together(FOLDER, port) as both:
            typer.echo(WELCOME.format(url=both.url, folder=both.folder, help=HELP))
            _until_stopped(both.url)
    except KeyboardInterrupt:
        pass
    except NotStarted as error:
        typer.echo(error.sentence, err=True)
        return 1
    typer.echo("\nStopped.")
    return 0


def _until_stopped(url: str) -> None:
    if not sys.stdin.isatty():
        typer.echo("Nobody types here (no terminal); `python -m sandbox.console` in another one does.")
        threading.Event().wait()
        return
    with SandboxClient(url) as slack:
        Console(slack).cmdloop()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
