"""Ticket references: read in every form, written in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import company_policy
from tests.tickets import ticket, two_accounts
from workflows.lib.tickets import (
    LARGEST,
    NotAReference,
    NotATicket,
    NumberOutOfRange,
    OtherHost,
    find_tickets,
    parse_ticket,
    split_command,
)

POLICY = company_policy().tickets
TWO = two_accounts().tickets
ONE, BOTH = POLICY.accounts, TWO.accounts
numbers = st.integers(1, LARGEST)
FORMS = [
    "{n}",
    "#{n}",
    "ZD-{n}",
    "zd-{n}",
    "ZD {n}",
    "ticket {n}",
    "Ticket #{n}",
    "https://gitlab.zendesk.com/agent/tickets/{n}",
    "http://gitlab.zendesk.com/agent/tickets/{n}",
    "HTTPS://GitLab.Zendesk.com/agent/tickets/{n}",
    "gitlab.zendesk.com/agent/tickets/{n}",
    "https://gitlab.zendesk.com/agent/#/tickets/{n}",
    "https://gitlab.zendesk.com/tickets/{n}",
    "https://gitlab.zendesk.com/tickets/{n}/",
    "https://gitlab.zendesk.com/api/v2/tickets/{n}.json",
    "https://gitlab.zendesk.com/api/v2/tickets/{n}",
    "https://support.gitlab.com/hc/requests/{n}",
    "https://support.gitlab.com/hc/en-us/requests/{n}",
    "https://support.gitlab.com/hc/zh-hans-cn/requests/{n}",
    "https://support.gitlab.com/hc/requests/{n}?page=2&amp;sort=asc#comment_7",
    "https://gitlab.zendesk.com/agent/tickets/{n}/events",
    "<https://gitlab.zendesk.com/agent/tickets/{n}|{n}>",
    "<https://gitlab.zendesk.com/agent/tickets/{n}>",
    "(<https://gitlab.zendesk.com/agent/tickets/{n}|the ticket>).",
    "  #{n}. ",
    "“{n}”",
    "(ZD-{n})!",
]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_reference_is_read(form: str) -> None:
    """Numbers, addresses of staff, customers and the API, and what Slack makes of them."""
    assert parse_ticket(form.format(n=123456), ONE) == ticket(123456)


@given(numbers, st.sampled_from(FORMS))
def test_every_number_is_read_back_from_every_form(number: int, form: str) -> None:
    """No number is special."""
    assert parse_ticket(form.format(n=number), ONE).number == number


@given(numbers)
def test_what_the_desk_writes_it_can_read(number: int) -> None:
    """The canonical forms lead back to the ticket."""
    for account in BOTH:
        ours = ticket(number, account)
        for written in (TWO.agent_url(ours), TWO.customer_url(ours), ours.label):
            assert written is not None
            assert parse_ticket(written, BOTH) == ours
            assert find_tickets(f"See {written}.", BOTH) == [ours]


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("https://example.zendesk.com/agent/tickets/1", "example.zendesk.com is not one of our"),
        ("https://gitlab.zendesk.com.evil.example/agent/tickets/1", "gitlab.zendesk.com.evil.example is not"),
        ("https://evilgitlab.zendesk.com/agent/tickets/1", "evilgitlab.zendesk.com is not"),
        ("https://gitlab.zendesk.com@evil.example/agent/tickets/1", "evil.example is not"),
        ("https://a:b@gitlab.zendesk.com/agent/tickets/1", "gitlab.zendesk.com is not"),
        ("https://gitlab.zendesk.com:8443/agent/tickets/1", "gitlab.zendesk.com:8443 is not"),
        ("https://gitlab.zendesk.com:443/agent/tickets/1", "gitlab.zendesk.com:443 is not"),
        ("https://gitlab.zendesk.com./agent/tickets/1", "is not one of our"),
        ("https://gitl\u0430b.zendesk.com/agent/tickets/1", "This host is not one of our"),
        ("https://evil.example/?https://gitlab.zendesk.com/agent/tickets/1", "evil.example is not"),
        ("https://evil.example/#https://gitlab.zendesk.com/agent/tickets/1", "evil.example is not"),
        ("<https://evil.example/agent/tickets/1|https://gitlab.zendesk.com/agent/tickets/1>", "evil.example is not"),
    ],
)
def test_an_address_elsewhere_is_refused_by_name(address: str, named: str) -> None:
    """Look-alike hosts, user names, ports and addresses within addresses are not ours."""
    with pytest.raises(OtherHost) as caught:
        parse_ticket(address, ONE)
    assert named in caught.value.sentence
    assert "gitlab.zendesk.com, support.gitlab.com" in caught.value.sentence


def test_a_strange_host_is_not_repeated() -> None:
    """What could be markup or a trap is not shown to the person."""
    with pytest.raises(OtherHost, match=r"^This host is not"):
        parse_ticket("https://<!channel>.example\u202e/agent/tickets/1", ONE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "abc",
        "12a",
        "ZD-",
        "1 2",
        "ticket",
        "-5",
        "1.5",
        "\u0661\u0662\u0663",
        "https://",
        "https:gitlab.zendesk.com/agent/tickets/1",
        "https://gitlab.zendesk.com",
        "https://gitlab.zendesk.com/agent/users/1",
        "https://gitlab.zendesk.com/agent/tickets/",
        "https://gitlab.zendesk.com/agent/tickets/12a",
        "https://gitlab.zendesk.com/hc/en-us/articles/123",
        "https://gitlab.zendesk.com\\@evil.example/agent/tickets/1",
        "https://gitlab.zendesk.com/agent/tickets/1 and more",
        "https://[/agent/tickets/1",
        "ftp://gitlab.zendesk.com/agent/tickets/1",
        "javascript:gitlab.zendesk.com/agent/tickets/1",
        "//gitlab.zendesk.com/agent/tickets/1",
    ],
)
def test_what_is_no_reference_is_said_to_be_none(text: str) -> None:
    """The sentence says what to write instead."""
    with pytest.raises(NotAReference, match="number"):
        parse_ticket(text, ONE)


@pytest.mark.parametrize("form", ["{n}", "#{n}", "https://gitlab.zendesk.com/tickets/{n}"])
@pytest.mark.parametrize("number", ["0", "000", str(LARGEST + 1), "9" * 30, "9" * 100_000])
def test_a_number_no_ticket_has_is_refused(form: str, number: str) -> None:
    """Nothing, too much, and what is no number any more."""
    with pytest.raises(NumberOutOfRange):
        parse_ticket(form.format(n=number), ONE)


def test_leading_zeros_are_read_over() -> None:
    """Some systems pad their numbers."""
    assert parse_ticket("ZD-0000000000000042", ONE).number == 42


hostile = st.text(st.sampled_from("<>|#@!/:.-\\ \n\tZDticket0129&;?%[]()“”\u200b\u0661\ud800")) | st.text()


@given(hostile)
def test_garbage_is_refused_and_never_crashes(text: str) -> None:
    """Whatever is typed, the answer is a ticket or a sentence."""
    find_tickets(text, ONE)
    split_command(text, ONE)
    try:
        assert 1 <= parse_ticket(text, ONE).number <= LARGEST
    except NotATicket as refusal:
        assert refusal.sentence.endswith(".")  # noqa: PT017 - some texts are tickets


@pytest.mark.parametrize(
    "text",
    [
        "a-" * 20_000,
        "a." * 20_000,
        "<" * 40_000,
        "ticket " * 6_000,
        "#" * 40_000,
        "#1" * 20_000,
        "ticket" + " " * 40_000,
    ],
)
@pytest.mark.timeout(5)
def test_a_long_message_is_read_quickly(text: str) -> None:
    """A message of Slack's greatest length cannot hold the desk up."""
    assert find_tickets(text, ONE) in ([], [ticket(1)])
    split_command(text, ONE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Negative feedback for ticket 123456, contact requested", [123456]),
        ("Negative feedback for ticket <https://gitlab.zendesk.com/agent/tickets/123456|123456>: see there", [123456]),
        ("see #11, ZD-22 and Ticket number 33; also ticket: 44 and (ticket #55)", [11, 22, 33, 44, 55]),
        ("#5 and again ticket 5 and https://gitlab.zendesk.com/agent/tickets/5", [5]),
        ("in 2026 we had 14 customers and 300 seats", []),
        ("I reopened the ticket 24 hours later, then the ticket 3 times", []),
        ("the ticket 2026-11-20 and ticket 1.5 and ticket 10:30", []),
        ("gitlab-org/gitlab#123 and !456 and &#39;", []),
        ("<#C0123456789|ticket 9> <@U0123456789> <!date^1700000000^x|ticket 7>", []),
        ("https://evil.example/agent/tickets/1 https://evil.example/#77", []),
        ("the ticket https://support.gitlab.com/hc/en-us/requests/88, thanks", [88]),
        ("gitlab.zendesk.com/agent/tickets/99", [99]),
        ("gitlab.zendesk.com.evil.example/agent/tickets/99", []),
        ("ticket 0 and ticket 99999999999", []),
        ("a < b, #12 > #7", [12, 7]),
        ("ticketing 5, #6th, #7", [7]),
    ],
)
def test_mentions_are_found_among_other_words(text: str, found: list[int]) -> None:
    """What is marked as a ticket counts, once; other numbers do not."""
    assert find_tickets(text, ONE) == [ticket(number) for number in found]


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("123456 the text", 123456, "the text"),
        ("123456", 123456, ""),
        ("", None, ""),
        ("  the text 123456 ", None, "the text 123456"),
        ("#123456: the text", 123456, "the text"),
        ("ZD-123456 \u2013 the text", 123456, "the text"),
        ("ticket 123456, the text", 123456, "the text"),
        ("ticket is slow", None, "ticket is slow"),
        ("https://gitlab.zendesk.com/agent/tickets/123456 first line\nsecond", 123456, "first line\nsecond"),
        ("<https://gitlab.zendesk.com/agent/tickets/123456|the ticket> the text", 123456, "the text"),
        ("https://evil.example/agent/tickets/1 the text", None, "https://evil.example/agent/tickets/1 the text"),
        ("0 the text", None, "0 the text"),
    ],
)
def test_a_command_may_begin_with_its_ticket(text: str, number: int | None, rest: str) -> None:
    """`/feedback 123456 the text`; what is no ticket stays part of the text."""
    assert split_command(text, ONE) == (ticket(number) if number else None, rest)


