"""The sandbox's vendors are as strict as the real ones: a client that is wrong gets nowhere with them."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.vendors import Vendors
from sandbox.vendors import gitlab as sandbox_gitlab
from sandbox.vendors import pagerduty as sandbox_pagerduty
from sandbox.vendors import pagerduty_events as sandbox_pagerduty_events
from sandbox.vendors import zendesk as sandbox_zendesk
from tests.integration.clients.conftest import Clock, Outside
from workflows.lib.markup import defuse_quick_actions

Z, G, P, E = "/zendesk/api/v2", "/gitlab/api/v4/projects/gitlab-org%2Fgitlab", "/pagerduty", "/pagerduty-events"
ZENDESK = {"authorization": f"Bearer {sandbox_zendesk.TOKEN}", "accept": "application/json"}
GITLAB = {"private-token": sandbox_gitlab.TOKEN}
PAGERDUTY = {
    "authorization": f"Token token={sandbox_pagerduty.TOKEN}",
    "accept": "application/vnd.pagerduty+json;version=2",
    "content-type": "application/json",
}
FROM = {"from": sandbox_pagerduty.FROM}
SERVICE = {"id": "PSUPOPS", "type": "service_reference"}
INCIDENT = {"type": "incident", "title": "Title", "service": SERVICE}
KEY = sandbox_pagerduty_events.ROUTING_KEY
PAYLOAD = {"summary": "Title", "source": "test", "severity": "info"}


def without(headers: dict[str, str], name: str) -> dict[str, str]:
    """Leave one header out."""
    return {key: value for key, value in headers.items() if key != name}


def call(outside: Outside, request: str, headers: dict[str, str], body: Any = None) -> httpx.Response:
    """Make a call as `METHOD /path`."""
    method, path = request.split(" ", 1)
    return httpx.request(method, f"{outside.url}/vendors{path}", headers=headers, json=body)


@pytest.mark.parametrize(
    ("request_", "headers", "body", "status"),
    [
        # --- Zendesk
        (f"GET {Z}/tickets/123456", ZENDESK, None, 200),
        (f"GET {Z}/tickets/123456.json", ZENDESK, None, 200),
        (f"GET {Z}/tickets/123456", without(ZENDESK, "authorization"), None, 401),
        (f"GET {Z}/tickets/123456", {**ZENDESK, "accept": "text/html"}, None, 406),
        (f"GET {Z}/tickets/1", ZENDESK, None, 404),
        (f"GET {Z}/nothing", ZENDESK, None, 404),
        (f"PUT {Z}/tickets/123456", ZENDESK, None, 415),
        (f"PUT {Z}/tickets/123456", ZENDESK, {"status": "open"}, 400),
        (f"PUT {Z}/tickets/123456", ZENDESK, {"ticket": {"status": "opened"}}, 422),
        (f"PUT {Z}/tickets/123456", ZENDESK, {"ticket": {"ticket_form_id": 1}}, 422),
        (f"PUT {Z}/tickets/123456", ZENDESK, {"ticket": {"comment": {"public": False}}}, 422),
        (f"PUT {Z}/tickets/123458", ZENDESK, {"ticket": {"status": "open"}}, 422),
        (f"PUT {Z}/tickets/123456/tags", ZENDESK, {"tags": "feedback"}, 400),
        (f"PUT {Z}/tickets/123456/tags", ZENDESK, {"tags": ["a"], "safe_update": "true"}, 422),
        (f"PUT {Z}/tickets/123456/tags", ZENDESK, {"tags": ["a"], "safe_update": True, "updated_stamp": "x"}, 409),
        (f"GET {Z}/tickets/123456/comments?sort=newest", ZENDESK, None, 400),
        (f"GET {Z}/satisfaction_ratings?start_time=yesterday", ZENDESK, None, 400),
        (f"GET {Z}/satisfaction_ratings?page[size]=101", ZENDESK, None, 400),
        (f"GET {Z}/users/show_many", ZENDESK, None, 400),
        (f"GET {Z}/organizations/9", ZENDESK, None, 404),
        # --- GitLab
        (f"GET {G}/issues", GITLAB, None, 200),
        (f"GET {G}/issues", {"authorization": "Bearer wrong"}, None, 401),
        ("GET /gitlab/api/v4/projects/gitlab-org/gitlab/issues", GITLAB, None, 404),
        ("GET /gitlab/api/v4/projects/no%2Fsuch/issues", GITLAB, None, 404),
        (f"GET {G}/issues?state=open", GITLAB, None, 400),
        (f"GET {G}/issues?in=body", GITLAB, None, 400),
        (f"GET {G}/issues?page=0", GITLAB, None, 400),
        (f"GET {G}/issues/7000", GITLAB, None, 404),  # that is its id, not its number
        (f"POST {G}/issues", GITLAB, {"description": "no title"}, 400),
        (f"POST {G}/issues", GITLAB, {"title": "x" * 256}, 400),
        (f"POST {G}/issues", GITLAB, {"title": "x", "assignee_ids": ["maria"]}, 400),
        (f"POST {G}/issues/1/notes", GITLAB, {}, 400),
        (f"PUT {G}/issues/1", GITLAB, {"state_event": "closed"}, 400),
        (f"PUT {G}/issues/1", GITLAB, {"state": "closed"}, 400),
        (f"GET {G}/issues/1/notes?sort=newest", GITLAB, None, 400),
        # --- PagerDuty
        (f"GET {P}/oncalls", PAGERDUTY, None, 200),
        (f"GET {P}/oncalls", {**PAGERDUTY, "authorization": f"Bearer {sandbox_pagerduty.TOKEN}"}, None, 401),
        (f"GET {P}/oncalls", without(PAGERDUTY, "accept"), None, 406),
        (f"GET {P}/oncalls", without(PAGERDUTY, "content-type"), None, 415),
        (f"GET {P}/incidents?statuses[]=open", PAGERDUTY, None, 400),
        (f"GET {P}/incidents?limit=100&offset=9901", PAGERDUTY, None, 400),
        (f"POST {P}/incidents", {**PAGERDUTY, **FROM}, {"incident": INCIDENT}, 201),
        (f"POST {P}/incidents", PAGERDUTY, {"incident": INCIDENT}, 400),
        (f"POST {P}/incidents", {**PAGERDUTY, "from": "who@example.com"}, {"incident": INCIDENT}, 400),
        (f"POST {P}/incidents", {**PAGERDUTY, **FROM}, INCIDENT, 400),
        (f"POST {P}/incidents", {**PAGERDUTY, **FROM}, {"incident": {**INCIDENT, "title": ""}}, 400),
        (f"POST {P}/incidents", {**PAGERDUTY, **FROM}, {"incident": {**INCIDENT, "urgency": "max"}}, 400),
        (f"POST {P}/incidents", {**PAGERDUTY, **FROM}, {"incident": {**INCIDENT, "body": {"details": {}}}}, 400),
        (f"POST {P}/incidents", {**PAGERDUTY, **FROM}, {"incident": {**INCIDENT, "service": {"id": "PSUPOPS"}}}, 400),
        (
            f"POST {P}/incidents",
            {**PAGERDUTY, **FROM},
            {"incident": {**INCIDENT, "service": {**SERVICE, "id": "PNOSUCH"}}},
            404,
        ),
        (f"PUT {P}/incidents/Q1", {**PAGERDUTY, **FROM}, {"incident": {"status": "resolved"}}, 400),
        (f"PUT {P}/incidents/Q1", {**PAGERDUTY, **FROM}, {"incident": {"type": "incident", "status": "open"}}, 400),
        (f"PUT {P}/incidents/Q1", {**PAGERDUTY, **FROM}, {"incident": {"type": "incident", "status": "resolved"}}, 404),
        # --- PagerDuty Events
        (f"POST {E}/v2/enqueue", {}, {"routing_key": KEY, "event_action": "trigger", "payload": PAYLOAD}, 202),
        (f"POST {E}/v2/enqueue", {}, {"routing_key": "k", "event_action": "trigger", "payload": PAYLOAD}, 400),
        (f"POST {E}/v2/enqueue", {}, {"routing_key": KEY, "event_action": "page", "payload": PAYLOAD}, 400),
        (f"POST {E}/v2/enqueue", {}, {"routing_key": KEY, "event_action": "resolve"}, 400),
        (f"POST {E}/v2/enqueue", {}, {"routing_key": KEY, "event_action": "trigger"}, 400),
        (
            f"POST {E}/v2/enqueue",
            {},
            {"routing_key": KEY, "event_action": "trigger", "payload": {**PAYLOAD, "severity": "high"}},
            400,
        ),
    ],
)
def test_what_is_wrong_is_refused(
    outside: Outside, request_: str, headers: dict[str, str], body: Any, status: int
) -> None:
    """With the vendor's own status; the rows that succeed show that the others fail for one reason only."""
    assert call(outside, request_, headers, body).status_code == status


