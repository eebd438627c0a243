"""A pasted link that leads to a ticket's JSON: whoever pasted it is given the one people can read, privately.

Source: the handbook's page "CSM and Support Interaction": edit the address so that it takes you to the ticket itself.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from workflows.contract.events import EffectDelayed, EffectDropped, EffectFailed, EffectSucceeded
from workflows.contract.message_effects import Say, Whisper, channel, dm
from workflows.contract.process import Case, Decision, MessageRef, Note, Process
from workflows.lib.tickets import TicketRef
from workflows.policy.model import Policy

KIND: Final = "pasted_link"
READABLE: Final = "readable_link"
"""Both the private answer and what is shared."""
ORIGIN: Final = "origin"
"""The slot of the message whose thread it is shared in."""


class LinkState(StrEnum):
    """Where it stands."""

    NEW = "new"
    ANSWERED = "answered"
    SHARED = "shared"


class LinkCase(Case):
    """A message with such links in it; `owner` is who wrote it."""

    tickets: tuple[TicketRef, ...] = ()

    @property
    def is_over(self) -> bool:
        """There is nothing more that has to be done."""
        return self.state != LinkState.NEW


@dataclass(frozen=True)
class LinkPasted:
    """Somebody pasted links to tickets. `root` is the ts of the thread's first message; `in_thread`: it is a reply."""

    by: str
    channel: str
    root: str
    tickets: tuple[TicketRef, ...]
    in_thread: bool = False


@dataclass(frozen=True)
class LinkShared:
    """Who pasted them wants everybody in the thread to have the readable ones."""

    by: str


def decide(case: LinkCase, event: object, _policy: Policy, _now: datetime) -> Decision[LinkCase]:
    """Decide what an event leads to. Pure: it reads nothing but its arguments and touches nothing."""
    match event:
        case LinkPasted(by=by, channel=place, root=root):
            known = case.with_(state=LinkState.ANSWERED, owner=by, tickets=event.tickets)
            known = known.with_message(ORIGIN, MessageRef(place=place, channel=place, ts=root))
            answer = Whisper(what=READABLE, channel=place, user=by, thread=root if event.in_thread else None)
            return Decision(known, (Note(by, "pasted a link to a ticket's data"),), (answer,))
        case LinkShared(by=by) if by != case.owner:
            return Decision(case, refusal="Only who pasted the link can share the readable one.")
        case LinkShared() if case.state == LinkState.SHARED:
            return Decision(case, refusal="The link is in the thread already.")
        case LinkShared(by=by):
            shared = case.with_(state=LinkState.SHARED)
            to = channel(case.messages[ORIGIN].channel)
            say = Say(what=READABLE, to=to, thread_of=ORIGIN, details={"by": by})
            return Decision(shared, (Note(by, "shared the readable link"),), (say,))
        case EffectFailed(effect=Whisper()) if case.owner:  # not everywhere may the desk show something to one person
            return Decision(case, effects=(Say(what=READABLE, to=dm(case.owner)),))
        case EffectSucceeded() | EffectFailed() | EffectDelayed() | EffectDropped():
            return Decision(case)
    raise TypeError(f"A pasted link knows no {type(event).__name__}.")


PROCESS: Process[Any] = Process(
    kind=KIND,
    prefix="PL",
    model=LinkCase,
    blank=lambda case_id, now: LinkCase(id=case_id, state=LinkState.NEW, opened_at=now),
    decide=decide,
)
