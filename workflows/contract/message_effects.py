"""Messages and modals in Slack: see `effects`."""

from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from workflows.contract.effect_base import EffectBase, Urgency


class Place(BaseModel):
    """Where in Slack: a channel (`#name` or id) or a person's DM with the bot."""

    model_config = ConfigDict(frozen=True)

    channel: str | None = None
    user: str | None = None

    @property
    def name(self) -> str:
        """How lanes and logs call it: `#product`, or `@U123` for a DM."""
        return self.channel or f"@{self.user}"


def channel(name: str) -> Place:
    """A channel, by name or id."""
    return Place(channel=name)


def dm(user: str) -> Place:
    """The DM between the bot and this person."""
    return Place(user=user)


class ShowCard(EffectBase):
    """Show the case in a message that is updated in place, and posted anew when it is gone.

    `slot` names the message among the case's (`card`, `confirmation`); its rendering bears the same name.
    """

    type: Literal["show_card"] = "show_card"
    slot: str
    to: Place
    thread_of: str | None = None
    """The slot of the card in whose thread it belongs."""

    LANE: ClassVar[str] = "slack:{to.name}"
    """One lane a channel."""

    def collapse_key(self) -> str | None:
        """Refreshing twice is refreshing once."""
        return f"card:{self.slot}:{self.to.name}"


class Say(EffectBase):
    """Post a message that stays as it is. `what` names its rendering, `details` is what it may need."""

    type: Literal["say"] = "say"
    what: str
    to: Place
    thread_of: str | None = None
    """The slot of the card in whose thread it belongs."""
    details: dict[str, Any] = Field(default_factory=dict)

    LANE: ClassVar[str] = "slack:{to.name}"
    """One lane a channel."""


class Whisper(EffectBase):
    """Say something in a channel (by id) that only one person sees; `thread` is the ts of the message it hangs on.

    Slack keeps it nowhere: shown twice after a crash, it is gone at the next reload, and nobody else saw it.
    """

    type: Literal["whisper"] = "whisper"
    urgency: Urgency = Urgency.ANSWER
    what: str
    channel: str
    user: str
    thread: str | None = None
    details: dict[str, Any] = Field(default_factory=dict)

    LANE: ClassVar[str] = "slack:whisper:{channel}"


class LookAgain(EffectBase):
    """Look for a message by its mark: a try of it ended without an answer, and Slack may have posted it yet.

    Of what is found, the one that the case knows stays (of a message that is said once, the oldest); the others go.
    With `adopt` one that the case does not know may stay, too: a rule is told where it stands.
    """

    type: Literal["look_again"] = "look_again"
    urgency: Urgency = Urgency.CHORE
    mark: str
    message: ShowCard | Say = Field(discriminator="type")
    since: AwareDatetime
    """When it was decided: it cannot have been posted before."""
    round: int = 1
    adopt: bool = False

    LANE: ClassVar[str] = "slack:look"
    """Looking holds up nothing that people wait for."""

    def collapse_key(self) -> str | None:
        """Each round of looking is one, however many tries were lost."""
        return f"look:{self.mark}:{self.round}"


class ShowView(EffectBase):
    """Show the case in a modal that is open."""

    type: Literal["show_view"] = "show_view"
    urgency: Urgency = Urgency.ANSWER
    view: str
    view_id: str

    LANE: ClassVar[str] = "slack:view:{view_id}"
    """Modals of different people do not wait for each other."""

    def collapse_key(self) -> str | None:
        """Refreshing twice is refreshing once."""
        return f"view:{self.view_id}"
