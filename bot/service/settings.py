"""Secrets and addresses, from the environment.

Each field is the environment variable of its name in capitals; its description is what docs/install.md says of it.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from workflows.contract.errors import DeskError
from workflows.lib.tickets import MAIN

Mode = Literal["socket", "http"]


class SettingsError(DeskError):
    """The environment does not hold what it should; the sentence has a line for each setting, never a value."""


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # its own words repeat the address
        is_web = False
    if not is_web:
        raise ValueError("should be a web address, such as https://example.com")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("should be a plain web address, without a password, `?` or `#`")
    return url


SLACK_TOKENS: Final = ("xoxb-", "xoxe.", "xoxp-", "xoxa-", "xoxs-", "xapp-")


def _api_address(url: str) -> str:
    return _web_address(url).rstrip("/") + "/"


def _database_address(url: SecretStr) -> SecretStr:
    """Accept the addresses hosting providers give, and say which driver is meant."""
    scheme, separator, rest = url.get_secret_value().partition("://")
    driver = "postgresql+psycopg" if scheme in {"postgres", "postgresql"} else scheme
    if not separator or driver not in {"sqlite", "postgresql+psycopg"}:
        raise ValueError("should begin with sqlite:/// or postgresql://")
    return SecretStr(f"{driver}://{rest}")


def _capitals(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _small(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _beginning(*prefixes: str) -> AfterValidator:
    """Refuse a token of another kind, which is easily mixed up; what looks like none of Slack's is left to Slack."""

    def check(token: SecretStr) -> SecretStr:
        value = token.get_secret_value()
        if value.startswith(SLACK_TOKENS) and not value.startswith(prefixes):
            raise ValueError(f"should begin with {prefixes[0]}; this is another kind of token")
        return token

    return AfterValidator(check)


def _email(address: str) -> str:
    name, _, host = address.partition("@")
    if not name or not host or any(sign.isspace() for sign in address):
        raise ValueError("should be an e-mail address")
    return address


WebAddress = Annotated[str, AfterValidator(_web_address)]
Email = Annotated[str, AfterValidator(_email)]


