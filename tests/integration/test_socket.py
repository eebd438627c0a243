"""Socket Mode against a workspace of its own, over a real WebSocket."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App

from bot.service.slack_app import installed_app
from bot.service.socket_mode import SocketMode, SocketModeConnections
from sandbox.driver.client import SandboxClient
from sandbox.server import Sandbox
from workflows.contract.errors import Misconfigured

APP_TOKEN = "xapp-sandbox"
PATIENCE = 10.0


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A workspace the desk reaches over Socket Mode."""
    with Sandbox() as running:
        yield running


@pytest.fixture
def driver(sandbox: Sandbox) -> Iterator[SandboxClient]:
    """What people do in it."""
    with SandboxClient(sandbox.url) as client:
        yield client


@pytest.fixture
def app(sandbox: Sandbox) -> App:
    """A bolt app that answers a command with its text."""
    app = installed_app("xoxb-sandbox", sandbox.api_url)

    @app.command("/feedback")
    def command(ack: Callable[..., Any], command: dict[str, Any]) -> None:
        ack(f"Taken: {command['text']}")

    @app.command("/broken")
    def broken() -> None:
        raise ValueError("on purpose")

    return app


@pytest.fixture
def socket(app: App) -> Iterator[SocketMode]:
    """A connection that is started and, whatever happens, stopped."""
    socket = SocketMode(app, APP_TOKEN)
    socket.start()
    yield socket
    socket.stop()


def until(holds: Callable[[], bool]) -> None:
    """Wait (real seconds, without looking at a clock of Python's) until something is so."""
    wait, rounds = threading.Event(), int(PATIENCE / 0.02)
    assert any(holds() or wait.wait(0.02) for _ in range(rounds)), "it never came to be"


def threads() -> set[str]:
    """The names of the desk's threads."""
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("slack")}


def taken(driver: SandboxClient, text: str) -> bool:
    """Whether a command is answered with its text."""
    reply = driver.person("alice").runs(f"/feedback {text}", in_="#support")
    return reply.acked and reply.message is not None and reply.message.text == f"Taken: {text}"


def test_with_two_connections_a_drop_of_one_is_no_deafness(app: App, sandbox: Sandbox, driver: SandboxClient) -> None:
    """While one is gone and may not come back, every command is heard over the other."""
    both = SocketModeConnections(app, APP_TOKEN)
    both.start()
    try:
        assert driver.state()["connections"] == 2
        driver.faults.refuse_connections()
        sandbox.app.sockets.drop_one()
        until(lambda: driver.state()["connections"] == 1)
        assert all(taken(driver, f"number {number}") for number in range(4))
        assert both.connected
        driver.faults.refuse_connections(refuse=False)
        until(lambda: driver.state()["connections"] == 2)
    finally:
        both.stop()
    assert threads() == set()


def test_a_token_that_is_refused_leaves_nothing_running(app: App) -> None:
    """Neither of the two connections goes on trying."""
    with pytest.raises(Misconfigured):
        SocketModeConnections(app, "xoxb-sandbox").start()
    assert threads() == set()


def test_it_is_connected_once_it_has_started(socket: SocketMode, driver: SandboxClient) -> None:
    """And commands are answered, the awkward ones too."""
    assert socket.connected
    assert taken(driver, "the payload")


def test_what_breaks_is_not_acknowledged(socket: SocketMode, driver: SandboxClient) -> None:
    """The person sees that the command failed; the next one works."""
    assert not driver.person("alice").runs("/broken", in_="#support").acked
    assert taken(driver, "after it")
    assert socket.connected


def test_a_lost_connection_is_replaced(socket: SocketMode, sandbox: Sandbox, driver: SandboxClient) -> None:
    """Dropped without a word."""
    before = sandbox.app.sockets.connections[0]
    sandbox.control.sockets("drop")
    until(lambda: any(connection is not before for connection in sandbox.app.sockets.connections))
    until(lambda: socket.connected)
    assert taken(driver, "again")


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
def test_slack_may_ask_for_another_connection(
    socket: SocketMode, sandbox: Sandbox, driver: SandboxClient, reason: str
) -> None:
    """With `warning` the old one is read on for as long as Slack keeps it."""
    before = sandbox.app.sockets.connections[0]
    sandbox.control.sockets("disconnect", reason)
    until(lambda: any(connection is not before for connection in sandbox.app.sockets.connections))
    until(lambda: socket.connected)
    assert (before in sandbox.app.sockets.connections) is (reason == "warning")
    assert all(taken(driver, f"on each of them {number}") for number in range(4))


