"""Who responds to incidents: the user group that is pinged, who is on call, and the lead."""

from datetime import datetime

from workflows.contract.errors import EffectError, RetryLater
from workflows.contract.events import Responders
from workflows.contract.ports import OnCall, Slack, UserGroup
from workflows.engine.on_call import OnCallResolver
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
        return Responders(group, duty.people, lead, " ".join(filter(None, (trouble, duty.trouble))) or None)

    def _group(self) -> tuple[UserGroup | None, str | None]:
        if self.policy.responders is None:
            return None, None
        try:
            return self.slack.group(self.policy.responders), None
        except RetryLater:
            raise
        except EffectError as error:
            return None, error.sentence