class ZendeskSettings(BaseModel):
    """How one account of Zendesk is reached; nothing is set where it is not."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    url: WebAddress | None = None
    email: Email | None = None
    token: SecretStr | None = None
    webhook_secret: SecretStr | None = None


class Settings(BaseModel):
    """What the desk needs to know of its surroundings. Read it with `load`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    slack_bot_token: Annotated[SecretStr, _beginning("xoxb-", "xoxe.")] = Field(
        description="The bot's token, xoxb-... Slack: your app > OAuth & Permissions > Bot User OAuth Token."
    )
    slack_mode: Annotated[Mode | None, BeforeValidator(_small)] = Field(
        default=None,
        description="How Slack reaches the desk: socket (no public address needed) or http. "
        "Default: socket when SLACK_APP_TOKEN is set or nothing is, else http.",
    )
    slack_app_token: Annotated[SecretStr, _beginning("xapp-")] | None = Field(
        default=None,
        description="Needed for Socket Mode: the app-level token, xapp-... with the scope connections:write. "
        "Slack: your app > Basic Information > App-Level Tokens.",
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None,
        description="Needed for http: proves that a request is Slack's. "
        "Slack: your app > Basic Information > Signing Secret.",
    )
    slack_api_url: Annotated[str, AfterValidator(_api_address)] = Field(
        default="https://slack.com/api/",
        description="Slack's Web API. Another one only for the sandbox, a proxy or GovSlack.",
    )
    database_url: Annotated[SecretStr, AfterValidator(_database_address)] = Field(
        default=SecretStr("sqlite:///escalation-desk.db"),
        description="Where everything is kept: sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/NAME "
        "when more than one process runs.",
    )
    escalations_policy: Path | None = Field(
        default=None, description="Your policy file, laid over the default one. Without it, the defaults hold."
    )
    zendesk_url: WebAddress | None = Field(
        default=None, description="Needed for Zendesk: its address, such as https://example.zendesk.com."
    )
    zendesk_email: Email | None = Field(
        default=None, description="Needed for Zendesk: the e-mail address of the agent the token belongs to."
    )
    zendesk_token: SecretStr | None = Field(
        default=None,
        description="Needed for Zendesk: an API token. Zendesk: Admin Center > Apps and integrations > API tokens.",
    )
    zendesk_webhook_secret: SecretStr | None = Field(
        default=None,
        description="Proves that a webhook is Zendesk's; without it, Zendesk's webhooks are not taken. "
        "Zendesk: Admin Center > Webhooks > your webhook > Reveal secret.",
    )
    zendesk_more: Mapping[str, ZendeskSettings] = Field(
        default_factory=dict,
        description="Each further Zendesk account of the policy has these four with its name behind them: "
        "ZENDESK_URL_EMEA and so on for the account emea; its webhooks go to /webhooks/zendesk-emea.",
    )
    gitlab_url: WebAddress = Field(
        default="https://gitlab.com", description="GitLab's address; another one for a self-managed GitLab."
    )
    gitlab_token: SecretStr | None = Field(
        default=None,
        description="Needed for GitLab: an access token with the scope api. "
        "GitLab: your project or group > Settings > Access tokens.",
    )
    gitlab_webhook_token: SecretStr | None = Field(
        default=None,
        description="Proves that a webhook is GitLab's; without it and the next, GitLab's webhooks are not taken. "
        "GitLab: your project > Settings > Webhooks > Secret token.",
    )
    gitlab_webhook_signing_token: SecretStr | None = Field(
        default=None,
        description="The same by a signature, in newer versions; while a webhook moves from one to the other, set "
        "both. GitLab: your project > Settings > Webhooks > Signing token, whsec_...",
    )
    pagerduty_token: SecretStr | None = Field(
        default=None,
        description="Needed for PagerDuty: a REST API key. PagerDuty: Integrations > API Access Keys.",
    )
    pagerduty_from: Email | None = Field(
        default=None,
        description="Needed for PagerDuty, unless PAGERDUTY_ROUTING_KEY is set: the e-mail address of the PagerDuty "
        "user in whose name pages are sent.",
    )
    pagerduty_routing_key: SecretStr | None = Field(
        default=None,
        description="Pages go out as events where there is no PAGERDUTY_FROM, or where the REST API refuses one: the "
        "integration key of the service's Events API v2 integration.",
    )
    pagerduty_events_url: WebAddress = Field(
        default="https://events.pagerduty.com",
        description="PagerDuty's Events API; https://events.eu.pagerduty.com in its EU region.",
    )
    pagerduty_api_url: WebAddress = Field(
        default="https://api.pagerduty.com",
        description="PagerDuty's API; https://api.eu.pagerduty.com in its EU region.",
    )
    google_service_account: SecretStr | None = Field(
        default=None,
        description="For a week in review in a Google document: the JSON key of a service account it is shared with.",
    )
    google_docs_url: WebAddress = Field(default="https://docs.googleapis.com", description="Google Docs' API.")
    salesforce_url: WebAddress | None = Field(
        default=None,
        description="Needed for Salesforce: your own address there (My Domain), such as "
        "https://example.my.salesforce.com.",
    )
    salesforce_client_id: str | None = Field(
        default=None, description="Needed for Salesforce: the consumer key of the connected app."
    )
    salesforce_username: str | None = Field(
        default=None, description="Needed for Salesforce: the user in whose name accounts are read."
    )
    salesforce_private_key: SecretStr | None = Field(
        default=None,
        description="Needed for Salesforce: the private key (PEM) whose certificate the connected app has; line ends "
        "may be written \\n.",
    )
    salesforce_audience: WebAddress = Field(
        default="https://login.salesforce.com",
        description="Who the login is meant for; https://test.salesforce.com for a sandbox of Salesforce's.",
    )
    calendly_token: SecretStr | None = Field(
        default=None,
        description="For links to book a call that are used once: a personal access token of an owner or admin. "
        "Calendly: Integrations > API and webhooks.",
    )
    calendly_api_url: WebAddress = Field(default="https://api.calendly.com", description="Calendly's API.")
    pagerduty_webhook_secret: SecretStr | None = Field(
        default=None,
        description="Proves that a webhook is PagerDuty's; without it, PagerDuty's webhooks are not taken. "
        "PagerDuty: Integrations > Generic Webhooks (v3), shown once when the webhook is made.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="The address the web side listens on: this machine only. In a container: 0.0.0.0.",
    )
    port: int = Field(default=3000, ge=0, le=65535, description="The port of the web side; 0 takes any free one.")
    metrics_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="The port of /metrics and /readyz, for whatever watches the desk; not set: they are nowhere.",
    )
    metrics_host: str = Field(
        default="127.0.0.1", description="The address they listen on: this machine only. In a container: 0.0.0.0."
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_capitals)] = Field(
        default="INFO", description="What is logged: DEBUG, INFO, WARNING or ERROR and worse."
    )
    log_format: Annotated[Literal["json", "console"], BeforeValidator(_small)] = Field(
        default="json", description="json (one object a line) or console (for people to read)."
    )
    desk_clock_file: Path | None = Field(
        default=None,
        description="The file that moves the desk's clock in the sandbox. Never set it where the desk is in use.",
    )

    @property
    def zendesks(self) -> dict[str, ZendeskSettings]:
        """The Zendesk accounts by the policy's names for them; the main one is always there, set up or not."""
        main = ZendeskSettings(
            url=self.zendesk_url,
            email=self.zendesk_email,
            token=self.zendesk_token,
            webhook_secret=self.zendesk_webhook_secret,
        )
        return {MAIN: main, **self.zendesk_more}

    def secrets(self) -> list[SecretStr]:
        """Everything of it that no log may show, those of further accounts among it."""
        parts = (self, *self.zendesk_more.values())
        return [value for part in parts for _, value in part if isinstance(value, SecretStr)]

    @property
    def mode(self) -> Mode:
        """How Slack reaches the desk."""
        return _mode(self.model_dump(exclude_none=True))


