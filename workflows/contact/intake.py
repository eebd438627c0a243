"""The one way in for requests, whoever brings them: a webhook, a message, a command, a review."""

from datetime import datetime

from workflows.contact.events import ContactRequested
from workflows.contact.model import KIND, ContactCase
from workflows.contract.engine import CaseEngine, Outcome, open_or_submit


def requested(engine: CaseEngine, request: ContactRequested, *, key: str, now: datetime) -> Outcome[ContactCase]:
    """Take a request: open a case, or add to the one that is open for its ticket; `duplicate` is then that one.

    `key` names the event and is taken once, so a webhook may deliver as often as it likes: use the vendor's own id of
    the event, such as `tickets:webhook:01ABC`. A `refusal` means that no contact was asked for.
    """
    return open_or_submit(engine, KIND, request, key=key, now=now)
