"""Slack's error codes, and what each one asks of us."""

import re
from collections.abc import Mapping
from typing import Final

from workflows.contract.errors import EffectError, Misconfigured, NotFound, Refused, RetryLater, Unreachable

LATER: Final = frozenset(
    {
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "external_channel_migrating",
        "ekm_access_denied",
        "rollup_error",
        "message_limit_exceeded",
        "accesslimited",
    }
)
"""It may work later: Slack itself says so of each."""

SETTINGS: Final[Mapping[str, str]] = {
    "invalid_auth": "Slack does not take the bot's token",
    "not_authed": "the bot's token is missing",
    "account_inactive": "the app was removed from the workspace",
    "token_revoked": "the bot's token was revoked",
    "token_expired": "the bot's token has expired",
    "not_allowed_token_type": "this is the wrong kind of token (xoxb- is the bot's, xapp- the app's)",
    "no_permission": "the bot's token may not do this",
    "access_denied": "the bot's token may not do this",
    "team_access_not_granted": "the app is not installed in this workspace",
    "org_login_required": "the workspace moves to another organisation",
    "two_factor_setup_required": "the workspace asks for two-factor authentication",
    "enterprise_is_restricted": "the organisation does not allow this method",
    "app_missing_action_url": "the app has no request URL: turn Interactivity on",
    "socket_mode_not_enabled": "Socket Mode is off: turn it on in the app's settings",
    "unknown_method": "what answers at SLACK_API_URL does not know this method",
    "method_deprecated": "Slack has given this method up: the desk needs an update",
    "deprecated_endpoint": "Slack has given this method up: the desk needs an update",
}
"""The admin has to act."""

UNREACHABLE: Final[Mapping[str, str]] = {
    "not_in_channel": "the bot is not a member: invite it there with /invite",
    "channel_not_found": "there is no such channel, or it is private and the bot was not invited",
    "is_archived": "the channel is archived",
    "is_inactive": "the channel is archived",
    "cannot_dm_bot": "this is a bot, and bots have no direct messages",
    "user_disabled": "this person's account is deactivated",
    "user_not_found": "there is no such person",
    "users_not_found": "there is no such person",
    "user_not_visible": "this person is not visible to the bot",
    "user_not_in_channel": "this person is not in the channel",
    "user_is_bot": "this is a bot",
    "messages_tab_disabled": "the app's Messages tab is off: turn it on under App Home",
    "method_not_supported_for_channel_type": "this kind of channel does not allow it",
    "restricted_action": "the workspace's settings do not let the bot write there",
    "restricted_action_read_only_channel": "only some people may write in this channel",
    "restricted_action_thread_only_channel": "this channel allows only replies in threads",
    "restricted_action_non_threadable_channel": "this channel allows no threads",
    "restricted_action_thread_locked": "the thread is locked",
    "not_allowed_for_grid_slack_connect": "this shared channel does not allow it",
}
"""This person or channel cannot be written to."""

GONE: Final[Mapping[str, str]] = {
    "message_not_found": "the message is gone",
    "cant_update_message": "the message is not the bot's, or is gone",
    "cannot_reply_to_message": "the message it replies to is gone",
    "thread_not_found": "the message it replies to is gone",
    "not_found": "the window was closed",
    "view_not_found": "the window was closed",
    "view_expired": "the window was closed",
    "expired": "the window was closed",
    "no_such_subteam": "there is no such user group",
    "subteam_not_found": "there is no such user group",
    "no_permalink": "the message is gone",
}
"""What the call names does not exist."""

_SCOPES: Final = re.compile(r"[a-z:._, ]{1,200}")


def error_of(code: str, what: str, *, needed: str = "") -> EffectError:
    """The error that says what to do about Slack's code; `needed` are the scopes Slack misses, if it named some."""
    if code in LATER:
        return RetryLater(f"Slack has trouble of its own ({code}).")
    if code == "missing_scope":
        scope = needed if _SCOPES.fullmatch(needed) else "a scope it does not name"
        return Misconfigured(f"Slack wants {scope} for {what}: add the scope to the app and install it again.")
    if code in SETTINGS:
        return Misconfigured(f"Slack refused {what}: {SETTINGS[code]} ({code}).")
    if code in UNREACHABLE or code.startswith("restricted_action"):
        why = UNREACHABLE.get(code, UNREACHABLE["restricted_action"])
        return Unreachable(f"Slack refused {what}: {why} ({code}).", code)
    if code in GONE:
        return NotFound(f"Slack refused {what}: {GONE[code]} ({code}).")
    return Refused(f"Slack refused {what} ({code}).")
