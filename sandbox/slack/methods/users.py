"""users.* and usergroups.*: who there is."""

from sandbox.core.errors import SlackError
from sandbox.core.model import Json, User
from sandbox.core.serialize import user_json, usergroup_json
from sandbox.slack.methods.call import Call


def info(call: Call) -> Json:
    """Show a user."""
    return {"user": _shown(call, call.user())}


def list_(call: Call) -> Json:
    """List everybody, deactivated people and bots included."""
    page, more = call.page(list(call.workspace.users.values()), default=200)
    cache_ts = int(call.workspace.now().timestamp())
    return {"members": [_shown(call, user) for user in page], "cache_ts": cache_ts, **more}


def lookup_by_email(call: Call) -> Json:
    """Find an active user by e-mail address."""
    email = call.need("email", "users_not_found").lower()
    for user in call.workspace.users.values():
        if not user.deleted and not user.is_stranger and (user.email or "").lower() == email:
            return {"user": _shown(call, user)}
    raise SlackError("users_not_found")


def groups(call: Call) -> Json:
    """List the user groups; with `include_users`, who is in them."""
    shown = [
        usergroup_json(group, team=call.workspace.team_id, with_users=call.flag("include_users"))
        for group in call.workspace.usergroups.values()
        if call.flag("include_disabled") or not group.is_disabled
    ]
    return {"usergroups": shown}


def group_users(call: Call) -> Json:
    """List the ids of a user group's members."""
    group = call.workspace.usergroups.get(call.need("usergroup", "no_such_subteam"))
    if group is None or (group.is_disabled and not call.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


def _shown(call: Call, user: User) -> Json:
    may_read_email = "users:read.email" in call.workspace.app.scopes
    return user_json(user, call.workspace.now(), with_email=may_read_email)
