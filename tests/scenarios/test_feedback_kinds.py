"""Each kind of feedback goes its own way, from the form to the reply to copy."""

import pytest

from tests.scenarios.conftest import Worlds
from tests.scenarios.feedback import (
    KIND,
    PROJECT,
    SLOW,
    TICKET,
    card,
    clicks,
    comments,
    confirmation,
    confirms,
    issues,
    modal,
    posted,
    sends,
    tags,
    types,
)
from tests.world import World

CHANNELS = ("#product", "#product-runner", "#product-security", "#support")
NEW_ISSUE_PAGE = "https://gitlab.com/gitlab-org/gitlab/-/issues/new"


def nothing_posted(w: World) -> bool:
    """Whether no channel has heard of it."""
    return not any(posted(w.pia, channel) for channel in CHANNELS)


# -------------------------------------------------------------------------------------- product feedback


def test_product_feedback_is_shown_before_it_is_sent(w: World) -> None:
    """The preview says where it will stand and what it will look like; nothing is posted yet."""
    types(w, w.alice)
    preview = modal(w.alice)
    assert (preview.title, preview.submit_label) == ("Product feedback", "Send")
    for words in ("will be posted in #product", SLOW, "#123456", "Ticket #123456", "found"):
        assert words in preview.text
    assert nothing_posted(w)
    assert "feedback" not in tags(w)


def test_product_feedback_becomes_a_card(both: World) -> None:
    """A card in the area's channel with ticket link, submitter and buttons; the ticket keeps its tags and gets one."""
    sends(both, both.alice)
    shown = card(both)
    for words in ("Product feedback · FB-1 · The product in general", f"> {SLOW}", "From: @alice", "feedback set"):
        assert words in shown.rendered
    assert "https://gitlab.zendesk.com/agent/tickets/123456" in shown.rendered
    assert shown.buttons == ["Acknowledge", "Link issue", "Not ours"]
    assert tags(both) == ["feedback", "pipelines"]
    assert not issues(both)


def test_the_submitter_gets_a_reply_to_copy(w: World) -> None:
    """Privately: where it stands, the reply, and the button for when the customer was told."""
    sends(w, w.alice)
    own = confirmation(w.alice)
    assert "Passed on to #product" in own.rendered
    assert "I have passed it on to our product team" in own.rendered
    assert "any other questions, or more feedback" in own.rendered
    assert own.buttons == ["Told the customer"]
    assert not w.zendesk.comments[123456][1:]  # nothing was said to the customer


def test_nobody_outside_learns_who_the_customer_is(w: World) -> None:
    """Neither card nor issue nor DM names the customer or the organisation."""
    sends(w, w.alice, kind="Bug")
    sends(w, w.alice)
    everything = [
        card(w).rendered,
        card(w).text,
        *(message.rendered for message in w.alice.dm()),
        *(issue["title"] + issue["description"] for issue in issues(w)),
    ]
    for secret in ("Erika", "Mustermann", "acme", "ACME"):
        assert not any(secret in text for text in everything)


@pytest.mark.parametrize(
    ("area", "channel"),
    [
        ("The product in general", "#product"),
        ("Runner and CI/CD", "#product-runner"),
        ("Application security", "#product-security"),
    ],
)
def test_the_area_decides_the_channel(w: World, area: str, channel: str) -> None:
    """Those who build it read it, and nobody else."""
    sends(w, w.alice, area=area)
    assert area in card(w, channel).rendered
    assert sum(bool(posted(w.pia, other)) for other in CHANNELS) == 1


def test_a_company_has_its_own_areas_words_and_tag(worlds: Worlds) -> None:
    """Another company changes the policy file, never the program."""
    w = worlds(
        policy={
            "company": {"name": "Acme & Sons"},
            "feedback": {
                "tag": "voice_of_customer",
                "default_area": "app",
                "areas": {"*": None, "app": {"label": "The <app>", "channel": "#support-managers"}},
                "kinds": {"product": {"label": "Voice & ear", "reply": "Dear <name>, {company} has heard you."}},
            },
        }
    )
    sends(w, w.alice)
    shown = card(w, "#support-managers")
    assert "Voice & ear · FB-1 · The <app>" in shown.rendered
    assert "Dear <name>, Acme & Sons has heard you." in confirmation(w.alice).rendered
    assert "voice_of_customer" in tags(w)


def test_feedback_about_one_feature_is_added_to_an_existing_issue(both: World) -> None:
    """The best few existing issues are offered; the feedback is written under the one chosen."""
    types(both, both.alice, feature="pipeline schedules")
    offered = modal(both.alice).options("Issue")
    assert offered == [
        "#3 Pipeline schedules do not start after the owner left",
        "#4 Let a pipeline schedule run as a service account",
        "Open a new issue",
        "No issue, only the channel",
    ]
    both.alice.fills({"Issue": offered[0]})
    confirms(both, both.alice)
    (comment,) = comments(both, 3)
    assert f"> {SLOW}" in comment
    assert "https://gitlab.zendesk.com/agent/tickets/123456" in comment
    assert "Pipeline schedules do not start after the owner left" in card(both).rendered
    assert not issues(both)


