"""The one workspace the desk is installed in, told to bolt without asking Slack.

Left to itself, bolt asks Slack whose token it has before it lets the first request through; and while Slack answers
with an error, it tells Slack "200, please install this app": the event would count as taken, and be lost.
"""

import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.clients.slack_calls import AT_ONCE_SECONDS, web_client

Answered = Callable[[str, float, str], None]
"""Told of each request of Slack: what kind it was, the seconds it took, and `ok`, `refused` or `error`."""

_OWN_USER: Final = "own_bot_user"
_KINDS: Final = frozenset(
    {
        "block_actions",
        "block_suggestion",
        "event_callback",
        "message_action",
        "shortcut",
        "view_closed",
        "view_submission",
    }
)


def unobserved(_request: str, _seconds: float, _outcome: str) -> None:
    """Take no notice of a request."""


class TimedApp(App):
    """A bolt app that tells how long each request took, from when it came until its answer was ready."""

    answered: Answered = staticmethod(unobserved)

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Hand a request to its listener."""
        started, outcome = time.perf_counter(), "error"
        try:
            answer = super().dispatch(req)
            outcome = "ok" if answer.status == HTTPStatus.OK else "refused"
            return answer
        finally:
            self.answered(_kind(req.body), time.perf_counter() - started, outcome)


def _kind(body: Mapping[str, Any]) -> str:
    """What kind of request it is, in one of a few words."""
    if "command" in body:
        return "command"
    kind = body.get("type")
    return str(kind) if kind in _KINDS else "other"


def installed_app(token: str, api_url: str) -> TimedApp:
    """A bolt app for this bot token that calls nobody before its listeners run.

    `process_before_response`: a listener has saved before Slack gets its answer. Requests are verified before they
    come here: by the signature check of `bot.service.web`, or by Socket Mode itself.
    """
    return TimedApp(
        client=web_client(None, api_url, AT_ONCE_SECONDS),
        before_authorize=_prepare(api_url),
        authorize=_authorize(token),
        process_before_response=True,
        ignoring_self_events_enabled=False,  # `handlers.messages` does: bolt leaves out deletions of our messages, too
        request_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )


def _prepare(api_url: str) -> Callable[..., None]:
    """Give each request a client of its own, and keep the bot's own user id, which every event names.

    Bolt would make the client anew, and one whose calls have no deadline; it sets the token of this one. By the user id
    what the bot itself said can be left out.
    """

    def prepare(body: Mapping[str, Any], context: BoltContext, next_: Callable[[], None]) -> None:
        context["client"] = web_client(None, api_url, AT_ONCE_SECONDS)
        for authorization in body.get("authorizations") or ():
            if authorization.get("is_bot"):
                context[_OWN_USER] = authorization.get("user_id")
        next_()

    return prepare


def _authorize(token: str) -> Callable[..., AuthorizeResult]:
    def authorize(context: BoltContext, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=token,
            bot_user_id=context.get(_OWN_USER),
        )

    return authorize
