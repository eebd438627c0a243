"""An incident nobody responds to: pings, one page, pings again, and the lead."""

from datetime import UTC, datetime

from tests.scenarios import incident
from tests.scenarios.conftest import Worlds
from tests.scenarios.incident import CHANNEL
from tests.world import World

FRIDAY_EVENING = datetime(2026, 3, 7, 1, 30, tzinfo=UTC)
"""Friday 17:30 in Los Angeles: the support hours ended half an hour ago."""


def test_the_card_says_until_when_the_bot_waits_and_what_then(w: World) -> None:
    """Which criticality, the due time in the reader's zone, how it was counted, and the page."""
    incident.reports(w, w.alice)
    shown = incident.card(w)
    assert "INC-1 · Zendesk triggers · Mission Critical" in shown.rendered
    assert "I wait for a response until Mar 2, 2026 at 09:10 (10 minutes from Mon 09:00 UTC" in shown.rendered
    assert "Then I page Customer Support Operations" in shown.rendered
    omars = next(message for message in w.omar.sees(CHANNEL) if "INC-1" in message.rendered)
    assert "at 11:10" in omars.rendered  # Cairo


def test_an_unanswered_mission_critical_incident_pages_once(w: World) -> None:
    """Nobody answers for ten minutes: PagerDuty gets one incident, even when the bot was restarted meanwhile."""
    incident.reports(w, w.alice)
    w.advance(minutes=6)
    w.restart()
    w.advance(minutes=5)
    (page,) = incident.pages(w)
    assert page["title"] == "INC-1 Zendesk triggers (Mission Critical): Triggers do not fire"
    assert (page["urgency"], page["service"]["summary"]) == ("high", "Customer Support Operations")
    details = page["body"]["details"]
    assert "No auto-replies go out" in details
    assert f"/p{incident.card(w).ts.replace('.', '')}" in details  # the link to the thread


def test_the_thread_is_pinged_at_half_time_and_warned_at_ninety_percent(w: World) -> None:
    """The responders' group is mentioned; the warning has the buttons that stop it."""
    incident.reports(w, w.alice)
    w.advance(minutes=5)
    (half,) = incident.ping_rounds(w, "half of the time is over")
    assert half.mentions == ["@support-ops"]
    w.advance(minutes=4)
    (warning,) = incident.ping_rounds(w, "I will page Customer Support Operations")
    assert "Mar 2, 2026 at 09:10 unless someone responds" in warning.rendered
    assert warning.buttons == ["I'm on it", "Don't page"]
    assert not incident.pages(w)


def test_the_link_stands_in_the_thread_and_the_reporter_is_asked_to_stay(w: World) -> None:
    """And says that they are here, or who is instead."""
    incident.reports(w, w.alice)
    w.advance(minutes=10)
    (notice,) = incident.ping_rounds(w, "Please stay available")
    assert incident.pages(w)[0]["html_url"] in notice.rendered
    assert notice.mentions == ["@alice"]
    incident.does(w, w.maria, "I'm here", notice)
    assert "This asks @alice" in incident.whispers(w.maria)[-1]
    incident.does(w, w.alice, "I'm here", notice)
    assert incident.ping_rounds(w, "@alice is here")
    w.alice.clicks("Name a stand-in", on=notice)
    w.alice.fills({"Who works with the on-call person?": "@adam"})
    w.alice.submits()
    w.settle()
    assert "Works with the on-call person: @adam" in incident.card(w).rendered
    assert "@alice named you to work with the on-call person on INC-1" in w.adam.dm()[-1].rendered


def test_nobody_acknowledges_five_pings_then_the_lead(worlds: Worlds) -> None:
    """Every ten minutes, five times; then the lead is mentioned, once."""
    w = worlds(policy={"incident": {"leads": ["marco@example.com"]}})
    incident.reports(w, w.alice)
    w.advance(minutes=10)
    w.advance(minutes=50)
    pings = incident.ping_rounds(w, "Nobody has acknowledged the page")
    assert [ping.mentions for ping in pings] == [["@omar", "@support-ops"]] * 5
    w.advance(hours=5)
    assert len(incident.ping_rounds(w, "Nobody has acknowledged the page")) == 6
    (lead,) = incident.ping_rounds(w, "Others were called 5 times")
    assert lead.mentions == ["@marco"]
    assert len(incident.pages(w)) == 1


