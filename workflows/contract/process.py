"""What a process is: a kind of case and one pure function that decides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from workflows.contract.effects import Effect
from workflows.contract.events import CaseSummary, EffectDropped
from workflows.contract.facts import FactBase, IssueCommented
from workflows.contract.message_effects import ShowCard
from workflows.contract.paging_ports import PageText
from workflows.contract.slack_port import File, Message, Posted
from workflows.lib.tickets import TicketRef
from workflows.policy.model import Policy


class MessageRef(BaseModel):
    """A message in Slack. `place` is the `Place.name` it was sent to; `channel` is the id Slack answered with."""

    model_config = ConfigDict(frozen=True)

    place: str
    channel: str
    ts: str


class Case(BaseModel):
    """What the cases of all processes have in common. Frozen: a rule makes a new one with `with_`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    state: str
    opened_at: datetime
    owner: str | None = None
    ticket: TicketRef | None = None
    messages: dict[str, MessageRef] = {}

    def with_(self, **changes: Any) -> Self:  # noqa: ANN401 - the fields of the subclass
        """This case with some fields changed, checked as a new one is."""
        return type(self).model_validate({**dict(self), **changes})

    def with_message(self, slot: str, ref: MessageRef) -> Self:
        """This case, knowing where its message of this slot stands."""
        return self.with_(messages={**self.messages, slot: ref})

    @property
    def open_key(self) -> str | None:
        """What may be open only once at a time, or None when nothing forbids a second."""
        return None

    @property
    def is_over(self) -> bool:
        """Whether nothing has to be done any more."""
        return False

    @property
    def queue(self) -> tuple[int, datetime] | None:
        """Its place in its owner's queue, or in everybody's while it has none: the lowest rank first, then the oldest.

        None: it is in no queue.
        """
        return None

    @property
    def follows(self) -> tuple[str, ...]:
        """The things outside whose changes it wants to hear of besides its ticket: see `workflows.contract.facts`."""
        return ()


CaseT = TypeVar("CaseT", bound=Case)


@dataclass(frozen=True)
class Note:
    """A line of the case's timeline: who did what. `actor` is a Slack user id or the name of a system."""

    actor: str
    what: str


@dataclass(frozen=True)
class SetTimer:
    """Let the timer of this name go off then; one that is set already moves."""

    name: str
    due_at: datetime


@dataclass(frozen=True)
class CancelTimer:
    """The timer of this name is not wanted any more; None means all of the case."""

    name: str | None = None


@dataclass(frozen=True)
class Decision(Generic[CaseT]):
    """What a rule decided. With a `refusal` nothing is saved: it is the sentence for the person who asked."""

    case: CaseT
    notes: tuple[Note, ...] = ()
    effects: tuple[Effect, ...] = ()
    timers: tuple[SetTimer | CancelTimer, ...] = ()
    refusal: str | None = None

    def and_(
        self,
        *,
        notes: Sequence[Note] = (),
        effects: Sequence[Effect] = (),
        timers: Sequence[SetTimer | CancelTimer] = (),
    ) -> Self:
        """This decision with more notes, effects and timers."""
        return replace(
            self,
            notes=(*self.notes, *notes),
            effects=(*self.effects, *effects),
            timers=(*self.timers, *timers),
        )


def adopt(case: CaseT, dropped: EffectDropped) -> Decision[CaseT]:
    """A message that nobody wants any more stands all the same: know it, and show the case in it as it is now.

    Where another one stands in its slot, nothing is done: the dispatcher removes what the case does not know.
    """
    match dropped:
        case EffectDropped(ShowCard(slot=slot, to=to) as card, Posted(channel, ts)) if slot not in case.messages:
            known = case.with_message(slot, MessageRef(place=to.name, channel=channel, ts=ts))
            return Decision(known, effects=(card.model_copy(update={"once": None}),))
        case _:
            return Decision(case)


def always_wanted(_case: Case, _effect: Effect, _policy: Policy) -> bool:
    """Whatever was decided is executed."""
    return True


@dataclass(frozen=True)
class Process(Generic[CaseT]):
    """A process, as the engine knows it."""

    kind: str
    prefix: str
    """What its case numbers start with: `FB` gives FB-1, FB-2, ..."""
    model: type[CaseT]
    blank: Callable[[str, datetime], CaseT]
    """A case of this number, before its first event."""
    decide: Callable[[CaseT, Any, Policy, datetime], Decision[CaseT]]
    wanted: Callable[[CaseT, Effect, Policy], bool] = always_wanted
    """Whether an effect that waited is still wanted, by the case as it is now. Asked just before each try: a
    reminder that was on its way when its reason went away is dropped. `decide` is told with `EffectDropped`."""
    handles: tuple[type[FactBase], ...] = ()
    """The facts from outside that `decide` has rules for; the others become lines of the timeline."""

    summarize: Callable[[CaseT, Policy, datetime], CaseSummary] | None = None
    """A case in brief, for those who ask for summaries (`SummarizeCases`); None: it is in none."""
    standing: tuple[str, ...] = ()
    """The open keys of cases of this kind that are always there, such as a week's review: opened at each start
    where there is none, with `StandingCaseOpened`."""

    def follow(self, case: CaseT, event: object, policy: Policy, now: datetime) -> Decision[CaseT]:
        """Decide what an event changes; a fact without a rule becomes a line of the timeline.

        The desk's own comments, told by the tracker, are no news to any process.
        """
        if isinstance(event, IssueCommented) and event.is_own:
            return Decision(case)
        if isinstance(event, FactBase) and not isinstance(event, self.handles):
            return Decision(case, (Note(event.actor, event.sentence),))
        return self.decide(case, event, policy, now)


@dataclass(frozen=True)
class Views(Generic[CaseT]):
    """What people see of a process: its messages and modals by name, rendered from the case as it is now."""

    messages: Mapping[str, Callable[[CaseT, Policy, dict[str, Any]], Message]]
    """The third argument: the `details` of the `Say` effect; for cards just their whole `slot`. For those named in
    `wordy` it says `shared`, too: whether people of another organisation read there."""
    modals: Mapping[str, Callable[[CaseT, Policy], dict[str, Any] | None]]
    """None: the modal is not to be touched any more."""
    files: Mapping[str, Callable[[CaseT, Policy, dict[str, Any]], File]] = field(default_factory=dict)
    """The third argument: the `details` of the `UploadFile` effect."""
    pages: Mapping[str, Callable[[CaseT, Policy, str], PageText | None]] = field(default_factory=dict)
    """The third argument: a link to the thread. None when nobody is to be paged any more."""
    wordy: frozenset[str] = frozenset()
    """The messages for channels that may hold a customer's words."""
