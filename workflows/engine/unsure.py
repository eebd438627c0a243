"""Messages of which nobody knows whether they went out: looked for later, until one stands and no other.

A try that ended without an answer may be carried out by Slack when the desk has stopped waiting, after the next try
has looked for it in vain; a desk that was frozen may post when it wakes. So Slack is looked through again, after a
while, for everything that bears the mark.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage import outbox
from workflows.contract.effects import Effect
from workflows.contract.message_effects import LookAgain, Say, ShowCard
from workflows.contract.process import Case
from workflows.engine.engine import Engine, effect_row

LOOKS = (timedelta(seconds=30), timedelta(minutes=2))
"""After a try of which nobody knows: Slack has done by then what it does at all."""


def look_later(connection: Connection, engine: Engine, case_id: str, look: LookAgain, now: datetime) -> None:
    """Have a message looked for, in rounds; a round that waits already waits from now on."""
    for number, wait in enumerate(LOOKS, start=1):
        row = effect_row(case_id, look.model_copy(update={"round": number}), now, engine.policy.delivery)
        row.due_at = now + wait
        outbox.add_or_postpone(connection, row)


def look_for(effect: Effect, mark: str, since: datetime) -> LookAgain | None:
    """How this effect is looked for; None when it is no message."""
    return LookAgain(mark=mark, message=effect, since=since) if isinstance(effect, Say | ShowCard) else None


def shown_once_more(case: Case, look: LookAgain) -> Iterable[ShowCard]:
    """The card that was looked for: a late change of it may have laid an older state over a newer one."""
    card = look.message
    if not isinstance(card, ShowCard):
        return ()
    shown = case.messages.get(card.slot)
    return (card.model_copy(update={"once": None}),) if shown is not None and shown.place == card.to.name else ()
