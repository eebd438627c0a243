"""Carries one effect through the ports: what an effect means, in a few lines each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from workflows.dispatcher import Job
from workflows.effects import (
    AddTag,
    AskWhoIsOnDuty,
    CommentOnIssue,
    FindIssues,
    OpenIssue,
    Place,
    ReadTicket,
    Say,
    ShowCard,
    ShowView,
)
from workflows.errors import NotConnected, NotFound
from workflows.events import Carried
from workflows.on_duty import DutyDesk
from workflows.policy import Policy
from workflows.ports import Clock, Issue, Issues, Message, OnCall, Posted, Slack, Tickets
from workflows.process import Case, Face


@dataclass(frozen=True)
class Ports:
    """The outside. A vendor that is not set up is None, and its effects fail as "not connected"."""

    slack: Slack
    tickets: Tickets | None = None
    issues: Issues | None = None
    on_call: OnCall | None = None


class Carrier:
    """The `Carry` of the dispatcher. `faces` are the renderings of each process, by its prefix."""

    def __init__(self, ports: Ports, faces: Mapping[str, Face[Any]], policy: Policy, clock: Clock) -> None:
        self.ports = ports
        self.faces = faces
        self.policy = policy
        self.clock = clock
        self.duty = DutyDesk(policy, ports.slack, ports.on_call)

    def __call__(self, case: Case, job: Job) -> Carried:
        """Carry this effect of this case; raises a `CarryError` when it could not be."""
        return Carried(job.effect, self._carry(case, job))

    def _carry(self, case: Case, job: Job) -> Any:  # noqa: ANN401 - one line for each kind of effect
        match job.effect:
            case ShowCard() as effect:
                return self._show_card(case, effect, job)
            case Say() as effect:
                return self._say(case, effect, job)
            case ShowView(view=view, view_id=view_id):
                return self.ports.slack.update_view(view_id, self._face(case).views[view](case, self.policy))
            case ReadTicket(ticket=ticket):
                return self._tickets().read(ticket)
            case AddTag(ticket=ticket, tag=tag):
                return self._tickets().add_tag(ticket, tag)
            case FindIssues(project=project, words=words, limit=limit):
                return tuple(self._issues().search(project, words, limit=limit))
            case OpenIssue() as effect:
                return self._open_issue(effect, job)
            case CommentOnIssue(project=project, number=number, body=body):
                return self._issues().comment(project, number, body, mark=job.mark, again=job.again)
            case AskWhoIsOnDuty(skip=skip):
                return self.duty.managers(self.clock.now(), skip)
            case unknown:
                assert_never(unknown)

    def _show_card(self, case: Case, effect: ShowCard, job: Job) -> Posted:
        message = self._face(case).messages[effect.slot.partition(":")[0]](case, self.policy, {})
        shown = case.messages.get(effect.slot)
        if shown is not None and shown.place == effect.to.name:
            try:
                self.ports.slack.update(shown.channel, shown.ts, message)
            except NotFound:
                pass  # somebody deleted it: post it again
            else:
                return Posted(shown.channel, shown.ts)
        return self._post(case, effect, message, job)

    def _say(self, case: Case, effect: Say, job: Job) -> Posted:
        return self._post(case, effect, self._face(case).messages[effect.what](case, self.policy, effect.details), job)

    def _post(self, case: Case, effect: ShowCard | Say, message: Message, job: Job) -> Posted:
        card = case.messages.get(effect.thread_of) if effect.thread_of else None
        channel = card.channel if card else self._channel(effect.to)
        thread = card.ts if card else None
        return self.ports.slack.post(channel, message, mark=job.mark, thread=thread, again=job.again)

    def _open_issue(self, effect: OpenIssue, job: Job) -> Issue:
        return self._issues().create(
            effect.project,
            effect.title,
            effect.description,
            mark=job.mark,
            labels=effect.labels,
            again=job.again,
        )

    def _channel(self, place: Place) -> str:
        return place.channel or self.ports.slack.open_dm(place.user or "")

    def _face(self, case: Case) -> Face[Any]:
        return self.faces[case.id.split("-")[0]]

    def _tickets(self) -> Tickets:
        if self.ports.tickets is None:
            raise NotConnected("The ticket system is not connected to the desk.")
        return self.ports.tickets

    def _issues(self) -> Issues:
        if self.ports.issues is None:
            raise NotConnected("The issue tracker is not connected to the desk.")
        return self.ports.issues
