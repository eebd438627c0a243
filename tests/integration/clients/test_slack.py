"""The desk's Slack client against a workspace of its own, over real HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Response
from slack_sdk import WebClient

from bot.clients import slack_calls
from bot.clients.slack import UPDATE_LIMIT, SlackClient
from bot.service.web import WebServer
from sandbox.core.model import LEAST_SCOPES, AppSettings
from sandbox.server import Sandbox
from storage.database import Database
from tests.integration.clients.conftest import Clock
from workflows.contract.errors import EffectError, Misconfigured, NotFound, Refused, RetryLater, Unreachable
from workflows.contract.slack_port import Message, Person, Posted

TOKEN = "xoxb-sandbox"
HELLO = Message("Hello", [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}])


@pytest.fixture
def clock() -> Clock:
    """The desk's clock."""
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    """A workspace with the bot in it."""
    with Sandbox(now=clock.now, rate_limits=False) as running:
        yield running


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database of one's own."""
    database = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def slack(sandbox: Sandbox, clock: Clock, database: Database) -> SlackClient:
    """The desk's client."""
    return SlackClient(slack_calls.web_client(TOKEN, sandbox.api_url), clock.now, database)


def client_at(url: str, clock: Clock, token: str = TOKEN) -> SlackClient:
    """A client without a memory, of a server at this address."""
    return SlackClient(slack_calls.web_client(token, url), clock.now)


def goes_wrong(sandbox: Sandbox, method: str, kind: str, value: str | float = 0, times: int = 1) -> None:
    """Let the next calls of a method go wrong."""
    sandbox.control.add_fault(method=method, kind=kind, value=value, times=times)


def calls(sandbox: Sandbox, method: str) -> list[dict[str, Any]]:
    """The arguments of the calls of a method so far."""
    return [call["args"] for call in sandbox.control.calls(method)]


def texts(sandbox: Sandbox, channel: str) -> list[str]:
    """What stands in a channel, threads included."""
    return [message.text for message in sandbox.app.workspace.place(channel).messages.values()]


def someone(sandbox: Sandbox, name: str) -> str:
    """The id of a person."""
    return sandbox.app.workspace.person(name).id


# ------------------------------------------------------------------------------------------------- posting


def test_a_message_is_posted_whole_and_quietly(slack: SlackClient, sandbox: Sandbox) -> None:
    """Text, blocks and mark arrive; links are not unfurled."""
    posted = slack.post("#product", HELLO, mark="m1")
    message = sandbox.app.workspace.place("product").messages[posted.ts]
    assert (message.text, message.blocks[0]["text"]["text"]) == ("Hello", "Hello")
    assert message.metadata == {"event_type": "escalation_desk", "event_payload": {"mark": "m1"}}
    (args,) = calls(sandbox, "chat.postMessage")
    assert not args["unfurl_links"]
    assert not args["unfurl_media"]


def test_a_reply_stands_in_its_thread(slack: SlackClient, sandbox: Sandbox) -> None:
    """`thread` names the message it answers."""
    parent = slack.post("#product", HELLO, mark="m1")
    reply = slack.post(parent.channel, Message("Reply"), mark="m2", thread=parent.ts)
    assert sandbox.app.workspace.place("product").messages[reply.ts].thread_ts == parent.ts


@pytest.mark.parametrize("place", ["#product", "C0PRODUCT", "U0ALICE"])
def test_what_may_have_gone_out_is_found_again(slack: SlackClient, sandbox: Sandbox, place: str) -> None:
    """The answer was lost on the way: the second attempt finds the message and posts no other."""
    goes_wrong(sandbox, "chat.postMessage", "drop")
    with pytest.raises(RetryLater):
        slack.post(place, HELLO, mark="m1")
    found = slack.post(place, HELLO, mark="m1", again=True)
    assert [m.ts for m in sandbox.app.workspace.channels[found.channel].messages.values()] == [found.ts]


