"""What any vendor may answer, and what becomes of it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clients.gitlab import GitLab
from bot.clients.http import LONGEST_WAIT, Wait, gitlab_wait, pagerduty_wait, zendesk_wait
from bot.clients.pagerduty import PagerDuty
from bot.clients.pagerduty_events import Events
from bot.clients.zendesk import Zendesk
from bot.clients.zendesk_news import ZendeskNews
from tests.tickets import ticket
from workflows.contract.errors import EffectError, Misconfigured, NotFound, Refused, RetryLater
from workflows.contract.facts import Score, TicketRated
from workflows.contract.paging_ports import Page
from workflows.policy.tickets import TicketAccount

NOW = datetime(2026, 11, 20, 17, 55, tzinfo=UTC)
EPOCH = int(NOW.timestamp())
SECRET = "s3cr3t-t0ken-0123456789abcdefghi"
Reply = Callable[[httpx.Request], httpx.Response]
Ask = Callable[[Reply], object]


def now() -> datetime:
    """Return the one time of these tests."""
    return NOW


def ask_zendesk(reply: Reply) -> object:
    """Read a ticket."""
    transport = httpx.MockTransport(reply)
    return Zendesk("https://acme.zendesk.com", "a@b.c", SECRET, now=now, transport=transport).read(1)


def ask_gitlab(reply: Reply) -> object:
    """Read an issue."""
    transport = httpx.MockTransport(reply)
    return GitLab("https://gitlab.example", SECRET, now=now, transport=transport).read("group/project", 1)


def ask_pagerduty(reply: Reply) -> object:
    """Ask who is on duty."""
    transport = httpx.MockTransport(reply)
    return PagerDuty(SECRET, "a@b.c", now=now, transport=transport).on_duty("PSCHEDU")


def page_by_event(reply: Reply) -> object:
    """Page."""
    transport = httpx.MockTransport(reply)
    Events(SECRET, now=now, transport=transport).trigger("key", "title", "details")
    return None


ASKS = [ask_zendesk, ask_gitlab, ask_pagerduty]
WRITES = [*ASKS, page_by_event]


def always(status: int, **answer: Any) -> Reply:
    """Answer everything alike."""
    return lambda _request: httpx.Response(status, **answer)


def failure_of(do: Callable[[], object]) -> EffectError | None:
    """Return the error it ends with, if it does; any other exception goes through."""
    try:
        do()
    except EffectError as error:
        return error
    return None


@pytest.mark.parametrize("ask", WRITES)
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, Misconfigured),
        (302, Misconfigured),
        (304, Misconfigured),
        (400, Refused),
        (401, Misconfigured),
        (402, Misconfigured),
        (403, Misconfigured),
        (404, NotFound),
        (408, RetryLater),
        (409, Refused),
        (422, Refused),
        (429, RetryLater),
        (500, RetryLater),
        (502, RetryLater),
        (503, RetryLater),
    ],
)
def test_each_status_says_what_to_do(ask: Ask, status: int, error: type[EffectError]) -> None:
    """Of every vendor alike: later, never, or a wrong setting."""
    with pytest.raises(EffectError) as caught:
        ask(always(status, text="odd", headers={"location": "https://elsewhere.example/"}))
    kinds = (NotFound, Refused, Misconfigured, RetryLater)
    assert next(kind for kind in kinds if isinstance(caught.value, kind)) is error


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"text": "Retry later\n"}, "500: Retry later"),
        ({"html": "<html><body>Bad gateway</body></html>"}, "(500)"),
        ({"json": {"message": '400 (Bad request) "title" not given'}}, '"title" not given'),
        ({"json": {"message": {"title": ["is too long"]}}}, "title: is too long"),
        ({"json": {"error": "insufficient_scope", "scope": "api"}}, "insufficient_scope; scope: api"),
        ({"json": {"error": {"message": "Invalid", "code": 2001, "errors": ["No title"]}}}, "Invalid; code: 2001"),
        (
            {"json": {"error": "RecordInvalid", "details": {"status": [{"description": "Status: closed"}]}}},
            "RecordInvalid; Status: closed",
        ),
        ({"content": b"\xff\xfe\x00"}, "500"),
        ({"content": b"[" * 100_000}, "500"),
        ({"text": "x" * 5000}, "x" * 200 + ")"),
        ({"content": b""}, "(500)"),
    ],
)
def test_the_vendors_own_words_are_passed_on_in_short(body: dict[str, Any], words: str) -> None:
    """JSON of any shape and plain text are quoted, a page of HTML is not, nothing is too long."""
    with pytest.raises(RetryLater) as caught:
        ask_zendesk(always(500, **body))
    assert words in caught.value.sentence
    assert len(caught.value.sentence) < 300


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize(
    "body",
    ["", "<html>Log in</html>", "null", "[]", "{}", "[{}]", '"text"', '{"ticket": null}', '{"ticket": {"id": 1}}'],
)
def test_an_answer_without_what_we_need_is_asked_for_again(ask: Ask, body: str) -> None:
    """A success nobody can read may be a proxy's: it is not taken for one, and no raw exception escapes."""
    with pytest.raises(RetryLater, match="in a form we cannot read"):
        ask(always(200, text=body))


