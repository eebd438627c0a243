"""One request, told event by event: the case as it is, and everything that was decided about it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.policies import company_policy
from tests.tickets import ticket
from workflows.contact.events import ContactRequested
from workflows.contact.model import ContactCase, Source, blank
from workflows.contact.rules import decide
from workflows.contract.effects import Effect
from workflows.contract.events import Duty, DutySource, EffectSucceeded, TimerDue
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.process import CancelTimer, Decision, MessageRef, SetTimer
from workflows.contract.slack_port import Person, Posted, UserGroup
from workflows.policy.contact import ContactPolicy
from workflows.policy.model import Policy

POLICY = company_policy()
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 17, 55, tzinfo=UTC)

MARIA = Person("U0MARIA", "Maria Marques", "maria@example.com", "Europe/Lisbon")
MARCO = Person("U0MARCO", "Marco Mori", "marco@example.com", "America/Los_Angeles")
MANAGERS = UserGroup("S0MANAGERS", ("U0MARIA", "U0MARCO"))
ON_DUTY = Duty((MARIA,), DutySource.SCHEDULE)
NOBODY = Duty((), DutySource.NOBODY, "The on-call schedule names nobody for this time.", MANAGERS)

REQUEST = ContactRequested(Source.COMMAND, "U0ALICE", ticket(123456), "Nobody answered for a week.")


def changed(policy: Policy, **contact: object) -> Policy:
    """This policy with something about manager contact changed."""
    section = {name: getattr(policy.contact, name) for name in ContactPolicy.model_fields}
    return policy.model_copy(update={"contact": ContactPolicy.model_validate({**section, **contact})})


@dataclass
class Play:
    """A request as events make it. Effects pile up in `effects`; timers stand in `timers` until they go off."""

    policy: Policy = POLICY
    now: datetime = MONDAY
    case: ContactCase = field(default_factory=lambda: blank("MC-1", MONDAY))
    effects: list[Effect] = field(default_factory=list)
    timers: dict[str, datetime] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    refusal: str | None = None

    def happens(self, event: object) -> Decision[ContactCase]:
        """Let an event happen now; what was decided is kept, or the refusal."""
        decision = decide(self.case, event, self.policy, self.now)
        self.refusal = decision.refusal
        if decision.refusal is None:
            self.case = decision.case
            self.effects += decision.effects
            self.notes += [note.what for note in decision.notes]
            for change in decision.timers:
                self._set(change)
        return decision

    def _set(self, change: SetTimer | CancelTimer) -> None:
        match change:
            case SetTimer(name, due_at):
                self.timers[name] = due_at
            case CancelTimer(str() as name):
                self.timers.pop(name, None)
            case CancelTimer():
                self.timers.clear()

    def asked(self, request: ContactRequested = REQUEST, duty: Duty = ON_DUTY) -> "Play":
        """Asked for, it is known who is on duty, and the card stands in its channel."""
        self.happens(request)
        self.answers_duty(duty)
        self.posted("card")
        return self

    def answers_duty(self, duty: Duty, purpose: str = "owner") -> None:
        """The on-call schedule answers."""
        self.happens(EffectSucceeded(AskWhoIsOnDuty(purpose=purpose), duty))

    def posted(self, slot: str) -> None:
        """A card was posted."""
        ref = MessageRef(place="#support_escalations", channel="C0ESC", ts="1.1")
        card = next(one for one in self.cards() if one.slot == slot)
        self.case = self.case.with_message(slot, ref)
        self.happens(EffectSucceeded(card, Posted("C0ESC", "1.1")))

    def passes(self, **units: float) -> None:
        """Let time pass; each timer goes off at its time."""
        self.passes_until(self.now + timedelta(**units))

    def passes_until(self, moment: datetime) -> None:
        """The same until then."""
        while self.timers and min(self.timers.values()) <= moment:
            name = min(self.timers, key=lambda one: (self.timers[one], one))
            due_at = self.timers.pop(name)
            self.now = max(self.now, due_at)
            self.happens(TimerDue(name, due_at))
        self.now = moment

    def is_down_until(self, moment: datetime) -> None:
        """The desk is down until then; what came due meanwhile goes off at once, late."""
        self.now = moment
        while self.timers and min(self.timers.values()) <= moment:
            name = min(self.timers, key=lambda one: (self.timers[one], one))
            due_at = self.timers.pop(name)
            self.happens(TimerDue(name, due_at, moment - due_at))

    def cards(self) -> list[ShowCard]:
        """The cards and private messages that were shown, each time they were."""
        return [effect for effect in self.effects if isinstance(effect, ShowCard)]

    def said(self, what: str | None = None) -> list[Say]:
        """What was said in threads and DMs, or only this."""
        return [effect for effect in self.effects if isinstance(effect, Say) and what in {None, effect.what}]

    def private(self, kind: str) -> list[str]:
        """To whom the private messages of this kind went."""
        return [notice.to for notice in self.case.notices.values() if notice.kind == kind]

    def forget(self) -> None:
        """What was decided so far does not matter for what comes."""
        self.effects.clear()
        self.notes.clear()
