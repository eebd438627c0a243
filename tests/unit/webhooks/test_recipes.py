"""What the README tells people to set up in the vendors, followed to the letter and posted."""

import json
import re

import pytest

from bot.webhooks.gitlab import GitLab
from bot.webhooks.pagerduty import PagerDuty
from bot.webhooks.zendesk import Zendesk
from sandbox.vendors.webhook_payloads import feedback
from tests import reference
from tests.tickets import ticket
from tests.unit.webhooks.delivering import delivery, gitlab_issue, pagerduty_event
from workflows.contract.facts import (
    Fact,
    IssueChanged,
    PageChanged,
    Score,
    TicketChange,
    TicketChanged,
    TicketClaimed,
    TicketRated,
)

PAGES = [reference.README, *sorted((reference.ROOT / "docs").glob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

RAW = 'She said "no" twice.\nThen \\ nothing } at all'


def recipe(kind: str, *, holding: str = "") -> str:
    """The body for triggers of this type, wherever it is printed: the one with this in it, or the one without more."""
    found = (one for one in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL) if f'"{kind}"' in one and holding in one)
    return min(map(str, found), key=len)


def filled(body: str, **values: str) -> bytes:
    """As Zendesk sends it: each placeholder replaced by what it stands for, as it is."""
    for name, value in values.items():
        body = body.replace(f"{{{{{name.replace('__', '.')}}}}}", value)
    assert "{{" not in body
    return body.encode()


def read(body: bytes, *, trusted: bool = False) -> list[Fact]:
    """What it says."""
    headers = {"x-zendesk-webhook-signature-timestamp": "2026-11-20T10:00:00Z"}
    reader = Zendesk("secret", "main", trusts_bodies=trusted)
    return [incoming.fact for incoming in reader.read(delivery(body, headers))]


@pytest.mark.parametrize("comment", [json.dumps(RAW)[1:-1], RAW], ids=["escaped", "as typed"])
@pytest.mark.parametrize("answer", ["contact_yes", "yes_please_contact_me", "true", ""])
def test_the_body_for_feedback_that_is_trusted_is_understood(answer: str, comment: str) -> None:
    """A drop-down gives the tag of its option, a checkbox true; quotation marks come escaped or not."""
    body = filled(
        recipe("desk.feedback", holding="comment"),
        ticket__id="123456",
        satisfaction__current_rating="Bad with comment",
        ticket__ticket_field_360001234567=answer,
        ticket__updated_at_with_timestamp="2026-11-20T09:59:58Z",
        satisfaction__current_comment=comment,
    )
    (fact,) = read(body, trusted=True)
    assert isinstance(fact, TicketRated)
    assert (fact.ticket, fact.score, fact.contact_answer) == (ticket(123456), Score.BAD, answer)
    assert fact.comment == RAW


def test_the_body_for_feedback_names_the_ticket() -> None:
    """And the answer of a menu; nothing that a customer wrote."""
    stamp = "2026-11-20T09:59:58Z"
    for answer in ("contact_yes", "true", ""):
        values = {"ticket__id": "123456", "ticket__updated_at_with_timestamp": stamp}
        (fact,) = read(filled(recipe("desk.feedback"), **values, ticket__ticket_field_360001234567=answer))
        assert isinstance(fact, TicketClaimed)
        assert (fact.ticket, fact.change, fact.answer) == (ticket(123456), None, answer)
        assert f"{fact.at:%H:%M:%S}" == "09:59:58"


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("into", ["", ',\n  "into": ""'], ids=["as printed", "with an empty into"])
@pytest.mark.parametrize("change", list(TicketChange))
def test_the_body_for_changes_is_understood(change: TicketChange, into: str, *, trusted: bool) -> None:
    """One trigger each: what the body leaves empty says nothing."""
    body = recipe("desk.ticket").replace('"solved"', f'"{change.value}"{into}')
    stamp = "2026-11-20T09:59:58Z"
    (fact,) = read(filled(body, ticket__id="7", ticket__updated_at_with_timestamp=stamp), trusted=trusted)
    assert isinstance(fact, TicketChanged if trusted else TicketClaimed)
    assert (fact.ticket, fact.change, f"{fact.at:%H:%M:%S}") == (ticket(7), change, "09:59:58")


@pytest.mark.parametrize("words", ['I said "no"', 'x", "ticket": "999', 'x", "type": "desk.ticket", "change": "merged'])
def test_a_field_that_takes_any_text_breaks_nothing(words: str) -> None:
    """Quotation marks in it are words: the ticket is the one that stands before them."""
    values = {"ticket__id": "123456", "ticket__updated_at_with_timestamp": "x"}
    (fact,) = read(filled(recipe("desk.feedback"), **values, ticket__ticket_field_360001234567=words))
    assert isinstance(fact, TicketClaimed)
    assert (fact.ticket, fact.change, fact.answer) == (ticket(123456), None, words)


def test_the_sandbox_posts_what_the_page_prints() -> None:
    """So every scenario in which a customer rates a ticket follows the recipe."""
    assert set(feedback(1, "x", None)) == set(json.loads(recipe("desk.feedback")))


def test_the_events_to_subscribe_to_in_pagerduty_are_understood() -> None:
    """Each that is named."""
    (listed,) = re.findall(r"events (`incident\.triggered`.*?)\. The\s+secret", TEXT, re.DOTALL)
    names = [name if name.startswith("incident") else f"incident{name}" for name in re.findall(r"`([\w.]+)`", listed)]
    assert len(names) > 5
    for name in names:
        (incoming,) = PagerDuty("secret").read(delivery(pagerduty_event(name, "acknowledged")))
        assert isinstance(incoming.fact, PageChanged), name


@pytest.mark.parametrize("hook", ["Issue Hook", "Confidential Issue Hook"])
def test_the_triggers_to_tick_in_gitlab_are_understood(hook: str) -> None:
    """Issues events, confidential ones too: their bodies are alike."""
    assert "*Issues events*" in TEXT
    assert "*Confidential issues events*" in TEXT
    event = "confidential_issue" if hook.startswith("Confidential") else "issue"
    body = gitlab_issue("close", event_type=event)
    (incoming,) = GitLab("token").read(delivery(body, {"x-gitlab-event": hook}))
    assert isinstance(incoming.fact, IssueChanged)
