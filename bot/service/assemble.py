"""The composition root: the only place where the parts are put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from slack_bolt import App
from slack_sdk import WebClient

from bot.clients.calendly import Calendly
from bot.clients.gitlab import GitLab
from bot.clients.gitlab_merge_requests import GitLabMergeRequests
from bot.clients.gitlab_news import GitLabNews
from bot.clients.gitlab_reader import GitLabReader
from bot.clients.google_docs import GoogleDocs
from bot.clients.http import Observe, unobserved
from bot.clients.issue_addresses import IssueAddresses
from bot.clients.pagerduty import PagerDuty
from bot.clients.pagerduty_events import Events
from bot.clients.roster import RosterAccounts
from bot.clients.salesforce import Login, Salesforce
from bot.clients.slack import SlackClient
from bot.clients.slack_calls import AT_ONCE_SECONDS, web_client
from bot.clients.zendesk import Zendesk, vendor_name
from bot.clients.zendesk_customers import ZendeskCustomers
from bot.clients.zendesk_news import ZendeskNews
from bot.service.health import HealthTracker
from bot.service.metrics import Metrics
from bot.service.settings import Settings
from bot.service.slack_app import Answered, TimedApp, installed_app
from bot.webhooks import gitlab, pagerduty, zendesk
from bot.webhooks.receiver import Vendor
from bot.webhooks.routes import zendesk_hook
from handlers.kit.context import Desk
from handlers.kit.process import DeskProcess, fact_handlers_of, rules_of, views_of
from handlers.registry import PROCESSES, register
from storage.database import Database
from workflows.contract.clock import Clock
from workflows.engine.dispatcher import Dispatcher
from workflows.engine.engine import Engine
from workflows.engine.executor import EffectExecutor, Ports
from workflows.engine.inbox import Inbox
from workflows.engine.pages import PagePoller
from workflows.policy.csm import AccountSource
from workflows.policy.model import Policy


@dataclass(frozen=True)
class Assembly:
    """The parts of a desk, put together and standing still: `bot.service.run` sets them going."""

    database: Database
    ports: Ports
    engine: Engine
    dispatcher: Dispatcher
    inbox: Inbox
    page_poller: PagePoller
    bolt: App
    metrics: Metrics
    health_tracker: HealthTracker

    def close(self) -> None:
        """Give everything back."""
        ports = self.ports
        for vendor in (
            *ports.tickets.values(),
            ports.issues,
            ports.on_call,
            ports.documents,
            ports.accounts,
            ports.scheduling,
        ):
            if isinstance(vendor, Zendesk | GitLab | PagerDuty | GoogleDocs | Salesforce | Calendly):
                vendor.disconnect()
        self.database.close()


def assemble(
    settings: Settings,
    policy: Policy,
    clock: Clock,
    random: Random | None = None,
    processes: Sequence[DeskProcess] = PROCESSES,
) -> Assembly:
    """Put a desk together that runs these processes; the database is brought up to date."""
    database = Database(settings.database_url.get_secret_value())
    database.migrate()
    web = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    metrics, health_tracker = Metrics(database, clock), HealthTracker(clock, policy.health.vendor_failing.length)
    ports = connect(settings, policy, clock, database, web, fan_out(metrics, health_tracker))
    engine = Engine(database, rules_of(processes), policy, telemetry=metrics)
    inbox = Inbox(engine, fact_handlers_of(processes), metrics)
    executor = EffectExecutor(ports, views_of(processes), engine, clock, inbox)
    dispatcher = Dispatcher(engine, executor, clock, policy.delivery, random)
    at_once = web_client(web.token, web.base_url, AT_ONCE_SECONDS)
    addresses = IssueAddresses(policy.feedback.new_issue_url)
    desk = Desk(engine, policy, clock, SlackClient(at_once, clock.now, database), addresses)
    bolt = bolt_app(web, desk, processes)
    bolt.answered = fan_out_slack(metrics, health_tracker)
    poller = PagePoller(executor.pages, inbox, clock)
    return Assembly(database, ports, engine, dispatcher, inbox, poller, bolt, metrics, health_tracker)


def fan_out(metrics: Metrics, health_tracker: HealthTracker) -> Observe:
    """Tell both of each call to a vendor: one counts, one remembers when it last went well."""

    def called(vendor: str, operation: str, seconds: float, outcome: str) -> None:
        metrics.vendor_called(vendor, operation, seconds, outcome)
        health_tracker.vendor_called(vendor, outcome)

    return called


def fan_out_slack(metrics: Metrics, health_tracker: HealthTracker) -> Answered:
    """Tell both of each request of Slack."""

    def answered(request: str, seconds: float, outcome: str) -> None:
        metrics.answered(request, seconds, outcome)
        health_tracker.slack_called()

    return answered


def connect(
    settings: Settings, policy: Policy, clock: Clock, database: Database, web: WebClient, observe: Observe = unobserved
) -> Ports:
    """The outside; a vendor without settings stays off. `observe` is told of each call to a vendor."""
    pagerduty, zendesk = pagerduty_client(settings, clock, observe), zendesk_clients(settings, clock, observe)
    gitlab = gitlab_client(settings, clock, observe)
    return Ports(
        slack=SlackClient(web, clock.now, database, observe=observe),
        tickets=zendesk,
        ticket_news=zendesk_news(zendesk, policy),
        issues=gitlab,
        issue_news=GitLabNews(gitlab.http) if gitlab else None,
        on_call=pagerduty,
        pager=pagerduty,
        documents=google_client(settings, clock, observe),
        customers={name: ZendeskCustomers(client) for name, client in zendesk.items()},
        accounts=accounts_client(settings, policy, clock, observe),
        projects=gitlab,
        scheduling=calendly_client(settings, clock, observe),
        forms=zendesk,
        reader=GitLabReader(gitlab) if gitlab else None,
        merge_requests=GitLabMergeRequests(gitlab) if gitlab else None,
    )


def accounts_client(
    settings: Settings, policy: Policy, clock: Clock, observe: Observe = unobserved
) -> Salesforce | RosterAccounts | None:
    """Where accounts are known, as the policy says and as far as it is set up."""
    match policy.csm.accounts:
        case AccountSource.ROSTER:
            return RosterAccounts(policy.csm)
        case AccountSource.SYSTEM:
            return salesforce_client(settings, policy, clock, observe)
        case AccountSource.NONE:
            return None


def salesforce_client(
    settings: Settings, policy: Policy, clock: Clock, observe: Observe = unobserved
) -> Salesforce | None:
    """Salesforce, where it is set up."""
    url, client_id, username = settings.salesforce_url, settings.salesforce_client_id, settings.salesforce_username
    key = settings.salesforce_private_key
    if not (url and client_id and username and key):
        return None
    login = Login(client_id, username, key.get_secret_value(), settings.salesforce_audience)
    return Salesforce(url, login, policy.csm.account_fields, now=clock.real_now, observe=observe)


def calendly_client(settings: Settings, clock: Clock, observe: Observe = unobserved) -> Calendly | None:
    """Calendly, where it is set up."""
    token = settings.calendly_token
    if not token:
        return None
    return Calendly(token.get_secret_value(), settings.calendly_api_url, now=clock.real_now, observe=observe)


def google_client(settings: Settings, clock: Clock, observe: Observe = unobserved) -> GoogleDocs | None:
    """Google Docs, where it is set up."""
    key = settings.google_service_account
    if not key:
        return None
    return GoogleDocs(key.get_secret_value(), settings.google_docs_url, now=clock.real_now, observe=observe)


def zendesk_clients(settings: Settings, clock: Clock, observe: Observe = unobserved) -> dict[str, Zendesk]:
    """The Zendesk accounts that are set up, by the policy's names for them."""
    return {
        name: Zendesk(
            account.url,
            account.email,
            account.token.get_secret_value(),
            name=vendor_name(name),
            now=clock.real_now,
            observe=observe,
        )
        for name, account in settings.zendesks.items()
        if account.url and account.email and account.token
    }


