"""The cases of one process, as its listeners read them and let something happen to them."""

from typing import Generic

import structlog

from handlers.kit.context import Desk
from workflows.contract.engine import Outcome
from workflows.contract.errors import EffectError
from workflows.contract.process import CaseT
from workflows.contract.slack_port import Person

log = structlog.get_logger(__name__)


class Cases(Generic[CaseT]):
    """Reads and submits; what is submitted happens now, by the desk's clock, and is saved when this returns."""

    def __init__(self, desk: Desk, kind: str, model: type[CaseT]) -> None:
        self.desk = desk
        self.kind = kind
        self.model = model

    def read(self, case_id: str | None) -> CaseT | None:
        """The case of this number; None when there is none, or when it is another process's."""
        case = self.desk.engine.cases.read(case_id) if case_id else None
        return case if isinstance(case, self.model) else None

    def open(self, event: object, key: str) -> Outcome[CaseT]:
        """Open a case with this event; `key` names the event, and is taken once."""
        return self.desk.engine.open(self.kind, event, key=key, now=self.desk.clock.now())

    def submit(self, case_id: str, event: object, key: str) -> Outcome[CaseT]:
        """Let this happen to a case; `key` names the event, and is taken once."""
        return self.desk.engine.submit(case_id, event, key=key, now=self.desk.clock.now())

    def person(self, user: str) -> Person | None:
        """Who this is (Slack id); None while Slack does not say."""
        try:
            return self.desk.slack.person(user)
        except EffectError as error:
            log.warning("person_unknown", user=user, reason=type(error).__name__)
            return None
