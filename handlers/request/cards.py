"""What people see of a request, rendered from the case as it is now."""

from typing import Any

from handlers.kit.blocks import Block, Element, actions, button, context, link_button, section
from handlers.kit.tickets import ticket_link
from handlers.request.ids import Button
from workflows.contract import actors
from workflows.contract.slack_port import Message
from workflows.contract.values import Progress
from workflows.lib.markup import code_block, cut, escape, quote, safe, slack_date
from workflows.policy.model import Policy
from workflows.policy.request import RequestKind
from workflows.request import texts
from workflows.request.model import RequestCase, RequestState, Result

QUOTE_LIMIT = 2000
TYPED_LIMIT = 2600
SHARED = "_Another organisation reads here, so the words stay out. Please ask by direct message._"
NO_REPLY = ":no_entry_sign: *Don't send a public reply:* it takes the SLA clock off the ticket."


def card(case: RequestCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """Its owner's view of it: what it is, how it stands, what happens next."""
    headline = f"{case.id} · {escape(texts.kind_label(case, policy))}: {safe(texts.summary(case))}"
    lines = _lines(case, policy)
    blocks: list[Block] = [
        section("\n".join((f"*{headline}*", *lines))),
        *_typed(case),
        *([context(escape(case.template_trouble))] if case.template_trouble else []),
        *actions(_buttons(case)),
    ]
    return Message("\n".join((headline, *lines)), blocks)


def _lines(case: RequestCase, policy: Policy) -> list[str]:
    lines = [f"*Status:* {_status(case, policy)}"]
    if case.link is not None:
        what = "Issue" if case.issue else "Merge request"
        lines.append(f"*{what}:* <{case.link.url}|{escape(cut(case.link.title, 150))}>")
    if case.ticket is not None:
        lines.append(f"*Ticket:* {ticket_link(case, policy)}")
    if case.requester and case.owner and case.requester != case.owner:
        lines.append(f"*Asked for by:* <@{case.requester}>")
    return [*lines, *_next(case, policy)]


def _status(case: RequestCase, policy: Policy) -> str:
    end = case.closing
    if end is not None:
        who = actors.who(end.by, policy)
        return f"{texts.stands(case, policy)} ({who}, {slack_date(end.at, policy.zone)})"
    return escape(texts.stands(case, policy))


def _next(case: RequestCase, policy: Policy) -> list[str]:
    """What happens next, or what is to be done."""
    if case.state == RequestState.DISCARDED:
        return []
    if case.state in {RequestState.DRAFT, RequestState.SENDING}:
        return _before_it_is_sent(case)
    if case.kind is RequestKind.PORTAL:
        return _portal(case)
    if case.closing is not None:
        return _after_the_end(case)
    if case.kind is RequestKind.QUESTION:
        return _question(case, policy)
    return _underway(case, policy)


def _before_it_is_sent(case: RequestCase) -> list[str]:
    trouble = escape(case.job.trouble or "")
    if case.state == RequestState.DRAFT:
        return [f":warning: {escape(case.returned or '')}", "Press *Edit* to change it and send it again."]
    if case.job.progress is Progress.FAILED:
        return [f":warning: {trouble}"]
    return [f":hourglass_flowing_sand: {trouble} I keep trying; nothing is lost."] if trouble else []


def _underway(case: RequestCase, policy: Policy) -> list[str]:
    lines = []
    if case.is_asked:
        lines.append(":question: Support Operations asked you something: see below.")
    if case.is_to_test:
        lines.append(":test_tube: Please test it on staging, then press *Sign off* or *Not yet*.")
    if case.signed_off is not None:
        lines.append(f"Now <{policy.request.rollout_url}|tell the team about the change>.")
    elif case.state == RequestState.OPEN and not case.stage and case.issue:
        lines.append(escape(texts.told(case, policy)))
    return [line for line in (*lines, _ships(case)) if line]


def _ships(case: RequestCase) -> str:
    if case.ships_on is None:
        return ""
    when = texts.day(case.ships_on)
    if case.signed_off is not None:
        return f"*Ships:* {when}, unless something else is announced"
    return f"*Ships:* {when} at the earliest, once you've signed it off"


def _portal(case: RequestCase) -> list[str]:
    lines = ["Its form is set. Support Operations handles it from here.", NO_REPLY]
    if case.public_reply:
        lines.append(":warning: There was a public reply already. The note says so: the SLA clock may be off.")
    if case.job.progress is Progress.FAILED:
        lines.append(f":warning: {escape(case.job.trouble or '')}")
    return lines


def _question(case: RequestCase, policy: Policy) -> list[str]:
    if case.replied is not None:
        return [f"<@{case.replied.by}> answered {slack_date(case.replied.at, policy.zone)}. Press *Got my answer*."]
    posted = case.messages.get("posted")
    where = f"<#{posted.channel}>" if posted else escape(policy.request.channel)
    return [f"Posted in {where}. The team answers in its thread."]


def _after_the_end(case: RequestCase) -> list[str]:
    if case.closing is None or case.closing.result is not Result.SELF_SERVICE:
        return []
    return ["The issue says how to do it yourself. Ask a question if you need help."]


def _typed(case: RequestCase) -> list[Block]:
    """What was typed, to copy, while nobody else has it; and what the tracker did not take."""
    blocks = []
    if case.state == RequestState.SENDING and case.attempts:
        words = case.text or "\n\n".join(case.words.values())
        blocks.append(section(f"*What you typed*, to copy:\n{code_block(cut(words, TYPED_LIMIT))}"))
    if case.unwritten and case.is_underway:
        blocks.append(section(f"*By hand, please:*\n{code_block(cut(case.unwritten[-1], TYPED_LIMIT))}"))
    return blocks


def _buttons(case: RequestCase) -> list[Element]:
    if case.state == RequestState.DISCARDED:
        return []
    if case.state == RequestState.DRAFT:
        return [button("Edit", Button.EDIT, case.id, "primary")]
    if case.state == RequestState.SENDING:
        failed = case.job.progress is Progress.FAILED
        return [button("Try again", Button.RETRY, case.id, "primary"), _withdraw(case)] if failed else []
    page = [link_button("Open", case.link.url, Button.OPEN_PAGE)] if case.link else []
    if case.closing is not None:
        may_reopen = case.issue is not None and case.closing.result is not Result.MOVED
        return [*page, *([button("Reopen", Button.REOPEN, case.id)] if may_reopen else [])]
    if case.kind is RequestKind.QUESTION:
        return [button("Got my answer", Button.GOT_ANSWER, case.id, "primary" if case.replied else None)]
    return [*waiting_buttons(case), *page, button("Hand over", Button.HAND_OVER, case.id), _withdraw(case)]


def waiting_buttons(case: RequestCase) -> list[Element]:
    """The buttons for what waits for the owner."""
    buttons = [button("Answer", Button.ANSWER, case.id, "primary")] if case.is_asked else []
    if case.state == RequestState.STAGING:
        buttons.append(button("Sign off", Button.SIGN_OFF, case.id, "primary"))
        buttons += [button("Not yet", Button.NOT_YET, case.id)] if case.is_to_test else []
    return buttons


def _withdraw(case: RequestCase) -> Element:
    return button("Withdraw", Button.WITHDRAW, case.id, confirm="Nobody will work on it any more. Its issue is closed.")


def posted(case: RequestCase, policy: Policy, details: dict[str, Any]) -> Message:
    """A question in the channel, in the name of who asks it; where another organisation reads, without its words."""
    words = SHARED if details.get("shared") else quote(cut(safe(case.word("question")), QUOTE_LIMIT))
    text = f":question: <@{case.owner}> asks:\n{words}"
    if case.closing is not None:
        end = ":white_check_mark: Answered."
    elif case.replied is not None:
        end = f"Answered by <@{case.replied.by}> {slack_date(case.replied.at, policy.zone)}."
    else:
        end = "Please answer in the thread."
    return Message(f"{text}\n{end}", [section(text), context(f"{end} {case.id}")])


def former(case: RequestCase, _policy: Policy, _details: dict[str, Any]) -> Message:
    """What stays with somebody who has handed it over."""
    text = f":arrow_right: <@{case.owner}> answers for {case.id} now: {safe(texts.summary(case))}"
    return Message(text, [context(text)])
