"""One request, told event by event: the case as it is, and everything that was decided about it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.policies import company_policy
from workflows.contract.effects import Effect
from workflows.contract.events import EffectSucceeded, TimerDue
from workflows.contract.facts import IssueChange, IssueChanged, IssueCommented
from workflows.contract.issue_effects import OpenIssue
from workflows.contract.issue_port import Issue, IssueNews, Template
from workflows.contract.message_effects import ShowCard
from workflows.contract.process import CancelTimer, Decision, MessageRef, SetTimer
from workflows.contract.request_effects import ReadIssueNews, ReadTemplate
from workflows.contract.slack_port import Posted
from workflows.policy.model import Policy
from workflows.policy.request import RequestKind
from workflows.request.model import RequestCase, Sent, blank
from workflows.request.rules import decide, wanted

POLICY = company_policy()
PROJECT = POLICY.request.bug.project
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALICE, ADAM = "U0ALICE", "U0ADAM"
WORDS = {"summary": "Triggers", "field:steps": "1.", "field:current": "a", "field:expected": "b", "severity": "s1"}
VALIDATION, DEPLOYED = "Stage::Validation", "Stage::Deployed"


@dataclass
class Play:
    """A request as events make it. Slack and the tracker answer at once, unless they are `down`."""

    policy: Policy = POLICY
    now: datetime = MONDAY
    case: RequestCase = field(default_factory=lambda: blank("REQ-1", MONDAY))
    effects: list[Effect] = field(default_factory=list)
    timers: dict[str, datetime] = field(default_factory=dict)
    refusal: str | None = None
    down: bool = False
    comments: int = 0

    def happens(self, event: object) -> Decision[RequestCase]:
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

    def sent(self, kind: RequestKind = RequestKind.BUG, **words: str) -> "Play":
        """Sent by Alice, and filed."""
        self.happens(Sent(ALICE, kind, {**WORDS, **words}, confirmed=True))
        return self

    def passes(self, **units: float) -> None:
        """Let time pass, with the timers that come due."""
        end = self.now + timedelta(**units)
        while self.timers and (due := min(self.timers.values())) <= end:
            name = min(self.timers, key=lambda one: self.timers[one])
            self.now = max(self.now, due)
            del self.timers[name]
            self.happens(TimerDue(name, due))
        self.now = end

    def labelled(self, *labels: str, added: tuple[str, ...] | None = None, at: datetime | None = None) -> None:
        """Support Operations sets these labels; `added` are the new ones."""
        self.happens(self._changed(IssueChange.LABELLED, labels, labels if added is None else added, at))

    def changed(self, change: IssueChange, *labels: str, moved: bool = False) -> None:
        """Omar closes or reopens its issue, or moves it to another project."""
        self.happens(self._changed(change, labels, (), None).model_copy(update={"is_moved": moved}))

    def commented(self, words: str, author: str = "omar") -> None:
        """Somebody comments on its issue."""
        self.comments += 1
        about = {"project": PROJECT, "project_id": 1, "number": 7}
        self.happens(IssueCommented(at=self.now, by=author, comment=self.comments, author=author, words=words, **about))

    def asks(self, state: str, *labels: str, asked_at: datetime | None = None) -> None:
        """The tracker is asked how the issue stands."""
        asked = ReadIssueNews(project=PROJECT, number=7, since=self.now, asked_at=asked_at or self.now)
        issue = Issue(PROJECT, 7, "Triggers", "https://gitlab.example/7", state, labels)
        self.happens(EffectSucceeded(asked, IssueNews(issue, closed_by="Omar")))

    def did(self, *kinds: type[Any]) -> list[Any]:
        """The effects of these kinds."""
        return [effect for effect in self.effects if isinstance(effect, kinds)]

    def shown(self, slot: str) -> bool:
        """Whether this message was sent, and stands."""
        return slot in self.case.messages

    def _changed(
        self, change: IssueChange, labels: tuple[str, ...], added: tuple[str, ...], at: datetime | None
    ) -> IssueChanged:
        return IssueChanged(
            at=at or self.now,
            by="Omar",
            project=PROJECT,
            project_id=1,
            number=7,
            title="Triggers",
            url="https://gitlab.example/7",
            change=change,
            labels=labels,
            added=added,
        )

    def _answered(self, effect: Effect) -> None:
        if self.down or not wanted(self.case, effect, self.policy):
            return
        answers: dict[type[Any], Callable[[Any], object]] = {
            ReadTemplate: lambda one: Template(one.name, "### Steps to reproduce"),
            OpenIssue: lambda one: Issue(PROJECT, 7, one.title, "https://gitlab.example/7"),
        }
        if isinstance(effect, ShowCard):
            self._posted(effect)
        elif type(effect) in answers:
            self.happens(EffectSucceeded(effect, answers[type(effect)](effect)))  # type: ignore[arg-type]

    def _posted(self, effect: ShowCard) -> None:
        ref = MessageRef(place=effect.to.name, channel="D1", ts=f"{len(self.case.messages)}.0")
        self.case = self.case.with_message(effect.slot, ref)
        self.happens(EffectSucceeded(effect, Posted("D1", ref.ts)))

    def _set(self, change: SetTimer | CancelTimer) -> None:
        match change:
            case SetTimer(name, due_at):
                self.timers[name] = due_at
            case CancelTimer(str() as name):
                self.timers.pop(name, None)
            case CancelTimer():
                self.timers.clear()
