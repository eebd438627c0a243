"""What the listeners of feedback say at once and privately."""

from workflows.feedback import texts
from workflows.feedback.model import FeedbackCase
from workflows.lib.markup import escape, slack_date
from workflows.policy.model import Policy


def help_text(policy: Policy) -> str:
    """The answer to `/feedback help`."""
    kinds = ", ".join(words.label.lower() for words in policy.feedback.kinds.values())
    return "\n".join(
        (
            "*Send a customer's feedback where it belongs.*",
            "`/feedback` opens the form.",
            "`/feedback 123456 what the customer said` opens it filled in; any link to the ticket will do, too.",
            "`/feedback help` shows this.",
            "`/feedback review 123456 what they said` records how a customer found our support.",
            "`/feedback reviews` is the Reviewing Manager's queue, `/feedback trends 30d` the numbers.",
            "On any message: _More actions_ → *Send as feedback*.",
            f"Kinds: {kinds}. In all of them the ticket is tagged `{policy.feedback.tag}`.",
            "You get a reply to copy and tell the customer yourself: the desk never writes to a customer.",
        )
    )


def not_called(policy: Policy) -> str:
    """Only who was called takes it."""
    group = policy.managers.group
    who = f"the managers (@{escape(group)})" if group else "the managers"
    return f"Only {who} and who was called can take this. Nothing was changed."


def other_project(policy: Policy) -> str:
    """An issue where no feedback is added."""
    return (
        f"Feedback goes only into issues of {' and '.join(policy.feedback.issue_projects)}: the customer's words go "
        "with it. Whoever keeps the policy can name more projects (feedback.more_issue_projects)."
    )


def not_yours() -> str:
    """A draft of somebody else's."""
    return "Only who typed this draft can change or send it. Nothing was changed."


def closed(case: FeedbackCase, policy: Policy) -> str:
    """Nothing more happens to a closed case."""
    return texts.closed_sentence(case, policy)


def duplicate(other: FeedbackCase) -> str:
    """There is an open case for this already."""
    return f"{other.id} is open for this ticket already. Please use that one."


def unfinished(draft: FeedbackCase, policy: Policy) -> str:
    """Why the form is not empty."""
    return f":floppy_disk: You typed this {slack_date(draft.opened_at, policy.zone)} and did not send it."
