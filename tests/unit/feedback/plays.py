"""A case of feedback and what waits to be executed for it, without engine, database or Slack."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.policies import company_policy
from tests.tickets import ticket
from workflows.contract.effects import Effect
from workflows.contract.events import Duty, DutySource, EffectSucceeded
from workflows.contract.issue_effects import CommentOnIssue, FindIssues, OpenIssue
from workflows.contract.issue_port import Issue
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.process import Decision, MessageRef
from workflows.contract.slack_port import Person, Posted
from workflows.contract.ticket_effects import AddTag, ReadTicket
from workflows.contract.ticket_ports import Ticket
from workflows.contract.values import IssueLink
from workflows.feedback.model import Confirmed, Drafted, FeedbackCase, Typed, blank
from workflows.feedback.rules import decide
from workflows.policy.feedback import Kind
from workflows.policy.model import Policy

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALICE, PIA, OMAR, MARIA = "U0ALICE", "U0PIA", "U0OMAR", "U0MARIA"
POLICY = company_policy().model_copy(update={"admins": ("omar@example.com",)})
FOUND = Issue("gitlab-org/gitlab", 3, "Schedules <do> not & start", "https://gitlab.com/gitlab-org/gitlab/-/issues/3")
LINK = IssueLink.of(FOUND)
MARIA_ON_DUTY = Duty((Person(MARIA, "Maria"),), DutySource.SCHEDULE)


def typed(kind: Kind = Kind.PRODUCT, **changes: Any) -> Typed:
    """What was typed into the form."""
    return replace(Typed(ticket(123456), kind, "The merge train view is too slow", "general"), **changes)


def drafted(kind: Kind = Kind.PRODUCT, **changes: Any) -> Drafted:
    """The form was sent for preview."""
    return Drafted(ALICE, typed(kind, **changes), "V1")


@dataclass
class Play:
    """A case, and the effects it waits for. `refused` is the last refusal."""

    case: FeedbackCase = field(default_factory=lambda: blank("FB-1", NOW))
    waiting: list[Effect] = field(default_factory=list)
    policy: Policy = POLICY
    now: datetime = NOW
    refused: str | None = None
    said: list[str] = field(default_factory=list)

    def happens(self, event: object) -> Decision[FeedbackCase]:
        """Let something happen; what it asks for waits."""
        self.now += timedelta(minutes=1)
        decision = decide(_posted(self.case, event), event, self.policy, self.now)
        self.refused = decision.refusal
        if decision.refusal is None:
            self.case = decision.case
            self.waiting += decision.effects
            self.said += [effect.what for effect in decision.effects if isinstance(effect, Say)]
        return decision

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


def result_of(effect: Effect, duty: Duty = MARIA_ON_DUTY, status: str = "open") -> Any:
    """What comes of an effect when all goes well."""
    match effect:
        case ShowCard() | Say():
            return Posted("C" + "".join(filter(str.isalnum, effect.to.name.upper())), "1700000000.000100")
        case ReadTicket(ticket=asked):
            return Ticket(asked.number, "Subject", status)
        case FindIssues():
            return (FOUND,)
        case OpenIssue(title=title):
            return Issue("gitlab-org/gitlab", 8, title, "https://gitlab.com/gitlab-org/gitlab/-/issues/8")
        case AskWhoIsOnDuty():
            return duty
        case AddTag() | CommentOnIssue():
            return None
        case _:
            return None


def _posted(case: FeedbackCase, event: object) -> FeedbackCase:
    """What the engine does before a rule is asked: it notes where a card stands."""
    match event:
        case EffectSucceeded(ShowCard(slot=slot, to=to), Posted(channel, ts)):
            return case.with_message(slot, MessageRef(place=to.name, channel=channel, ts=ts))
    return case


def sent(kind: Kind = Kind.PRODUCT, confirmed: Confirmed | None = None, **changes: Any) -> Play:
    """A case that was sent, with everything executed."""
    return Play().after(drafted(kind, **changes), confirmed or Confirmed(ALICE))
