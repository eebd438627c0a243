"""The middle: a channel, a DM, the app's home, and the thread beside it."""

import htpy as h

from sandbox.core.model import Channel
from sandbox.page.avatars import avatar
from sandbox.page.blocks import draw_blocks
from sandbox.page.messages import MessageList
from sandbox.page.reading import Reading
from sandbox.page.sidebar import LOCK, PATCH
from sandbox.page.surface import Surface
from sandbox.page.viewer import HOME, Viewer


def conversation(reading: Reading, viewer: Viewer) -> h.Element:
    """What the chosen person looks at."""
    if viewer.place == HOME:
        return h.main(".conversation", id="main", tabindex="-1")[_app_header(reading, viewer), _home(reading, viewer)]
    channel = reading.workspace.channels[viewer.place]
    listed = MessageList(reading, viewer, channel)
    shown = listed.main()
    is_app = channel.kind == "im"
    return h.main(".conversation", id="main", tabindex="-1")[
        _app_header(reading, viewer) if is_app else _channel_header(reading, channel),
        h.div(
            ".messages",
            {"phx-hook": "Messages", "data-place": f"{viewer.person}/{channel.id}"},
            id="messages",
            role="log",
            tabindex="0",
            aria_label=f"Messages in {_title(reading, channel)}",
        )[
            not shown and _empty(reading, channel),
            list(listed.draw(shown)),
        ],
        composer(reading, viewer, channel),
    ]


def thread(reading: Reading, viewer: Viewer) -> h.Node:
    """The thread that is open, beside the channel."""
    channel = reading.workspace.channels.get(viewer.place)
    if channel is None or viewer.thread is None or viewer.thread not in channel.messages:
        return ""
    listed = MessageList(reading, viewer, channel)
    return h.section(".thread", aria_label="Thread")[
        h.header[
            h.h2["Thread ", h.small[_title(reading, channel)]],
            h.a(".button.plain.x", PATCH, href=viewer.link(thread=None), aria_label="Close the thread")["✕"],
        ],
        h.div(
            ".messages",
            {"phx-hook": "Messages", "data-place": f"{viewer.person}/{viewer.thread}"},
            id="thread-messages",
            role="log",
            tabindex="0",
            aria_label="Messages in the thread",
        )[list(listed.draw(listed.thread(viewer.thread), in_thread=True))],
        composer(reading, viewer, channel, viewer.thread),
    ]


def _title(reading: Reading, channel: Channel) -> str:
    if channel.kind == "im":
        return reading.workspace.app.name
    if channel.kind == "mpim":
        return ", ".join(reading.name_of(one) for one in channel.members if one != reading.person.id)
    return f"#{channel.name}"


def _channel_header(reading: Reading, channel: Channel) -> h.Element:
    bots = sum(reading.workspace.users[one].is_bot for one in channel.members if one in reading.workspace.users)
    sign = LOCK if channel.kind == "group" else "#" if channel.kind == "channel" else None
    name = _title(reading, channel).removeprefix("#")
    notes = [f"{len(channel.members) - bots} people"]
    if reading.workspace.app.bot_user not in channel.members:
        notes.append(f"{reading.workspace.app.name} is not here")
    notes += ["archived"] * channel.is_archived + ["shared with another organisation"] * channel.is_ext_shared
    return h.header(".place")[h.h2[sign and h.span(".sign", aria_hidden="true")[sign], name], h.p[" · ".join(notes)]]


def _app_header(reading: Reading, viewer: Viewer) -> h.Element:
    dm = reading.workspace.direct(reading.person.id)
    tabs = [("Home", HOME), ("Messages", dm.id)]
    return h.header(".place.app")[
        h.h2[avatar(None), reading.workspace.app.name],
        h.nav(".tabs", aria_label=f"{reading.workspace.app.name}")[
            [
                h.a(
                    PATCH,
                    href=viewer.link(**{"in": place, "thread": None}),
                    aria_current="page" if viewer.place == place else None,
                )[label]
                for label, place in tabs
            ]
        ],
    ]


def _home(reading: Reading, viewer: Viewer) -> h.Element:
    view = reading.workspace.views.homes.get(reading.person.id)
    if view is None:
        content: h.Node = h.p(".empty")["The app has published nothing here yet."]
    else:
        content = draw_blocks(Surface(reading, HOME, view.values, menu=viewer.menu), view.blocks)
    return h.div(".home", id="home", tabindex="0", role="region", aria_label="App home")[h.div(".paper")[content]]


def _empty(reading: Reading, channel: Channel) -> h.Element:
    return h.p(".empty")[f"Nothing was said in {_title(reading, channel)} yet."]


# ------------------------------------------------------------------------------------------------ to type into


def composer(reading: Reading, viewer: Viewer, channel: Channel, in_thread: str | None = None) -> h.Node:
    """The field to type messages and commands into."""
    if reading.person.id not in channel.members or channel.is_archived:
        why = "This channel is archived." if channel.is_archived else "You are not in this channel."
        return h.p(".no-composer")[why]
    key = in_thread or channel.id
    draft = viewer.drafts.get(key, "")
    label = "Reply…" if in_thread else f"Message {_title(reading, channel)}"
    id_ = "thread-composer" if in_thread else "composer"
    return h.form(
        ".composer",
        {"phx-submit": "send", "phx-change": "draft", "phx-hook": "Composer", "data-key": key},
        id=id_,
        autocomplete="off",
    )[
        _hints(reading, draft, id_) if draft.startswith("/") and not in_thread else None,
        h.input(type="hidden", name="key", value=key),
        h.input(type="hidden", name="thread", value=in_thread),
        h.label(".for-readers", for_=f"{id_}-text")[label],
        h.textarea(
            {"phx-debounce": "60", "aria-describedby": f"{id_}-hints" if draft.startswith("/") else None},
            id=f"{id_}-text",
            name="text",
            rows="1",
            placeholder=label,
        )["\n" + draft],
        h.button(".button.primary.send", type="submit", aria_label="Send", title="Send")[ARROW],
    ]


def _hints(reading: Reading, draft: str, id_: str) -> h.Node:
    """The commands that begin with what was typed, with what may follow them."""
    app = reading.workspace.app
    typed = draft.split(" ", maxsplit=1)[0]
    found = [name for name in sorted(app.commands or ()) if (name == typed if " " in draft else name.startswith(typed))]
    if not found:
        return h.div(".hints", id=f"{id_}-hints")[h.p[f"“{typed}” is not a command here."]]
    return h.div(".hints", id=f"{id_}-hints", role="group", aria_label="Commands")[
        [
            h.button({"phx-click": "complete", "phx-value-text": name}, type="button")[
                h.strong[name],
                h.code[app.hints.get(name, ("", ""))[0]],
                h.span[app.hints.get(name, ("", ""))[1]],
                h.small[app.name],
            ]
            for name in found
        ]
    ]


ARROW = h.svg(viewBox="0 0 20 20", focusable="false", aria_hidden="true")[
    h.path(d="M2.5 3.2 18 10 2.5 16.8 4.6 11l7.4-1-7.4-1z", fill="currentColor")
]
