"""Keeps the desk going: fires the timers that are due, handles webhooks, and executes what the outbox holds.

APScheduler does nothing but wake this up at the next due time. It goes by the machine's clock, which may be set back;
so the desk looks once in a while by itself, too. What is due stands in the database, so nothing is lost when it is
late, stopped or killed.
"""

import threading
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.service.skew import warn_of_skew
from storage.postgresql import TROUBLE
from workflows.contract.clock import Clock
from workflows.engine.dispatcher import RENEWALS_PER_LEASE, Dispatcher
from workflows.engine.engine import Engine
from workflows.engine.inbox import Inbox
from workflows.engine.pages import PagePoller
from workflows.engine.privacy import Privacy

log = structlog.get_logger(__name__)

ALARM = "alarm"
HOUSEKEEPING = timedelta(minutes=10)
SWEEP = timedelta(seconds=15)
AFTER_TROUBLE_SECONDS = 1.0
AT_ONCE = timedelta(milliseconds=50)


class Worker:
    """Runs the timers and the outbox in threads of its own.

    `sweep` is how often to look even when nothing seems due (real time): often when somebody else moves the clock.
    `poll` is how often the paging service is asked while a page is open; None: it tells by webhook.
    """

    def __init__(
        self,
        engine: Engine,
        dispatcher: Dispatcher,
        clock: Clock,
        inbox: Inbox,
        page_poller: PagePoller | None = None,
        *,
        workers: int = 6,
        sweep: timedelta = SWEEP,
        poll: timedelta | None = None,
    ) -> None:
        self.engine = engine
        self.dispatcher = dispatcher
        self.clock = clock
        self.inbox = inbox
        self.privacy = Privacy(engine.database, engine.processes, engine.policy)
        self.page_poller = page_poller
        self._stopping = threading.Event()
        self._changed = threading.Event()
        self._work = threading.Condition()
        self._round = 0
        self._alarm_at = self._swept_at = datetime.min.replace(tzinfo=UTC)
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._sweep_seconds = sweep.total_seconds()
        self._scheduler.add_job(self._keep_house, "interval", seconds=HOUSEKEEPING.total_seconds(), **_ONE_AT_A_TIME)
        if page_poller is not None and poll is not None:
            self._scheduler.add_job(self._poll_pages, "interval", seconds=poll.total_seconds(), **_ONE_AT_A_TIME)
        self._threads = [threading.Thread(target=self._plan, name="timers")]
        self._threads += [threading.Thread(target=self._renew_leases, name="leases")]
        self._threads += [threading.Thread(target=self._execute_loop, name=f"outbox-{n}") for n in range(workers)]

    def start(self) -> None:
        """Start; what came due meanwhile happens at once."""
        self._scheduler.start()
        for thread in self._threads:
            thread.start()
        self.wake()

    def stop(self) -> None:
        """Stop after what is being executed now; the rest waits in the database."""
        self._stopping.set()
        self.wake()
        with self._work:
            self._work.notify_all()
        self._scheduler.shutdown(wait=False)
        for thread in self._threads:
            thread.join()

    def wake(self) -> None:
        """Something may be due: look. Cheap, and may be called from any thread."""
        self._changed.set()

    def _keep_house(self) -> None:
        warn_of_skew(self.engine.database, self.clock, self.dispatcher.delivery.lease)
        now = self.clock.now()
        self.engine.forget(now)
        self.inbox.forget(now)
        self.privacy.remove_old(now)

    def _poll_pages(self) -> None:
        """Where no webhook tells what is done in the paging service, this does; it never holds up a timer."""
        if self.page_poller is not None and self.page_poller.poll():
            self.wake()

    def _plan(self) -> None:
        while not self._stopping.is_set():
            self._changed.wait(self._sweep_seconds)
            self._changed.clear()
            may_leave = True
            try:
                self.engine.fire_due(self.clock.now())
                self.inbox.handle_due(self.clock.now())
                may_leave = self._set_alarm() or self._is_sweep_due()
            except TROUBLE as trouble:
                self._wait_for_database(trouble)
            except Exception:  # whatever it is: without this thread no timer goes off any more
                log.exception("timers_trouble")
                self._stopping.wait(AFTER_TROUBLE_SECONDS)
            if may_leave:
                with self._work:
                    self._round += 1
                    self._work.notify_all()

    def _renew_leases(self) -> None:
        every = self.dispatcher.delivery.lease.length.total_seconds() / RENEWALS_PER_LEASE
        while not self._stopping.wait(every):
            try:
                self.dispatcher.renew_leases()
            except TROUBLE as trouble:
                self._wait_for_database(trouble)
            except Exception:  # without this thread what takes long is done twice
                log.exception("leases_trouble")

    def _wait_for_database(self, trouble: Exception) -> None:
        """Nothing is lost by it: what could not be saved is done again."""
        log.warning("database_trouble", reason=type(getattr(trouble, "orig", None)).__name__)
        self._stopping.wait(AFTER_TROUBLE_SECONDS)

    def _set_alarm(self) -> bool:
        """Have the desk woken when something is due next; whether something is due now.

        An alarm that comes no later than that is left as it is: to set one costs more than to look in vain.
        """
        soonest = self.engine.next_due()
        if soonest is None:
            return False
        wait, real_now = soonest - self.clock.now(), self.clock.real_now()
        run_date = real_now + max(wait, AT_ONCE)
        if not real_now < self._alarm_at <= run_date + AT_ONCE:
            self._alarm_at = run_date
            self._scheduler.add_job(
                self.wake, "date", run_date=run_date, id=ALARM, replace_existing=True, **_ONE_AT_A_TIME
            )
        return wait <= timedelta(0)

    def _is_sweep_due(self) -> bool:
        """Once in a while the outbox is looked through although nothing is due: for what a peer has left that died."""
        now = self.clock.real_now()
        if abs((now - self._swept_at).total_seconds()) < self._sweep_seconds:
            return False
        self._swept_at = now
        return True

    def _execute_loop(self) -> None:
        seen = -1
        while not self._stopping.is_set():
            try:
                self.dispatcher.execute_due(lambda: not self._stopping.is_set())
            except TROUBLE as trouble:
                self._wait_for_database(trouble)
            except Exception:  # whatever it is: without these threads nothing leaves any more
                log.exception("outbox_trouble")
                self._stopping.wait(AFTER_TROUBLE_SECONDS)
            with self._work:
                if self._round == seen and not self._stopping.is_set():
                    self._work.wait()
                seen = self._round


_ONE_AT_A_TIME = {"coalesce": True, "misfire_grace_time": None}
"""However late, once: what is due is asked of the database anyway."""
