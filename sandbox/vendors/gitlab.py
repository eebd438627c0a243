"""GitLab's issue tracker, as strict as its documentation; quick actions are obeyed."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sandbox.vendors.base import Call, Now, Refusal, Route, Vendor, VendorResponse, json_only
from sandbox.vendors.gitlab_calls import bad_request, labels_sent, one_of, paged, shown, whole_url
from sandbox.vendors.gitlab_history import History
from sandbox.vendors.gitlab_repository import Repository
from sandbox.vendors.gitlab_seed import LABELS, issues, paths, people
from sandbox.vendors.hooks import Hook
from sandbox.vendors.webhook_payloads import issue_event, note_event

TOKEN = "sandbox-gitlab"
DESK = {"id": 1, "username": "desk", "name": "Escalation Desk", "state": "active"}
_PROJECT = r"/projects/([^/]+)"
_ISSUE = _PROJECT + r"/issues/(\d+)"
_STATES = {"all": {"opened", "closed"}, "opened": {"opened"}, "closed": {"closed"}}
_SCOPES: dict[str, Callable[[dict[str, Any]], bool]] = {
    "all": lambda _issue: True,
    "created_by_me": lambda issue: issue["author"] == DESK,
    "assigned_to_me": lambda issue: DESK in issue["assignees"],
}
_SORTS = {"asc": False, "desc": True}

Record = dict[str, Any]


class GitLab(Vendor):
    """Projects, issues and notes.

    `scoped_labels` is what the paid tiers have: setting `key::a` removes `key::b`. Without it they are plain text.
    """

    prefix = "/vendors/gitlab/api/v4"

    def __init__(self, now: Now, hook: Hook) -> None:
        super().__init__(now)
        self.hook = hook
        self.site = ""
        """The sandbox's own address, for the links in what is delivered."""
        self.scoped_labels = False
        self.index_lag = False
        """While True, `search` does not find what was created since it was set."""
        self.related: set[frozenset[int]] = set()
        """Pairs of the ids of issues that are related."""
        self.locked: set[int] = set()
        """The ids of issues whose discussion is locked: only members may comment; the desk is none."""
        self.token = {"id": 1, "name": "desk", "scopes": ["api"], "active": True, "expires_at": None}
        self.access_levels: dict[str, int] = {}
        """What the desk's token may do in a project, by its path, where that is not the usual."""
        self.labels = {label for _, _, _, labels in issues() for label in labels} | LABELS
        self.users = [DESK, *people()]
        self.projects = {path: 278_964 + number for number, path in enumerate(paths())}
        self.issues: dict[str, list[Record]] = {path: [] for path in self.projects}
        self.notes: dict[int, list[Record]] = {}
        self.repository = Repository(self)
        self._ids = iter(range(7_000, 10**9))
        self.history = History(self._ids, self.stamp)
        for path, title, description, labels in issues():
            self._open(path, title, description, labels)

    def routes(self) -> list[Route]:
        """List what is served."""
        return [
            ("GET", _PROJECT + "/issues", self._list),
            ("POST", _PROJECT + "/issues", self._create),
            ("GET", _ISSUE, self._read),
            ("PUT", _ISSUE, self._update),
            ("GET", _ISSUE + "/notes", self._list_notes),
            ("POST", _ISSUE + "/notes", self._note),
            ("POST", _ISSUE + "/links", self._relate),
            ("GET", _ISSUE + r"/resource_(state|label)_events", self._list_events),
            ("GET", "/users", self._find_user),
            ("GET", "/personal_access_tokens/self", lambda _call: VendorResponse(self.token)),
            ("GET", _PROJECT, self._project),
            ("GET", _PROJECT + "/labels/([^/]+)", self._label),
            *self.repository.routes(),
        ]

    def admit(self, call: Call) -> None:
        """Refuse a wrong token, and a body that is not JSON."""
        sent = {call.headers.get("private-token"), call.headers.get("authorization")}
        if not sent & {TOKEN, f"Bearer {TOKEN}"}:
            raise Refusal(401, {"message": "401 Unauthorized"})
        json_only(call, Refusal(415, {"error": "The provided content-type is not supported."}))

    def unknown(self) -> Refusal:
        """Refuse a path there is nothing at."""
        return Refusal(404, {"error": "404 Not Found"})

    def state(self) -> Record:
        """Show issues and notes by project."""
        notes = {str(issue): found for issue, found in self.notes.items()}
        return {"issues": self.issues, "notes": notes, "calls": self.calls}

    # ------------------------------------------------------------------------------ what people do

    def set_state(self, project: str, number: int, state: str, *, by: str = "maria") -> None:
        """Close (`closed`) or reopen (`opened`) an issue, as a person (by user name) does."""
        issue = self.issue(project, number)
        before, issue["state"] = issue["state"], state
        issue["updated_at"] = self.stamp()
        issue["closed_by"] = self.user(by) if state == "closed" else None
        if before != state:
            self._deliver_event(issue, "close" if state == "closed" else "reopen", self.user(by))

    def move(self, project: str, number: int, to: str, *, by: str = "maria") -> Record:
        """Move an issue to another project: a copy goes on there, and here it is closed."""
        issue = self.issue(project, number)
        copied = self._open(self.path(to), issue["title"], issue["description"], issue["labels"], self.user(by))
        issue["moved_to_id"] = copied["id"]
        self.set_state(project, number, "closed", by=by)
        self._deliver_event(copied, "open", self.user(by))
        return copied

    def label(self, project: str, number: int, label: str, *, by: str = "maria") -> None:
        """Add a label, as a person does."""
        issue = self.issue(project, number)
        before, issue["updated_at"] = issue["labels"], self.stamp()
        self._relabel(issue, add=[label])
        self._deliver_event(issue, "update", self.user(by), before)

    def unlabel(self, project: str, number: int, label: str, *, by: str = "maria") -> None:
        """Take a label off, as a person does."""
        issue = self.issue(project, number)
        before, issue["updated_at"] = issue["labels"], self.stamp()
        self._relabel(issue, remove=[label])
        self._deliver_event(issue, "update", self.user(by), before)

    def comment(self, project: str, number: int, text: str, *, by: str = "omar") -> None:
        """Comment on an issue, as a person does."""
        issue, person = self.issue(project, number), self.user(by)
        note = self.note(issue, text, person)
        self.hook.deliver(note_event(note, {**issue, "web_url": f"{self.site}{issue['web_url']}"}, self.path(project)))

    def open_issue(self, project: str, title: str, labels: list[str], *, by: str = "maria") -> Record:
        """Open an issue, as a person or another program does."""
        issue = self._open(self.path(project), title, "", labels, author=self.user(by))
        self._deliver_event(issue, "open", self.user(by))
        return issue

    def user(self, username: str) -> Record:
        """Find somebody by their user name."""
        return next(user for user in self.users if user["username"] == username)

    def _deliver_event(self, issue: Record, action: str, by: Record, before: list[str] | None = None) -> None:
        """Tell the webhook, and write it down; `before` are the labels the issue had, where they may have changed."""
        self.history.add(issue, action, by, before)
        path = next(path for path, number in self.projects.items() if number == issue["project_id"])
        changed = before if before is not None and before != issue["labels"] else None
        if action != "update" or changed is not None:
            shown = {**issue, "web_url": f"{self.site}{issue['web_url']}"}
            self.hook.deliver(issue_event(action, shown, path, by, changed))

    # -------------------------------------------------------------------------------------- issues

    def path(self, project: str) -> str:
        """The path of a project, which may be named by its number."""
        for path, number in self.projects.items():
            if project in {path, str(number)}:
                return path
        raise Refusal(404, {"message": "404 Project Not Found"})

    def _project(self, call: Call, project: str) -> VendorResponse:
        path = self.path(project)
        level = self.access_level(path)
        access = {"access_level": level, "notification_level": 3} if level else None
        return VendorResponse(
            {
                "id": self.projects[path],
                "path_with_namespace": path,
                "web_url": f"{call.site}/vendors/gitlab/{path}",
                "archived": False,
                "issues_access_level": "enabled",
                "default_branch": "main",
                "permissions": {"project_access": access, "group_access": None},
            }
        )

    def access_level(self, path: str) -> int:
        """What the desk's token may do in a project; it develops where there are files to change."""
        return self.access_levels.get(path, 30 if path in self.repository.files else 20)

    def _label(self, _call: Call, project: str, label: str) -> VendorResponse:
        self.path(project)
        if label not in self.labels:
            raise Refusal(404, {"message": "404 Label Not Found"})
        return VendorResponse({"id": 1, "name": label, "color": "#dc143c"})

    def issue(self, project: str, number: int | str) -> Record:
        """Find an issue by its number in its project (path or id)."""
        for issue in self.issues[self.path(project)]:
            if issue["iid"] == int(number):
                return issue
        raise Refusal(404, {"message": "404 Not found"})

    def _list(self, call: Call, project: str) -> VendorResponse:
        state = one_of(call, "state", "all", _STATES)
        words = call.query.get("search", "").casefold().split()
        fields = call.query.get("in", "title,description").split(",")
        if not set(fields) <= {"title", "description"}:
            raise bad_request("in does not have a valid value")
        people = one_of(call, "scope", "all", _SCOPES)
        since, numbers = call.query.get("updated_after", ""), call.query.getlist("iids[]")
        found = [
            issue
            for issue in self.issues[self.path(project)][::-1]
            if issue["state"] in state
            and people(issue)
            and self._matches(issue, words, fields)
            and (not since or datetime.fromisoformat(issue["updated_at"]) > datetime.fromisoformat(since))
            and (not numbers or str(issue["iid"]) in numbers)
        ]
        if one_of(call, "order_by", "created_at", {"created_at": False, "updated_at": True}):
            found.sort(key=lambda issue: str(issue["updated_at"]), reverse=one_of(call, "sort", "desc", _SORTS))
        return paged(call, [whole_url(call, issue) for issue in found])

    def _matches(self, issue: Record, words: list[str], fields: list[str]) -> bool:
        if words and self.index_lag and issue["author"] == DESK:
            return False
        text = " ".join(issue[field] or "" for field in fields).casefold()
        return all(word in text for word in words)

    def _list_events(self, call: Call, project: str, number: str, kind: str) -> VendorResponse:
        return paged(call, self.history.of(self.issue(project, number), kind))

    def _read(self, call: Call, project: str, number: str) -> VendorResponse:
        return shown(call, self.issue(project, number))

    def _create(self, call: Call, project: str) -> VendorResponse:
        path = self.path(project)
        title, labels = call.body.get("title"), labels_sent(call, "labels")
        if not title:
            raise bad_request("title is missing, title is empty")
        if len(title) > 255:
            raise Refusal(400, {"message": {"title": ["is too long (maximum is 255 characters)"]}})
        people = call.body.get("assignee_ids", [])
        if not isinstance(people, list) or not all(isinstance(person, int) for person in people):
            raise bad_request("assignee_ids is invalid")
        issue = self._open(path, title, "", labels or [], author=DESK)
        issue["confidential"] = bool(call.body.get("confidential", False))
        issue["assignees"] = [user for user in self.users if user["id"] in people]
        issue["description"] = self.obey(issue, call.body.get("description") or "")
        self._deliver_event(issue, "open", DESK)
        return shown(call, issue, 201)

    def _update(self, call: Call, project: str, number: str) -> VendorResponse:
        issue = self.issue(project, number)
        known = {"title", "description", "labels", "add_labels", "remove_labels", "state_event", "assignee_ids"}
        if not known & call.body.keys():
            raise bad_request(f"{', '.join(sorted(known))} are missing, at least one parameter must be provided")
        event = call.body.get("state_event")
        if event not in {None, "close", "reopen"}:
            raise bad_request("state_event does not have a valid value")
        labels_before, state_before = issue["labels"], issue["state"]
        replaced, added = labels_sent(call, "labels"), labels_sent(call, "add_labels")
        if replaced is not None:
            issue["labels"] = sorted(set(replaced))
        self._relabel(issue, add=added or [], remove=labels_sent(call, "remove_labels") or [])
        if event:
            issue["state"] = {"close": "closed", "reopen": "opened"}[event]
            issue["closed_by"] = DESK if event == "close" else None
        if "assignee_ids" in call.body:
            issue["assignees"] = [user for user in self.users if user["id"] in call.body["assignee_ids"]]
        if call.body.get("title"):
            issue["title"] = call.body["title"]
        issue["updated_at"] = self.stamp()
        self._deliver_event(issue, event if event and issue["state"] != state_before else "update", DESK, labels_before)
        return shown(call, issue)

    def _relabel(self, issue: Record, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        labels = set(issue["labels"]) - set(remove)
        for label in add:
            key, scoped, _value = label.rpartition("::")
            if scoped and self.scoped_labels:
                labels = {other for other in labels if other.rpartition("::")[0] != key}
            labels.add(label)
        issue["labels"] = sorted(labels)

    def _open(
        self,
        path: str,
        title: str,
        description: str,
        labels: list[str],
        author: Record | None = None,
    ) -> Record:
        number = len(self.issues[path]) + 1
        issue: Record = {
            "id": next(self._ids),
            "iid": number,
            "project_id": self.projects[path],
            "title": title,
            "description": description,
            "state": "opened",
            "labels": sorted(set(labels)),
            "assignees": [],
            "author": author or self.users[1],
            "upvotes": 0,
            "confidential": False,
            "web_url": f"/vendors/gitlab/{path}/-/issues/{number}",
            "references": {"full": f"{path}#{number}"},
            "created_at": self.stamp(),
            "updated_at": self.stamp(),
        }
        self.issues[path].append(issue)
        self.notes[issue["id"]] = []
        return issue

    def _relate(self, call: Call, project: str, number: str) -> VendorResponse:
        issue = self.issue(project, number)
        other = self.issue(str(call.body.get("target_project_id")), int(call.body.get("target_issue_iid") or 0))
        pair = frozenset({issue["id"], other["id"]})
        if pair in self.related:
            raise Refusal(409, {"message": "Issue(s) already assigned"})
        self.related.add(pair)
        return VendorResponse({"source_issue": issue, "target_issue": other, "link_type": "relates_to"}, 201)

    # --------------------------------------------------------------------------------------- notes

    def _note(self, call: Call, project: str, number: str) -> VendorResponse:
        issue = self.issue(project, number)
        body = call.body.get("body")
        if not body or not isinstance(body, str):
            raise bad_request("body is missing, body is empty")
        if issue["id"] in self.locked:
            raise Refusal(403, {"message": "403 Forbidden"})
        said = self.obey(issue, body)
        if not said:
            return VendorResponse({"commands_changes": {}, "summary": ["Applied the quick actions."]}, 202)
        return VendorResponse(self.note(issue, said, DESK, internal=call.body.get("internal", False)), 201)

    def note(self, issue: Record, body: str, author: Record, *, internal: bool = False) -> Record:
        """Write a note on an issue."""
        note = {
            "id": next(self._ids),
            "body": body,
            "author": author,
            "internal": internal,
            "system": False,
            "created_at": self.stamp(),
        }
        self.notes[issue["id"]].append(note)
        issue["updated_at"] = self.stamp()
        return note

    def _list_notes(self, call: Call, project: str, number: str) -> VendorResponse:
        notes = self.notes[self.issue(project, number)["id"]]
        newest_first = one_of(call, "sort", "desc", _SORTS)
        one_of(call, "activity_filter", "all_notes", {"all_notes": 1, "only_comments": 1, "only_activity": 1})
        return paged(call, notes[::-1] if newest_first else notes)

    # ------------------------------------------------------------------------------- quick actions

    def obey(self, issue: Record, text: str) -> str:
        """Carry out the quick actions in a text and return it without them, as GitLab does."""
        kept, fenced = [], False
        for line in text.splitlines():
            fenced ^= line.startswith("```")
            action = None if fenced else re.fullmatch(r"\s{0,3}/([a-z_]+)(?: +(.*))?", line)
            if not (action and self._carry_out(issue, action[1], (action[2] or "").strip())):
                kept.append(line)
        return "\n".join(kept).strip()

    def _carry_out(self, issue: Record, action: str, argument: str) -> bool:
        """Do one quick action; False when GitLab knows none of this name."""
        names = [name.strip('~" ') for name in re.findall(r'~"[^"]+"|~\S+', argument)]
        people = [user for user in self.users if f"@{user['username']}" in argument.split()]
        doings = {
            "close": lambda: issue.update(state="closed"),
            "reopen": lambda: issue.update(state="opened"),
            "title": lambda: issue.update(title=argument),
            "label": lambda: self._relabel(issue, add=names),
            "labels": lambda: self._relabel(issue, add=names),
            "unlabel": lambda: self._relabel(issue, remove=names or issue["labels"]),
            "relabel": lambda: issue.update(labels=names),
            "assign": lambda: issue.update(assignees=people),
            "unassign": lambda: issue.update(assignees=[]),
            "confidential": lambda: issue.update(confidential=True),
            "due": lambda: issue.update(due_date=argument),
        }
        if action in doings:
            doings[action]()
        return action in doings

    def _find_user(self, call: Call) -> VendorResponse:
        name, searched = call.query.get("username"), call.query.get("search")
        if searched is not None:  # an address is matched as a whole
            return paged(
                call, [user for user in self.users if f"{user['username']}@example.com" == searched.casefold()]
            )
        if name is None:
            return paged(call, self.users)
        return VendorResponse([user for user in self.users if user["username"].casefold() == name.casefold()])
