"""What has to happen for a customer success manager, event by event, and what holds in whatever order it comes."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import company_policy
from tests.tickets import ticket
from workflows.contract.account_effects import FindAccounts, ReadOpened, ReadOrigin
from workflows.contract.account_port import Account, AccountList, OpenedTickets, Organization, TicketOrigin
from workflows.contract.case_effects import NotifyCase
from workflows.contract.effects import Effect
from workflows.contract.events import (
    CaseNotified,
    EffectDelayed,
    EffectFailed,
    EffectSucceeded,
    Failure,
    StandingCaseOpened,
    TimerDue,
)
from workflows.contract.facts import TicketOpened
from workflows.contract.message_effects import Say
from workflows.contract.process import Decision, SetTimer
from workflows.contract.ticket_ports import Ticket
from workflows.csm import asking, gaps, model, new_ticket, notices, people, person, rules
from workflows.csm.model import Chosen, CsmCase, Who
from workflows.lib.daily import next_time_of_day
from workflows.policy.csm import Notice

STORM = {"over": 2, "within": "1h", "gathered_for": "30m"}
POLICY = company_policy({"csm": {"accounts": "system", "lead": "maria@example.com", "storm": STORM}})
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACME = Account("001", "ACME", "carol@example.com", "Carol")
CAROL = Who("U0CAROL", "carol@example.com", "Asia/Singapore")


# ------------------------------------------------------------------------------------ a new ticket


def looking(organization: Organization | None = None, **more: Any) -> Decision[new_ticket.NewTicketCase]:
    """A new ticket of this organisation, once the ticket system has answered."""
    begun = new_ticket.blank("NT-1", MONDAY)
    decision = new_ticket.decide(begun, TicketOpened(at=MONDAY, ticket=ticket(1)), POLICY, MONDAY)
    (read,) = decision.effects
    assert isinstance(read, ReadOrigin)
    origin = TicketOrigin(Ticket(1, "Help", "new", **more), MONDAY, organization)
    return new_ticket.decide(decision.case, EffectSucceeded(read, origin), POLICY, MONDAY)


def found(case: new_ticket.NewTicketCase, asked: Effect, *accounts: Account, more: bool = False) -> Any:
    """What follows when these accounts are found."""
    return new_ticket.decide(case, EffectSucceeded(asked, AccountList(accounts, more)), POLICY, MONDAY)


def test_the_account_is_looked_for_by_its_id_and_without_one_by_its_name() -> None:
    """An id that leads nowhere is followed by the name."""
    by_id = looking(Organization(201, "ACME", "001"))
    (asked,) = by_id.effects
    assert isinstance(asked, FindAccounts)
    assert (asked.ids, asked.name, asked.ticket) == (("001",), "", ticket(1))
    (again,) = found(by_id.case, asked).effects
    assert (again.ids, again.name) == ((), "ACME")
    (named,) = looking(Organization(201, "ACME")).effects
    assert isinstance(named, FindAccounts)
    assert (named.ids, named.name) == ((), "ACME")


@pytest.mark.parametrize("more", [{"is_suspended": True}, {}], ids=["spam", "no organisation"])
def test_what_is_from_no_customer_is_told_to_nobody(more: dict[str, Any]) -> None:
    """And nobody is told so: it is nothing that is missing."""
    organization = Organization(201, "ACME") if more else None
    over = looking(organization, **more)
    assert (over.case.state, over.effects) == ("nobodys", ())


NOBODYS = Account("002", "ACME")
MARCOS = Account("003", "ACME", "marco@example.com")


@pytest.mark.parametrize(
    ("accounts", "reason"),
    [
        ((), "no_account"),
        ((NOBODYS,), "no_csm"),
        ((ACME, MARCOS), "several"),
        ((ACME, NOBODYS), "several"),
        ((ACME, Account("004", "ACME", "carol@example.com")), None),
    ],
)
def test_whose_it_is_is_never_guessed(accounts: tuple[Account, ...], reason: str | None) -> None:
    """Nobody, or two who might be meant: the lead's digest; two accounts of one manager are hers."""
    by_name = looking(Organization(201, "ACME"))
    (tell,) = found(by_name.case, by_name.effects[0], *accounts).effects
    assert isinstance(tell, NotifyCase)
    assert tell.details.get("reason") == reason
    assert (tell.key == "csm:carol@example.com") is (reason is None)