def test_a_reply_that_may_have_gone_out_is_found_in_its_thread(slack: SlackClient, sandbox: Sandbox) -> None:
    """A thread is searched where the reply would stand."""
    parent = slack.post("#product", HELLO, mark="m1")
    goes_wrong(sandbox, "chat.postMessage", "drop")
    with pytest.raises(RetryLater):
        slack.post(parent.channel, Message("Reply"), mark="m2", thread=parent.ts)
    found = slack.post(parent.channel, Message("Reply"), mark="m2", thread=parent.ts, again=True)
    assert texts(sandbox, "product") == ["Hello", "Reply"]
    assert found.ts != parent.ts


def test_what_never_went_out_is_posted_by_the_second_attempt(slack: SlackClient, sandbox: Sandbox) -> None:
    """A first attempt that Slack refused left nothing to find."""
    goes_wrong(sandbox, "chat.postMessage", "status", 503)
    with pytest.raises(RetryLater):
        slack.post("#product", HELLO, mark="m1")
    slack.post("#product", HELLO, mark="m1", again=True)
    assert texts(sandbox, "product") == ["Hello"]


def test_a_message_is_found_below_many_later_ones(slack: SlackClient, sandbox: Sandbox) -> None:
    """The search goes on to the next page."""
    first = slack.post("#product", HELLO, mark="m1")
    for number in range(220):
        sandbox.app.user_actions.messages.says(sandbox.app.workspace.person("alice"), f"chat {number}", "product")
    assert slack.post("#product", HELLO, mark="m1", again=True) == first


def test_only_the_very_mark_counts(slack: SlackClient, sandbox: Sandbox) -> None:
    """Another message of the desk, or the same word in another app's metadata, is not the one looked for."""
    other = slack.post("#product", HELLO, mark="m2")
    foreign = slack.post("#product", HELLO, mark="m3")
    metadata = {"event_type": "another_app", "event_payload": {"mark": "m1"}}
    sandbox.app.workspace.place("product").messages[foreign.ts].metadata = metadata
    posted = slack.post("#product", HELLO, mark="m1", again=True)
    assert posted not in {other, foreign}


@pytest.mark.parametrize("missing", ["channels:history", "channels:read"])
def test_a_desk_that_may_not_look_posts_rather_than_drops(clock: Clock, missing: str) -> None:
    """Without the scope to search, a second message is better than none."""
    with Sandbox(AppSettings(scopes=LEAST_SCOPES - {missing, "groups:read"}), now=clock.now) as sandbox:
        posted = client_at(sandbox.api_url, clock).post("#product", HELLO, mark="m1", again=True)
        assert posted.ts in sandbox.app.workspace.place("product").messages


def test_a_search_that_slack_cannot_answer_now_waits(slack: SlackClient, sandbox: Sandbox) -> None:
    """Posting without having looked could post twice."""
    goes_wrong(sandbox, "conversations.history", "status", 500)
    with pytest.raises(RetryLater):
        slack.post("#product", HELLO, mark="m1", again=True)
    assert texts(sandbox, "product") == []


def test_a_server_that_takes_no_names_is_given_the_id(slack: SlackClient, sandbox: Sandbox) -> None:
    """`channel_not_found` for a name is tried once more with the id behind it."""
    goes_wrong(sandbox, "chat.postMessage", "error", "channel_not_found")
    assert slack.post("#product", HELLO, mark="m1").channel == "C0PRODUCT"
    assert [args["channel"] for args in calls(sandbox, "chat.postMessage")] == ["#product", "C0PRODUCT"]


def test_the_list_of_channels_is_read_once_in_a_while(slack: SlackClient, sandbox: Sandbox, clock: Clock) -> None:
    """Names are kept, and read anew after ten minutes."""
    for minutes in (0, 1, 10):
        clock.move(minutes=minutes)
        slack.post("#product", HELLO, mark="m1", again=True)
    assert len(calls(sandbox, "conversations.list")) == 2


@pytest.mark.parametrize(
    ("channel", "code"),
    [("#not-invited", "not_in_channel"), ("#archived", "is_archived"), ("#nowhere", "channel_not_found")],
)
def test_a_channel_that_cannot_be_written_to_says_why(slack: SlackClient, channel: str, code: str) -> None:
    """The vendor's word is kept, and the sentence names the channel."""
    with pytest.raises(Unreachable) as caught:
        slack.post(channel, HELLO, mark="m1")
    assert caught.value.code == code
    assert channel in caught.value.sentence