def test_what_we_do_not_know_is_ignored() -> None:
    """A vendor may add fields."""
    ticket = {"id": 1, "status": "open", "updated_at": "2026-11-20T17:55:00Z", "new_field": {"a": [1]}}
    answer = always(200, json={"ticket": ticket, "something": "else"})
    assert ask_zendesk(answer) == Zendesk(
        "https://acme.zendesk.com", "a@b.c", SECRET, now=now, transport=httpx.MockTransport(answer)
    ).read(1)


@pytest.mark.parametrize("ask", WRITES)
@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectTimeout("no"),
        httpx.ReadTimeout("no"),
        httpx.ConnectError(SECRET),
        httpx.RemoteProtocolError(SECRET),
        httpx.DecodingError(SECRET),
        httpx.UnsupportedProtocol(SECRET),
    ],
)
def test_a_broken_connection_is_tried_again_later(ask: Ask, failure: Exception) -> None:
    """Whatever the library below says of it, which is not quoted."""

    def fail(_request: httpx.Request) -> httpx.Response:
        raise failure

    with pytest.raises(RetryLater) as caught:
        ask(fail)
    assert caught.value.wait is None
    assert SECRET not in caught.value.sentence
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("ask", WRITES)
def test_credentials_do_not_follow_a_redirect(ask: Ask) -> None:
    """Another host is not called at all: the address in the settings is wrong."""
    hosts = []

    def redirect(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(307, headers={"location": "https://evil.example/"})

    with pytest.raises(Misconfigured, match="check its address in the settings"):
        ask(redirect)
    assert len(hosts) == 1
    assert hosts[0] != "evil.example"


def news(transport: httpx.BaseTransport) -> ZendeskNews:
    """What an account tells who asks."""
    zendesk = Zendesk("https://acme.zendesk.com/", "a@b.c", SECRET, now=now, transport=transport)
    return ZendeskNews(zendesk.http, "main", TicketAccount(hosts=("acme.zendesk.com",)))


def test_a_link_to_the_next_page_cannot_lead_elsewhere() -> None:
    """Only its query is used: the call goes to the configured host."""
    asked = []

    def page(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url.copy_with(query=None)))
        link = "https://evil.example/steal?page[after]=x"
        more = {
            "satisfaction_ratings": [],
            "survey_responses": [],
            "meta": {"has_more": len(asked) == 1},
            "links": {"next": link},
        }
        return httpx.Response(200, json=more)

    transport = httpx.MockTransport(page)
    assert news(transport).ratings(NOW, NOW) == []
    assert asked[:2] == ["https://acme.zendesk.com/api/v2/satisfaction_ratings"] * 2


