"""Incidents, as the engine knows them."""

from workflows.contract.facts import PageChanged
from workflows.contract.process import Process
from workflows.incident import model
from workflows.incident.rules import decide, wanted
from workflows.incident.summary import summarize

INCIDENT = Process(
    kind=model.KIND,
    prefix=model.PREFIX,
    model=model.IncidentCase,
    blank=model.blank,
    decide=decide,
    wanted=wanted,
    handles=(PageChanged,),
    summarize=summarize,
)