def test_a_reply_to_a_message_that_is_gone_is_not_found(slack: SlackClient) -> None:
    """The thread's first message does not exist."""
    with pytest.raises(NotFound):
        slack.post("#product", HELLO, mark="m1", thread="1000000000.000001")


def test_what_slack_refuses_is_not_quoted(slack: SlackClient) -> None:
    """A block with a mistake may hold what a customer wrote: the error has Slack's code alone."""
    wrong = {"type": "section", "text": {"type": "mrkdwn", "text": "Mr Customer is angry " * 200}}
    with pytest.raises(Refused) as caught:
        slack.post("#product", Message("x", [wrong]), mark="m1")
    assert "Customer" not in repr(caught.value)
    assert "invalid_blocks" in caught.value.sentence


# --------------------------------------------------------------------------------------- changing messages


def test_a_message_is_replaced(slack: SlackClient, sandbox: Sandbox) -> None:
    """Text and blocks are the new ones; the mark stays."""
    posted = slack.post("#product", HELLO, mark="m1")
    slack.update(posted.channel, posted.ts, Message("Done"))
    message = sandbox.app.workspace.place("product").messages[posted.ts]
    assert (message.text, message.blocks) == ("Done", [])
    assert message.metadata is not None


def test_a_long_text_is_cut_to_what_an_update_takes(slack: SlackClient, sandbox: Sandbox) -> None:
    """Slack would refuse the whole update."""
    posted = slack.post("#product", HELLO, mark="m1")
    slack.update(posted.channel, posted.ts, Message("x" * (UPDATE_LIMIT + 1)))
    assert len(sandbox.app.workspace.place("product").messages[posted.ts].text) == UPDATE_LIMIT


def test_a_message_somebody_deleted_is_not_found(slack: SlackClient, sandbox: Sandbox) -> None:
    """So that who asks can post it again."""
    posted = slack.post("#product", HELLO, mark="m1")
    sandbox.app.workspace.delete(sandbox.app.workspace.place("product").messages[posted.ts])
    with pytest.raises(NotFound):
        slack.update(posted.channel, posted.ts, HELLO)


def test_somebody_elses_message_is_not_found(slack: SlackClient, sandbox: Sandbox) -> None:
    """The bot may change only its own."""
    theirs = sandbox.app.user_actions.messages.says(sandbox.app.workspace.person("alice"), "Mine", "product")
    with pytest.raises(NotFound):
        slack.update(theirs.channel, theirs.ts, HELLO)


def test_a_window_is_replaced_while_it_is_open(slack: SlackClient, sandbox: Sandbox) -> None:
    """A closed one is not found."""
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Wait"}, "blocks": HELLO.blocks}
    opened = sandbox.app.workspace.views.open(someone(sandbox, "alice"), view)
    view_id = opened.as_slack(sandbox.app.workspace.installation)["id"]
    slack.update_view(view_id, {**view, "title": {"type": "plain_text", "text": "Ready"}})
    assert sandbox.control.modal("alice")["title"] == "Ready"  # type: ignore[index]  # it is open
    with pytest.raises(NotFound):
        slack.update_view("V0CLOSED", view)


def test_a_message_has_a_link(slack: SlackClient) -> None:
    """The link leads into the channel."""
    posted = slack.post("#product", HELLO, mark="m1")
    assert slack.permalink(posted.channel, posted.ts).endswith(f"/archives/C0PRODUCT/p{posted.ts.replace('.', '')}")
    with pytest.raises(NotFound):
        slack.permalink(posted.channel, "1000000000.000001")


# -------------------------------------------------------------------------------------------------- people


def test_a_direct_message_reaches_its_person(slack: SlackClient, sandbox: Sandbox) -> None:
    """The channel is theirs, and asked for once."""
    channel = slack.open_dm(someone(sandbox, "alice"))
    assert slack.post(channel, HELLO, mark="m1").channel == channel
    assert slack.open_dm(someone(sandbox, "alice")) == channel
    assert len(calls(sandbox, "conversations.open")) == 1


