"""What customer success managers see, with everything hostile customers can write, and very much of it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.csm import modals, notices, texts
from handlers.csm.process import CSM, LINKS
from sandbox.blockkit import check_message, check_view
from tests.policies import company_policy
from tests.tickets import ticket
from workflows.contract.process import Case, MessageRef
from workflows.csm import gaps, model, new_ticket, pasted
from workflows.policy.csm import Notice

POLICY = company_policy({"csm": {"accounts": "system"}})
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOSTILE = [
    "<!channel> <!here> @channel <@U0CEO> <!subteam^S1>",
    "<https://evil.example|click> *bold* `code` ```block",
    "x" * 10_000,
    "<&>" * 3_000,
    "\n" * 2_000,
    "ACME",
]


def row(words: str, number: int = 123456, late: int = 0) -> dict[str, Any]:
    """A notice, with these words wherever a customer can write some."""
    return {
        "ticket": {"account": "main", "number": number},
        "subject": words,
        "opened_at": NOW.isoformat(),
        "contact_name": words[:200],
        "contact_email": words[:200],
        "account_id": "001",
        "account": words[:200],
        "account_url": "https://x.example/1",
        "case_url": "https://x.example/2",
        "organization_id": 201,
        "minutes_late": late,
    }


def details(words: str) -> dict[str, Any]:
    """What any of the messages may need."""
    found = {"name": words[:200], "csm_name": words[:200], "csm_email": "", "plan": words[:200], "sold_to": words[:200]}
    return {
        "notice": row(words, late=90),
        "notices": [row(words, number) for number in range(100_000, 100_400)],
        "gaps": [{"reason": "several", "name": words[:200], "ticket": "123456"}] * 300,
        "gathered": True,
        "sentence": words[:500],
        "name": words[:200],
        "by": "U0CAROL",
        "by_name": words[:200],
        "found": {**found, "url": "https://x.example/3"},
        "account": "main",
        "open_tickets": {"count": 2, "newest": [[1, words], [2, words]], "more": True},
        "organizations": [201],
        "organization": "201",
        "organization_name": words[:200],
        "project": {"id": 1, "path": words[:200], "url": "https://x.example/4"},
        "missing": words[:200],
        "names": [words[:200]] * 30,
        "fitting": [{"name": words[:200], "csm": words[:200]}] * 30,
        "more": True,
        "choice": "digest",
        "trouble": words[:400],
    }


def read(value: Any) -> str:
    """Everything somebody reads in blocks."""
    if isinstance(value, list):
        return "".join(map(read, value))
    if isinstance(value, dict):
        return "".join(read(part) for name, part in value.items() if name != "value")
    return str(value)


def cases() -> list[tuple[str, Any, Case]]:
    """Every message, with a case to show it of."""
    link = pasted.LinkCase(id="PL-1", state="answered", opened_at=NOW, owner="U0CAROL", tickets=(ticket(123456),))
    link = link.with_message(pasted.ORIGIN, MessageRef(place="C1", channel="C1", ts="1.0"))
    person = model.CsmCase(id="CS-1", state="standing", opened_at=NOW, address="carol@example.com")
    missing = gaps.GapsCase(id="CG-1", state="standing", opened_at=NOW)
    new = new_ticket.blank("NT-1", NOW)
    kinds: dict[str, Case] = {"pasted_link": link, "csm": person, "csm_gaps": missing, "new_ticket": new}
    return [
        (name, render, kinds[process.rules.kind])
        for process in (LINKS, *CSM)
        for name, render in process.views.messages.items()
    ]


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: words[:12])
def test_every_message_is_one_slack_takes(words: str) -> None:
    """And nobody is called by what a customer wrote."""
    for name, render, case in cases():
        shown = render(case, POLICY, details(words))
        assert check_message(list(shown.blocks) or None, shown.text) is None, name
        said = shown.text + read(list(shown.blocks))
        assert "<!channel>" not in said, name
        assert "<@U0CEO>" not in said, name
        assert "|click>" not in said, name


def test_three_hundred_tickets_fit_into_one_message() -> None:
    """Each with its number beside a link to all of its customer's; of still more the rest is counted."""
    person = model.CsmCase(id="CS-1", state="standing", opened_at=NOW, address="carol@example.com")
    rows = [{**row("Outage", 200_000 + number), "account": f"Account {number % 7}"} for number in range(300)]
    shown = notices.digest(person, POLICY, {"notices": rows, "gathered": True})
    assert check_message(list(shown.blocks), shown.text) is None
    said = json.dumps(list(shown.blocks))
    assert all(f"#{200_000 + number}" in said for number in range(300))
    assert said.count("/agent/organizations/201/tickets|Account") == 7
    many = notices.digest(person, POLICY, {"notices": [row("x" * 500)] * 900, "gathered": False})
    assert check_message(list(many.blocks), many.text) is None
    assert "900 new tickets" in many.text
    assert "more." in json.dumps(list(many.blocks))


def test_the_form_shows_as_many_accounts_as_slack_takes() -> None:
    """And says how to choose for the others."""
    accounts = {f"001{number:03}": f"Account {number} <!here>" for number in range(120)}
    person = model.CsmCase(id="CS-1", state="standing", opened_at=NOW, address="c@example.com", accounts=accounts)
    for case in (person, person.with_(accounts={}, view="V1", view_trouble="Salesforce is <!here> down")):
        assert check_view(modals.notify(case.with_(default=Notice.DIGEST), POLICY)) is None
    assert "30 more" in json.dumps(modals.notify(person, POLICY))
    assert check_view(modals.change_project("main|1|ACME", "ACME <!here>" * 20, POLICY)) is None


def test_the_tips_are_the_page_s_six_with_a_message_to_copy() -> None:
    """It names the company, and is short enough for Slack."""
    said = texts.tips(POLICY)
    assert all(f"\n{number}. " in said for number in range(1, 7))
    assert "```" in said
    assert POLICY.company.name in said
    assert len(said) < 12_000
