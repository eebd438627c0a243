"""Tickets, issues and pages as the right side shows them."""

import re
from datetime import datetime

import htpy as h

from sandbox.core.model import Json
from sandbox.page.context import PageContext
from sandbox.page.reading import Reading, link
from sandbox.vendors.gitlab_seed import SUPPORT_OPS

HIDDEN = re.compile(r"<!--.*?-->", re.DOTALL)
"""Comments: GitLab does not show them either."""


def _control_button(event: str, label: str, **values: object) -> h.Element:
    about: dict[str, h.Attribute] = {"phx-click": event}
    for name, value in values.items():
        about[f"phx-value-{name}"] = str(value)
    return h.button(".button.plain.small", about, type="button")[label]


def _pill(word: str) -> h.Element:
    good = {"open", "new", "opened", "acknowledged"}
    bad = {"triggered", "bad"}
    return h.small(class_=["pill", {"good": word in good, "bad": word in bad}])[word]


def _when(reading: Reading, stamp: str) -> h.Element:
    moment = datetime.fromisoformat(stamp).astimezone(reading.zone)
    return h.time(datetime=stamp, title=f"{moment:%A, %-d %B %Y}")[f"{moment:%-d %b, %H:%M}"]


def tickets(page_context: PageContext, reading: Reading) -> h.Node:
    """Zendesk's tickets, the one touched last first."""
    zendesk = page_context.vendors.zendesk
    found = sorted(zendesk.tickets.values(), key=lambda one: str(one["updated_at"]), reverse=True)
    ratings = {rating["ticket_id"]: rating for rating in zendesk.ratings}
    shown = [
        _ticket(ticket, zendesk.comments[ticket["id"]][1:], ratings.get(ticket["id"]), reading) for ticket in found
    ]
    return [h.div(".controls")[_control_button("customer", "A customer of ACME opens a ticket")], shown]


def _ticket(ticket: Json, comments: list[Json], rating: Json | None, reading: Reading) -> h.Element:
    number = ticket["id"]
    return h.article(".record", id=f"ticket-{number}", aria_label=f"Ticket {number}")[
        h.h3[_link(f"/vendors/zendesk/agent/tickets/{number}", f"#{number}"), " ", ticket["subject"]],
        h.p(".tags")[_pill(ticket["status"]), [h.code[tag] for tag in ticket["tags"]]],
        [
            _said("public reply" if one["public"] else "internal note", one["body"], one["created_at"], reading)
            for one in comments
        ],
        rating and h.p(".note")[_pill(rating["score"]), " rated: ", rating["comment"] or "no comment"],
        h.div(".controls")[
            _control_button("ticket", "Good rating", id=number, do="good"),
            _control_button("ticket", "Bad rating", id=number, do="bad"),
            ticket["status"] in {"new", "open", "pending", "hold"}
            and _control_button("ticket", "Solve", id=number, do="solved"),
            ticket["status"] == "solved" and _control_button("ticket", "Close", id=number, do="closed"),
        ],
    ]


def _said(who: str, text: str, stamp: str, reading: Reading) -> h.Element:
    return h.div(".note")[h.p(".quiet")[who, " · ", _when(reading, stamp)], h.p(".body")[HIDDEN.sub("", text).strip()]]


def _link(href: str, label: str) -> h.Node:
    return link(href, label)


def issues(page_context: PageContext, reading: Reading) -> h.Node:
    """GitLab's issues by project, the newest first."""
    gitlab = page_context.vendors.gitlab
    projects: list[h.Node] = [
        [
            h.h3(".project")[project.rpartition("/")[2], h.small[project]],
            [_issue(project, issue, gitlab.notes[issue["id"]], reading) for issue in found[::-1]],
        ]
        for project, found in gitlab.issues.items()
        if found
    ]
    return [merge_requests(page_context, reading), projects]