@pytest.mark.parametrize(
    ("user", "code"),
    [("U0DAVE", "user_disabled"), ("U0DESK", "cannot_dm_bot"), ("U0NOBODY", "user_not_found")],
)
def test_people_without_direct_messages_are_unreachable(slack: SlackClient, user: str, code: str) -> None:
    """Deactivated people, bots and nobody."""
    with pytest.raises(Unreachable) as caught:
        slack.open_dm(user)
    assert caught.value.code == code


def test_who_left_after_the_first_message_is_unreachable(slack: SlackClient, sandbox: Sandbox, clock: Clock) -> None:
    """Slack would take the message into the DM that exists, and nobody would read it."""
    slack.open_dm("U0ALICE")
    sandbox.control.change_person("alice", deleted=True)
    clock.time += timedelta(minutes=5)
    with pytest.raises(Unreachable) as caught:
        slack.open_dm("U0ALICE")
    assert caught.value.code == "user_disabled"


PEOPLE = [
    Person("U0MARIA", "Maria Marques (Support Manager)", "maria@example.com", "Europe/Lisbon"),
    Person("U0GUS", "Gus Gast (guest)", "gus@example.com", "Europe/London", is_guest=True),
    Person("U0DAVE", "Dave Dunn (left)", "dave@example.com", "UTC", is_active=False),
    Person("U0YUKI", "Yuki Yamada (Partner Ltd)", None, "Asia/Tokyo", is_foreign=True),
    Person("U0DESK", "Desk", None, "Europe/London", is_bot=True),
]


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_people_are_what_slack_says(slack: SlackClient, person: Person) -> None:
    """Guests, strangers, bots and those who left are told apart; the second answer comes from memory alike."""
    assert slack.person(person.id) == person
    assert slack.person(person.id) == person


def test_nobody_is_unreachable(slack: SlackClient) -> None:
    """An id nobody has."""
    with pytest.raises(Unreachable):
        slack.person("U0NOBODY")


def test_a_person_is_asked_after_once_an_hour(slack: SlackClient, sandbox: Sandbox, clock: Clock) -> None:
    """Within the hour memory answers; then Slack is asked, and the change is seen."""
    slack.person("U0MARIA")
    sandbox.control.change_person("maria", real_name="Maria M.")
    clock.move(minutes=59)
    assert slack.person("U0MARIA").name == "Maria Marques (Support Manager)"
    clock.move(minutes=1)
    assert slack.person("U0MARIA").name == "Maria M."
    assert len(calls(sandbox, "users.info")) == 2


def test_memory_answers_while_slack_cannot(slack: SlackClient, sandbox: Sandbox, clock: Clock) -> None:
    """However old it is."""
    known = slack.person("U0MARIA")
    clock.move(days=30)
    goes_wrong(sandbox, "users.*", "status", 500, times=2)
    assert slack.person("U0MARIA") == known
    assert slack.person_by_email("maria@example.com") == known


def test_without_memory_trouble_is_trouble(slack: SlackClient, sandbox: Sandbox) -> None:
    """There is nothing to answer with."""
    goes_wrong(sandbox, "users.info", "status", 500)
    with pytest.raises(RetryLater):
        slack.person("U0MARIA")


def test_memory_survives_a_restart(slack: SlackClient, sandbox: Sandbox, clock: Clock, database: Database) -> None:
    """It is kept in the database."""
    known = slack.person("U0MARIA")
    sandbox.stop()
    try:
        again = SlackClient(slack_calls.web_client(TOKEN, sandbox.api_url), clock.now, database)
        assert again.person("U0MARIA") == known
    finally:
        sandbox.app.stopping.set()


@pytest.mark.parametrize("email", ["maria@example.com", "Maria@Example.COM", " maria@example.com "])
def test_a_person_is_found_by_address(slack: SlackClient, sandbox: Sandbox, email: str) -> None:
    """Whatever the case; the second time from memory."""
    assert slack.person_by_email(email) == PEOPLE[0]
    assert slack.person_by_email(email) == PEOPLE[0]
    assert len(calls(sandbox, "users.lookupByEmail")) == 1


