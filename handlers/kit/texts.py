"""What listeners of every process say at once and privately."""

from workflows.lib.markup import code_block, escape


def not_for_guests() -> str:
    """A guest cannot use the desk."""
    return "Only full members of this workspace can use the escalation desk. Please ask a colleague to do it."


def not_known() -> str:
    """Slack could not be asked who somebody is, so they are shown nothing."""
    return "Slack can't say right now who you are. Please try again in a minute."


def not_opened(text: str = "") -> str:
    """Slack did not let us open the modal; what was typed comes back."""
    return with_what_was_typed("Slack did not open the form in time. Please try again.", text)


def no_such_case(case_id: str) -> str:
    """A button of a case nobody knows."""
    return f"I do not know the case “{escape(case_id[:20])}”. This message may be older than the desk's memory."


def with_what_was_typed(sentence: str, text: str) -> str:
    """A sentence, and below it what the person typed, so that nothing is lost."""
    return f"{sentence}\nWhat you typed:\n{code_block(text)}" if text.strip() else sentence
