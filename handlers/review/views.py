"""What people see of satisfaction reviews, by the names the rules use."""

from handlers.kit.notices import admin_notice
from handlers.review import chart, notices
from workflows.contract.alerts import ADMIN_NOTICE
from workflows.contract.process import Views
from workflows.review import actions, manager, week
from workflows.review.manager import ManagerCase
from workflows.review.model import ReviewCase
from workflows.review.rotation import RotationCase
from workflows.review.week import WeekCase

REVIEW: Views[ReviewCase] = Views(messages={actions.MANAGER_INFORMED: notices.manager_informed}, modals={})
MANAGER: Views[ManagerCase] = Views(
    messages={
        manager.DIGEST: notices.digest,
        manager.SCORECARD: notices.scorecard,
        manager.HAND_OVER: notices.handed_over,
    },
    modals={},
)
ROTATION: Views[RotationCase] = Views(messages={}, modals={})
WEEK: Views[WeekCase] = Views(
    messages={
        week.POST: notices.week_review,
        week.NOT_SENT: notices.trends_not_sent,
        ADMIN_NOTICE: admin_notice,
    },
    modals={},
    files={week.PICTURE: chart.picture, week.TABLE: chart.table},
    wordy=frozenset({week.POST}),
)
