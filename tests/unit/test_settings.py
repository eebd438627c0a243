"""Settings: what is read, what is missing, and what is never shown."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bot.service.settings import Settings, SettingsError, load

SOCKET = {"SLACK_BOT_TOKEN": "xoxb-bot-secret", "SLACK_APP_TOKEN": "xapp-app-secret"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-bot-secret", "SLACK_SIGNING_SECRET": "signing-secret"}
ZENDESK = {
    "ZENDESK_URL": "https://example.zendesk.com",
    "ZENDESK_EMAIL": "desk@example.com",
    "ZENDESK_TOKEN": "zendesk-secret",
}
GITLAB = {"GITLAB_TOKEN": "gitlab-secret"}
PAGERDUTY = {"PAGERDUTY_TOKEN": "pagerduty-secret", "PAGERDUTY_FROM": "desk@example.com"}
WEBHOOKS = {
    "ZENDESK_WEBHOOK_SECRET": "zendesk-hook-secret",
    "GITLAB_WEBHOOK_TOKEN": "gitlab-hook-secret",
    "PAGERDUTY_WEBHOOK_SECRET": "pagerduty-hook-secret",
}
DATABASE = {"DATABASE_URL": "postgresql://desk:database-secret@db/desk"}
SALESFORCE = {
    "SALESFORCE_URL": "https://example.my.salesforce.com",
    "SALESFORCE_CLIENT_ID": "key",
    "SALESFORCE_USERNAME": "desk@example.com",
    "SALESFORCE_PRIVATE_KEY": "pem",
}
CALENDLY = {"CALENDLY_TOKEN": "token"}
EVERYTHING = SOCKET | HTTP | ZENDESK | GITLAB | PAGERDUTY | SALESFORCE | CALENDLY | WEBHOOKS | DATABASE


def complaints(environ: dict[str, str]) -> dict[str, str]:
    """What is said of each setting that is missing or wrong."""
    with pytest.raises(SettingsError) as caught:
        load(environ)
    first, *lines = caught.value.sentence.splitlines()
    assert first == "The settings are not complete:"
    return dict(line.strip().split(": ", 1) for line in lines)


def described(name: str) -> str:
    """What the README says of a setting."""
    return Settings.model_fields[name.lower()].description or "nothing"


def test_two_tokens_are_enough() -> None:
    """Everything else has a default; no vendor is set up."""
    settings = load(SOCKET)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url.get_secret_value() == "sqlite:///escalation-desk.db"
    assert (settings.host, settings.port, settings.log_level, settings.log_format) == (
        "127.0.0.1",
        3000,
        "INFO",
        "json",
    )
    assert (settings.zendesk_url, settings.gitlab_token, settings.pagerduty_token) == (None, None, None)


@pytest.mark.parametrize(
    ("environ", "mode"),
    [
        (SOCKET, "socket"),
        (HTTP, "http"),
        (SOCKET | HTTP, "socket"),
        (SOCKET | HTTP | {"SLACK_MODE": "http"}, "http"),
        (SOCKET | HTTP | {"SLACK_MODE": "Socket"}, "socket"),
    ],
)
def test_the_mode_follows_from_what_is_set(environ: dict[str, str], mode: str) -> None:
    """Socket Mode where it can be, unless somebody says otherwise."""
    assert load(environ).mode == mode


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}),
        ({"SLACK_MODE": "http"}, {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}),
        (HTTP | {"SLACK_MODE": "socket"}, {"SLACK_APP_TOKEN"}),
        (SOCKET | {"SLACK_MODE": "http"}, {"SLACK_SIGNING_SECRET"}),
        (SOCKET | {"ZENDESK_URL": "https://example.zendesk.com"}, {"ZENDESK_EMAIL", "ZENDESK_TOKEN"}),
        (SOCKET | {"ZENDESK_WEBHOOK_SECRET": "x"}, {"ZENDESK_URL", "ZENDESK_EMAIL", "ZENDESK_TOKEN"}),
        (SOCKET | {"GITLAB_URL": "https://gitlab.example.com"}, {"GITLAB_TOKEN"}),
        (SOCKET | {"GITLAB_WEBHOOK_TOKEN": "x"}, {"GITLAB_TOKEN"}),
        (SOCKET | {"PAGERDUTY_TOKEN": "x"}, {"PAGERDUTY_FROM"}),
        (SOCKET | {"PAGERDUTY_FROM": "desk@example.com"}, {"PAGERDUTY_TOKEN"}),
        (SOCKET | {"PAGERDUTY_ROUTING_KEY": "key"}, {"PAGERDUTY_TOKEN"}),
        ({"ZENDESK_TOKEN": "x", "PORT": "x"}, {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "ZENDESK_URL", "ZENDESK_EMAIL"}),
    ],
)
def test_all_that_is_missing_is_named_at_once(environ: dict[str, str], missing: set[str]) -> None:
    """Each on a line of its own, with what it is for."""
    said = complaints(environ)
    assert {name for name, sentence in said.items() if sentence.startswith("missing")} == missing
    assert all(sentence.endswith(described(name)) for name, sentence in said.items())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xapp-the-other-one"),
        ("SLACK_APP_TOKEN", "xoxb-the-other-one"),
        ("SLACK_MODE", "carrier pigeon"),
        ("SLACK_API_URL", "slack.com/api/"),
        ("DATABASE_URL", "mysql://desk:hunter2-secret@db/desk"),
        ("DATABASE_URL", "desk.db"),
        ("ZENDESK_URL", "example.zendesk.com"),
        ("ZENDESK_URL", "https://desk:hunter2-secret@example.zendesk.com"),
        ("ZENDESK_URL", "ftp://example.zendesk.com"),
        ("ZENDESK_EMAIL", "desk"),
        ("GITLAB_URL", "https:///gitlab"),
        ("GITLAB_URL", "https://[gitlab"),
        ("GITLAB_URL", "https://gitlab.example.com:port"),
        ("GITLAB_URL", "https://hunter2-secret\u2100@gitlab.example.com"),
        ("PAGERDUTY_FROM", "desk example.com"),
        ("PAGERDUTY_API_URL", "https://api.pagerduty.com?token=hunter2-secret"),
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_what_is_wrong_is_named_and_not_repeated(name: str, value: str) -> None:
    """One line for it; the value may be a secret in the wrong place."""
    said = complaints(EVERYTHING | {name: value})
    assert set(said) == {name}
    assert value not in said[name].removesuffix(described(name))
    assert "hunter2" not in said[name]


@pytest.mark.parametrize(
    ("given_url", "meant"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("sqlite:///desk.db", "sqlite:///desk.db"),
        ("sqlite://", "sqlite://"),
    ],
)
def test_a_database_address_names_its_driver(given_url: str, meant: str) -> None:
    """As hosting providers give it, or in full."""
    assert load(SOCKET | {"DATABASE_URL": given_url}).database_url.get_secret_value() == meant


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9000/api", "http://127.0.0.1:9000/api/", " http://127.0.0.1:9000/api "]
)
def test_the_address_of_slack_ends_in_a_slash(url: str) -> None:
    """The library joins the method to it."""
    assert load(SOCKET | {"SLACK_API_URL": url}).slack_api_url == "http://127.0.0.1:9000/api/"


def test_vendors_are_set_up_when_all_they_need_is_there() -> None:
    """With the vendor's usual address where there is one."""
    settings = load(EVERYTHING)
    assert (settings.zendesk_url, settings.zendesk_email) == ("https://example.zendesk.com", "desk@example.com")
    assert settings.gitlab_url == "https://gitlab.com"
    assert settings.pagerduty_api_url == "https://api.pagerduty.com"
    secrets = {name: getattr(settings, name.lower()).get_secret_value() for name in WEBHOOKS}
    assert secrets == WEBHOOKS