def test_what_is_given_up_is_asked_again_for_a_week() -> None:
    """Then nobody wants to hear of it any more; what can never work is over at once."""
    by_name = looking(Organization(201, "ACME"))
    case, asked = by_name.case, by_name.effects[0]
    late = new_ticket.decide(case, EffectDelayed(asked, "It is down.", MONDAY), POLICY, MONDAY)
    assert late.case.waited
    gave_up = EffectFailed(asked, Failure.GAVE_UP, "It is down.")
    again = new_ticket.decide(case, gave_up, POLICY, MONDAY)
    assert again.timers == (SetTimer(new_ticket.TRY_AGAIN, MONDAY + new_ticket.EVERY),)
    retried = new_ticket.decide(again.case, TimerDue(new_ticket.TRY_AGAIN, MONDAY), POLICY, MONDAY)
    assert retried.effects == (asked,)
    assert new_ticket.decide(case, gave_up, POLICY, MONDAY + timedelta(days=8)).case.is_over
    never = EffectFailed(asked, Failure.NOT_CONNECTED, "It is not connected.")
    assert new_ticket.decide(case, never, POLICY, MONDAY).case.is_over


def test_a_ticket_that_is_told_of_again_changes_nothing() -> None:
    """While it is looked for, and when it is over."""
    by_name = looking(Organization(201, "ACME"))
    over = found(by_name.case, by_name.effects[0], ACME)
    for case in (by_name.case, over.case):
        again = new_ticket.decide(case, TicketOpened(at=MONDAY, ticket=ticket(1)), POLICY, MONDAY)
        assert (again.case, again.effects) == (case, ())
        assert case.open_key == "new_ticket:main/1"


# ---------------------------------------------------------------------------------- what is missing


def test_each_gap_is_told_once() -> None:
    """In the next digest, however often it is found, in whatever capitals."""
    case = gaps.GapsCase(id="CG-1", state="standing", opened_at=MONDAY)
    for name in ("ACME", "acme", "Zeta"):
        details = {"reason": "no_csm", "name": name, "ticket": "1"}
        case = gaps.decide(case, CaseNotified(gaps.KIND, "NT-1", gaps.GAP, details), POLICY, MONDAY).case
    sent = gaps.decide(case, TimerDue(gaps.DIGEST, MONDAY), POLICY, MONDAY)
    (said,) = sent.effects
    assert isinstance(said, Say)
    assert [row["name"] for row in said.details["gaps"]] == ["ACME", "Zeta"]
    details = {"reason": "no_csm", "name": "ACME", "ticket": "2"}
    again = gaps.decide(sent.case, CaseNotified(gaps.KIND, "NT-2", gaps.GAP, details), POLICY, MONDAY)
    assert (again.case, again.timers) == (sent.case, ())


def test_an_outage_is_told_once_a_day() -> None:
    """To the lead, and where there is none to the admins; of both there may be none."""
    case = gaps.GapsCase(id="CG-1", state="standing", opened_at=MONDAY)
    down = CaseNotified(gaps.KIND, "NT-1", gaps.DOWN, {"sentence": "It is down."})
    first = gaps.decide(case, down, POLICY, MONDAY)
    assert len(first.effects) == 1
    assert gaps.decide(first.case, down, POLICY, MONDAY + timedelta(hours=23)).effects == ()
    assert len(gaps.decide(first.case, down, POLICY, MONDAY + timedelta(hours=24)).effects) == 1
    admins = company_policy({"csm": {"accounts": "system"}, "admins": ["omar@example.com", "marco@example.com"]})
    assert len(gaps.decide(case, down, admins, MONDAY).effects) == 2
    assert gaps.decide(case, down, company_policy({"csm": {"accounts": "system"}}), MONDAY).effects == ()


def test_what_the_lead_cannot_be_told_goes_to_the_admins() -> None:
    """And what an admin cannot be told to nobody else: it would go round for ever."""
    policy = company_policy(
        {"csm": {"accounts": "system", "lead": "maria@example.com"}, "admins": ["omar@example.com"]}
    )
    case = gaps.GapsCase(id="CG-1", state="standing", opened_at=MONDAY)
    down = CaseNotified(gaps.KIND, "NT-1", gaps.DOWN, {"sentence": "It is down."})
    (said,) = gaps.decide(case, down, policy, MONDAY).effects
    failed = gaps.decide(case, EffectFailed(said, Failure.UNREACHABLE, "Nobody."), policy, MONDAY)
    (other,) = failed.effects
    assert isinstance(other, Say)
    assert other.to.user == "omar@example.com"
    assert gaps.decide(case, EffectFailed(other, Failure.UNREACHABLE, "Nobody."), policy, MONDAY).effects == ()


