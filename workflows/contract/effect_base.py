"""What all effects have: how urgent each is, and in which lane it leaves."""

from enum import IntEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Urgency(IntEnum):
    """Which effects leave first. Escalations before chores."""

    ESCALATION = 0
    ANSWER = 10
    """Somebody is looking at the screen and waits for it."""
    NORMAL = 20
    CHORE = 30
    """Tidying up behind the desk itself: nobody waits for it."""


class EffectBase(BaseModel):
    """What all effects have."""

    model_config = ConfigDict(frozen=True)

    urgency: Urgency = Urgency.NORMAL
    once: str | None = None
    """A key under which this is done once, ever: a second effect of the same key is dropped."""

    LANE: ClassVar[str] = ""
    """The name of its lane; what stands in braces is taken from its fields."""

    @property
    def lane(self) -> str:
        """Effects of one lane leave one after another, and only this lane waits when it is told to."""
        return self.LANE.format_map(dict(self))

    def collapse_key(self) -> str | None:
        """Effects with the same key of one case, while they wait, are one."""
        return None
