"""A request to Support Operations, simulated: what is asked of its requester, and when it ships."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.simulation.scenarios import TICKET, zone_of
from bot.simulation.simulator import ScriptedAction, SimulationResult, run_simulation
from bot.simulation.stubs import REPORTER, RESPONDER
from workflows.contract.facts import IssueChange, IssueChanged, IssueCommented
from workflows.policy.model import Policy
from workflows.policy.request import Meaning, RequestKind
from workflows.request import model, texts

ASKED: Final = timedelta(days=1)
TESTED: Final = timedelta(days=8)
"""When Support Operations asks something, and when it is on staging: an example of a request's way."""


def simulate_request(
    policy: Policy, kind: RequestKind, *, at: datetime, answer: timedelta | None, lasting: timedelta
) -> SimulationResult:
    """A request sent at this time: something is asked a day later, and it is on staging after eight days.

    `answer` is how long after each its requester answers, and signs it off.
    """
    told = policy.model_copy(update={"request": policy.request.model_copy(update={"ask_every": None})})
    begin = model.Sent(REPORTER, kind, _words(policy, kind), ticket=TICKET, confirmed=True)
    actions = _of_an_issue(policy, answer) if policy.request.form(kind) else _of_others(kind, answer)
    return run_simulation(
        told, model.KIND, begin, actions, at=at.astimezone(UTC), zone=zone_of(at, policy), lasting=lasting
    )


def _words(policy: Policy, kind: RequestKind) -> dict[str, str]:
    own = policy.request
    form = own.form(kind)
    fields = {texts.field_name(key): "(simulated)" for key in (form.fields if form else ())}
    chosen = {"severity": next(iter(own.severities)), "size": next(iter(own.sizes))}
    return {**fields, **chosen, "summary": "(simulated)", "question": "(simulated)", "why": "(simulated)"}


def _of_an_issue(policy: Policy, answer: timedelta | None) -> list[ScriptedAction]:
    stages = policy.request.stages
    staging = next(label for label, stage in stages.items() if stage.means is Meaning.STAGING)
    actions = [
        ScriptedAction(ASKED, _asks),
        ScriptedAction(TESTED, lambda case, now: _staged(case, now, staging)),
    ]
    if answer is not None:
        actions.append(ScriptedAction(ASKED + answer, lambda _case, _now: model.Answered(REPORTER, "(simulated)")))
        actions.append(ScriptedAction(TESTED + answer, lambda _case, _now: model.SignedOff(REPORTER)))
    return actions


def _of_others(kind: RequestKind, answer: timedelta | None) -> list[ScriptedAction]:
    """A question is answered in its thread; a ticket needs nobody any more."""
    if answer is None or kind is not RequestKind.QUESTION:
        return []
    return [ScriptedAction(answer, lambda _case, _now: model.Replied(RESPONDER))]


def _asks(case: Any, now: datetime) -> object:  # noqa: ANN401 - as `ScriptedAction.of`
    return IssueCommented(
        at=now,
        by="Support Operations",
        project=case.issue.project,
        project_id=1,
        number=case.issue.number,
        comment=1,
        author="support-ops",
        words="(simulated) Which form is it?",
    )


def _staged(case: Any, now: datetime, label: str) -> object:  # noqa: ANN401 - as above
    return IssueChanged(
        at=now,
        by="Support Operations",
        project=case.issue.project,
        project_id=1,
        number=case.issue.number,
        title=case.issue.title,
        url=case.issue.url,
        change=IssueChange.LABELLED,
        labels=(label,),
        added=(label,),
    )