# ------------------------------------------------------------------------------------------ asking


def test_asking_reaches_back_and_passes_each_ticket_on_once() -> None:
    """And what was opened before it began is left alone; switched off, it looks in once a day."""
    policy = company_policy({"csm": {"accounts": "system", "ask_every": "5m"}})
    blank = asking.TicketsCase(id="CT-1", state="standing", opened_at=MONDAY)
    case = asking.decide(blank, StandingCaseOpened(asking.KIND), policy, MONDAY).case
    later = MONDAY + timedelta(minutes=5)
    asked = asking.decide(case, TimerDue(asking.ASK, later), policy, later)
    question = asked.effects[0]
    assert isinstance(question, ReadOpened)
    assert (question.since, question.until) == (MONDAY - asking.OVERLAP, later)
    old, new = (7, MONDAY - timedelta(minutes=1)), (8, later)
    for expected in (["new_ticket:main/8"], []):
        told = asking.decide(asked.case, EffectSucceeded(question, OpenedTickets((old, new))), policy, later)
        assert [one.key for one in told.effects if isinstance(one, NotifyCase)] == expected
        asked = told
    off = asking.decide(asked.case, TimerDue(asking.ASK, later), POLICY, later)
    assert (off.effects, off.timers) == ((), (SetTimer(asking.ASK, later + asking.LOOK_AGAIN),))
    assert asking.decide(blank, StandingCaseOpened(asking.KIND), POLICY, MONDAY).refusal is not None


# --------------------------------------------------------------------------------- a person's notices


def notice(number: int, account: str = "001", at: datetime = MONDAY) -> CaseNotified:
    """A new ticket of an account of Carol's."""
    told = notices.Notice(ticket=ticket(number), subject="Help", opened_at=at, account_id=account, account=account)
    effect = notices.tell("carol@example.com", told)
    return CaseNotified(effect.key, "NT-1", effect.purpose, effect.details)


@dataclass
class Play:
    """Carol's case as events make it. `owner` is whose the accounts are; nobody is asked while it is `down`."""

    case: CsmCase = field(default_factory=lambda: model.blank("CS-1", MONDAY))
    now: datetime = MONDAY
    owner: str = "carol@example.com"
    down: bool = False
    told: list[int] = field(default_factory=list)
    passed_on: list[int] = field(default_factory=list)
    single: list[datetime] = field(default_factory=list)
    timers: dict[str, datetime] = field(default_factory=dict)

    def happens(self, event: object) -> None:
        """Let an event happen, and the outside answer."""
        decision = rules.decide(self.case, event, POLICY, self.now)
        self.case = decision.case
        self.timers |= {one.name: one.due_at for one in decision.timers if isinstance(one, SetTimer)}
        for effect in decision.effects:
            self._leaves(effect)

    def _leaves(self, effect: Effect) -> None:
        match effect:
            case Say(what=person.TICKET, details=details):
                self.told.append(details["notice"]["ticket"]["number"])
                self.single.append(self.now)
                self.happens(EffectSucceeded(effect))
            case Say(what=person.DIGEST, details=details):
                self.told += [row["ticket"]["number"] for row in details["notices"]]
            case NotifyCase(details=details):
                self.passed_on.append(details["ticket"]["number"])
            case FindAccounts() if self.down:
                self.happens(EffectDelayed(effect, "It is down.", self.now))
            case FindAccounts(ids=ids):
                accounts = tuple(Account(one, one, self.owner) for one in ids)
                self.happens(EffectSucceeded(effect, AccountList(accounts)))

    def passes(self, minutes: int) -> None:
        """Let time pass, and every timer go off at its time."""
        end = self.now + timedelta(minutes=minutes)
        while self.timers and min(self.timers.values()) <= end:
            name = min(self.timers, key=lambda one: self.timers[one])
            self.now = max(self.now, self.timers.pop(name))
            self.happens(TimerDue(name, self.now))
        self.now = end


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ticket"), st.sampled_from(["001", "002"])),
        st.tuples(st.just("minutes"), st.integers(1, 2000)),
        st.tuples(st.just("choice"), st.sampled_from(Notice)),
        st.tuples(st.just("down"), st.booleans()),
        st.tuples(st.just("owner"), st.sampled_from(["carol@example.com", "marco@example.com"])),
    ),
    max_size=40,
)


