"""Payloads as Slack sends them, with whatever in them: anybody may be said to use anything."""

import json
from dataclasses import dataclass
from itertools import count
from typing import Any

from slack_bolt import BoltResponse

from bot.service.slack_requests import dispatch
from handlers.kit.memory import Memory
from tests.listeners import commands, names, shortcuts
from tests.world import World
from workflows.lib import outside_json

Json = dict[str, Any]

CASES = {
    "feedback": "FB-1",
    "contact": "MC-1",
    "incident": "INC-1",
    "review": "RV-1",
    "request": "REQ-1",
    "csm": "PL-1",
}
"""A case of each process, by the prefix of its listeners."""

NUMBERS = count(1)


@dataclass(frozen=True)
class Use:
    """Somebody's use of a listener: its name, and what kind of thing that is."""

    name: str
    kind: str

    @property
    def case(self) -> str:
        """A case that it is about."""
        return CASES.get(self.name.partition(".")[0], "")


def uses(*words: str) -> list[Use]:
    """Every command (also with these words after it), shortcut, button and form."""
    typed = [f"{command} {word}" for command in commands() for word in ("123456 it is broken", *words)]
    return [
        *(Use(text, "command") for text in typed),
        *(Use(name, "shortcut") for name in shortcuts()),
        *(Use(name, "button") for name in names("Button")),
        *(Use(name, "form") for name in names("View")),
        *(Use(name, "closed form") for name in names("View")),
    ]


def sends(w: World, user: Json, use: Use, value: str, state: Json | None = None, **more: Any) -> BoltResponse:
    """Send it to the desk as Slack would; `user` is who Slack says it is, `value` the button's or the form's case."""
    written = json.dumps(payload(w, user, use, value, state) | more)
    return dispatch(w.desk.bolt, outside_json.read(written))  # as every way in reads it


def payload(w: World, user: Json, use: Use, value: str, state: Json | None = None) -> Json:
    """What Slack would send."""
    workspace = w.sandbox.app.workspace
    common: Json = {
        "team": {"id": workspace.team_id, "domain": workspace.team_domain},
        "user": user,
        "enterprise": None,
    }
    common |= {"trigger_id": workspace.triggers.issue(user["id"]), "api_app_id": workspace.app.app_id}
    if use.kind == "command":
        command, _, text = use.name.partition(" ")
        who = {"user_id": user["id"], "team_id": user.get("team_id", workspace.team_id)}
        return who | {"command": command, "text": text, "trigger_id": common["trigger_id"], "channel_id": "C0SUPPORT"}
    if use.kind == "shortcut":
        message = {"ts": f"17000000{next(NUMBERS):02}.000100", "text": value, "user": user["id"]}
        where = {"channel": {"id": workspace.place("support").id}, "message": message}
        return common | where | {"type": "message_action", "callback_id": use.name, "view": {"type": "home"}}
    view = view_of(use, value, state)
    if use.kind == "button":
        chosen = {"selected_option": {"value": value}} if use.name in MENUS else {"value": value}
        action = {"action_id": use.name, "block_id": "b", "action_ts": str(next(NUMBERS)), **chosen}
        return common | {"type": "block_actions", "actions": [action], "view": view | {"callback_id": "home"}}
    kind = "view_submission" if use.kind == "form" else "view_closed"
    return common | {"type": kind, "view": view}


MENUS = {"incident.system", "incident.more", "contact.how"}


def view_of(use: Use, case: str, state: Json | None) -> Json:
    """A form of the desk's that is about a case."""
    blocks = [{"type": "input", "block_id": name, "element": {}} for name in (state or {"nothing": None})]
    values = {name: {name: element} for name, element in (state or {}).items()}
    return {
        "id": f"V{next(NUMBERS)}",
        "type": "modal",
        "hash": "1.a",
        "callback_id": use.name,
        "blocks": blocks,
        "state": {"values": values},
        "private_metadata": Memory(case=case, duplicate=case).text if case else "",
    }


def said(w: World, answer: BoltResponse, before: int) -> str:
    """Everything the desk answered: at once, and in modals since the call of this number."""
    calls = w.sandbox.app.web_api.calls[before:]
    return f"{answer.body} {json.dumps([call.args for call in calls], ensure_ascii=False)}"
