"""The sentences of requests: what people read that is not a layout. What a company sets comes from its policy."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from workflows.contract.events import EffectFailed, Failure
from workflows.contract.issue_effects import CloseIssue, CommentOnIssue, LabelIssue
from workflows.lib.markup import cut, defuse_handles
from workflows.lib.templates import fill
from workflows.policy.model import Policy
from workflows.policy.request import Meaning, RequestKind, SelfService, Stage
from workflows.request.model import RequestCase, RequestState, Result
from workflows.request.template import Answer, Filled
from workflows.request.template import fill as fill_template

TITLE_LIMIT: Final = 200
HANDLE: Final = re.compile(r"@?([A-Za-z0-9][\w.-]{0,254}(?:/[\w.-]+)*)", re.ASCII)
_EVERYBODY: Final = {"all", "here", "channel", "everyone"}
_ENDS: Final = {
    Result.SHIPPED: "Shipped",
    Result.SELF_SERVICE: "Closed: you can do it yourself",
    Result.ANSWERED: "Answered",
    Result.PASSED_ON: "With Support Operations",
    Result.WITHDRAWN: "Withdrawn",
    Result.MOVED: "Moved to another project",
    Result.CLOSED: "Closed",
}


def kind_label(case: RequestCase, policy: Policy) -> str:
    """What this kind of request is called."""
    names = {
        RequestKind.BUG: "Bug",
        RequestKind.FEATURE: "Feature request",
        RequestKind.RFC: "RFC",
        RequestKind.QUESTION: "Question",
        RequestKind.PORTAL: "Portal change",
        RequestKind.MERGE_REQUEST: "Merge request",
        RequestKind.FILED: "Request",
    }
    item = policy.request.self_service.get(case.item)
    return item.label if item else names[case.kind]


def summary(case: RequestCase) -> str:
    """What it is about, in one line."""
    first = case.title or case.word("summary") or case.word("question") or case.word("why") or case.word("file")
    return cut(" ".join(first.split()), TITLE_LIMIT)


def stage_of(case: RequestCase, policy: Policy) -> Stage | None:
    """The stage it is in, where the policy knows it."""
    return policy.request.stages.get(case.stage)


def stands(case: RequestCase, policy: Policy) -> str:
    """How it stands, in a few words."""
    if case.closing is not None:
        return _ENDS[case.closing.result]
    if case.state == RequestState.DISCARDED:
        return "Not sent; thrown away"
    if case.state == RequestState.DRAFT:
        return "Not sent" if case.returned is None else "Came back to you"
    if case.state == RequestState.SENDING:
        return "Being sent"
    if case.is_to_test:
        return "Ready to test on staging"
    if case.is_asked:
        return "Waiting for your answer"
    if case.signed_off is not None:
        return "Signed off"
    if case.state == RequestState.STAGING:
        return "On staging, not right yet"
    stage = stage_of(case, policy)
    return stage.label if stage else _filed(case)


def _filed(case: RequestCase) -> str:
    if case.kind is RequestKind.QUESTION:
        return "Answered in the thread" if case.replied else "Waiting for an answer"
    return "Waiting for approval" if case.merge_request else "Filed"


def waits_for(case: RequestCase) -> str:
    """Who has to do something next; empty when it is over."""
    if not case.is_underway:
        return ""
    if case.is_asked or case.is_to_test or (case.kind is RequestKind.QUESTION and case.replied):
        return "you"
    return "Support Operations"


def told(case: RequestCase, policy: Policy) -> str:
    """What the requester is told of what happens next."""
    own = policy.request
    form = own.form(case.kind)
    size = own.sizes.get(case.word("size")) if case.kind is RequestKind.FEATURE else None
    return " ".join(one for one in (form.told if form else "", size.told if size else "") if one)


def day(moment: date) -> str:
    """A date for a card: `Wed 1 April`."""
    return f"{moment:%a} {moment.day} {moment:%B}"


def handles(text: str) -> tuple[str, ...] | None:
    """The user names in what was typed for /cc, each once; None when something there is no user name."""
    found = [HANDLE.fullmatch(word) for word in text.replace(",", " ").split()]
    names = [match[1] for match in found if match]
    if len(names) < len(found) or _EVERYBODY & {name.casefold() for name in names}:
        return None
    return tuple(dict.fromkeys(names))


def description(case: RequestCase, template: str, policy: Policy) -> Filled:
    """The text of its issue: the template filled in, who asks, who else should know."""
    filled = fill_template(template, answers(case, policy))
    copies = handles(case.word("cc")) or ()
    ends = [requested_by(case), *([f"/cc {' '.join(f'@{name}' for name in copies)}"] if copies else [])]
    return Filled("\n\n".join((filled.text, *ends)), filled.labels, filled.missing)


def answers(case: RequestCase, policy: Policy) -> Sequence[Answer]:
    """What was answered, with the headings of the template."""
    own = policy.request
    form = own.form(case.kind)
    found = [
        Answer(field.heading, case.word(field_name(name)))
        for name, field in (form.fields.items() if form else ())
        if case.word(field_name(name))
    ]
    severity, size = own.severities.get(case.word("severity")), own.sizes.get(case.word("size"))
    if case.kind is RequestKind.BUG and severity:
        found.append(Answer("Severity", f"{severity.label}: {severity.description}"))
    if case.kind is RequestKind.FEATURE and size:
        found.append(Answer("Size", f"{size.label}: {size.description}"))
    return found


def field_name(key: str) -> str:
    """The form's name for a question of the policy."""
    return f"field:{key}"


