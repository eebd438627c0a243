"""How feedback begins: the command, the message shortcut, the form, and what is wrong with what was typed."""

import pytest

from tests.scenarios.conftest import Worlds
from tests.scenarios.feedback import (
    AREA,
    FEATURE,
    KIND,
    SLOW,
    TEXT,
    TICKET,
    card,
    clicks,
    confirms,
    dms,
    modal,
    posted,
    sends,
    types,
    whispers,
)
from tests.world import World

# -------------------------------------------------------------------------------------- the ways to begin


def test_the_command_opens_the_form(both: World) -> None:
    """`/feedback` asks for ticket, kind, text, area and feature; product feedback in the default area is chosen."""
    reply = both.alice.runs("/feedback", in_="#support")
    form = modal(both.alice)
    assert reply.acked
    assert (form.title, form.submit_label) == ("Send feedback", "Continue")
    assert form.labels == [TICKET, KIND, TEXT, AREA, FEATURE]
    assert (form.values[KIND], form.values[AREA]) == ("Product feedback", "The product in general")
    assert form.options(KIND) == ["Product feedback", "Bug", "Feature proposal", "Refund", "Venting"]


@pytest.mark.parametrize(
    "typed",
    [
        "123456 It is slow",
        "#123456 It is slow",
        "ZD-123456 It is slow",
        "ticket 123456: It is slow",
        "https://gitlab.zendesk.com/agent/tickets/123456 It is slow",
        "https://gitlab.zendesk.com/tickets/123456 - It is slow",
        "https://gitlab.zendesk.com/api/v2/tickets/123456.json It is slow",
        "https://support.gitlab.com/hc/requests/123456 It is slow",
        "https://support.gitlab.com/hc/en-us/requests/123456 It is slow",
    ],
)
def test_the_form_opens_filled_in_from_the_command(w: World, typed: str) -> None:
    """A reference to a ticket in any form, and the text: both stand in the form, the ticket as a number."""
    w.alice.runs(f"/feedback {typed}", in_="#support")
    form = modal(w.alice)
    assert (form.values[TICKET], form.values[TEXT]) == ("123456", "It is slow")


def test_what_was_typed_with_signs_stands_in_the_form_as_typed(both: World) -> None:
    """Slack escapes `&`, `<` and `>` in a command; the person sees them as they typed them."""
    both.alice.runs("/feedback 123456 a < b && c > d, &lt; too", in_="#support")
    assert modal(both.alice).values[TEXT] == "a < b && c > d, &lt; too"


def test_a_text_without_a_ticket_leaves_the_ticket_open(w: World) -> None:
    """A year at the beginning is no reason to guess; words go into the text."""
    w.alice.runs("/feedback Everything is slow since 2026", in_="#support")
    form = modal(w.alice)
    assert not form.values[TICKET]
    assert form.values[TEXT] == "Everything is slow since 2026"


@pytest.mark.parametrize("word", ["help", " HELP ", "?"])
def test_help_is_shown_privately(both: World, word: str) -> None:
    """`/feedback help` says what can be done, to the person alone, and opens no form."""
    reply = both.alice.runs(f"/feedback {word}", in_="#support")
    assert reply.message is not None
    assert reply.message.ephemeral
    for words in ("/feedback 123456", "Send as feedback", "venting", "feedback"):
        assert words in reply.rendered
    assert both.alice.modal is None


def test_the_shortcut_takes_text_and_ticket_from_the_message(both: World) -> None:
    """Sending a message as feedback opens the form with its text and the ticket it mentions."""
    said = both.adam.says("Customer of ticket 123457 says: runners & caches are <slow>", in_="#support")
    reply = both.alice.uses_shortcut("Send as feedback", on=said)
    form = modal(both.alice)
    assert reply.acked
    assert form.values[TICKET] == "123457"
    assert form.values[TEXT] == "Customer of ticket 123457 says: runners & caches are <slow>"


def test_the_shortcut_shows_links_and_mentions_as_people_read_them(w: World) -> None:
    """What Slack keeps as mark-up (links, mentions) does not stand as mark-up in the form."""
    said = w.adam.says("@here see https://gitlab.zendesk.com/agent/tickets/123457 please", in_="#support")
    w.alice.uses_shortcut("Send as feedback", on=said)
    form = modal(w.alice)
    assert form.values[TICKET] == "123457"
    assert form.values[TEXT] == "@here see https://gitlab.zendesk.com/agent/tickets/123457 please"


