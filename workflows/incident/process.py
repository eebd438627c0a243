"""Incidents, as the engine knows them."""

from workflows.facts import PageChanged
from workflows.incident import model
from workflows.incident.rules import decide, wanted
from workflows.process import Process

INCIDENT = Process(
    kind=model.KIND,
    prefix=model.PREFIX,
    model=model.IncidentCase,
    blank=model.blank,
    decide=decide,
    wanted=wanted,
    hears=(PageChanged,),
)
