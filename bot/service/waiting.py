"""The start waits for a database that is not there yet: after a power cut it may come up later than the desk."""

import threading
from datetime import timedelta

import structlog

from storage.database import Database
from workflows.contract.errors import Misconfigured

log = structlog.get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(seconds=30)


def wait_for_database(url: str, over: threading.Event) -> bool:
    """Wait until the database answers; False when it is `over` before that.

    `Misconfigured` for an SQLite file that cannot be opened: nobody will start it later.
    """
    database, wait = Database(url), FIRST_WAIT
    try:
        while (trouble := database.trouble()) is not None:
            if database.is_sqlite:
                raise Misconfigured(f"The database cannot be opened ({trouble}). Look at DATABASE_URL.")
            log.warning("database_not_there", reason=trouble, hint="The desk starts when it answers.")
            if over.wait(wait.total_seconds()):
                return False
            wait = min(2 * wait, LONGEST_WAIT)
    finally:
        database.close()
    return True
