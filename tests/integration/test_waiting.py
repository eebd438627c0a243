"""The desk starts before its database does."""

import threading
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.service import waiting
from tests.databases import Postgres
from workflows.contract.errors import Misconfigured


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LONGEST_WAIT", waiting.FIRST_WAIT / 20)
    monkeypatch.setattr(waiting, "FIRST_WAIT", waiting.FIRST_WAIT / 20)


@pytest.mark.postgres
def test_a_database_that_comes_up_later_is_waited_for(tmp_path: Path, postgres: Postgres) -> None:
    """It is said what is waited for, and no traceback is printed; when it answers, the start goes on."""
    went_on: list[bool] = []
    with postgres.empty() as url, capture_logs() as logs:
        later = url.replace(str(postgres.socket_folder), str(tmp_path))
        start = threading.Thread(target=lambda: went_on.append(waiting.wait_for_database(later, threading.Event())))
        start.start()
        while not logs:
            start.join(0.01)
        assert went_on == []
        for name in Path(postgres.socket_folder).glob(".s.PGSQL.*"):
            (tmp_path / name.name).symlink_to(name)
        start.join(30)
    assert went_on == [True]
    assert {line["event"] for line in logs} == {"database_not_there"}


def test_who_stops_the_desk_meanwhile_is_heard() -> None:
    """Ctrl-C ends the waiting, too."""
    over = threading.Event()
    over.set()
    assert not waiting.wait_for_database("postgresql+psycopg://desk@127.0.0.1:9/nowhere", over)


def test_a_file_that_cannot_be_opened_is_not_waited_for(tmp_path: Path) -> None:
    """The sentence names the setting."""
    with pytest.raises(Misconfigured, match="DATABASE_URL"):
        waiting.wait_for_database(f"sqlite:///{tmp_path / 'nowhere' / 'desk.db'}", threading.Event())
