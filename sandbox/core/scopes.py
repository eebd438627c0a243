"""What each Web API method asks of the token, and how often it may be called."""

from dataclasses import dataclass

HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
READ = ("channels:read", "groups:read", "im:read", "mpim:read")


@dataclass(frozen=True)
class Rule:
    """`any_of`: one of these scopes is needed (none: any token will do). `per_minute` None: no limit of its own.

    `by_channel` marks the one method limited per channel: about one a second, with a small burst.
    """

    per_minute: int | None
    any_of: tuple[str, ...] = ()
    token: str = "xoxb"
    by_channel: bool = False


# Slack calls its tiers "1+, 20+, 50+, 100+ a minute": the numbers are what an app may rely on.
TIER_2, TIER_3, TIER_4 = 20, 50, 100
# Tier 1 is "1+", but an app may open ten connections, so as many tickets a minute must be had.
CONNECTIONS = 10
SEVERAL_HUNDRED = 300

RULES: dict[str, Rule] = {
    "api.test": Rule(None, token=""),
    "auth.test": Rule(SEVERAL_HUNDRED, token=""),
    "apps.connections.open": Rule(CONNECTIONS, ("connections:write",), token="xapp"),
    "bots.info": Rule(TIER_3, ("users:read",)),
    "canvases.edit": Rule(TIER_3, ("canvases:write",)),
    "canvases.sections.lookup": Rule(TIER_3, ("canvases:read",)),
    "chat.postMessage": Rule(SEVERAL_HUNDRED, ("chat:write",), by_channel=True),
    "chat.postEphemeral": Rule(TIER_4, ("chat:write",)),
    "chat.update": Rule(TIER_3, ("chat:write",)),
    "chat.delete": Rule(TIER_3, ("chat:write",)),
    "chat.getPermalink": Rule(SEVERAL_HUNDRED),
    "conversations.list": Rule(TIER_2, READ),
    "conversations.info": Rule(TIER_3, READ),
    "conversations.open": Rule(TIER_3, ("im:write", "mpim:write")),
    "conversations.join": Rule(TIER_3, ("channels:join",)),
    "conversations.history": Rule(TIER_3, HISTORY),
    "conversations.replies": Rule(TIER_3, HISTORY),
    "conversations.members": Rule(TIER_4, READ),
    "files.getUploadURLExternal": Rule(TIER_4, ("files:write",)),
    "files.completeUploadExternal": Rule(TIER_4, ("files:write",)),
    "users.info": Rule(TIER_4, ("users:read",)),
    "users.list": Rule(TIER_2, ("users:read",)),
    "users.lookupByEmail": Rule(TIER_3, ("users:read.email",)),
    "users.conversations": Rule(TIER_3, READ),
    "usergroups.list": Rule(TIER_2, ("usergroups:read",)),
    "usergroups.users.list": Rule(TIER_2, ("usergroups:read",)),
    "reactions.add": Rule(TIER_3, ("reactions:write",)),
    "reactions.remove": Rule(TIER_2, ("reactions:write",)),
    "views.open": Rule(TIER_4),
    "views.push": Rule(TIER_4),
    "views.update": Rule(TIER_4),
    "views.publish": Rule(TIER_4),
}