def test_acknowledging_in_slack_stops_the_pings_and_tells_pagerduty(w: World) -> None:
    """I'm on it, and Resolve with a line of summary, which leaves the timeline in the thread."""
    incident.reports(w, w.alice)
    w.advance(minutes=21)
    incident.does(w, w.omar, "I'm on it", incident.card(w))
    assert incident.pages(w)[0]["status"] == "acknowledged"
    assert "@omar acknowledged it" in incident.card(w).rendered
    w.advance(hours=1)
    assert len(incident.ping_rounds(w, "Nobody has acknowledged")) == 1
    incident.resolves(w, w.omar, incident.card(w))
    assert incident.pages(w)[0]["status"] == "resolved"
    (timeline,) = incident.ping_rounds(w, "Timeline of INC-1")
    lines = ("started the clock", "mentioned the responders", "paged Customer", "acknowledged", "resolved it: A")
    for line in lines:
        assert line in timeline.rendered


def test_dont_page_holds_it_back_and_the_clock_can_be_set_again(w: World) -> None:
    """Nobody is paged then; set again, it counts from that moment."""
    incident.reports(w, w.alice)
    w.advance(minutes=9)
    incident.does(w, w.alice, "Don't page", incident.ping_rounds(w, "I will page")[0])
    w.advance(hours=2)
    assert not incident.pages(w)
    assert "@alice said not to page" in incident.card(w).rendered
    incident.picks(w, w.alice, "Set the clock again", incident.card(w))
    assert "until Mar 2, 2026 at 11:19" in incident.card(w).rendered
    w.advance(minutes=10)
    assert len(incident.pages(w)) == 1


def test_page_now_stands_beside_the_buttons_only_outside_support_hours(worlds: Worlds) -> None:
    """In support hours it is behind the three dots."""
    w = worlds(at=FRIDAY_EVENING)
    incident.reports(w, w.alice)
    assert "Page now" in incident.card(w).buttons
    assert "outside Global Support Hours" in incident.card(w).rendered
    incident.does(w, w.alice, "Page now", incident.card(w))
    assert len(incident.pages(w)) == 1
    incident.does(w, w.omar, "I'm on it", incident.card(w))
    assert incident.pages(w)[0]["status"] == "acknowledged"


def test_page_now_works_in_support_hours_too(w: World) -> None:
    """From the menu; a second time is told that there is one page."""
    incident.reports(w, w.alice)
    assert "Page now" not in incident.card(w).buttons
    incident.picks(w, w.alice, "Page now", incident.card(w))
    w.advance(minutes=30)
    assert len(incident.pages(w)) == 1


def test_raised_so_that_it_is_overdue_it_pages_at_once(w: World) -> None:
    """The due time is worked out again from the original time."""
    incident.reports(w, w.alice, what="The macros are gone", systems=["Zendesk macros"])
    w.advance(minutes=20)
    incident.changes(w, w.alice, incident.card(w), "Business Critical")
    assert "until Mar 2, 2026 at 09:30" in incident.card(w).rendered
    assert not incident.pages(w)
    incident.changes(w, w.alice, incident.card(w), "Mission Critical")
    assert len(incident.pages(w)) == 1
    assert "It is Mission Critical now, and was due already" in incident.card(w).rendered


def test_lowered_before_the_page_it_waits_longer(w: World) -> None:
    """From the original time, too."""
    incident.reports(w, w.alice)
    w.advance(minutes=6)
    incident.changes(w, w.alice, incident.card(w), "Business Critical")
    w.advance(minutes=23)
    assert not incident.pages(w)
    w.advance(minutes=1)
    assert len(incident.pages(w)) == 1


