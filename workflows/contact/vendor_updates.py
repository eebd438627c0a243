"""What is heard of the ticket and the feedback issue while a request is open: the card shows the last of it.

It may come twice, late and in any order: what is older than what the card shows is only noted.
"""

from workflows.contact import outputs
from workflows.contact.model import ContactCase, TicketCheck, VendorUpdate
from workflows.contract.facts import IssueChange, IssueChanged, TicketChange, TicketChanged
from workflows.contract.process import Decision, Note
from workflows.policy.model import Policy

TICKET = "ticket"
ISSUE = "issue"

CHECKS = {
    TicketChange.SOLVED: TicketCheck.SOLVED,
    TicketChange.CLOSED: TicketCheck.CLOSED,
    TicketChange.REOPENED: TicketCheck.FOUND,
}


def decide(case: ContactCase, fact: TicketChanged | IssueChanged, policy: Policy) -> Decision[ContactCase]:
    """Note what happened to the ticket or the issue."""
    note = Note(fact.actor, fact.sentence)
    topic = TICKET if isinstance(fact, TicketChanged) else ISSUE
    shown = case.updates.get(topic)
    if case.is_over or _is_silent(fact) or (shown is not None and fact.at <= shown.at):
        return Decision(case, (note,))
    updated = case.with_(updates={**case.updates, topic: VendorUpdate(what=fact.sentence, at=fact.at)})
    if isinstance(fact, TicketChanged):
        updated = updated.with_(check=CHECKS.get(fact.change, updated.check))
    return Decision(updated, (note,), outputs.refresh(updated, policy))


def _is_silent(fact: TicketChanged | IssueChanged) -> bool:
    """Labels are many, and say little to who has to write to the customer."""
    return isinstance(fact, IssueChanged) and fact.change not in {IssueChange.CLOSED, IssueChange.REOPENED}
