"""Worlds for scenarios. When one ends, it is asked whether anything broke that nobody was looking at."""

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.world import Mode, World, world

BROKEN = {"listener_broke", "effect_broke", "answer_broke", "timer_failed", "slack_not_answered", "not_ready"}
"""What the desk logs when a part of it has failed that never should."""

OUR_FAULT = {
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_arguments",
    "invalid_arg_name",
    "invalid_metadata_format",
    "msg_too_long",
    "msg_blocks_too_long",
    "missing_scope",
    "no_text",
    "unknown_method",
}
"""What Slack answers when a call itself is wrong."""

Worlds = Callable[..., World]


@contextmanager
def sound(live: World) -> Iterator[None]:
    """Fails when the desk broke inside, or said something Slack does not take."""
    with capture_logs() as logs:
        yield
        broken = [line for line in logs if _is_broken(line)]
        refused = [call for call in live.slack.calls() if call["error"] in OUR_FAULT]
    assert not broken
    assert not refused


def _is_broken(line: MutableMapping[str, Any]) -> bool:
    return line["event"] in BROKEN


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[Worlds]:
    """A function that makes a world with what a scenario sets in it; see `tests.world.world`."""
    with ExitStack() as stack:

        def make(**options: Any) -> World:
            live = stack.enter_context(world(tmp_path, **options))
            stack.enter_context(sound(live))
            return live

        yield make


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world with the company's policy, over Socket Mode."""
    return worlds()


@pytest.fixture(params=["socket", "http"])
def both(worlds: Worlds, request: pytest.FixtureRequest) -> World:
    """A world with the company's policy: once over Socket Mode, once over HTTP."""
    mode: Mode = request.param
    return worlds(mode=mode)
