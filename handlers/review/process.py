"""Satisfaction reviews, as the desk runs them."""

from handlers.kit.process import DeskProcess
from handlers.review import home, listeners
from handlers.review.views import VIEWS
from workflows.review import intake, process

REVIEW = DeskProcess(
    rules=process.REVIEW,
    views=VIEWS,
    register=listeners.register,
    home=home.blocks,
    fact_handlers=(intake.handle_ratings,),
)
