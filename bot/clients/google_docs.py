"""Paragraphs in a Google document: each once, whoever edits it meanwhile.

A named range on each paragraph is the mark that it stands; such a range moves with the text. Indices count UTF-16
units.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import httpx
from google.auth.exceptions import GoogleAuthError
from google.auth.transport import Request, Response
from google.oauth2 import service_account
from pydantic import Field, TypeAdapter

from bot.clients.http import Call, Http, Now, Observe, Rejected, VendorModel, unobserved
from bot.clients.limits import fetch, limited
from workflows.contract.document_port import Documents, Paragraph
from workflows.contract.errors import Misconfigured, RetryLater

SCOPE: Final = "https://www.googleapis.com/auth/documents"
PREFIX: Final = "desk:"
TRIES: Final = 4
_SECONDS: Final = 15.0
_STRIPPED: Final = re.compile("[\\x00-\\x1f\\x7f\\u2028\\u2029\\ue000-\\uf8ff]+")
"""What Google takes out of a text by itself, which would move every index behind it."""
_DOCUMENT: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


class _Span(VendorModel):
    start_index: int = Field(default=0, alias="startIndex")
    end_index: int = Field(default=0, alias="endIndex")


class _NamedRange(VendorModel):
    ranges: list[_Span] = Field(default_factory=list)


class _NamedRanges(VendorModel):
    named_ranges: list[_NamedRange] = Field(default_factory=list, alias="namedRanges")


class _Body(VendorModel):
    content: list[_Span] = Field(default_factory=list)


class _Document(VendorModel):
    revision: str = Field(alias="revisionId")
    body: _Body
    named_ranges: dict[str, _NamedRanges] = Field(default_factory=dict, alias="namedRanges")

    @property
    def end(self) -> int:
        """Where its last paragraph ends."""
        return max((span.end_index for span in self.body.content), default=2)

    def span(self, mark: str) -> _Span | None:
        """Where the paragraph of this mark stands, if it does."""
        named = self.named_ranges.get(PREFIX + mark)
        spans = [span for one in named.named_ranges for span in one.ranges] if named else []
        return spans[0] if spans else None


_DOC: TypeAdapter[_Document] = TypeAdapter(_Document)
_ANY: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


class GoogleDocs(Documents):
    """The port over the Google Docs API, as a service account that sees only documents shared with it.

    `key` is the account's key (JSON). Every method may raise `RetryLater`, `Refused`, `NotFound` or `Misconfigured`.
    """

    def __init__(
        self,
        key: str,
        url: str,
        *,
        now: Now,
        observe: Observe = unobserved,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._key = key
        self._tokens = limited(httpx.Client(timeout=_SECONDS, transport=transport))
        self._http = Http(
            "Google Docs",
            url.rstrip("/") + "/v1",
            headers={"Accept": "application/json"},
            secrets=(),
            wait=lambda _headers, _now: None,
            now=now,
            observe=observe,
            transport=transport,
        )

    @cached_property
    def _credentials(self) -> service_account.Credentials:
        """Made when it is first needed: a key that cannot be read stops the week in review, and nothing else."""
        try:
            made = service_account.Credentials.from_service_account_info  # the library types only some of it
            found: service_account.Credentials = made(json.loads(self._key), scopes=[SCOPE])  # type: ignore[no-untyped-call]
        except (ValueError, KeyError, TypeError, GoogleAuthError):
            raise Misconfigured("The key of the Google service account cannot be read.") from None
        return found

    @property
    def account(self) -> str:
        """The e-mail address a document has to be shared with. `Misconfigured` for a key that cannot be read."""
        return str(self._credentials.service_account_email)

    def disconnect(self) -> None:
        """Close the connections."""
        self._http.disconnect()
        self._tokens.close()

    def can_read(self, document: str) -> None:
        """Read a document, to see that it can be: `NotFound` or `Misconfigured` otherwise."""
        self._read(document)

    def add(self, document: str, heading: Paragraph, paragraphs: Sequence[Paragraph]) -> None:
        """Put the paragraphs below their heading, those that do not stand yet; see the port."""
        for _ in range(TRIES):
            found = self._read(document)
            changes = _changes(found, heading, paragraphs)
            if not changes or self._changed(document, found, changes):
                return
        raise RetryLater("The document changes so often just now that it cannot be written to.")

    def _changed(self, document: str, found: _Document, changes: list[dict[str, Any]]) -> bool:
        """Apply the changes, all or none; False when somebody edited the document since it was read."""
        body = {"requests": changes, "writeControl": {"requiredRevisionId": found.revision}}
        try:
            self._send("update_document", "POST", f"{_path(document)}:batchUpdate", _ANY, body)
        except Rejected:
            if self._read(document).revision != found.revision:
                return False
            raise
        return True

    def _read(self, document: str) -> _Document:
        found: _Document = self._send("read_document", "GET", _path(document), _DOC)
        return found

    def _send(
        self, operation: str, method: str, path: str, shape: TypeAdapter[Any], body: dict[str, Any] | None = None
    ) -> Any:  # noqa: ANN401 - of the shape's own type
        headers = {"Authorization": f"Bearer {self._token()}"}
        return self._http.send(Call(operation, method, path, "the document", body=body, headers=headers), shape)

    def _token(self) -> str:
        if not self._credentials.valid:
            try:
                self._credentials.refresh(_Transport(self._tokens))  # type: ignore[no-untyped-call]  # as above
            except httpx.HTTPError as error:
                raise RetryLater(f"Google cannot be reached ({type(error).__name__}).") from None
            except GoogleAuthError:
                raise Misconfigured("Google does not take the key of the service account.") from None
        return str(self._credentials.token)


class _Transport(Request):
    """How google-auth asks for a token: by httpx."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: int | None = None,
        **_more: object,
    ) -> Response:
        del timeout  # the client has its own
        return _Answered(fetch(self._client, method, url, seconds=_SECONDS, content=body, headers=headers))


