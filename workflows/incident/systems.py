"""The criticality sheet: which systems a text names, and how critical some systems are together."""

import re
from collections.abc import Iterable, Iterator

from workflows.policy.incident import IncidentPolicy, LevelPolicy


def systems_in(text: str, policy: IncidentPolicy) -> tuple[str, ...]:
    """The systems a text names, the most critical first; a longer name goes before a shorter one in it."""
    found, rest = set(), text
    for name, system in sorted(_names(policy), key=lambda pair: -len(pair[0])):
        pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        rest, times = pattern.subn(" · ", rest)
        if times:
            found.add(system)
    ranks = {level: rank for rank, level in enumerate(policy.ranking)}
    return tuple(
        sorted((key for key in policy.systems if key in found), key=lambda key: ranks[policy.systems[key].level])
    )


def level_of(systems: Iterable[str], other: str, policy: IncidentPolicy) -> str:
    """The highest level of these systems; one that is not in the sheet counts as the level that pages soonest."""
    keys = tuple(systems)
    if other or not keys or any(key not in policy.systems for key in keys):
        return policy.ranking[0]
    return policy.highest(policy.systems[key].level for key in keys)


def level_read(systems: Iterable[str], policy: IncidentPolicy) -> str:
    """How critical a message counts that nobody has said anything about yet, by the systems it names, if any."""
    named = tuple(systems)
    return level_of(named, "", policy) if named else policy.unknown_level


def level_policy(level: str, policy: IncidentPolicy) -> LevelPolicy:
    """What holds for a level; for one that has left the policy, what holds for the most critical."""
    return policy.levels[policy.highest([level])]


def names_of(systems: Iterable[str], other: str, policy: IncidentPolicy) -> str:
    """The systems in words."""
    known = (policy.systems[key].label if key in policy.systems else key for key in systems)
    return ", ".join([*known, *([other] if other else [])]) or "an unknown system"


def _names(policy: IncidentPolicy) -> Iterator[tuple[str, str]]:
    for key, system in policy.systems.items():
        for name in system.names:
            yield name, key
