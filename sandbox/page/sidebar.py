"""The left side: who one is, and where one can go."""

import htpy as h

from sandbox.core.model import Channel, User
from sandbox.page.avatars import avatar, full_name, role_of
from sandbox.page.reading import Reading
from sandbox.page.unread import Unread
from sandbox.page.viewer import HOME, Viewer

PATCH: dict[str, h.Attribute] = {"data-phx-link": "patch", "data-phx-link-state": "push"}


def people(reading: Reading) -> list[User]:
    """Everybody one can be."""
    return [user for user in reading.workspace.users.values() if not user.is_bot and not user.deleted]


def rail(reading: Reading, viewer: Viewer, unread: Unread) -> h.Element:
    """Everybody one can be, side by side."""
    return h.nav(".rail", aria_label="Who you are")[
        h.ul[[h.li[_person(user, viewer, unread)] for user in people(reading)]],
    ]


def _person(user: User, viewer: Viewer, unread: Unread) -> h.Element:
    count = unread.of_person(user)
    unread_note = f", {count} new" if count else ""
    return h.a(
        PATCH,
        href=Viewer(person=user.name).link(),
        aria_label=f"Be {full_name(user)}, {role_of(user)}{unread_note}",
        aria_current="true" if user.name == viewer.person else None,
        title=f"{full_name(user)} · {role_of(user)} · {user.tz}",
    )[
        h.span(".face")[avatar(user), count > 0 and h.span(".count", aria_hidden="true")[str(count)]],
        h.span(".name", aria_hidden="true")[user.name],
    ]


def sidebar(reading: Reading, viewer: Viewer, unread: Unread) -> h.Element:
    """The workspace and its conversations, as the chosen person sees them."""
    workspace, user = reading.workspace, reading.person
    visible = [one for one in workspace.channels.values() if user.id in one.members]
    channels = sorted((one for one in visible if one.kind in {"channel", "group"}), key=lambda one: one.name)
    groups = [one for one in visible if one.kind == "mpim"]
    return h.div(".sidebar")[
        h.header[
            h.h1[workspace.team_name],
            h.p(".you")[
                h.span["You are ", h.strong[full_name(user)]],
                h.span[role_of(user)],
                h.span[f"{reading.now:%a %-d %b, %H:%M} · {user.tz.split('/')[-1].replace('_', ' ')}"],
            ],
        ],
        h.nav(aria_label="Channels and direct messages")[
            h.h2["Apps"],
            h.ul[_app_link(reading, viewer, unread),],
            h.h2["Channels"],
            h.ul[[_channel_link(one, viewer, unread) for one in channels]],
            bool(groups)
            and [h.h2["Group messages"], h.ul[[_group_link(one, reading, viewer, unread) for one in groups]]],
        ],
    ]


def _app_link(reading: Reading, viewer: Viewer, unread: Unread) -> h.Element:
    app, user = reading.workspace.app, reading.person
    dm = reading.workspace.direct(user.id)
    count = unread.count(user, dm)
    is_here = viewer.place in {HOME, dm.id}
    link = viewer.link(**{"in": dm.id if dm.messages else HOME, "thread": None})
    return _link(link, [avatar(None), app.name], f"{app.name}, app", current=is_here, count=count, badge=True)


def _channel_link(channel: Channel, viewer: Viewer, unread: Unread) -> h.Element:
    user = unread.workspace.person(viewer.person)
    count = unread.count(user, channel)
    named = unread.mentions(user, channel)
    sign: h.Node = LOCK if channel.kind == "group" else "#"
    shown: list[h.Node] = [h.span(".sign", aria_hidden="true")[sign], channel.name]
    if channel.is_archived:
        shown.append(h.span(".quiet")[" archived"])
    if channel.is_ext_shared:
        shown.append(h.span(".quiet")[" shared"])
    link = viewer.link(**{"in": channel.id, "thread": None})
    return _link(link, shown, channel.name, current=viewer.place == channel.id, count=named or count, badge=bool(named))


def _group_link(channel: Channel, reading: Reading, viewer: Viewer, unread: Unread) -> h.Element:
    user = reading.person
    names = ", ".join(reading.name_of(one) for one in channel.members if one != user.id)
    link = viewer.link(**{"in": channel.id, "thread": None})
    count = unread.count(user, channel)
    return _link(link, [names], names, current=viewer.place == channel.id, count=count, badge=True)


def _link(link: str, shown: list[h.Node], label: str, *, current: bool, count: int, badge: bool) -> h.Element:
    return h.li[
        h.a(
            PATCH,
            href=link,
            class_={"unread": count > 0},
            aria_current="page" if current else None,
            aria_label=f"{label}, {count} unread" if count else label,
        )[shown, count > 0 and badge and h.span(".count", aria_hidden="true")[str(count)]]
    ]


LOCK = h.svg(viewBox="0 0 16 16", focusable="false")[
    h.path(
        d="M4.5 7V5a3.5 3.5 0 0 1 7 0v2M3.5 7h9v6.5h-9z",
        fill="none",
        stroke="currentColor",
        stroke_width="1.5",
        stroke_linejoin="round",
    )
]
