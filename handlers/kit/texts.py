"""What listeners of every process say at once and privately."""

from workflows.lib.markup import code_block


def not_for_guests(text: str = "") -> str:
    """A guest cannot use the desk; what they typed comes back."""
    sentence = "Only full members of this workspace can use the escalation desk. Please ask a colleague to do it."
    return with_what_was_typed(sentence, text)


def not_known(text: str = "") -> str:
    """Slack could not be asked who somebody is, so they are shown nothing; what they typed comes back."""
    return with_what_was_typed("Slack can't say right now who you are. Please try again in a minute.", text)


def not_opened(text: str = "") -> str:
    """Slack did not let us open the modal; what was typed comes back."""
    return with_what_was_typed("Slack did not open the form in time. Please try again.", text)


def no_such_case(case_id: str) -> str:
    """A button of a case nobody knows."""
    return f"I do not know the case “{case_id[:20]}”. This message may be older than the desk's memory."


def with_what_was_typed(sentence: str, text: str) -> str:
    """A sentence, and below it what the person typed, so that nothing is lost."""
    return f"{sentence}\nWhat you typed:\n{code_block(text)}" if text.strip() else sentence
