"""The page's addresses."""

from pathlib import Path

import htpy as h
from markupsafe import Markup
from pyview import PyView, RootTemplateContext
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from sandbox.page.context import PageContext
from sandbox.page.window import Window

OWN = Path(__file__).parent / "static"


def page_routes(page_context: PageContext) -> list[BaseRoute]:
    """The page at `/`, its WebSocket, and the files it needs: ours and the library's."""
    window = type("ThisWindow", (Window,), {"page_context": page_context})
    view = PyView()
    view.rootTemplate = document
    view.add_live_view("/", window)
    return [
        *view.routes,
        Mount("/page", StaticFiles(directory=OWN)),
        Mount("/library", StaticFiles(packages=[("pyview", "static/assets")])),
    ]


def document(context: RootTemplateContext) -> str:
    """The document around the window."""
    return str(
        h.html(lang="en")[
            h.head[
                h.meta(charset="utf-8"),
                h.title["The desk in a workspace of its own"],
                h.meta(name="viewport", content="width=device-width, initial-scale=1"),
                h.meta(name="csrf-token", content=context["csrf_token"]),
                h.link(rel="icon", href="/page/icon.svg", type="image/svg+xml"),
                h.link(rel="stylesheet", href="/page/page.css"),
                h.script(src="/page/page.js"),
                h.script(src="/library/app.js", defer=True),
            ],
            h.body[
                h.a(".skip", href="#main")["Go to the messages"],
                h.div(
                    {"data-phx-main": "true", "data-phx-session": context["session"] or "", "data-phx-static": ""},
                    id=f"phx-{context['id']}",
                )[Markup(context["content"])],
            ],
        ]
    )
