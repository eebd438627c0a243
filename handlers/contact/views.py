"""What people see of manager contact, by the names the rules use."""

from handlers.contact import cards, listing, notices
from handlers.kit.notices import admin_notice
from workflows.contact import exporting, outputs
from workflows.contact.model import ContactCase, NoticeKind
from workflows.contract.alerts import ADMIN_NOTICE
from workflows.contract.process import Views

VIEWS: Views[ContactCase] = Views(
    messages={
        outputs.CARD: cards.card,
        **{kind.value: notices.private for kind in NoticeKind},
        "assigned_notice": notices.assigned_notice,
        "nobody_notice": notices.nobody_notice,
        "unclaimed_notice": notices.unclaimed_notice,
        "overdue_notice": notices.overdue_notice,
        "reminder_notice": notices.reminder_notice,
        "unreachable_notice": notices.unreachable_notice,
        "taken_up_notice": notices.taken_up_notice,
        outputs.QUESTION: notices.question,
        "named_notice": notices.named_notice,
        "briefing": notices.briefing,
        "brief_failed_notice": notices.brief_failed_notice,
        "assign_failed_notice": notices.assign_failed_notice,
        exporting.EXPORT_FAILED: notices.export_failed,
        "contacted_notice": notices.contacted_notice,
        "wrong_ticket_notice": notices.wrong_ticket_notice,
        "cancelled_notice": notices.cancelled_notice,
        "issue_failed_notice": notices.issue_failed_notice,
        "channel_notice": notices.channel_notice,
        ADMIN_NOTICE: admin_notice,
    },
    modals={},
    files={exporting.EXPORT: listing.table},
    wordy=frozenset({outputs.CARD}),
)
