"""The Reviewing Manager's queue: what waits, bad before good, the oldest first, with its buttons."""

from datetime import datetime
from typing import Any

from handlers.kit.blocks import Block, Element, actions, button, context, divider, modal, section
from handlers.kit.memory import Memory
from handlers.kit.tickets import ticket_link
from handlers.review.ids import Button, View
from workflows.contract.engine import QueuePage
from workflows.contract.values import Progress
from workflows.lib.markup import cut, escape, quote, safe, slack_date
from workflows.policy.model import Policy
from workflows.policy.review import Tone
from workflows.review import texts
from workflows.review.model import ORDER, ReviewCase, TicketCheck

MOST_SHOWN_WORDS = 300
A_PAGE = 12
"""So many reviews a page of the modal: Slack shows a hundred blocks."""
IN_HOME = 6
TONE_EMOJI = {Tone.BAD: ":red_circle:", Tone.NEUTRAL: ":white_circle:", Tone.GOOD: ":large_green_circle:"}


def counted(page: QueuePage[ReviewCase]) -> str:
    """How many wait, in words."""
    counts = ((tone, page.counts.get(rank, 0)) for rank, tone in enumerate(ORDER))
    return ", ".join(f"{count} {tone}" for tone, count in counts if count)


def home(page: QueuePage[ReviewCase], policy: Policy, now: datetime) -> list[Block]:
    """The beginning of the queue, for the App Home."""
    if not page.cases:
        return []
    rows = [block for case in page.cases for block in row(case, policy, now)]
    more = page.total - len(page.cases)
    rest = [context(f"… and {more} more in `/feedback reviews`.")] if more > 0 else []
    return [section(f"*Satisfaction reviews* ({counted(page)})"), *rows, *rest, divider()]


def view(page: QueuePage[ReviewCase], policy: Policy, now: datetime) -> dict[str, Any]:
    """One page of the queue, as a modal."""
    number, pages = page.number, page.pages
    head = section(f"*{page.total} waiting for you* ({counted(page)})" if page.total else "Your queue is empty.")
    rows = [block for case in page.cases for block in row(case, policy, now)]
    turns = [
        *([button("Previous page", Button.PAGE, str(number - 1))] if number else []),
        *([button("Next page", f"{Button.PAGE}.next", str(number + 1))] if number + 1 < pages else []),
    ]
    foot = [*([context(f"Page {number + 1} of {pages}")] if pages > 1 else []), *actions(turns)]
    blocks = [head, *rows, *foot]
    return modal("Reviews", blocks, callback=View.QUEUE, close="Done", metadata=Memory(page=number).text)


def row(case: ReviewCase, policy: Policy, now: datetime) -> list[Block]:
    """One review: what it is, how old, what it waits for, what the customer said, what can be done."""
    return [section("\n".join(lines(case, policy, now))), *actions(buttons(case), block_id=f"row:{case.id}")]


def lines(case: ReviewCase, policy: Policy, now: datetime) -> list[str]:
    """A review in a few lines, for its manager only."""
    said = [quote(cut(safe(case.words), MOST_SHOWN_WORDS))] if case.words else []
    return [
        f"{headline(case, policy)} · {texts.age(case, policy, now)}",
        f"*Waiting for:* {escape(texts.waits_for(case, policy))}{_until(case, policy)}",
        *([f"*Next action:* {escape(cut(case.next_action, 300))}"] if case.next_action else []),
        *said,
        *_warnings(case),
    ]


def headline(case: ReviewCase, policy: Policy) -> str:
    """What it is, with its links."""
    link = f"ticket {ticket_link(case, policy)}"
    issue = f" · <{case.issue.url}|issue>" if case.issue else ""
    return f"{TONE_EMOJI[case.tone]} *{texts.TONES[case.tone]} · {case.id} · {link}*{issue}"


def _until(case: ReviewCase, policy: Policy) -> str:
    if case.responded_at is not None or case.rated_at is None:
        return ""
    return f" · respond by {slack_date(case.rated_at + policy.review.respond_within.length, policy.zone)}"


def _warnings(case: ReviewCase) -> list[str]:
    found = []
    if case.owner is None:
        found.append(f":warning: Nobody was on duty. {escape(case.owner_trouble or '')}".strip())
    if case.check is TicketCheck.MISSING:
        found.append(":warning: The ticket system doesn't have this ticket any more.")
    if case.merged_into is not None:
        found.append(f":warning: The ticket was merged into {case.merged_into.label}.")
    if case.issue_is_moved:
        found.append(":warning: Its issue was moved to a project I don't hear from. Label and close it there by hand.")
    if case.other_issue is not None:
        found.append(f":warning: There is <{case.other_issue}|a second feedback issue> about this ticket.")
    if case.discussion_issue is not None:
        found.append(
            f":speech_balloon: Discussed in <{case.discussion_issue.url}|{escape(case.discussion_issue.title)}>."
        )
    if case.without_manager:
        found.append(
            f":warning: The roster names no manager of {escape(', '.join(case.without_manager))}. Tell them yourself."
        )
    if case.action_trouble is not None:
        found.append(f":warning: {escape(cut(case.action_trouble, 400))} Please do it by hand.")
    if case.issue_task.progress is Progress.FAILED:
        found.append(f":warning: {escape(cut(case.issue_task.trouble or '', 400))}")
    return found


def buttons(case: ReviewCase) -> list[Element]:
    """What can be done with it now."""
    if case.is_bad:
        ready = case.label is not None and not case.waits_for_contact
        main = [button("Triage", Button.TRIAGE, case.id, None if ready else "primary")]
        close = [button("Close", Button.CLOSE, case.id, "primary")] if ready else []
        close.append(button("Follow up…", Button.ACT, case.id))
    else:
        main = [
            button("Kudos", Button.KUDOS, case.id),
            button("Congratulate the team", Button.CONGRATULATE, case.id),
        ]
        main += [button("Triage", Button.TRIAGE, case.id)] if case.tone is Tone.NEUTRAL else []
        close = [button("Close", Button.CLOSE, case.id, "primary")]
    retry = [button("Retry the issue", Button.RETRY_ISSUE, case.id)]
    return [
        *main,
        *close,
        *([button("Assign to me", Button.TAKE_OVER, case.id)] if case.owner is None else []),
        *(retry if case.issue_task.progress is Progress.FAILED else []),
    ]
