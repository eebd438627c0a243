"""Every message and form of every process, shown with hostile words in every field: nobody is called, no link lies."""

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints
from urllib.parse import urlsplit

import pytest

from handlers.registry import PROCESSES
from tests import hostile
from tests.policies import company_policy
from workflows.contract.slack_port import Message
from workflows.policy.model import Policy

POLICY = company_policy()

OWN_HOSTS = {urlsplit(url).hostname for url in re.findall(r"https?://[^\s\"'|>)]+", POLICY.model_dump_json())}
HOSTS = OWN_HOSTS | {"vendor.example", "slack.com"}
"""Where a link may lead: what the policy names, where a vendor says its things are, and Slack itself."""

TAG = re.compile(r"<([^<>]*)>")
HARMLESS = re.compile(r"[@#][UWC]0[A-Z]+(\|[^<>|]*)?|!subteam\^[A-Z0-9-]+(\|[^<>|]*)?|!date\^\d+\^[^|<>]*\|[^|<>]*")
"""People and channels that are known, and times."""

MESSAGES = [
    pytest.param(process, name, id=f"{process.rules.kind}-{name}")
    for process in PROCESSES
    for name in process.views.messages
]


def forms() -> Iterator[Any]:
    """Every function that makes a form."""
    for kind in sorted({process.rules.model.__module__.split(".")[1] for process in PROCESSES}):
        for name in ("modals", "queue", "questions", "timeline"):
            try:
                module = importlib.import_module(f"handlers.{kind}.{name}")
            except ModuleNotFoundError:
                continue
            for made, form in inspect.getmembers(module, inspect.isfunction):
                if form.__module__ == module.__name__ and not made.startswith("_"):
                    yield pytest.param(form, id=f"{kind}-{name}-{made}")


@pytest.mark.parametrize(("process", "name"), MESSAGES)
def test_a_message_calls_nobody(process: Any, name: str) -> None:
    """In every state, with everything there is."""
    for case in hostile.cases(process.rules.model):
        assert_harmless(process.views.messages[name](case, POLICY, hostile.Details()))


@pytest.mark.parametrize("form", [*forms()])
def test_a_form_calls_nobody(form: Callable[..., Any]) -> None:
    """The same of forms and what stands in them."""
    hints = get_type_hints(form)
    hints.pop("return")
    for turn in range(14):
        values = {
            name: hostile.built(kind, turn, name) if kind is not Policy else POLICY for name, kind in hints.items()
        }
        shown = form(**values)
        if not (isinstance(shown, str) and "modals" in form.__module__):  # a draft, for a field of plain text
            assert_harmless(shown)


def test_a_mention_would_be_seen() -> None:
    """And a link under another name."""
    for text in ("<!channel>", "<!here|x>", "<@U9EVIL>", "<https://evil.example|gitlab.com>", "<javascript:x|y>"):
        with pytest.raises(AssertionError):
            assert_harmless(Message(f"x {text} y"))


def assert_harmless(shown: object) -> None:
    """No mention of anybody who is not known, and no link elsewhere under a name; all of it can be sent."""
    for text in marked_up(shown):
        text.encode()
        for tag in TAG.findall(text):
            harmless = HARMLESS.fullmatch(tag) or urlsplit(tag.partition("|")[0]).hostname in HOSTS
            assert harmless, f"<{tag}> in {text}"


def marked_up(shown: object, kind: str = "mrkdwn") -> Iterator[str]:
    """Every text that Slack reads as mark-up."""
    match shown:
        case str() if kind == "mrkdwn":
            yield shown
        case Message(text=text, blocks=blocks):
            yield from (text, *marked_up(list(blocks)))
        case {"type": "plain_text", "text": str(text)}:
            text.encode()
        case {"type": "mrkdwn", "text": str(text)}:
            yield text
        case {"text": str(text), **more} if "type" not in more:  # the whole of a message
            yield from (text, *marked_up(more))
        case {"url": str(url), **more}:
            yield from (f"<{url}>", *marked_up(more))
        case dict():
            yield from (text for value in shown.values() for text in marked_up(value, ""))
        case list() | tuple():
            yield from (text for value in shown for text in marked_up(value, kind))
