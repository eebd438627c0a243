"""`python -m bot demo`: a Slack workspace of one's own with the desk in it, until Ctrl-C."""

import logging
import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import structlog
import typer

from bot.demo.control import DemoControl
from bot.demo.stack import NotStarted, Stack
from bot.demo.tour import CHAPTERS
from sandbox.driver.client import SandboxClient
from sandbox.driver.console import HELP, Console
from sandbox.server import HOST

FOLDER = Path(".sandbox")
"""Each demo has a folder of its own in it, by its port: one that begins takes nothing from one that runs."""

TAKEN = """\
Port {port} is taken. Maybe a demo runs there already: look at http://{host}:{port}.
For one more, take another port: python -m bot demo --port 0"""

WELCOME = """\
The escalation desk is running in a Slack workspace of its own, on this machine.
(log and database in {folder}/)

{type}
Ctrl-C stops.

{look}"""

LOOK = """\
In a browser: channels, messages, the clock, the vendors, and a tour that plays itself. Open
{url}"""

NO_PAGE = """\
For the page in a browser: pip install "escalation-desk[page]". Slack is at
{url}"""

TYPE = """\
Or type here. You are alice, a support engineer, in #support. Others: pia (product), maria (manager), gus (a guest).

  /feedback 123456 The merge train view is too slow
  submit                    the form, then once more: the preview
  as pia
  in #product               the card is there
  press Acknowledge
  clock +1d                 a reminder for alice comes due: as alice, in dm

Everything you can type:
{help}"""


def play(port: int) -> int:
    """Start both, let a person type, and stop both; returns the exit code.

    It ends with its terminal, too: what went on behind a closed window would hold the port.
    """
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    if _is_taken(port):
        typer.echo(TAKEN.format(port=port, host=HOST), err=True)
        return 1
    folder = FOLDER / (str(port) if port else f"any-{os.getpid()}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))  # a person reads this
    shutil.rmtree(folder, ignore_errors=True)  # the workspace is new each time, so is the desk
    try:
        with started(folder, port) as stack:
            look = LOOK.format(url=stack.page_url) if stack.page else NO_PAGE.format(url=stack.url)
            typer.echo(WELCOME.format(look=look, folder=stack.folder, type=_typing()))
            _until_stopped(stack.url)
    except KeyboardInterrupt:
        pass
    except NotStarted as error:
        typer.echo(error.sentence, err=True)
        return 1
    typer.echo("\nStopped.")
    return 0


@contextmanager
def started(folder: Path, port: int) -> Iterator[Stack]:
    """Start sandbox and desk, with a page whose reader may kill and start the desk, and have the tour played."""
    stack = Stack(folder, port, page=find_spec("pyview") is not None)
    demo_control = DemoControl(stack, CHAPTERS.values())
    stack.demo_control = demo_control.url
    demo_control.start()
    try:
        with stack:
            try:
                yield stack
            finally:
                demo_control.stop()  # first: a tour that begins would start both again
    finally:
        demo_control.stop()


def _is_taken(port: int) -> bool:
    """Whether somebody listens there; any free port (0) is not taken."""
    with socket.socket() as trial:
        return port != 0 and trial.connect_ex((HOST, port)) == 0


def _typing() -> str:
    if sys.stdin.isatty():
        return TYPE.format(help=HELP)
    return "Nobody types here (no terminal); `python -m sandbox.driver.console` in another one does.\n"


def _until_stopped(url: str) -> None:
    if not sys.stdin.isatty():
        threading.Event().wait()
        return
    with SandboxClient(url) as slack:
        Console(slack).cmdloop()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
