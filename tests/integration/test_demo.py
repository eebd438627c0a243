"""`python -m bot demo`, as somebody starts it twice and closes its terminal."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.demo import session

ROOT = Path(__file__).parents[2]


def test_a_second_demo_on_a_port_refuses_and_touches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The one that runs keeps its database; who started the second learns where it is, and how to have another."""
    monkeypatch.chdir(tmp_path)
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        kept = tmp_path / ".sandbox" / str(port) / "desk.db"
        kept.parent.mkdir(parents=True)
        kept.write_text("a demo that runs")
        assert session.play(port) == 1
    said = capsys.readouterr().err
    assert f"http://127.0.0.1:{port}" in said
    assert "--port 0" in said
    assert kept.read_text() == "a demo that runs"


@pytest.mark.timeout(90)
def test_a_demo_ends_with_its_terminal(tmp_path: Path) -> None:
    """Closing the window leaves neither the workspace nor the desk behind; the address was said last."""
    order = [sys.executable, "-m", "bot", "demo", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        order, cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        url = next(line for line in demo.stdout if line.startswith("http://127.0.0.1:"))
        demo.send_signal(signal.SIGHUP)
        assert demo.wait() == 0
    port = int(url.removeprefix("http://127.0.0.1:").split("/")[0])
    with socket.socket() as trial:
        assert trial.connect_ex(("127.0.0.1", port)) != 0
