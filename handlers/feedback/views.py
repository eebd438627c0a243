"""What people see of feedback, by the names the rules use."""

from handlers.feedback import cards, modals, notices
from handlers.kit.notices import admin_notice
from workflows.contract.alerts import ADMIN_NOTICE
from workflows.contract.process import Views
from workflows.feedback import outputs
from workflows.feedback.model import FeedbackCase

VIEWS: Views[FeedbackCase] = Views(
    messages={
        outputs.CARD: cards.card,
        outputs.FORMER_CARD: cards.former_card,
        outputs.CONFIRMATION: cards.confirmation,
        outputs.CALL: cards.manager_call,
        outputs.ACKNOWLEDGE_REMINDER: notices.acknowledge_reminder,
        outputs.TELL_CUSTOMER_REMINDER: notices.tell_customer_reminder,
        "words_notice": notices.words_notice,
        "acknowledged_notice": notices.acknowledged_notice,
        "linked_notice": notices.linked_notice,
        "moved_notice": notices.moved_notice,
        "manager_took_notice": notices.manager_took_notice,
        "manager_called_notice": notices.manager_called_notice,
        "no_manager_notice": notices.no_manager_notice,
        "tag_failed_notice": notices.tag_failed_notice,
        "issue_failed_notice": notices.issue_failed_notice,
        "channel_notice": notices.channel_notice,
        ADMIN_NOTICE: admin_notice,
    },
    modals={"draft": modals.open_draft},
    wordy=frozenset({outputs.CARD}),
)
