"""What people do with an open modal: fill it, submit it, close it."""

from typing import Any

from sandbox.blockkit import missing_inputs
from sandbox.core.errors import Impossible, SlackError
from sandbox.core.model import Json, User
from sandbox.core.views import View
from sandbox.users.actions import ActionOutcome, UserActions, outcome

TROUBLE = "We had some trouble connecting. Try again?"


class Modals:
    """Carries submissions and closings to the app, and honours what it answers."""

    def __init__(self, user_actions: UserActions) -> None:
        self._user_actions = user_actions
        self.workspace = user_actions.workspace

    def fills(self, user: User, values: dict[str, Any]) -> ActionOutcome:
        """Fill inputs of the open modal, by label; an input that dispatches its actions tells the app."""
        outcome = ActionOutcome(acked=True)
        for name, value in values.items():
            outcome = self._user_actions.chooses(user, name, value, None)
        return outcome

    def submits(self, user: User) -> ActionOutcome:
        """Submit the open modal."""
        view = self._user_actions.surface(user, None).view
        if view is None or view.sent.get("submit") is None:
            raise Impossible("This modal has nothing to submit.")
        with self.workspace.changing():
            view.trouble = None
            view.errors = dict(missing_inputs(view.sent | {"blocks": view.blocks}, view.values))
            if view.errors:
                return ActionOutcome(acked=False, error="missing_inputs")
            payload = self._user_actions.payloads.submission(user, view)
        ack = self._user_actions.deliver("interactive", payload)
        with self.workspace.changing():
            try:
                if not ack.ok:
                    raise SlackError(outcome(ack).error or "")
                self._answer(view, ack.payload or {})
            except SlackError as error:
                view.trouble = TROUBLE
                return ActionOutcome(acked=ack.ok, error=error.code)
        return ActionOutcome(acked=True)

    def _answer(self, view: View, answer: Json) -> None:
        """Do what the app answered to a submission; refuse what Slack would not understand."""
        views = self.workspace.views
        action = answer.get("response_action")
        if action is None:
            views.close(view)
        elif action == "clear":
            views.clear(view.user)
        elif action == "errors":
            view.errors = _checked_errors(view, answer.get("errors"))
        elif action in {"update", "push"} and isinstance(answer.get("view"), dict):
            if action == "push":
                views.push(view.user, answer["view"])
            else:
                views.update(view, answer["view"])
        else:
            raise SlackError("invalid_response_action")

    def closes(self, user: User, *, everything: bool = False) -> ActionOutcome:
        """Close the open modal (Cancel), or the whole stack (the X)."""
        view = self._user_actions.surface(user, None).view
        views = self.workspace.views
        with self.workspace.changing():
            everything = everything or bool(view and view.sent.get("clear_on_close"))
            closed = views.clear(user.id) if everything else [view] if view else []
            for one in closed:
                views.close(one)
        result = ActionOutcome(acked=True)
        for one in closed:
            if one.sent.get("notify_on_close"):
                payload = self._user_actions.payloads.closing(user, one, cleared=everything)
                result = outcome(self._user_actions.deliver("interactive", payload))
        return result


def _checked_errors(view: View, errors: Any) -> dict[str, str]:
    """Return the errors an app answered: for input blocks of this view, at least one, as sentences."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_response_errors")
    if not set(errors) <= inputs or not all(isinstance(text, str) and text for text in errors.values()):
        raise SlackError("invalid_response_errors")
    return errors
