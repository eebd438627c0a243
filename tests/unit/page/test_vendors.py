"""The issues and merge requests at the right side, and what Support Operations does with them there."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import htpy as h
import pytest

from sandbox.page.controls import PageControls
from sandbox.page.vendors import issues
from sandbox.vendors import Vendors
from sandbox.vendors.gitlab_seed import SUPPORT_OPS, TEAM

READING: Any = SimpleNamespace(zone=ZoneInfo("UTC"))


@pytest.fixture
def vendors() -> Vendors:
    """Vendors with a request's issue and a merge request."""
    vendors = Vendors(lambda: datetime(2026, 3, 2, 9, tzinfo=UTC))
    vendors.gitlab.open_issue(SUPPORT_OPS, "Triggers don't fire", ["Stage::Triage"])
    repository = vendors.gitlab.repository
    repository.files[TEAM]["desk/req-2"] = dict(repository.files[TEAM]["main"])
    branches = {"source_branch": "desk/req-2", "target_branch": "main", "iid": 1, "id": 9, "project_id": 1}
    about = {"title": "Hours", "state": "opened", "web_url": "/x", "reviewers": [{"username": "omar"}]}
    repository.merge_requests[TEAM] = [{**branches, **about}]
    return vendors


def shown(vendors: Vendors) -> str:
    """The panel, as text."""
    context: Any = SimpleNamespace(vendors=vendors)
    return str(h.div[issues(context, READING)])


def does(vendors: Vendors, control: str, project: str, what: str) -> None:
    """Press a button of the panel."""
    controls = PageControls(cast("Any", SimpleNamespace(vendors=vendors)), cast("Any", None))
    getattr(controls, f"_{control}")({"project": project, "id": "1", "do": what})


def test_a_request_is_moved_on_from_the_page(vendors: Vendors) -> None:
    """One stage takes the place of another; something is asked; both as people do it."""
    assert "On staging" in shown(vendors)
    does(vendors, "issue", SUPPORT_OPS, "Stage::Validation")
    does(vendors, "issue", SUPPORT_OPS, "ask")
    assert vendors.gitlab.issue(SUPPORT_OPS, 1)["labels"] == ["Stage::Validation"]
    assert "Which ticket form is it about?" in shown(vendors)
    does(vendors, "issue", SUPPORT_OPS, "closed")
    assert "On staging" not in shown(vendors)


def test_a_merge_request_is_merged_from_the_page(vendors: Vendors) -> None:
    """Then nothing is left to press."""
    assert "Merge" in shown(vendors)
    does(vendors, "merge_request", TEAM, "merged")
    assert vendors.gitlab.repository.merge_requests[TEAM][0]["state"] == "merged"
    assert ">Merge<" not in shown(vendors)