# ------------------------------------------------------------------------------------- two accounts


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("5", "main"),
        ("#5", "main"),
        ("ZD-5", "main"),
        ("ticket 5", "main"),
        ("main#5", "main"),
        ("https://gitlab.zendesk.com/agent/tickets/5", "main"),
        ("<https://support.gitlab.com/hc/en-us/requests/5|5>", "main"),
        ("emea#5", "emea"),
        ("EMEA#5", "emea"),
        ("emea-5", "emea"),
        ("emea/5", "emea"),
        ("emea 5", "emea"),
        ("emea #5", "emea"),
        ("ticket emea#5", "emea"),
        ("(emea#5).", "emea"),
        ("https://b.zendesk.com/agent/tickets/5", "emea"),
        ("b.zendesk.com/agent/tickets/5", "emea"),
        ("https://b.zendesk.com/agent/#/tickets/5", "emea"),
        ("https://b.zendesk.com/api/v2/tickets/5.json", "emea"),
        ("<https://help.example.com/hc/requests/5|gitlab.zendesk.com/agent/tickets/5>", "emea"),
    ],
)
def test_the_address_or_the_name_says_which_account(text: str, account: str) -> None:
    """Ticket 5 of one account is another customer's than ticket 5 of the other."""
    assert parse_ticket(text, BOTH) == ticket(5, account)


