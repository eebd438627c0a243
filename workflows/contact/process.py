"""Manager contact, as the engine knows it."""

from workflows.contact import model
from workflows.contact.rules import decide, wanted
from workflows.contact.summary import summarize
from workflows.contract.facts import IssueChanged, TicketChanged
from workflows.contract.process import Process

CONTACT = Process(
    kind=model.KIND,
    prefix=model.PREFIX,
    model=model.ContactCase,
    blank=model.blank,
    decide=decide,
    summarize=summarize,
    wanted=wanted,
    handles=(TicketChanged, IssueChanged),
)