def test_a_rating_of_a_deleted_ticket_does_not_hide_the_others() -> None:
    """It has lost its ticket's number; there is nothing to review."""
    rating = {"id": 1, "ticket_id": 7, "score": "bad", "comment": None, "created_at": "2026-11-20T17:55:00Z"}
    answer = {"satisfaction_ratings": [{**rating, "ticket_id": None}, rating], "meta": {"has_more": False}}
    (found,) = news(httpx.MockTransport(always(200, json={**answer, "survey_responses": []}))).ratings(
        NOW - timedelta(days=1), NOW
    )
    assert found.fact == TicketRated(at=NOW, ticket=ticket(7), score=Score.BAD)


def test_issues_without_a_description_do_not_hide_the_marked_one() -> None:
    """GitLab says null."""
    issue = {"iid": 1, "title": "Old", "web_url": "https://g.example/1", "state": "opened", "description": None}
    marked = {**issue, "iid": 2, "description": "Text\n\n<!-- desk:m1 -->"}
    transport = httpx.MockTransport(always(200, json=[issue, marked]))
    gitlab = GitLab("https://gitlab.example", SECRET, now=now, transport=transport)
    assert gitlab.create("a/b", "Title", "Text", mark="m1", again=True).number == 2
    assert [found.number for found in gitlab.search("a/b", "old", limit=1)] == [1]


def test_an_incident_of_another_key_is_not_taken_for_ours() -> None:
    """Were the filter ignored, somebody else's incident would be acknowledged."""
    other = {"id": "Q1", "incident_key": "theirs", "html_url": "https://p.example/Q1", "status": "triggered"}
    ours = {**other, "id": "Q2", "incident_key": "ours", "html_url": None}
    transport = httpx.MockTransport(always(200, json={"incidents": [other, ours], "more": False}))
    client = PagerDuty(SECRET, None, now=now, transport=transport)
    assert client.find("another") is None
    assert client.find("ours") == Page("Q2", "ours", "", "triggered")


@pytest.mark.parametrize(
    ("wait", "headers", "seconds"),
    [
        (pagerduty_wait, {"ratelimit-reset": "41"}, 41),
        (pagerduty_wait, {"retry-after": "7"}, None),
        (pagerduty_wait, {}, None),
        (zendesk_wait, {"retry-after": "93"}, 93),
        (zendesk_wait, {"retry-after": "0"}, 0),
        (zendesk_wait, {"ratelimit-reset": "41"}, None),
        (zendesk_wait, {"retry-after": "Fri, 20 Nov 2026 18:00:00 GMT"}, None),
        (zendesk_wait, {"retry-after": "-5"}, None),
        (gitlab_wait, {"retry-after": "30", "ratelimit-reset": str(EPOCH + 60)}, 30),
        (gitlab_wait, {"ratelimit-reset": str(EPOCH + 60)}, 60),
        (gitlab_wait, {"ratelimit-reset": str(EPOCH - 60)}, 0),
        (gitlab_wait, {"ratelimit-reset": "41"}, 0),
        (gitlab_wait, {}, None),
        (pagerduty_wait, {"ratelimit-reset": str(EPOCH + 60)}, 3600),
        (zendesk_wait, {"retry-after": "9" * 400}, 3600),
    ],
)
def test_each_vendors_wait_is_read_in_its_own_dialect(wait: Wait, headers: dict[str, str], seconds: int | None) -> None:
    """*Reset* is seconds for one and an epoch for the other; one parser for all would wait for 50 years."""
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert wait(httpx.Headers(headers), NOW) == expected


