"""Answers that are not as they should be: what the desk can do without is left out, and a write is not done again."""

from typing import Any

import httpx
import pytest

from bot.clients.gitlab import GitLab
from bot.clients.pagerduty import PagerDuty
from bot.clients.pagerduty_events import Events
from bot.clients.zendesk import Zendesk
from tests.unit.clients.test_http import NOW

Observed = list[tuple[str, str]]

TICKET = {"id": 7, "status": "open", "tags": ["a"], "updated_at": "2026-11-20T17:55:00Z", "requester_id": 1}
USER = {"id": 1, "name": "Jo", "email": "jo@example.com", "suspended": False}
ISSUE = {"iid": 3, "title": "T", "web_url": "https://g.example/3", "state": "opened", "labels": ["x"]}
BOM = b"\xef\xbb\xbf"


def told(observed: Observed) -> dict[str, Any]:
    """What a client is made with: time, and who is told of its calls."""
    return {"now": lambda: NOW, "observe": lambda _vendor, call, _seconds, outcome: observed.append((call, outcome))}


@pytest.mark.parametrize(
    ("change", "name", "outcome"),
    [
        ({}, "Jo", "ok"),
        ({"tags": None}, "Jo", "tolerated"),
        ({"updated_at": None}, "Jo", "tolerated"),
        ({"created_at": "soon"}, "Jo", "tolerated"),
        ({"subject": 5}, "Jo", "tolerated"),
        ({"custom_fields": None, "satisfaction_rating": "good"}, "Jo", "tolerated"),
        ({"requester_id": None}, None, "ok"),
    ],
)
def test_a_field_that_cannot_be_read_hides_nothing_else(change: dict[str, Any], name: str | None, outcome: str) -> None:
    """Null where a list could be, a word for a number: the rest of the ticket is read, and it is counted."""
    observed: Observed = []
    answer = {"ticket": {**TICKET, **change}, "users": [{**USER, "suspended": None}] if change else [USER]}
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, json=answer))
    zendesk = Zendesk("https://z.example", "a@b.c", "t", transport=transport, **told(observed))
    assert (zendesk.read(7).requester_name, zendesk.read(7).status) == (name, "open")
    assert observed[0] == ("read_ticket", "tolerated" if change else outcome)


def test_a_byte_order_mark_before_an_answer_is_no_part_of_it() -> None:
    """Some put one there."""
    body = BOM + b'{"user": {"id": 1, "name": "Desk", "role": "agent"}}'
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=body))
    zendesk = Zendesk("https://z.example", "a@b.c", "t", transport=transport, **told([]))
    assert zendesk.me().name == "Desk"


@pytest.mark.parametrize("answer", [b"", b"{}", b"null", b"<html>", b'{"ticket": {"id": 7, "status": "open"}}'])
def test_a_write_that_went_well_is_done_whatever_its_answer_holds(answer: bytes) -> None:
    """A note, a comment or an event is not sent again because what came back cannot be read."""
    sent: list[str] = []

    def take(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        return httpx.Response(202, content=answer)

    transport = httpx.MockTransport(take)
    Zendesk("https://z.example", "a@b.c", "t", transport=transport, **told([])).add_internal_note(7, "Hi", mark="m")
    GitLab("https://g.example", "t", transport=transport, **told([])).comment("a/b", 3, "Hi", mark="m")
    Events("k" * 32, transport=transport, **told([])).trigger("INC-1", "Down", "All of it")
    assert sent == ["PUT", "POST", "POST"]


@pytest.mark.parametrize("change", [{"labels": None}, {"description": None}, {"title": None}, {"upvotes": "many"}])
def test_an_issue_with_a_hole_is_read(change: dict[str, Any]) -> None:
    """And does not hide the others of its list."""
    transport = httpx.MockTransport(
        lambda _request: httpx.Response(200, json=[{**ISSUE, **change}, {**ISSUE, "iid": 4}])
    )
    gitlab = GitLab("https://g.example", "t", transport=transport, **told([]))
    assert {one.number for one in gitlab.search("a/b", "something", limit=5)} >= {4}


def test_our_issue_is_found_behind_hundreds_of_others() -> None:
    """The index of the search lags, and more than a hundred of ours are newer: the list is read on."""
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if "search" in request.url.params:
            return httpx.Response(200, json=[])
        page = int(request.url.params["page"])
        asked.append(page)
        marked = {**ISSUE, "iid": 999, "description": "x\n\n<!-- desk:m1 -->"}
        return httpx.Response(200, json=[ISSUE] * 100 if page < 3 else [marked])

    gitlab = GitLab("https://g.example", "t", transport=httpx.MockTransport(answer), **told([]))
    assert gitlab.create("a/b", "Title", "Text", mark="m1", again=True).number == 999
    assert asked == [1, 2, 3]


def test_a_page_with_a_hole_is_read() -> None:
    """Somebody without a name, no assignments, a time that is none."""
    incident = {"id": "Q1", "incident_key": "INC-1", "status": "acknowledged", "assignments": None, "created_at": None}
    answer = {"incidents": [{**incident, "last_status_change_by": "Omar"}], "more": None}
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, json=answer))
    found = PagerDuty("t", None, transport=transport, **told([])).last_under("INC-1")
    assert found is not None
    assert (found.status, found.assignees, found.changed_by) == ("acknowledged", (), "")
