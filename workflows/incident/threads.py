"""Where an incident is talked about: the message was deleted, the thread is gone, the channel is shut."""

from datetime import datetime

from workflows.contract import channels
from workflows.contract.effects import EFFECT, Effect
from workflows.contract.events import EffectFailed, Failure
from workflows.contract.message_effects import Place, Say, ShowCard
from workflows.contract.message_effects import channel as to_channel
from workflows.contract.process import CancelTimer, Decision, MessageRef, Note
from workflows.contract.slack_port import Posted
from workflows.incident import outputs
from workflows.incident.events import CardDeleted, MessageDeleted
from workflows.incident.model import OPEN, IncidentCase, IncidentState, Thread
from workflows.policy.model import Policy


def deleted(case: IncidentCase, _event: MessageDeleted, policy: Policy, _now: datetime) -> Decision[IncidentCase]:
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


def card_deleted(case: IncidentCase, event: CardDeleted, policy: Policy, _now: datetime) -> Decision[IncidentCase]:
    """Somebody deleted the card: it comes back at once. Of another message, or one that stands elsewhere by now, no."""
    card = case.messages.get(outputs.CARD)
    if card is None or (card.channel, card.ts) != (event.at.channel, event.at.ts) or case.state not in OPEN:
        return Decision(case)
    return Decision(case, (Note("desk", "shows the card again: it was deleted"),), (outputs.show_card(case, policy),))


def posted(case: IncidentCase, card: ShowCard, where: Posted, policy: Policy) -> Decision[IncidentCase]:
    """The card stands somewhere: where it is no reply, the thread hangs on it."""
    if card.slot != outputs.CARD:
        return Decision(case)
    if case.channel_trouble is not None and card.to.channel is not None:
        return _back_in_channel(case, card, where, policy)
    if not case.card_is_root:
        return Decision(case)
    hung = _hung_on(case, MessageRef(place=card.to.name, channel=where.channel, ts=where.ts))
    unsaid = tuple(EFFECT.validate_python(effect) for effect in case.unsaid)
    return Decision(hung.with_(unsaid=()), effects=unsaid)


def _hung_on(case: IncidentCase, ref: MessageRef) -> IncidentCase:
    """The case whose thread hangs on this message: an answer there counts."""
    thread = Thread(channel=ref.channel, ts=ref.ts)
    known = case.threads if thread in case.threads else (*case.threads, thread)
    return case.with_(threads=known).with_message(outputs.THREAD, ref)


def try_channel(case: IncidentCase, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """The channel could not be written to: try again, and go back there when it works."""
    if case.channel_trouble is None or case.state not in OPEN:
        return Decision(case)
    return Decision(case, effects=(outputs.try_channel(policy),), timers=(channels.next_try(case, policy, now),))


def _back_in_channel(case: IncidentCase, card: ShowCard, where: Posted, policy: Policy) -> Decision[IncidentCase]:
    """The channel can be written to again: everything goes on there, and the card in the DM says so."""
    dm, thread = case.messages.get(outputs.THREAD), case.messages.get(outputs.CHANNEL_THREAD)
    shown = MessageRef(place=card.to.name, channel=where.channel, ts=where.ts)
    kept = {outputs.CARD: shown}
    back = case.with_(messages=kept, by_dm=False, channel_trouble=None, card_is_root=thread is None)
    back = _hung_on(back, thread or shown)
    unsaid = tuple(EFFECT.validate_python(effect) for effect in case.unsaid)
    effects: list[Effect] = [outputs.show_card(back.with_(unsaid=()), policy), *unsaid]
    if dm is not None and case.by_dm:
        slot = f"{outputs.FORMER_CARD}:{case.moves}"
        back = back.with_(moves=case.moves + 1).with_message(slot, dm)
        effects.append(ShowCard(slot=slot, to=Place(user=dm.place.removeprefix("@"))))
    return channels.open_again(back.with_(unsaid=()), card.to.name).and_(effects=effects)


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
    if channels.is_slack_away(event):
        return channels.keep_trying(case, effect, event)
    if effect.thread_of == outputs.CHANNEL_THREAD:
        is_gone = event.failure is Failure.NOT_FOUND  # the thread, not the channel: next time without it
        return Decision(outputs.without((outputs.CHANNEL_THREAD,), case) if is_gone else case)
    if isinstance(effect, ShowCard) and effect.slot == outputs.CARD and case.channel_trouble is None:
        return _by_dm(case, effect, event, policy, now)
    return Decision(case, (Note("desk", f"could not write to {effect.to.name}: {event.sentence}"),))


def _by_dm(
    case: IncidentCase, card: ShowCard, event: EffectFailed, policy: Policy, now: datetime
) -> Decision[IncidentCase]:
    """The channel cannot be written to: the reporter has the card, knows why, and can still page."""
    trouble, thread = channels.trouble(card.to.name, event), case.messages.get(outputs.THREAD)
    shut = outputs.without((outputs.CARD, outputs.THREAD), case).with_(channel_trouble=trouble, card_is_root=True)
    if thread is not None:
        shut = shut.with_message(outputs.CHANNEL_THREAD, thread)
    if case.dm_to is not None:
        shut = shut.with_(by_dm=True)
    effects = (outputs.show_card(shut, policy),) if shut.by_dm else ()
    return channels.shut(shut, card.to.name, event, policy, now).and_(effects=effects)


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