class _Answered(Response):
    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer

    @property
    def status(self) -> int:
        return self._answer.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        return self._answer.headers

    @property
    def data(self) -> bytes:
        return self._answer.content


def _changes(found: _Document, heading: Paragraph, paragraphs: Sequence[Paragraph]) -> list[dict[str, Any]]:
    """What has to be done: one text is inserted, and each paragraph of it marked. Nothing when all of it stands."""
    missing = [one for one in paragraphs if found.span(one.mark) is None]
    title = found.span(heading.mark)
    if title is None:
        return _inserted(1, [heading, *missing], "", "\n")
    if not missing:
        return []
    below = title.end_index + 1
    if below >= found.end:  # somebody deleted everything below the heading
        return _inserted(found.end - 1, missing, "\n", "")
    return _inserted(below, missing, "", "\n")


def _inserted(at: int, paragraphs: Sequence[Paragraph], before: str, after: str) -> list[dict[str, Any]]:
    text, marks = "", []
    for one in paragraphs:
        text += before
        start = at + _units(text)
        text += _clean(one.text)
        marks.append((one.mark, start, at + _units(text)))
        text += after
    insert = {"insertText": {"location": {"index": at}, "text": text}}
    named = [
        {"createNamedRange": {"name": PREFIX + mark, "range": {"startIndex": start, "endIndex": end}}}
        for mark, start, end in marks
    ]
    return [insert, *named]


def _clean(text: str) -> str:
    """One line that stays as long as it is, and is never empty: nothing can be marked in an empty one."""
    return _STRIPPED.sub(" ", text).strip() or "-"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _path(document: str) -> str:
    if not _DOCUMENT.fullmatch(document):
        raise Misconfigured("The document in the policy is not an id: take it from its address, between /d/ and /edit.")
    return f"/documents/{document}"
