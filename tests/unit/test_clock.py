"""The desk's clock, and the file that moves it."""

import json
import os
import time
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from bot.service.clock import SharedClock, SystemClock
from sandbox.core.clock import ClockFile
from workflows.contract.clock import Clock

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def frozen_at_noon() -> AbstractContextManager[Any]:
    """A frozen clock, but for event loops: one of another test's, in its thread, would sleep for ever."""
    return freeze_time(NOON, ignore=["asyncio"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the clock's file stands, or will."""
    return tmp_path / "clock.json"


def write(path: Path, content: object) -> None:
    """Write the file, as JSON or as it is."""
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def test_the_system_clock_is_the_machines() -> None:
    """It follows a frozen clock, aware and in UTC."""
    clock: Clock = SystemClock()
    with frozen_at_noon() as frozen:
        assert clock.now() == NOON
        frozen.tick(timedelta(hours=1))
        assert clock.now() == NOON + timedelta(hours=1)
        assert clock.now().tzinfo is UTC


def test_real_time_cannot_be_frozen() -> None:
    """Leases go by it, so it is the machine's even in a frozen test."""
    before = time.clock_gettime(time.CLOCK_REALTIME)
    with frozen_at_noon():
        real = SystemClock().real_now()
    assert real.tzinfo is UTC
    assert abs(real.timestamp() - before) < 60


def test_without_a_file_the_shared_clock_is_the_machines(path: Path) -> None:
    """Nobody has moved it yet."""
    with frozen_at_noon():
        assert SharedClock(path).now() == NOON


def test_the_file_moves_the_clock_of_everybody(path: Path) -> None:
    """Two processes follow what the sandbox writes, again and again; real time stays."""
    clocks = [SharedClock(path), SharedClock(path)]
    sandbox = ClockFile(path)
    with frozen_at_noon():
        for hours in (1, 48, -3, 0):
            sandbox.set_offset(hours * 3600.0)
            assert [clock.now() for clock in clocks] == [NOON + timedelta(hours=hours)] * 2
    sandbox.set_offset(1e9)
    assert abs(clocks[0].real_now() - SystemClock().real_now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "broken",
    [
        '{"offset_sec',
        "",
        "[]",
        "7",
        "null",
        "{}",
        '{"offset_seconds": "60"}',
        '{"offset_seconds": true}',
        '{"offset_seconds": NaN}',
        '{"offset_seconds": Infinity}',
        '{"offset_seconds": 1e300}',
        '{"offset_seconds": null}',
    ],
)
def test_a_broken_file_leaves_the_clock_where_it_was(path: Path, broken: str) -> None:
    """Half-written or wrong: the last known offset holds, and the next whole file is read."""
    clock = SharedClock(path)
    write(path, {"offset_seconds": 60})
    assert clock.offset() == timedelta(seconds=60)
    write(path, broken)
    assert clock.offset() == timedelta(seconds=60)
    write(path, {"offset_seconds": 3600.5})
    assert clock.offset() == timedelta(seconds=3600.5)


def test_an_unchanged_file_is_not_read_again(path: Path) -> None:
    """The clock is asked all the time: a look at the file's date must do."""
    clock = SharedClock(path)
    write(path, {"offset_seconds": 60})
    assert clock.offset() == timedelta(seconds=60)
    stat = path.stat()
    write(path, {"offset_seconds": 99})
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert clock.offset() == timedelta(seconds=60)


def test_a_file_that_is_not_text_leaves_the_clock_where_it_was(path: Path) -> None:
    """Bytes that are no UTF-8, or no file at all."""
    clock = SharedClock(path)
    path.write_bytes(b"\xff\xfe\x00")
    assert clock.offset() == timedelta(0)
    path.unlink()
    path.mkdir()
    assert clock.offset() == timedelta(0)


def test_a_file_that_goes_leaves_the_clock_where_it_was(path: Path) -> None:
    """It may just be replaced."""
    clock = SharedClock(path)
    write(path, {"offset_seconds": 60})
    clock.offset()
    path.unlink()
    assert clock.offset() == timedelta(seconds=60)


@given(st.integers(-(10**9), 10**9))
def test_any_whole_offset_is_kept_exactly(tmp_path_factory: pytest.TempPathFactory, seconds: int) -> None:
    """To the second, both ways."""
    path = tmp_path_factory.mktemp("clock") / "clock.json"
    write(path, {"offset_seconds": seconds})
    assert SharedClock(path).offset() == timedelta(seconds=seconds)
