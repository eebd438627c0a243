"""Chapter: what customers say is seen to: a bad review on Monday, kudos, the end of a rotation's week."""

from datetime import UTC, datetime

from bot.demo.chapters.script import Script

ESCALATIONS = "#support_escalations"


def play(script: Script) -> None:
    """Play it; `DidNotHappen` when a step does not come about."""
    carol, maria, alice = (script.slack.person(name) for name in ("carol", "maria", "alice"))
    script.chapter("Every rating answered, and the week's kudos", datetime(2026, 4, 6, 9, 0, tzinfo=UTC))
    script.narrates("Monday. Ratings come from Zendesk by themselves; this one a customer wrote by e-mail.")
    script.types(carol, "/feedback review 123456 bad Three people asked me the same question", in_="#support")
    script.types(carol, "/feedback review 123457 good Alice was quick and kind", in_="#support")
    script.narrates("Nobody gets a message for it. Maria is the Reviewing Manager: her queue is one command away.")
    script.happens("Both feedback issues are open, labelled and Maria's", lambda: _queue(script, "RV-1", "RV-2"))
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
    script.at(datetime(2026, 4, 10, 15, 0, 30, tzinfo=UTC), "Friday afternoon")
    script.message(alice, "#support", "Support week in review", "@alice", "Reviews this week: 1 good, 1 bad")


def _queue(script: Script, *names: str) -> bool:
    maria = script.slack.person("maria")
    maria.opens_home()
    return maria.home is not None and all(name in maria.home.text for name in names)