def test_the_shortcut_works_where_the_desk_is_no_member(w: World) -> None:
    """A message in a channel the desk was not invited to can be sent as feedback all the same."""
    said = w.adam.says("Ticket 123456 wants dark mode", in_="#not-invited")
    w.alice.uses_shortcut("Send as feedback", on=said)
    assert modal(w.alice).values[TICKET] == "123456"


# ------------------------------------------------------------------------------ what is wrong is said at once


@pytest.mark.parametrize(
    ("ticket", "words"),
    [
        ("soon", "This is not a ticket"),
        ("0", "No ticket has this number"),
        ("99999999999999999999", "No ticket has this number"),
        ("https://evil.example/agent/tickets/123456", "evil.example is not one of our ticket systems"),
        ("https://gitlab.zendesk.com/agent/users/1", "not one of a ticket"),
        ("https://gitlab.zendesk.com.evil.example/tickets/1", "is not one of our ticket systems"),
    ],
)
def test_a_reference_that_is_none_is_said_at_the_field(w: World, ticket: str, words: str) -> None:
    """What is no ticket of ours is refused below the field, and what was typed stays."""
    types(w, w.alice, ticket=ticket)
    form = modal(w.alice)
    assert words in form.errors[TICKET]
    assert form.values[TEXT] == SLOW
    assert not w.zendesk.calls


def test_all_that_is_wrong_is_said_at_once(w: World) -> None:
    """A wrong ticket and a text of nothing but blanks: both fields say what is wrong."""
    types(w, w.alice, text="  \n ", ticket="none")
    assert set(modal(w.alice).errors) == {TICKET, TEXT}


def test_the_client_itself_asks_for_what_is_missing(w: World) -> None:
    """Without ticket and text the form cannot be sent."""
    w.alice.runs("/feedback", in_="#support")
    w.alice.submits()
    assert set(modal(w.alice).errors) == {TICKET, TEXT}


@pytest.mark.parametrize(("length", "fits"), [(3000, True), (3001, False)])
def test_the_text_may_have_3000_characters(w: World, length: int, fits: bool) -> None:  # noqa: FBT001 - a column
    """One character more than fits is refused at the field."""
    types(w, w.alice, text="x" * length)
    assert (TEXT not in modal(w.alice).errors) is fits


def test_a_shorter_limit_of_the_company_holds(worlds: Worlds) -> None:
    """The policy may allow less than Slack."""
    w = worlds(policy={"feedback": {"text_limit": 100}})
    types(w, w.alice, text="x" * 101)
    assert TEXT in modal(w.alice).errors


def test_a_text_too_long_for_the_form_is_cut_and_that_is_said(w: World) -> None:
    """4000 characters in the command: the form shows the beginning, and says so."""
    w.alice.runs(f"/feedback 123456 {'x' * 4000}", in_="#support")
    form = modal(w.alice)
    assert form.values[TEXT] == "x" * 3000
    assert "longer than 3000 characters" in form.text


def test_a_very_long_address_in_the_command_still_opens_the_form(w: World) -> None:
    """An address of another host, far too long for the field, is said to be none of ours."""
    w.alice.runs(f"/feedback https://evil.example/{'x' * 900} slow", in_="#support")
    form = modal(w.alice)
    assert "evil.example is not one of our ticket systems" in form.text
    assert form.values[TEXT] == "slow"


def test_a_ticket_that_does_not_exist_is_said_in_the_open_form(w: World) -> None:
    """The number is free: the form comes back with everything typed, and can be corrected and sent."""
    types(w, w.alice, ticket="999999", feature="trains")
    form = modal(w.alice)
    assert "There is no ticket #999999" in form.text
    assert (form.values[TEXT], form.values[FEATURE]) == (SLOW, "trains")
    w.alice.fills({TICKET: "123456"})
    w.alice.submits()
    w.settle()
    confirms(w, w.alice)
    assert "#123456" in card(w).rendered
    assert not posted(w.pia, "#product-runner")


