"""Who is praised: found by name in the customer's words, and not named where they don't want to be.

Source: the page's "If a specific person is mentioned, add the comment and ticket number".
"""

import re
from collections.abc import Iterable

from workflows.policy.model import Policy, RosterEntry

TEAMMATE = "A teammate"
_NOTE = re.compile(r"\s*\(.*?\)")
"""What people put behind their names in Slack, such as their job."""
_PARTS = re.compile(r"[._-]+")


def praised(words: str, engineer: str | None, policy: Policy) -> RosterEntry | None:
    """Whom of the roster the words name, by their whole name or else their first; None for nobody, or several.

    Of several it is the ticket's `engineer` (e-mail address), where they are among them.
    """
    for spelled in (_in_full, _first):
        found = [entry for entry in policy.roster if _is_in(spelled(name_of(entry)), words)]
        of_ticket = [entry for entry in found if entry.email == (engineer or "").lower()]
        if len(found) == 1 or of_ticket:
            return (of_ticket or found)[0]
        if found:
            return None
    return None


def name_of(entry: RosterEntry) -> str:
    """Their name as the roster has it, or as their e-mail address does."""
    return entry.name or _PARTS.sub(" ", entry.email.partition("@")[0]).title()


def is_unnamed(who: str | None, email: str | None, name: str, policy: Policy) -> bool:
    """Whether this person (Slack id, e-mail address, name: what is known) does not want to be named."""
    known = {who, (email or "").lower()}
    known |= {ref for entry in _entries(known, name, policy) for ref in (entry.email, entry.slack)}
    return any(ref in known or ref.lower() in known for ref in policy.review.week.unnamed)


def without_them(words: str, email: str | None, name: str, policy: Policy) -> str:
    """The customer's words without the name of this person."""
    names = {name, *(name_of(entry) for entry in _entries({(email or "").lower()}, name, policy))}
    spelled = {part for one in names for part in (_whole(one), _first(one)) if part}
    for one in sorted(spelled, key=len, reverse=True):
        words = re.sub(_pattern(one).pattern, TEAMMATE.lower(), words, flags=re.IGNORECASE)
    return words


def _entries(refs: Iterable[str | None], name: str, policy: Policy) -> list[RosterEntry]:
    known = {ref for ref in refs if ref}
    return [
        entry
        for entry in policy.roster
        if entry.email in known or entry.slack in known or (name and _whole(name) == _whole(name_of(entry)))
    ]


def _whole(name: str) -> str:
    return " ".join(_NOTE.sub("", name).split())


def _in_full(name: str) -> str:
    whole = _whole(name)
    return whole if " " in whole else ""


def _first(name: str) -> str:
    return _whole(name).partition(" ")[0]


def _is_in(name: str, words: str) -> bool:
    return bool(name) and _pattern(name).search(words) is not None


def _pattern(name: str) -> re.Pattern[str]:
    """The name as words of their own. A single one counts as it is written: “will” is not Will."""
    spelled = r"\s+".join(re.escape(part) for part in name.split())
    return re.compile(rf"(?<!\w){spelled}(?!\w)", re.IGNORECASE if " " in name else 0)
