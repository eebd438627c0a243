"""Chapter: a customer success manager hears of a new ticket, makes a link readable, and passes feedback on."""

from datetime import UTC, datetime
from typing import Any

import httpx

from bot.demo.chapters.script import Script

SUPPORT = "#support"


def play(script: Script) -> None:
    """Play it; `DidNotHappen` when a step does not come about."""
    carol, marco, alice = (script.slack.person(name) for name in ("carol", "marco", "alice"))
    script.chapter("A customer success manager, and her accounts", datetime(2026, 4, 13, 2, 0, tzinfo=UTC))
    script.narrates("Carol looks after ACME, so Salesforce says. It is ten in the morning where she is.")
    number = script.customer("Runners are slow since this morning")
    script.message(carol, "dm", "New ticket from ACME", f"#{number}", "juan@acme.example")
    script.narrates("Too many messages? One a day will do.")
    script.types(carol, "/csm notify ACME digest", in_=SUPPORT)
    script.message(carol, "dm", "New tickets of ACME", "once a day")
    asked = _questions(script)
    script.customer("And now the pipelines, too")
    script.happens("Salesforce was asked whose account it is", lambda: _questions(script) > asked)
    pasted = script.writes(carol, "Who has https://gitlab.zendesk.com/api/v2/tickets/123456.json?", in_=SUPPORT)
    answer = script.message(carol, SUPPORT, "That link opens a ticket's raw data")
    script.presses(carol, "Share in the thread", on=answer)
    script.message(alice, SUPPORT, "Readable: #123456", thread=pasted)
    script.at(datetime(2026, 4, 14, 1, 0, 30, tzinfo=UTC), "Nine in the morning, where Carol is")
    script.message(carol, "dm", "1 new ticket", "And now the pipelines, too")
    script.types(carol, "/csm account ACME", in_=SUPPORT)
    script.message(carol, "dm", "ACME", "Ultimate", "Open tickets: ")
    script.narrates(
        "A customer wrote her something kind by e-mail. Marco is the Reviewing Manager now: he should know."
    )
    script.types(carol, "/csm feedback 123460 good Alice was patient next: tell her manager", in_=SUPPORT)
    script.happens("The feedback issue is open, and the Reviewing Manager's", lambda: _is_filed(script))
    script.types(marco, "/feedback reviews", in_=SUPPORT)
    script.modal(marco, "Alice was patient", "tell her manager")


def _questions(script: Script) -> int:
    """How often Salesforce was asked anything."""
    return sum("/query" in call for call in _vendors(script)["salesforce"]["calls"])


def _is_filed(script: Script) -> bool:
    """Whether the feedback issue is there."""
    issues = _vendors(script)["gitlab"]["issues"]["gitlab-com/support/feedback"]
    return any("ticket 123460" in issue["title"] for issue in issues)


def _vendors(script: Script) -> Any:  # noqa: ANN401 - the vendors' own JSON
    return httpx.get(f"{script.slack.url}/control/vendors").json()
