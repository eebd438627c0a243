"""The sandbox and the desk, each a process of its own, on this machine: for the demo and the tour."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import httpx
import yaml

from workflows.contract.errors import DeskError

PATIENCE_SECONDS = 30.0
READY = "Slack is at "

OWN_POLICY: dict[str, Any] = {
    "admins": ["omar@example.com"],
    "managers": {
        "on_duty_schedule": "SSAT Reviewing Manager",
        "fallback": {"group": "support-managers", "people": ["marco@example.com"]},
    },
    "csm": {"accounts": "system", "lead": "maria@example.com"},
}
"""What the sandbox's company sets: its people, and the schedule its PagerDuty has."""


def own_policy(url: str) -> dict[str, Any]:
    """The sandbox's company's policy: links to tickets lead to the sandbox at `url`."""
    main = {
        "hosts": ["127.0.0.1", "gitlab.zendesk.com", "support.gitlab.com"],
        "agent_url": f"{url}/vendors/zendesk/agent/tickets/{{ticket}}",
        "customer_url": f"{url}/vendors/zendesk/hc/requests/{{ticket}}",
        "contact_field": 360001234567,
    }
    return {**OWN_POLICY, "tickets": {"accounts": {"main": main}}}


class NotStarted(DeskError):  # noqa: N818 - the name says what is wrong
    """The sandbox or the desk did not start."""


