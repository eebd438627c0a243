"""What goes from one case to others: see `effects`."""

from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime, Field

from workflows.contract.effect_base import EffectBase


class SummarizeCases(EffectBase):
    """Ask for a summary of each case of these kinds: for a digest, a hand-over, a weekly post.

    Answered by `CaseSummaries`. A case is among them when it is open, or was closed since `since` (ever, where that is
    None), and, where an `owner` is named, belongs to them. With `unowned` those nobody owns are among them: beside the
    owner's, or alone. `purpose` tells the rule what it asked for.
    """

    type: Literal["summarize_cases"] = "summarize_cases"
    purpose: str
    kinds: tuple[str, ...]
    owner: str | None = None
    unowned: bool = False
    since: AwareDatetime | None = None

    LANE: ClassVar[str] = "desk:summaries"
    """Read from the desk's own database."""


class NotifyCase(EffectBase):
    """Let another case know something: the one of this kind that is open under `key`; where there is none, it opens.

    It gets a `CaseNotified`, which its rule answers with a case that holds `key` as its open key. So a review lets its
    manager's rotation know of it, and neither rule knows the other.
    """

    type: Literal["notify_case"] = "notify_case"
    kind: str
    key: str
    purpose: str
    details: dict[str, Any] = Field(default_factory=dict)

    LANE: ClassVar[str] = "desk:cases"
    """Between cases of the desk itself."""
