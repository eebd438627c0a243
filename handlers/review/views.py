"""What people see of satisfaction reviews, by the names the rules use."""

from workflows.contract.process import Views
from workflows.review.model import ReviewCase

VIEWS: Views[ReviewCase] = Views(messages={}, modals={})