def test_a_second_incident_of_a_key_is_refused_while_the_first_is_open(outside: Outside) -> None:
    """Resolving it frees the key."""
    body, headers = {"incident": {**INCIDENT, "incident_key": "k"}}, {**PAGERDUTY, **FROM}
    statuses = [call(outside, f"POST {P}/incidents", headers, body).status_code for _ in range(2)]
    outside.vendors.pagerduty.set_status(outside.vendors.pagerduty.incidents[0]["id"], "resolved")
    statuses.append(call(outside, f"POST {P}/incidents", headers, body).status_code)
    assert statuses == [201, 400, 201]


def test_tags_are_replaced_by_post_and_added_by_put(outside: Outside) -> None:
    """Their names mislead."""
    added = call(outside, f"PUT {Z}/tickets/123456/tags", ZENDESK, {"tags": ["a"]}).json()
    replaced = call(outside, f"POST {Z}/tickets/123456/tags", ZENDESK, {"tags": ["b"]}).json()
    assert (added, replaced) == ({"tags": ["a", "pipelines"]}, {"tags": ["b"]})


def test_a_comment_is_public_unless_it_says_otherwise(outside: Outside) -> None:
    """A slip here reaches the customer."""
    call(outside, f"PUT {Z}/tickets/123456", ZENDESK, {"ticket": {"comment": {"body": "Oops"}}})
    assert outside.vendors.zendesk.comments[123456][-1]["public"] is True


