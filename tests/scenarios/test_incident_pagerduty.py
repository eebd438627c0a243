"""An incident and PagerDuty: what is done in one shows in the other; and PagerDuty is down, or not connected."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from sandbox.vendors.base import VendorFault
from sandbox.vendors.pagerduty_events import ROUTING_KEY
from tests.scenarios import incident
from tests.scenarios.conftest import Worlds
from tests.world import World
from workflows.contract.events import EffectSucceeded
from workflows.contract.facts import PageChange
from workflows.contract.page_effects import OpenPage
from workflows.contract.process import Case
from workflows.engine.claims import EffectAttempt

NO_PAGERDUTY = {"PAGERDUTY_TOKEN": "", "PAGERDUTY_FROM": "", "PAGERDUTY_API_URL": ""}
ON_CALL = {"incident": {"on_call": {"schedule": None, "people": ["omar@example.com"]}, "leads": ["marco@example.com"]}}


def paged(w: World) -> None:
    """An incident that nobody responded to."""
    incident.reports(w, w.alice)
    w.advance(minutes=10)


def down(w: World, times: int = 100) -> None:
    """PagerDuty answers nothing but 503 from now on."""
    w.pagerduty.faults.append(VendorFault(times=times, status=503))


def test_acknowledged_and_resolved_in_pagerduty_it_shows_in_slack(w: World) -> None:
    """The pings stop; the timeline comes, and a line of summary is asked for."""
    paged(w)
    incident.pagerduty_tells(w, PageChange.ACKNOWLEDGED)
    assert "Omar Haddad acknowledged it in PagerDuty" in incident.card(w).rendered
    w.advance(hours=1)
    assert not incident.ping_rounds(w, "Nobody has acknowledged the page")
    incident.pagerduty_tells(w, PageChange.RESOLVED)
    shown = incident.card(w)
    assert "Resolved by Omar Haddad (PagerDuty)" in shown.rendered
    assert "Please add a line of summary" in incident.ping_rounds(w, "Timeline of INC-1")[0].rendered
    w.omar.clicks("Add a line of summary", on=shown)
    w.omar.fills({incident.SUMMARY: "A trigger was switched off"})
    w.omar.submits()
    w.settle()
    assert "A trigger was switched off" in incident.card(w).rendered


def test_pagerduty_acknowledges_twice_and_out_of_order(w: World) -> None:
    """What is older than what is known changes nothing; what comes twice is once."""
    paged(w)
    start = w.clock.now()
    incident.pagerduty_tells(w, PageChange.ACKNOWLEDGED, at=start + timedelta(minutes=1), key="one")
    incident.pagerduty_tells(w, PageChange.ACKNOWLEDGED, at=start + timedelta(minutes=1), key="one")
    incident.pagerduty_tells(w, PageChange.RESOLVED, at=start + timedelta(minutes=5), key="three")
    incident.pagerduty_tells(w, PageChange.ACKNOWLEDGED, at=start + timedelta(minutes=3), key="two")
    assert "Resolved" in incident.card(w).rendered
    timeline = w.desk.engine.cases.timeline("INC-1")
    assert [line.what for line in timeline if "acknowledged the page" in line.what] == ["acknowledged the page"]
    assert len(incident.ping_rounds(w, "Timeline of INC-1")) == 1


def test_opened_again_in_pagerduty_it_is_pinged_again(w: World) -> None:
    """Until somebody acknowledges it; no second page is made."""
    paged(w)
    incident.resolves(w, w.omar, incident.card(w))
    w.advance(minutes=5)
    incident.pagerduty_tells(w, PageChange.REOPENED)
    w.advance(minutes=10)
    assert incident.ping_rounds(w, "Nobody has acknowledged the page")
    incident.does(w, w.omar, "I'm on it", incident.card(w))
    assert len(incident.pages(w)) == 1


def test_an_acknowledgement_that_runs_out_in_pagerduty_rings_again(w: World) -> None:
    """Nobody goes on with it there: the thread is pinged again."""
    paged(w)
    incident.does(w, w.omar, "I'm on it", incident.card(w))
    w.advance(minutes=30)
    incident.pagerduty_tells(w, PageChange.UNACKNOWLEDGED)
    assert "Nobody has acknowledged it yet" in incident.card(w).rendered
    w.advance(minutes=10)
    assert incident.ping_rounds(w, "Nobody has acknowledged the page")


def test_reassigned_in_pagerduty_it_says_to_whom(w: World) -> None:
    """On the card."""
    paged(w)
    incident.pagerduty_tells(w, PageChange.REASSIGNED, assignees=("María García",))
    assert "In PagerDuty it is with María García" in incident.card(w).rendered


def test_pagerduty_down_is_retried_and_done_by_hand_meanwhile(worlds: Worlds) -> None:
    """The on-call person and the lead are mentioned once with the manual steps; then one page goes out."""
    w = worlds(policy=ON_CALL)
    incident.reports(w, w.alice)
    down(w)
    w.advance(minutes=10)
    (manual,) = incident.ping_rounds(w, "could not be paged")
    assert {"@omar", "@marco"} <= set(manual.mentions)
    assert "1. Call the on-call person" in manual.rendered
    assert "“Customer Support Operations” as the impacted service" in manual.rendered
    assert "I go on trying" in manual.rendered
    w.advance(minutes=30)
    assert len(incident.ping_rounds(w, "could not be paged")) == 1
    assert len(incident.ping_rounds(w, "is not paged yet")) == 3
    w.pagerduty.faults.clear()
    w.advance(minutes=15)
    assert len(incident.pages(w)) == 1
    assert "has been paged since" in incident.ping_rounds(w, "could not be paged")[0].rendered
    assert incident.ping_rounds(w, "Please stay available")


def test_pagerduty_down_beyond_the_limit_is_tried_on(worlds: Worlds) -> None:
    """Longer than anything else is tried: a page that is wanted goes out in the end, once."""
    w = worlds(policy={**ON_CALL, "delivery": {"retry_urgent": "10m", "give_up_after": "1h"}})
    incident.reports(w, w.alice)
    down(w, times=10_000)
    w.advance(hours=5)
    assert len(incident.ping_rounds(w, "could not be paged")) == 1
    w.pagerduty.faults.clear()
    w.advance(minutes=15)
    assert len(incident.pages(w)) == 1


def test_taken_on_while_pagerduty_is_down_nobody_is_paged(worlds: Worlds) -> None:
    """The page is withdrawn before it goes out."""
    w = worlds(policy=ON_CALL)
    incident.reports(w, w.alice)
    down(w)
    w.advance(minutes=12)
    incident.does(w, w.omar, "I'm on it", incident.card(w))
    w.pagerduty.faults.clear()
    w.advance(hours=1)
    assert not incident.pages(w)
    assert "withdrawn before it went out" in incident.card(w).rendered
    assert "@omar acknowledged it" in incident.card(w).rendered


def test_pagerduty_not_connected_shows_the_manual_steps_at_once(worlds: Worlds) -> None:
    """And somebody says that they paged by hand."""
    w = worlds(policy=ON_CALL, **NO_PAGERDUTY)
    incident.reports(w, w.alice)
    w.advance(minutes=10)
    (manual,) = incident.ping_rounds(w, "could not be paged")
    assert {"@omar", "@marco"} <= set(manual.mentions)
    assert "PagerDuty is not connected" in incident.card(w).rendered
    incident.does(w, w.adam, "Paged by hand", manual)
    assert "@adam paged Customer Support Operations by hand" in incident.card(w).rendered
    assert "did it by hand" in incident.ping_rounds(w, "could not be paged")[0].rendered
    incident.does(w, w.omar, "I'm on it", incident.card(w))
    incident.resolves(w, w.omar, incident.card(w))
    assert "Resolved by @omar" in incident.card(w).rendered


def test_a_lost_answer_makes_no_second_page(w: World) -> None:
    """PagerDuty did it and the answer was lost: the retry is told 400, and finds what is there."""
    incident.reports(w, w.alice)
    w.advance(minutes=9, seconds=50)
    w.pagerduty.faults += [VendorFault(times=1, status=None), VendorFault(times=1, drop=True)]
    w.advance(minutes=3)
    assert len(incident.pages(w)) == 1
    assert incident.pages(w)[0]["html_url"] in str(incident.card(w).blocks)


class Killed(BaseException):
    """The process is gone, in the middle of things."""


@contextmanager
def killed_after_paging(w: World) -> Iterator[None]:
    """The desk is killed when PagerDuty has the incident, and before that is saved."""
    execute = w.desk.dispatcher.execute

    def execute_and_die(case: Case, job: EffectAttempt) -> EffectSucceeded:
        succeeded = execute(case, job)
        if isinstance(job.effect, OpenPage):
            raise Killed
        return succeeded

    w.desk.dispatcher.execute = execute_and_die
    with pytest.raises(Killed):
        yield
    w.restart()


def test_killed_between_paging_and_saving_there_is_one_page(worlds: Worlds) -> None:
    """The next process finds the incident under its key."""
    w = worlds(policy={"delivery": {"channel_pace": "0s", "lease": "1s"}})
    incident.reports(w, w.alice)
    with killed_after_paging(w):
        w.advance(minutes=10)
    assert len(incident.pages(w)) == 1
    w.clock.skip_real(seconds=2)  # the lease of the one that was killed runs out
    w.advance(minutes=1)
    assert len(incident.pages(w)) == 1
    assert incident.pages(w)[0]["html_url"] in str(incident.card(w).blocks)
    incident.does(w, w.omar, "I'm on it", incident.card(w))
    assert incident.pages(w)[0]["status"] == "acknowledged"


def test_pagerduty_cannot_be_told_is_said_on_the_card(w: World) -> None:
    """It was deleted there, say: the card says what to do."""
    paged(w)
    w.pagerduty.faults.append(VendorFault(times=1, status=404, body={"error": {"message": "Not Found", "code": 2100}}))
    incident.does(w, w.omar, "I'm on it", incident.card(w))
    assert "PagerDuty does not know yet" in incident.card(w).rendered


def test_without_a_from_user_the_page_goes_out_as_an_event(worlds: Worlds) -> None:
    """PagerDuty opens one incident from it, and acknowledging it here acknowledges it there."""
    w = worlds(PAGERDUTY_FROM="", PAGERDUTY_ROUTING_KEY=ROUTING_KEY)
    paged(w)
    (page,) = incident.pages(w)
    assert page["status"] == "triggered"
    w.omar.clicks("I'm on it", on=incident.card(w))
    w.settle()
    assert incident.pages(w)[0]["status"] == "acknowledged"


def asked(w: World) -> int:
    """How often PagerDuty was asked for incidents."""
    return sum(call.startswith("GET") and "/incidents" in call for call in w.pagerduty.calls)


def test_without_a_webhook_an_acknowledgement_shows_before_anybody_is_pinged(w: World) -> None:
    """PagerDuty is asked first; nobody is told that nobody has acknowledged the page."""
    paged(w)
    w.advance(minutes=4)
    w.pagerduty.set_status(incident.pages(w)[0]["id"], "acknowledged")
    w.advance(minutes=6)
    assert not incident.ping_rounds(w, "Nobody has acknowledged the page")
    assert "Omar Haddad acknowledged it in PagerDuty Mar 2, 2026 at 09:14" in incident.card(w).rendered
    assert "Omar Haddad (pager)" in [line.actor for line in w.desk.engine.cases.timeline("INC-1")]
    w.advance(hours=2)
    assert not incident.ping_rounds(w, "Nobody has acknowledged the page")


def test_without_a_webhook_the_desk_asks_each_minute_while_a_page_is_open(w: World) -> None:
    """Acknowledged, handed on, resolved there: each shows here, each once; nothing is asked when none is open."""
    w.polls()
    assert asked(w) == 0
    paged(w)
    page = incident.pages(w)[0]["id"]
    w.pagerduty.set_status(page, "acknowledged")
    w.advance(minutes=1)
    w.polls()
    assert "Omar Haddad acknowledged it in PagerDuty" in incident.card(w).rendered
    w.pagerduty.reassign(page, "maria@example.com")
    for _ in range(3):
        w.advance(minutes=1)
        w.polls()
    assert "In PagerDuty it is with María García" in incident.card(w).rendered
    w.pagerduty.set_status(page, "resolved")
    w.advance(minutes=1)
    w.polls()
    assert "Resolved by Omar Haddad (PagerDuty)" in incident.card(w).rendered
    paged_first, *lines = [line.what for line in w.desk.engine.cases.timeline("INC-1") if "pager" in line.actor]
    assert paged_first.startswith("paged ")
    assert sorted(lines) == ["acknowledged the page", "reassigned the page to María García", "resolved the page"]
    before = asked(w)
    w.polls()
    assert asked(w) == before


def test_one_call_asks_for_all_open_pages(w: World) -> None:
    """Three pages, one call a minute; and one before the pings that are due together."""
    for _ in range(3):
        incident.reports(w, w.alice)
    w.advance(minutes=10)
    before = asked(w)
    w.polls()
    assert asked(w) == before + 1
    w.advance(minutes=10)
    assert len(incident.pages(w)) == 3
    assert asked(w) == before + 2
    w.pagerduty.set_status(incident.pages(w)[1]["id"], "acknowledged")
    w.polls()
    states = [w.desk.engine.cases.read(f"INC-{number}").state for number in (1, 2, 3)]
    assert states == ["paged", "acknowledged", "paged"]


def test_what_the_webhook_told_the_answer_does_not_tell_again(worlds: Worlds) -> None:
    """The same facts by both ways, each once."""
    w = worlds(webhooks=True)
    paged(w)
    w.pagerduty.set_status(incident.pages(w)[0]["id"], "acknowledged")
    w.settle()
    w.polls()
    what = [line.what for line in w.desk.engine.cases.timeline("INC-1")]
    assert what.count("acknowledged the page") == 1


def test_a_ping_does_not_wait_for_a_pagerduty_that_does_not_answer(w: World) -> None:
    """It is out, nobody is known to be on it, and PagerDuty is down: the thread is pinged all the same, once."""
    paged(w)
    down(w)
    w.advance(minutes=10)
    assert len(incident.ping_rounds(w, "Nobody has acknowledged the page")) == 1
    w.advance(minutes=9)
    assert len(incident.ping_rounds(w, "Nobody has acknowledged the page")) == 1


def test_paging_is_said_when_it_is_asked_and_paged_when_it_is(worlds: Worlds) -> None:
    """While PagerDuty has nothing, nobody reads that somebody was paged."""
    w = worlds(policy=ON_CALL)
    incident.reports(w, w.alice)
    down(w)
    w.advance(minutes=20)
    assert "is paging Customer Support Operations" in str(w.desk.engine.cases.timeline("INC-1"))
    assert "was paged" not in str([one.rendered for one in incident.thread(w)])
    (ping,) = incident.ping_rounds(w, "is not paged yet")
    assert "I have been trying since Mar 2, 2026 at 09:10" in ping.rendered
    w.pagerduty.faults.clear()
    w.advance(minutes=9)
    assert "was paged Mar 2, 2026 at 09:2" in incident.card(w).rendered


def test_nobody_is_said_to_be_mentioned_who_is_not_there(w: World) -> None:
    """Without a lead, the timeline does not say that one was mentioned."""
    paged(w)
    w.advance(hours=2)
    what = [line.what for line in w.desk.engine.cases.timeline("INC-1")]
    assert any("could not call the lead: nobody is known" in line for line in what)
    assert not any("mentioned the lead" in line for line in what)
