"""Every listener, tried by everybody it is not for, and with values that no card of ours holds."""

from typing import Any

import pytest
from slack_bolt import BoltResponse
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.service.slack_requests import dispatch
from handlers.kit.access import Who, line_of
from handlers.kit.process import access_of
from handlers.registry import PROCESSES
from sandbox.driver.people import SandboxPerson
from storage.rows import every, table
from storage.tables import CaseRow
from tests import forging
from tests.forging import Use
from tests.listeners import listeners
from tests.scenarios import contact, feedback, incident, request
from tests.scenarios.conftest import Worlds
from tests.world import World

TABLE = access_of(PROCESSES)
USES = forging.uses("list", "export", "why MC-1", "review 123456 bad", "reviews", "trends")
SECRET = "No auto-replies"
OPEN_TO_ALL = Who.ANYBODY | Who.READER


@pytest.fixture
def played(worlds: Worlds) -> World:
    """A world with a case of each process, all of them Alice's; and a draft of hers, FB-2."""
    w = worlds(policy=contact.policy() | {"incident": {"responders": "support-ops"}})
    feedback.sends(w, w.alice, SECRET)
    contact.asks(w, w.alice, f"123456 {SECRET}")
    incident.reports(w, w.alice)
    w.alice.runs(f"/feedback review 123456 {SECRET}", in_="#support")
    feedback.types(w, w.alice, SECRET, "234567")
    request.files_bug(w, w.alice, **{request.SUMMARY: SECRET})
    w.alice.says("https://gitlab.zendesk.com/api/v2/tickets/123456.json", in_="#support")
    w.settle()
    assert cases(w).keys() >= {*forging.CASES.values(), "FB-2"}
    return w


def cases(w: World) -> dict[str, int]:
    """Every case, and how often it was changed."""
    with w.desk.database.read_only() as connection:
        return {row.id: row.version for row in every(connection, CaseRow, select(table(CaseRow)))}


def person(w: World, name: str) -> dict[str, Any]:
    """Somebody, as Slack's payloads name them."""
    known = w.sandbox.app.workspace.person(name)
    return {"id": known.id, "team_id": known.team_id}


def tries(w: World, user: dict[str, Any], use: Use, value: str, state: Any = None) -> tuple[BoltResponse, str]:
    """Use it; what was answered, in full."""
    before = len(w.sandbox.app.web_api.calls)
    answer = forging.sends(w, user, use, value, state)
    return answer, forging.said(w, answer, before)


def test_every_listener_has_its_line() -> None:
    """Also those of a process that is new: what is not listed would not be heard."""
    assert [name for name in listeners() if line_of(TABLE, name) is None] == []


def test_nobody_from_outside_uses_anything(played: World) -> None:
    """Guests, other organisations, bots, leavers, whom Slack does not know, whom the payload calls another team's."""
    w = played
    outsiders = [person(w, name) for name in ("gus", "yuki", "integration", "dave")]
    outsiders += [{"id": "U0NOBODY"}, person(w, "adam") | {"team_id": "T0PARTNER"}]
    before = cases(w)
    for user in outsiders:
        for use in USES:
            with capture_logs() as logs:
                answer, shown = tries(w, user, use, use.case)
            assert answer.status == 200
            assert SECRET not in shown, (user, use)
            in_time = all(line["event"] != "modal_not_opened" for line in logs)  # a busy machine is a slow Slack
            assert use.kind == "closed form" or "Only full members" in shown or not in_time, (user, use)
    assert cases(w) == before


STATES: dict[str, dict[str, Any]] = {
    "contact.contacted": {"how": {"selected_option": {"value": "email"}}, "text": {"value": "Dear customer"}},
    "contact.reassign": {"to": {"selected_option": {"value": "duty"}}},
    "contact.cancel": {"reason": {"value": "withdrawn"}},
    "contact.note_action": {"action": {"value": "called"}},
    "contact.ticket": {"ticket": {"value": "345678"}},
    "review.triage": {"summary": {"value": "late"}, "label": {"selected_option": {"value": "x"}}},
    "review.kudos": {"words": {"value": "thanks"}},
    "review.act": {"what": {"selected_option": {"value": "discuss"}}},
    "feedback.form": {"ticket": {"value": "345678"}, "text": {"value": "taken over"}, "kind": {"value": "product"}},
    "feedback.preview": {"issue": {"selected_option": {"value": "none"}}},
    "feedback.ticket": {"ticket": {"value": "345678"}},
    "incident.change": {"level": {"selected_option": {"value": "by-sheet"}}},
    "incident.details": {"what": {"value": "x"}, "impact": {"value": "y"}},
    "incident.resolve": {"summary": {"value": "over"}},
}
"""What is typed into a form, so that nothing but who sends it is wrong."""


