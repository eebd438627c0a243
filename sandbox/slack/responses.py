"""What an app answers outside the Web API: to a command's ack, and through response URLs."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from sandbox.blockkit import check_message
from sandbox.core.errors import SlackError
from sandbox.core.model import Channel, Json, Message
from sandbox.core.tokens import ResponseUrl
from sandbox.core.workspace import Workspace
from sandbox.slack.web_api import raw_body


def respond(workspace: Workspace, url: ResponseUrl, body: Json) -> Message | None:
    """Do what a response asks: a new message (ephemeral unless `in_channel`), or the original replaced or deleted.

    Return the message it made or changed. The app need not be a member of the channel.
    """
    channel = workspace.channels[url.channel]
    original = workspace.find_message(channel, url.message_ts, url.user) if url.message_ts else None
    if body.get("delete_original") and original is not None:
        workspace.delete(original)
        return None
    text, blocks = _checked(body)
    blocks = workspace.name_blocks(blocks)
    if body.get("replace_original") and original is not None:
        workspace.edit(original, workspace.app.bot_user, text=text, blocks=blocks)
        return original
    message = _message(workspace, channel, text, blocks)
    message.thread_ts = body.get("thread_ts")
    if body.get("response_type", "ephemeral") != "in_channel":
        message.visible_to = url.user
    return workspace.add(message)


def _checked(body: Json) -> tuple[str, list[Json]]:
    text, blocks = str(body.get("text") or ""), body.get("blocks")
    if not text and not blocks and not body.get("attachments"):
        raise SlackError("no_text")
    problem = check_message(blocks, text or None)
    if problem is not None:
        raise SlackError(problem.error, response_metadata={"messages": list(problem.messages)})
    return text, blocks or []


def _message(workspace: Workspace, channel: Channel, text: str, blocks: list[Json]) -> Message:
    app = workspace.app
    return Message(
        workspace.next_ts(),
        channel.id,
        text,
        user=app.bot_user,
        blocks=blocks,
        bot_id=app.bot_id,
        app_id=app.app_id,
    )


STATUS = {"expired_url": 404, "used_url": 404}


def router(workspace: Workspace) -> APIRouter:
    """Return the route response URLs lead to."""
    routes = APIRouter()

    @routes.post("/response/{team}/{key}")
    def response_url(team: str, key: str, raw: Annotated[bytes, Depends(raw_body)]) -> Response:
        try:
            if team != workspace.team_id:
                raise SlackError("expired_url")
            with workspace.lock:
                respond(workspace, workspace.response_urls.use(key), _read(raw))
        except SlackError as error:
            status = STATUS.get(error.code, 400)
            return Response(json.dumps(error.body()), status, media_type="application/json")
        return Response('{"ok": true}', media_type="application/json")

    return routes


def _read(raw: bytes) -> Json:
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise SlackError("invalid_payload") from error
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    return body
