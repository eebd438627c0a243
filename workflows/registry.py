"""The processes the desk runs. A new one is added here, with its face in `handlers.registry`."""

from typing import Any

from workflows.contact.process import CONTACT
from workflows.contract.process import Process
from workflows.feedback.process import FEEDBACK
from workflows.incident.process import INCIDENT

PROCESSES: dict[str, Process[Any]] = {process.kind: process for process in (FEEDBACK, CONTACT, INCIDENT)}