def test_a_ticket_that_does_not_exist_is_not_sent_when_the_answer_comes_late(w: World) -> None:
    """Send pressed in the very moment the answer arrives: nothing is posted, the form is shown again."""
    w.alice.runs("/feedback 999999 slow", in_="#support")
    w.alice.submits()
    w.desk.dispatcher.execute_one()  # the ticket system has answered, the modal does not show it yet
    w.alice.submits()
    w.settle()
    assert "There is no ticket #999999" in modal(w.alice).text
    assert not posted(w.pia, "#product")


def test_an_area_that_left_the_policy_meanwhile_is_said_at_the_field(w: World) -> None:
    """The desk got a new policy while the form was open: the area has to be chosen anew."""
    w.alice.runs("/feedback 123456 slow", in_="#support")
    w.alice.fills({AREA: "Runner and CI/CD"})
    w.restart(policy={"feedback": {"areas": ONE_AREA}})
    w.alice.submits()
    assert "not in the policy any more" in modal(w.alice).errors[AREA]
    w.alice.fills({AREA: "The product in general"})
    w.alice.submits()
    w.settle()
    confirms(w, w.alice)
    assert "The product in general" in card(w).rendered


def test_an_area_that_left_the_policy_while_the_preview_was_open(w: World) -> None:
    """Sent all the same: it goes to the default channel, and the card keeps the area's key."""
    types(w, w.alice, area="Runner and CI/CD")
    w.restart(policy={"feedback": {"areas": ONE_AREA}})
    confirms(w, w.alice)
    assert "runner" in card(w).rendered


def test_an_open_case_of_an_area_that_left_the_policy_lives_on(w: World) -> None:
    """Its card stays where it is, and its buttons work."""
    sends(w, w.alice, area="Runner and CI/CD")
    w.restart(policy={"feedback": {"areas": ONE_AREA}})
    clicks(w, w.pia, "Acknowledge", on=card(w, "#product-runner"))
    assert "Acknowledged by @pia" in [*posted(w.pia, "#product"), *posted(w.pia, "#product-runner")][0].rendered
    assert any("@pia acknowledged FB-1" in said for said in dms(w.alice))


ONE_AREA = {"*": None, "general": {"label": "The product in general", "channel": "#product"}}


# --------------------------------------------------------------------------------- who may not, and what is late


@pytest.mark.parametrize("command", ["/feedback", "/feedback 123456 It is slow", "/feedback help"])
def test_a_guest_cannot_begin(w: World, command: str) -> None:
    """A guest is told why, gets back what they typed, and sees no form."""
    reply = w.gus.runs(command, in_="#support")
    assert "Only full members" in reply.rendered
    assert w.gus.modal is None
    assert ("It is slow" in reply.rendered) is ("slow" in command)


def test_somebody_of_another_organisation_cannot_begin(w: World) -> None:
    """In a shared channel, the partner's people see no details and start nothing: neither command nor shortcut."""
    said = w.alice.says("Ticket 123456 is slow", in_="#partner-shared")
    w.yuki.uses_shortcut("Send as feedback", on=said)
    w.settle()
    assert w.yuki.modal is None
    assert "Only full members" in whispers(w.yuki, "#partner-shared")[-1]


def test_the_word_payload_means_nothing(both: World) -> None:
    """A customer may well talk of payloads: the command is understood over HTTP, too."""
    both.alice.runs("/feedback 123456 The webhook payload={} is empty", in_="#support")
    assert modal(both.alice).values[TEXT] == "The webhook payload={} is empty"
    both.alice.submits()
    both.settle()
    confirms(both, both.alice)
    assert "The webhook payload={} is empty" in card(both).rendered


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"])
def test_a_form_that_did_not_open_in_time_gives_back_what_was_typed(w: World, code: str) -> None:
    """The trigger lives three seconds: then the person is told, and nothing they typed is lost."""
    w.slack.faults.error("views.open", code)
    reply = w.alice.runs("/feedback 123456 It is <slow>", in_="#support")
    assert "Please try again" in reply.rendered
    assert "123456 It is <slow>" in reply.rendered
    w.alice.runs("/feedback 123456 It is <slow>", in_="#support")
    assert modal(w.alice).values[TEXT] == "It is <slow>"


def test_a_shortcut_that_came_too_late_is_told(w: World) -> None:
    """The same for the shortcut: a private sentence where the message stands."""
    said = w.adam.says("Ticket 123456 is slow", in_="#support")
    w.slack.faults.error("views.open", "expired_trigger_id")
    w.alice.uses_shortcut("Send as feedback", on=said)
    assert "Please try again" in whispers(w.alice, "#support")[-1]


