"""What the listeners of feedback say at once and privately."""

from workflows.feedback import wording
from workflows.feedback.model import FeedbackCase
from workflows.policy import Policy
from workflows.text import code_block, slack_date


def help_text(policy: Policy) -> str:
    """`/feedback help`."""
    kinds = ", ".join(words.label.lower() for words in policy.feedback.kinds.values())
    return "\n".join(
        (
            "*Send a customer's feedback where it belongs.*",
            "`/feedback` opens the form.",
            "`/feedback 123456 what the customer said` opens it filled in; any link to the ticket will do, too.",
            "`/feedback help` shows this.",
            "On any message: _More actions_ → *Send as feedback*.",
            f"Kinds: {kinds}. In all of them the ticket is tagged `{policy.feedback.tag}`.",
            "You get a reply to copy and tell the customer yourself: the desk never writes to a customer.",
        )
    )


def not_for_guests(text: str) -> str:
    """A guest cannot use the desk; what they typed comes back."""
    sentence = "Only full members of this workspace can use the escalation desk. Please ask a colleague to do it."
    return _with_what_was_typed(sentence, text)


def not_opened(text: str) -> str:
    """Slack did not let us open the modal; what was typed comes back."""
    return _with_what_was_typed("Slack did not open the form in time. Please try again.", text)


def no_such_case(case_id: str) -> str:
    """A button of a case nobody knows."""
    return f"I do not know the case “{case_id[:20]}”. This message may be older than the desk's memory."


def closed(case: FeedbackCase, policy: Policy) -> str:
    """Nothing more happens to a closed case."""
    return wording.closed_sentence(case, policy)


def twin(other: FeedbackCase) -> str:
    """There is an open case for this already."""
    return f"{other.id} is open for this ticket already. Please use that one."


def unfinished(draft: FeedbackCase, policy: Policy) -> str:
    """Why the form is not empty."""
    return f":floppy_disk: You typed this {slack_date(draft.opened_at, policy.zone)} and did not send it."


def _with_what_was_typed(sentence: str, text: str) -> str:
    return f"{sentence}\nWhat you typed:\n{code_block(text)}" if text.strip() else sentence
