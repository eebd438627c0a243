"""One review, told event by event: the case as it is, and everything that was decided about it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.policies import company_policy
from workflows.contract.effects import Effect
from workflows.contract.events import Duty, DutySource, EffectSucceeded
from workflows.contract.issue_effects import OpenIssue
from workflows.contract.issue_port import Issue
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.process import CancelTimer, Decision, SetTimer
from workflows.contract.slack_port import Person
from workflows.contract.ticket_effects import ReadTicket
from workflows.contract.ticket_ports import Ticket
from workflows.lib.tickets import MAIN, TicketRef
from workflows.policy.model import Policy
from workflows.policy.review import Tone
from workflows.review.effect_results import STEPS
from workflows.review.model import Rated, ReviewCase, Source, blank
from workflows.review.rules import decide

POLICY = company_policy()
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TICKET = TicketRef(MAIN, 123456)
PROJECT = POLICY.review.issue_project
MARIA = Person("U0MARIA", "Maria Marques", "maria@example.com", "Europe/Lisbon")
ON_DUTY = Duty((MARIA,), DutySource.SCHEDULE)


def rated(tone: Tone = Tone.BAD, words: str = "Nobody answered", hours: float = 0, **more: Any) -> Rated:
    """A rating so many hours after Monday."""
    return Rated(Source.TICKETS, "tickets", TICKET, tone, MONDAY + timedelta(hours=hours), words=words, **more)


@dataclass
class Play:
    """A review as events make it. What the tracker is asked is answered at once, unless it is `down`."""

    policy: Policy = POLICY
    now: datetime = MONDAY
    case: ReviewCase = field(default_factory=lambda: blank("RV-1", MONDAY))
    effects: list[Effect] = field(default_factory=list)
    timers: dict[str, datetime] = field(default_factory=dict)
    refusal: str | None = None
    down: bool = False

    def happens(self, event: object) -> Decision[ReviewCase]:
        """Let an event happen now; what was decided is kept, or the refusal; the outside answers."""
        decision = decide(self.case, event, self.policy, self.now)
        self.refusal = decision.refusal
        if decision.refusal is None:
            self.case = decision.case
            self.effects += decision.effects
            for change in decision.timers:
                self._set(change)
            for effect in decision.effects:
                self._answered(effect)
        return decision

    def begun(self, tone: Tone = Tone.BAD, **more: Any) -> "Play":
        """Rated, with its issue."""
        self.happens(rated(tone, **more))
        return self

    def _answered(self, effect: Effect) -> None:
        match effect:
            case ReadTicket():
                self.happens(EffectSucceeded(effect, Ticket(TICKET.number, "A ticket", "open")))
            case AskWhoIsOnDuty():
                self.happens(EffectSucceeded(effect, ON_DUTY))
            case OpenIssue(title=title) if not self.down:
                self.happens(EffectSucceeded(effect, Issue(PROJECT, 7, title, "https://gitlab.example/7")))
            case _ if isinstance(effect, STEPS) and not self.down:
                title = getattr(effect, "title", self.case.issue.title if self.case.issue else "")
                made = Issue(PROJECT, 7, title, "https://gitlab.example/7") if self.case.issue else None
                self.happens(EffectSucceeded(effect, made))

    def _set(self, change: SetTimer | CancelTimer) -> None:
        match change:
            case SetTimer(name, due_at):
                self.timers[name] = due_at
            case CancelTimer(str() as name):
                self.timers.pop(name, None)
            case CancelTimer():
                self.timers.clear()

    def did(self, kind: type[Effect] | Any) -> list[Any]:
        """The effects of this kind."""
        return [effect for effect in self.effects if isinstance(effect, kind)]