def test_a_member_uses_only_what_is_for_them(played: World) -> None:
    """Adam is no manager and no responder, and none of it is his."""
    w, before, tried = played, cases(played), 0
    for use in USES:
        names = forging_names(use)
        who = next(filter(None, (line_of(TABLE, name) for name in names)), Who.ANYBODY)
        if who & OPEN_TO_ALL:
            continue
        for case in {use.case, "FB-2"} if use.name.startswith("feedback.") else {use.case}:
            _, shown = tries(w, person(w, "adam"), use, case, STATES.get(use.name))
            assert SECRET not in shown, use
            tried += 1
    assert tried > 30
    assert cases(w) == before


def forging_names(use: Use) -> tuple[str, ...]:
    """By which names a use may be listed."""
    if use.kind != "command":
        return (use.name,)
    command, word, *_ = use.name.split()
    return (f"{command} {word}", command)


def test_the_form_of_a_draft_is_its_writers(played: World) -> None:
    """Nobody else fills it, with the draft's number in theirs."""
    before = cases(played)
    form = Use("feedback.form", "form")
    _, shown = tries(played, person(played, "adam"), form, "FB-2", STATES["feedback.form"] | KIND)
    assert "Only who typed this draft" in shown
    assert cases(played) == before


KIND = {"kind": {"selected_option": {"value": "product"}}, "area": {"selected_option": {"value": "plan"}}}

FORGED = [
    "",
    "NOPE-1",
    "FB-999999999999",
    "INC-1 no.such",
    "MC-1 incident.resolve",
    "RV-1",
    "FB-1",
    "x" * 3000,
    "<!channel>",
]
"""Values of buttons, and cases of forms, that are of another process, of nothing, or too long."""


def test_values_that_nobody_made_break_nothing(played: World) -> None:
    """Whatever stands in a button or form, a manager is answered, and no case of another process changes."""
    w, maria = played, person(played, "maria")
    for use in USES:
        own = forging.CASES.get(use.name.partition(".")[0], "").partition("-")[0]
        before = cases(w)
        for value in FORGED if use.kind in {"button", "form"} and use.name != "feedback.form" else ():
            if value.partition("-")[0] == own:
                continue
            answer, shown = tries(w, maria, use, value, STATES.get(use.name))
            assert (answer.status, "<!channel>" in shown) == (200, False), (use, value)
        assert cases(w) == before, use


CHOSEN = {
    "incident.stand_in": ("person", "selected_user"),
    "review.kudos": ("who", "selected_user"),
    "contact.contacted": ("briefed", "selected_user"),
    "contact.reassign": ("person", "selected_user"),
    "incident.no_such_form_yet": ("people", "selected_users"),
}
"""The forms in which people are chosen, and one of the future."""


def test_who_is_chosen_in_a_form_is_one_of_ours(played: World) -> None:
    """Whatever the form: a guest, another organisation's, a bot and one who left are refused below the field."""
    w, before = played, cases(played)

    def chooses(name: str, chosen: str) -> str:
        field, value = CHOSEN[name]
        state = STATES.get(name, {}) | {field: {value: chosen if value == "selected_user" else [chosen]}}
        answer, shown = tries(w, person(w, "maria"), Use(name, "form"), Use(name, "form").case, state)
        assert f'"errors": {{"{field}"' in answer.body
        return shown

    for name in CHOSEN:
        for who in ("gus", "yuki", "integration", "dave"):
            assert "can't be chosen: only full members" in chooses(name, person(w, who)["id"])
        assert "Slack doesn't know them here" in chooses(name, "U0NOBODY")
    w.slack.faults.status("users.info", 503, times=50)
    assert "Slack can't say right now who this is" in chooses("incident.stand_in", "U0NEW")
    assert cases(w) == before


def test_the_app_home_shows_nothing_to_others(played: World) -> None:
    """Not to a guest, nor to another organisation; and not to anybody new while Slack cannot say who they are."""
    w = played
    for outsider in (w.gus, w.yuki):
        assert_home(w, outsider, "Only full members")
    w.slack.faults.status("users.info", 503, times=50)
    newcomer = w.slack.adds_person("nina", channels=("support",))
    assert_home(w, newcomer, "Slack can't say right now who you are")


def assert_home(w: World, who: SandboxPerson, words: str) -> None:
    """What somebody's App Home says, and that it is all."""
    who.opens_home()
    w.slack.settle()
    w.settle()
    shown = who.home
    assert shown is not None
    assert words in shown.text
    assert SECRET not in shown.text


def test_nobody_from_outside_is_heard_in_a_channel(played: World) -> None:
    """What would open a case, or answer one, does not when an outsider writes it."""
    w, before = played, cases(played)
    places = {"support-operations": "Triggers do not fire", "support_escalations": "345678 contact requested"}
    for number, name in enumerate(("gus", "yuki", "dave")):
        for place, words in places.items():
            event = {
                "type": "message",
                "channel": w.sandbox.app.workspace.place(place).id,
                "channel_type": "channel",
                "user": person(w, name)["id"],
                "text": words,
                "ts": f"177244300{number}.000100",
            }
            app = w.sandbox.app.workspace.app.app_id
            ids = {"event_id": f"Ev{name}{place}", "api_app_id": app}
            dispatch(w.desk.bolt, {"type": "event_callback", "event": event, "authorizations": [], **ids})
    w.settle()
    assert cases(w) == before
