"""Issues in GitLab."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import Field, TypeAdapter

from bot.clients.http import Call, Http, Now, Observe, Rejected, VendorModel, gitlab_wait, unobserved
from bot.clients.relevance import best_first, queries
from workflows.contract.account_port import Projects, TrackerProject
from workflows.contract.errors import NotFound, Refused
from workflows.contract.issue_port import Issue, Issues
from workflows.lib.markup import defuse_quick_actions

_PROJECT = re.compile(r"\d+|[\w-][\w.-]*(/[\w-][\w.-]*)+", re.ASCII)
_PER_PAGE = 100
_MOST_PAGES = 30
_TITLE_LENGTH = 255

MARK = "<!-- desk:"
"""How the hidden line begins by which the desk knows its own issues and comments."""


class _Issue(VendorModel):
    iid: int
    title: str = ""
    web_url: str = ""
    state: str = "opened"
    labels: list[str] = Field(default_factory=list)
    description: str | None = None
    upvotes: int = 0


class _Note(VendorModel):
    id: int
    body: str = ""


class User(VendorModel):
    """Somebody in GitLab."""

    id: int
    username: str
    name: str


class _Access(VendorModel):
    access_level: int = 0


class _Permissions(VendorModel):
    project_access: _Access | None = None
    group_access: _Access | None = None


class Project(VendorModel):
    """A project, as this token sees it."""

    id: int
    path_with_namespace: str
    web_url: str = ""
    archived: bool = False
    issues_access_level: str = "enabled"
    permissions: _Permissions = _Permissions()

    @property
    def access_level(self) -> int:
        """What the token may do there: 10 guest, 15 planner, 20 reporter, 30 developer, ...; 0 is not a member."""
        given = (self.permissions.project_access, self.permissions.group_access)
        return max((access.access_level for access in given if access), default=0)


class Token(VendorModel):
    """An access token."""

    name: str = ""
    scopes: list[str] = Field(default_factory=list)
    expires_at: date | None = None


class _Label(VendorModel):
    name: str


_ISSUE = TypeAdapter(_Issue)
_ISSUES = TypeAdapter(list[_Issue])
_NOTES = TypeAdapter(list[_Note])
_USERS = TypeAdapter(list[User])
_PROJECTS = TypeAdapter(Project)
_TOKEN = TypeAdapter(Token)
_LABEL = TypeAdapter(_Label)


class GitLab(Issues, Projects):
    """The port over the GitLab API.

    `url` is the instance's own, such as `https://gitlab.com`. Every method may raise `RetryLater`, `Refused`,
    `NotFound` or `Misconfigured`. All that goes into a description or comment is kept from being a quick action.
    """

    http: Http
    """The way to the API, which the readers of other parts of it share."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        now: Now,
        observe: Observe = unobserved,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.http = Http(
            "GitLab",
            url.rstrip("/") + "/api/v4",
            # GitLab takes access tokens and OAuth tokens alike in this header, and httpx hides it in its repr.
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            secrets=(token,),
            wait=gitlab_wait,
            now=now,
            observe=observe,
            transport=transport,
        )

    def disconnect(self) -> None:
        """Close the connections."""
        self.http.disconnect()

    # ------------------------------------------------------------------------------------- reading

    def search(self, project: str, words: str, *, limit: int) -> list[Issue]:
        """List the best matching open issues, best first. No words worth looking for: none."""
        found: dict[int, _Issue] = {}
        for query in queries(words):
            params = {"search": query, "in": "title,description", "state": "opened"}
            found |= {issue.iid: issue for issue in self._list("search_issues", project, params)}
            if len(found) >= limit:
                break
        ranked = best_first(words, found.values(), lambda one: (one.title, one.description or "", one.upvotes))
        return [_issue(project, issue) for issue in ranked[:limit]]

    def read(self, project: str, number: int) -> Issue:
        """Read an issue. `NotFound` when there is none."""
        return _issue(project, self._read(project, number))

    def find_titled(self, project: str, title: str) -> Issue | None:
        """Find the issue of exactly this title: an open one before a closed one, the newest first, or None."""
        by_search = {"search": title, "in": "title", "state": "all"}
        by_us = {"scope": "created_by_me", "state": "all"}  # the index of the search may lag
        for params in (by_search, by_us):
            found = [issue for issue in self._pages("find_titled_issue", project, params) if issue.title == title]
            if found:
                return _issue(project, max(found, key=lambda issue: (issue.state == "opened", issue.iid)))
        return None

    def user(self, username: str) -> User | None:
        """Find somebody by their user name (with or without `@`), or by their whole e-mail address, or None.

        By address GitLab finds only who shows it, unless the token is an administrator's.
        """
        name = username.removeprefix("@")
        params = {"search": name} if "@" in name else {"username": name}
        found = self.http.send(Call("find_user", "GET", "/users", "a user", params=params), _USERS)
        return found[0] if len(found) == 1 else None

    def token(self) -> Token:
        """What the token may do. `NotFound` or `Misconfigured` for kinds of tokens that cannot be asked, or none."""
        return self.http.send(Call("read_token", "GET", "/personal_access_tokens/self", "the token"), _TOKEN)

    def project(self, project: str) -> Project:
        """Read a project. `NotFound` when there is none, or when it is not shown to us."""
        return self.http.send(Call("read_project", "GET", project_path(project), f"project {project}"), _PROJECTS)

    def find_project(self, project: str) -> TrackerProject:
        """A project by its number or path; see the port."""
        found = self.project(project)
        return TrackerProject(found.id, found.path_with_namespace, found.web_url)

    def has_label(self, project: str, label: str) -> bool:
        """Whether a project (or its group) has this label."""
        path = f"{project_path(project)}/labels/{quote(label, safe='')}"
        try:
            self.http.send(Call("read_label", "GET", path, f"label {label!r}"), _LABEL)
        except NotFound:
            return False
        return True

    # ------------------------------------------------------------------------------------- writing

    def create(
        self,
        project: str,
        title: str,
        description: str,
        *,
        mark: str,
        labels: Sequence[str] = (),
        assignee: str | None = None,
        confidential: bool = False,
        again: bool = False,
    ) -> Issue:
        """Open an issue; with `again`, only when there is none of this `mark`, which its description carries.

        An `assignee` (a user name) GitLab does not know is named in the description instead.
        """
        found = self._marked(project, mark) if again else None
        if found:
            return _issue(project, found)
        user = self.user(assignee) if assignee else None
        if assignee and not user:
            description += f"\n\n(To be assigned to {assignee}, whom GitLab does not know.)"
        body = {
            "title": title[:_TITLE_LENGTH],
            "description": f"{defuse_quick_actions(description)}\n\n{_marker(mark)}",
            "labels": list(labels),
            "assignee_ids": [user.id] if user else [],
            "confidential": confidential,
        }
        call = Call("create_issue", "POST", f"{project_path(project)}/issues", f"project {project}", body=body)
        return _issue(project, self.http.send(call, _ISSUE))

    def comment(
        self, project: str, number: int, body: str, *, mark: str, internal: bool = False, again: bool = False
    ) -> None:
        """Comment on an issue; with `again`, only when there is no comment of this `mark`."""
        path, what = f"{issue_path(project, number)}/notes", f"issue {project}#{number}"
        if again:
            params: dict[str, str | int] = {
                "sort": "desc",
                "activity_filter": "only_comments",
                "per_page": _PER_PAGE,
            }
            newest = self.http.send(Call("list_comments", "GET", path, what, params=params), _NOTES)
            if any(_marker(mark) in note.body for note in newest):
                return
        text = f"{defuse_quick_actions(body)}\n\n{_marker(mark)}"
        self.http.order(Call("comment", "POST", path, what, body={"body": text, "internal": internal}))

    def set_labels(self, project: str, number: int, *, add: Sequence[str], remove: Sequence[str] = ()) -> Issue:
        """Add and remove single labels; a scoped label (`key::value`) replaces the others of its key.

        The others are removed by name, because without a paid tier GitLab takes scoped labels for plain text.
        """
        found = self._read(project, number)
        scopes = {_scope(label): label for label in add if _scope(label)}  # of one key, the last wins
        added = [label for label in add if scopes.get(_scope(label), label) == label]
        rivals = {label for label in found.labels if _scope(label) in scopes}
        removed = sorted({*remove, *rivals} - set(added))
        if set(added) <= set(found.labels) and not set(removed) & set(found.labels):
            return _issue(project, found)
        return self._change(project, number, "set_labels", {"add_labels": added, "remove_labels": removed})

    def close(self, project: str, number: int) -> Issue:
        """Close an issue (closing a closed one is fine)."""
        return self._change(project, number, "close_issue", {"state_event": "close"})

    def reopen(self, project: str, number: int) -> Issue:
        """Reopen an issue."""
        return self._change(project, number, "reopen_issue", {"state_event": "reopen"})

    def rename(self, project: str, number: int, title: str) -> Issue:
        """Give an issue another title."""
        return self._change(project, number, "rename_issue", {"title": title[:_TITLE_LENGTH]})

    def relate(self, project: str, number: int, other_project: str, other_number: int) -> None:
        """Make two issues related (doing it again is fine)."""
        path = f"{issue_path(project, number)}/links"
        body = {"target_project_id": other_project, "target_issue_iid": other_number, "link_type": "relates_to"}
        try:
            self.http.order(Call("relate_issues", "POST", path, f"issue {project}#{number}", body=body))
        except Rejected as error:
            if error.status != httpx.codes.CONFLICT:  # they are related already
                raise

    def assign(self, project: str, number: int, assignee: str) -> Issue:
        """Make somebody (user name or e-mail address) the assignee. `NotFound` when GitLab knows no such user."""
        user = self.user(assignee)
        if user is None:
            raise NotFound(f"GitLab knows nobody called {assignee}.")
        return self._change(project, number, "assign_issue", {"assignee_ids": [user.id]})

    # ------------------------------------------------------------------------------------- helpers

    def _list(self, operation: str, project: str, params: Mapping[str, str | int]) -> list[_Issue]:
        path = f"{project_path(project)}/issues"
        call = Call(operation, "GET", path, f"project {project}", params={**params, "per_page": _PER_PAGE})
        return self.http.send(call, _ISSUES)

    def _pages(self, operation: str, project: str, params: Mapping[str, str | int]) -> Iterator[_Issue]:
        """The issues of a list, page after page: ours may stand behind hundreds of others."""
        for number in range(1, _MOST_PAGES + 1):
            page = self._list(operation, project, {**params, "page": number})
            yield from page
            if len(page) < _PER_PAGE:
                break

    def _read(self, project: str, number: int) -> _Issue:
        call = Call("read_issue", "GET", issue_path(project, number), f"issue {project}#{number}")
        return self.http.send(call, _ISSUE)

    def _change(self, project: str, number: int, operation: str, change: Mapping[str, Any]) -> Issue:
        path = issue_path(project, number)
        call = Call(operation, "PUT", path, f"issue {project}#{number}", body=change)
        return _issue(project, self.http.send(call, _ISSUE))

    def _marked(self, project: str, mark: str) -> _Issue | None:
        """Find the issue of this mark: by search, or, as its index may lag, among our newest."""
        by_search = {"search": mark, "in": "description", "state": "all"}
        by_us = {"scope": "created_by_me", "state": "all"}
        for params in (by_search, by_us):
            for issue in self._pages("find_marked_issue", project, params):
                if _marker(mark) in (issue.description or ""):
                    return issue
        return None


def _marker(mark: str) -> str:
    return f"{MARK}{mark} -->"


def _scope(label: str) -> str:
    """Return the key of a scoped label (`a::b` of `a::b::c`); empty for a plain one."""
    return label.rpartition("::")[0]


def project_path(project: str) -> str:
    """Build the path of a project's resources; a name becomes one encoded part of it."""
    if not _PROJECT.fullmatch(project):
        raise Refused(f"{project!r} is not a GitLab project: give its number or a path such as group/project.")
    return f"/projects/{quote(project, safe='')}"


def issue_path(project: str, number: int) -> str:
    """Build the path of an issue."""
    return f"{project_path(project)}/issues/{number}"


def _issue(project: str, found: _Issue) -> Issue:
    return Issue(project, found.iid, found.title, found.web_url, found.state, tuple(found.labels))
