"""canvases.*: documents within Slack, as far as the desk needs them: looking for a text, adding at the end."""

from sandbox.core.errors import SlackError
from sandbox.core.model import Json
from sandbox.slack.methods.call import Call


def edit(call: Call) -> Json:
    """Add markdown at the end of a canvas: one change a call."""
    name = _known(call)
    changes = call.json("changes", "invalid_arguments")
    if not isinstance(changes, list) or len(changes) != 1:
        raise SlackError("invalid_arguments")
    change = changes[0]
    content = change.get("document_content") or {}
    if change.get("operation") != "insert_at_end" or content.get("type") != "markdown":
        raise SlackError("canvas_editing_failed")
    with call.workspace.changing():
        call.workspace.canvases[name] += str(content.get("markdown") or "")
    return {}


def sections_lookup(call: Call) -> Json:
    """Find the sections that hold a text."""
    name = _known(call)
    criteria = call.json("criteria", "invalid_arguments") or {}
    wanted = str(criteria.get("contains_text") or "")
    lines = call.workspace.canvases[name].splitlines()
    found = [number for number, line in enumerate(lines) if wanted and wanted in line]
    return {"sections": [{"id": f"temp:C:{number}"} for number in found]}


def _known(call: Call) -> str:
    name = call.need("canvas_id")
    if name not in call.workspace.canvases:
        raise SlackError("canvas_not_found")
    return name