def labels(case: RequestCase, policy: Policy) -> tuple[str, ...]:
    """The labels its issue gets by the policy."""
    own = policy.request
    form = own.form(case.kind)
    severity = own.severities.get(case.word("severity")) if case.kind is RequestKind.BUG else None
    size = own.sizes.get(case.word("size")) if case.kind is RequestKind.FEATURE else None
    return (*(form.labels if form else ()), *(severity.labels if severity else ()), *(size.labels if size else ()))


def requested_by(case: RequestCase) -> str:
    """Who asks, for the tracker, where people are named and not mentioned."""
    confirmed = " They confirmed: they may decide, they will answer, they will test and sign off."
    return f"Requested by <@{case.owner}> ({case.id}).{confirmed if case.confirmed else ''}"


def said_by(case: RequestCase, who: str, words: str) -> str:
    """What somebody says in the tracker through the desk."""
    quoted = "\n".join(f"> {line}" for line in defuse_handles(words).splitlines())
    return f"<@{who}> ({case.id}):\n\n{quoted}"


def branch(case: RequestCase) -> str:
    """The branch of its merge request: there is one for each request."""
    return f"desk/{case.id.lower()}-{int(case.opened_at.timestamp())}"


def merge_request_text(case: RequestCase, item: SelfService) -> str:
    """The description of a merge request: why, who asks, and who has to approve."""
    wanted = item.merge_request
    approvers = " ".join(f"@{name}" for name in (wanted.approvers if wanted else ()))
    ask = f"{approvers} please approve: Support Operations has to before it is merged." if approvers else ""
    return "\n\n".join(one for one in (defuse_handles(case.word("reason")), requested_by(case), ask) if one)


def ticket_note(case: RequestCase, policy: Policy) -> str:
    """The internal note on a ticket whose form was set."""
    way = policy.request.portal
    values = {"requester": f"<@{case.owner}>", "why": case.word("why"), "form": way.form}
    said = fill(way.note, values)
    warning = "A public reply was there before the form was set: please check the SLA clock."
    return f"{said}\n{warning}" if case.public_reply else said


def template_trouble(name: str, missing: Sequence[str]) -> str:
    """In what a template has changed."""
    headings = ", ".join(f"“{one}”" for one in missing)
    return f"The issue template “{name}” has no heading {headings} any more. The answer stands at the end of the issue."


def no_template(name: str, sentence: str) -> str:
    """A template could not be read."""
    return f"I could not read the issue template “{name}” ({sentence}). The answers stand under their own headings."


def no_ticket_form(case: RequestCase, form: str) -> str:
    """The form by which Support Operations finds a ticket is not there."""
    ticket = case.ticket.label if case.ticket else ""
    sentence = f"There is no ticket form “{form}”, so ticket {ticket} was not changed."
    return f"{sentence} Please tell Support Operations, and don't reply publicly."


def job_trouble(case: RequestCase, event: EffectFailed, policy: Policy) -> str:
    """Why it is not with Support Operations, and what to do by hand."""
    if case.kind is RequestKind.PORTAL and event.failure is not Failure.GAVE_UP:
        form = policy.request.portal.form
        return f"{event.sentence} Please set the ticket's form to “{form}” by hand, and don't reply publicly."
    if event.failure is Failure.NOT_CONNECTED:
        return f"{event.sentence} Please do it by hand; what you typed stands below."
    if event.failure is Failure.GAVE_UP:
        every = policy.request.retry_every.words
        return f"{event.sentence} Nothing is lost: I'll try again every {every}, or press *Try again*."
    return f"{event.sentence} What you typed stands below."


def to_do_by_hand(event: EffectFailed) -> str:
    """What the tracker did not take, to be done by hand."""
    match event.effect:
        case CommentOnIssue(body=body):
            return f"Please write this into the issue:\n{body}"
        case LabelIssue(add=add):
            return f"Please add the labels {', '.join(add)}."
        case CloseIssue():
            return "Please close the issue."
        case _:
            return "Please open the issue again."


def means(stage: Stage | None, meaning: Meaning) -> bool:
    """Whether a stage means this."""
    return stage is not None and stage.means is meaning


def owner_only(case: RequestCase) -> str:
    """Only the owner decides."""
    return f"Only <@{case.owner}>, who answers for {case.id}, can do this. They can hand it over."


def over(case: RequestCase, policy: Policy) -> str:
    """Nothing is left to do."""
    return f"{case.id} is over: {stands(case, policy).lower()}. Nothing has changed."