def test_labels_are_replaced_unless_they_are_added(outside: Outside) -> None:
    """And a string is split at its commas."""
    added = call(outside, f"PUT {G}/issues/1", GITLAB, {"add_labels": ["a", "b,c"]}).json()
    replaced = call(outside, f"PUT {G}/issues/1", GITLAB, {"labels": ["d"]}).json()
    assert (added["labels"], replaced["labels"]) == (["a", "b", "c", "type::bug"], ["d"])


def test_a_note_of_quick_actions_only_is_no_note(outside: Outside) -> None:
    """GitLab obeys and answers 202."""
    answer = call(outside, f"POST {G}/issues/1/notes", GITLAB, {"body": "/close"})
    assert answer.status_code == 202
    assert outside.vendors.gitlab.issue("gitlab-org/gitlab", 1)["state"] == "closed"


@given(st.text(st.sampled_from("/close assign@bob\n\r`~>< \t\u2028")))
def test_no_text_is_a_quick_action_once_defused(text: str) -> None:
    """Whatever is typed, the sandbox obeys none of it."""
    gitlab = Vendors(Clock().now).gitlab
    issue = gitlab.issue("gitlab-org/gitlab", 1)
    before = dict(issue)
    gitlab.obey(issue, defuse_quick_actions(text))
    assert issue == before


# --------------------------------------------------------------------------------------------- control


def control(outside: Outside, request: str, body: Any = None) -> httpx.Response:
    """Make a call to the hand behind the sandbox."""
    method, path = request.split(" ", 1)
    return httpx.request(method, f"{outside.url}/control/vendors{path}", json=body)


def test_the_hand_behind_the_sandbox_sees_everything(outside: Outside) -> None:
    """Each vendor's state, and the calls that came in."""
    call(outside, f"GET {G}/issues", GITLAB)
    state = control(outside, "GET ").json()
    pagerduty, customers = {"pagerduty", "pagerduty-events"}, {"salesforce", "calendly"}
    assert set(state) == {"zendesk", "zendesk-emea", "gitlab", "google", *pagerduty, *customers}
    assert state["gitlab"]["calls"] == ["GET /projects/gitlab-org%2Fgitlab/issues"]
    assert state["pagerduty"]["duty"]["PSUPPOP"] == [[1, "omar@example.com"]]


