"""Who people are, at a glance: name, role and a coloured square with their initials."""

import re

import htpy as h

from sandbox.core.model import User

ROLE = re.compile(r"\s*\((?P<role>[^)]*)\)\s*$")
COLOURS = 8


def full_name(user: User) -> str:
    """A person's name without what stands in brackets."""
    return user.name if user.is_bot else ROLE.sub("", user.real_name)


def role_of(user: User) -> str:
    """What stands in brackets behind a person's name: what they do."""
    found = ROLE.search(user.real_name)
    role = found["role"] if found else ""
    return role[:1].upper() + role[1:]


def avatar(user: User | None) -> h.Element:
    """A square with initials; the desk and other apps get a sign of their own."""
    if user is None or user.is_bot:
        return h.span(".avatar.bot", aria_hidden="true")[DESK]
    initials = "".join(part[0] for part in full_name(user).split()[:2])
    colour = sum(place * ord(letter) for place, letter in enumerate(user.name, 1)) % COLOURS
    return h.span(f".avatar.colour-{colour}", aria_hidden="true")[initials]


DESK = h.svg(viewBox="0 0 24 24", focusable="false")[
    h.path(d="M12 3a9 9 0 1 0 9 9", fill="none", stroke="currentColor", stroke_width="2.4", stroke_linecap="round"),
    h.path(
        d="M12 7.5V12l3 2M16.5 3.5l4 .3-.4 4",
        fill="none",
        stroke="currentColor",
        stroke_width="2.4",
        stroke_linecap="round",
        stroke_linejoin="round",
    ),
]
"""A clock that comes round again."""
