"""One browser window, alive: what is done in it goes to the workspace, and what changes there shows at once."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias

import anyio.to_thread
import htpy as h
from pyview import ConnectedLiveViewSocket, LiveView, LiveViewSocket, is_connected
from pyview.events import InfoEvent
from pyview.meta import PyViewMeta

from sandbox.control.app import SandboxApp
from sandbox.core.errors import Impossible
from sandbox.core.model import Channel, Json, User
from sandbox.page.actions import PageActions, Payload, Says
from sandbox.page.context import PageContext
from sandbox.page.controls import PageControls
from sandbox.page.conversation import conversation, thread
from sandbox.page.dialogs import confirmation, modal, over
from sandbox.page.panel import panel
from sandbox.page.reading import Reading
from sandbox.page.regions import Regions
from sandbox.page.sidebar import rail, sidebar
from sandbox.page.viewer import HOME, Viewer

LOOK_SECONDS = 0.08
"""How often a window looks whether something changed."""
CLOCK_SECONDS = 1.0
"""How often it shows a new time although nothing changed."""

Socket: TypeAlias = LiveViewSocket[Viewer]
Connected: TypeAlias = ConnectedLiveViewSocket[Viewer]


class Window(LiveView[Viewer]):
    """A window onto one workspace; `page_context` is set on the class, which PyView makes the instances of."""

    page_context: PageContext

    @property
    def app(self) -> SandboxApp:
        """The workspace and what moves in it."""
        return self.page_context.app

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # PyView's own has no annotation
        self._following: asyncio.Task[None] | None = None

    # --------------------------------------------------------------------------------------- its life

    async def mount(self, socket: Socket, session: dict[str, Any]) -> None:
        """Begin: a window looks through Alice's eyes. Nothing is kept between visits."""
        del session
        socket.context = Viewer()
        if is_connected(socket):
            self._following = asyncio.create_task(self._follow(socket))

    async def disconnect(self, _socket: Connected) -> None:
        """Forget the window when its browser leaves."""
        if self._following is not None:
            self._following.cancel()
            with suppress(asyncio.CancelledError):
                await self._following

    async def _follow(self, socket: Connected) -> None:
        """Show what changed, and the clock."""
        seen, waited = self.page_context.seen(), 0.0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            waited += LOOK_SECONDS
            await self.page_context.demo_control.look()
            now = self.page_context.seen()
            if now != seen or waited >= CLOCK_SECONDS:
                seen, waited = now, 0.0
                await socket.send_info(InfoEvent("changed"))

    async def handle_info(self, event: InfoEvent, socket: Connected) -> None:  # noqa: ARG002 - PyView calls it so
        """Something changed: it is drawn anew right after this. While the tour plays, the window follows it."""
        tour, viewer = self.page_context.demo_control.tour, socket.context
        steps = tour["steps"]
        if len(steps) != viewer.step and tour["state"] in {"playing", "waiting"}:
            viewer.step = len(steps)
            if steps[-1]["kind"] in {"acts", "shows"}:
                self._go(viewer, steps[-1])

    def _go(self, viewer: Viewer, step: Json) -> None:
        with self.app.workspace.lock:
            viewer.person = self._person(step["person"])
            if step["place"]:
                viewer.place, viewer.thread = self._place(viewer, step["place"]), step["thread"]
            else:
                viewer.place = self._place(viewer, None)
        viewer.places[viewer.person] = viewer.place

    # ------------------------------------------------------------------------------------ where one is

    async def handle_params(self, params: dict[str, list[str]], socket: Socket) -> None:
        """Go where the address says: `as` a person, `in` a place, with a `thread` open."""
        viewer = socket.context
        given = {name: values[0] for name, values in params.items() if values}
        with self.app.workspace.lock:
            viewer.person = self._person(given.get("as", viewer.person))
            viewer.place = self._place(viewer, given.get("in"))
            viewer.thread = given.get("thread")
        viewer.places[viewer.person] = viewer.place
        viewer.menu = viewer.notice = viewer.asking = viewer.editing = None
        if viewer.place == HOME and is_connected(socket):
            self.app.user_actions.opens_home(self.app.workspace.person(viewer.person))

    def _person(self, name: str) -> str:
        with suppress(Impossible):
            user = self.app.workspace.person(name)
            if not user.deleted and not user.is_bot:
                return user.name
        return "alice"

    def _place(self, viewer: Viewer, wanted: str | None) -> str:
        user = self.app.workspace.person(viewer.person)
        for place in (wanted, viewer.places.get(user.name), "#support"):
            if place == HOME:
                return HOME
            with suppress(Impossible):
                if place and (found := self._seen(user, place)):
                    return found.id
        return self.app.workspace.direct(user.id).id

    def _seen(self, user: User, place: str) -> Channel:
        return self.app.user_actions.messages.seen(user, place)

    # ----------------------------------------------------------------------------------- what one does

    async def handle_event(self, event: str, payload: Payload, socket: Connected) -> None:
        """Do what was clicked or typed."""
        actions = PageActions(self.app, socket.context)
        what: Callable[[Payload], Says | None] | None = getattr(actions, event.replace("-", "_"), None)
        if what is None:
            await PageControls(self.page_context, socket.context).pull(event, payload)
            return
        says = await anyio.to_thread.run_sync(actions.do, what, payload)
        if says:
            await socket.push_event("field", says)

    # ------------------------------------------------------------------------------------ what one sees

    async def render(self, assigns: Viewer, meta: PyViewMeta) -> Regions:  # noqa: ARG002 - PyView calls it so
        """Draw everything; what has not changed is not sent."""
        with self.app.workspace.lock:
            return self._draw(assigns)

    def _draw(self, viewer: Viewer) -> Regions:
        workspace = self.app.workspace
        user = workspace.person(viewer.person)
        reading = Reading(workspace, user)
        if channel := workspace.channels.get(viewer.place):
            self.page_context.unread.read(user, channel)
        asking = viewer.asking.confirm if viewer.asking else None
        opened = modal(reading, viewer)
        slack = [
            sidebar(reading, viewer, self.page_context.unread),
            conversation(reading, viewer),
            thread(reading, viewer),
        ]
        return Regions(
            [
                rail(reading, viewer, self.page_context.unread),
                h.div(".slack", inert=bool(opened or asking))[slack],
                panel(self.page_context, reading, viewer),
                over(opened, confirmation(reading, asking) if asking else None),
                _notice(viewer),
            ]
        )


def _notice(viewer: Viewer) -> h.Node:
    return h.div(".notice", role="alert")[
        viewer.notice
        and h.p[viewer.notice, h.button(".button.plain.x", {"phx-click": "understood"}, aria_label="Dismiss")["✕"]]
    ]
