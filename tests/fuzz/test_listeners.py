"""Anything typed or chosen anywhere: answered, calls nobody by a mention and no other host, and is in no log."""

import json
import sys
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from storage.rows import every, table
from storage.tables import CaseRow
from tests import forging
from tests.forging import Use
from tests.fuzz.nasty import TEXTS, times
from tests.listeners import ids_modules
from tests.scenarios import contact, feedback, incident
from tests.unit.test_hostile import HARMLESS, HOSTS, TAG, marked_up
from tests.world import World, world

WORD = "Zweigniederlassungsleiterin"
"""A word of a customer's, in whatever is typed: it must be in no log above debug."""

CALLED: list[Any] = []


def _called(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        CALLED.append(arguments[1][0])


sys.addaudithook(_called)

USES = forging.uses("list", "list 2", "export", "export 30d", "why", "why MC-1", "help", "review", "reviews", "trends")
FIELDS = sorted({member.value for module in ids_modules() for member in module.Field})
CASES = ["FB-1", "FB-2", "MC-1", "INC-1", "RV-1", "", "NOPE-7"]

typed = st.one_of(st.sampled_from(TEXTS), st.text(max_size=60)).map(lambda text: f"{text}{WORD}")
chosen = st.sampled_from(["email", "ticket", "duty", "person", "yes", "product", "bug", "none", "new", "3", "x", WORD])
people = st.sampled_from(["U0ALICE", "U0MARIA", "U0OMAR", "U0GUS", "U0NOBODY"])
elements = st.one_of(
    typed.map(lambda text: {"value": text}),
    chosen.map(lambda value: {"selected_option": {"value": value}}),
    st.lists(chosen, max_size=3).map(lambda values: {"selected_options": [{"value": value} for value in values]}),
    people.map(lambda user: {"selected_user": user}),
    st.just({"value": None}),
)
states = st.dictionaries(st.sampled_from(FIELDS), elements, max_size=8)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all examples, with a case of each process and a draft."""
    with world(tmp_path_factory.mktemp("fuzz"), policy=contact.policy()) as w:
        feedback.sends(w, w.alice)
        contact.asks(w, w.alice)
        incident.reports(w, w.alice)
        w.alice.runs("/feedback review 123456 bad", in_="#support")
        feedback.types(w, w.alice, ticket="234567")
        yield w


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # a thread of the world's may, meanwhile
@settings(max_examples=times(150, 20_000))
@given(
    use=st.sampled_from(USES),
    user=st.sampled_from(["U0ALICE", "U0MARIA", "U0OMAR", "U0ADAM"]),
    value=st.one_of(st.sampled_from(CASES), typed.map(lambda text: text[:2000])),
    state=states,
)
def test_whatever_is_typed_is_answered(played: World, use: Use, user: str, value: str, state: dict[str, Any]) -> None:
    """Never an unhandled exception, a live mention, another host, or a word of a customer's in a log."""
    w, before, known = played, len(played.sandbox.app.web_api.calls), len(CALLED)
    if use.kind == "command":
        use = Use(f"{use.name} {value}", use.kind)
    with capture_logs() as logs:
        answer = forging.sends(w, {"id": user}, use, value, state)
        if next(TURNS) % 10 == 0:
            w.settle()
    said = json.loads(answer.body) if answer.body.startswith("{") else {"text": answer.body}
    unlistened = use.kind == "closed form" and answer.status == 404
    assert answer.status == 200 or unlistened
    assert set(CALLED[known:]) <= {"127.0.0.1", "::1"}
    held = [{**line, "exc_info": None} for line in logs if line["log_level"] != "debug"]  # of errors no text is logged
    assert WORD not in str(held)
    assert [line for line in logs if line["event"] in {"listener_broke", "effect_broke", "timer_failed"}] == []
    assert_calls_nobody([said, *calls(w, before)])


ASKED = ("/feedback", "/feedback review 123456", "/manager-contact", "/incident", "/supportops", "/csm feedback 123456")
"""Commands behind which somebody types what they want to have done."""


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # a thread of the world's may, meanwhile
@settings(max_examples=times(60, 5_000))
@given(asked=st.sampled_from(ASKED), user=st.sampled_from(["U0ALICE", "U0MARIA", "U0GUS"]), text=st.text(max_size=60))
def test_what_is_typed_behind_a_command_is_kept_or_given_back(played: World, asked: str, user: str, text: str) -> None:
    """It stands in what the person is shown, in a case, or in what is about to leave: nobody types it twice."""
    w, before = played, len(played.sandbox.app.web_api.calls)
    word = f"{WORD}{next(TURNS)}"
    answer = forging.sends(w, {"id": user}, Use(f"{asked} {text} {word}", "command"), "")
    assert word in forging.said(w, answer, before) or word in saved(w)


def saved(w: World) -> str:
    """Everything the database keeps of cases and of what leaves."""
    with w.desk.database.read_only() as connection:
        cases = every(connection, CaseRow, table(CaseRow).select())
        return json.dumps([row.data for row in cases], ensure_ascii=False)


TURNS = count()
OWN = ("http://127.0.0.1:",)
"""Where the vendors of the sandbox are."""


def calls(w: World, since: int) -> list[Any]:
    """What Slack was told to show."""
    return [call.args for call in w.sandbox.app.web_api.calls[since:]]


def assert_calls_nobody(shown: list[Any]) -> None:
    """In what was answered there is no mention but of people who are known, and no link elsewhere."""
    for text in marked_up(shown):
        for tag in TAG.findall(text):
            is_link = tag.partition("|")[0].startswith(tuple(f"https://{host}" for host in HOSTS) + OWN)
            assert HARMLESS.fullmatch(tag) or is_link, tag
