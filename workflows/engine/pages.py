"""What the paging service says of the pages that are open: asked before a ping, and each minute where no webhook tells.

One call answers for all open pages. What comes of it are the same facts as a webhook tells, each once.
"""

import threading
from collections.abc import Sequence
from datetime import datetime

import structlog

from storage import inbox as stored
from workflows.contract.clock import Clock
from workflows.contract.errors import EffectError
from workflows.contract.facts import IncomingFact, PageChanged, page_subject
from workflows.contract.page_facts import facts_of
from workflows.contract.paging_ports import PageNow, Pager
from workflows.engine.inbox import Inbox

log = structlog.get_logger(__name__)


class OpenPages:
    """Asks for all open pages at once, and answers from that as long as it is new enough."""

    def __init__(self, pager: Pager, service: str, clock: Clock) -> None:
        self.pager = pager
        self.service = service
        self.clock = clock
        self._lock = threading.Lock()
        self._asked_at: datetime | None = None
        self._pages: dict[str, PageNow] = {}

    def under(self, key: str, *, since: datetime) -> PageNow | None:
        """The page of this key, as it stood at `since` or later; one that is over is read by itself. None: no such."""
        with self._lock:
            if self._asked_at is None or self._asked_at < since:
                self._ask()
            found = self._pages.get(key)
        return found or self.pager.last_under(key)

    def now(self, keys: Sequence[str]) -> list[PageNow]:
        """The pages of these keys as they stand now."""
        with self._lock:
            self._ask()
            pages = self._pages
        found = (pages.get(key) or self.pager.last_under(key) for key in keys)
        return [page for page in found if page is not None]

    def _ask(self) -> None:
        asked_at = self.clock.now()
        self._pages = {page.key: page for page in self.pager.open_pages(self.service)}
        self._asked_at = asked_at


class PagePoller:
    """Asks how the pages stand that open cases follow, and takes it in as what the paging service told."""

    def __init__(self, pages: OpenPages | None, inbox: Inbox, clock: Clock) -> None:
        self.pages = pages
        self.inbox = inbox
        self.clock = clock

    def poll(self) -> int:
        """Ask once for all pages that are open; returns how much is new. A failure is left to the next minute."""
        keys = self._followed() if self.pages else []
        if self.pages is None or not keys:
            return 0
        now = self.clock.now()
        try:
            found = self.pages.now(keys)
        except EffectError as error:
            log.warning("pages_not_asked", reason=type(error).__name__)
            return 0
        incoming = [IncomingFact(_key(fact), fact) for page in found for fact in facts_of(page, now)]
        return self.inbox.take(incoming, now)

    def _followed(self) -> list[str]:
        with self.inbox.engine.database.read_only() as connection:
            subjects = stored.followed_by_open_cases(connection, page_subject(""))
        return [subject.removeprefix(page_subject("")) for subject in subjects]


def _key(fact: PageChanged) -> str:
    """A key that is equal however often a page is asked: nothing is taken in that was known."""
    return f"page:{fact.page}:{fact.change}:{fact.at.isoformat()}:{'|'.join(fact.assignees)}"
