"""A process of the tests, as small as one can be: it does what its events say and remembers what happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.tickets import ticket
from workflows.contract.effects import Effect
from workflows.contract.events import EffectDelayed, EffectFailed, EffectSucceeded, TimerDue
from workflows.contract.process import CancelTimer, Case, Decision, Note, Process, SetTimer, Views
from workflows.contract.slack_port import Message
from workflows.contract.ticket_effects import AddTag
from workflows.policy.model import Policy

KIND = "errand"


class Errand(Case):
    """Something to be run. `history` is everything that happened to it, in a word each."""

    history: tuple[str, ...] = ()
    only_one: str | None = None

    @property
    def open_key(self) -> str | None:
        """What the test says may be open only once."""
        return self.only_one


@dataclass(frozen=True)
class Do:
    """Do this: note a word, decide effects and timers, hold a key; with `refusal` do nothing."""

    word: str = "did"
    effects: tuple[Effect, ...] = ()
    timers: tuple[SetTimer | CancelTimer, ...] = ()
    only_one: str | None = None
    refusal: str | None = None


@dataclass(frozen=True)
class Break:
    """The rule has a bug here."""


Rule = Callable[[Errand, Any, Policy, datetime], Decision[Errand]]


def decide(case: Errand, event: object, _policy: Policy, now: datetime) -> Decision[Errand]:
    """Do as told. A timer whose name begins with `broken` makes the rule fail until noon."""
    match event:
        case Break():
            raise ZeroDivisionError
        case TimerDue(name=name) if name.startswith("broken") and now.hour < 12:
            raise ZeroDivisionError
        case Do():
            done = case.with_(
                history=(*case.history, event.word), only_one=event.only_one or case.only_one, state="open"
            )
            return Decision(done, (Note("somebody", event.word),), event.effects, event.timers, event.refusal)
        case TimerDue(name=name, late=late):
            word = f"{name} went off" + (f" {late.total_seconds() / 60:g} min late" if late else "")
            if name == "tag":
                return Decision(case.with_(history=(*case.history, word)), effects=(AddTag(ticket=ticket(1), tag="x"),))
        case _:
            word = spoken(event)
    return Decision(case.with_(history=(*case.history, word)), (Note("desk", word),))


def spoken(event: object) -> str:
    """An answer of the outside in a few words."""
    match event:
        case EffectSucceeded(effect):
            return f"executed {effect.type}"
        case EffectFailed(effect, failure, sentence):
            return f"gave up {effect.type}, {failure}: {sentence}"
        case EffectDelayed(effect, sentence, settings=settings):
            return f"delayed {effect.type}{' by settings' if settings else ''}: {sentence}"
    return type(event).__name__


def process(rule: Rule = decide) -> Mapping[str, Process[Any]]:
    """The processes of a desk that runs errands; `rule` is asked instead of `decide`."""
    blank = lambda case_id, now: Errand(id=case_id, state="new", opened_at=now)  # noqa: E731 - one line
    return {KIND: Process(KIND, "ER", Errand, blank, rule)}


VIEWS: Views[Errand] = Views(
    messages={
        "card": lambda case, _policy, _details: Message(f"{case.id}: {', '.join(case.history)}"),
        "note": lambda case, _policy, details: Message(f"{case.id}: {details['text']}"),
    },
    modals={},
)
