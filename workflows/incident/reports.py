"""Which messages in the channel of incidents are plainly no report: all others start the wait. Pure."""

import re
from collections.abc import Collection, Iterable

from workflows.incident.model import NoReport
from workflows.policy.incident import IncidentPolicy

_NOISE = re.compile(r":[\w+-]+:|<?@[\w .-]*?>|@\w+|[^\w\s']", re.ASCII)
"""Emoji, mentions and marks say nothing by themselves."""
_SENTENCE_END = re.compile(r"[.!?\n]")


def why_no_report(
    text: str, policy: IncidentPolicy, *, by_responder: bool = False, sender: Collection[str] = ()
) -> NoReport | None:
    """Why a message is plainly no report, or None: then it is one.

    `sender` are the ids and names of an integration. In doubt it is a report: one click takes that back, while an
    outage that is taken for small talk is missed.
    """
    plainly = policy.no_report
    if not plainly.enabled:
        return None
    if {name.casefold() for name in sender} & {name.casefold() for name in plainly.integrations}:
        return NoReport.INTEGRATION
    if by_responder and plainly.responders:
        return NoReport.RESPONDER
    if _is_only(text, plainly.phrases):
        return NoReport.SMALL_TALK
    if _asks_how(text, plainly.questions) and not _holds(text, plainly.trouble):
        return NoReport.QUESTION
    return None


def _is_only(text: str, phrases: Iterable[str]) -> bool:
    """Whether a text holds these phrases and nothing else, but for emoji, mentions and marks."""
    rest, found = " ".join(_NOISE.sub(" ", text).split()), 0
    for phrase in sorted(phrases, key=len, reverse=True):
        rest, times = _phrase(phrase).subn(" ", rest)
        found += times
    return found > 0 and not rest.strip(" '")


def _asks_how(text: str, openings: Iterable[str]) -> bool:
    """Whether a text is one question, and begins like one of these."""
    bare = " ".join(_NOISE.sub(lambda mark: mark[0] if mark[0] in ".!?" else " ", text).split())
    asked = bare.rstrip("? ")
    one = bare.endswith("?") and not _SENTENCE_END.search(asked)
    return one and any(re.match(rf"{re.escape(opening)}\b", asked, re.IGNORECASE) for opening in openings)


def _holds(text: str, words: Iterable[str]) -> bool:
    return any(_phrase(word).search(text) for word in words)


def _phrase(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE)
