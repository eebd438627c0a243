"""Calls of Slack's Web API, with every failure as a `EffectError`.

Nothing is retried here: the dispatcher above retries over minutes. Nothing Slack says is quoted but its error
code, because the rest may hold what a customer wrote; exceptions are raised `from None` for the same reason.
"""

import http.client
import logging
import re
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.clients.http import LONGEST_WAIT, Observe, unobserved
from bot.clients.slack_codes import error_of
from bot.clients.slack_web import TimedWebClient
from workflows.contract.errors import EffectError, Misconfigured, NotFound, Refused, RetryLater

TIMEOUT_SECONDS: Final = 10
AT_ONCE_SECONDS: Final = 2
"""While a person waits for the answer to a click: Slack gives up after three."""

SlackData = Mapping[str, Any]

_OUTCOMES: Final[Mapping[type[EffectError], str]] = {
    NotFound: "not_found",
    Refused: "refused",
    Misconfigured: "misconfigured",
    RetryLater: "retry_later",
}
_TOO_MANY: Final = 429
_TROUBLE: Final = 500
_OK: Final = 200


def web_client(token: str | None, url: str, timeout: int = TIMEOUT_SECONDS) -> WebClient:
    """A Web API client that waits this many seconds at most, never retries by itself and logs nothing.

    The library would log bodies and the beginnings of answers it cannot read; who calls it knows enough to say
    what went wrong without them.
    """
    silent = logging.getLogger(f"{__name__}.silent")
    silent.setLevel(logging.CRITICAL + 1)
    return TimedWebClient(token=token, base_url=url, timeout=timeout, retry_handlers=[], logger=silent)


def ask(
    method: Callable[..., SlackResponse], what: str, *, observe: Observe = unobserved, **arguments: object
) -> SlackData:
    """Call a method of the Web API; `what` says for people what it is about, such as "posting to #product".

    Raises `RetryLater`, `Misconfigured`, `Unreachable`, `NotFound` or `Refused`.
    """
    started = time.perf_counter()
    outcome = "error"
    try:
        answer = _exchange(method, what, arguments)
        outcome = "ok"
    except EffectError as error:
        outcome = next(name for kind, name in _OUTCOMES.items() if isinstance(error, kind))
        raise
    else:
        return answer
    finally:
        observe("Slack", method.__name__, time.perf_counter() - started, outcome)


def read(answer: SlackData, *path: str) -> str:
    """The text at this path of an answer; `RetryLater` when it is not there."""
    value: object = answer
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(value, str) or not value:
        raise RetryLater(f"Slack answered in a form we cannot read (no {'.'.join(path)}).", unsure=True)
    return value


def _exchange(method: Callable[..., SlackResponse], what: str, arguments: Mapping[str, object]) -> SlackData:
    try:
        data = method(**arguments).data
    except SlackApiError as error:
        raise _failure(error.response, what) from None
    except TimeoutError:
        raise RetryLater("Slack did not answer in time.", unsure=True) from None
    except (OSError, http.client.HTTPException) as error:
        unsure = not isinstance(error, ConnectionRefusedError)
        raise RetryLater(f"Slack cannot be reached ({type(error).__name__}).", unsure=unsure) from None
    except SlackClientError:
        raise Misconfigured("The address of Slack in the settings is not a web address.") from None
    except (AttributeError, ValueError, LookupError):  # the library trips over JSON that is no object, or no text
        raise RetryLater(_UNREADABLE, unsure=True) from None
    if not isinstance(data, Mapping):
        raise RetryLater(_UNREADABLE, unsure=True)
    return data


_UNREADABLE: Final = "Slack answered in a form we cannot read."
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,79}")


def _failure(response: SlackResponse, what: str) -> EffectError:
    """Turn an answer that is no success into the error that says what to do."""
    said = response.data if isinstance(response.data, Mapping) else {}
    status, code = int(response.status_code), str(said.get("error") or "")
    if status == _TOO_MANY or code in {"ratelimited", "rate_limited"}:
        return RetryLater("Slack asks us to slow down.", _wait(response.headers))
    if status >= _TROUBLE:
        return RetryLater(f"Slack has trouble of its own ({status}).", _wait(response.headers), unsure=True)
    if _CODE.fullmatch(code):
        return error_of(code, what, needed=str(said.get("needed") or ""))
    if status == _OK:
        return RetryLater(_UNREADABLE, unsure=True)
    return Misconfigured(f"What answers at Slack's address is not Slack ({status}): check SLACK_API_URL.")


def _wait(headers: Mapping[str, str]) -> timedelta | None:
    """Retry-After in seconds, as far as one can be made of it."""
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return min(timedelta(seconds=int(value)), LONGEST_WAIT) if re.fullmatch(r"[0-9]{1,6}", value) else None
