"""`python -m sandbox`: the workspace and the vendors, until Ctrl-C."""

import argparse
import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from sandbox.core.clock import ClockFile, MovedClock
from sandbox.core.manifest import read_manifest
from sandbox.core.model import AppSettings
from sandbox.server import Sandbox


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    line = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    line.add_argument("--port", type=int, default=8065, help="where to listen on 127.0.0.1 (0: a free port)")
    line.add_argument("--clock-file", type=Path, help='JSON {"offset_seconds": 0.0}, shared with the desk')
    line.add_argument("--mode", choices=("socket", "http"), default="socket", help="how the app is reached")
    line.add_argument("--request-url", help="the app's request URL, for --mode http")
    line.add_argument("--manifest", type=Path, help="the app's manifest: scopes, events, commands, shortcuts")
    line.add_argument("--no-rate-limits", action="store_true", help="answer as often as asked")
    line.add_argument("--page", action="store_true", help="show the workspace in a browser (needs the extra `page`)")
    return line


def build(arguments: Sequence[str] | None = None) -> Sandbox:
    """Return the sandbox the command line asks for, not started."""
    line = parser()
    asked = line.parse_args(arguments)
    if asked.mode == "http" and not asked.request_url:
        line.error("--mode http needs --request-url")
    return Sandbox(
        read_manifest(asked.manifest) if asked.manifest else AppSettings(),
        clock=ClockFile(asked.clock_file) if asked.clock_file else MovedClock(),
        rate_limits=not asked.no_rate_limits,
        request_url=asked.request_url if asked.mode == "http" else None,
        port=asked.port,
        page=(os.environ.get("SANDBOX_DEMO_CONTROL") or True) if asked.page else False,
        page_key=os.environ.get("SANDBOX_PAGE_KEY", ""),
    )


def main() -> None:
    """Serve until interrupted or terminated."""
    over = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: over.set())
    with build() as sandbox:
        print(f"Slack is at {sandbox.url} (Web API: {sandbox.api_url}). Ctrl-C stops it.", flush=True)  # noqa: T201
        over.wait()


if __name__ == "__main__":
    main()
