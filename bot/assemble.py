"""The composition root: the only place where the parts are put together."""

from dataclasses import dataclass
from random import Random

from slack_bolt import App
from slack_sdk import WebClient

from bot.clients.gitlab import GitLab
from bot.clients.pagerduty import PagerDuty
from bot.clients.slack import SlackClient
from bot.clients.slack_calls import web_client
from bot.clients.zendesk import Zendesk
from bot.installation import installed_app
from bot.settings import Settings
from handlers.desk import Desk
from handlers.registry import FACES, register
from storage.database import Database
from workflows.carrier import Carrier, Ports
from workflows.dispatcher import Dispatcher
from workflows.engine import Engine
from workflows.hearers import HEARERS
from workflows.inbox import Inbox
from workflows.policy import Policy
from workflows.ports import Clock
from workflows.processes import PROCESSES


@dataclass(frozen=True)
class Assembly:
    """The parts of a desk, put together and standing still: `bot.run` sets them going."""

    database: Database
    ports: Ports
    engine: Engine
    dispatcher: Dispatcher
    inbox: Inbox
    bolt: App

    def close(self) -> None:
        """Give everything back."""
        for vendor in (self.ports.tickets, self.ports.issues, self.ports.on_call):
            if isinstance(vendor, Zendesk | GitLab | PagerDuty):
                vendor.disconnect()
        self.database.close()


def assemble(settings: Settings, policy: Policy, clock: Clock, random: Random | None = None) -> Assembly:
    """Put a desk together; the database is brought up to date."""
    database = Database(settings.database_url.get_secret_value())
    database.migrate()
    web = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    ports = connect(settings, clock, database, web)
    engine = Engine(database, PROCESSES, policy)
    carrier = Carrier(ports, {PROCESSES[kind].prefix: face for kind, face in FACES.items()}, policy, clock)
    dispatcher = Dispatcher(engine, carrier, clock, policy.delivery, random)
    inbox = Inbox(engine, HEARERS)
    bolt = bolt_app(web, Desk(engine, policy, clock, ports.slack))
    return Assembly(database, ports, engine, dispatcher, inbox, bolt)


def connect(settings: Settings, clock: Clock, database: Database, web: WebClient) -> Ports:
    """The outside; a vendor without settings stays off."""
    pagerduty = _pagerduty(settings, clock)
    return Ports(
        slack=SlackClient(web, clock.now, database),
        tickets=_zendesk(settings, clock),
        issues=_gitlab(settings, clock),
        on_call=pagerduty,
        pager=pagerduty,
    )


def _zendesk(settings: Settings, clock: Clock) -> Zendesk | None:
    if not (settings.zendesk_url and settings.zendesk_email and settings.zendesk_token):
        return None
    token = settings.zendesk_token.get_secret_value()
    return Zendesk(settings.zendesk_url, settings.zendesk_email, token, now=clock.real_now)


def _gitlab(settings: Settings, clock: Clock) -> GitLab | None:
    if not settings.gitlab_token:
        return None
    return GitLab(settings.gitlab_url, settings.gitlab_token.get_secret_value(), now=clock.real_now)


def _pagerduty(settings: Settings, clock: Clock) -> PagerDuty | None:
    if not settings.pagerduty_token:
        return None
    token = settings.pagerduty_token.get_secret_value()
    return PagerDuty(token, settings.pagerduty_from, settings.pagerduty_api_url, now=clock.real_now)


def bolt_app(web: WebClient, desk: Desk) -> App:
    """The Bolt app with every listener."""
    app = installed_app(web.token or "", web.base_url)
    register(app, desk)
    return app
