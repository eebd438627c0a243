"""An incident and what waits to be executed for it, without engine, database or Slack."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.policies import company_policy
from workflows.contract.effects import Effect
from workflows.contract.events import EffectSucceeded, Responders, TimerDue
from workflows.contract.facts import PageChange, PageChanged, PageStatus
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.page_effects import AcknowledgePage, AskWhoResponds, OpenPage, ResolvePage
from workflows.contract.paging_ports import Page
from workflows.contract.process import CancelTimer, Decision, MessageRef, SetTimer
from workflows.contract.slack_port import Person, Posted, UserGroup
from workflows.incident.events import MessageWritten, Reported
from workflows.incident.model import IncidentCase, IncidentState, Report, Thread, blank
from workflows.incident.rules import decide
from workflows.policy.model import Policy

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALICE, PIA, OMAR, MARCO = "U0ALICE", "U0PIA", "U0OMAR", "U0MARCO"
POLICY = company_policy().model_copy(update={"admins": ("omar@example.com",)})
MESSAGE = Thread(channel="C0OPS", ts="1772442000.000000")
RESPONDERS = Responders(UserGroup("S0OPS", (OMAR,)), (Person(OMAR, "Omar"),), (Person(MARCO, "Marco"),))
NOBODY = Responders(None, (), (), "Nobody <is> on call.")
KEY = "desk-INC-1-1772442000-1"
REPORT = Report(what="Triggers do not fire", impact="All of them")


def reported(*systems: str, by: str = ALICE, other: str = "") -> Reported:
    """The form was sent; a mission critical system when none is named."""
    return Reported(by, REPORT, systems or ("triggers",), other)


def written(by: str | None = ALICE, text: str = "Something is odd") -> MessageWritten:
    """A message in the channel."""
    return MessageWritten(by, text, MESSAGE, NOW)


def fact(change: PageChange, *, minutes: float, key: str = KEY, **more: Any) -> PageChanged:
    """PagerDuty tells of a change, so many minutes after the beginning."""
    status = {PageChange.ACKNOWLEDGED: PageStatus.ACKNOWLEDGED, PageChange.RESOLVED: PageStatus.RESOLVED}
    return PageChanged(
        at=NOW + timedelta(minutes=minutes),
        by="Omar <Haddad>",
        page="PD1",
        key=key,
        url="https://example.pagerduty.com/incidents/PD1",
        change=change,
        status=status.get(change, PageStatus.TRIGGERED),
        **more,
    )


@dataclass
class Play:
    """A case, the effects it waits for, and its timers. `refused` is the last refusal."""

    case: IncidentCase = field(default_factory=lambda: blank("INC-1", NOW))
    waiting: list[Effect] = field(default_factory=list)
    timers: dict[str, datetime] = field(default_factory=dict)
    asked: list[Effect] = field(default_factory=list)
    policy: Policy = POLICY
    now: datetime = NOW
    refused: str | None = None
    used: set[str] = field(default_factory=set)

    def happens(self, event: object) -> Decision[IncidentCase]:
        """Let something happen; what it asks for waits."""
        decision = decide(_posted(self.case, event), event, self.policy, self.now)
        self.refused = decision.refusal
        if decision.refusal is None:
            self.case = decision.case
            for effect in decision.effects:
                self._waits(effect)
            for change in decision.timers:
                self._change(change)
        return decision

    def _waits(self, effect: Effect) -> None:
        """What is to be done once is dropped the second time, as the outbox does."""
        if effect.once is not None and effect.once in self.used:
            return
        self.used |= {effect.once} if effect.once else set()
        self.waiting.append(effect)
        self.asked.append(effect)

    def _change(self, change: SetTimer | CancelTimer) -> None:
        match change:
            case SetTimer(name, due_at):
                self.timers[name] = due_at
            case CancelTimer(None):
                self.timers.clear()
            case CancelTimer(str() as name):
                self.timers.pop(name, None)

    def executes(self, **answers: Any) -> "Play":
        """Carry out everything that waits, as a world does in which all goes well."""
        while self.waiting:
            effect = self.waiting.pop(0)
            self.happens(EffectSucceeded(effect, result_of(effect, **answers)))
        return self

    def after(self, *events: object) -> "Play":
        """Let these happen, one after another, each executed before the next."""
        for event in events:
            self.happens(event)
            assert self.refused is None, self.refused
            self.executes()
        return self

    def until(self, *, late: timedelta = timedelta(0), executed: bool = True, **units: float) -> "Play":
        """Let time pass since the beginning, and the timers go off on the way; `late` of them all."""
        moment = NOW + timedelta(**units)
        while due := [(at, name) for name, at in self.timers.items() if at <= moment]:
            at, name = min(due)
            del self.timers[name]
            self.now = max(self.now, at + late)
            self.happens(TimerDue(name, at, late))
            if executed:
                self.executes()
        self.now = max(self.now, moment)
        return self

    @property
    def keys(self) -> set[str]:
        """The keys under which somebody was paged."""
        return {effect.key for effect in self.asked if isinstance(effect, OpenPage)}

    def posted(self, slot: str) -> int:
        """How many messages of this kind were said."""
        posted_slots = {effect.slot for effect in self.asked if isinstance(effect, ShowCard)}
        return sum(one.partition(":")[0] == slot for one in posted_slots)


def result_of(effect: Effect, responders: Responders = RESPONDERS, status: str = "triggered") -> Any:
    """What comes of an effect when all goes well."""
    match effect:
        case ShowCard() | Say():
            return Posted("C" + "".join(filter(str.isalnum, effect.to.name.upper())), "1700000000.000100")
        case AskWhoResponds():
            return responders
        case OpenPage(key=key):
            return Page("PD1", key, "https://example.pagerduty.com/incidents/PD1", status)
        case AcknowledgePage(page_id=page_id):
            return Page(page_id, KEY, "", "acknowledged")
        case ResolvePage(page_id=page_id):
            return Page(page_id, KEY, "", "resolved")
        case _:
            return None


def _posted(case: IncidentCase, event: object) -> IncidentCase:
    """What the engine does before a rule is asked: it notes where a card stands."""
    match event:
        case EffectSucceeded(ShowCard(slot=slot, to=to), Posted(channel, ts)):
            return case.with_message(slot, MessageRef(place=to.name, channel=channel, ts=ts))
    return case


def waiting(*systems: str) -> Play:
    """An incident whose clock runs, with everything executed."""
    return Play().after(reported(*systems))


def paged() -> Play:
    """An incident nobody responded to: it was paged ten minutes after the beginning."""
    play = waiting().until(minutes=10)
    assert play.case.state == IncidentState.PAGED
    return play
