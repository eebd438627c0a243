"""GitLab's files: issue templates, branches, commits, merge requests; as strict as its documentation."""

from base64 import b64encode
from datetime import datetime
from hashlib import sha1
from typing import Any, Protocol
from urllib.parse import unquote

from sandbox.vendors.base import Call, Refusal, Route, VendorResponse
from sandbox.vendors.gitlab_calls import bad_request, one_of, paged, shown, whole_url
from sandbox.vendors.gitlab_seed import files, templates
from sandbox.vendors.hooks import Hook
from sandbox.vendors.webhook_payloads import merge_request_event

Record = dict[str, Any]
MAIN = "main"
_PROJECT = r"/projects/([^/]+)"
_DEVELOPER = 30
_EVER = "1970-01-01T00:00:00Z"
_STATES = {"all": 1, "opened": 1, "closed": 1, "merged": 1, "locked": 1}


class Host(Protocol):
    """The GitLab the files are in."""

    hook: Hook
    site: str
    projects: dict[str, int]
    users: list[Record]

    def path(self, project: str) -> str:
        """The path of a project."""

    def user(self, username: str) -> Record:
        """Find somebody by their user name."""

    def stamp(self) -> str:
        """The time now, as GitLab writes it."""

    def access_level(self, path: str) -> int:
        """What the token may do in a project."""


