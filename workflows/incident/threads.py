"""Where an incident is talked about: the message was deleted, the thread is gone, the channel is shut."""

from datetime import datetime

from workflows.contract.alerts import alert_admins
from workflows.contract.effects import EFFECT, Effect, Say, ShowCard
from workflows.contract.effects import channel as to_channel
from workflows.contract.events import EffectFailed, Failure
from workflows.contract.ports import Posted
from workflows.contract.process import CancelTimer, Decision, MessageRef, Note
from workflows.incident import outputs, texts
from workflows.incident.events import MessageDeleted
from workflows.incident.model import OPEN, IncidentCase, IncidentState, Thread
from workflows.policy.model import Policy


def deleted(case: IncidentCase, _event: MessageDeleted, policy: Policy) -> Decision[IncidentCase]:
    """The message was deleted. A question is over then; a clock runs on, and a card of its own says so."""
    if case.origin_gone or case.state not in OPEN:
        return Decision(case)
    gone = case.with_(origin_gone=True)
    note = Note(_author(case), "deleted the message")
    if case.state == IncidentState.QUESTION and case.response is None:
        over = gone.with_(state=IncidentState.DISMISSED)
        return Decision(over, (note,), outputs.refresh(over, policy), (CancelTimer(),))
    if case.card_is_root:
        return Decision(gone, (note,), outputs.refresh(gone, policy))
    moved, effects = _moved(gone, policy)
    return Decision(moved, (note,), effects)


def posted(case: IncidentCase, card: ShowCard, where: Posted) -> Decision[IncidentCase]:
    """The card stands somewhere: where it is no reply, the thread hangs on it."""
    if card.slot != outputs.CARD or not case.card_is_root:
        return Decision(case)
    thread = Thread(channel=where.channel, ts=where.ts)
    known = case.threads if thread in case.threads else (*case.threads, thread)
    ref = MessageRef(place=card.to.name, channel=where.channel, ts=where.ts)
    unsaid = tuple(EFFECT.validate_python(effect) for effect in case.unsaid)
    return Decision(case.with_(threads=known, unsaid=()).with_message(outputs.THREAD, ref), effects=unsaid)


def not_posted(
    case: IncidentCase, effect: ShowCard | Say, event: EffectFailed, policy: Policy, now: datetime
) -> Decision[IncidentCase]:
    """Something could not be shown: the thread is gone, or the channel is shut; else it stays with a note."""
    thread = case.messages.get(outputs.THREAD)
    if event.failure is Failure.NOT_FOUND and effect.thread_of == outputs.THREAD and thread:
        moved, effects = _moved(case, policy)
        is_card = isinstance(effect, ShowCard) and effect.slot == outputs.CARD
        unsaid = () if is_card else (effect.model_dump(mode="json"),)
        waiting = moved.with_(unsaid=(*case.unsaid, *unsaid))
        return Decision(waiting, (Note("desk", "the thread is gone; it goes on in one of its own"),), effects)
    if isinstance(effect, ShowCard) and effect.slot == outputs.CARD and not case.by_dm:
        return _by_dm(case, effect, event, policy, now)
    return Decision(case, (Note("desk", f"could not write to {effect.to.name}: {event.sentence}"),))


def _by_dm(
    case: IncidentCase, card: ShowCard, event: EffectFailed, policy: Policy, now: datetime
) -> Decision[IncidentCase]:
    """The channel cannot be written to: the starter has the card, knows why, and can still page."""
    trouble = texts.channel_trouble(card.to.name, event)
    shut = outputs.without((outputs.CARD, outputs.THREAD), case).with_(channel_trouble=trouble, card_is_root=True)
    alert = alert_admins(policy, trouble, now, f"channel:{card.to.name}")
    note = Note("desk", f"could not post in {card.to.name}: {event.sentence}")
    if case.starter is None:
        return Decision(shut, (note,), alert)
    sent = shut.with_(by_dm=True)
    return Decision(sent, (note,), (outputs.show_card(sent, policy), *alert))


def _moved(case: IncidentCase, policy: Policy) -> tuple[IncidentCase, tuple[Effect, ...]]:
    """Go on in a thread of its own, below a new card; the old one says so."""
    old = case.messages.get(outputs.CARD)
    ping_rounds = [slot for slot in case.messages if slot not in {outputs.CARD, outputs.THREAD}]
    moved = outputs.without((outputs.CARD, outputs.THREAD, *ping_rounds), case).with_(card_is_root=True)
    effects: list[Effect] = [outputs.show_card(moved, policy)]
    if old is not None and not case.card_is_root:
        slot = f"{outputs.FORMER_CARD}:{case.moves}"
        moved = moved.with_(moves=case.moves + 1).with_message(slot, old)
        effects.append(ShowCard(slot=slot, to=to_channel(old.place)))
    return moved, tuple(effects)


def _author(case: IncidentCase) -> str:
    return case.reporter or "an integration"
