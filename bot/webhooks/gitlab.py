"""GitLab's webhooks: what people do to issues and merge requests by hand, and what they write on issues."""

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from pydantic import Field, ValidationError

from bot.clients.gitlab import MARK
from bot.webhooks.receiver import Delivery, MalformedError, Name, Number, Sent, moment
from workflows.contract.facts import Fact, IncomingFact, IssueChange, IssueChanged, IssueCommented, MergeRequestChanged

_ACTIONS: Final = {
    "open": IssueChange.OPENED,
    "close": IssueChange.CLOSED,
    "reopen": IssueChange.REOPENED,
}
_MERGE_ACTIONS: Final = frozenset({"merge", "close", "reopen"})
_LONGEST_TITLE: Final = 255
_LONGEST_DESCRIPTION: Final = 10_000
LONGEST_KEY: Final = 200
_SIGNING: Final = "whsec_"

OLDEST: Final = timedelta(minutes=30)
"""How old a signature may be. Replays within this time are stopped by their key."""
_LONGEST_COMMENT: Final = 10_000


class _Label(Sent):
    title: str


class _Labels(Sent):
    previous: list[_Label] = Field(default_factory=list)
    current: list[_Label] = Field(default_factory=list)


class _Description(Sent):
    previous: str | None = None
    current: str | None = None


class _Changes(Sent):
    labels: _Labels | None = None
    description: _Description | None = None


class _User(Sent):
    name: str = ""
    username: str = ""


class _Project(Sent):
    id: Number
    path_with_namespace: Name


class _Attributes(Sent):
    iid: Number
    title: str = ""
    url: str = ""
    description: str | None = None
    action: str | None = None
    updated_at: str | None = None
    moved_to_id: int | None = None


class _Kind(Sent):
    object_kind: str | None = None


class _Issue(Sent):
    user: _User = _User()
    project: _Project
    object_attributes: _Attributes
    labels: list[_Label] = Field(default_factory=list)
    changes: _Changes = _Changes()


class _CommentAttributes(Sent):
    id: Number
    note: str = ""
    noteable_type: str = ""
    system: bool = False
    internal: bool | None = None
    """Whether only members of the project may read it."""
    confidential: bool | None = None
    created_at: str | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether GitLab wrote it, or not everybody may read it."""
        return self.system or bool(self.internal or self.confidential)


class _Numbered(Sent):
    iid: Number


class _Comment(Sent):
    user: _User = _User()
    project: _Project
    object_attributes: _CommentAttributes
    issue: _Numbered | None = None


class _MergeRequestAttributes(Sent):
    iid: Number
    state: str
    action: str | None = None
    updated_at: str | None = None


class _MergeRequest(Sent):
    user: _User = _User()
    project: _Project
    object_attributes: _MergeRequestAttributes


class GitLab:
    """Known by a token that comes along, or by a signature over id, timestamp and body (Standard Webhooks).

    While a webhook moves from the one to the other, both hold.
    """

    def __init__(self, tokens: str, signing_tokens: str = "") -> None:
        """Each is one or several, separated by commas: while one is replaced, both hold."""
        self._tokens = _each(tokens)
        self._keys = [key for token in _each(signing_tokens) for key in _keys_of(token)]

    def is_authentic(self, delivery: Delivery) -> bool:
        """Whether a token is ours, or a signature made with ours lately. All are compared: time tells nothing."""
        given = delivery.headers.get("x-gitlab-token", "").encode()
        by_token = sum(hmac.compare_digest(token.encode(), given) for token in self._tokens) > 0
        return by_token or self._is_signed(delivery)

    def _is_signed(self, delivery: Delivery) -> bool:
        stamp, name = (delivery.headers.get(f"webhook-{part}", "") for part in ("timestamp", "id"))
        signed = f"{name}.{stamp}.".encode() + delivery.body
        own = [b"v1," + b64encode(hmac.new(key, signed, sha256).digest()) for key in self._keys]
        given = [part.encode() for part in delivery.headers.get("webhook-signature", "").split()]
        is_ours = sum(hmac.compare_digest(one, other) for one in own for other in given) > 0
        return is_ours and _is_recent(stamp, delivery.real_now)

    def read(self, delivery: Delivery) -> Sequence[IncomingFact]:
        """What it tells; nothing for objects and updates the desk does not follow."""
        try:
            found = list(_facts(delivery))
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            raise MalformedError(".".join(str(part) for part in first["loc"]) or "no JSON") from None
        key = _key(delivery)
        return [IncomingFact(f"{key}:{what}", fact) for what, fact in found]


def _facts(delivery: Delivery) -> Iterator[tuple[str, Fact]]:
    """Each thing it tells, and a word for it that tells it from the others of the delivery."""
    match _Kind.of_json(delivery.text).object_kind:
        case "issue":
            issue = _Issue.of_json(delivery.text, delivery.odd)
            for change in _all_changes(issue):
                yield change, _fact(issue, change, delivery)
        case "note":
            comment = _Comment.of_json(delivery.text, delivery.odd)
            if comment.issue is not None and not comment.object_attributes.is_hidden:
                yield "comment", _commented(comment, comment.issue.iid, delivery)
        case "merge_request":
            found = _MergeRequest.of_json(delivery.text, delivery.odd)
            if found.object_attributes.action in _MERGE_ACTIONS:
                yield "merge_request", _merge_request(found, delivery)


def _each(tokens: str) -> list[str]:
    return [token.strip() for token in tokens.split(",") if token.strip()]


def _keys_of(token: str) -> Iterator[bytes]:
    """What is signed with: what the token encodes behind `whsec_`, or one of another form as it is."""
    if token.startswith(_SIGNING):
        with suppress(ValueError):
            yield b64decode(token.removeprefix(_SIGNING), validate=True)
    yield token.encode()


def _is_recent(stamp: str, real_now: datetime) -> bool:
    """Whether a signature of this Unix time is one of the last minutes."""
    return re.fullmatch(r"[0-9]{1,12}", stamp) is not None and (
        abs(real_now.timestamp() - int(stamp)) <= OLDEST.total_seconds()
    )


def _key(delivery: Delivery) -> str:
    """The vendor's own key, the same when it tries again; older versions have none."""
    own = delivery.headers.get("idempotency-key") or delivery.headers.get("webhook-id")
    if own and len(own) <= LONGEST_KEY:
        return f"gitlab:{own}"
    return f"gitlab:{delivery.digest(delivery.headers.get('x-gitlab-event-uuid', ''))}"


