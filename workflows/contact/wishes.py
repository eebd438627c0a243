"""Whether a text asks that a manager contacts a customer: yes, no, or that it cannot be told. Pure.

What is looked for stands in the policy: fields of a form (`Contact requested: yes`), phrases that ask, phrases and
words that deny, and words that only hint at it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from workflows.policy.contact import GAP, OR, ContactPolicy

_MOST_BETWEEN: Final = 6
"""So many words may stand in the gap of a phrase."""
_MOST_BEFORE: Final = 4
"""A denial counts for what stands no more words behind it."""
_MARKUP: Final = re.compile(r"[*~`>\u200b]|(?<!\w)_|_(?!\w)")
_ADDRESS: Final = re.compile(r"https?://\S+")
_WORD: Final = re.compile(r"[\w']+")
_BREAK: Final = r"[^\w.!?;\n]+"
"""What stands between the words of one sentence."""
_LABELLED: Final = re.compile(r"^[^\n:]{1,60}:", re.MULTILINE)
_NOT: Final = "n't"
_TICKED = r"\[x\]|:white_check_mark:|:heavy_check_mark:|:ballot_box_with_check:|[\u2611\u2705\u2713\u2714]"
_CROSSED = r"\[ \]|:x:|:no_entry:|[\u2610\u274c\u2717\u2718]"
_S: Final = r"[^\S\n]"
"""A space, but no line's end."""
_VALUE: Final = rf"(?P<value>{_TICKED}|{_CROSSED}|[\w']+(?:/\w+)?|$)"


class Wish(StrEnum):
    """What a text says about contact."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    """It may be meant: a person has to say."""
    NONE = "none"
    """It is about something else."""


def wish_of(text: str, contact: ContactPolicy) -> Wish:
    """What a text as people read it says. A form's field says more than the words round it."""
    plain = _MARKUP.sub("", _ADDRESS.sub(" link ", text)).replace("\u2019", "'").casefold()
    said = _said_in_fields(plain, contact)
    if said:
        return Wish.YES if said == {True} else Wish.NO if said == {False} else Wish.UNSURE
    found = [wish for chunk in _chunks(plain) for wish in _asked(chunk, contact)]
    if not found:
        hints = contact.hint_words and _phrases(contact.hint_words).search(plain)
        return Wish.UNSURE if hints else Wish.NONE
    if set(found) == {Wish.NO}:
        return Wish.NO
    is_done = bool(contact.done_phrases) and _phrases(contact.done_phrases).search(plain) is not None
    return Wish.YES if set(found) == {Wish.YES} and not is_done else Wish.UNSURE


def field_says(text: str, contact: ContactPolicy) -> bool | None:
    """What a text, such as an issue's description, says about contact; None when it says nothing for certain."""
    return {Wish.YES: True, Wish.NO: False}.get(wish_of(text, contact))


def _said_in_fields(plain: str, contact: ContactPolicy) -> set[bool | None]:
    """The answers in the fields of a form: None for one that is left empty, or says neither."""
    if not contact.request_fields:
        return set()
    ticked, named, headed = _fields(contact.request_fields)
    below = [_answer(found["value"], contact) for found in headed.finditer(plain)]
    said: set[bool | None] = {answer for answer in below if answer is not None}
    said |= {found["box"] == "x" for found in ticked.finditer(plain)}
    for found in named.finditer(plain):
        value, is_empty = found["value"], not found["value"] and bool(found["colon"]) and not said
        answer = _answer(value, contact)
        if answer is not None or value in contact.undecided_values or is_empty:
            said.add(answer)
    return said


def _answer(value: str, contact: ContactPolicy) -> bool | None:
    if re.fullmatch(_TICKED, value):
        return True
    if re.fullmatch(_CROSSED, value) or value in contact.negations:
        return False
    return contact.asks(value) if value else None


