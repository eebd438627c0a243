"""Google Docs, as strict as its documentation: indices in UTF-16 units, revisions, named ranges that move."""

import base64
import json
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from sandbox.vendors.base import Call, Now, Refusal, Route, Vendor, VendorResponse, json_only

TOKEN = "sandbox-google"
DOCUMENT = "1eyMzbzImSKNFMpmu33C6imvC1iWEWHREJqaD6mkVDNg"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_DOC = r"/documents/([^/:]+)"

Record = dict[str, Any]


class Document:
    """A text whose first character has the index 1, and named ranges (name, start, end)."""

    def __init__(self, text: str) -> None:
        self.units = text.encode("utf-16-le")
        self.ranges: list[tuple[str, int, int]] = []
        self.revision = 1

    @property
    def text(self) -> str:
        """All of it."""
        return self.units.decode("utf-16-le")

    @property
    def end(self) -> int:
        """Behind the last newline."""
        return 1 + len(self.units) // 2

    def insert(self, at: int, text: str) -> None:
        """Insert a text; ranges behind it move, and one around it grows."""
        if not 1 <= at < self.end:
            raise _bad(f"Index {at} must be less than the end index of the referenced segment, {self.end}.")
        place = 2 * (at - 1)
        try:
            self.units[:place].decode("utf-16-le")
        except UnicodeDecodeError:
            raise _bad("The index splits a surrogate pair.") from None
        added = text.encode("utf-16-le")
        self.units = self.units[:place] + added + self.units[place:]
        moved = len(added) // 2
        self.ranges = [
            (name, start + moved if start >= at else start, end + moved if end > at else end)
            for name, start, end in self.ranges
        ]


class Google(Vendor):
    """Documents that are shared with the service account.

    What stands in `interfering` is typed at the top of the document, one before each update that comes.
    """

    prefix = "/vendors/google/v1"

    def __init__(self, now: Now) -> None:
        super().__init__(now)
        self.documents = {DOCUMENT: Document("Support Week in Review\n")}
        self.interfering: list[str] = []

    def routes(self) -> list[Route]:
        """List what is served."""
        return [("GET", _DOC, self._get), ("POST", _DOC + ":batchUpdate", self._update)]

    def router(self) -> APIRouter:
        """Serve the documents, and the tokens."""
        router = super().router()

        @router.post("/vendors/google/token", include_in_schema=False)
        async def token(request: Request) -> JSONResponse:
            sent = parse_qs((await request.body()).decode())
            parts = sent.get("assertion", [""])[0].split(".")
            if sent.get("grant_type") != [_GRANT] or len(parts) != 3 or not _claims(parts[1]).get("iss"):
                return JSONResponse({"error": "invalid_grant"}, 400)
            return JSONResponse({"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"})

        return router

    def admit(self, call: Call) -> None:
        """Refuse a wrong token, and a body that is not JSON."""
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            raise Refusal(401, {"error": {"code": 401, "message": "Request had invalid credentials."}})
        json_only(call, Refusal(400, {"error": {"code": 400, "message": "Invalid JSON payload."}}))

    def unknown(self) -> Refusal:
        """Refuse a path there is nothing at."""
        return Refusal(404, {"error": {"code": 404, "message": "Requested entity was not found."}})

    def state(self) -> Record:
        """Show the documents' texts."""
        return {"documents": {name: found.text for name, found in self.documents.items()}, "calls": self.calls}

    def edit(self, text: str, document: str = DOCUMENT) -> None:
        """Type something at the top, as a person does."""
        found = self.documents[document]
        found.insert(1, text)
        found.revision += 1

    def _document(self, name: str) -> Document:
        if name not in self.documents:
            raise self.unknown()
        return self.documents[name]

    def _get(self, _call: Call, name: str) -> VendorResponse:
        found = self._document(name)
        content, at = [], 1
        for line in found.text.splitlines(keepends=True):
            end = at + len(line.encode("utf-16-le")) // 2
            content.append({"startIndex": at, "endIndex": end, "paragraph": {}})
            at = end
        named: Record = {}
        for range_name, start, end in found.ranges:
            one = {"name": range_name, "ranges": [{"startIndex": start, "endIndex": end}]}
            named.setdefault(range_name, {"name": range_name, "namedRanges": []})["namedRanges"].append(one)
        body = {"content": content}
        return VendorResponse(
            {"documentId": name, "revisionId": str(found.revision), "body": body, "namedRanges": named}
        )

    def _update(self, call: Call, name: str) -> VendorResponse:
        found = self._document(name)
        if self.interfering:
            self.edit(self.interfering.pop(0), name)
        required = call.body.get("writeControl", {}).get("requiredRevisionId")
        if required is not None and required != str(found.revision):
            raise _bad("The required revision ID does not match the latest revision.")
        trial = Document(found.text)  # all of it is applied, or nothing
        trial.ranges = list(found.ranges)
        for request in call.body.get("requests", []):
            _apply(trial, request)
        found.units, found.ranges, found.revision = trial.units, trial.ranges, found.revision + 1
        return VendorResponse(
            {"documentId": name, "replies": [], "writeControl": {"requiredRevisionId": str(found.revision)}}
        )


def _apply(document: Document, request: Record) -> None:
    if "insertText" in request:
        insert = request["insertText"]
        document.insert(int(insert["location"]["index"]), str(insert["text"]))
    elif "createNamedRange" in request:
        wanted = request["createNamedRange"]
        start, end = (int(wanted["range"][name]) for name in ("startIndex", "endIndex"))
        if not 1 <= start < end < document.end:
            raise _bad("The range is empty, or not in the document.")
        document.ranges.append((str(wanted["name"]), start, end))
    else:
        raise _bad("Unknown request.")


def _bad(message: str) -> Refusal:
    return Refusal(400, {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}})


def _claims(part: str) -> Record:
    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
