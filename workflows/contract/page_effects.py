"""Who is on duty, and pages: see `effects`."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import AwareDatetime

from workflows.contract.effect_base import EffectBase, Urgency


class AskWhoIsOnDuty(EffectBase):
    """Ask who of the managers is on duty. `purpose` tells the rule what it wanted to know it for.

    The people in `skip` (Slack ids) are no answer: they were tried.
    """

    type: Literal["ask_who_is_on_duty"] = "ask_who_is_on_duty"
    purpose: str
    skip: tuple[str, ...] = ()
    fallback_only: bool = False
    """Only whom the policy names for when nobody is on duty: people and group."""
    at: datetime | None = None
    """Who was on duty then; None for now, which is when it is asked."""
    tries: int = 1
    """So often the on-call schedule is asked, where it may answer later, before a stand-in is taken for it."""

    LANE: ClassVar[str] = "pager:read"
    """Urgent by nature: a lane of its own."""


class AskWhoTheyAre(EffectBase):
    """Ask who these people are (Slack ids or e-mail addresses), for their time zones; answered by a `Duty`.

    Whoever cannot be reached is not among them.
    """

    type: Literal["ask_who_they_are"] = "ask_who_they_are"
    purpose: str
    names: tuple[str, ...]

    LANE: ClassVar[str] = "slack:people"


class AskWhoResponds(EffectBase):
    """Ask who responds to incidents now: the group, who is on call, and the lead."""

    type: Literal["ask_who_responds"] = "ask_who_responds"
    urgency: Urgency = Urgency.ESCALATION

    LANE: ClassVar[str] = "pager:responders"
    """Urgent by nature: a lane of its own."""

    def collapse_key(self) -> str | None:
        """Asking twice is asking once."""
        return "responders"


class OpenPage(EffectBase):
    """Page somebody. What is said is rendered from the case when it leaves; a page nobody wants any more stays.

    Under one `key` there is one page, however often this is tried, and whoever tries it.
    """

    type: Literal["open_page"] = "open_page"
    urgency: Urgency = Urgency.ESCALATION
    what: str
    """Names the page's rendering."""
    service: str
    key: str
    thread: str
    """The slot of the message in whose thread it is talked about."""

    LANE: ClassVar[str] = "pager:page"
    """Nothing stands before a page."""


class AskPage(EffectBase):
    """Ask how a page stands before anybody is pinged about it; answered by a `PageNow`, or None where there is none.

    What was asked of all open pages since `asked_at` answers it as well.
    """

    type: Literal["ask_page"] = "ask_page"
    urgency: Urgency = Urgency.ESCALATION
    key: str
    asked_at: AwareDatetime

    LANE: ClassVar[str] = "pager:ask"
    """One after another, so that one call answers all that wait."""


class AcknowledgePage(EffectBase):
    """Tell the paging service that somebody has taken it."""

    type: Literal["acknowledge_page"] = "acknowledge_page"
    urgency: Urgency = Urgency.ANSWER
    page_id: str

    LANE: ClassVar[str] = "pager:update"
    """One after another: acknowledged before resolved."""


class ResolvePage(EffectBase):
    """Tell the paging service that it is over."""

    type: Literal["resolve_page"] = "resolve_page"
    urgency: Urgency = Urgency.ANSWER
    page_id: str

    LANE: ClassVar[str] = "pager:update"
    """One after another: acknowledged before resolved."""
