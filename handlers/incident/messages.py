"""What is said, edited and deleted in channels, as far as it concerns incidents."""

from typing import Any

from handlers.incident import parsing, people
from handlers.kit.context import Desk
from workflows.contract.facts import thread_subject
from workflows.incident import events
from workflows.incident.model import KIND, OPEN, IncidentCase, IncidentState, Thread, origin_key


def on_message(desk: Desk, body: dict[str, Any]) -> bool:
    """Hear a message event; True when it was for us."""
    match parsing.of_event(body):
        case parsing.Said(thread=None) as said:
            return _written(desk, said)
        case parsing.Said() as said:
            return _answered(desk, said)
        case parsing.Edited(at=at, text=text):
            return _happens(desk, at, events.MessageEdited(text), f"edited:{body['event']['ts']}")
        case parsing.Deleted(at=at):
            return _happens(desk, at, events.MessageDeleted(), "deleted") or _card_deleted(desk, at)
    return False


def _written(desk: Desk, said: parsing.Said) -> bool:
    """A message in the channel of incidents: its wait starts, and it is asked about in its thread."""
    policy = desk.policy.incident
    if not desk.is_channel(said.at.channel, policy.channel):
        return False
    if said.by is None and not policy.question.integrations:
        return False
    if said.by is not None and desk.outsider({"user": {"id": said.by}}):
        return False
    now = desk.clock.now()
    by_responder = said.by is not None and people.is_in_group(desk, said.by)
    event = events.MessageWritten(said.by, said.text, said.at, min(said.when, now), by_responder, said.sender)
    desk.engine.open(KIND, event, key=f"message:{origin_key(said.at)}", now=now)
    return True


def _answered(desk: Desk, said: parsing.Said) -> bool:
    """A reply: it may be the response that open incidents of this thread wait for."""
    if said.by is None or said.thread is None:
        return False
    answered = desk.engine.cases.following(KIND, thread_subject(said.thread.channel, said.thread.ts))
    if not answered or desk.outsider({"user": {"id": said.by}}):
        return False
    now = desk.clock.now()
    for case in answered:
        spoke = events.Spoke(said.by, min(said.when, now))
        desk.engine.submit(case.id, spoke, key=f"spoke:{case.id}:{said.at.channel}:{said.at.ts}", now=now)
    return True


def _happens(desk: Desk, at: Thread, event: object, what: str) -> bool:
    case = desk.engine.cases.with_open_key(origin_key(at))
    if not isinstance(case, IncidentCase):
        return False
    desk.engine.submit(case.id, event, key=f"{what}:{case.id}:{at.channel}:{at.ts}", now=desk.clock.now())
    return True


def _card_deleted(desk: Desk, at: Thread) -> bool:
    """Somebody deleted what may be the card of an incident."""
    found = desk.engine.cases.following(KIND, thread_subject(at.channel, at.ts))
    for case in found:
        key = f"card_deleted:{case.id}:{at.channel}:{at.ts}"
        desk.engine.submit(case.id, events.CardDeleted(at), key=key, now=desk.clock.now())
    return bool(found)


def open_cases(desk: Desk) -> list[IncidentCase]:
    """The incidents that are not over, the oldest first; without messages that are plainly no report."""
    states = [state for state in OPEN if state is not IncidentState.QUESTION]
    return [case for case in desk.engine.cases.in_states(KIND, states, None) if isinstance(case, IncidentCase)]