def test_it_goes_on_trying_until_slack_takes_it(app: App, sandbox: Sandbox, driver: SandboxClient) -> None:
    """A desk that starts while Slack is down is connected once Slack is up."""
    sandbox.control.sockets("refuse")
    socket = SocketMode(app, APP_TOKEN)
    socket.start()
    try:
        assert not socket.connected
        sandbox.control.sockets("accept")
        until(lambda: socket.connected)
        assert taken(driver, "at last")
    finally:
        socket.stop()


def test_it_comes_back_after_an_outage(socket: SocketMode, sandbox: Sandbox, driver: SandboxClient) -> None:
    """However often it is refused meanwhile."""
    sandbox.control.sockets("refuse")
    sandbox.control.sockets("drop")
    until(lambda: not socket.connected)
    until(lambda: len(sandbox.control.calls("apps.connections.open")) >= 3)
    sandbox.control.sockets("accept")
    until(lambda: socket.connected)
    assert taken(driver, "after the outage")


def test_a_refused_token_is_the_admins_business(app: App) -> None:
    """Said at once, without the token, and nothing is left behind."""
    socket = SocketMode(app, "xapp-of-another-app")
    with pytest.raises(Misconfigured) as caught:
        socket.start()
    assert "another" not in repr(caught.value)
    assert threads() == set()


def test_a_bot_token_is_refused_as_an_app_token(app: App) -> None:
    """The two are often mixed up."""
    with pytest.raises(Misconfigured, match="xapp-"):
        SocketMode(app, "xoxb-sandbox").start()


def test_too_many_connections_are_tried_again_later(app: App, sandbox: Sandbox) -> None:
    """Slack takes ten; the eleventh waits for its turn."""
    sandbox.control.rate_limits(on=False)
    sockets = [SocketMode(app, APP_TOKEN) for _ in range(11)]
    try:
        for socket in sockets:
            socket.start()
        assert [socket.connected for socket in sockets] == [True] * 10 + [False]
        sockets[0].stop()
        until(lambda: sockets[10].connected)
    finally:
        for socket in sockets[1:]:
            socket.stop()


def test_stopping_leaves_nothing(app: App, sandbox: Sandbox) -> None:
    """No thread, no connection; and a stopped desk is not connected."""
    socket = SocketMode(app, APP_TOKEN)
    socket.start()
    socket.stop()
    assert not socket.connected
    assert threads() == set()
    until(lambda: sandbox.app.sockets.connections == [])


def test_stopping_before_it_could_connect_leaves_nothing(app: App, sandbox: Sandbox) -> None:
    """Also in the middle of a pause."""
    sandbox.control.sockets("refuse")
    socket = SocketMode(app, APP_TOKEN)
    socket.start()
    socket.stop()
    assert threads() == set()


def test_what_is_being_taken_is_answered_before_it_stops(app: App, driver: SandboxClient) -> None:
    """A command in the middle of its transaction is not cut off."""
    inside, go_on = threading.Event(), threading.Event()

    @app.command("/slow")
    def slow(ack: Callable[..., Any]) -> None:
        inside.set()
        go_on.wait(PATIENCE)
        ack("Saved")

    socket = SocketMode(app, APP_TOKEN)
    socket.start()
    reply: list[Any] = []
    person = threading.Thread(target=lambda: reply.append(driver.person("alice").runs("/slow", in_="#support")))
    person.start()
    assert inside.wait(PATIENCE)
    stopping = threading.Thread(target=socket.stop)
    stopping.start()
    until(lambda: not socket.connected)
    go_on.set()
    stopping.join()
    person.join()
    assert reply[0].acked


def test_nothing_secret_is_logged(app: App, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the token nor a connection's ticket, however it goes."""
    for trouble in ("refuse", "accept"):
        sandbox.control.sockets(trouble)
        socket = SocketMode(app, APP_TOKEN)
        socket.start()
        until(lambda: socket.connected is (trouble == "accept"))  # noqa: B023 - it is asked at once
        socket.stop()
    with pytest.raises(Misconfigured):
        SocketMode(app, "xapp-of-another-app").start()
    shown = "".join(capsys.readouterr())
    assert "slack_connected" in shown
    assert "xapp" not in shown
    assert "ticket" not in shown
