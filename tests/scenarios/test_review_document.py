"""The week in review in a Google document: a section a week, each line once, whoever edits it meanwhile."""

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from sandbox.vendors.base import VendorFault
from sandbox.vendors.google import DOCUMENT
from tests.google_account import service_account
from tests.scenarios.conftest import Worlds
from tests.scenarios.review import modal, policy, presses, queue, rates, submits
from tests.world import World

WHO = "Who was praised?"
ROTATION = "https://gitlab.pagerduty.com/schedules#P9UIIDY"


@pytest.fixture
def documented(worlds: Worlds) -> World:
    """A world whose week in review goes into a document; a kudos waits."""
    week = {"into": "document", "document": DOCUMENT, "rotation_url": ROTATION}
    w = worlds(policy=policy(week=week), webhooks=True)
    site = w.sandbox.url
    key, docs = SecretStr(service_account(site)), f"{site}/vendors/google"
    w.settings = w.settings.model_copy(update={"google_service_account": key, "google_docs_url": docs})
    w.restart()
    rates(w, "good", "Alice was great \U0001f600\nand quick")
    queue(w, w.maria)
    presses(w, w.maria, "Kudos")
    submits(w, w.maria, **{WHO: "alice"})
    return w


def text(w: World) -> str:
    """What stands in the document."""
    return w.sandbox.vendors.google.documents[DOCUMENT].text


def test_the_week_is_written_into_a_document(documented: World) -> None:
    """A section for the week, a marked line a kudos; the second week stands above, and nothing stands twice."""
    w = documented
    w.advance_to(datetime(2026, 3, 6, 15, 1, tzinfo=UTC))
    assert text(w).splitlines() == [
        "Week of 06 March 2026",
        "Reviews: 1 good. Closed: 0.",
        f"Reviewing Manager: Maria Marques (Support Manager). Rotation: {ROTATION}",
        "Kudos: Alice Archer (Support Engineer), ticket 123456: Alice was great \U0001f600 and quick",
        "Support Week in Review",
    ]
    document = w.sandbox.vendors.google.documents[DOCUMENT]
    assert sorted(name for name, _, _ in document.ranges) == [
        "desk:kudos:RV-1:1",
        "desk:managers:2026-03-06",
        "desk:numbers:2026-03-06",
        "desk:week:2026-03-06",
    ]
    w.advance(days=7)
    assert text(w).count("Alice was great") == 1
    assert [one for one in w.alice.sees("#support") if "week in review" in one.rendered] == []


def test_a_document_somebody_edits_at_the_same_time_keeps_both(documented: World) -> None:
    """What they typed stays, and the week stands once."""
    w = documented
    w.sandbox.vendors.google.interfering = ["Agenda \U0001f600\n", "Notes\n"]
    w.advance_to(datetime(2026, 3, 6, 15, 1, tzinfo=UTC))
    assert text(w).count("Alice was great") == 1
    assert "Agenda" in text(w)
    assert "Notes" in text(w)


def test_an_answer_that_was_lost_writes_nothing_twice(documented: World) -> None:
    """The document took it, and the desk did not hear."""
    w = documented
    w.sandbox.vendors.google.faults.extend([VendorFault(times=1), VendorFault(times=1, drop=True)])
    w.advance_to(datetime(2026, 3, 6, 15, 30, tzinfo=UTC))
    assert text(w).count("Alice was great") == 1


def test_kudos_wait_for_a_document_that_cannot_be_written_to(documented: World) -> None:
    """Not shared with the desk: the admins are told, and the next week has them."""
    w = documented
    document = w.sandbox.vendors.google.documents.pop(DOCUMENT)
    w.advance_to(datetime(2026, 3, 6, 20, 0, tzinfo=UTC))
    assert "The week in review waits" in w.omar.dm()[-1].rendered
    queue(w, w.maria)
    presses(w, w.maria, "Kudos")
    assert "Kudos wait for the next week in review" in modal(w.maria).text
    w.sandbox.vendors.google.documents[DOCUMENT] = document
    w.advance(days=7)
    assert text(w).count("Alice was great") == 1
