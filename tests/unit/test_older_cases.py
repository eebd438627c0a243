"""Cases that an older version stored are read: what it did not know yet begins as it does in a new case."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel

from handlers.registry import PROCESSES
from tests.unit.contact import plays as contact
from tests.unit.feedback import plays as feedback
from tests.unit.incident import plays as incident
from tests.unit.review import plays as review
from workflows.contract.process import Case, Process

RULES = [process.rules for process in PROCESSES]
OPENED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("process", RULES, ids=lambda process: process.kind)
def test_every_field_of_a_case_has_a_beginning(process: Process[Any]) -> None:
    """A new field needs a default, for no migration writes it into the cases that wait."""
    stored = {"id": "X-1", "state": "open", "opened_at": OPENED.isoformat()}
    assert process.model.model_validate(stored).id == "X-1"


def _played() -> list[Case]:
    played: list[Case] = [feedback.sent().case, contact.Play().asked().case, incident.paged().case]
    return [*played, review.Play().begun().case]


@pytest.mark.parametrize("case", _played(), ids=lambda case: type(case).__name__)
def test_a_case_is_read_as_it_was_stored(case: Case) -> None:
    """Through JSON and back, in the middle of its work; and without any of its fields that can be empty."""
    stored = case.model_dump(mode="json")
    assert type(case).model_validate(stored) == case
    for name in stored.keys() - {"id", "state", "opened_at"}:
        without = {key: value for key, value in stored.items() if key != name}
        read: BaseModel = type(case).model_validate(without)
        assert getattr(read, name) == getattr(type(case)(id="X-1", state="open", opened_at=OPENED), name)
