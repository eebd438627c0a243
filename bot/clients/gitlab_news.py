"""What GitLab would have told by webhook, for who asks: what happened to issues and merge requests, and comments."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Final, TypeVar

from pydantic import AwareDatetime, Field, TypeAdapter

from bot.clients.gitlab import MARK, issue_path, project_path
from bot.clients.http import Call, Http, VendorModel
from workflows.contract.facts import IncomingFact, IssueChange, IssueChanged, IssueCommented, MergeRequestChanged
from workflows.contract.news_ports import IssueNews

_PER_PAGE: Final = 100
_MOST_PAGES: Final = 50
_NUMBERS_A_CALL: Final = 50
_LONGEST_TITLE: Final = 255
_LONGEST_COMMENT: Final = 10_000
_LONGEST_DESCRIPTION: Final = 10_000
_EDITED: Final = "changed the description"
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that is not told."""
_STATES: Final = {"closed": IssueChange.CLOSED, "reopened": IssueChange.REOPENED}


class _Person(VendorModel):
    name: str = ""
    username: str = ""


class _References(VendorModel):
    full: str = ""


class _Issue(VendorModel):
    iid: int
    project_id: int
    title: str = ""
    description: str | None = None
    web_url: str = ""
    labels: list[str] = Field(default_factory=list)
    author: _Person = _Person()
    references: _References = _References()
    moved_to_id: int | None = None
    created_at: AwareDatetime = LONG_AGO


class _Label(VendorModel):
    name: str = ""


class _Event(VendorModel):
    id: int
    user: _Person = _Person()
    created_at: AwareDatetime = LONG_AGO


class _StateEvent(_Event):
    state: str = ""


class _LabelEvent(_Event):
    label: _Label | None = None
    action: str = ""


class _Note(VendorModel):
    id: int
    body: str = ""
    author: _Person = _Person()
    system: bool = False
    created_at: AwareDatetime = LONG_AGO


class _MergeRequest(VendorModel):
    iid: int
    project_id: int
    state: str = ""
    references: _References = _References()
    merged_by: _Person | None = None
    merged_at: AwareDatetime | None = None
    closed_by: _Person | None = None
    closed_at: AwareDatetime | None = None


_ISSUES = TypeAdapter(list[_Issue])
_STATE_EVENTS = TypeAdapter(list[_StateEvent])
_LABEL_EVENTS = TypeAdapter(list[_LabelEvent])
_NOTES = TypeAdapter(list[_Note])
_MERGE_REQUESTS = TypeAdapter(list[_MergeRequest])

T = TypeVar("T")


