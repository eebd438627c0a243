"""The sentences of satisfaction reviews: what people read that is not a layout."""

from datetime import datetime

from workflows.contract.events import EffectFailed, Failure
from workflows.lib.markup import defuse_handles, quoted_as_code
from workflows.lib.templates import fill
from workflows.lib.tickets import TicketRef
from workflows.policy.model import Policy
from workflows.policy.review import Tone
from workflows.review.model import Assessment, ReviewCase, ReviewState, Said, Source

TONES = {Tone.GOOD: "Good", Tone.BAD: "Bad", Tone.NEUTRAL: "Neutral"}
SOURCES = {
    Source.TICKETS: "the ticket system",
    Source.TRACKER: "a feedback issue",
    Source.COMMAND: "/feedback review",
    Source.INDIRECT: "what a customer success manager passed on",
}


def issue_title(tone: Tone, ticket: TicketRef | None, policy: Policy) -> str:
    """The exact title of a ticket's feedback issue."""
    return fill(policy.review.issue_titles[tone], {"ticket": str(ticket)} if ticket else {})


def issue_description(case: ReviewCase, policy: Policy) -> str:
    """What an issue that is opened says: the link that only staff can open, and what the customer said."""
    link = (policy.tickets.agent_url(case.ticket) if case.ticket else None) or f"ticket {case.ticket}"
    head = f"{TONES[case.tone]} feedback for {link} ({case.id}), by {SOURCES[case.said[0].source]}."
    contact = "\n\nManager contact requested: yes" if case.contact_requested else ""
    return f"{head}{contact}\n\n{quoted(case.words) if case.words else 'The customer left no comment.'}"


def change_comment(said: Said, before: Tone) -> str:
    """For the issue: the customer said something new."""
    change = (
        "added to their feedback" if said.tone is before else f"changed their feedback from {before} to {said.tone}"
    )
    return f"The customer {change}." + (f"\n\n{quoted(said.words)}" if said.words else "")


def assessment_comment(found: Assessment) -> str:
    """The page's template for a comment on the feedback issue."""
    lines = (
        ("Summary of ticket/feedback:", found.summary),
        ("Action to be taken:", found.action or "None"),
        ("Contact customer to discuss feedback? (Y/N)", "Y" if found.contact else "N"),
    )
    return "\n".join(f"* **{name}** {_indented(text)}" for name, text in lines)


def discussion_comment(why: str) -> str:
    """For the issue: why it stays open."""
    return f"Left open for more discussion:\n\n{quoted(why)}"


def quoted(text: str) -> str:
    """What somebody typed, as a quotation in the tracker that notifies nobody and loads nothing."""
    return quoted_as_code(text)


def _indented(text: str) -> str:
    """Further lines belong to the same point of the list."""
    return "\n  ".join(line.strip() for line in defuse_handles(text).strip().splitlines())


def age(case: ReviewCase, policy: Policy, now: datetime) -> str:
    """How old a review is, for a list: in days of the calendar, as its digests are counted."""
    rated, today = (at.astimezone(policy.zone).date() for at in (case.rated_at or case.opened_at, now))
    days = (today - rated).days
    return "today" if days < 1 else f"{days} day{'s' if days > 1 else ''} old"


def waits_for(case: ReviewCase, policy: Policy) -> str:
    """What it waits for, in a few words."""
    match case.state:
        case ReviewState.CLOSED:
            return "nothing: it is closed"
        case ReviewState.RECORDED:
            return f"nothing: {case.no_survey}"
        case _ if case.contact is not None and not case.contact.is_over:
            return f"contact with the customer ({case.contact.case or 'opening the request'})"
        case _ if case.is_bad and len(case.labels) > 1:
            return "one feedback label: the issue has " + " and ".join(case.labels)
        case ReviewState.DISCUSSING if case.discussion is not None:
            return "more discussion"
        case _ if case.is_bad and case.label is None:
            return "your triage" if case.assessment is None else "a feedback label"
        case _ if case.is_bad:
            return "closing"
        case _ if case.tone is Tone.GOOD and policy.review.close_good_after is not None:
            return f"a look at its comments; closes by itself after {policy.review.close_good_after.words}"
        case _:
            return "a look at its comments"


def closed_sentence(case: ReviewCase) -> str:
    """Nothing more can be done."""
    if case.state == ReviewState.RECORDED:
        return f"{case.id} is only recorded: {case.no_survey}. Nothing was changed."
    by = case.closing.by if case.closing else "somebody"
    who = f"<@{by}>" if by.isalnum() and by.isupper() else by
    return f"{case.id} is closed already, by {who}. Nothing was changed."


def taken_sentence(case: ReviewCase) -> str:
    """For who reported feedback by hand."""
    return f":white_check_mark: Recorded as *{case.id}*. The Reviewing Manager on duty will look at it."


def known_sentence(case: ReviewCase) -> str:
    """For who reported feedback on a ticket that has a review."""
    return f":information_source: Ticket {case.ticket} already has a review: *{case.id}*. I added what you wrote."


def issue_trouble(case: ReviewCase, event: EffectFailed) -> str:
    """Why the feedback issue is not as it should be, and what to do by hand."""
    by_hand = (
        "Please open it, label it and assign it by hand."
        if case.issue is None
        else "Please comment, label and close it by hand."
    )
    if event.failure is Failure.NOT_CONNECTED:
        return f"The issue tracker isn't connected. {by_hand}"
    return f"{event.sentence} {by_hand}"
