"""What tests of all kinds share: databases, and how Hypothesis runs."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.browser.chromium import NONE_HERE, chromium

if TYPE_CHECKING:  # collecting the unit tests needs none of it
    from storage.database import Database
    from tests.databases import Postgres, SQLiteFiles

settings.register_profile(  # a busy machine is no defect
    "desk", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("desk")

structlog.configure(  # with every local variable, as by default, a traceback takes seconds to write
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

LOGGING = structlog.get_config()


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """A command that was called in this process has set up its own logging: the next test must hear everything."""
    yield
    structlog.configure(**LOGGING)


HOME = pytest.StashKey[Path]()
BEGAN = pytest.StashKey[float]()
BUDGET_SECONDS = 150
"""So long may everything but the browser take on two idle cores."""

MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 * 1024**3

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def pytest_configure(config: pytest.Config) -> None:
    """Name the folder of the one PostgreSQL server: the run's first process makes it, xdist's workers are told."""
    config.stash[BEGAN] = time.monotonic()
    _work_in_memory()
    _read_no_authorities()
    told = getattr(config, "workerinput", {}).get("postgres_home")
    config.stash[HOME] = Path(told or tempfile.mkdtemp(prefix="desk-pg-"))


def _work_in_memory() -> None:
    """Keep temporary files in memory where there is room: each commit waits for a disk, some milliseconds each.

    A desk that is killed loses nothing there either; only a power cut would, and no test cuts the power.
    """
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def _read_no_authorities() -> None:
    """Let httpx read no certificate authorities: no test speaks TLS, and to read them takes longer than its calls."""
    os.environ.setdefault("SSL_CERT_DIR", tempfile.gettempdir())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where the server is."""
    node.workerinput["postgres_home"] = str(node.config.stash[HOME])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, once, when all is over."""
    if hasattr(config, "workerinput") or HOME not in config.stash:
        return
    home = config.stash[HOME]
    if (home / "data").exists():
        from tests.databases import stop  # noqa: PLC0415

        stop(home)
    shutil.rmtree(home, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which seed it was, how long a whole run took of its time, and when the tests of the page were left out."""
    seed = config.getoption("randomly_seed", None)
    if seed is not None:
        terminalreporter.write_line(f"The seed was {seed}: `make test SEED={seed}` plays the same order again.")
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        took = time.monotonic() - config.stash[BEGAN]
        line = f"It took {_minutes(took)} of the {_minutes(BUDGET_SECONDS)} it may take on two idle cores."
        terminalreporter.write_line(line, red=took > BUDGET_SECONDS)
    if chromium() is None:
        terminalreporter.write_line(NONE_HERE, yellow=True)


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> "Postgres":
    """The PostgreSQL server; without one the test fails, it is not skipped."""
    from tests.databases import Postgres  # noqa: PLC0415

    return Postgres(request.config.stash[HOME])


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> "SQLiteFiles":
    """A maker of SQLite databases."""
    from tests.databases import SQLiteFiles  # noqa: PLC0415

    return SQLiteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database without tables, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_files").empty()
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.empty() as url:
        yield url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database with today's tables, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_files").migrated()
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.migrated() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator["Database"]:
    """A database with today's tables, on SQLite and on PostgreSQL."""
    from storage.database import Database  # noqa: PLC0415

    database = Database(database_url)
    yield database
    database.close()