class GitLabNews(IssueNews):
    """The port over the events of GitLab's issues."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def changes(self, project: str, since: datetime, numbers: Sequence[int] | None = None) -> list[IncomingFact]:
        """What the issues' own events say; only those of an issue that changed since are read."""
        path = f"{project_path(project)}/issues"
        params: dict[str, str | int | Sequence[str]] = {
            "updated_after": since.astimezone(UTC).isoformat(),
            "scope": "all",
            "state": "all",
            "order_by": "updated_at",
            "sort": "asc",
        }
        wanted = sorted(set(numbers or ()))
        some = [wanted[first : first + _NUMBERS_A_CALL] for first in range(0, len(wanted), _NUMBERS_A_CALL)]
        asked = [{}] if numbers is None else [{"iids[]": [str(number) for number in one]} for one in some]
        return [
            fact
            for more in asked
            for issue in self._list("list_changed_issues", path, f"project {project}", {**params, **more}, _ISSUES)
            for fact in self._told(project, issue, since)
        ]

    def merge_requests(self, project: str, since: datetime, numbers: Sequence[int]) -> list[IncomingFact]:
        """Which of these merge requests were merged or closed."""
        path, what = f"{project_path(project)}/merge_requests", f"project {project}"
        wanted = sorted(set(numbers))
        params: dict[str, str | int | Sequence[str]] = {
            "updated_after": since.astimezone(UTC).isoformat(),
            "scope": "all",
            "state": "all",
        }
        found = [
            one
            for first in range(0, len(wanted), _NUMBERS_A_CALL)
            for one in self._list(
                "list_merge_requests",
                path,
                what,
                {**params, "iids[]": [str(number) for number in wanted[first : first + _NUMBERS_A_CALL]]},
                _MERGE_REQUESTS,
            )
        ]
        return [fact for one in found for fact in _ended(project, one, since)]

    def _told(self, project: str, issue: _Issue, since: datetime) -> Iterator[IncomingFact]:
        if issue.created_at > since:
            key = f"news:tracker:{issue.project_id}:{issue.iid}:opened"
            yield _fact(project, issue, key, issue.created_at, issue.author, IssueChange.OPENED)
        path, what = issue_path(project, issue.iid), f"issue {project}#{issue.iid}"
        labelled = self._list("list_label_events", f"{path}/resource_label_events", what, {}, _LABEL_EVENTS)
        new = (one for one in labelled if one.created_at > since and one.created_at > issue.created_at and one.label)
        for _, some in groupby(new, key=lambda one: (one.created_at.replace(microsecond=0), one.user.name)):
            together = list(some)
            added, removed = (_names(together, action) for action in ("add", "remove"))
            first = together[0]
            key = f"news:tracker:label:{first.id}"
            yield _fact(project, issue, key, first.created_at, first.user, IssueChange.LABELLED, added, removed)
        states = self._list("list_state_events", f"{path}/resource_state_events", what, {}, _STATE_EVENTS)
        for one in states:
            if one.created_at > since and one.state in _STATES:
                key = f"news:tracker:state:{one.id}"
                yield _fact(project, issue, key, one.created_at, one.user, _STATES[one.state])
        yield from self._written(project, issue, path, since)

    def _written(self, project: str, issue: _Issue, path: str, since: datetime) -> Iterator[IncomingFact]:
        """Comments, and what the tracker notes of a description that was changed; the newest come first."""
        newest: dict[str, str | int | Sequence[str]] = {"sort": "desc", "order_by": "created_at"}
        for note in self._list("list_notes", f"{path}/notes", f"issue {project}#{issue.iid}", newest, _NOTES):
            if note.created_at <= since:
                break
            key = f"news:tracker:note:{note.id}"
            if not note.system:
                yield IncomingFact(key, _comment(project, issue, note))
            elif note.body.startswith(_EDITED):
                yield _fact(project, issue, key, note.created_at, note.author, IssueChange.EDITED)

    def _list(
        self,
        operation: str,
        path: str,
        what: str,
        params: dict[str, str | int | Sequence[str]],
        shape: TypeAdapter[list[T]],
    ) -> Iterator[T]:
        for number in range(1, _MOST_PAGES + 1):
            numbered = {**params, "per_page": _PER_PAGE, "page": number}
            page = self._http.send(Call(operation, "GET", path, what, params=numbered), shape)
            yield from page
            if len(page) < _PER_PAGE:
                break


def _ended(project: str, found: _MergeRequest, since: datetime) -> Iterator[IncomingFact]:
    ends = {"merged": (found.merged_at, found.merged_by), "closed": (found.closed_at, found.closed_by)}
    at, by = ends.get(found.state, (None, None))
    if at is not None and at > since:
        fact = MergeRequestChanged(
            at=at.astimezone(UTC),
            by=by.name if by else "",
            project=found.references.full.rpartition("!")[0] or project,
            project_id=found.project_id,
            number=found.iid,
            state=found.state,
        )
        yield IncomingFact(f"news:tracker:merge:{found.project_id}:{found.iid}:{at.isoformat()}", fact)


def _comment(project: str, issue: _Issue, note: _Note) -> IssueCommented:
    return IssueCommented(
        at=note.created_at.astimezone(UTC),
        by=note.author.name,
        project=issue.references.full.rpartition("#")[0] or project,
        project_id=issue.project_id,
        number=issue.iid,
        comment=note.id,
        author=note.author.username,
        words=note.body[:_LONGEST_COMMENT],
        is_own=MARK in note.body,
    )


def _names(events: list[_LabelEvent], action: str) -> tuple[str, ...]:
    return tuple(sorted({one.label.name for one in events if one.label and one.action == action}))


def _fact(  # noqa: PLR0917 - all of a change
    project: str,
    issue: _Issue,
    key: str,
    at: datetime,
    by: _Person,
    change: IssueChange,
    added: tuple[str, ...] = (),
    removed: tuple[str, ...] = (),
) -> IncomingFact:
    fact = IssueChanged(
        at=at.astimezone(UTC),
        by=by.name,
        project=issue.references.full.rpartition("#")[0] or project,
        project_id=issue.project_id,
        number=issue.iid,
        title=issue.title[:_LONGEST_TITLE],
        url=issue.web_url,
        change=change,
        labels=tuple(issue.labels),
        added=added,
        removed=removed,
        description=(issue.description or "")[:_LONGEST_DESCRIPTION],
        is_moved=issue.moved_to_id is not None,
        is_own=MARK in (issue.description or ""),
    )
    return IncomingFact(key, fact)
