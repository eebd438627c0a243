"""What people see of a request: at every stage, with everything hostile people can type."""

import json
from typing import Any

import pytest

from handlers.contact import cards, modals
from handlers.contact.views import VIEWS as CONTACT
from sandbox.blockkit import check_message, check_view
from tests.tickets import ticket
from tests.unit.contact.plays import MANAGERS, MARCO, MARIA, MONDAY, NOBODY, POLICY, Play, changed
from workflows.contact import events, model
from workflows.contact.events import ContactRequested
from workflows.contact.model import NoticeKind, Source
from workflows.contract.engine import TimelineEntry
from workflows.contract.events import Duty, DutySource
from workflows.policy.contact import Way
from workflows.policy.model import Policy

HOSTILE = [
    "<!channel> <!here> <!everyone> @channel <@U0CEO> <!subteam^S1>",
    "<https://evil.example|click> *bold* `code` ```block",
    "x" * 40_000,
    "<&>" * 9_000,
    "\n" * 4_000,
    "👩‍👩‍👧‍👦" * 3_000,
]
PRIVATE = changed(POLICY, words_in_channel=True)


def stages(words: str) -> list[Play]:
    """A request at every stage of its life, with these words in every place people can type into."""
    request = ContactRequested(Source.INTEGRATION, f"U{words[:80]}", ticket(123456), words, remark=words)
    fresh, claimed, done, cancelled, overdue, nobody = (Play(policy=PRIVATE) for _ in range(6))
    for play in (claimed, done, cancelled, overdue):
        play.asked(request)
    fresh.happens(request)
    nobody.asked(request, NOBODY)
    claimed.happens(events.Claimed("U0MARCO"))
    done.happens(events.Contacted("U0MARIA", Way.TICKET, words, "U0ALICE"))
    cancelled.happens(events.Cancelled("U0MARIA", words))
    overdue.passes(days=5)
    overdue.answers_duty(Duty((MARCO,), DutySource.FALLBACK, words, MANAGERS), "backup")
    return [fresh, claimed, done, cancelled, overdue, nobody]


def everything(play: Play) -> list[tuple[str, Any]]:
    """Every message there is, of this request as it is now."""
    case = play.case
    for kind in NoticeKind:
        case = case.with_notice(
            f"{kind}:9:U0MARIA", model.Notice(kind=kind, to="U0MARIA", percent=80, late_minutes=150)
        )
    details = {"people": ["U0MARIA", "U0MARCO"], "lost": "U0MARIA", "sentence": "Mend it <!here>", "late_minutes": 5}
    return [
        (name, render(case, play.policy, {**details, "slot": f"{name}:9:U0MARIA"}))
        for name, render in CONTACT.messages.items()
    ]


@pytest.mark.parametrize("words", HOSTILE)
def test_every_message_fits_and_calls_nobody(words: str) -> None:
    """At every stage, posted and updated; what was typed mentions no one and links nowhere."""
    for play in stages(words):
        for name, message in everything(play):
            for updating in (False, True):
                text = message.text if not updating else message.text[:4000]
                assert check_message(list(message.blocks) or None, text, updating=updating) is None, name
            shown = f"{message.text}{json.dumps(list(message.blocks))}"
            for bad in ("<!channel", "<!here", "<!everyone", "<@U0CEO", "subteam^S1>", "<https://evil"):
                assert bad not in shown, name


@pytest.mark.parametrize("words", HOSTILE)
def test_every_modal_fits(words: str) -> None:
    """With every way to contact a customer, and a timeline of any length."""
    for play in stages(words):
        entries = [TimelineEntry(MONDAY, "U0MARIA", note) for note in play.notes] * 40
        views = [
            modals.contacted(play.case, play.policy, words, Way.TICKET),
            modals.contacted(play.case, play.policy, words, Way.EMAIL),
            modals.reassign(play.case, play.policy),
            modals.cancel(play.case, play.policy),
            modals.note_action(play.case, play.policy),
            modals.name_ticket(play.case, play.policy),
            modals.why(play.case, play.policy, entries, words_too=True),
        ]
        assert [check_view(view) for view in views] == [None] * len(views)


SECRET = "Ms Customer of ACME is furious"


def test_the_card_keeps_the_customers_words_private() -> None:
    """The channel sees ticket, source, owner and due time; the owner's DM has the words."""
    play = Play().asked(ContactRequested(Source.COMMAND, "U0ALICE", ticket(123456), SECRET))
    for event in (None, events.Claimed("U0MARIA"), events.Contacted("U0MARIA", Way.EMAIL, SECRET)):
        if event is not None:
            play.happens(event)
        shown = cards.card(play.case, POLICY, {})
        assert SECRET not in f"{shown.text}{shown.blocks}"
        private = CONTACT.messages["assigned"](play.case, POLICY, {"slot": "assigned:1:U0MARIA"})
        assert SECRET in str(private.blocks)