def merge_requests(page_context: PageContext, _reading: Reading) -> h.Node:
    """The merge requests of GitLab, the newest first."""
    found = page_context.vendors.gitlab.repository.merge_requests
    return [
        [
            h.h3(".project")[project.rpartition("/")[2], h.small["merge requests"]],
            [_merge_request(project, one) for one in several[::-1]],
        ]
        for project, several in found.items()
    ]


def _merge_request(project: str, found: Json) -> h.Element:
    number = found["iid"]
    address = f"/vendors/gitlab/{project}/-/merge_requests/{number}"
    return h.article(".record", aria_label=f"Merge request {number} of {project}")[
        h.h3[_link(address, f"!{number}"), " ", found["title"]],
        h.p(".tags")[_pill(found["state"]), [h.code[one["username"]] for one in found["reviewers"]]],
        found["state"] == "opened"
        and h.div(".controls")[
            _control_button("merge_request", "Merge", project=project, id=number, do="merged"),
            _control_button("merge_request", "Close", project=project, id=number, do="closed"),
        ],
    ]


def _issue(project: str, issue: Json, notes: list[Json], reading: Reading) -> h.Element:
    number, is_open = issue["iid"], issue["state"] == "opened"
    return h.article(".record", aria_label=f"Issue {number} of {project}")[
        h.h3[_link(f"/vendors/gitlab/{project}/-/issues/{number}", f"#{number}"), " ", issue["title"]],
        h.p(".tags")[_pill(issue["state"]), [h.code[label] for label in issue["labels"]]],
        [_said(one["author"]["name"], one["body"], one["created_at"], reading) for one in notes],
        h.div(".controls")[
            _control_button(
                "issue",
                "Close" if is_open else "Reopen",
                project=project,
                id=number,
                do="closed" if is_open else "opened",
            ),
            is_open and project == SUPPORT_OPS and _stages(project, number),
        ],
    ]


def _stages(project: str, number: int) -> list[h.Element]:
    """What Support Operations does with a request."""
    return [
        _control_button("issue", "Ask something", project=project, id=number, do="ask"),
        _control_button("issue", "Being built", project=project, id=number, do="Stage::Development"),
        _control_button("issue", "On staging", project=project, id=number, do="Stage::Validation"),
    ]


def incidents(page_context: PageContext, reading: Reading) -> h.Node:
    """Who is on duty, and PagerDuty's incidents, the newest first."""
    pagerduty = page_context.vendors.pagerduty
    names = {one["id"]: one["name"] for one in pagerduty.schedules}
    return [
        h.h3["On duty"],
        h.ul(".duty")[
            [
                h.li[
                    h.span[names[schedule]],
                    h.strong[", ".join(dict.fromkeys(email.split("@")[0] for _, email in duty)) or "nobody"],
                ]
                for schedule, duty in pagerduty.duty.items()
            ]
        ],
        h.h3["Pages"],
        [_incident(one, reading) for one in pagerduty.incidents[::-1]] or h.p(".quiet")["Nobody was paged yet."],
    ]


def _incident(incident: Json, reading: Reading) -> h.Element:
    id_, status = incident["id"], incident["status"]
    body = (incident.get("body") or {}).get("details")
    return h.article(".record", id=f"incident-{id_}", aria_label=f"Page {incident['title']}")[
        h.h3[
            _link(f"/vendors/pagerduty-web/incidents/{id_}", f"#{incident.get('incident_number', id_)}"),
            " ",
            incident["title"],
        ],
        h.p(".tags")[
            _pill(status),
            h.code[str(incident.get("urgency", ""))],
            h.small[(incident.get("service") or {}).get("summary", "")],
        ],
        body and _said("details", str(body), incident["created_at"], reading),
        h.div(".controls")[
            status == "triggered" and _control_button("incident", "Acknowledge", id=id_, do="acknowledged"),
            status != "resolved" and _control_button("incident", "Resolve", id=id_, do="resolved"),
        ],
    ]