def zendesk_news(clients: Mapping[str, Zendesk], policy: Policy) -> dict[str, ZendeskNews]:
    """What the accounts would have told, for those that the policy knows."""
    accounts = policy.tickets.accounts
    return {
        name: ZendeskNews(client.http, name, accounts[name]) for name, client in clients.items() if name in accounts
    }


def gitlab_client(settings: Settings, clock: Clock, observe: Observe = unobserved) -> GitLab | None:
    """GitLab, where it is set up."""
    if not settings.gitlab_token:
        return None
    token = settings.gitlab_token.get_secret_value()
    return GitLab(settings.gitlab_url, token, now=clock.real_now, observe=observe)


def pagerduty_client(settings: Settings, clock: Clock, observe: Observe = unobserved) -> PagerDuty | None:
    """PagerDuty, where it is set up."""
    if not settings.pagerduty_token:
        return None
    token = settings.pagerduty_token.get_secret_value()
    api_url, now = settings.pagerduty_api_url, clock.real_now
    key = settings.pagerduty_routing_key
    url = settings.pagerduty_events_url
    events = Events(key.get_secret_value(), url, now=now, observe=observe) if key else None
    return PagerDuty(token, settings.pagerduty_from, api_url, now=now, events=events, observe=observe)


def bolt_app(web: WebClient, desk: Desk, processes: Sequence[DeskProcess]) -> TimedApp:
    """The Bolt app with every listener of these processes."""
    app = installed_app(web.token or "", web.base_url)
    register(app, desk, processes)
    return app


def webhook_readers(settings: Settings, policy: Policy) -> dict[str, Vendor]:
    """The vendors whose secret is set."""
    trust = policy.tickets.trust_body
    found: dict[str, Vendor] = {
        zendesk_hook(name): zendesk.Zendesk(account.webhook_secret.get_secret_value(), name, trusts_bodies=trust)
        for name, account in settings.zendesks.items()
        if account.webhook_secret
    }
    tokens = (settings.gitlab_webhook_token, settings.gitlab_webhook_signing_token)
    if any(tokens):
        found["gitlab"] = gitlab.GitLab(*(token.get_secret_value() if token else "" for token in tokens))
    if settings.pagerduty_webhook_secret:
        found["pagerduty"] = pagerduty.PagerDuty(settings.pagerduty_webhook_secret.get_secret_value())
    return found