def _all_changes(issue: _Issue) -> list[IssueChange]:
    """One delivery may tell that an issue was closed, labelled and edited."""
    change, known = _ACTIONS.get(issue.object_attributes.action or ""), issue.changes
    if change is IssueChange.OPENED:
        return [change]
    labelled = IssueChange.LABELLED if any(_labels(issue)) else None
    edited = IssueChange.EDITED if known.description and known.description.previous is not None else None
    return [one for one in (labelled, edited, change) if one is not None]


def _labels(issue: _Issue) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels that were added, and those that were taken off."""
    changed = issue.changes.labels
    if changed is None:
        return (), ()
    before, after = ({label.title for label in labels} for labels in (changed.previous, changed.current))
    return tuple(sorted(after - before)), tuple(sorted(before - after))


def _fact(issue: _Issue, change: IssueChange, delivery: Delivery) -> IssueChanged:
    attributes = issue.object_attributes
    added, removed = _labels(issue)
    return IssueChanged(
        at=moment(attributes.updated_at, delivery.now),
        by=issue.user.name,
        project=issue.project.path_with_namespace,
        project_id=issue.project.id,
        number=attributes.iid,
        title=attributes.title[:_LONGEST_TITLE],
        url=attributes.url,
        change=change,
        labels=tuple(label.title for label in issue.labels),
        added=added,
        removed=removed,
        description=(attributes.description or "")[:_LONGEST_DESCRIPTION],
        is_moved=attributes.moved_to_id is not None,
        is_own=MARK in (attributes.description or ""),
    )


def _commented(comment: _Comment, number: int, delivery: Delivery) -> IssueCommented:
    attributes = comment.object_attributes
    return IssueCommented(
        at=moment(attributes.created_at, delivery.now),
        by=comment.user.name,
        project=comment.project.path_with_namespace,
        project_id=comment.project.id,
        number=number,
        comment=attributes.id,
        author=comment.user.username,
        words=attributes.note[:_LONGEST_COMMENT],
        is_own=MARK in attributes.note,
    )


def _merge_request(found: _MergeRequest, delivery: Delivery) -> MergeRequestChanged:
    attributes = found.object_attributes
    return MergeRequestChanged(
        at=moment(attributes.updated_at, delivery.now),
        by=found.user.name,
        project=found.project.path_with_namespace,
        project_id=found.project.id,
        number=attributes.iid,
        state=attributes.state,
    )