def test_a_cancelled_card_keeps_the_reason_private() -> None:
    """Who asked, and the owner, get it by DM."""
    play = Play().asked()
    play.happens(events.Cancelled("U0MARIA", SECRET))
    assert SECRET not in str(cards.card(play.case, POLICY, {}))
    assert SECRET in CONTACT.messages["cancelled_notice"](play.case, POLICY, {}).text


def test_in_a_private_channel_the_policy_may_show_the_words() -> None:
    """A setting, off by default."""
    play = Play(policy=PRIVATE).asked(ContactRequested(Source.COMMAND, "U0ALICE", ticket(123456), SECRET))
    assert SECRET in str(cards.card(play.case, PRIVATE, {}).blocks)


def buttons(play: Play) -> list[str]:
    """The buttons of the card."""
    return [element["text"]["text"] for element in cards.buttons(play.case)]


def test_the_buttons_follow_the_state() -> None:
    """What cannot be done is not offered."""
    fresh, claimed, done, cancelled, _, _ = stages("It is slow")
    fresh.case = fresh.case.with_(check=model.TicketCheck.FOUND)
    all_of_them = ["Claim", "Contacted", "Reassign", "Snooze reminder", "Cancel", "Why?"]
    assert buttons(fresh) == all_of_them
    assert buttons(claimed) == all_of_them[1:]
    assert buttons(done) == ["Note an action", "Why?"]
    assert buttons(cancelled) == ["Why?"]


def test_a_request_without_a_ticket_asks_for_it() -> None:
    """And says so instead of a link."""
    play = Play().asked(ContactRequested(Source.INTEGRATION, "bot", None, "Contact requested"))
    assert "Name the ticket" in buttons(play)
    assert "a ticket nobody has named yet" in cards.headline(play.case, POLICY)


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (0, "I am looking up who is on duty"),
        (1, "*Claimed by* <@U0MARCO>"),
        (2, "*In time:*"),
        (3, "*Cancelled by* <@U0MARIA>"),
        (4, "*Overdue:*"),
        (5, "<!subteam^S0MANAGERS>: please claim it"),
    ],
)
def test_the_card_says_how_it_stands(stage: int, words: str) -> None:
    """Who has it, until when, and what is next."""
    assert words in "\n".join(cards.facts(stages("It is slow")[stage].case, PRIVATE))


def draft(play: Play, policy: Policy = POLICY) -> str:
    """The draft that Maria is offered."""
    return modals.draft(play.case, policy, MARIA)


def test_the_draft_says_who_writes_and_links_the_ticket() -> None:
    """The customer's form of the address; what is not known is a sentence in brackets, never a brace."""
    offered = draft(Play().asked())
    assert "My name is Maria Marques" in offered
    assert "https://support.gitlab.com/hc/requests/123456" in offered
    assert "{" not in offered
    assert "book a call with you]" in offered
    assert "You told us: [What the customer told us" in offered, "a colleague's words are not the customer's"


def test_the_draft_restates_what_the_customer_wrote() -> None:
    """When the ticket system brought it, and with the manager's own page to book a call."""
    policy = changed(POLICY, scheduling_urls={"maria@example.com": "https://calendar.example/maria"})
    play = Play().asked(ContactRequested(Source.TICKETS, "tickets", ticket(5), "Nobody answered.", field_says=True))
    offered = draft(play, policy)
    assert "You told us: Nobody answered." in offered
    assert "https://calendar.example/maria" in offered


def test_a_reply_on_the_ticket_warns_and_asks_who_is_briefed() -> None:
    """Only then; and it says what the ticket's state means."""
    play = Play().asked()
    by_mail = json.dumps(modals.contacted(play.case, POLICY, "", Way.EMAIL))
    assert "reopen rate" not in by_mail
    assert "briefed" not in by_mail
    closed = play.case.with_(check=model.TicketCheck.CLOSED)
    on_ticket = json.dumps(modals.contacted(closed, POLICY, "", Way.TICKET))
    assert "reopen rate" in on_ticket
    assert "follow-up ticket" in on_ticket
    assert '"block_id": "briefed"' in on_ticket


def test_in_a_shared_channel_the_card_has_no_words_whatever_the_policy_says() -> None:
    """The policy may call the channel private: what Slack says of it holds."""
    fresh = Play(policy=PRIVATE)
    fresh.happens(ContactRequested(Source.INTEGRATION, "form", ticket(123456), "ACME is furious"))
    render = CONTACT.messages["card"]
    assert "ACME" in json.dumps(list(render(fresh.case, PRIVATE, {"slot": "card", "shared": False}).blocks))
    message = render(fresh.case, PRIVATE, {"slot": "card", "shared": True})
    assert "ACME" not in f"{message.text}{json.dumps(list(message.blocks))}"
