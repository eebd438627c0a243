"""Merge requests in GitLab: a branch with one edit, and the request to merge it."""

from base64 import b64decode
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import quote

import yaml
from pydantic import TypeAdapter

from bot.clients.gitlab import GitLab, project_path
from bot.clients.http import Call, Rejected, VendorModel
from workflows.contract.errors import Refused
from workflows.contract.merge_request_port import FileEdit, MergeRequest, MergeRequests
from workflows.lib.markup import defuse_quick_actions

_TITLE_LENGTH = 255


class _Project(VendorModel):
    default_branch: str | None = None


class _File(VendorModel):
    content: str
    encoding: str = "base64"
    last_commit_id: str = ""


class _Commit(VendorModel):
    id: str


class _User(VendorModel):
    name: str = ""


class _MergeRequest(VendorModel):
    iid: int
    title: str
    web_url: str
    state: str
    merged_by: _User | None = None
    closed_by: _User | None = None


_PROJECT = TypeAdapter(_Project)
_FILE = TypeAdapter(_File)
_COMMIT = TypeAdapter(_Commit)
_ONE = TypeAdapter(_MergeRequest)
_SEVERAL = TypeAdapter(list[_MergeRequest])


class GitLabMergeRequests(MergeRequests):
    """The port over the GitLab API; the token needs the role Developer in the project.

    Every method may raise `RetryLater`, `Refused`, `NotFound` or `Misconfigured`.
    """

    def __init__(self, gitlab: GitLab) -> None:
        self._gitlab = gitlab

    def draft(
        self,
        project: str,
        into: str | None,
        branch: str,
        edit: FileEdit,
        title: str,
        description: str,
        *,
        reviewers: Sequence[str] = (),
    ) -> MergeRequest:
        """Make the branch with the edit, and open the merge request; what is there under `branch` is taken.

        `NotFound` when there is no such file; `Refused` when the edit does not fit the file as it is now, or breaks it.
        """
        found = self._of_branch(project, branch)
        if found is None:
            target = into or self._default_branch(project)
            self._commit(project, target, branch, edit, title)
            found = self._open(project, target, branch, title, description, reviewers)
        return _merge_request(project, found)

    def merge_request(self, project: str, number: int) -> MergeRequest:
        """One merge request. `NotFound` when there is none."""
        path, what = f"{project_path(project)}/merge_requests/{number}", f"merge request {project}!{number}"
        return _merge_request(project, self._gitlab.http.send(Call("read_merge_request", "GET", path, what), _ONE))

    def _of_branch(self, project: str, branch: str) -> _MergeRequest | None:
        params = {"source_branch": branch, "state": "all"}
        path = f"{project_path(project)}/merge_requests"
        call = Call("find_merge_request", "GET", path, f"project {project}", params=params)
        found = self._gitlab.http.send(call, _SEVERAL)
        return found[0] if found else None

    def _default_branch(self, project: str) -> str:
        call = Call("read_project", "GET", project_path(project), f"project {project}")
        branch = self._gitlab.http.send(call, _PROJECT).default_branch
        if not branch:
            raise Refused(f"{project} has no default branch: it is empty, or its files are hidden from the desk.")
        return branch

    def _commit(self, project: str, target: str, branch: str, edit: FileEdit, title: str) -> None:
        """Make the branch and the edit in one: either both are there or none."""
        path = f"{project_path(project)}/repository/files/{quote(edit.path, safe='')}"
        what = f"file {edit.path} in {project}"
        file = self._gitlab.http.send(Call("read_file", "GET", path, what, params={"ref": target}), _FILE)
        action = {
            "action": "update",
            "file_path": edit.path,
            "content": edited(_text(file, edit.path), edit),
            "last_commit_id": file.last_commit_id,
        }
        body = {"branch": branch, "start_branch": target, "commit_message": title, "actions": [action]}
        call = Call("commit", "POST", f"{project_path(project)}/repository/commits", what, body=body)
        try:
            self._gitlab.http.send(call, _COMMIT)
        except Rejected as error:
            if "already exists" not in error.reason:  # an earlier try made the branch, and with it the edit
                raise

    def _open(
        self, project: str, target: str, branch: str, title: str, description: str, reviewers: Sequence[str]
    ) -> _MergeRequest:
        known = [user.id for user in map(self._gitlab.user, reviewers) if user]
        body = {
            "source_branch": branch,
            "target_branch": target,
            "title": title[:_TITLE_LENGTH],
            "description": defuse_quick_actions(description),
            "reviewer_ids": known,
            "remove_source_branch": True,
        }
        path = f"{project_path(project)}/merge_requests"
        try:
            call = Call("open_merge_request", "POST", path, f"project {project}", body=body)
            return self._gitlab.http.send(call, _ONE)
        except Rejected as error:
            found = self._of_branch(project, branch) if error.status == HTTPStatus.CONFLICT else None
            if found is None:
                raise
            return found


def _text(file: _File, path: str) -> str:
    try:
        return b64decode(file.content).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{path} is no text file.") from None


def edited(text: str, edit: FileEdit) -> str:
    """The file with the edit. `Refused`, with a sentence for who typed it, when it does not fit or breaks the file."""
    newline = "\r\n" if "\r\n" in text else "\n"
    find, replace = (part.replace("\r\n", "\n").replace("\n", newline) for part in (edit.find, edit.replace))
    if not find:
        between = "" if not text or text.endswith("\n") else newline
        changed = f"{text}{between}{replace.rstrip()}{newline}"
    elif text.count(find) == 1:
        changed = text.replace(find, replace)
    elif find in text:
        raise Refused(
            f"The text to replace stands {text.count(find)} times in {edit.path}. Please add a line around it."
        )
    else:
        raise Refused(f"The text to replace doesn't stand in {edit.path} like this. Please copy it from the file.")
    if edit.path.endswith((".yml", ".yaml")):
        _check_yaml(edit.path, text, changed)
    return changed


def _check_yaml(path: str, before: str, after: str) -> None:
    """Refuse an edit that breaks a file; one that is broken already, or has tags of its own, is left to its people."""
    try:
        yaml.compose(before)
    except yaml.YAMLError:
        return
    try:
        yaml.compose(after)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise Refused(f"With this edit {path} is no valid YAML any more{where}. Please mind the spaces.") from None


def _merge_request(project: str, found: _MergeRequest) -> MergeRequest:
    by = found.merged_by or found.closed_by
    return MergeRequest(project, found.iid, found.title, found.web_url, found.state, by.name if by else "")
