"""Asking for feedback, changes of tickets and changes of issues, where no webhook tells of them.

One case that always stands: it asks at the policy's intervals for what happened since the last answer, a little
overlapping, for a list may lag; the inbox takes each fact once. What happened before it began is left alone.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from pydantic import AwareDatetime, Field

from workflows.contract.alerts import alert_admins
from workflows.contract.effects import Effect
from workflows.contract.events import (
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    StandingCaseOpened,
    TimerDue,
)
from workflows.contract.news_effects import AskForIssueChanges, AskForRatings, AskForTicketChanges
from workflows.contract.process import Case, Decision, Note, Process, SetTimer
from workflows.contract.values import Frozen
from workflows.policy.model import Policy
from workflows.policy.polling import Topic

KIND: Final = "polling"
OVERLAP = timedelta(minutes=10)
LOOK_AGAIN = timedelta(days=1)
"""Switched off in the policy: it is looked so often whether it is on again."""

Question = AskForRatings | AskForTicketChanges | AskForIssueChanges
QUESTIONS = (AskForRatings, AskForTicketChanges, AskForIssueChanges)


class Cursor(Frozen):
    """How far something was asked for, and since when it is: nothing before that is taken in."""

    begun: AwareDatetime
    until: AwareDatetime


class PollingCase(Case):
    """How far the vendors were asked, by topic and account."""

    cursors: dict[str, Cursor] = Field(default_factory=dict)

    @property
    def open_key(self) -> str | None:
        """There is one."""
        return KIND


def decide(case: PollingCase, event: object, policy: Policy, now: datetime) -> Decision[PollingCase]:
    """Decide what to ask, and from where on, after an event."""
    match event:
        case StandingCaseOpened():
            if not any(policy.polling.every(topic) for topic in Topic):  # it is tried again at the next start
                return Decision(case, refusal="Everything comes by webhook.")
            begun = _with_cursors(case, list(Topic), policy, now)
            return Decision(begun, timers=tuple(_next(topic, policy, now) for topic in Topic))
        case TimerDue(name=name):
            return _ask(case, Topic(name), policy, now)
        case EffectSucceeded(effect=AskForRatings() | AskForTicketChanges() | AskForIssueChanges() as asked):
            cursor = case.cursors[_key(asked)]
            moved = Cursor(begun=cursor.begun, until=max(cursor.until, asked.until))
            return Decision(case.with_(cursors={**case.cursors, _key(asked): moved}))
        case EffectFailed(
            effect=AskForRatings() | AskForTicketChanges() | AskForIssueChanges() as asked, sentence=sentence
        ):
            note = Note("desk", f"could not ask for {_key(asked)}: {sentence}")
            said = f"I cannot ask for news ({_key(asked)}), and what happens there does not reach me: {sentence}"
            return Decision(case, (note,), alert_admins(policy, said, now, f"polling:{_key(asked)}"))
        case EffectSucceeded() | EffectFailed() | EffectDelayed() | EffectDropped():
            return Decision(case)
    raise TypeError(f"Asking knows no {type(event).__name__}.")


def _next(topic: Topic, policy: Policy, now: datetime) -> SetTimer:
    every = policy.polling.every(topic)
    return SetTimer(topic.value, now + (every.length if every else LOOK_AGAIN))


def _ask(case: PollingCase, topic: Topic, policy: Policy, now: datetime) -> Decision[PollingCase]:
    timers = (_next(topic, policy, now),)
    if policy.polling.every(topic) is None:
        return Decision(case, timers=timers)
    known = _with_cursors(case, [topic], policy, now)
    return Decision(known, effects=tuple(_questions(known, topic, policy, now)), timers=timers)


def _with_cursors(case: PollingCase, topics: list[Topic], policy: Policy, now: datetime) -> PollingCase:
    """What is asked for the first time begins now."""
    names = [name for topic in topics for name in _names(topic, policy)]
    new = {name: Cursor(begun=now, until=now) for name in names if name not in case.cursors}
    return case.with_(cursors={**case.cursors, **new}) if new else case


def _names(topic: Topic, policy: Policy) -> list[str]:
    if topic is Topic.ISSUES:
        return [topic.value]
    return [f"{topic.value}:{account}" for account in policy.tickets.accounts]


def _questions(case: PollingCase, topic: Topic, policy: Policy, now: datetime) -> Iterator[Effect]:
    since = {name: max(one.begun, one.until - OVERLAP) for name, one in case.cursors.items()}
    for name in _names(topic, policy):
        account = name.partition(":")[2]
        match topic:
            case Topic.RATINGS:
                yield AskForRatings(account=account, since=since[name], until=now)
            case Topic.TICKETS:
                yield AskForTicketChanges(account=account, since=since[name], until=now)
            case Topic.ISSUES:
                projects = dict.fromkeys((policy.contact.issue_project, policy.review.issue_project))
                yield AskForIssueChanges(projects=tuple(projects), since=since[name], until=now)


def _key(asked: Question) -> str:
    match asked:
        case AskForRatings(account=account):
            return f"{Topic.RATINGS}:{account}"
        case AskForTicketChanges(account=account):
            return f"{Topic.TICKETS}:{account}"
        case AskForIssueChanges():
            return Topic.ISSUES.value


PROCESS: Process[PollingCase] = Process(
    kind=KIND,
    prefix="PO",
    model=PollingCase,
    blank=lambda case_id, now: PollingCase(id=case_id, state="standing", opened_at=now),
    decide=decide,
    standing=(KIND,),
)
