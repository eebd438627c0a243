"""Rate limits: by method and minute, by channel and second; off when switched off."""

import httpx
import pytest

from tests.integration.sandbox.conftest import Slack, StartSlack

BOT = {"Authorization": "Bearer xoxb-sandbox"}


@pytest.fixture
def limited(start_slack: StartSlack) -> Slack:
    """A sandbox that counts."""
    return start_slack(rate_limits=True)


def call(slack: Slack, method: str, **args: str) -> httpx.Response:
    """Call a method as raw HTTP, to see the status."""
    return httpx.post(f"{slack.sandbox.api_url}{method}", headers=BOT, json=args)


def test_a_channel_takes_a_burst_and_then_one_message_a_second(limited: Slack) -> None:
    """The answer is a 429 that says how long to wait; waiting helps."""
    burst = [call(limited, "chat.postMessage", channel="#support", text="a").status_code for _ in range(6)]
    assert burst == [200] * 5 + [429]
    refused = call(limited, "chat.postMessage", channel="C0SUPPORT", text="a")
    assert (refused.headers["retry-after"], refused.json()) == ("1", {"ok": False, "error": "ratelimited"})
    limited.clocks.seconds += 1.0
    assert call(limited, "chat.postMessage", channel="#support", text="a").status_code == 200
    assert call(limited, "chat.postMessage", channel="#support", text="a").status_code == 429
    assert len(limited.driver.person("alice").sees("#support")) == 6


def test_other_channels_are_not_held_up(limited: Slack) -> None:
    """The limit is each channel's own."""
    for _ in range(5):
        call(limited, "chat.postMessage", channel="#support", text="a")
    assert call(limited, "chat.postMessage", channel="#product", text="a").status_code == 200


@pytest.mark.parametrize(
    ("method", "per_minute"), [("users.list", 20), ("conversations.info", 50), ("users.info", 100)]
)
def test_each_tier_allows_its_number_a_minute(limited: Slack, method: str, per_minute: int) -> None:
    """One more is refused until the oldest is a minute ago."""
    args = {"user": "U0ALICE", "channel": "C0SUPPORT"}
    with httpx.Client(headers=BOT, base_url=limited.sandbox.api_url) as client:
        codes = [client.post(method, json=args).status_code for _ in range(per_minute + 1)]
        assert codes == [200] * per_minute + [429]
        assert client.post(method, json=args).headers["retry-after"] == "60"
        assert client.post("auth.test").status_code == 200
        limited.clocks.seconds += 60.0
        assert client.post(method, json=args).status_code == 200


def test_switched_off_every_call_passes(limited: Slack) -> None:
    """For tests about something else."""
    limited.driver.rate_limits(on=False)
    codes = [call(limited, "chat.postMessage", channel="#support", text="a").status_code for _ in range(9)]
    assert codes == [200] * 9
