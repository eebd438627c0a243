"""Chapter: Support Operations is asked for something, and it is watched until it has arrived."""

from datetime import UTC, datetime

import httpx

from bot.demo.chapters.script import Script

PROJECT = "gitlab-com/gl-security/corp/cust-support-ops/issue-tracker"
SUMMARY = "In one line, what is it about?"


def play(script: Script) -> None:
    """Play it; `DidNotHappen` when a step does not come about."""
    alice = script.slack.person("alice")
    script.chapter("Asked the right way, and watched until it arrives", datetime(2026, 5, 4, 9, 0, tzinfo=UTC))
    script.narrates("Monday. Alice needs a new ticket form. First she sees what she could do herself.")
    script.types(alice, "/supportops", in_="#support")
    script.modal(alice, "Can you do it yourself?", "Support team YAML files", "What do you need?")
    script.answers(alice, {"What do you need?": "Request a feature"})
    script.submits(alice)
    script.answers(
        alice,
        {
            SUMMARY: "A ticket form for refunds",
            "Business need": "Refund tickets lack the invoice number; half of them come back with a question.",
            "Expected outcome": "Refund tickets have the invoice number from the start.",
            "How large is it?": "Not on the roadmap, and seems small",
            "Please confirm": [
                "I may decide (it is mine, or was delegated to me).",
                "I will answer questions soon.",
                "I will test it on staging and sign it off.",
            ],
        },
    )
    script.submits(alice)
    script.message(alice, "dm", "REQ-1", "A ticket form for refunds", "Mon 1 June at the earliest")
    number = _issue(script)
    script.at(datetime(2026, 5, 6, 10, 0, tzinfo=UTC), "Wednesday")
    _changed(script, number, comment="Which field holds the invoice number?")
    script.narrates("Support Operations asks something, in the issue. It reaches Alice where she is.")
    question = script.message(alice, "dm", "asks about REQ-1", "Which field holds the invoice number?")
    script.at(datetime(2026, 5, 8, 10, 1, tzinfo=UTC), "Two business days later")
    script.message(alice, "dm", "has been waiting for your answer")
    script.presses(alice, "Answer", on=question)
    script.modal(alice, "Your answer")
    script.answers(alice, {"Your answer": "Custom field 42."})
    script.submits(alice)
    script.at(datetime(2026, 5, 18, 10, 0, tzinfo=UTC), "Ten days later")
    _changed(script, number, add_label="Stage::Validation")
    test = script.message(alice, "dm", "is on staging", "Please test it")
    script.presses(alice, "Sign off", on=test)
    script.message(alice, "dm", "REQ-1", "Signed off", "Ships: Mon 1 June")
    script.at(datetime(2026, 6, 1, 12, 0, tzinfo=UTC), "The 1st of the month")
    _changed(script, number, state="closed")
    script.message(alice, "dm", "REQ-1", "Status: Shipped")


def _issue(script: Script) -> int:
    """The number of the issue it became."""
    issues = httpx.get(f"{script.slack.url}/control/vendors").json()["gitlab"]["issues"][PROJECT]
    return int(next(one["iid"] for one in issues if one["title"] == "A ticket form for refunds"))


def _changed(script: Script, number: int, **change: str) -> None:
    """Somebody of Support Operations does something in the tracker, which its webhook tells."""
    what = {"project": PROJECT, "by": "omar", **change}
    httpx.post(f"{script.slack.url}/control/vendors/gitlab/issues/{number}", json=what).raise_for_status()
