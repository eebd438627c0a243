"""Requests to Support Operations, as the engine knows them."""

from workflows.contract.facts import IssueChanged, IssueCommented, MergeRequestChanged
from workflows.contract.process import Process
from workflows.request import model
from workflows.request.rules import decide, summarize, wanted

REQUEST = Process(
    kind=model.KIND,
    prefix=model.PREFIX,
    model=model.RequestCase,
    blank=model.blank,
    decide=decide,
    wanted=wanted,
    summarize=summarize,
    handles=(IssueChanged, IssueCommented, MergeRequestChanged),
)
