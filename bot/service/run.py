"""Sets a desk going: the timers and the outbox, and the way Slack reaches it."""

import signal
import threading
from datetime import timedelta

import structlog

from bot.policyfile.loader import load as load_policy
from bot.service import logs
from bot.service.assemble import Assembly, assemble, webhook_readers
from bot.service.clock import SharedClock, SystemClock
from bot.service.health import Health
from bot.service.settings import Settings
from bot.service.skew import warn_of_skew
from bot.service.socket_mode import SocketModeConnections
from bot.service.timers_api import due_routes
from bot.service.waiting import wait_for_database
from bot.service.web import WebServer, web_app
from bot.service.worker import SWEEP, Worker
from bot.webhooks.routes import webhook_routes
from storage import outbox
from workflows.lib.tickets import MAIN

log = structlog.get_logger(__name__)

WHERE_THE_CLOCK_IS_MOVED = timedelta(milliseconds=200)


class Running:
    """A desk that is at work, from `start` until `stop`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = SharedClock(settings.desk_clock_file) if settings.desk_clock_file else SystemClock()
        policy = load_policy(settings.escalations_policy)
        self.desk: Assembly = assemble(settings, policy, self.clock)
        sweep = WHERE_THE_CLOCK_IS_MOVED if settings.desk_clock_file else SWEEP
        poll = policy.polling.pages
        self.worker = Worker(
            self.desk.engine,
            self.desk.dispatcher,
            self.clock,
            self.desk.inbox,
            self.desk.page_poller,
            sweep=sweep,
            poll=poll.length if poll else None,
        )
        self.desk.engine.wake = self.worker.wake
        secret = settings.slack_signing_secret if settings.mode == "http" else None
        self.health = Health(
            self.desk.database,
            self.clock,
            policy.health,
            self.desk.health_tracker,
            self._is_connected,
            lease=policy.delivery.lease,
        )
        hooks = webhook_routes(webhook_readers(settings, policy), self.desk.inbox, self.clock)
        due = [due_routes(self.desk.database)] if settings.desk_clock_file else []
        app = web_app(
            self.desk.bolt,
            secret.get_secret_value() if secret else None,
            None,
            [hooks, *due],
        )
        self.web = WebServer(app, settings.host, settings.port)
        self.watched = self._watched()
        token = settings.slack_app_token if settings.mode == "socket" else None
        self.socket = SocketModeConnections(self.desk.bolt, token.get_secret_value()) if token else None

    def start(self) -> None:
        """Start. What came due while the desk was down happens at once.

        `Misconfigured` when Slack refuses the token; then nothing is left running.
        """
        if self.socket is not None:
            self.socket.start()
        self._take_up_what_was_held()
        warn_of_skew(self.desk.database, self.clock, self.desk.dispatcher.delivery.lease)
        self.web.start()
        if self.watched is not None:
            self.watched.start()
        self.desk.engine.open_standing(self.clock.now())
        self.worker.start()
        log.info("desk_started", mode=self.settings.mode, port=self.web.port, **self._vendors())

    def _watched(self) -> WebServer | None:
        """Where numbers and readiness are told: on a port of its own, so that no proxy has to know."""
        port, host = self.settings.metrics_port, self.settings.metrics_host
        if port is None:
            return None
        return WebServer(web_app(None, None, self.health.report, [self.desk.metrics.routes()]), host, port)

    def _take_up_what_was_held(self) -> None:
        """On SQLite this is the only process: what one that was killed had begun need not wait for its lease."""
        if self.desk.database.is_sqlite:
            with self.desk.database.transaction() as connection:
                outbox.free_all_lanes(connection)

    def stop(self) -> None:
        """Take nothing new, finish what is being executed, and stop; the rest waits in the database."""
        if self.socket is not None:
            self.socket.stop()
        self.web.stop()
        if self.watched is not None:
            self.watched.stop()
        self.worker.stop()
        self.desk.close()
        log.info("desk_stopped")

    def _is_connected(self) -> bool:
        return self.socket is None or self.socket.connected

    def _vendors(self) -> dict[str, str]:
        ports, accounts = self.desk.ports, self.desk.engine.policy.tickets.accounts
        connected = {
            **{"_".join(["tickets", *([name] if name != MAIN else [])]): name in ports.tickets for name in accounts},
            "tracker": ports.issues is not None,
            "pager": ports.on_call is not None,
        }
        return {name: "on" if is_on else "off: the steps are done by hand" for name, is_on in connected.items()}


def run_until_stopped(settings: Settings) -> None:
    """Run the desk until Ctrl-C or a TERM signal; a PostgreSQL that is not up yet is waited for."""
    logs.configure(settings)
    over = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: over.set())
    if not wait_for_database(settings.database_url.get_secret_value(), over):
        return
    desk = Running(settings)
    desk.start()
    over.wait()
    desk.stop()
