"""Satisfaction reviews, as the engine knows them."""

from workflows.contract.facts import IssueChanged, IssueCommented, TicketChanged, TicketRated
from workflows.contract.process import Process
from workflows.review import model
from workflows.review.rules import decide
from workflows.review.standing import summarize

REVIEW = Process(
    kind=model.KIND,
    prefix=model.PREFIX,
    model=model.ReviewCase,
    blank=model.blank,
    decide=decide,
    summarize=summarize,
    handles=(TicketRated, TicketChanged, IssueChanged, IssueCommented),
)
