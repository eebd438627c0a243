"""Feedback, as the engine knows it."""

from workflows.contract.process import Process
from workflows.feedback import model
from workflows.feedback.rules import decide, wanted

FEEDBACK = Process(
    kind=model.KIND,
    prefix=model.PREFIX,
    model=model.FeedbackCase,
    blank=model.blank,
    decide=decide,
    wanted=wanted,
)
