"""What goes wrong on demand: each fault is what a client would see from a failing Slack."""

import json
from http.client import RemoteDisconnected

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from tests.integration.sandbox.conftest import Slack


def posted(slack: Slack) -> list[str]:
    """Return what is in #support."""
    return [message.text for message in slack.driver.person("alice").sees("#support")]


def test_a_rate_limit_says_how_long_to_wait_and_does_nothing(slack: Slack) -> None:
    """For as many calls as asked, then all is well."""
    slack.driver.faults.rate_limit("chat.*", retry_after=7, times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            slack.web.chat_postMessage(channel="#support", text="a")
        assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "7")
    slack.web.chat_postMessage(channel="#support", text="b")
    assert posted(slack) == ["b"]


def test_a_fault_meets_only_the_methods_it_names(slack: Slack) -> None:
    """A glob chooses them."""
    slack.driver.faults.error("views.*", "internal_error")
    assert slack.web.chat_postMessage(channel="#support", text="a")["ok"]
    assert slack.refusal("views.open", trigger_id="x", view={}) == "internal_error"


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_does_nothing(slack: Slack, status: int) -> None:
    """The HTTP status is the fault's."""
    slack.driver.faults.status("chat.postMessage", status)
    with pytest.raises(SlackApiError) as refused:
        slack.web.chat_postMessage(channel="#support", text="a")
    assert (refused.value.response.status_code, posted(slack)) == (status, [])


def test_an_error_code_does_nothing(slack: Slack) -> None:
    """As if Slack had refused."""
    slack.driver.faults.error("chat.postMessage", "fatal_error")
    assert slack.refusal("chat.postMessage", channel="#support", text="a") == "fatal_error"
    assert posted(slack) == []


def test_a_dropped_connection_hides_that_it_was_done(slack: Slack) -> None:
    """The message is there; the caller never heard."""
    slack.driver.faults.drop("chat.postMessage")
    slack.web.retry_handlers.clear()
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        slack.web.chat_postMessage(channel="#support", text="Twice?")
    assert posted(slack) == ["Twice?"]


def test_a_malformed_answer_hides_that_it_was_done(slack: Slack, http: httpx.Client) -> None:
    """Half a JSON object."""
    slack.driver.faults.malformed("chat.postMessage")
    body = {"channel": "#support", "text": "a", "token": "xoxb-sandbox"}
    answer = http.post("/api/chat.postMessage", json=body)
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert posted(slack) == ["a"]


def test_a_hanging_call_is_answered_after_its_time(slack: Slack) -> None:
    """By real seconds; then it is carried out as ever."""
    slack.driver.faults.hang("chat.postMessage", 30)
    calling = slack.doing(lambda: slack.web.chat_postMessage(channel="#support", text="a"))
    slack.driver.until(lambda: slack.driver.state()["held_calls"])
    assert posted(slack) == []
    slack.clocks.seconds += 29
    assert not calling.done()
    slack.clocks.seconds += 1
    assert calling.result(10)["ok"]
    assert posted(slack) == ["a"]


def test_a_hanging_call_can_be_released(slack: Slack) -> None:
    """It is carried out and answered then, before its time."""
    slack.driver.faults.hang("chat.postMessage", 30)
    calling = slack.doing(lambda: slack.web.chat_postMessage(channel="#support", text="a"))
    slack.driver.until(lambda: slack.driver.state()["held_calls"])
    assert slack.driver.faults.release() == 1
    assert calling.result(10)["ok"]
    assert posted(slack) == ["a"]


def test_a_late_call_is_carried_out_when_nobody_waits_for_it(slack: Slack) -> None:
    """The caller hears nothing; the message is there when it is released."""
    slack.driver.faults.late("chat.postMessage")
    slack.web.retry_handlers.clear()
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        slack.web.chat_postMessage(channel="#support", text="Late")
    assert posted(slack) == []
    assert slack.driver.faults.release() == 1
    assert posted(slack) == ["Late"]
    assert slack.driver.faults.release() == 0


def test_cleared_faults_do_not_happen(slack: Slack) -> None:
    """Whatever was ordered is forgotten."""
    slack.driver.faults.error("*", "fatal_error", times=9)
    slack.driver.faults.clear()
    assert slack.web.chat_postMessage(channel="#support", text="a")["ok"]
