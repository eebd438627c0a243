"""The requests of a period as a table, for a manager who counts them."""

from typing import Final

from workflows.contact import outputs
from workflows.contact.events import ExportAsked
from workflows.contact.model import ContactCase
from workflows.contract.events import EffectFailed
from workflows.contract.file_effects import UploadFile
from workflows.contract.process import Decision, Note

EXPORT: Final = "contact_export"
EXPORT_FAILED: Final = "export_failed"


def asked(case: ContactCase, event: ExportAsked) -> Decision[ContactCase]:
    """Send it by direct message."""
    details = {"rows": event.rows, "since": event.since.isoformat(), "until": event.until.isoformat()}
    file = UploadFile(what=EXPORT, user=event.by, details=details)
    return Decision(case, (Note(event.by, f"asked for a table of {len(event.rows)} requests"),), (file,))


def not_sent(case: ContactCase, file: UploadFile, event: EffectFailed) -> Decision[ContactCase]:
    """Tell who waits for it why it does not come."""
    told = outputs.inform((file.user,), EXPORT_FAILED, but="", sentence=event.sentence)
    return Decision(case, (Note("desk", f"could not send the table: {event.sentence}"),), told)
