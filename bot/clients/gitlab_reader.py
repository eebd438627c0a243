"""What the desk reads of GitLab besides: how an issue stands, issue templates, who somebody is."""

from datetime import datetime
from urllib.parse import quote

from pydantic import Field, TypeAdapter

from bot.clients.gitlab import MARK, GitLab, issue_path, project_path
from bot.clients.http import Call, VendorModel
from workflows.contract.issue_port import Comment, Issue, IssueNews, IssueReader, Template, TrackerUser

_PER_PAGE = 100
_MOST_PAGES = 5
"""Five hundred comments between two looks are more than anybody answers."""


class _User(VendorModel):
    username: str = ""
    name: str = ""


class _Issue(VendorModel):
    iid: int
    title: str
    web_url: str
    state: str
    labels: list[str] = Field(default_factory=list)
    closed_by: _User | None = None
    moved_to_id: int | None = None


class _Note(VendorModel):
    id: int
    body: str = ""
    author: _User = _User()
    created_at: datetime
    system: bool = False
    internal: bool = False
    """Whether only members of the project may read it."""


class _Template(VendorModel):
    name: str
    content: str = ""


_ISSUE = TypeAdapter(_Issue)
_NOTES = TypeAdapter(list[_Note])
_TEMPLATE = TypeAdapter(_Template)


class GitLabReader(IssueReader):
    """The port over the GitLab API. Every method may raise `RetryLater`, `Refused`, `NotFound` or `Misconfigured`."""

    def __init__(self, gitlab: GitLab) -> None:
        self._gitlab = gitlab

    def news(self, project: str, number: int, since: datetime) -> IssueNews:
        """How an issue stands, with its comments since then that everybody may read, the oldest first."""
        what = f"issue {project}#{number}"
        found = self._gitlab.http.send(Call("read_issue_news", "GET", issue_path(project, number), what), _ISSUE)
        issue = Issue(project, found.iid, found.title, found.web_url, found.state, tuple(found.labels))
        by = found.closed_by.name if found.closed_by else ""
        comments = self._comments(project, number, what, since)
        return IssueNews(issue, comments, by, moved=found.moved_to_id is not None)

    def template(self, project: str, name: str) -> Template:
        """An issue template, by its name. `NotFound` when the project has none of it."""
        path = f"{project_path(project)}/templates/issues/{quote(name, safe='')}"
        call = Call("read_template", "GET", path, f"issue template {name!r} of {project}")
        found = self._gitlab.http.send(call, _TEMPLATE)
        return Template(found.name, found.content)

    def username(self, name: str) -> TrackerUser:
        """Who this is, by user name or e-mail address; GitLab finds by address only who shows it."""
        found = self._gitlab.user(name)
        return TrackerUser(found.username if found else None)

    def _comments(self, project: str, number: int, what: str, since: datetime) -> tuple[Comment, ...]:
        """The newest pages of comments, as far back as `since`."""
        path, found = f"{issue_path(project, number)}/notes", list[_Note]()
        for page in range(1, _MOST_PAGES + 1):
            params: dict[str, str | int] = {
                "sort": "desc",
                "order_by": "created_at",
                "activity_filter": "only_comments",
                "per_page": _PER_PAGE,
                "page": page,
            }
            notes = self._gitlab.http.send(Call("list_comments", "GET", path, what, params=params), _NOTES)
            found += [note for note in notes if note.created_at >= since and not note.system and not note.internal]
            if len(notes) < _PER_PAGE or notes[-1].created_at < since:
                break
        return tuple(_comment(note) for note in reversed(found))


def _comment(note: _Note) -> Comment:
    author = note.author
    return Comment(note.id, author.username, author.name, note.body, note.created_at, is_own=MARK in note.body)