@pytest.mark.parametrize("email", ["nobody@example.com", "dave@example.com"])
def test_an_address_nobody_has_is_nobodys(slack: SlackClient, email: str) -> None:
    """Also that of somebody who left."""
    assert slack.person_by_email(email) is None


# -------------------------------------------------------------------------------------------------- groups


@pytest.mark.parametrize("by_id", [False, True])
def test_a_group_has_its_members(slack: SlackClient, sandbox: Sandbox, by_id: bool) -> None:  # noqa: FBT001 - a case of the table
    """By handle, with and without @, or by id."""
    names = [next(iter(sandbox.app.workspace.usergroups))] if by_id else ["support-managers", "@Support-Managers"]
    for name in names:
        assert slack.group_members(name) == ("U0MARIA", "U0MARCO")


def test_a_group_nobody_made_is_not_found(slack: SlackClient) -> None:
    """Neither by handle nor by id."""
    for group in ("nobody", "S0NOBODY"):
        with pytest.raises(NotFound):
            slack.group_members(group)


def test_who_leaves_a_group_is_out_of_it_in_five_minutes(slack: SlackClient, sandbox: Sandbox, clock: Clock) -> None:
    """The members are kept no longer, unless Slack cannot be asked."""
    slack.group_members("support-managers")
    group = next(g for g in sandbox.app.workspace.usergroups.values() if g.handle == "support-managers")
    group.users.remove("U0MARCO")
    clock.move(minutes=4, seconds=59)
    assert slack.group_members("support-managers") == ("U0MARIA", "U0MARCO")
    clock.move(seconds=1)
    goes_wrong(sandbox, "usergroups.*", "status", 500)
    assert slack.group_members("support-managers") == ("U0MARIA", "U0MARCO")
    assert slack.group_members("support-managers") == ("U0MARIA",)


# ------------------------------------------------------------------------------------------------- trouble

TROUBLE: list[tuple[str, str | float, type[EffectError]]] = [
    ("ratelimited", 7, RetryLater),
    ("status", 500, RetryLater),
    ("status", 502, RetryLater),
    ("status", 503, RetryLater),
    ("malformed", 0, RetryLater),
    ("drop", 0, RetryLater),
    ("error", "internal_error", RetryLater),
    ("error", "fatal_error", RetryLater),
    ("error", "service_unavailable", RetryLater),
    ("error", "request_timeout", RetryLater),
    ("error", "invalid_auth", Misconfigured),
    ("error", "account_inactive", Misconfigured),
    ("error", "token_revoked", Misconfigured),
    ("error", "missing_scope", Misconfigured),
    ("error", "user_not_found", Unreachable),
    ("error", "restricted_action_of_another_kind", Unreachable),
    ("error", "message_not_found", NotFound),
    ("error", "something_new", Refused),
]


@pytest.mark.parametrize(("kind", "value", "expected"), TROUBLE)
def test_each_trouble_says_what_to_do(
    slack: SlackClient, sandbox: Sandbox, kind: str, value: str | float, expected: type[EffectError]
) -> None:
    """Retry, tell the admin, tell the person: the kind of the error decides, and its sentence shows no token."""
    goes_wrong(sandbox, "chat.postMessage", kind, value)
    with pytest.raises(EffectError) as caught:
        slack.post("#product", Message("Mr Customer wrote"), mark="m1")
    assert type(caught.value) is expected
    assert caught.value.__cause__ is None, "what lies below may quote headers or bodies"
    assert caught.value.__suppress_context__
    assert TOKEN not in repr(caught.value)
    assert "Customer" not in repr(caught.value)


def test_slack_says_how_long_to_wait(slack: SlackClient, sandbox: Sandbox) -> None:
    """Retry-After is handed on."""
    goes_wrong(sandbox, "chat.postMessage", "ratelimited", 7)
    with pytest.raises(RetryLater) as caught:
        slack.post("#product", HELLO, mark="m1")
    assert caught.value.wait == timedelta(seconds=7)


