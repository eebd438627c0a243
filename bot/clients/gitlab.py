"""Issues in GitLab."""

import re
from urllib.parse import quote

import httpx
from pydantic import Field, TypeAdapter

from bot.clients.http import Answer, Call, Http, Now, Observe, gitlab_wait, unobserved
from workflows.errors import Refused
from workflows.ports import Issue

_PROJECT = re.compile(r"\d+|[\w-][\w.-]*(/[\w-][\w.-]*)+", re.ASCII)


class _Issue(Answer):
    iid: int
    title: str
    web_url: str
    state: str
    labels: list[str] = Field(default_factory=list)
    description: str | None = None


_ISSUE = TypeAdapter(_Issue)
_ISSUES = TypeAdapter(list[_Issue])


class GitLab:
    """`workflows.ports.Issues` over the GitLab API.

    `url` is the instance's own, such as `https://gitlab.com`. Every method may raise `RetryLater`, `Refused`,
    `NotFound` or `Misconfigured`.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        now: Now,
        observe: Observe = unobserved,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = Http(
            "GitLab",
            url.rstrip("/") + "/api/v4",
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            secrets=(token,),
            wait=gitlab_wait,
            now=now,
            observe=observe,
            transport=transport,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def search(self, project: str, words: str, *, limit: int) -> list[Issue]:
        """List the best matching open issues, best first."""
        call = Call(
            "search_issues",
            "GET",
            f"{_project(project)}/issues",
            f"project {project}",
            params={"search": words, "in": "title,description", "state": "opened", "per_page": limit},
        )
        return [_issue(project, found) for found in self._http.send(call, _ISSUES)]


def _project(project: str) -> str:
    """Build the path of a project's resources; a name becomes one encoded part of it."""
    if not _PROJECT.fullmatch(project):
        raise Refused(f"{project!r} is not a GitLab project: give its number or a path such as group/project.")
    return f"/projects/{quote(project, safe='')}"


def _issue(project: str, found: _Issue) -> Issue:
    return Issue(project, found.iid, found.title, found.web_url, found.state, tuple(found.labels))
