"""Files and canvases in Slack, and paragraphs of documents: see `effects`."""

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from workflows.contract.effect_base import EffectBase


class MarkedText(BaseModel):
    """A paragraph, and what tells it from others."""

    model_config = ConfigDict(frozen=True)

    mark: str
    text: str


class WriteDocument(EffectBase):
    """Put paragraphs below a heading of a document, each once."""

    type: Literal["write_document"] = "write_document"
    document: str
    heading: MarkedText
    paragraphs: tuple[MarkedText, ...]

    LANE: ClassVar[str] = "documents:write"


class WriteCanvas(EffectBase):
    """Add a section to a Slack canvas, once."""

    type: Literal["write_canvas"] = "write_canvas"
    canvas: str
    heading: str
    markdown: str

    LANE: ClassVar[str] = "slack:canvas"


class UploadFile(EffectBase):
    """Send a file to a person's DM (Slack id). `what` names its rendering, `details` is what it may need."""

    type: Literal["upload_file"] = "upload_file"
    what: str
    user: str
    details: dict[str, Any] = Field(default_factory=dict)

    LANE: ClassVar[str] = "slack:@{user}"
