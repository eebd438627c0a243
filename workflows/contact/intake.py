"""The one way in for requests, whoever brings them: a webhook, a message, a command, a review."""

from dataclasses import replace
from datetime import datetime

from workflows.contact.doubts import as_request
from workflows.contact.events import ContactRequested, DoubtSettled, RequestDoubted, TicketNamed
from workflows.contact.model import KIND, ContactCase, ContactState
from workflows.contract.engine import CaseEngine, Outcome, open_or_submit


def requested(engine: CaseEngine, request: ContactRequested, *, key: str, now: datetime) -> Outcome[ContactCase]:
    """Take a request: open a case, or add to the one that is open for its ticket; `duplicate` is then that one.

    `key` names the event and is taken once, so a webhook may deliver as often as it likes: use the vendor's own id of
    the event, such as `tickets:webhook:01ABC`. A `refusal` means that no contact was asked for.
    """
    return open_or_submit(engine, KIND, request, key=key, now=now)


def doubted(engine: CaseEngine, event: RequestDoubted, *, key: str, now: datetime) -> Outcome[ContactCase]:
    """Ask about what may be a request."""
    return engine.open(KIND, event, key=key, now=now)


def settled(
    engine: CaseEngine, case: ContactCase, event: DoubtSettled | TicketNamed, *, key: str, now: datetime
) -> Outcome[ContactCase]:
    """Take the answer to what was asked. A request that is open for its ticket already gets it as one more source."""
    outcome = engine.submit(case.id, event, key=key, now=now)
    other = outcome.duplicate
    if other is None or case.state not in {ContactState.QUESTION, ContactState.DISMISSED}:
        return outcome
    ticket = event.ticket if isinstance(event, TicketNamed) else case.ticket
    engine.submit(other.id, replace(as_request(case), ticket=ticket), key=f"{key}:other", now=now)
    merged = DoubtSettled(event.by, is_request=True, other=other.id)
    return engine.submit(case.id, merged, key=f"{key}:merged", now=now)
