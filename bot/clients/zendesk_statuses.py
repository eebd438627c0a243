"""What a change of a ticket's status means, whether Zendesk tells of it or is asked."""

from typing import Final

from workflows.contract.facts import TicketChange

_DONE: Final = {"solved": TicketChange.SOLVED, "closed": TicketChange.CLOSED}
_OPEN: Final = frozenset({"new", "open", "pending", "hold"})
"""What a ticket is that is worked on. One that is deleted, archived or scrubbed is neither open nor done."""


def change_of_status(before: str, after: str) -> TicketChange | None:
    """The change, from statuses in small letters; None for one that is no news, such as solved to closed."""
    if after in _DONE and before not in _DONE:
        return _DONE[after]
    return TicketChange.REOPENED if before in _DONE and after in _OPEN else None
