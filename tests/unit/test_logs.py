"""Logs: one line an event, without secrets and without what people wrote."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.service.logs import MASK, OUR_ROOMS, REDACTED, configure, mask, redact
from bot.service.settings import Settings, load
from workflows.contract.errors import Refused

ENVIRON = {
    "SLACK_BOT_TOKEN": "xoxb-1-bot",
    "SLACK_APP_TOKEN": "xapp-1-app",
    "SLACK_SIGNING_SECRET": "0a1b2c3d4e5f",
    "ZENDESK_URL": "https://example.zendesk.com",
    "ZENDESK_EMAIL": "desk@example.com",
    "ZENDESK_TOKEN": 'quoted"secret\\with-signs',
    "PAGERDUTY_TOKEN": "u+pagerduty_key",
    "PAGERDUTY_FROM": "desk@example.com",
    "GITLAB_TOKEN": "abc",
    "DATABASE_URL": "postgresql://desk:d4t4base@db/desk",
}
SECRETS = [ENVIRON[name] for name in ENVIRON if "TOKEN" in name or "SECRET" in name] + ["d4t4base"]
SECRETS.remove("abc")  # too short to be told from a word


class Lines(StringIO):
    """Where the logs go."""

    def read_all(self) -> list[dict[str, Any]]:
        """Return every line so far, parsed: each must be one JSON object."""
        return [json.loads(line) for line in self.getvalue().splitlines()]


def settings(**more: str) -> Settings:
    """Settings full of secrets."""
    return load(ENVIRON | more)


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Logs set up, and everything put back afterwards."""
    handlers, level = logging.root.handlers[:], logging.root.level
    stream = Lines()
    configure(settings(LOG_LEVEL="INFO"), stream)
    yield stream
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    for room in OUR_ROOMS:
        logging.getLogger(room).setLevel(logging.NOTSET)


def test_an_event_is_one_line_of_json(lines: Lines) -> None:
    """With level, logger, an ISO time in UTC, and what it was given."""
    structlog.get_logger("bot.engine").info("effect", case="FB-1", attempt=2)
    (line,) = lines.read_all()
    assert (line["event"], line["level"], line["logger"]) == ("effect", "info", "bot.engine")
    assert (line["case"], line["attempt"]) == ("FB-1", 2)
    assert line["timestamp"].endswith("Z")


def test_a_line_stays_a_line(lines: Lines) -> None:
    """Line ends inside a value forge no second event."""
    structlog.get_logger("bot").info("effect", case='FB-1\n{"event": "forged"}\r\n\u2028')
    assert [line["event"] for line in lines.read_all()] == ["effect"]


@pytest.mark.parametrize(
    "key", ["text", "blocks", "body", "payload", "view", "slack_token", "Authorization", "password"]
)
def test_what_people_wrote_and_secrets_are_left_out_by_name(lines: Lines, key: str) -> None:
    """However deep they stand."""
    structlog.get_logger("bot").info("effect", **{key: "Mr Customer"}, deep=[{"a": {key: ["Mr Customer"]}}])
    assert "Customer" not in lines.getvalue()
    assert lines.read_all()[0][key] == REDACTED


@pytest.mark.parametrize("secret", SECRETS)
def test_the_settings_secrets_are_masked_anywhere(lines: Lines, secret: str) -> None:
    """In values, in the event itself, in what a library says, and in JSON's way of writing them."""
    structlog.get_logger("bot").info(f"effect {secret}", reason=f"it said {secret}!", deep={"x": [secret]})
    logging.getLogger("httpx").warning("HTTP Request: GET %s", secret)
    assert secret not in lines.getvalue()
    assert json.dumps(secret)[1:-1] not in lines.getvalue()
    assert MASK in lines.getvalue()
    assert len(lines.read_all()) == 2


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("token xoxb-12-34-abcDEF used", "token *** used"),
        ("xoxp-1 xapp-1-A-2-b xoxe.xoxb-1-x xoxe-1-y", "*** *** *** ***"),
        ("wss://wss.example.com/link/?ticket=abc-123&app_id=A1", "wss://wss.example.com/link/?ticket=***&app_id=A1"),
        ("glpat-Ab_c.12", "***"),
        ("Authorization: Bearer abc.def, next", "Authorization: Bearer *** next"),
        ("Basic dXNlcjpwYXNz", "Basic ***"),
        ("postgresql://desk:pass@db/desk", "postgresql://***@db/desk"),
        ("https://example.com/a@b", "https://example.com/a@b"),
        ("the box-office is open", "the box-office is open"),
    ],
)
def test_what_looks_like_a_secret_is_masked(line: str, masked: str) -> None:
    """Also when it is nobody's we know."""
    assert mask(line) == masked