@given(STEPS)
def test_whatever_happens_each_ticket_is_told_or_passed_on_once(steps: list[tuple[str, Any]]) -> None:
    """Or was not to be told: as chosen; never more messages of their own in an hour than the policy says."""
    play, opened = Play(), 0
    silent = False
    for kind, value in steps:
        match kind:
            case "ticket":
                opened += 1
                play.happens(notice(opened, value, play.now))
            case "minutes":
                play.passes(value)
            case "choice":
                silent = silent or value is Notice.NONE
                play.happens(Chosen(CAROL, value))
            case "down":
                play.down = value
            case "owner":
                play.owner = value
    play.passes(3 * 24 * 60)
    reached = play.told + play.passed_on
    assert len(reached) == len(set(reached))
    assert silent or sorted(reached) == list(range(1, opened + 1))
    assert play.case.waiting == ()
    storm = POLICY.csm.storm
    for at in play.single:
        assert sum(at <= one < at + storm.within.length for one in play.single) <= storm.over


def test_while_slack_does_not_work_a_notice_is_sent_again() -> None:
    """However long that takes; of somebody Slack does not know the lead is told instead."""
    told = rules.decide(model.blank("CS-1", MONDAY), notice(1), POLICY, MONDAY)
    (said,) = told.effects
    again = rules.decide(told.case, EffectFailed(said, Failure.GAVE_UP, "Slack is down."), POLICY, MONDAY)
    assert (again.effects, again.case.waiting) == ((said,), told.case.waiting)
    lost = rules.decide(told.case, EffectFailed(said, Failure.UNREACHABLE, "Nobody."), POLICY, MONDAY)
    (tell,) = lost.effects
    assert isinstance(tell, NotifyCase)
    assert (tell.details["reason"], lost.case.waiting) == ("no_slack", ())


def test_what_the_admins_cannot_be_told_does_not_stop_a_new_ticket() -> None:
    """Only its own questions decide whether it goes on."""
    by_name = looking(Organization(201, "ACME"))
    wrong = EffectDelayed(by_name.effects[0], "The login is refused.", MONDAY, settings=True)
    policy = company_policy({"csm": {"accounts": "system"}, "admins": ["gone@example.com"]})
    late = new_ticket.decide(by_name.case, wrong, policy, MONDAY)
    alert = late.effects[1]
    failed = new_ticket.decide(late.case, EffectFailed(alert, Failure.UNREACHABLE, "Nobody."), policy, MONDAY)
    assert failed.case == late.case
    assert failed.case.state == "looking"


def test_a_choice_lets_go_of_what_is_not_wanted_any_more() -> None:
    """What waits for the digest of an account is forgotten when nothing is wanted of it, and of it alone."""
    play = Play()
    play.happens(Chosen(CAROL, Notice.DIGEST))
    play.happens(notice(1, "001"))
    play.happens(notice(2, "002"))
    play.happens(Chosen(CAROL, None, {"001": Notice.NONE}))
    play.passes(2 * 24 * 60)
    assert play.told == [2]


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
    st.times(),
    st.sampled_from(["UTC", "Asia/Singapore", "America/New_York", "Europe/Lisbon", "Australia/Lord_Howe"]),
)
def test_a_time_of_day_comes_within_a_day(now: datetime, at: time, zone: str) -> None:
    """Also where the clocks change: an hour more at most, and never now or before."""
    at = at.replace(second=0, microsecond=0, fold=0)
    due = next_time_of_day(now, at, zone)
    assert now < due <= now + timedelta(hours=25)
    local = due.astimezone(ZoneInfo(zone))
    assert local.time() == at or local.utcoffset() != (local - timedelta(hours=3)).utcoffset() or local.fold


def test_a_person_is_known_by_the_roster_first() -> None:
    """The address their accounts name them with, and where Slack reaches them."""
    roster = [{"email": "carol@crm.example", "slack": "U0CAROL99"}]
    policy = company_policy({"roster": roster})
    assert people.address_of("U0CAROL99", "carol@example.com", policy) == "carol@crm.example"
    assert people.address_of("U0ALICE99", "Alice@example.com", policy) == "alice@example.com"
    assert people.address_of("U0ALICE99", None, policy) == "u0alice99"
    assert people.place_of("Carol@crm.example", policy).user == "U0CAROL99"
    assert people.place_of("alice@example.com", policy).user == "alice@example.com"
    assert people.place_of("u0alice99", policy).user == "U0ALICE99"
