"""What needs a person: accounts nobody looks after, managers Slack does not know, and a system that is down.

One case that always stands. The team's lead is told of each gap once, in a digest; and once a day at most that new
tickets are told late.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from workflows.contract import channels
from workflows.contract.case_effects import NotifyCase
from workflows.contract.effects import Effect
from workflows.contract.events import (
    CaseNotified,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    StandingCaseOpened,
    TimerDue,
)
from workflows.contract.message_effects import Say
from workflows.contract.process import Case, Decision, Note, Process, SetTimer
from workflows.contract.values import Frozen
from workflows.csm import people
from workflows.lib.daily import next_time_of_day
from workflows.lib.tickets import TicketRef
from workflows.policy.model import Policy

KIND: Final = "csm_gaps"
GAP: Final = "gap"
"""A gap was found. Details: `reason`, `name`, and `ticket`, as people write it, where one showed it."""
DOWN: Final = "down"
"""New tickets wait for a system that does not answer. Details: `sentence`."""
DIGEST: Final = "gaps_digest"
LATE: Final = "notices_late"
AN_OUTAGE: Final = timedelta(days=1)


class Reason(StrEnum):
    """What is missing."""

    NO_ACCOUNT = "no_account"
    SEVERAL = "several"
    NO_CSM = "no_csm"
    NO_SLACK = "no_slack"


WHY: Final = {
    Reason.NO_ACCOUNT: "there is no such account",
    Reason.SEVERAL: "several accounts bear this name",
    Reason.NO_CSM: "the account has no customer success manager",
    Reason.NO_SLACK: "the customer success manager has no account in Slack",
}


class Gap(Frozen):
    """Something that is missing. `name` is an account's, an organisation's, or somebody's address."""

    reason: Reason
    name: str
    ticket: str = ""

    @property
    def key(self) -> str:
        """By what it is known that somebody was told."""
        return f"{self.reason}:{self.name.casefold()}"


class GapsCase(Case):
    """What was found, and what was told."""

    found: tuple[Gap, ...] = ()
    told: tuple[str, ...] = ()
    down_since: datetime | None = None
    """When it was last told that a system is down."""

    @property
    def open_key(self) -> str | None:
        """There is one."""
        return KIND


def tell(reason: Reason, name: str, ticket: TicketRef | None = None) -> NotifyCase:
    """Let the digest know of a gap."""
    details = {"reason": reason.value, "name": name, "ticket": str(ticket) if ticket else ""}
    return NotifyCase(kind=KIND, key=KIND, purpose=GAP, details=details)


def decide(case: GapsCase, event: object, policy: Policy, now: datetime) -> Decision[GapsCase]:
    """Decide what an event leads to. Pure: it reads nothing but its arguments and touches nothing."""
    match event:
        case CaseNotified(purpose=purpose, details=details) if purpose == GAP:
            return _found(case, Gap.model_validate(dict(details)), policy, now)
        case CaseNotified(purpose=purpose, details=details) if purpose == DOWN:
            return _down(case, str(details["sentence"]), policy, now)
        case TimerDue():
            return _digest(case, policy)
        case EffectFailed(effect=Say() as said) if channels.is_slack_away(event):
            return channels.keep_trying(case, said, event)
        case EffectFailed(effect=Say() as said, sentence=sentence):
            return _not_reached(case, said, sentence, policy)
        case StandingCaseOpened() | EffectSucceeded() | EffectFailed() | EffectDelayed() | EffectDropped():
            return Decision(case)
    raise TypeError(f"Gaps know no {type(event).__name__}.")


def _found(case: GapsCase, gap: Gap, policy: Policy, now: datetime) -> Decision[GapsCase]:
    if gap.key in {*case.told, *(one.key for one in case.found)}:
        return Decision(case)
    at = next_time_of_day(now, policy.csm.lead_digest_at, policy.time_zone)
    return Decision(case.with_(found=(*case.found, gap)), timers=(SetTimer(DIGEST, at),))


def _digest(case: GapsCase, policy: Policy) -> Decision[GapsCase]:
    if not case.found:
        return Decision(case)
    rows = [one.model_dump(mode="json") for one in case.found]
    told = case.with_(found=(), told=(*case.told, *(one.key for one in case.found)))
    note = Note("desk", f"sent the digest: {len(rows)} gaps")
    return Decision(told, (note,), _to_leads(policy, DIGEST, {"gaps": rows}))


def _down(case: GapsCase, sentence: str, policy: Policy, now: datetime) -> Decision[GapsCase]:
    if case.down_since is not None and now - case.down_since < AN_OUTAGE:
        return Decision(case)
    effects = _to_leads(policy, LATE, {"sentence": sentence})
    return Decision(case.with_(down_since=now), (Note("desk", f"said that notices are late: {sentence}"),), effects)


def _not_reached(case: GapsCase, said: Say, sentence: str, policy: Policy) -> Decision[GapsCase]:
    """What the lead cannot be told goes to the admins."""
    note = Note("desk", f"could not write to {said.to.name}: {sentence}")
    is_lead = policy.csm.lead is not None and said.to == people.place_of(policy.csm.lead, policy)
    others = (people.place_of(one, policy) for one in policy.admins if is_lead)
    told = tuple(said.model_copy(update={"to": to, "once": None}) for to in others if to != said.to)
    return Decision(case, (note,), told)


def _to_leads(policy: Policy, what: str, details: dict[str, Any]) -> tuple[Effect, ...]:
    return tuple(Say(what=what, to=people.place_of(who, policy), details=details) for who in people.leads(policy))


PROCESS: Process[Any] = Process(
    kind=KIND,
    prefix="CG",
    model=GapsCase,
    blank=lambda case_id, now: GapsCase(id=case_id, state="standing", opened_at=now),
    decide=decide,
    standing=(KIND,),
)
