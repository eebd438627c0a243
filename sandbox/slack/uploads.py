"""Where the bytes of a file go: the address that `files.getUploadURLExternal` has given."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from sandbox.core.workspace import Workspace
from sandbox.slack.web_api import raw_body


def router(workspace: Workspace) -> APIRouter:
    """The routes under which files are uploaded."""
    routes = APIRouter()

    @routes.post("/upload/v1/{file_id}")
    def upload(file_id: str, raw: Annotated[bytes, Depends(raw_body)]) -> Response:
        with workspace.lock:
            file = workspace.files.get(file_id)
            if file is None:
                return Response("no such file", status_code=404)
            if len(raw) != file.length:
                return Response("the length is not as it was said", status_code=400)
            file.content = raw
        return Response(f"OK - {len(raw)}")

    return routes