EMEA = {f"{name}_EMEA": f"{value}.emea" for name, value in ZENDESK.items()}


def test_a_further_account_of_zendesk_has_its_name_behind_its_settings() -> None:
    """`ZENDESK_URL_EMEA` is the account `emea`; the main one may be set up besides, or not."""
    settings = load(EVERYTHING | EMEA | {"ZENDESK_WEBHOOK_SECRET_EMEA": "emea-hook-secret"})
    main, emea = settings.zendesks["main"], settings.zendesks["emea"]
    assert (main.url, main.email) == (settings.zendesk_url, settings.zendesk_email)
    assert (emea.url, emea.email) == ("https://example.zendesk.com.emea", "desk@example.com.emea")
    assert emea.token is not None
    assert emea.webhook_secret is not None
    assert (emea.token.get_secret_value(), emea.webhook_secret.get_secret_value()) == (
        "zendesk-secret.emea",
        "emea-hook-secret",
    )
    assert "-secret" not in repr(settings)
    assert load(SOCKET | EMEA).zendesks["main"].url is None


def test_a_further_account_is_set_up_whole_or_not_at_all() -> None:
    """What is missing or wrong is said by the name one has to set."""
    told = complaints(SOCKET | {"ZENDESK_TOKEN_EMEA": "emea-secret", "ZENDESK_URL_EMEA": "zendesk"})
    assert told["ZENDESK_EMAIL_EMEA"].startswith("missing, though other settings of the account emea are there. Needed")
    assert told["ZENDESK_URL_EMEA"].startswith("should be a web address")
    assert set(complaints(SOCKET | {"ZENDESK_WEBHOOK_SECRET_EMEA": "emea-secret"})) == set(EMEA)
    assert complaints(SOCKET | {"ZENDESK_URL_MAIN": "https://x.example"})["ZENDESK_URL_MAIN"].startswith(
        "should be ZENDESK_URL. "
    )


