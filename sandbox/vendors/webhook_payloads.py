"""What the vendors' webhooks say, in the vendors' own forms."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

Record = dict[str, Any]


def ticket_event(kind: str, ticket: Record, stamp: str, event: Record) -> Record:
    """Zendesk: an event of a ticket. Ids are text and statuses in capitals."""
    return {
        "type": f"zen:event-type:ticket.{kind}",
        "account_id": 12514403,
        "id": str(uuid4()),
        "time": stamp,
        "zendesk_event_version": "2022-06-20",
        "subject": f"zen:ticket:{ticket['id']}",
        "detail": {
            "id": str(ticket["id"]),
            "status": ticket["status"].upper(),
            "subject": ticket["subject"],
            "tags": ticket["tags"],
            "updated_at": ticket["updated_at"],
        },
        "event": event,
    }


def feedback(ticket: int, stamp: str, answer: str | None) -> Record:
    """Zendesk: the body that an admin typed into a trigger, as docs/vendors.md asks for it; a menu gives a tag."""
    return {"type": "desk.feedback", "ticket": str(ticket), "at": stamp, "contact_requested": answer or ""}


def issue_event(action: str, issue: Record, project: str, user: Record, before: Sequence[str] | None = None) -> Record:
    """GitLab: what somebody did to an issue; `before` are the labels it had, where they changed."""
    labels = [{"title": title} for title in issue["labels"]]
    old = [{"title": title} for title in before or ()]
    return {
        "object_kind": "issue",
        "event_type": "issue",
        "user": {key: user[key] for key in ("id", "name", "username")},
        "project": {"id": issue["project_id"], "path_with_namespace": project},
        "object_attributes": {
            "id": issue["id"],
            "iid": issue["iid"],
            "title": issue["title"],
            "description": issue["description"],
            "state": issue["state"],
            "action": action,
            "url": issue["web_url"],
            "moved_to_id": issue.get("moved_to_id"),
            "updated_at": issue["updated_at"].replace("T", " ").replace("Z", " UTC"),
        },
        "labels": labels,
        "changes": {} if before is None else {"labels": {"previous": old, "current": labels}},
    }


def note_event(note: Record, issue: Record, project: str) -> Record:
    """GitLab: a comment on an issue."""
    return {
        "object_kind": "note",
        "event_type": "note",
        "user": {key: note["author"][key] for key in ("id", "name", "username")},
        "project": {"id": issue["project_id"], "path_with_namespace": project},
        "object_attributes": {
            "id": note["id"],
            "note": note["body"],
            "noteable_type": "Issue",
            "system": False,
            "created_at": note["created_at"].replace("T", " ").replace("Z", " UTC"),
            "url": f"{issue['web_url']}#note_{note['id']}",
        },
        "issue": {key: issue[key] for key in ("id", "iid", "title", "state")},
    }


def merge_request_event(action: str, found: Record, project: str, user: Record) -> Record:
    """GitLab: what somebody did to a merge request."""
    return {
        "object_kind": "merge_request",
        "event_type": "merge_request",
        "user": {key: user[key] for key in ("id", "name", "username")},
        "project": {"id": found["project_id"], "path_with_namespace": project},
        "object_attributes": {
            "id": found["id"],
            "iid": found["iid"],
            "title": found["title"],
            "state": found["state"],
            "action": action,
            "url": found["web_url"],
            "updated_at": found["updated_at"].replace("T", " ").replace("Z", " UTC"),
        },
    }


def incident_event(kind: str, incident: Record, stamp: str, agent: Record | None) -> Record:
    """PagerDuty: what happened to an incident."""
    return {
        "event": {
            "id": uuid4().hex.upper(),
            "event_type": f"incident.{kind}",
            "resource_type": "incident",
            "occurred_at": stamp,
            "agent": agent and {"id": agent["id"], "type": "user_reference", "summary": agent["name"]},
            "client": None,
            "data": {
                **{key: incident[key] for key in ("id", "type", "status", "incident_key", "html_url", "title")},
                "number": incident["incident_number"],
                "assignees": [one["assignee"] for one in incident["assignments"]],
            },
        }
    }
