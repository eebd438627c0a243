"""Who responds to incidents: the user group that is pinged, who is on call, and the lead."""

from datetime import datetime

from workflows.contract.errors import EffectError, RetryLater
from workflows.contract.events import Responders
from workflows.contract.paging_ports import OnCall
from workflows.contract.slack_port import Person, Slack, UserGroup
from workflows.engine.on_call import OnCallResolver
from workflows.policy.incident_escalation import Target
from workflows.policy.model import Policy


class ResponderResolver:
    """Answers who responds to incidents, as people in Slack."""

    def __init__(self, policy: Policy, slack: Slack, on_call: OnCall | None) -> None:
        self.policy = policy.incident
        self.slack = slack
        self.duty = OnCallResolver(policy, slack, on_call)

    def at(self, now: datetime) -> Responders:
        """Who responds now; without a lead in the policy it is the manager on duty.

        `RetryLater` when Slack itself cannot be asked.
        """
        group, trouble = self._group()
        duty = self.duty.scheduled(self.policy.on_call.schedule, self.policy.on_call.people)
        lead = self.duty.in_slack(self.policy.leads) if self.policy.leads else self.duty.managers(now).people
        trouble_found = " ".join(filter(None, (trouble, duty.trouble))) or None
        return Responders(group, duty.people, lead, trouble_found, self._named())

    def _named(self) -> dict[str, tuple[Person, ...] | UserGroup]:
        """Whom the steps of the escalation name; who cannot be found is left out."""
        targets = {target.key: target for step in self.policy.escalation for target in step.who if not target.party}
        found = {key: self._whom(target) for key, target in targets.items()}
        return {key: who for key, who in found.items() if who}

    def _whom(self, target: Target) -> tuple[Person, ...] | UserGroup | None:
        if target.group is None:
            return self.duty.scheduled(target.schedule, (target.user,) if target.user else ()).people
        try:
            return self.slack.group(target.group)
        except RetryLater:
            raise
        except EffectError:
            return None

    def _group(self) -> tuple[UserGroup | None, str | None]:
        if self.policy.responders is None:
            return None, None
        try:
            return self.slack.group(self.policy.responders), None
        except RetryLater:
            raise
        except EffectError as error:
            return None, error.sentence
