"""What lies over the workspace: the open modal, and "Are you sure?".

Only what belongs to the chosen person's Slack is covered (and inert): the clock, the vendors and the other people stay
within reach.
"""

import htpy as h

from sandbox.core.model import Json
from sandbox.core.views import View
from sandbox.page.avatars import avatar
from sandbox.page.blocks import draw_blocks
from sandbox.page.reading import Reading
from sandbox.page.surface import MODAL, Surface, said
from sandbox.page.viewer import Viewer


def over(opened: h.Element | None, question: h.Element | None) -> h.Node:
    """What lies over the workspace; the question over the modal."""
    if opened is None and question is None:
        return ""
    return h.div(".over")[h.div(inert=question is not None)[opened], question]


def modal(reading: Reading, viewer: Viewer) -> h.Element | None:
    """The modal this person has open, the top one of the stack."""
    view = reading.workspace.views.top(reading.person.id)
    if view is None:
        return None
    stack = reading.workspace.views.stacks[reading.person.id]
    surface = Surface(reading, MODAL, view.values, view.errors, viewer.menu)
    wrong = f"{view.id}-{'-'.join(sorted(view.errors))}" if view.errors else ""
    return h.dialog(
        ".modal",
        {"phx-hook": "Dialog", "data-view": view.id, "data-wrong": wrong, "data-close": "close"},
        open=True,
        id="modal",
        aria_labelledby="modal-title",
    )[
        h.form(
            {"phx-change": "fill", "phx-submit": "submit"}, id=f"form-{view.id}", novalidate=True, autocomplete="off"
        )[
            h.header[
                avatar(None),
                h.h2(id="modal-title")[said(view.sent.get("title"))],
                h.button(".button.plain.x", {"phx-click": "close-all"}, type="button", aria_label="Close all")["✕"],
            ],
            h.div(".modal-body", tabindex="0", role="region", aria_labelledby="modal-title")[
                view.trouble and h.p(".trouble", role="alert")[view.trouble],
                view.errors and h.p(".for-readers", role="alert")[f"{len(view.errors)} to correct: {_errors(view)}"],
                draw_blocks(surface, view.blocks),
            ],
            _buttons(view, len(stack)),
        ]
    ]


def _errors(view: View) -> str:
    return "; ".join(view.errors.values())


def _buttons(view: View, depth: int) -> h.Element:
    close = said(view.sent.get("close")) or ("Back" if depth > 1 else "Close")
    submit = said(view.sent.get("submit"))
    return h.footer[
        h.button(".button.plain", {"phx-click": "close"}, type="button")[close],
        bool(submit) and h.button(".button.primary", {"phx-disable-with": "Sending…"}, type="submit")[submit],
    ]


def confirmation(reading: Reading, confirm: Json) -> h.Element:
    """Slack's own question before something is used."""
    danger = "danger" if confirm.get("style") == "danger" else "primary"
    return h.dialog(
        ".modal.small",
        {"phx-hook": "Dialog", "data-view": "confirm", "data-close": "confirm-no"},
        open=True,
        id="confirm",
        aria_labelledby="confirm-title",
        aria_describedby="confirm-text",
    )[
        h.header[h.h2(id="confirm-title")[said(confirm["title"])]],
        h.div(".modal-body", id="confirm-text")[reading.text(confirm["text"])],
        h.footer[
            h.button(".button.plain", {"phx-click": "confirm-no"}, type="button")[said(confirm["deny"])],
            h.button(f".button.{danger}", {"phx-click": "confirm-yes"}, type="button")[said(confirm["confirm"])],
        ],
    ]