def test_nothing_is_retried_below(slack: SlackClient, sandbox: Sandbox) -> None:
    """The dispatcher retries: the client itself asks once."""
    for kind, value in (("ratelimited", 1), ("status", 500), ("drop", 0)):
        goes_wrong(sandbox, "chat.getPermalink", kind, value)
        with pytest.raises(RetryLater):
            slack.permalink("C0PRODUCT", "1.0")
    assert len(calls(sandbox, "chat.getPermalink")) == 3


def test_a_slow_answer_is_not_waited_for(sandbox: Sandbox, clock: Clock) -> None:
    """The time-out of the Web API client ends it."""
    goes_wrong(sandbox, "chat.postMessage", "hang", 1)
    impatient = SlackClient(WebClient(TOKEN, sandbox.api_url, timeout=0.1), clock.now)  # type: ignore[arg-type]  # seconds
    with pytest.raises(RetryLater, match="in time"):
        impatient.post("#product", HELLO, mark="m1")


def test_a_missing_scope_is_named(clock: Clock) -> None:
    """The admin is told which one."""
    app = AppSettings(scopes=LEAST_SCOPES - {"users:read"})
    with Sandbox(app, now=clock.now) as sandbox, pytest.raises(Misconfigured, match="users:read"):
        client_at(sandbox.api_url, clock).person("U0MARIA")


def test_a_wrong_token_is_the_admins_business_and_not_shown(sandbox: Sandbox, clock: Clock) -> None:
    """Slack refuses it; the error says so without it."""
    with pytest.raises(Misconfigured) as caught:
        client_at(sandbox.api_url, clock, "xoxb-of-another-workspace").post("#product", HELLO, mark="m1")
    assert "another" not in repr(caught.value)


ODD = [
    (200, "[1]", RetryLater),
    (200, "null", RetryLater),
    (200, "", RetryLater),
    (200, '{"ok": true}', RetryLater),
    (200, '{"ok": true, "channel": {"id": 1}}', RetryLater),
    (200, "<html>a proxy</html>", RetryLater),
    (404, "<html>not here</html>", Misconfigured),
    (403, "[]", Misconfigured),
    (504, "", RetryLater),
]


@pytest.mark.parametrize(("status", "body", "expected"), ODD)
def test_what_is_no_answer_of_slacks_is_told_apart(
    clock: Clock, status: int, body: str, expected: type[EffectError]
) -> None:
    """Proxies, wrong addresses and broken servers."""
    odd = FastAPI()

    @odd.post("/api/{method}")
    def answer(method: str) -> Response:
        return Response(body, status, headers={"x-method": method})

    server = WebServer(odd, "127.0.0.1", 0)
    server.start()
    try:
        with pytest.raises(EffectError) as caught:
            client_at(f"http://127.0.0.1:{server.port}/api/", clock).open_dm("U0ALICE")
    finally:
        server.stop()
    assert type(caught.value) is expected


def test_a_server_that_is_not_there_is_tried_later(clock: Clock) -> None:
    """Nobody listens at the address."""
    with Sandbox(now=clock.now) as sandbox:
        pass
    with pytest.raises(RetryLater, match="cannot be reached"):
        client_at(sandbox.api_url, clock).open_dm("U0ALICE")


def test_every_call_is_observed(sandbox: Sandbox, clock: Clock) -> None:
    """Method, seconds and outcome, for the metrics."""
    seen: list[tuple[str, str, str]] = []
    web = slack_calls.web_client(TOKEN, sandbox.api_url)
    slack = SlackClient(web, clock.now, observe=lambda vendor, what, _, outcome: seen.append((vendor, what, outcome)))
    slack.open_dm("U0ALICE")
    with pytest.raises(Unreachable):
        slack.post("#archived", HELLO, mark="m1")
    assert seen == [
        ("Slack", "conversations_open", "ok"),
        ("Slack", "users_info", "ok"),  # whether anybody reads it
        ("Slack", "auth_test", "ok"),
        ("Slack", "chat_postMessage", "refused"),
    ]


def test_posted_is_where_slack_put_it(slack: SlackClient) -> None:
    """A name becomes the channel's id, for later updates."""
    posted = slack.post("#product", HELLO, mark="m1")
    assert posted == Posted("C0PRODUCT", posted.ts)