@pytest.mark.parametrize(
    ("request_", "body", "answer"),
    [
        ("POST /zendesk/tickets/123456", {"add_tag": "urgent", "status": "solved"}, {"status": "solved"}),
        ("POST /zendesk/tickets/123456", {"rate": "bad", "comment": "Slow"}, {"id": 123456}),
        ("POST /zendesk/tickets", {"subject": "Runners are slow"}, {"id": 123462, "organization_id": 201}),
        ("POST /gitlab/issues/1", {"project": "gitlab-org/gitlab", "state": "closed"}, {"state": "closed"}),
        ("POST /gitlab/issues/1", {"project": "gitlab-org/gitlab", "add_label": "a"}, {"labels": ["a", "type::bug"]}),
        ("POST /pagerduty/schedules/Support Operations", {"on_duty": []}, {"on_duty": []}),
    ],
)
def test_the_hand_behind_the_sandbox_does_what_people_do(
    outside: Outside, request_: str, body: Any, answer: dict[str, Any]
) -> None:
    """Without going through the vendor's API."""
    said = control(outside, request_, body).raise_for_status().json()
    assert said == {**said, **answer}


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        ("POST /zendesk/tickets/1", {"status": "solved"}),
        ("POST /gitlab/issues/1", {"project": "no/such", "state": "closed"}),
        ("POST /pagerduty/incidents/Q1", {"status": "resolved"}),
        ("POST /pagerduty/schedules/None", {"on_duty": []}),
        ("POST /pagerduty/schedules/PSUPPOP", {"on_duty": ["nobody@example.com"]}),
        ("POST /nobody/faults", {"status": 500}),
    ],
)
def test_the_hand_behind_the_sandbox_is_told_what_there_is_not(outside: Outside, request_: str, body: Any) -> None:
    """A slip in a demo does not go by silently."""
    assert control(outside, request_, body).status_code == 404


def test_an_incident_is_acknowledged_from_outside(outside: Outside) -> None:
    """As the person does who was paged."""
    call(outside, f"POST {P}/incidents", {**PAGERDUTY, **FROM}, {"incident": INCIDENT})
    identifier = outside.vendors.pagerduty.incidents[0]["id"]
    said = control(outside, f"POST /pagerduty/incidents/{identifier}", {"status": "acknowledged"}).json()
    assert said["status"] == outside.vendors.pagerduty.incidents[0]["status"] == "acknowledged"


def test_faults_come_in_order_and_can_be_forgotten(outside: Outside) -> None:
    """Two answers go wrong, then all is well."""
    control(outside, "POST /gitlab/faults", {"status": 502, "times": 2, "body": "<h1>Bad gateway</h1>"})
    answers = [call(outside, f"GET {G}/issues", GITLAB) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [502, 502, 200]
    assert answers[0].headers["content-type"].startswith("text/html")
    control(outside, "POST /gitlab/faults", {"status": 500, "times": 9})
    control(outside, "DELETE /gitlab/faults")
    assert call(outside, f"GET {G}/issues", GITLAB).status_code == 200


def test_a_dropped_connection_has_done_what_was_asked(outside: Outside) -> None:
    """Only the answer is lost."""
    control(outside, "POST /gitlab/faults", {"drop": True})
    with pytest.raises(httpx.RemoteProtocolError):
        call(outside, f"POST {G}/issues", GITLAB, {"title": "Lost"})
    assert outside.vendors.gitlab.issues["gitlab-org/gitlab"][-1]["title"] == "Lost"


def test_links_lead_to_pages(outside: Outside) -> None:
    """A person in the demo who follows one sees the record, escaped."""
    outside.vendors.zendesk.tickets[123456]["subject"] = "<script>"
    page = httpx.get(f"{outside.url}/vendors/zendesk/agent/tickets/123456").raise_for_status().text
    assert "&lt;script&gt;" in page
    call(outside, f"POST {P}/incidents", {**PAGERDUTY, **FROM}, {"incident": INCIDENT})
    for found in (outside.vendors.pagerduty.incidents[0]["html_url"], f"{outside.url}/vendors/gitlab/a/b/-/issues/new"):
        httpx.get(found).raise_for_status()
    issue = call(outside, f"GET {G}/issues/1", GITLAB).json()
    assert "Runner times out" in httpx.get(issue["web_url"]).text
    missing = ["zendesk/agent/tickets/1", "gitlab/a/b/-/issues/1", "pagerduty-web/incidents/Q1"]
    assert {httpx.get(f"{outside.url}/vendors/{path}").status_code for path in missing} == {404}
