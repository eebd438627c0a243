"""The sentences of feedback: what people read that is not a layout. What a company sets comes from its policy."""

from workflows.contract.events import EffectFailed, Failure
from workflows.contract.values import Stamp
from workflows.feedback.model import FeedbackCase
from workflows.lib.markup import cut, defuse_handles, quoted_as_code, slack_date
from workflows.lib.templates import fill
from workflows.policy.feedback import Kind, WordsInIssues
from workflows.policy.model import Policy

TITLE_LIMIT = 120
LONGEST_SEARCH = 500
"""So much of a text is looked for."""


def kind_label(case: FeedbackCase, policy: Policy) -> str:
    """What this kind of feedback is called."""
    return policy.feedback.kinds[case.kind].label


def area_label(case: FeedbackCase, policy: Policy) -> str:
    """What this area of the product is called; one that has left the policy keeps its key."""
    area = policy.feedback.areas.get(case.area)
    return area.label if area else case.area


def reply(case: FeedbackCase, policy: Policy) -> str:
    """The reply to the customer, to copy. A person sends it, the desk never does."""
    return fill(
        policy.feedback.kinds[case.kind].reply,
        {
            **({"ticket": str(case.ticket.number)} if case.ticket else {}),
            "company": policy.company.name,
            "new_issue_url": policy.feedback.new_issue_url,
            **({"issue_url": case.issue.url} if case.issue else {}),
        },
    )


def whole_text(case: FeedbackCase) -> str:
    """What was typed, and what was added later."""
    return "\n\n".join((case.text, *case.more))


def search_words(case: FeedbackCase) -> str:
    """What existing issues are searched for: the feature it is about, else what the customer said."""
    return case.feature or case.text[:LONGEST_SEARCH]


def issue_title(case: FeedbackCase, policy: Policy) -> str:
    """The title of an issue opened for this feedback: its feature, or the beginning of the text; else its area."""
    said = case.feature or (area_label(case, policy) if _without_words(policy) else case.text)
    lead = "Bug report" if case.kind is Kind.BUG else "Customer feedback"
    return cut(defuse_handles(f"{lead}: {' '.join(said.split())}"), TITLE_LIMIT)


def issue_comment(case: FeedbackCase, policy: Policy) -> str:
    """What is written into the tracker: the text and the link only staff can open; never who the customer is."""
    where = (policy.tickets.agent_url(case.ticket) if case.ticket else None) or f"ticket {case.ticket}"
    if _without_words(policy):
        about = f" about {defuse_handles(case.feature)}" if case.feature else ""
        return f"A customer told us something{about} ({where}). Staff find their words in the ticket ({case.id})."
    return f"A customer told us ({where}):\n\n{quoted_as_code(whole_text(case))}"


def _without_words(policy: Policy) -> bool:
    return policy.feedback.words_in_issues is WordsInIssues.LEFT_OUT


def closed_sentence(case: FeedbackCase, policy: Policy) -> str:
    """Why nothing can be done any more."""
    when = f" {slack_date(case.closed_at, policy.zone)}" if case.closed_at else ""
    return f"{case.id} was closed{when}: the customer has been told. Nothing was changed."


def acknowledged_sentence(case: FeedbackCase, act: Stamp, policy: Policy) -> str:
    """Who was first."""
    return f"<@{act.by}> acknowledged {case.id} already, {slack_date(act.at, policy.zone)}."


def already_told_sentence(act: Stamp, policy: Policy) -> str:
    """Say that the customer was told before, and when."""
    return f"The customer was told already, {slack_date(act.at, policy.zone)}."


def tag_trouble(case: FeedbackCase, event: EffectFailed, policy: Policy) -> str:
    """Why the ticket is not tagged, and what to do by hand."""
    tag = policy.feedback.tag
    match event.failure:
        case Failure.NOT_FOUND:
            return f"There is no ticket {case.ticket}. Correct the number, and it is tagged."
        case Failure.REFUSED:
            return f"{event.sentence} Please tag the follow-up ticket “{tag}” by hand."
        case Failure.NOT_CONNECTED:
            return f"The ticket system is not connected here. Please tag the ticket “{tag}” by hand."
        case _:
            return f"{event.sentence} Please tag the ticket “{tag}” by hand, or try again."


def issue_trouble(event: EffectFailed) -> str:
    """Why the tracker does not have it, and what to do by hand."""
    if event.failure is Failure.NOT_CONNECTED:
        return "The issue tracker is not connected here. Please add it there by hand and link the issue."
    return f"{event.sentence} Please add it there by hand and link the issue, or try again."