_VENDORS: Final[Mapping[str, tuple[str, ...]]] = {
    "zendesk": ("zendesk_url", "zendesk_email", "zendesk_token"),
    "gitlab": ("gitlab_token",),
    "pagerduty": ("pagerduty_token",),
    "salesforce": ("salesforce_url", "salesforce_client_id", "salesforce_username", "salesforce_private_key"),
    "calendly": ("calendly_token",),
}
"""What has to be set for each vendor, or nothing of its name: a vendor is set up whole or not at all."""


_FURTHER_ZENDESK: Final = re.compile(r"ZENDESK_(URL|EMAIL|TOKEN|WEBHOOK_SECRET)_([A-Z][A-Z0-9]{0,19})", re.ASCII)


def variables() -> Iterator[tuple[str, str]]:
    """Every environment variable and what it is for, in the order of the table in docs/install.md."""
    for name, field in Settings.model_fields.items():
        is_further = name == "zendesk_more"
        names = [f"zendesk_{each}_name" for each in ZendeskSettings.model_fields] if is_further else [name]
        yield ", ".join(f"`{each.upper()}`" for each in names), field.description or ""


def load(environ: Mapping[str, str], dotenv: Path | None = None) -> Settings:
    """Read the settings from an environment, laid over a `.env` file when one is named.

    An empty value counts as not set. `SettingsError` names everything that is missing or wrong at once.
    """
    both = _both(environ, dotenv)
    named = Settings.model_fields.keys() - {"zendesk_more"}
    given = {name: both[name.upper()] for name in named if both.get(name.upper())}
    problems: dict[str, str] = {}
    further = dict(_further_zendesks(both, problems))
    settings = None
    try:
        settings = Settings(**given, zendesk_more=further)
    except ValidationError as error:
        problems |= dict(_complaints(error))
    problems |= _missing(given, problems)
    if settings is None or problems:
        raise SettingsError("\n".join(["The settings are not complete:", *_lines(problems)]))
    return settings


def _both(environ: Mapping[str, str], dotenv: Path | None) -> dict[str, str]:
    filed = dotenv_values(dotenv, interpolate=False) if dotenv else {}
    return {name: (value or "").strip() for name, value in {**filed, **environ}.items()}


def _further_zendesks(both: Mapping[str, str], problems: dict[str, str]) -> Iterator[tuple[str, ZendeskSettings]]:
    """The Zendesk accounts besides the main one; what is wrong with them is added to the problems."""
    given: dict[str, dict[str, str]] = {}
    for name, value in both.items():
        if value and (found := _FURTHER_ZENDESK.fullmatch(name)):
            given.setdefault(found[2].lower(), {})[found[1].lower()] = value
    for account, values in given.items():
        if account == MAIN:
            problems |= {f"zendesk_{name}_{MAIN}": f"should be ZENDESK_{name.upper()}" for name in values}
            continue
        why = f"missing, though other settings of the account {account} are there"
        problems |= {f"zendesk_{name}_{account}": why for name in ("url", "email", "token") if name not in values}
        try:
            yield account, ZendeskSettings.model_validate(values)
        except ValidationError as error:
            problems |= {f"zendesk_{name}_{account}": sentence for name, sentence in _complaints(error)}


def _complaints(error: ValidationError) -> Iterator[tuple[str, str]]:
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        missing = problem["type"] == "missing"
        yield str(problem["loc"][0]), "missing" if missing else problem["msg"].removeprefix("Value error, ")


def _missing(given: Mapping[str, Any], problems: Mapping[str, str]) -> dict[str, str]:
    """What is missing because of what else is set."""
    found: dict[str, str] = {}
    if "slack_mode" not in problems:
        needed = "slack_signing_secret" if _mode(given) == "http" else "slack_app_token"
        if needed not in given:
            found[needed] = "missing"
    for vendor, needed_ones in _VENDORS.items():
        if any(name.startswith(f"{vendor}_") for name in given):
            why = f"missing, though other {vendor.upper()}_ settings are there"
            found |= {name: why for name in needed_ones if name not in given}
            if vendor == "pagerduty" and not given.keys() & {"pagerduty_from", "pagerduty_routing_key"}:
                found["pagerduty_from"] = why
    return found


def _mode(given: Mapping[str, Any]) -> Mode:
    mode = str(given.get("slack_mode", "")).lower()
    if mode in {"socket", "http"}:
        return "http" if mode == "http" else "socket"
    return "http" if "slack_signing_secret" in given and "slack_app_token" not in given else "socket"


def _lines(problems: Mapping[str, str]) -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        for problem, sentence in problems.items():
            if problem == name or (problem not in Settings.model_fields and problem.rpartition("_")[0] == name):
                yield f"  {problem.upper()}: {sentence}. {field.description}"
