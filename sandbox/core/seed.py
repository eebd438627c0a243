"""The workspace the sandbox starts with: a small support organisation."""

from sandbox.core.model import Channel, ChannelKind, User, UserGroup
from sandbox.core.workspace import Workspace

# name, real name, IANA zone
STAFF = (
    ("alice", "Alice Archer (Support Engineer)", "Europe/London"),
    ("adam", "Adam Abara (Support Engineer)", "America/New_York"),
    ("maria", "Maria Marques (Support Manager)", "Europe/Lisbon"),
    ("marco", "Marco Mori (Support Manager)", "America/Los_Angeles"),
    ("carol", "Carol Chen (Customer Success Manager)", "Asia/Singapore"),
    ("omar", "Omar Osman (Support Operations)", "Africa/Cairo"),
    ("pia", "Pia Petersen (Product Manager)", "Europe/Copenhagen"),
)
PUBLIC = (
    "support",
    "product",
    "product-runner",
    "support_escalations",
    "support-operations",
    "support-managers",
    "product-security",
    "partner-shared",
    "not-invited",
    "archived",
)
GROUPS = (
    ("support-managers", "Support managers", ("maria", "marco")),
    ("support-ops", "Support operations", ("omar",)),
)
FOREIGN_TEAM = "T0ELSEWHERE"


def fill(workspace: Workspace) -> None:
    """Put the people, channels and user groups into an empty workspace."""
    for name, real_name, zone in STAFF:
        add_person(workspace, name, real_name=real_name, tz=zone)
    add_person(workspace, "gus", real_name="Gus Gast (guest)").is_restricted = True
    add_person(workspace, "dave", real_name="Dave Dunn (left)").deleted = True
    stranger = add_person(workspace, "yuki", real_name="Yuki Yamada (Partner Ltd)", tz="Asia/Tokyo")
    stranger.is_stranger, stranger.team_id, stranger.email = True, FOREIGN_TEAM, "yuki@partner.example"
    app = workspace.app
    workspace.users[app.bot_user] = User(app.bot_user, app.name, app.name.title(), is_bot=True, bot_id=app.bot_id)
    add_bot(workspace, "integration")
    staff = [workspace.person(name).id for name, _, _ in STAFF]
    for name in PUBLIC:
        add_channel(workspace, name, [*staff, app.bot_user])
    _set_apart(workspace)
    for handle, name, members in GROUPS:
        add_group(workspace, handle, [workspace.person(member).id for member in members], name=name)


def _set_apart(workspace: Workspace) -> None:
    """Make the channels that are not like the others."""
    secret = [workspace.person(name).id for name in ("alice", "maria")]
    add_channel(workspace, "secret", secret, kind="group")
    workspace.place("not-invited").members.remove(workspace.app.bot_user)
    workspace.place("archived").is_archived = True
    workspace.place("support").members.append(workspace.person("gus").id)
    shared = workspace.place("partner-shared")
    shared.is_ext_shared = True
    shared.members.append(workspace.person("yuki").id)


def add_person(workspace: Workspace, name: str, *, real_name: str = "", tz: str = "Europe/London") -> User:
    """Add a person, with an e-mail address at example.com."""
    user = User(f"U0{_letters(name)}", name, real_name or name.title(), f"{name}@example.com", tz)
    workspace.users[user.id] = user
    return user


def add_bot(workspace: Workspace, name: str) -> User:
    """Add the bot of another app."""
    letters = _letters(name)
    bot = User(f"U0{letters}", name, name.title(), is_bot=True, bot_id=f"B0{letters}")
    workspace.users[bot.id] = bot
    return bot


def add_channel(workspace: Workspace, name: str, members: list[str], *, kind: ChannelKind = "channel") -> Channel:
    """Add a channel; `members` are user ids."""
    channel = Channel(f"C0{_letters(name)}", name, kind, list(members))
    workspace.channels[channel.id] = channel
    return channel


def add_group(workspace: Workspace, handle: str, users: list[str], *, name: str = "") -> UserGroup:
    """Add a user group; `users` are user ids."""
    group = UserGroup(f"S0{_letters(handle)}", handle, name or handle, users)
    workspace.usergroups[group.id] = group
    return group


def _letters(name: str) -> str:
    return "".join(letter for letter in name.upper() if letter.isalnum())
