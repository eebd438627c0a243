"""Starting, stopping, the clock, the command line, and what the control API lets nobody do."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
import yaml

from sandbox.__main__ import build
from sandbox.core.clock import ClockFile
from sandbox.core.errors import Impossible
from sandbox.driver.client import SandboxClient
from sandbox.server import Sandbox
from tests.integration.sandbox.conftest import Slack, StartSlack


def test_the_clock_is_advanced_and_set(start_slack: StartSlack) -> None:
    """Message times follow it; going back does not make them fall."""
    slack = start_slack(now=None)
    alice, clock = slack.driver.person("alice"), slack.driver.clock
    before = clock.now()
    assert timedelta(hours=2) <= clock.advance(timedelta(hours=2)) - before < timedelta(hours=2, minutes=1)
    later = alice.says("Later", in_="#support")
    clock.set(datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    assert abs(clock.now() - datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) < timedelta(minutes=1)
    assert float(alice.says("Earlier", in_="#support").ts) > float(later.ts)


def test_a_clock_of_the_tests_own_is_not_moved_by_others(slack: Slack) -> None:
    """The sandbox only reads it."""
    with pytest.raises(Impossible, match="belongs"):
        slack.driver.clock.advance(timedelta(hours=1))
    assert slack.driver.clock.now() == slack.clocks.now()


def test_the_clock_file_is_shared(start_slack: StartSlack, tmp_path: Path) -> None:
    """What one process moves, another reads."""
    path = tmp_path / "run" / "clock.json"
    slack = start_slack(now=None, clock=ClockFile(path))
    assert ClockFile(path).offset() == 0.0
    slack.driver.clock.advance(timedelta(minutes=5))
    assert json.loads(path.read_text()) == {"offset_seconds": 300.0}
    assert abs(ClockFile(path).now() - slack.driver.clock.now()) < timedelta(minutes=1)


def test_a_stopped_sandbox_lets_go_of_its_port() -> None:
    """The next one can have it."""
    with Sandbox() as first:
        port = first.port
        assert httpx.get(f"{first.url}/control/state").status_code == 200
    with Sandbox(port=port) as second:
        assert httpx.get(f"{second.url}/control/clock").status_code == 200


def test_stopping_lets_go_of_whoever_waits() -> None:
    """A call that hangs and a command nobody acks end with the sandbox."""
    sandbox = Sandbox().start()
    with SandboxClient(sandbox.url) as driver:
        driver.faults.hang("api.test", 3600)
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{sandbox.api_url}api.test", timeout=0.2)
    sandbox.stop()


def test_the_vendors_stand_beside_slack(slack: Slack) -> None:
    """One server for all that the desk talks to."""
    state = httpx.get(f"{slack.sandbox.url}/control/vendors")
    assert set(state.json()) >= {"zendesk", "gitlab", "pagerduty"}


@pytest.mark.parametrize(
    ("address", "body", "status"),
    [
        ("people/nobody/says", {"text": "a", "channel": "#support"}, 409),
        ("people/alice/dances", {}, 400),
        ("people/alice/says", {"words": "a"}, 400),
        ("people/alice/submits", {}, 409),
        ("nothing", {}, 404),
        ("clock", {"to": "2026-01-01T00:00:00"}, 409),
        ("faults", {"method": "*", "kind": "sulk"}, 409),
        ("faults/sockets", {"do": "dance"}, 409),
        ("people/change", {"name": "alice", "colour": "red"}, 409),
    ],
)
def test_the_control_api_says_what_cannot_be_done(
    slack: Slack, address: str, body: dict[str, str], status: int
) -> None:
    """409 for what a person cannot do, 400 and 404 for what the caller got wrong."""
    answer = httpx.post(f"{slack.sandbox.url}/control/{address}", json=body)
    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True)


def test_people_and_channels_come_and_go(slack: Slack) -> None:
    """New people, new channels, guests, the deactivated, invitations and removals."""
    nora = slack.driver.adds_person("nora", tz="Asia/Tokyo", channels=("#support",))
    assert nora.says("New here", in_="#support").user == "nora"
    slack.driver.changes_person("nora", is_restricted=True)
    assert slack.web.users_info(user="U0NORA")["user"]["is_restricted"]
    slack.driver.deactivates("nora")
    with pytest.raises(Impossible, match="deactivated"):
        nora.says("Still here?", in_="#support")
    channel = slack.driver.creates_channel("war-room", ["alice"], private=True)
    assert slack.refusal("chat.postMessage", channel=channel, text="a") == "channel_not_found"
    slack.driver.invites("desk", to="#war-room")
    assert slack.web.chat_postMessage(channel=channel, text="a")["ok"]
    slack.driver.kicks("desk", from_="#war-room")
    assert slack.refusal("chat.postMessage", channel=channel, text="a") == "channel_not_found"
    slack.driver.archives("#support")
    with pytest.raises(Impossible, match="archived"):
        slack.driver.person("alice").says("a", in_="#support")
    slack.driver.archives("#support", archived=False)
    assert slack.driver.person("alice").says("a", in_="#support")


def test_until_gives_up_with_a_sentence(slack: Slack) -> None:
    """A wait that cannot end, ends."""
    with pytest.raises(AssertionError, match="Nothing came"):
        slack.driver.until(lambda: None, seconds=0.1)


def test_the_manifest_decides_what_the_app_may_do(tmp_path: Path) -> None:
    """Scopes, events, commands and shortcuts, from JSON or YAML."""
    manifest = {
        "features": {
            "bot_user": {"display_name": "desk"},
            "slash_commands": [{"command": "/feedback", "description": "x"}],
            "shortcuts": [{"name": "Send", "callback_id": "send", "type": "message", "description": "x"}],
        },
        "oauth_config": {"scopes": {"bot": ["commands"]}},
        "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "manifest.yml").write_text(yaml.safe_dump(manifest))
    apps = []
    for name in ("manifest.json", "manifest.yml"):
        sandbox = build(["--port", "0", "--manifest", str(tmp_path / name)])
        with sandbox:
            apps.append(sandbox.app.workspace.app)
    first, second = apps
    assert first == second
    assert (first.scopes, first.events) == (frozenset({"commands"}), frozenset({"app_mention"}))
    assert (first.commands, first.shortcuts) == (frozenset({"/feedback"}), {"Send": "send"})


def test_http_mode_needs_to_know_where(capsys: pytest.CaptureFixture[str]) -> None:
    """The command line says what is missing."""
    with pytest.raises(SystemExit):
        build(["--mode", "http"])
    assert "--request-url" in capsys.readouterr().err


def test_the_command_line_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """As `python -m sandbox`, in a process of its own."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--clock-file", str(tmp_path / "clock.json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[3]
        assert httpx.get(f"{url}/control/clock").json()["offset_seconds"] == 0.0
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(20) == 0


def test_many_at_once_lose_nothing(slack: Slack) -> None:
    """People type and read while the app posts: every message is there once, in order."""
    people = [slack.driver.person(name) for name in ("alice", "adam", "omar")]

    def chat(number: int) -> None:
        person = people[number % 3]
        thread = person.says(f"{number}", in_="#support")
        slack.web.chat_postMessage(channel="C0SUPPORT", text="reply", thread_ts=thread.ts)
        person.sees("#support")

    done = [slack.doing(partial(chat, number)) for number in range(40)]
    for one in done:
        one.result(30)
    seen = people[0].sees("#support")
    assert sorted(int(message.text) for message in seen) == list(range(40))
    assert {message.reply_count for message in seen} == {1}
    times = [float(message.ts) for message in seen]
    assert times == sorted(set(times))