def test_feedback_about_one_feature_opens_an_issue(w: World) -> None:
    """No issue fits: a new one is opened, and the card links it."""
    types(w, w.alice, feature="merge trains")
    w.alice.fills({"Issue": "Open a new issue"})
    confirms(w, w.alice)
    (issue,) = issues(w)
    assert issue["title"] == "Customer feedback: merge trains"
    assert f"> {SLOW}" in issue["description"]
    assert "Customer feedback: merge trains" in card(w).rendered
    assert "Change issue" in card(w).buttons


def test_feedback_about_one_feature_needs_no_issue(w: World) -> None:
    """No issue is what is chosen unless the person chooses."""
    types(w, w.alice, feature="pipeline schedules")
    assert modal(w.alice).values["Issue"] == "No issue, only the channel"
    confirms(w, w.alice)
    assert "Issue:" not in card(w).rendered
    assert not comments(w, 3)


def test_an_issue_can_be_pasted(w: World) -> None:
    """A link to an issue of the tracker wins over the choice above it."""
    types(w, w.alice, feature="pipeline schedules")
    w.alice.fills({"Or another existing issue": "https://gitlab.com/gitlab-org/gitlab/-/issues/6"})
    confirms(w, w.alice)
    assert len(comments(w, 6)) == 1
    assert "gitlab-org/gitlab#6" in card(w).rendered


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("https://evil.example/a/b/-/issues/6", "link on gitlab.com"),
        ("http://[", "link on gitlab.com"),
        ("https://gitlab.com/somebody/public/-/issues/6", "only into issues of gitlab-org/gitlab and"),
    ],
)
def test_a_link_that_is_no_issue_of_ours_is_said_at_the_field(w: World, link: str, why: str) -> None:
    """An address elsewhere is never called, and the desk's token writes into no project but the policy's."""
    types(w, w.alice, feature="pipeline schedules")
    w.alice.fills({"Or another existing issue": link})
    w.alice.submits()
    w.settle()
    assert why in modal(w.alice).errors["Or another existing issue"]
    assert "word for word" in modal(w.alice).text
    assert nothing_posted(w)


# ------------------------------------------------------------------------------------------------- bug


def test_a_bug_goes_to_an_existing_issue(w: World) -> None:
    """No product card; the chosen issue gets the report, the reply sends the customer there and promises nothing."""
    types(w, w.alice, "Schedules stopped", kind="Bug", feature="pipeline schedules")
    assert "promise no date" in modal(w.alice).text
    w.alice.fills({"Issue": "#3 Pipeline schedules do not start after the owner left"})
    confirms(w, w.alice)
    own = confirmation(w.alice)
    assert len(comments(w, 3)) == 1
    assert f"{PROJECT}/-/issues/3" in own.rendered
    for words in ("subscribe to the issue", "rather than in this ticket", "decide in which order", "cannot promise"):
        assert words in own.rendered
    assert nothing_posted(w)
    assert "feedback" in tags(w)


def test_a_bug_needs_an_issue(w: World) -> None:
    """Issues were found and none is chosen: the form says so and stays open."""
    types(w, w.alice, kind="Bug", feature="pipeline schedules")
    assert "No issue, only the channel" not in modal(w.alice).options("Issue")
    w.alice.submits()
    w.settle()
    assert "Issue" in modal(w.alice).errors
    assert w.alice.dm() == []


def test_a_bug_without_a_feature_is_looked_for_by_its_text(w: World) -> None:
    """What fits is shown to choose from, and what the customer said becomes an internal note there."""
    types(w, w.alice, "Since Monday none of our pipeline schedules start any more", kind="Bug")
    w.alice.fills({"Issue": "#3 Pipeline schedules do not start after the owner left"})
    confirms(w, w.alice)
    (note,) = w.gitlab.notes[w.gitlab.issue(PROJECT, 3)["id"]]
    assert "none of our pipeline schedules" in note["body"]
    assert note["internal"] is True


@pytest.mark.parametrize(("words", "confidential", "shown"), [("left out", False, False), ("open", False, True)])
def test_the_company_says_how_a_customers_words_go_into_issues(
    worlds: Worlds,
    words: str,
    confidential: bool,  # noqa: FBT001 - a parameter
    shown: bool,  # noqa: FBT001 - a parameter
) -> None:
    """Left out, the issue has the link for staff only; in a project that is not public, they may stand there."""
    w = worlds(policy={"feedback": {"words_in_issues": words}})
    types(w, w.alice, "The button of ACME does nothing", kind="Bug")
    w.alice.fills({"Issue": "Open a new issue"})
    confirms(w, w.alice)
    (issue,) = issues(w)
    assert issue["confidential"] is confidential
    assert ("ACME" in f"{issue['title']} {issue['description']}") is shown
    assert "agent/tickets/123456" in issue["description"]