class Stack:
    """Sandbox and desk, from `with Stack(folder) as stack` until its end. `folder` keeps database, clock and logs.

    With `page` the workspace can be used in a browser, at `url`; `demo_control` is where that page finds whoever can
    kill and start the desk. Without `pace` nothing waits for Slack's second between two messages: in a story that is
    played by itself, weeks of them come in one leap.
    """

    def __init__(self, folder: Path, port: int = 0, *, page: bool = False, pace: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.demo_control = ""
        self.desk_url = f"http://127.0.0.1:{_free_port()}"
        self._page_secret = secrets.token_urlsafe()
        self.page_key = secrets.token_urlsafe()
        self.folder = folder
        self.port = port
        self.page = page
        self.pace = pace
        self.url = ""
        self._sandbox: subprocess.Popen[str] | None = None
        self._desk: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        try:
            self._start_sandbox()
            self.start_desk()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def desk_runs(self) -> bool:
        """Whether the desk's process is alive."""
        return self._desk is not None and self._desk.poll() is None

    def is_quiet(self) -> bool:
        """Whether the desk has nothing on its way."""
        waiting: int = httpx.get(f"{self.desk_url}/sandbox/waiting").json()
        return not waiting

    @property
    def desk_log(self) -> Path:
        """Where the desk's log lines go."""
        return self.folder / "desk.log"

    def start_desk(self) -> None:
        """Start the desk and wait until it hears Slack; nothing when it runs."""
        if self.desk_runs:
            return
        policy = self.folder / "policy.yml"
        if not policy.exists():
            delivery = {} if self.pace else {"delivery": {"channel_pace": "0s"}}
            policy.write_text(yaml.safe_dump({**own_policy(self.url), **delivery}, sort_keys=False), encoding="utf-8")
        connected = self._connections()
        with self.desk_log.open("a", encoding="utf-8") as log:
            self._desk = self._start(["bot", "run"], self._environment(policy), log, log)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._connections() <= connected:
            if self._desk.poll() is not None or time.monotonic() > deadline:
                raise NotStarted(f"The desk did not start:\n{_end_of(self.desk_log)}")
            time.sleep(0.1)

    @property
    def page_url(self) -> str:
        """The address of the page, with the key that opens it."""
        return f"{self.url}/?key={self.page_key}"

    def kill_desk(self) -> None:
        """Kill the desk where it stands, as a crash would."""
        if self._desk is not None:
            self._desk.kill()
            self._desk.wait()
            self._desk = None

    def start_afresh(self) -> None:
        """Stop both, forget everything, and start both again at the same address."""
        self.stop()
        self.port = int(self.url.rpartition(":")[2])
        for file in self.folder.iterdir():
            if file.name != "policy.yml":
                file.unlink()
        self._start_sandbox()
        self.start_desk()

    def stop(self) -> None:
        """Stop both cleanly."""
        for process in (self._desk, self._sandbox):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(PATIENCE_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        if self._sandbox is not None and self._sandbox.stdout is not None:
            self._sandbox.stdout.close()

    def _start_sandbox(self) -> None:
        clock, manifest = str(self._clock_file()), str(Path(__file__).parents[2] / "manifest.yml")
        order = ["sandbox", "--port", str(self.port), "--clock-file", clock, "--manifest", manifest]
        order += ["--page"] if self.page else []
        order += [] if self.pace else ["--no-rate-limits"]
        more = (
            {
                "SANDBOX_DEMO_CONTROL": self.demo_control,
                "PYVIEW_SECRET": self._page_secret,
                "SANDBOX_PAGE_KEY": self.page_key,
            }
            if self.page
            else {}
        )
        with (self.folder / "sandbox.log").open("a", encoding="utf-8") as log:
            self._sandbox = self._start(order, {**os.environ, **(more if self.page else {})}, subprocess.PIPE, log)
        assert self._sandbox.stdout is not None  # noqa: S101 - it is a pipe
        line = self._sandbox.stdout.readline()
        if not line.startswith(READY):
            raise NotStarted(f"The sandbox did not start:\n{_end_of(self.folder / 'sandbox.log')}")
        self.url = line.removeprefix(READY).split()[0]
        httpx.post(f"{self.url}/control/vendors/hooks", json={"url": self.desk_url}).raise_for_status()

    @staticmethod
    def _start(
        order: list[str], environment: Mapping[str, str], out: int | IO[str], errors: IO[str]
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, "-m", *order],
            cwd=Path(__file__).parents[2],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            text=True,
            start_new_session=True,  # Ctrl-C reaches us alone, and we stop them in order
        )

    def _environment(self, policy: Path) -> dict[str, str]:
        vendors = f"{self.url}/vendors"
        return {
            **os.environ,
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_MODE": "socket",
            "SLACK_API_URL": f"{self.url}/api/",
            "DATABASE_URL": f"sqlite:///{self.folder.resolve() / 'desk.db'}",
            "DESK_CLOCK_FILE": str(self._clock_file()),
            "ESCALATIONS_POLICY": str(policy.resolve()),
            "PORT": self.desk_url.rpartition(":")[2],
            "ZENDESK_URL": f"{vendors}/zendesk",
            "ZENDESK_EMAIL": "desk@example.com",
            "ZENDESK_TOKEN": "sandbox-zendesk",
            "GITLAB_URL": f"{vendors}/gitlab",
            "GITLAB_TOKEN": "sandbox-gitlab",
            "PAGERDUTY_TOKEN": "sandbox-pagerduty",
            "PAGERDUTY_FROM": "desk@example.com",
            "PAGERDUTY_API_URL": f"{vendors}/pagerduty",
            "SALESFORCE_URL": f"{vendors}/salesforce",
            "SALESFORCE_CLIENT_ID": "sandbox-connected-app",
            "SALESFORCE_USERNAME": "desk@example.com",
            "SALESFORCE_PRIVATE_KEY": httpx.get(f"{vendors}/salesforce/key").text,
            "CALENDLY_TOKEN": "sandbox-calendly",
            "CALENDLY_API_URL": f"{vendors}/calendly",
            "ZENDESK_WEBHOOK_SECRET": "sandbox-zendesk-webhook",
            "GITLAB_WEBHOOK_TOKEN": "sandbox-gitlab-webhook",
            "PAGERDUTY_WEBHOOK_SECRET": "sandbox-pagerduty-webhook",
        }

    def _clock_file(self) -> Path:
        return (self.folder / "clock.json").resolve()

    def _connections(self) -> int:
        calls = httpx.get(f"{self.url}/control/calls", params={"method": "apps.connections.open"}).json()
        return len(calls)


def _free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _end_of(log: Path) -> str:
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return "\n".join(lines[-20:]) or "(it said nothing)"
