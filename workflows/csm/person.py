"""Notices of new tickets for a customer success manager: at once, in one message a day, or none.

Source: the handbook's page "CSM and Support Interaction", "Support Ticket Notifications". Of very many at once some are
told in one message; and before a message that waited goes out, it is asked whose the accounts are now.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from workflows.contract import channels
from workflows.contract.account_effects import FindAccounts
from workflows.contract.account_port import Account, AccountList
from workflows.contract.effects import Effect
from workflows.contract.events import (
    CaseNotified,
    EffectDelayed,
    EffectFailed,
    EffectSucceeded,
    Failure,
    TimerDue,
)
from workflows.contract.message_effects import Say
from workflows.contract.process import Case, Decision, Note, SetTimer
from workflows.csm import gaps, notices, people
from workflows.csm.model import CsmCase, How, Waiting
from workflows.lib.daily import next_time_of_day
from workflows.policy.csm import Notice
from workflows.policy.model import Policy

TICKET: Final = "ticket"
"""A message about one new ticket."""
DIGEST: Final[How] = "new_tickets"
"""A message about several."""
CHECK: Final = "check"
GATHERED: Final[How] = "gathered_tickets"
PURPOSES: Final = frozenset({CHECK, GATHERED, DIGEST})
"""Why it is asked whose the accounts are by now."""


def told(case: CsmCase, event: CaseNotified, policy: Policy, now: datetime) -> Decision[CsmCase]:
    """A new ticket of an account of theirs."""
    known = case.with_(address=event.key.partition(":")[2])
    return _new_ticket(known, notices.Notice.model_validate(dict(event.details)), policy, now)


def due(case: CsmCase, event: TimerDue) -> Decision[CsmCase]:
    """What was gathered goes out, after it was asked whose the accounts are by now."""
    ids = tuple(dict.fromkeys(one.notice.account_id for one in case.waiting if one.how == event.name))
    return Decision(case, effects=(FindAccounts(purpose=event.name, ids=ids),) if ids else ())


def said(case: CsmCase, event: EffectSucceeded | EffectFailed | EffectDelayed, effect: Say) -> Decision[CsmCase]:
    """A message was sent, or could not be. While it waits, it is asked whose the accounts are by now."""
    match event:
        case EffectFailed():
            return _unsaid(case, effect, event)
        case EffectSucceeded() if effect.what == TICKET:
            return Decision(_without(case, effect.details))
        case EffectDelayed() if effect.what == TICKET:
            ids = dict.fromkeys(one.notice.account_id for one in case.waiting if one.how == "each")
            return Decision(case, effects=(FindAccounts(purpose=CHECK, ids=tuple(ids)),) if ids else ())
    return Decision(case)


def whose(
    case: CsmCase,
    event: EffectSucceeded | EffectFailed | EffectDelayed,
    effect: FindAccounts,
    policy: Policy,
    now: datetime,
) -> Decision[CsmCase]:
    """Send what waited, now that it is known whose the accounts are; where nobody answers, what is known has to do."""
    found: Mapping[str, Account] = {}
    if isinstance(event, EffectSucceeded) and isinstance(event.result, AccountList):
        found = {one.id: one for one in event.result.accounts}
    elif effect.purpose == CHECK:
        return Decision(case)
    return _whose(case, effect.purpose, found, policy, now)


def _new_ticket(case: CsmCase, notice: notices.Notice, policy: Policy, now: datetime) -> Decision[CsmCase]:
    known = case.with_(accounts={**case.accounts, notice.account_id: notice.account})
    match known.choice(notice.account_id, policy):
        case Notice.NONE:
            return Decision(known, (Note("desk", f"kept ticket {notice.ticket} back, as was chosen"),))
        case Notice.DIGEST:
            at = next_time_of_day(now, policy.csm.digest_at, case.zone or policy.time_zone)
            return _wait(known, DIGEST, notice).and_(timers=(SetTimer(DIGEST, at),))
    storm = policy.csm.storm
    lately = tuple(at for at in case.notified_at if now - at < storm.within.length)
    if len(lately) >= storm.over:
        is_first = all(one.how != GATHERED for one in case.waiting)
        timers = (SetTimer(GATHERED, now + storm.gathered_for.length),) if is_first else ()
        return _wait(known.with_(notified_at=lately), GATHERED, notice).and_(timers=timers)
    single = Say(what=TICKET, to=people.place_of(case.address, policy), details={"notice": _row(notice, now)})
    return _wait(known.with_(notified_at=(*lately, now)), "each", notice).and_(effects=(single,))


def _wait(case: CsmCase, how: How, notice: notices.Notice) -> Decision[CsmCase]:
    waiting = Waiting(how=how, notice=notice)
    return Decision(
        case.with_(waiting=(*case.waiting, waiting)), (Note("desk", f"has ticket {notice.ticket} to tell"),)
    )


def _row(notice: notices.Notice, now: datetime) -> dict[str, Any]:
    """What a rendering needs; how late it is, where that was the desk's own doing."""
    late = int((now - notice.opened_at).total_seconds() // 60) if notice.late else 0
    return {**notice.model_dump(mode="json"), "minutes_late": late}


def _without(case: CsmCase, details: Mapping[str, Any]) -> CsmCase:
    said = details["notice"]["ticket"]
    return case.with_(waiting=tuple(one for one in case.waiting if one.how != "each" or _ticket(one) != said))


def _ticket(one: Waiting) -> dict[str, Any]:
    dumped: dict[str, Any] = one.notice.model_dump(mode="json")["ticket"]
    return dumped


# ------------------------------------------------------------------- whose the accounts are by now


def _whose(
    case: CsmCase, purpose: str, found: Mapping[str, Account], policy: Policy, now: datetime
) -> Decision[CsmCase]:
    """What has another manager by now is passed on to them; the rest goes out."""
    how = "each" if purpose == CHECK else purpose
    asked = [one for one in case.waiting if one.how == how]
    moved = [one for one in asked if _has_moved(one, case, found)]
    effects = [_passed_on(one.notice, found[one.notice.account_id]) for one in moved]
    gone = moved if purpose == CHECK else asked
    left = case.with_(waiting=tuple(one for one in case.waiting if one not in gone))
    notes = [
        Note("desk", f"passed ticket {one.notice.ticket} on: {one.notice.account} isn't theirs any more")
        for one in moved
    ]
    stays = [one.notice for one in asked if one not in moved]
    if purpose != CHECK and stays:
        details = {"notices": [_row(one, now) for one in stays], "gathered": purpose == GATHERED}
        effects.append(Say(what=DIGEST, to=people.place_of(case.address, policy), details=details))
        notes.append(Note("desk", f"told {len(stays)} tickets in one message"))
    return Decision(left, tuple(notes), tuple(effects))


def _has_moved(one: Waiting, case: CsmCase, found: Mapping[str, Account]) -> bool:
    account = found.get(one.notice.account_id)
    return account is not None and account.csm_email != case.address


def _passed_on(notice: notices.Notice, account: Account) -> Effect:
    if not account.csm_email:
        return gaps.tell(gaps.Reason.NO_CSM, account.name, notice.ticket)
    return notices.tell(account.csm_email, notice)


def _unsaid(case: CsmCase, effect: Say, event: EffectFailed) -> Decision[CsmCase]:
    """While Slack does not work it is sent again; of somebody Slack does not know the team's lead is told."""
    if channels.is_slack_away(event):
        return channels.keep_trying(case, effect, event)
    left = _without(case, effect.details) if effect.what == TICKET else case
    note = Note("desk", f"could not write to {case.address}: {event.sentence}")
    is_unknown = effect.what in {TICKET, DIGEST} and event.failure in {Failure.UNREACHABLE, Failure.NOT_FOUND}
    tells = (gaps.tell(gaps.Reason.NO_SLACK, case.address, _ticket_of(effect)),) if is_unknown else ()
    return Decision(left, (note,), tells)


def _ticket_of(said: Say) -> Any:  # noqa: ANN401 - a ticket, or None
    rows = [said.details["notice"]] if said.what == TICKET else said.details.get("notices", [])
    return notices.ticket_in(rows[0]) if rows else None


def wanted(case: Case, effect: Effect, _policy: Policy) -> bool:
    """A notice that waited is sent while it is still theirs to hear."""
    if not isinstance(case, CsmCase) or not isinstance(effect, Say) or effect.what != TICKET:
        return True
    return any(one.how == "each" and _ticket(one) == effect.details["notice"]["ticket"] for one in case.waiting)
