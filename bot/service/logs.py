"""Logs: one JSON object a line on stderr, without secrets and without what people wrote."""

import json
import logging
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from traceback import extract_tb
from types import TracebackType
from typing import Any, Final, TextIO
from urllib.parse import urlsplit

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.service.settings import Settings
from workflows.contract.errors import DeskError

OUR_ROOMS: Final = ("bot", "handlers", "workflows", "storage")
"""These log at the level of the settings; every library at WARNING, because below it they log what they carry."""

REDACTED: Final = "[redacted]"
MASK: Final = "***"
SHORTEST_SECRET: Final = 6
"""Characters. A shorter one would mask half of every line."""

_WRITTEN_BY_PEOPLE: Final = frozenset({"text", "blocks", "body", "payload", "view", "message", "comment", "subject"})
_SECRET_KEY: Final = re.compile(r"token|secret|passw|authorization|cookie|api_?key|signature|headers", re.IGNORECASE)
_SECRETS: Final = re.compile(
    r"""
    xox[a-z]?[.-][\w.%-]+ | xapp-[\w%-]+      # Slack's tokens
    | glpat-[\w.-]+                           # the tracker's
    | (?<=ticket=)[\w.%-]+                    # Socket Mode's
    | (?<=Bearer\ )[^\s"']+ | (?<=Basic\ )[^\s"']+
    | (?<=://)[^\s/@"']+(?=@)                 # user:password@ of an address
    """,
    re.VERBOSE | re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"\(error: .*", re.DOTALL)
_LONGEST_LIBRARY_LINE: Final = 300


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Send every log line of the process to `stream` (stderr by default), the libraries' too."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _describe_exception,
        redact,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(settings)],
        foreign_pre_chain=[_shorten, *shared],
        keep_exc_info=False,
        keep_stack_info=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    for room in OUR_ROOMS:
        logging.getLogger(room).setLevel(settings.log_level)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Leave out what is named as a secret or as something a person wrote, however deep."""
    return {key: value if key == "event" else _redacted(key, value) for key, value in event.items()}


def mask(line: str, secrets: Sequence[str] = ()) -> str:
    """Mask these secrets and whatever looks like one."""
    for secret in secrets:
        line = line.replace(secret, MASK)
    return _SECRETS.sub(MASK, line)


def _redacted(key: str, value: object) -> object:
    if key.lower() in _WRITTEN_BY_PEOPLE or _SECRET_KEY.search(key):
        return REDACTED
    if isinstance(value, Mapping):
        return {str(name): _redacted(str(name), part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted("", part) for part in value]
    return value


def _rendering(settings: Settings) -> list[Processor]:
    secrets = _known_secrets(settings)
    render: Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )

    def masked(logger: WrappedLogger, method: str, event: EventDict) -> str:
        return mask(str(render(logger, method, event)), secrets)

    return [masked]


def _known_secrets(settings: Settings) -> list[str]:
    """The secrets of the settings, also as they look inside JSON; the longest first, should one hold another."""
    values = [value.get_secret_value() for value in settings.secrets()]
    values.remove(settings.database_url.get_secret_value())
    values.append(urlsplit(settings.database_url.get_secret_value()).password or "")
    long_enough = {value for value in values if len(value) >= SHORTEST_SECRET}
    return sorted(long_enough | {json.dumps(value)[1:-1] for value in long_enough}, key=len, reverse=True)


def _shorten(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take from a library's line what it quotes, and its length."""
    line = " ".join(_QUOTED.sub("", str(event["event"])).split())
    return {**event, "event": line[:_LONGEST_LIBRARY_LINE]}


def _describe_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Say what was raised and where, but not its message, which may quote what a person wrote."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = [_described(each) for each in _chain(error)]
    return event


def _chain(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain


def _described(error: BaseException) -> dict[str, Any]:
    described: dict[str, Any] = {"type": type(error).__name__, "at": _places(error.__traceback__)}
    return described | ({"sentence": error.sentence} if isinstance(error, DeskError) else {})


def _places(traceback: TracebackType | None) -> list[str]:
    """The lines the error came through, as `module.py:12 function`, the innermost last."""
    return [
        f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
        for frame in extract_tb(traceback)
    ]