@pytest.mark.parametrize("wait", [pagerduty_wait, zendesk_wait, gitlab_wait])
@given(value=st.text(st.characters(max_codepoint=255)) | st.integers().map(str))
def test_no_header_can_make_us_wait_absurdly(wait: Wait, value: str) -> None:
    """Whatever a header holds, the wait is unknown or between nothing and an hour."""
    headers = httpx.Headers([(b"retry-after", value.encode("latin-1")), (b"ratelimit-reset", value.encode("latin-1"))])
    found = wait(headers, NOW)
    assert found is None or timedelta(0) <= found <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("ask", "headers", "seconds"),
    [
        (ask_zendesk, {"retry-after": "93"}, 93),
        (ask_gitlab, {"ratelimit-reset": str(EPOCH + 60)}, 60),
        (ask_pagerduty, {"ratelimit-reset": "41"}, 41),
    ],
)
def test_a_vendor_that_wants_us_to_slow_down_says_for_how_long(ask: Ask, headers: dict[str, str], seconds: int) -> None:
    """A 429 carries the wait, even when its body is plain text."""
    with pytest.raises(RetryLater, match="slow down") as caught:
        ask(always(429, text="Retry later", headers=headers))
    assert caught.value.wait == timedelta(seconds=seconds)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(SECRET),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.just(SECRET), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("ask", WRITES)
@settings(deadline=None)  # making a client takes a moment, and a busy machine longer
@given(
    status=st.integers(200, 599),
    body=JSON.map(json.dumps) | st.text().map(lambda text: text + SECRET) | st.binary(),
    location=st.text(st.characters(max_codepoint=127, exclude_categories=["Cc"])),
)
def test_no_answer_brings_the_desk_down_or_a_secret_up(ask: Ask, status: int, body: str | bytes, location: str) -> None:
    """Every answer is a result or a `EffectError` whose sentence is short, one line, and holds no secret."""
    error = failure_of(lambda: ask(always(status, content=body, headers={"location": location})))
    sentence = error.sentence if error else ""
    assert SECRET not in sentence
    assert len(sentence) < 400
    assert "\n" not in sentence


@pytest.mark.parametrize("secret", ["with\nline", "with\x00", "ünïcode"])
def test_a_token_that_cannot_be_sent_is_a_wrong_setting(secret: str) -> None:
    """It is found when the client is made, and not quoted."""
    for make in (
        lambda: GitLab("https://gitlab.example", secret, now=now),
        lambda: PagerDuty(secret, None, now=now),
        lambda: PagerDuty("token", secret, now=now),
    ):
        with pytest.raises(Misconfigured) as caught:
            make()
        assert secret not in caught.value.sentence


@pytest.mark.parametrize(
    "url", ["", "gitlab.example", "ftp://gitlab.example", "https://", "/api", "https://me:pw@gitlab.example"]
)
def test_an_address_that_is_none_is_a_wrong_setting(url: str) -> None:
    """It is found when the client is made."""
    with pytest.raises(Misconfigured, match="not a plain web address"):
        GitLab(url, SECRET, now=now)


def test_a_client_does_not_show_its_secret() -> None:
    """Neither itself nor anything it is made of, as a log or a traceback with locals may show them."""
    clients: list[Any] = [
        Zendesk("https://acme.zendesk.com", "a@b.c", SECRET, now=now),
        GitLab("https://gitlab.example", SECRET, now=now),
        PagerDuty(SECRET, None, now=now),
        Events(SECRET, now=now),
    ]
    for client in clients:
        http = getattr(client, "http", None) or client._http
        for thing in (client, http, http._client, http._client.headers):
            assert SECRET not in repr(thing)


def test_calls_are_observed_with_how_they_went() -> None:
    """Vendor, operation, seconds and outcome: what metrics need."""
    observed = []
    answers = iter([httpx.Response(404), httpx.Response(500), httpx.Response(401), httpx.Response(400)])
    transport = httpx.MockTransport(lambda _request: next(answers))

    def observe(vendor: str, operation: str, seconds: float, outcome: str) -> None:
        observed.append((vendor, operation, outcome))
        assert 0 <= seconds < 60

    gitlab = GitLab("https://gitlab.example", SECRET, now=now, observe=observe, transport=transport)
    for _ in range(4):
        with pytest.raises(EffectError):
            gitlab.read("a/b", 1)
    outcomes = ["not_found", "retry_later", "misconfigured", "refused"]
    assert observed == [("GitLab", "read_issue", outcome) for outcome in outcomes]
