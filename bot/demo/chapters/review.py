"""Chapter: what customers say is seen to: a bad rating on Monday, kudos, the end of a turn, the week's review."""

from datetime import UTC, datetime

import httpx

from bot.demo.chapters.script import Script

ESCALATIONS = "#support_escalations"
SCHEDULE = "SSAT Reviewing Manager"


def play(script: Script) -> None:
    """Play it; `DidNotHappen` when a step does not come about."""
    maria, marco, alice = (script.slack.person(name) for name in ("maria", "marco", "alice"))
    script.chapter("Every rating answered, and the week's kudos", datetime(2026, 4, 6, 9, 0, tzinfo=UTC))
    script.narrates(
        "Monday. Two customers rate how their tickets were handled, in Zendesk. Nobody types anything here."
    )
    _rated(script, 123456, "bad", "Three people asked me the same question")
    script.happens("A bad rating: its feedback issue is open, labelled and Maria's", lambda: _queue(script, "RV-1"))
    _rated(script, 123457, "good", "Alice was quick and kind")
    script.happens("A good one: so is that", lambda: _queue(script, "RV-1", "RV-2"))
    script.narrates("Nobody gets a message for it. Maria is the Reviewing Manager: her queue is one command away.")
    script.types(maria, "/feedback reviews", in_="#support")
    script.modal(maria, "2 waiting for you", "Bad", "Three people asked me the same question")
    script.presses(maria, "Triage")
    script.modal(maria, "Why was the feedback given?", "feedback::soft-skills")
    script.answers(
        maria,
        {
            "Summary of ticket/feedback": "The hand-over left no note, so each engineer asked again.",
            "Why was the feedback given?": "feedback::process-engineer-not-followed",
            "Contact customer to discuss feedback?": "Yes",
        },
    )
    script.submits(maria)
    script.message(maria, ESCALATIONS, "Review: RV-1", "Owner: @maria")
    script.modal(maria, "2 waiting for you")
    script.presses(maria, "Kudos")
    script.modal(maria, "Who was praised?")
    script.answers(maria, {"Who was praised?": "alice"})
    script.submits(maria)
    script.at(datetime(2026, 4, 9, 8, 0, 30, tzinfo=UTC), "Thursday, nine in the morning where Maria is")
    script.message(maria, "dm", "waiting for you", "RV-1")
    _control(script, f"pagerduty/schedules/{SCHEDULE}", on_duty=["marco@example.com"])
    script.at(datetime(2026, 4, 9, 16, 0, 30, tzinfo=UTC), "Her turn ends: PagerDuty has Marco on duty now")
    card = script.message(maria, "dm", "Your turn as Reviewing Manager is over", "Still open: 2")
    script.presses(maria, "Hand over what is open", on=card)
    script.message(marco, "dm", "@maria handed over 2 reviews to @marco")
    script.at(datetime(2026, 4, 10, 15, 0, 30, tzinfo=UTC), "Friday afternoon")
    week = ("Support week in review", "@alice", "Reviews this week: 1 good, 1 bad", "Reviewing Manager: @marco")
    script.message(alice, "#support", *week)


def _rated(script: Script, ticket: int, score: str, comment: str) -> None:
    """A customer rates a ticket, and Zendesk's webhook tells of it."""
    _control(script, f"zendesk/tickets/{ticket}", rate=score, comment=comment)


def _control(script: Script, what: str, **change: object) -> None:
    httpx.post(f"{script.slack.url}/control/vendors/{what}", json=change).raise_for_status()


def _queue(script: Script, *names: str) -> bool:
    maria = script.slack.person("maria")
    maria.opens_home()
    return maria.home is not None and all(name in maria.home.text for name in names)
