"""Files that leave for Slack: see `effects`."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from workflows.contract.effect_base import EffectBase


class UploadFile(EffectBase):
    """Send a file to a person's DM (Slack id). `what` names its rendering, `details` is what it may need."""

    type: Literal["upload_file"] = "upload_file"
    what: str
    user: str
    details: dict[str, Any] = Field(default_factory=dict)

    LANE: ClassVar[str] = "slack:@{user}"