def test_lowered_after_the_page_the_page_stays(w: World) -> None:
    """Whoever was paged is not called back."""
    incident.reports(w, w.alice)
    w.advance(minutes=10)
    incident.changes(w, w.alice, incident.card(w), "Administrative")
    assert incident.pages(w)[0]["status"] == "triggered"
    assert "Administrative" in incident.card(w).rendered
    incident.resolves(w, w.omar, incident.card(w))
    assert "the page stays" in incident.ping_rounds(w, "Timeline")[0].rendered


def test_several_systems_the_highest_wins(w: World) -> None:
    """The most critical of them decides."""
    incident.reports(w, w.alice, what="It is odd", systems=["Reports and dashboards", "SLA policies"])
    assert "Business Critical" in incident.card(w).rendered
    assert "until Mar 2, 2026 at 09:30" in incident.card(w).rendered


def test_the_long_clocks_stand_still_over_the_weekend_and_the_change_to_summer_time(worlds: Worlds) -> None:
    """8 hours from Friday 16:00 in Los Angeles: one on Friday, seven from Sunday 15:00, the clocks put forward."""
    w = worlds(at=datetime(2026, 3, 7, 0, 0, tzinfo=UTC))  # Friday 16:00 PST; Sunday is 8 March, PDT
    incident.reports(w, w.alice, what="The macros are gone", systems=["Zendesk macros"])
    assert "closed hours" in incident.card(w).rendered or "weekend" in incident.card(w).rendered
    w.advance_to(datetime(2026, 3, 9, 4, 59, tzinfo=UTC))
    assert not incident.pages(w)
    w.advance(minutes=1)  # Sunday 22:00 PDT
    assert len(incident.pages(w)) == 1


def test_the_short_clocks_run_through_the_weekend(worlds: Worlds) -> None:
    """Outside support hours, too: thirty minutes are thirty minutes."""
    w = worlds(at=FRIDAY_EVENING)
    incident.reports(w, w.alice, what="SLAs are wrong", systems=["SLA policies"])
    w.advance(minutes=29)
    assert not incident.pages(w)
    w.advance(minutes=1)
    assert len(incident.pages(w)) == 1


def test_down_for_two_hours_over_the_due_time_it_pages_once_and_says_late(w: World) -> None:
    """One page; the pings that came due meanwhile stay away."""
    incident.reports(w, w.alice)
    w.stop()
    w.jump(hours=2)
    w.start()
    w.settle()
    assert len(incident.pages(w)) == 1
    assert "This is 1 h 50 min late" in incident.card(w).rendered
    assert "1 h 50 min late" in incident.pages(w)[0]["body"]["details"]
    assert not incident.ping_rounds(w, "half of the time")
    assert not incident.ping_rounds(w, "I will page")
    w.advance(minutes=5)
    assert len(incident.pages(w)) == 1


def test_opened_again_after_a_page_it_pages_again_under_a_key_of_its_own(w: World) -> None:
    """What was resolved in PagerDuty cannot be opened there again by the desk."""
    incident.reports(w, w.alice)
    w.advance(minutes=10)
    incident.resolves(w, w.omar, incident.card(w))
    incident.does(w, w.alice, "Open it again", incident.card(w))
    first, second = incident.pages(w)
    assert first["incident_key"] != second["incident_key"]
    assert (first["status"], second["status"]) == ("resolved", "triggered")
    assert len(incident.ping_rounds(w, "Please stay available")) == 2


def test_a_ping_waits_until_it_is_known_whom_to_ping(w: World) -> None:
    """An edit notifies nobody: while Slack cannot say who responds, the ping waits, and then mentions them."""
    w.slack.faults.status("usergroups.*", 503, times=1000)
    incident.reports(w, w.alice)
    w.advance(minutes=5)
    assert not incident.ping_rounds(w, "half of the time is over")
    w.slack.faults.clear()
    w.advance(minutes=3)
    (half,) = incident.ping_rounds(w, "half of the time is over")
    assert not half.edited
    assert "@support-ops" in half.mentions
