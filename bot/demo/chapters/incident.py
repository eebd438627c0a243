"""Chapter: nobody answers for ten minutes, and PagerDuty wakes somebody up."""

from datetime import UTC, datetime

import httpx

from bot.demo.chapters.script import Script

OPERATIONS = "#support-operations"


def play(script: Script) -> None:
    """Play it; `DidNotHappen` when a step does not come about."""
    alice, omar = script.slack.person("alice"), script.slack.person("omar")
    script.chapter("Ten minutes of silence, a page, an acknowledgement", datetime(2026, 3, 20, 9, 0, tzinfo=UTC))
    script.types(alice, "/incident Zendesk triggers do not fire", in_="#support")
    script.answers(
        alice,
        {
            "Which systems?": ["Zendesk triggers"],
            "What is the impact on users and customers?": "No ticket is routed, in all regions",
        },
    )
    script.submits(alice)
    card = script.message(omar, OPERATIONS, "INC-1", "Mission Critical", "I wait for a response until")
    script.narrates("Nobody answers.")
    script.at(datetime(2026, 3, 20, 9, 5, 10, tzinfo=UTC), "Half of the time")
    script.message(omar, OPERATIONS, "@support-ops Nobody has responded to INC-1 yet", thread=card)
    script.at(datetime(2026, 3, 20, 9, 9, 10, tzinfo=UTC), "One minute is left")
    script.message(omar, OPERATIONS, "unless someone responds", thread=card)
    script.at(datetime(2026, 3, 20, 9, 10, 10, tzinfo=UTC), "Ten minutes")
    script.happens("PagerDuty: one incident is open, with high urgency", lambda: _pages(script, "triggered") == 1)
    script.message(alice, OPERATIONS, "was paged for INC-1", "Please stay available", thread=card)
    paged = script.message(omar, OPERATIONS, "INC-1", "Nobody has acknowledged it yet")
    script.presses(omar, "I'm on it", on=paged)
    script.message(alice, OPERATIONS, "INC-1", "@omar acknowledged it")
    script.happens("PagerDuty: the incident is acknowledged", lambda: _pages(script, "acknowledged") == 1)
    script.later("Half an hour later", minutes=30)
    script.presses(omar, "Resolve", on=paged)
    script.answers(omar, {"Summary": "A trigger condition was wrong; it is put right"})
    script.submits(omar)
    script.message(alice, OPERATIONS, "Timeline of INC-1", "paged Customer Support Operations", thread=card)
    script.happens("PagerDuty: the incident is resolved", lambda: _pages(script, "resolved") == 1)


def _pages(script: Script, status: str) -> int:
    state = httpx.get(f"{script.slack.url}/control/vendors").json()
    incidents = state["pagerduty"]["incidents"]
    return sum(one["status"] == status and one["urgency"] == "high" for one in incidents)