def test_a_bug_opens_an_issue(w: World) -> None:
    """Nothing fits: a new issue is opened once somebody says so, confidential, and its link stands in the reply."""
    types(w, w.alice, "The button does nothing", kind="Bug")
    assert modal(w.alice).values["Issue"] in {None, ""}
    w.alice.submits()
    w.settle()
    assert "Issue" in modal(w.alice).errors
    w.alice.fills({"Issue": "Open a new issue"})
    confirms(w, w.alice)
    (issue,) = issues(w)
    assert issue["confidential"] is True
    assert issue["title"] == "Bug report: The button does nothing"
    assert f"{PROJECT}/-/issues/{issue['iid']}" in confirmation(w.alice).rendered
    assert "{issue_url}" not in confirmation(w.alice).rendered


# ------------------------------------------------------------------------------- proposal, refund, venting


def test_a_feature_proposal_is_for_the_customer_to_write(w: World) -> None:
    """The tracker's page for a new issue and a reply that leads there; nothing is posted, nothing is opened."""
    types(w, w.alice, kind="Feature proposal")
    assert "Customers preferably create the proposal themselves" in modal(w.alice).text
    confirms(w, w.alice)
    own = confirmation(w.alice)
    assert f"create a feature proposal here: {NEW_ISSUE_PAGE}" in own.rendered
    assert own.buttons == ["Told the customer", "New issue page"]
    assert nothing_posted(w)
    assert not issues(w)
    assert "feedback" in tags(w)


def test_a_refund_is_nobodys_business_in_a_channel(w: World) -> None:
    """No post; the link to the refund workflow."""
    types(w, w.alice, kind="Refund", ticket="123461")
    assert "nothing is posted" in modal(w.alice).text
    confirms(w, w.alice)
    own = confirmation(w.alice)
    assert "handling_refund_requests" in own.rendered
    assert own.buttons == ["Told the customer", "Refund workflow"]
    assert nothing_posted(w)
    assert tags(w, 123461) == ["billing", "feedback"]


def test_a_customer_who_vents_gets_a_checklist(w: World) -> None:
    """What helps, what not to say, and two ways to a manager; nothing is posted."""
    types(w, w.alice, kind="Venting")
    preview = modal(w.alice)
    for words in ("Let them vent", "taken very seriously", "alternatives", "Apologise only", "I'm sorry that you're"):
        assert words in preview.text
    assert preview.buttons == ["Change what I typed", "CC a manager", "I feel threatened or harassed"]
    confirms(w, w.alice)
    own = confirmation(w.alice)
    assert "Let them vent" in own.rendered
    assert own.buttons == ["Told the customer", "CC a manager", "I feel threatened or harassed"]
    assert nothing_posted(w)
    assert "feedback" in tags(w)


@pytest.mark.parametrize("kind", ["Bug", "Feature proposal", "Refund", "Venting"])
def test_without_a_product_team_the_loop_closes_with_the_customer(w: World, kind: str) -> None:
    """Told the customer: closed, with nothing left to remind of."""
    sends(w, w.alice, kind=kind)
    clicks(w, w.alice, "Told the customer", on=confirmation(w.alice))
    assert "This case is closed." in confirmation(w.alice).rendered
    assert "Told the customer" not in confirmation(w.alice).buttons
    assert w.next_due() is None


def test_the_kind_can_be_changed_before_it_is_sent(w: World) -> None:
    """A bug that turns out to be a refund goes the way of refunds, once."""
    types(w, w.alice, kind="Bug")
    w.alice.clicks("Change what I typed")
    w.alice.fills({KIND: "Refund", TICKET: "#123461"})
    w.alice.submits()
    w.settle()
    confirms(w, w.alice)
    assert "FB-1: refund for ticket #123461" in confirmation(w.alice).rendered
    assert not issues(w)
    assert "feedback" not in tags(w)


def test_a_closed_ticket_is_said_in_time_and_told_apart(w: World) -> None:
    """Zendesk lets nobody change a closed ticket: the preview warns, the card goes out, a person is told what to do."""
    types(w, w.alice, ticket="123458")
    assert "is closed: it cannot be tagged" in modal(w.alice).text
    confirms(w, w.alice)
    assert "follow-up ticket" in card(w).rendered
    assert "Retry tagging" in confirmation(w.alice).buttons
    assert tags(w, 123458) == ["ui"]
