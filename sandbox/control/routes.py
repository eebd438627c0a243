"""The addresses of the control API, JSON under `/control`."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, HTTPException

from sandbox.control.control import Control
from sandbox.core.errors import Impossible, SlackError


def _doing(do: Callable[..., Any], /, *args: Any, **body: Any) -> Any:
    """Do it, and turn what a person cannot do into a 409 with the sentence."""
    try:
        return do(*args, **body)
    except Impossible as impossible:
        raise HTTPException(409, str(impossible)) from impossible
    except SlackError as error:
        raise HTTPException(409, error.code) from error
    except (TypeError, KeyError) as error:
        raise HTTPException(400, f"{type(error).__name__}: {error}") from error


# Address to method: POST takes the method's arguments as a JSON object.
POSTS = {
    "integration": "integration_says",
    "people": "add_person",
    "people/change": "change_person",
    "channels": "add_channel",
    "channels/archive": "archive",
    "channels/invite": "invite",
    "channels/kick": "kick",
    "faults": "add_fault",
    "faults/release": "release",
    "faults/sockets": "sockets",
    "faults/twice": "twice",
    "faults/clear": "clear_faults",
    "rate_limits": "rate_limits",
    "request_url/verify": "verify_url",
    "clock": "move_clock",
}


def router(control: Control) -> APIRouter:
    """Return the routes of the control API."""
    routes = APIRouter(prefix="/control")
    routes.routes.extend(_people(control).routes)

    @routes.get("/calls")
    def calls(method: str | None = None) -> Any:
        return control.calls(method)

    @routes.get("/state")
    def state() -> Any:
        return control.state()

    @routes.get("/clock")
    def clock() -> Any:
        return control.clock()

    @routes.get("/wait")
    def wait(after: int = -1, seconds: float = 5.0, *, idle: bool = False) -> Any:
        return control.wait(after, seconds, idle=idle)

    @routes.post("/{address:path}")
    def do(address: str, body: dict[str, Any] | None = None) -> Any:
        if address not in POSTS:
            raise HTTPException(404, f"There is nothing at {address!r}.")
        return _doing(getattr(control, POSTS[address]), **(body or {}))

    return routes


def _people(control: Control) -> APIRouter:
    routes = APIRouter(prefix="/control/people")

    @routes.post("/{name}/{action}")
    def act_as_person(name: str, action: str, body: dict[str, Any] | None = None) -> Any:
        return _doing(control.perform, name, action, body or {})

    @routes.get("/{name}/sees")
    def person_sees(name: str, channel: str, thread: str | None = None) -> Any:
        return _doing(control.sees, name, channel, thread)

    @routes.get("/{name}/modal")
    def person_modal(name: str) -> Any:
        return _doing(control.modal, name)

    @routes.get("/{name}/home")
    def person_home(name: str) -> Any:
        return _doing(control.home, name)

    return routes
