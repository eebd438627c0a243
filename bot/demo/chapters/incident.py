"""Chapter: nobody answers for ten minutes, and PagerDuty wakes somebody up."""

from datetime import UTC, datetime

import httpx

from bot.demo.chapters.script import Script

OPERATIONS = "#support-operations"


def play(story: Script) -> None:
    """Play it; `DidNotHappen` when a step does not come about."""
    alice, omar = story.slack.person("alice"), story.slack.person("omar")
    story.chapter("Ten minutes of silence, a page, an acknowledgement", datetime(2026, 3, 20, 9, 0, tzinfo=UTC))
    story.types(alice, "/incident Zendesk triggers do not fire", in_="#support")
    story.answers(
        alice,
        {
            "Which systems?": ["Zendesk triggers"],
            "What is the impact on users and customers?": "No ticket is routed, in all regions",
        },
    )
    story.submits(alice)
    card = story.message(omar, OPERATIONS, "INC-1", "Mission Critical", "I wait for a response until")
    story.tells("Nobody answers.")
    story.at(datetime(2026, 3, 20, 9, 5, 10, tzinfo=UTC), "Half of the time")
    story.message(omar, OPERATIONS, "@support-ops Nobody has responded to INC-1 yet", thread=card)
    story.at(datetime(2026, 3, 20, 9, 9, 10, tzinfo=UTC), "One minute is left")
    story.message(omar, OPERATIONS, "unless someone responds", thread=card)
    story.at(datetime(2026, 3, 20, 9, 10, 10, tzinfo=UTC), "Ten minutes")
    story.happens("PagerDuty: one incident is open, with high urgency", lambda: _pages(story, "triggered") == 1)
    story.message(alice, OPERATIONS, "was paged for INC-1", "Please stay available", thread=card)
    paged = story.message(omar, OPERATIONS, "INC-1", "Nobody has acknowledged it yet")
    story.presses(omar, "I'm on it", on=paged)
    story.message(alice, OPERATIONS, "INC-1", "@omar acknowledged it")
    story.happens("PagerDuty: the incident is acknowledged", lambda: _pages(story, "acknowledged") == 1)
    story.later("Half an hour later", minutes=30)
    story.presses(omar, "Resolve", on=paged)
    story.answers(omar, {"Summary": "A trigger condition was wrong; it is put right"})
    story.submits(omar)
    story.message(alice, OPERATIONS, "Timeline of INC-1", "paged Customer Support Operations", thread=card)
    story.happens("PagerDuty: the incident is resolved", lambda: _pages(story, "resolved") == 1)


def _pages(story: Script, status: str) -> int:
    state = httpx.get(f"{story.slack.url}/control/vendors").json()
    incidents = state["pagerduty"]["incidents"]
    return sum(one["status"] == status and one["urgency"] == "high" for one in incidents)
