"""The tour in the page: what happens, a sentence at a time."""

import htpy as h

from sandbox.core.model import Json
from sandbox.page.demo_control import DemoControl

OVER = {
    "over": "Every step happened. The workspace is yours: go on from here.",
    "stopped": "The tour was stopped. The workspace is yours: go on from here.",
}


def tour_card(demo_control: DemoControl) -> h.Node:
    """The card with the tour's steps and buttons."""
    if not demo_control.state:
        return None
    tour = demo_control.tour
    state = tour["state"]
    return h.section(".card.tour", aria_label="The tour")[
        h.h2["The tour"],
        state == "off" and h.p(".quiet")["The whole story, played for you: each step with a sentence. It begins anew."],
        state == "starting" and h.p(".quiet")["An empty workspace is being made…"],
        bool(tour["steps"])
        and h.div(
            ".steps",
            {"phx-hook": "Messages", "data-place": str(len(tour["steps"]))},
            id="steps",
            role="log",
            tabindex="0",
            aria_label="Steps of the tour",
        )[h.ol[[_step(one, now=one is tour["steps"][-1] and state == "waiting") for one in tour["steps"]]]],
        state == "failed" and h.p(".trouble", role="alert")[tour["trouble"]],
        state in OVER and h.p(".quiet")[OVER[state]],
        h.div(".controls")[_buttons(tour)],
    ]


def _step(step: Json, *, now: bool) -> h.Element:
    words: h.Node
    match step["kind"]:
        case "acts":
            words = [h.strong[step["person"]], " ", step["words"]]
        case "shows":
            words = [step["head"], "."]
        case "waits":
            words = [step["words"], "…"]
        case _:
            words = step["words"]
    return h.li(class_=[step["kind"], {"now": now}])[words]


def _buttons(tour: Json) -> h.Node:
    state = tour["state"]
    if state in {"off", "over", "stopped", "failed"}:
        return _control_button("start", "Play the tour" if state == "off" else "Play it again", "primary")
    if state == "starting":
        return None
    return [
        _control_button("pause", "Pause", "primary")
        if tour["by_itself"]
        else _control_button("next", "Next step", "primary"),
        None if tour["by_itself"] else _control_button("play", "Play on by itself"),
        _control_button("stop", "Stop"),
    ]


def _control_button(do: str, label: str, style: str = "plain") -> h.Element:
    return h.button(
        f".button.{style}.small", {"phx-click": "tour", "phx-value-do": do}, type="button", id=f"tour-{do}"
    )[label]