def test_an_empty_value_is_not_set() -> None:
    """As `NAME=` in an environment file; spaces and line ends round a value are not part of it."""
    settings = load(SOCKET | {"ZENDESK_URL": "", "ZENDESK_TOKEN": "  ", "SLACK_BOT_TOKEN": " xoxb-bot-secret\n"})
    assert settings.zendesk_url is None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-bot-secret"


def test_other_variables_are_nobodys_business() -> None:
    """The environment is full of them; names are in capitals."""
    assert load(SOCKET | {"HOME": "/", "GITLAB_USER_ID": "1", "port": "x"}).port == 3000


def test_a_file_is_read_only_when_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the environment goes before it."""
    dotenv = tmp_path / ".env"
    dotenv.write_text('SLACK_BOT_TOKEN="xoxb-$filed"\nSLACK_APP_TOKEN=xapp-filed\nPORT=1\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert set(complaints({})) == {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}
    settings = load({"PORT": "2"}, dotenv)
    assert settings.slack_bot_token.get_secret_value() == "xoxb-$filed"
    assert settings.port == 2


def test_the_process_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the mapping that is handed in counts."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-the-process")
    assert "SLACK_BOT_TOKEN" in complaints({})


def test_no_secret_is_shown() -> None:
    """Neither in the settings' repr, nor in their text or JSON."""
    settings = load(EVERYTHING)
    for shown in (repr(settings), str(settings), settings.model_dump_json(), str(settings.model_dump())):
        assert "-secret" not in shown


def test_a_secret_in_the_wrong_form_is_not_shown() -> None:
    """Also when pydantic complains to whoever builds the settings by hand."""
    with pytest.raises(ValidationError) as caught:
        Settings(slack_bot_token=SecretStr("my-secret"), port="another-secret")
    assert "-secret" not in str(caught.value)


@given(st.sampled_from(sorted(name.upper() for name in Settings.model_fields)), st.text(max_size=40))
def test_any_value_is_taken_or_complained_about(name: str, value: str) -> None:
    """Never another error; what is complained about is not repeated, and what is secret is not shown."""
    try:
        settings: Any = load(EVERYTHING | {name: f"{value}§hunter2§"})
    except SettingsError as error:
        shown, hidden = error.sentence, True
    else:
        shown, hidden = repr(settings), isinstance(getattr(settings, name.lower()), SecretStr)
    assert name.lower() in shown.lower()
    assert not hidden or "§hunter2§" not in shown


def test_every_setting_says_what_it_is_for() -> None:
    """The README's table is made of these."""
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name
