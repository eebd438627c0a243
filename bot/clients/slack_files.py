"""Files and canvases in Slack.

A file is an address for its bytes, the bytes, and then the message that shows it. A canvas is added to in one call.
"""

from typing import Final

import httpx
from slack_sdk import WebClient

from bot.clients.limits import fetch, limited
from bot.clients.slack_calls import TIMEOUT_SECONDS, read
from bot.clients.slack_channels import Ask
from workflows.contract.errors import RetryLater
from workflows.contract.slack_port import File

ALT_LIMIT: Final = 1000
PAGE: Final = 50


def upload(web: WebClient, ask: Ask, channel: str, file: File, *, mark: str, again: bool) -> None:
    """Send a file into a conversation (by id). The mark is part of its name; with `again` it is looked for first."""
    stem, _, ending = file.name.rpartition(".")
    name = f"{stem}-{mark[:8]}.{ending}"
    if again and _is_there(web, ask, channel, name):
        return
    alt = file.alternative[:ALT_LIMIT] or None
    got = ask(web.files_getUploadURLExternal, "sending a file", filename=name, length=len(file.content), alt_txt=alt)
    _send(read(got, "upload_url"), file.content)
    ask(
        web.files_completeUploadExternal,
        "showing a file",
        files=[{"id": read(got, "file_id"), "title": file.title}],
        channel_id=channel,
        initial_comment=file.comment or None,
    )


def add_section(web: WebClient, ask: Ask, canvas: str, heading: str, markdown: str) -> None:
    """Add a section at the end of a canvas, unless one with this heading is there: then it was added before."""
    what = "looking into the canvas"
    found = ask(web.canvases_sections_lookup, what, canvas_id=canvas, criteria={"contains_text": heading})
    if found.get("sections"):
        return
    content = {"type": "markdown", "markdown": f"\n## {heading}\n{markdown}\n"}
    changes = [{"operation": "insert_at_end", "document_content": content}]
    ask(web.canvases_edit, "writing into the canvas", canvas_id=canvas, changes=changes)


def _send(url: str, content: bytes) -> None:
    try:
        with limited(httpx.Client(timeout=TIMEOUT_SECONDS)) as client:
            answer = fetch(client, "POST", url, content=content, seconds=TIMEOUT_SECONDS)
    except httpx.HTTPError as error:
        raise RetryLater(f"Slack did not take the file ({type(error).__name__}).") from None
    if not answer.is_success:
        raise RetryLater(f"Slack did not take the file ({answer.status_code}).")


def _is_there(web: WebClient, ask: Ask, channel: str, name: str) -> bool:
    recent = ask(web.conversations_history, "looking for a file", channel=channel, limit=PAGE)
    messages = recent.get("messages") or ()
    files = (file for message in messages if isinstance(message, dict) for file in message.get("files") or ())
    return any(isinstance(file, dict) and file.get("name") == name for file in files)
