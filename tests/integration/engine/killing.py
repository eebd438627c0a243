"""Killing the desk at a chosen moment: before or after a call through a port, before or after a commit."""

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy import event as database_event

from storage.database import Database
from workflows.engine.executor import Ports


class Killed(BaseException):
    """The desk was killed here. No `except Exception` holds it up, as nothing holds up a kill."""


class Fuse:
    """Counts the moments in its own thread, and kills the desk at some of them."""

    def __init__(self, kill_at: Collection[int] = ()) -> None:
        self.kill_at = kill_at
        self.moments: list[str] = []
        self._thread = threading.get_ident()

    def burn(self, moment: str) -> None:
        """It is this moment now."""
        if threading.get_ident() != self._thread:
            return
        self.moments.append(moment)
        if self.kills():
            raise Killed(moment)

    def kills(self) -> bool:
        """Whether this moment is the last one."""
        return len(self.moments) in self.kill_at


class Often(Fuse):
    """Kills the desk over and over, after so many moments at the most each time."""

    def __init__(self, random: Random, most: int = 25) -> None:
        super().__init__()
        self._random = random
        self._most = most
        self._left = 1

    def kills(self) -> bool:
        """Whether this moment is the last one."""
        self._left -= 1
        if self._left > 0:
            return False
        self._left = self._random.randint(1, self._most)
        return True


class Breakable:
    """A port whose every call is two moments: before it, and after it was done but before its answer is known."""

    def __init__(self, port: Any, fuse: Fuse) -> None:
        self._port, self._fuse = port, fuse

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._port, name)

        def broken(*arguments: Any, **named: Any) -> Any:
            self._fuse.burn(f"before {name}")
            answer = call(*arguments, **named)
            self._fuse.burn(f"after {name}")
            return answer

        return broken


def breakable(ports: Ports, fuse: Fuse) -> Ports:
    """These ports, each call through which is two moments."""

    def fused(port: Any) -> Any:
        if isinstance(port, dict):
            return {name: Breakable(account, fuse) for name, account in port.items()}
        return port and Breakable(port, fuse)

    return Ports(**{name: fused(port) for name, port in vars(ports).items()})


@contextmanager
def breakable_commits(fuse: Fuse) -> Iterator[None]:
    """Every commit that changes something is two moments, too: nothing of it is saved before, all of it after."""
    unbroken = Database.transaction

    @contextmanager
    def broken(database: Database) -> Iterator[Connection]:  # a kill is laid around the real one
        changes: list[str] = []

        def seen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if statement.startswith(("INSERT", "UPDATE", "DELETE")):
                changes.append(statement)

        with unbroken(database) as connection:
            database_event.listen(connection, "before_cursor_execute", seen)
            try:
                yield connection
            finally:
                database_event.remove(connection, "before_cursor_execute", seen)
            if changes:
                fuse.burn("before commit")
        if changes:
            fuse.burn("after commit")

    patch = pytest.MonkeyPatch()
    patch.setattr(Database, "transaction", broken)
    try:
        yield
    finally:
        patch.undo()
