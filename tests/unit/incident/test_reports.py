"""Which messages in the channel are reports, and which plainly are none."""

import pytest

from tests.unit.incident.plays import ALICE, MESSAGE, NOW, POLICY, Play
from workflows.incident.events import MessageWritten
from workflows.incident.model import IncidentState, NoReport
from workflows.incident.reports import why_no_report

OWN = POLICY.incident


@pytest.mark.parametrize(
    "text",
    [
        "Something is odd",
        "Zendesk is down",
        "Is Zendesk down?",
        "is it just me or is zendesk slow?",
        "anyone else seeing 500s in the portal?",
        "Is anybody else logged out?",
        "hi team, triggers do not fire",
        "Good morning! The portal shows a blank page.",
        "Thanks for fixing the macros, but now the views are empty",
        "Thank you! It still fails",
        "Hello, how do I reach the portal? It is down",
        "How do I get around the error in the portal?",
        "How can I reply when tickets are missing?",
        "Where do I see tickets? All views are gone.",
        "Why do triggers not fire?",
        "Can someone look at the SLA on ticket 123456?",
        "Customers tell us they get no e-mail",
        "Help",
        "???",
        ":fire:",
        "@omar please look",
        "urgent",
        "Explore report wrong",
        "ok zendesk is gone",
        "ALERT: ticket e-mail is delayed",
        "",
        "We cannot log in\nThanks!",
        "Tickets are routed to the wrong group since this morning, how do I undo that?",
    ],
)
def test_these_are_reports(text: str) -> None:
    """In doubt it is one: a click takes it back, but an outage that is taken for small talk is missed."""
    assert why_no_report(text, OWN) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Thanks!", NoReport.SMALL_TALK),
        ("Thank you all! :tada:", NoReport.SMALL_TALK),
        ("thank you so much, <@omar>", NoReport.SMALL_TALK),
        ("Good morning everyone :wave:", NoReport.SMALL_TALK),
        ("Hi team", NoReport.SMALL_TALK),
        ("HELLO", NoReport.SMALL_TALK),
        ("ty, great work!", NoReport.SMALL_TALK),
        ("Happy Friday, folks!", NoReport.SMALL_TALK),
        ("Got it, thanks", NoReport.SMALL_TALK),
        ("Never mind", NoReport.SMALL_TALK),
        ("You're welcome", NoReport.SMALL_TALK),
        ("How do I rename a view?", NoReport.QUESTION),
        ("how can we add a macro for refunds?", NoReport.QUESTION),
        ("How do we request a new ticket form, please?", NoReport.QUESTION),
        ("Where can I find the holiday schedule?", NoReport.QUESTION),
        ("Who do I ask about SLAs?", NoReport.QUESTION),
        ("What's the process for a new trigger??", NoReport.QUESTION),
        ("Is there a way to export a view?", NoReport.QUESTION),
        ("Does anyone know how to bulk edit tags?", NoReport.QUESTION),
    ],
)
def test_these_are_plainly_none(text: str, why: NoReport) -> None:
    """Greetings, thanks, and one question about how something is done."""
    assert why_no_report(text, OWN) is why


def test_who_wrote_it_may_say_that_it_is_none() -> None:
    """A responder, and an integration that the policy names by its name or id, in capitals or not."""
    quiet = OWN.model_copy(
        update={"no_report": OWN.no_report.model_copy(update={"integrations": ("Deploy Bot", "B1")})}
    )
    assert why_no_report("Zendesk is down", OWN, by_responder=True) is NoReport.RESPONDER
    assert why_no_report("Zendesk is down", quiet, sender=("B9", "deploy bot")) is NoReport.INTEGRATION
    assert why_no_report("Zendesk is down", quiet, sender=("B1",)) is NoReport.INTEGRATION
    assert why_no_report("Zendesk is down", quiet, sender=("B9", "Monitor")) is None


def test_the_switch_makes_every_message_a_report() -> None:
    """Also thanks of a responder."""
    off = OWN.model_copy(update={"no_report": OWN.no_report.model_copy(update={"enabled": False})})
    assert why_no_report("Thanks!", off, by_responder=True) is None


def test_a_report_that_is_read_late_pages_at_once_and_says_how_late() -> None:
    """The desk was down when it was written; the wait counts from then."""
    play = Play()
    play.now = NOW.replace(minute=45)
    play.happens(MessageWritten(ALICE, "Something is odd", MESSAGE, NOW))
    play.executes()
    assert play.case.state == IncidentState.PAGED
    assert play.case.page is not None
    assert play.case.page.late == 15
