"""Chapter: a customer asks for a manager on Friday evening, and another request is forgotten."""

from datetime import UTC, datetime

from bot.demo.chapters.script import Script

ESCALATIONS = "#support_escalations"


def play(story: Script) -> None:
    """Play it; `DidNotHappen` when a step does not come about."""
    adam, maria = story.slack.person("adam"), story.slack.person("maria")
    story.chapter("48 hours, Monday to Friday, and nobody forgotten", datetime(2026, 3, 13, 17, 55, tzinfo=UTC))
    story.tells("Friday, 17:55. A customer wants to hear from a manager. Maria is the one on duty.")
    story.types(adam, "/manager-contact 123456 Three slow answers in a row, they are upset", in_="#support")
    card = story.message(maria, ESCALATIONS, "MC-1", "Owner: @maria", "Due: Mar 17, 2026 at 17:55")
    story.message(maria, "dm", "A customer wants to hear from a manager", "Three slow answers")
    story.at(datetime(2026, 3, 16, 9, 30, tzinfo=UTC), "Monday morning: the weekend has not counted")
    story.presses(maria, "Claim", on=card)
    card = story.message(maria, ESCALATIONS, "MC-1", "Claimed")
    story.at(datetime(2026, 3, 17, 9, 0, 30, tzinfo=UTC), "Tuesday morning, in Maria's working hours")
    reminder = story.message(maria, "dm", "of the time have passed", "MC-1")
    story.presses(maria, "Contacted", on=reminder)
    story.modal(maria, "How did you contact the customer?", "Maria Marques", "123456")
    story.submits(maria)
    story.message(maria, ESCALATIONS, "MC-1", "Contacted by @maria", "In time")
    story.message(adam, "dm", "@maria has contacted the customer")

    story.tells("The next one comes from the survey, by an integration's message. Nobody looks after it.")
    story.at(datetime(2026, 3, 17, 10, 0, tzinfo=UTC), "An hour later")
    story.integration("Negative feedback for ticket 123457, contact requested", in_=ESCALATIONS)
    card = story.message(maria, ESCALATIONS, "MC-2", "Owner: @maria")
    story.at(datetime(2026, 3, 17, 11, 0, 30, tzinfo=UTC), "One business hour later")
    story.message(maria, ESCALATIONS, "Nobody has claimed MC-2", thread=card)
    story.at(datetime(2026, 3, 19, 10, 0, 30, tzinfo=UTC), "48 hours later")
    story.message(maria, ESCALATIONS, "MC-2 is overdue", "@marco", thread=card)
    story.message(maria, ESCALATIONS, "MC-2", "Overdue")
