"""What Zendesk's words for statuses and scores mean, whether it tells of them or is asked."""

from typing import Final

from workflows.contract.facts import Score, TicketChange

_DONE: Final = {"solved": TicketChange.SOLVED, "closed": TicketChange.CLOSED}
_OPEN: Final = frozenset({"new", "open", "pending", "hold"})
"""What a ticket is that is worked on. One that is deleted, archived or scrubbed is neither open nor done."""
_SCORES: Final = {
    "good": Score.GOOD,
    "positive": Score.GOOD,
    "bad": Score.BAD,
    "negative": Score.BAD,
    "neutral": Score.NEUTRAL,
}


def change_of_status(before: str, after: str) -> TicketChange | None:
    """The change, from statuses in small letters; None for one that is no news, such as solved to closed."""
    if after in _DONE and before not in _DONE:
        return _DONE[after]
    return TicketChange.REOPENED if before in _DONE and after in _OPEN else None


def score_of(text: str | None) -> Score | None:
    """A survey writes "Good" or "Bad, I'm unsatisfied", the form within a ticket "Positive", "Negative" or "Neutral".

    A menu gives its option's tag, `feedback_negative`. "offered" and nothing are no score.
    """
    words = (text or "").strip().lower().replace("_", " ").split()
    ends = {word.strip(",.:;!") for word in (*words[:1], *words[-1:])}
    found = {score for word, score in _SCORES.items() if word in ends}
    return found.pop() if len(found) == 1 else None