class Repository:
    """Files by project and branch, and the merge requests."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.templates = templates()
        """Issue templates, by project and name."""
        self.files: dict[str, dict[str, dict[str, str]]] = {path: {MAIN: dict(held)} for path, held in files().items()}
        """Contents, by project, branch and path."""
        self.merge_requests: dict[str, list[Record]] = {}

    def routes(self) -> list[Route]:
        """List what is served."""
        return [
            ("GET", _PROJECT + "/templates/issues/([^/]+)", self._template),
            ("GET", _PROJECT + "/repository/files/([^/]+)", self._file),
            ("POST", _PROJECT + "/repository/commits", self._commit),
            ("GET", _PROJECT + "/merge_requests", self._list),
            ("POST", _PROJECT + "/merge_requests", self._open),
            ("GET", _PROJECT + r"/merge_requests/(\d+)", self._read),
        ]

    # ------------------------------------------------------------------------------ what people do

    def set_state(self, project: str, number: int, state: str, *, by: str = "omar") -> None:
        """Merge (`merged`), close or reopen (`opened`) a merge request, as a person does."""
        found, person = self._found(project, number), self.host.user(by)
        found["state"], found["updated_at"] = state, self.host.stamp()
        found["merged_by"] = person if state == "merged" else None
        found["closed_by"] = person if state == "closed" else None
        found["merged_at"] = self.host.stamp() if state == "merged" else None
        found["closed_at"] = self.host.stamp() if state == "closed" else None
        if state == "merged":
            branches = self.files[self.host.path(project)]
            branches[found["target_branch"]] = branches.pop(found["source_branch"])
        action = {"merged": "merge", "closed": "close", "opened": "reopen"}[state]
        told = {**found, "web_url": f"{self.host.site}{found['web_url']}"}
        self.host.hook.deliver(merge_request_event(action, told, self.host.path(project), person))

    # ---------------------------------------------------------------------------------- the files

    def _template(self, _call: Call, project: str, name: str) -> VendorResponse:
        held = self.templates.get(self.host.path(project), {})
        if name not in held:
            raise Refusal(404, {"message": "404 Template Not Found"})
        return VendorResponse({"name": name, "content": held[name]})

    def _branches(self, project: str) -> dict[str, dict[str, str]]:
        return self.files.get(self.host.path(project), {})

    def _file(self, call: Call, project: str, path: str) -> VendorResponse:
        if "ref" not in call.query:
            raise bad_request("ref is missing")
        branch, name = self._branches(project).get(call.query["ref"]), unquote(path)
        if branch is None:
            raise Refusal(404, {"message": "404 Commit Not Found"})
        if name not in branch:
            raise Refusal(404, {"message": "404 File Not Found"})
        content = branch[name].encode()
        answer = {
            "file_path": name,
            "encoding": "base64",
            "content": b64encode(content).decode(),
            "ref": call.query["ref"],
            "last_commit_id": _commit_of(content),
        }
        return VendorResponse(answer)

    def _commit(self, call: Call, project: str) -> VendorResponse:
        self._need_developer(project)
        body, branches = call.body, self._branches(project)
        for name in ("branch", "commit_message", "actions"):
            if not body.get(name):
                raise bad_request(f"{name} is missing")
        branch, start = body["branch"], body.get("start_branch")
        if start is not None and branch in branches:
            sentence = f"A branch called '{branch}' already exists. Switch to that branch in order to make changes"
            raise Refusal(400, {"message": sentence})
        if (start or branch) not in branches:
            raise Refusal(400, {"message": "You can only create or edit files when you are on a branch"})
        held = dict(branches[start or branch])
        for action in body["actions"]:
            self._act(held, action)
        branches[branch] = held
        return VendorResponse({"id": _commit_of(repr(held).encode()), "title": body["commit_message"]}, 201)

    @staticmethod
    def _act(held: dict[str, str], action: Record) -> None:
        path = action.get("file_path", "")
        if action.get("action") != "update":
            raise bad_request("actions[action] does not have a valid value")
        if path not in held:
            raise Refusal(400, {"message": "A file with this name doesn't exist"})
        if action.get("last_commit_id") not in {None, _commit_of(held[path].encode())}:
            raise Refusal(400, {"message": "You are attempting to update a file that has changed since you started"})
        held[path] = action["content"]

    def _need_developer(self, project: str) -> None:
        if self.host.access_level(self.host.path(project)) < _DEVELOPER:
            raise Refusal(403, {"message": "403 Forbidden"})

    # ------------------------------------------------------------------------------ merge requests

    def _found(self, project: str, number: int | str) -> Record:
        for found in self.merge_requests.get(self.host.path(project), []):
            if found["iid"] == int(number):
                return found
        raise Refusal(404, {"message": "404 Not found"})

    def _list(self, call: Call, project: str) -> VendorResponse:
        one_of(call, "state", "all", _STATES)
        state, source = call.query.get("state", "all"), "source_branch"
        since, numbers = datetime.fromisoformat(call.query.get("updated_after", _EVER)), call.query.getlist("iids[]")
        found = [
            one
            for one in self.merge_requests.get(self.host.path(project), [])[::-1]
            if state in {"all", one["state"]}
            and call.query.get(source) in {None, one[source]}
            and (not numbers or str(one["iid"]) in numbers)
            and datetime.fromisoformat(one["updated_at"]) > since
        ]
        return paged(call, [whole_url(call, one) for one in found])

    def _open(self, call: Call, project: str) -> VendorResponse:
        self._need_developer(project)
        path, body, branches = self.host.path(project), call.body, self._branches(project)
        for name in ("source_branch", "target_branch", "title"):
            if not body.get(name):
                raise bad_request(f"{name} is missing")
        if not {body["source_branch"], body["target_branch"]} <= branches.keys():
            raise Refusal(400, {"message": ["Source branch or target branch does not exist"]})
        others = self.merge_requests.setdefault(path, [])
        duplicate = [
            one for one in others if one["source_branch"] == body["source_branch"] and one["state"] == "opened"
        ]
        if duplicate:
            sentence = f"Another open merge request already exists for this source branch: !{duplicate[0]['iid']}"
            raise Refusal(409, {"message": [sentence]})
        number = len(others) + 1
        found: Record = {
            "id": 90_000 + number,
            "iid": number,
            "project_id": self.host.projects[path],
            "title": body["title"],
            "description": body.get("description") or "",
            "state": "opened",
            "source_branch": body["source_branch"],
            "target_branch": body["target_branch"],
            "reviewers": [user for user in self.host.users if user["id"] in body.get("reviewer_ids", [])],
            "merged_by": None,
            "closed_by": None,
            "web_url": f"/vendors/gitlab/{path}/-/merge_requests/{number}",
            "references": {"full": f"{path}!{number}"},
            "updated_at": self.host.stamp(),
        }
        others.append(found)
        return shown(call, found, 201)

    def _read(self, call: Call, project: str, number: str) -> VendorResponse:
        return shown(call, self._found(project, number))


def _commit_of(content: bytes) -> str:
    return sha1(content, usedforsecurity=False).hexdigest()
