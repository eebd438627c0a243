"""The right side: the clock, the tour, and what surrounds the workspace."""

from collections.abc import Callable
from datetime import datetime, timedelta

import htpy as h

from sandbox.core.model import Json
from sandbox.page.context import PageContext
from sandbox.page.controls import SLACK_FAULTS, is_down, vendors_of
from sandbox.page.reading import Reading
from sandbox.page.tour import tour_card
from sandbox.page.vendors import incidents, issues, tickets
from sandbox.page.viewer import Viewer

JUMPS = {"+1 min": 60, "+10 min": 600, "+1 h": 3600, "+1 day": 86400}


def panel(page_context: PageContext, reading: Reading, viewer: Viewer) -> h.Element:
    """Everything on the right."""
    name = viewer.panel if viewer.panel in TABS else "tickets"
    return h.aside(".panel", aria_label="Behind the scenes")[
        _clock(page_context),
        tour_card(page_context.demo_control),
        h.div(".card.behind")[
            h.div(".tabs", role="group", aria_label="What to look at")[
                [
                    h.button(
                        {"phx-click": "panel", "phx-value-name": key},
                        type="button",
                        aria_pressed="true" if key == name else "false",
                    )[label]
                    for key, (label, _) in TABS.items()
                ]
            ],
            h.div(".behind-body", tabindex="0", role="region", aria_label=TABS[name][0])[
                TABS[name][1](page_context, reading)
            ],
        ],
    ]


def control_button(event: str, label: h.Node, *, style: str = "plain", **values: str) -> h.Element:
    """A small button of the right side."""
    about: dict[str, h.Attribute] = {"phx-click": event}
    for name, value in values.items():
        about[f"phx-value-{name}"] = value
    return h.button(f".button.{style}.small", about, type="button")[label]


# ------------------------------------------------------------------------------------------------- the clock


def _clock(page_context: PageContext) -> h.Element:
    now = page_context.app.workspace.now()
    return h.section(".card.clock", aria_label="The clock")[
        h.div(".now")[
            h.strong[f"{now:%H:%M}", h.small[f":{now:%S}"]],
            h.span[f"{now:%a %-d %b %Y}", h.small["UTC"]],
            h.button(
                ".button.plain.small.theme", {"phx-hook": "Theme", "phx-update": "ignore"}, id="theme", type="button"
            )["Colours"],
        ],
        _next(page_context, now),
        h.div(".controls", role="group", aria_label="Let time pass")[
            [control_button("clock", label, by=str(seconds)) for label, seconds in JUMPS.items()],
            control_button("clock", "to the next timer", to="next") if page_context.demo_control.timers else None,
            control_button("clock", "to Monday 09:00", to="monday"),
        ],
    ]


def _next(page_context: PageContext, now: datetime) -> h.Node:
    timers = page_context.demo_control.timers
    if not timers:
        return h.p(".quiet")[
            "No timer waits." if page_context.demo_control.state else "The next timer is not known here."
        ]
    return [_timer(one, now, first=not number) for number, one in enumerate(timers[:3])]


def _timer(timer: Json, now: datetime, *, first: bool) -> h.Element:
    due = datetime.fromisoformat(timer["due_at"])
    return h.p(class_=["timer", {"first": first}])[
        h.strong[timer["case"]],
        h.span[timer["reason"]],
        h.small[f"{due:%a %-d %b, %H:%M} UTC, {away(due - now)}"],
    ]


def away(span: timedelta) -> str:
    """How far away something is, roughly."""
    seconds = int(span.total_seconds())
    if seconds <= 0:
        return "now"
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size * 0.98:  # 59 minutes and 50 seconds are an hour
            count = round(seconds / size)
            return f"in {count} {unit}{'' if count == 1 else 's'}"
    return "in less than a minute"


# -------------------------------------------------------------------------------------------------- faults


def _faults(page_context: PageContext, _reading: Reading) -> h.Node:
    desk = page_context.demo_control.state.get("desk")
    return [
        h.h3["The desk"],
        _desk(desk) if desk else h.p(".quiet")["Started by somebody else: it cannot be killed from here."],
        h.h3["The vendors"],
        h.ul(".switches")[
            [
                h.li[
                    h.span[
                        name, h.small(class_=["pill", {"bad": is_down(vendor)}])["down" if is_down(vendor) else "up"]
                    ],
                    control_button(
                        "vendor", f"Bring {name} back" if is_down(vendor) else f"Take {name} down", name=name
                    ),
                ]
                for name, vendor in vendors_of(page_context).items()
            ]
        ],
        h.h3["Slack"],
        h.ul(".switches")[
            [h.li[control_button("fault", label, name=name)] for name, (label, _) in SLACK_FAULTS.items()]
        ],
        control_button("heal", "Let everything go right again", style="primary"),
    ]


def _desk(desk: str) -> h.Node:
    runs = desk == "running"
    words = {"running": "running", "starting": "starting…", "down": "killed"}[desk]
    return h.ul(".switches")[
        h.li[
            h.span["Process", h.small(class_=["pill", {"bad": not runs}])[words]],
            control_button("desk", "Kill it", style="danger", do="kill") if runs else None,
            control_button("desk", "Start it again", style="primary", do="start") if desk == "down" else None,
        ]
    ]


TABS: dict[str, tuple[str, Callable[[PageContext, Reading], h.Node]]] = {
    "tickets": ("Tickets", tickets),
    "issues": ("Issues", issues),
    "pages": ("Pages", incidents),
    "faults": ("Faults", _faults),
}
