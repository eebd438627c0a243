"""The one way in for requests, whoever brings them: a webhook, a message, a command, a review."""

from datetime import datetime

from workflows.contact.model import KIND, ContactCase, ContactRequested
from workflows.engine.engine import Engine, Outcome


def requested(engine: Engine, request: ContactRequested, *, key: str, now: datetime) -> Outcome[ContactCase]:
    """Take a request: open a case, or add to the one that is open for its ticket; `duplicate` is then that one.

    `key` names the event and is taken once, so a webhook may deliver as often as it likes: use the vendor's own id of
    the event, such as `zendesk:webhook:01ABC`. A `refusal` means that no contact was asked for.
    """
    outcome: Outcome[ContactCase] = engine.open(KIND, request, key=key, now=now)
    if outcome.duplicate is None:
        return outcome
    again: Outcome[ContactCase] = engine.submit(outcome.duplicate.id, request, key=key, now=now)
    if again.refusal is not None:  # it was closed in this very moment: then this is a request of its own
        return engine.open(KIND, request, key=key, now=now)
    return Outcome(again.case, duplicate=again.case, repeated=again.repeated)
