"""Chapter: a customer asks for a manager on Friday evening, and another request is forgotten."""

from datetime import UTC, datetime

from bot.demo.chapters.script import Script

ESCALATIONS = "#support_escalations"


def play(script: Script) -> None:
    """Play it; `DidNotHappen` when a step does not come about."""
    adam, maria = script.slack.person("adam"), script.slack.person("maria")
    script.chapter("48 hours, Monday to Friday, and nobody forgotten", datetime(2026, 3, 13, 17, 55, tzinfo=UTC))
    script.narrates("Friday, 17:55. A customer wants to hear from a manager. Maria is the one on duty.")
    script.types(adam, "/manager-contact 123456 Three slow answers in a row, they are upset", in_="#support")
    card = script.message(maria, ESCALATIONS, "MC-1", "Owner: @maria", "Due: Mar 17, 2026 at 17:55")
    script.message(maria, "dm", "A customer wants to hear from a manager", "Three slow answers")
    script.at(datetime(2026, 3, 16, 9, 30, tzinfo=UTC), "Monday morning: the weekend has not counted")
    script.presses(maria, "Claim", on=card)
    card = script.message(maria, ESCALATIONS, "MC-1", "Claimed")
    script.at(datetime(2026, 3, 17, 9, 0, 30, tzinfo=UTC), "Tuesday morning, in Maria's working hours")
    reminder = script.message(maria, "dm", "of the time have passed", "MC-1")
    script.presses(maria, "Contacted", on=reminder)
    script.modal(maria, "How did you contact the customer?", "Maria Marques", "123456")
    script.answers(
        maria, {"What did you send or say?": "Dear Erika, I read your ticket, and here is what happens next."}
    )
    script.submits(maria)
    script.message(maria, ESCALATIONS, "MC-1", "Contacted by @maria", "In time")
    script.message(adam, "dm", "@maria has contacted the customer")

    script.narrates("The next one comes from the survey, by an integration's message. Nobody looks after it.")
    script.at(datetime(2026, 3, 17, 10, 0, tzinfo=UTC), "An hour later")
    script.integration("Negative feedback for ticket 123457, contact requested", in_=ESCALATIONS)
    card = script.message(maria, ESCALATIONS, "MC-2", "Owner: @maria")
    script.at(datetime(2026, 3, 17, 12, 1, 30, tzinfo=UTC), "Two hours later")
    script.message(maria, ESCALATIONS, "Nobody has claimed MC-2", thread=card)
    script.at(datetime(2026, 3, 19, 10, 0, 30, tzinfo=UTC), "48 hours later")
    script.message(maria, ESCALATIONS, "MC-2 is overdue", "@marco", thread=card)
    script.message(maria, ESCALATIONS, "MC-2", "Overdue")