# ---------------------------------------------------------------------------------- what was typed comes back


def test_a_preview_that_was_closed_comes_back(both: World) -> None:
    """Closed half-way: the next `/feedback` opens the form with all that was typed, and says so."""
    types(both, both.alice, feature="pipeline", area="Runner and CI/CD", kind="Bug")
    both.alice.closes()
    both.alice.runs("/feedback", in_="#support")
    form = modal(both.alice)
    assert "did not send it" in form.text
    assert form.values[TICKET] == "123456"
    assert form.values[TEXT] == SLOW
    assert form.values[FEATURE] == "pipeline"
    assert (form.values[AREA], form.values[KIND]) == ("Runner and CI/CD", "Bug")


def test_a_form_that_was_closed_comes_back(w: World) -> None:
    """Closed before Continue, with a ticket that is none yet: what was typed comes back all the same."""
    w.alice.runs("/feedback The trains are slow", in_="#support")
    w.alice.fills({TICKET: "look it up", KIND: "Bug"})
    w.alice.closes()
    w.alice.runs("/feedback", in_="#support")
    form = modal(w.alice)
    assert "did not send it" in form.text
    assert (form.values[TEXT], form.values[KIND]) == ("The trains are slow", "Bug")
    w.alice.fills({TICKET: "123456", KIND: "Product feedback"})
    w.alice.submits()
    w.settle()
    confirms(w, w.alice)
    assert "The trains are slow" in card(w).rendered
    w.alice.runs("/feedback", in_="#support")
    assert not modal(w.alice).values[TEXT]


def test_an_empty_form_that_was_closed_leaves_nothing(w: World) -> None:
    """Opened and closed: the next form is empty, and nothing waits."""
    w.alice.runs("/feedback", in_="#support")
    w.alice.closes()
    w.alice.runs("/feedback", in_="#support")
    form = modal(w.alice)
    assert not form.values[TEXT]
    assert "did not send it" not in form.text
    assert w.next_due() is None


def test_what_was_typed_comes_back_to_its_author_only(w: World) -> None:
    """Somebody else's form is empty."""
    types(w, w.alice)
    w.alice.closes()
    w.adam.runs("/feedback", in_="#support")
    assert not modal(w.adam).values[TEXT]


def test_a_draft_is_forgotten_after_a_day(w: World) -> None:
    """A form that was not finished is kept as long as the policy says, over a restart."""
    types(w, w.alice)
    w.alice.closes()
    w.restart()
    w.advance(hours=23)
    w.alice.runs("/feedback", in_="#support")
    assert modal(w.alice).values[TEXT] == SLOW
    w.alice.closes()
    w.advance(hours=25)
    w.alice.runs("/feedback", in_="#support")
    assert not modal(w.alice).values[TEXT]


def test_what_was_typed_can_be_changed(w: World) -> None:
    """A button leads from the preview back to the form; the new text is sent."""
    types(w, w.alice)
    w.alice.clicks("Change what I typed")
    w.alice.fills({TEXT: "The merge train view is far too slow"})
    w.alice.submits()
    w.settle()
    assert "far too slow" in modal(w.alice).text
    confirms(w, w.alice)
    assert "far too slow" in card(w).rendered


def test_an_answer_that_comes_late_does_not_wipe_what_is_being_typed(w: World) -> None:
    """Back in the form while the ticket is still being checked: the answer does not replace the form."""
    w.alice.runs("/feedback 123456 slow", in_="#support")
    w.alice.submits()
    w.alice.clicks("Change what I typed")
    w.alice.fills({TEXT: "very slow"})
    w.settle()
    form = modal(w.alice)
    assert (form.submit_label, form.values[TEXT]) == ("Continue", "very slow")


def test_a_form_submitted_twice_is_one_case(both: World) -> None:
    """Slack delivers the submission twice: one preview, one card."""
    both.alice.runs("/feedback 123456 slow", in_="#support")
    both.slack.faults.deliver_twice()
    both.alice.submits()
    both.settle()
    both.slack.faults.deliver_twice()
    confirms(both, both.alice)
    assert "FB-1" in card(both).rendered
    sends(both, both.alice, ticket="123457")
    assert "FB-2" in posted(both.pia, "#product")[-1].rendered
