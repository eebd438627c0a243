"""The rules: what a loan is, what can happen to it, and what follows from that. Pure, so a test needs no fixture."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from workflows.contract.case_effects import NotifyCase, SummarizeCases
from workflows.contract.effects import Effect
from workflows.contract.events import (
    CaseNotified,
    CaseSummaries,
    CaseSummary,
    EffectSucceeded,
    StandingCaseOpened,
    TimerDue,
)
from workflows.contract.message_effects import Say, ShowCard, channel, dm
from workflows.contract.process import CancelTimer, Case, Decision, Note, Process, SetTimer
from workflows.policy.model import Policy

KIND = "loan"
PREFIX = "LN"
SHELF = "#support"
WEEK = timedelta(days=7)
CARD, REMINDER, REPORT = "card", "reminder", "report"


class LoanState(StrEnum):
    """Where a loan stands."""

    LENT = "lent"
    OVERDUE = "overdue"
    RETURNED = "returned"


class Loan(Case):
    """Something somebody borrowed."""

    thing: str = ""
    due_at: datetime | None = None

    @property
    def open_key(self) -> str | None:
        """One loan of a thing at a time."""
        return None if self.is_over else f"{KIND}:{self.thing}"

    @property
    def is_over(self) -> bool:
        """Whether it is back."""
        return self.state == LoanState.RETURNED


@dataclass(frozen=True)
class Borrowed:
    """Somebody (a Slack id) takes something."""

    by: str
    thing: str


@dataclass(frozen=True)
class Returned:
    """It is back on the shelf."""

    by: str


def decide(case: Loan, event: object, _policy: Policy, now: datetime) -> Decision[Loan]:
    """What follows from an event; an event that no rule knows is an error."""
    match event:
        case Borrowed(by=by, thing=""):
            return Decision(case, refusal=f"<@{by}>, what do you want to borrow?")
        case Borrowed(by=by, thing=thing):
            lent = case.with_(state=LoanState.LENT, owner=by, thing=thing, due_at=now + WEEK)
            return Decision(lent, (Note(by, f"borrowed {thing}"),), (_card(),), (SetTimer(REMINDER, now + WEEK),))
        case TimerDue(name="reminder") if case.owner:
            overdue = case.with_(state=LoanState.OVERDUE)
            remind = Say(what=REMINDER, to=dm(case.owner), once=f"{case.id}:{REMINDER}")
            return Decision(overdue, (Note("desk", "reminded"),), (_card(), remind))
        case Returned(by=by) if case.is_over:
            return Decision(case, refusal=f"<@{by}>, it is back already.")
        case Returned(by=by):
            back = case.with_(state=LoanState.RETURNED)
            tell_shelf = NotifyCase(kind=SHELF_KIND, key=SHELF_KEY, purpose="is back")
            return Decision(back, (Note(by, "returned it"),), (_card(), tell_shelf), (CancelTimer(),))
        case EffectSucceeded():
            return Decision(case)
    raise TypeError(f"No rule for {type(event).__name__}")


def _card() -> Effect:
    return ShowCard(slot=CARD, to=channel(SHELF))


def summarize(case: Loan, _policy: Policy, _now: datetime) -> CaseSummary:
    """A loan in brief."""
    waits_for = "" if case.is_over else "its return"
    return CaseSummary(
        case.id, KIND, case.state, not case.is_over, case.opened_at, case.owner, None, waits_for, {"thing": case.thing}
    )


LOANS: Process[Any] = Process(
    kind=KIND,
    prefix=PREFIX,
    model=Loan,
    blank=lambda case_id, now: Loan(id=case_id, state=LoanState.LENT, opened_at=now),
    decide=decide,
    summarize=summarize,
)


# ---------------------------------------------------- work that belongs to no single loan: the shelf's own case

SHELF_KIND = "shelf"
SHELF_KEY = "shelf:week"


class Shelf(Case):
    """The shelf: always there, counts once a week what is out. It knows nothing of the rules of a loan."""

    key: str = SHELF_KEY
    out: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def open_key(self) -> str | None:
        """There is one."""
        return self.key


def decide_shelf(case: Shelf, event: object, _policy: Policy, now: datetime) -> Decision[Shelf]:
    """Once a week: ask for summaries, and say what is out."""
    match event:
        case TimerDue(name="week"):
            ask = SummarizeCases(purpose="week", kinds=(KIND,), since=now - WEEK)
            return Decision(case, effects=(ask,), timers=(SetTimer("week", now + WEEK),))
        case EffectSucceeded(effect=SummarizeCases(), result=CaseSummaries(cases=found)):
            out = case.with_(out=tuple(str(one.details["thing"]) for one in found if one.is_open))
            return Decision(out, (Note("desk", "counted"),), (Say(what=REPORT, to=channel(SHELF)),))
        case StandingCaseOpened():
            return Decision(case, timers=(SetTimer("week", now + WEEK),))
        case CaseNotified(source=source, purpose=purpose):
            return Decision(case.with_(notices=(*case.notices, f"{source} {purpose}")))
        case EffectSucceeded():
            return Decision(case)
    raise TypeError(f"No rule for {type(event).__name__}")


SHELVES: Process[Any] = Process(
    kind=SHELF_KIND,
    prefix="SH",
    model=Shelf,
    blank=lambda case_id, now: Shelf(id=case_id, state="open", opened_at=now),
    decide=decide_shelf,
    standing=(SHELF_KEY,),
)
