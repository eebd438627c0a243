"""How somebody wants to hear of new tickets: chosen in a modal, or by a command, for each account or for all."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from workflows.contract.account_effects import FindAccounts
from workflows.contract.account_port import Account, AccountList
from workflows.contract.effect_base import Urgency
from workflows.contract.effects import Effect
from workflows.contract.events import EffectDelayed, EffectFailed, EffectSucceeded
from workflows.contract.message_effects import Say, ShowView, dm
from workflows.contract.process import Decision, Note
from workflows.csm.model import ChoosingBegun, Chosen, ChosenByName, CsmCase, Who
from workflows.policy.csm import Notice

NOTIFY: Final = "notify"
"""The modal, and the purpose of the question whose answer is shown in it."""
CHOOSE: Final = "choose"
PURPOSES: Final = frozenset({NOTIFY, CHOOSE})
CHOICE_MADE: Final = "choice_made"
NOT_YOURS: Final = "not_yours"


def by(case: CsmCase, who: Who) -> CsmCase:
    """A case, knowing who acts and where they are."""
    return case.with_(address=who.address, zone=who.zone)


def decide(case: CsmCase, event: ChoosingBegun | Chosen | ChosenByName) -> Decision[CsmCase]:
    """What somebody does about it."""
    known = by(case, event.who)
    match event:
        case ChoosingBegun(view=view):
            asks = FindAccounts(urgency=Urgency.ANSWER, purpose=NOTIFY, csm=known.address)
            return Decision(known.with_(view=view, view_trouble=None), effects=(asks,))
        case ChosenByName(who=who, name=name, choice=choice):
            details = {"choice": choice.value, "name": name, "by": who.id}
            return Decision(known, effects=(FindAccounts(purpose=CHOOSE, name=name, details=details),))
        case Chosen(who=who, default=default, choices=choices):
            return _chosen(known.with_(view=None), who.id, default, dict(choices))


def _chosen(case: CsmCase, who: str, default: Notice | None, choices: dict[str, Notice]) -> Decision[CsmCase]:
    """What waits, and is not wanted any more, is let go of."""
    chosen = case.with_(default=default or case.default, choices={**case.choices, **choices})
    kept = tuple(one for one in chosen.waiting if _chosen_for(chosen, one.notice.account_id) is not Notice.NONE)
    said = [f"all: {default}"] if default else []
    said += [f"{case.accounts.get(key, key)}: {choice}" for key, choice in choices.items()]
    return Decision(chosen.with_(waiting=kept), (Note(who, f"chose how to hear of new tickets ({', '.join(said)})"),))


def _chosen_for(case: CsmCase, account: str) -> Notice | None:
    """What somebody has chosen for an account, if anything."""
    return case.choices.get(account) or case.default


def answered(
    case: CsmCase, event: EffectSucceeded | EffectFailed | EffectDelayed, effect: FindAccounts
) -> Decision[CsmCase]:
    """Whose accounts they are, or which one was meant, is known; or cannot be asked for now."""
    found = (
        event.result.accounts if isinstance(event, EffectSucceeded) and isinstance(event.result, AccountList) else None
    )
    if effect.purpose == NOTIFY:
        return _theirs(case, found, "" if isinstance(event, EffectSucceeded) else event.sentence)
    if found is not None:
        return _meant(case, found, effect.details)
    if isinstance(event, EffectFailed):
        return Decision(case, effects=(_told(NOT_YOURS, effect.details, trouble=event.sentence),))
    return Decision(case)


def _theirs(case: CsmCase, found: Sequence[Account] | None, trouble: str) -> Decision[CsmCase]:
    """Show the accounts in the modal that is open; while they cannot be asked for, those that are known."""
    known = case.with_(view_trouble=trouble or None)
    if found is not None:
        known = known.with_(accounts={one.id: one.name for one in found})
    return Decision(known, effects=(ShowView(view=NOTIFY, view_id=case.view),) if case.view else ())


def _meant(case: CsmCase, found: Sequence[Account], details: Mapping[str, Any]) -> Decision[CsmCase]:
    """One's own accounts of the name that was typed; those of others are not one's to choose for."""
    mine = [one for one in found if one.csm_email == case.address]
    if not mine:
        return Decision(case, effects=(_told(NOT_YOURS, details, names=[one.name for one in found]),))
    known = case.with_(accounts={**case.accounts, **{one.id: one.name for one in mine}})
    chosen = _chosen(known, str(details["by"]), None, {one.id: Notice(details["choice"]) for one in mine})
    return chosen.and_(effects=(_told(CHOICE_MADE, details, names=[one.name for one in mine]),))


def _told(what: str, details: Mapping[str, Any], **more: object) -> Effect:
    return Say(what=what, to=dm(str(details["by"])), details={**details, **more})