def _chunks(plain: str) -> Iterator[str]:
    """The parts of a text that belong together: its lines, but for those that only go on with the one before."""
    chunk = ""
    for line in plain.splitlines():
        if chunk and line.strip() and not _LABELLED.match(line):
            chunk = f"{chunk} {line}"
            continue
        yield chunk
        chunk = line
    yield chunk


@dataclass(frozen=True)
class _Match:
    start: int
    end: int


def _asked(chunk: str, contact: ContactPolicy) -> Iterator[Wish]:
    """Each place where a phrase asks: YES, NO where it is denied, UNSURE where it only asks about one."""
    refused = list(_matches(chunk, contact.refusal_phrases))
    for match in _matches(chunk, contact.request_phrases):
        is_refused = any(one.start <= match.end and match.start <= one.end for one in refused)
        if is_refused or _is_denied(chunk, match, contact):
            yield Wish.NO
        elif _ends_as_question(chunk, match.end):
            yield Wish.UNSURE
        else:
            yield Wish.YES
    if refused:
        yield Wish.NO


def _matches(chunk: str, phrases: tuple[str, ...]) -> Iterator[_Match]:
    """Where phrases stand; of those that end alike the shortest, so that no gap reaches over another beginning."""
    if not phrases:
        return
    pattern = _phrases(phrases, overlapping=True)
    shortest = {found.end(1): found.start(1) for found in pattern.finditer(chunk)}  # later ones begin later
    yield from (_Match(start, end) for end, start in sorted(shortest.items()))


def _is_denied(chunk: str, match: _Match, contact: ContactPolicy) -> bool:
    sentence = re.split(r"[.!?;\n]", chunk[: match.start])[-1]
    words = [*_WORD.findall(sentence)[-_MOST_BEFORE:], *_WORD.findall(chunk[match.start : match.end])]
    return any(word in contact.negations or word.endswith(_NOT) for word in words)


def _ends_as_question(chunk: str, end: int) -> bool:
    found = re.search(r"[.!?;\n]", chunk[end:])
    return found is not None and found[0] == "?"


@lru_cache(maxsize=32)
def _phrases(phrases: tuple[str, ...], *, overlapping: bool = False) -> re.Pattern[str]:
    one = "|".join(_phrase(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    whole = rf"(?<!\w)(?:{one})(?!\w)"
    return re.compile(rf"(?=({whole}))" if overlapping else whole)


def _phrase(phrase: str) -> str:
    gap = rf"{_BREAK}(?:[\w']+{_BREAK}){{0,{_MOST_BETWEEN}}}?"
    return gap.join(_words(part) for part in phrase.casefold().split(GAP))


def _words(part: str) -> str:
    """The words of a part, one after another; of `a|b` either."""
    return r"\s+".join(f"(?:{'|'.join(map(re.escape, filter(None, word.split(OR))))})" for word in part.split())


@lru_cache(maxsize=32)
def _fields(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Fields that are ticked, `[x] name`; that have a value, `name: yes`, `name? no`; or have it in a line below."""
    by_length = sorted(names, key=len, reverse=True)
    spelt = {name: r"[\s_-]+".join(map(re.escape, name.casefold().split())) for name in by_length}
    any_name = "|".join(spelt.values())
    with_more = "|".join(spelling for name, spelling in spelt.items() if " " in name)
    named = rf"(?:(?:{any_name})|(?:{with_more})(?:[^\S\n]+[\w#]+){{1,4}})" if with_more else f"(?:{any_name})"
    between = rf"{_S}*(?:(?P<colon>[:=])|\?{_S}*[:=|-]?|\||{_S}(?:-|\u2013|is){_S}){_S}*"
    return (
        re.compile(rf"\[(?P<box>[x ])\]{_S}*(?:{any_name})(?!\w)"),
        re.compile(rf"(?<!\w){named}{between}{_VALUE}", re.MULTILINE),
        re.compile(rf"^(?:#{{1,6}}{_S}*)?(?:{any_name}){_S}*[:?]?{_S}*\n\s*(?:-{_S}+)?{_VALUE}", re.MULTILINE),
    )
