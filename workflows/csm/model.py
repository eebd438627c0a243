"""A customer success manager's own case: how they want to hear of new tickets, what waits for them, what they asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from workflows.contract.process import Case
from workflows.contract.values import Frozen
from workflows.csm import notices
from workflows.csm.notices import person_key
from workflows.policy.csm import Notice
from workflows.policy.model import Policy

KIND: Final = notices.CSM
PREFIX: Final = "CS"

How = Literal["each", "gathered_tickets", "new_tickets"]
"""In which message a notice goes out: one of its own, one for a storm, or the digest of the day."""


class Waiting(Frozen):
    """A notice that has not been sent yet."""

    how: How
    notice: notices.Notice


class CsmCase(Case):
    """Somebody who looks after accounts, or asked for one. `address` is their e-mail address, or else a Slack id."""

    address: str = ""
    zone: str | None = None
    """Where they are (IANA), once they have told; None: the policy's zone counts."""
    default: Notice | None = None
    """What they chose for all accounts they have chosen nothing else for; None: what the policy says."""
    choices: Mapping[str, Notice] = {}
    """What they chose, by the account's id."""
    accounts: Mapping[str, str] = {}
    """The accounts that are known to be theirs: id and name."""
    notified_at: tuple[datetime, ...] = ()
    """When they lately got messages of their own."""
    waiting: tuple[Waiting, ...] = ()
    view: str | None = None
    """The modal in which they choose, while it may be open."""
    view_trouble: str | None = None

    @property
    def open_key(self) -> str | None:
        """One for each person, for good."""
        return person_key(self.address) if self.address else None

    def choice(self, account: str, policy: Policy) -> Notice:
        """How they want to hear of an account."""
        return self.choices.get(account) or self.default or policy.csm.notice


def blank(case_id: str, now: datetime) -> CsmCase:
    """A case before its first event."""
    return CsmCase(id=case_id, state="standing", opened_at=now)


# --------------------------------------------------------------------------------- what happens


@dataclass(frozen=True)
class Who:
    """Somebody who does something. `zone` is where they are (IANA), `name` what a customer may call them."""

    id: str
    address: str
    zone: str = "UTC"
    name: str = ""


class Question(StrEnum):
    """What is asked of an account."""

    ACCOUNT = "account"
    ONBOARDING = "onboarding"


@dataclass(frozen=True)
class AccountAsked:
    """Somebody wants to know an account: all of it, or how its people become support contacts."""

    who: Who
    what: Question
    name: str


@dataclass(frozen=True)
class ProjectAsked:
    """Somebody wants to know an organisation's collaboration project. `account` is the ticket system's."""

    who: Who
    account: str
    id: int | None = None
    name: str = ""


@dataclass(frozen=True)
class ProjectChangeAsked:
    """Somebody wants an organisation's collaboration project changed to this one (its number or path)."""

    who: Who
    account: str
    organization: int
    name: str
    url: str
    project: str


@dataclass(frozen=True)
class ChoosingBegun:
    """Somebody opened the modal in which they choose how to hear of new tickets."""

    who: Who
    view: str


@dataclass(frozen=True)
class Chosen:
    """Somebody chose: for each account that is named by id, and for all others."""

    who: Who
    default: Notice | None = None
    choices: Mapping[str, Notice] = field(default_factory=dict)


@dataclass(frozen=True)
class ChosenByName:
    """Somebody chose for one account, by its name."""

    who: Who
    name: str
    choice: Notice
