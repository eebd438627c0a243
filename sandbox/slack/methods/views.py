"""views.*: modals and App Homes."""

from sandbox.core.errors import SlackError
from sandbox.core.model import Json
from sandbox.core.tokens import Trigger
from sandbox.core.views import View
from sandbox.slack.methods.call import Call


def open_(call: Call) -> Json:
    """Open a modal for the person who triggered it."""
    trigger = _trigger(call)
    with call.workspace.changing():
        view = call.workspace.views.open(trigger.user, _sent(call))
        trigger.exchanged = True
    return _shown(call, view)


def push(call: Call) -> Json:
    """Put a modal on top of the one the trigger came from."""
    trigger = _trigger(call)
    with call.workspace.changing():
        view = call.workspace.views.push(trigger.user, _sent(call))
        trigger.exchanged = True
    return _shown(call, view)


def update(call: Call) -> Json:
    """Replace an open modal, found by its id or external id."""
    if not call.text("view_id") and not call.text("external_id"):
        call.need("view_id")
    views = call.workspace.views
    with call.workspace.changing():
        view = views.find(call.text("view_id"), call.text("external_id"))
        views.update(view, _sent(call), call.text("hash"))
    return _shown(call, view)


def publish(call: Call) -> Json:
    """Publish a person's App Home."""
    user = call.workspace.users.get(call.need("user_id"))
    if user is None or user.is_bot or user.deleted:
        messages = ["invalid `user_id`"]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})
    with call.workspace.changing():
        view = call.workspace.views.publish(user.id, _sent(call), call.text("hash"))
    return _shown(call, view)


def _trigger(call: Call) -> Trigger:
    return call.workspace.triggers.look_at(call.need("trigger_id", "invalid_arguments"))


def _sent(call: Call) -> Json:
    call.need("view")
    sent = call.json("view", "invalid_arguments")
    if not isinstance(sent, dict):
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] must be an object"]})
    return sent


def _shown(call: Call, view: View) -> Json:
    return {"view": view.as_slack(call.workspace.installation)}
