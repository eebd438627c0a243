"""The Web API's gate: tokens, scopes, methods, bodies, the call log."""

import httpx
import pytest
from slack_sdk import WebClient

from sandbox.core.model import LEAST_SCOPES, AppSettings
from tests.integration.sandbox.conftest import Slack, StartSlack

BOT = {"Authorization": "Bearer xoxb-sandbox"}


def test_a_call_without_a_token_is_not_authed(http: httpx.Client) -> None:
    """No token at all is told apart from a wrong one."""
    answer = http.post("/api/auth.test")
    assert (answer.status_code, answer.json()) == (200, {"ok": False, "error": "not_authed"})


def test_a_wrong_token_is_invalid_auth(http: httpx.Client) -> None:
    """A token nobody handed out is refused."""
    answer = http.post("/api/auth.test", headers={"Authorization": "Bearer xoxb-guess"})
    assert answer.json()["error"] == "invalid_auth"


@pytest.mark.parametrize(
    ("method", "token"), [("apps.connections.open", "xoxb-sandbox"), ("users.list", "xapp-sandbox")]
)
def test_the_other_kind_of_token_is_not_allowed(http: httpx.Client, method: str, token: str) -> None:
    """A bot token opens no sockets, an app-level token reads no users."""
    answer = http.post(f"/api/{method}", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["error"] == "not_allowed_token_type"


def test_the_token_may_stand_in_a_form_or_a_json_body(http: httpx.Client) -> None:
    """All three places of a token work: header, form, JSON."""
    form = http.post("/api/auth.test", data={"token": "xoxb-sandbox"})
    body = http.post("/api/auth.test", json={"token": "xoxb-sandbox"})
    header = http.get("/api/auth.test", headers=BOT)
    assert [answer.json()["ok"] for answer in (form, body, header)] == [True, True, True]


def test_a_missing_scope_names_what_is_needed_and_what_is_there(start_slack: StartSlack) -> None:
    """The answer tells the admin what to add."""
    slack = start_slack(AppSettings(scopes=frozenset({"commands"})))
    answer = httpx.post(f"{slack.sandbox.api_url}chat.postMessage", headers=BOT, json={"channel": "#support"})
    assert answer.json() == {
        "ok": False,
        "error": "missing_scope",
        "needed": "chat:write",
        "provided": "commands",
    }
    assert answer.headers["x-oauth-scopes"] == "commands"


@pytest.mark.parametrize(
    ("method", "args", "lacking"),
    [
        ("conversations.list", {"types": "private_channel"}, "groups:read"),
        ("conversations.history", {"channel": "C0SUPPORT"}, "channels:history"),
        ("conversations.open", {"users": "U0ALICE"}, "im:write"),
        ("conversations.info", {"channel": "C0SUPPORT"}, "channels:read"),
        ("users.info", {"user": "U0ALICE"}, "users:read"),
        ("users.lookupByEmail", {"email": "alice@example.com"}, "users:read.email"),
        ("usergroups.list", {}, "usergroups:read"),
        ("chat.update", {"channel": "C0SUPPORT", "ts": "1.1", "text": "x"}, "chat:write"),
    ],
)
def test_each_method_asks_for_its_own_scope(
    start_slack: StartSlack, method: str, args: dict[str, str], lacking: str
) -> None:
    """With every other scope, the call is still refused."""
    slack = start_slack(AppSettings(scopes=LEAST_SCOPES - {lacking}))
    assert slack.refusal(method, **args) == "missing_scope"


def test_email_addresses_are_left_out_without_their_scope(start_slack: StartSlack) -> None:
    """users:read alone shows no addresses."""
    slack = start_slack(AppSettings(scopes=LEAST_SCOPES - {"users:read.email"}))
    assert "email" not in slack.web.users_info(user="U0ALICE")["user"]["profile"]


def test_reactions_are_not_among_the_least_scopes(slack: Slack) -> None:
    """What nobody asked for at installation is refused."""
    assert slack.refusal("reactions.add", channel="C0SUPPORT", timestamp="1.1", name="eyes") == "missing_scope"


def test_an_unknown_method_is_refused(slack: Slack) -> None:
    """A misspelt method is told apart from a failed one."""
    assert slack.refusal("chat.postMesage") == "unknown_method"


def test_a_body_that_is_not_json_is_refused(http: httpx.Client) -> None:
    """The content type promises JSON: then it has to be."""
    broken = http.post("/api/auth.test", content="{", headers=BOT | {"Content-Type": "application/json"})
    other = http.post("/api/auth.test", content="x", headers=BOT | {"Content-Type": "text/csv"})
    assert (broken.json()["error"], other.json()["error"]) == ("invalid_json", "invalid_post_type")


def test_blocks_travel_as_a_string_in_a_form_and_as_a_list_in_json(http: httpx.Client) -> None:
    """Both encodings give the same message."""
    form = {"channel": "#support", "blocks": '[{"type": "divider"}]', "text": "a"}
    body = {"channel": "#support", "blocks": [{"type": "divider"}], "text": "a"}
    first = http.post("/api/chat.postMessage", headers=BOT, data=form).json()
    second = http.post("/api/chat.postMessage", headers=BOT, json=body).json()
    assert [m["message"]["blocks"][0]["type"] for m in (first, second)] == ["divider", "divider"]


def test_blocks_that_do_not_parse_are_refused(slack: Slack) -> None:
    """A form's broken JSON is the caller's mistake."""
    assert slack.refusal("chat.postMessage", channel="#support", blocks="[{") == "invalid_blocks_format"


def test_the_call_log_holds_arguments_and_errors_but_no_token(slack: Slack) -> None:
    """What the app called can be asserted on, and nothing secret is kept."""
    WebClient(token="xoxb-sandbox", base_url=slack.sandbox.api_url).api_test()
    slack.refusal("chat.postMessage", channel="#nowhere", text="a", token="xoxb-sandbox")
    (call,) = slack.driver.calls("chat.postMessage")
    assert (call["args"], call["error"]) == ({"channel": "#nowhere", "text": "a"}, "channel_not_found")
    assert "xoxb" not in str(slack.driver.calls())


def test_auth_test_says_who_the_bot_is(slack: Slack) -> None:
    """Bolt asks this before anything else."""
    answer = slack.web.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team"]) == ("U0DESK", "B0DESK", "Example Support")


def test_bots_info_knows_bots_only(slack: Slack) -> None:
    """The app's own bot is shown, a made-up one is not."""
    assert slack.web.bots_info(bot="B0DESK")["bot"]["user_id"] == "U0DESK"
    assert slack.refusal("bots.info", bot="B0NOBODY") == "bot_not_found"