@pytest.mark.parametrize("text", ["emea#5", "emea-5", "emea 5", "apac#5", "emea"])
def test_an_account_that_is_not_in_the_policy_names_no_ticket(text: str) -> None:
    """And never one of the main account's."""
    with pytest.raises(NotAReference):
        parse_ticket(text, ONE)
    assert find_tickets(text, ONE) == []


def test_the_sentences_name_every_account() -> None:
    """Who typed something else reads how the tickets of each are written, and which hosts are ours."""
    with pytest.raises(NotAReference, match=r"such as 123456, emea#123456, or paste a link"):
        parse_ticket("apac#5", BOTH)
    with pytest.raises(OtherHost, match=r"support\.gitlab\.com, b\.zendesk\.com, help\.example\.com"):
        parse_ticket("https://c.zendesk.com/agent/tickets/5", BOTH)


def test_mentions_of_two_accounts_are_two_tickets() -> None:
    """Also under one number; a project's issue is none of them."""
    text = "see #5, emea#5, ticket emea#6, gitlab#5 and gitlab-org/emea#5, <https://b.zendesk.com/agent/tickets/7|7>"
    assert find_tickets(text, BOTH) == [ticket(5), ticket(5, "emea"), ticket(6, "emea"), ticket(7, "emea")]


@pytest.mark.parametrize("text", ["emea#5: it is slow", "emea-5 it is slow", "b.zendesk.com/tickets/5 it is slow"])
def test_a_command_may_begin_with_a_ticket_of_another_account(text: str) -> None:
    """`/feedback emea#5 the text`; with a space between it is the text's first word."""
    assert split_command(text, BOTH) == (ticket(5, "emea"), "it is slow")
    assert split_command("emea 5 is slow", BOTH) == (None, "emea 5 is slow")


def test_two_accounts_never_share_a_key() -> None:
    """What is saved of a ticket says whose it is; what people read does only where it has to."""
    assert (ticket(5).key, ticket(5, "emea").key) == ("main/5", "emea/5")
    assert (str(ticket(5)), str(ticket(5, "emea"))) == ("5", "emea#5")
    assert (ticket(5).label, ticket(5, "emea").label) == ("#5", "emea#5")


def test_an_account_without_addresses_of_its_own_has_those_of_its_hosts() -> None:
    """Staff read on the first, customers on the last; a ticket whose account has left the policy has no address."""
    assert TWO.agent_url(ticket(5, "emea")) == "https://b.zendesk.com/agent/tickets/5"
    assert TWO.customer_url(ticket(5, "emea")) == "https://help.example.com/hc/requests/5"
    assert POLICY.agent_url(ticket(5, "emea")) is None
    assert POLICY.customer_url(ticket(5, "emea")) is None
