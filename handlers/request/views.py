"""What people see of requests, by the names the rules use."""

from handlers.kit.notices import admin_notice
from handlers.request import cards, notices
from workflows.contract.alerts import ADMIN_NOTICE
from workflows.contract.process import Views
from workflows.request import outputs
from workflows.request.model import POSTED, RequestCase

VIEWS: Views[RequestCase] = Views(
    messages={
        outputs.CARD: cards.card,
        POSTED: cards.posted,
        outputs.FORMER: cards.former,
        outputs.ASKED: notices.asked,
        outputs.TEST: notices.test,
        outputs.ASKED_REMINDER: notices.asked_reminder,
        outputs.TEST_REMINDER: notices.test_reminder,
        outputs.QUESTION_REMINDER: notices.question_reminder,
        outputs.TAKE_OVER: notices.take_over,
        outputs.NEWS: notices.news,
        ADMIN_NOTICE: admin_notice,
    },
    modals={},
    wordy=frozenset({POSTED}),
)