@given(st.text(), st.text(min_size=6))
def test_a_known_secret_never_remains(around: str, secret: str) -> None:
    """Wherever it stands."""
    assert secret not in mask(around.replace(secret, "") + secret, [secret]) or secret in MASK


@given(st.dictionaries(st.text(), st.recursive(st.none() | st.text(), st.lists, max_leaves=8), max_size=5))
def test_redacting_keeps_every_key(event: dict[str, Any]) -> None:
    """Only values go."""
    assert set(redact(None, "info", event)) == set(event)


def test_libraries_speak_from_warning_on_and_briefly(lines: Lines) -> None:
    """Below it they log what they carry; above it they quote errors and bodies."""
    for name in ("slack_bolt.App", "slack_sdk.web", "httpx", "uvicorn.error", "apscheduler", "alembic", "websockets"):
        logging.getLogger(name).info("a body: Mr Customer")
        logging.getLogger(name).warning("It failed (error: for Mr Customer\n%s)", "x" * 1000)
    assert "Customer" not in lines.getvalue()
    assert [line["event"] for line in lines.read_all()] == ["It failed"] * 7


def test_the_level_of_the_settings_is_ours(lines: Lines) -> None:
    """DEBUG shows the desk's own details and still none of the libraries'."""
    structlog.get_logger("workflows.engine").debug("quiet")
    configure(settings(LOG_LEVEL="DEBUG"), lines)
    structlog.get_logger("workflows.engine").debug("loud")
    logging.getLogger("httpx").debug("a body")
    assert [line["event"] for line in lines.read_all()] == ["loud"]


def broken() -> None:
    """Raise something that quotes a customer."""
    try:
        raise KeyError("Mr Customer")
    except KeyError as error:
        raise ValueError("could not read: Mr Customer") from error


@pytest.mark.parametrize("name", ["bot.engine", "slack_bolt.App"])
def test_an_exception_is_told_without_its_message(lines: Lines, name: str) -> None:
    """Types and places are enough to find it; messages may quote people."""
    logger = structlog.get_logger(name) if name.startswith("bot") else logging.getLogger(name)
    try:
        broken()
    except ValueError:
        logger.exception("effect_broke")
    (line,) = lines.read_all()
    assert [exception["type"] for exception in line["exception"]] == ["ValueError", "KeyError"]
    assert line["exception"][0]["at"][-1].startswith("unit/test_logs.py:")
    assert line["exception"][0]["at"][-1].endswith(" broken")
    assert "Customer" not in lines.getvalue()


def test_our_own_errors_keep_their_sentence(lines: Lines) -> None:
    """It is fit for a person to read."""
    try:
        raise Refused("Zendesk refused ticket 1 (422).")
    except Refused:
        structlog.get_logger("bot").exception("effect")
    assert lines.read_all()[0]["exception"][0]["sentence"] == "Zendesk refused ticket 1 (422)."


def test_errors_that_cause_each_other_are_told_once(lines: Lines) -> None:
    """A circle ends."""
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    structlog.get_logger("bot").error("effect", exc_info=first)
    assert [exception["type"] for exception in lines.read_all()[0]["exception"]] == ["ValueError", "KeyError"]


def test_the_console_is_for_people(lines: Lines) -> None:
    """The same, in another form and as secretive."""
    configure(settings(LOG_FORMAT="console"), lines)
    structlog.get_logger("bot").info("effect", case="FB-1", text="Mr Customer", reason="xoxb-1-bot")
    assert "case=FB-1" in lines.getvalue()
    assert "Customer" not in lines.getvalue()
    assert "xoxb-1-bot" not in lines.getvalue()
