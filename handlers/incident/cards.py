"""The card of an incident, rendered from the case as it is now."""

from typing import Any

from handlers.incident import questions, status
from handlers.incident.ids import Button, value
from handlers.kit.blocks import Block, Choice, Element, actions, button, context, link_button, overflow, section
from workflows.contract.slack_port import Message
from workflows.contract.values import Progress
from workflows.incident import systems, texts
from workflows.incident.model import IncidentCase, IncidentState
from workflows.lib.markup import cut, escape, quote, safe, slack_date
from workflows.policy.model import Policy

QUOTE_LIMIT = 1200
FALLBACK_LIMIT = 300


def typed(text: str, limit: int = QUOTE_LIMIT) -> str:
    """What somebody typed, as a quotation that mentions nobody and means nothing to Slack."""
    return quote(cut(safe(text), limit))


def card(case: IncidentCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """The card: the question while it is one, else the incident."""
    if not case.level:
        return questions.card(case, policy, _closed_buttons(case))
    lines = status.lines(case, policy)
    headline = f"{case.id} · {escape(texts.systems_named(case, policy))} · {texts.level_named(case, policy)}"
    blocks = [
        section(f":rotating_light: *{headline}*"),
        *_report(case),
        section("\n".join(lines)),
        *questions.asked(case, policy),
        *questions.offer(case, policy),
        context(_origin(case, policy)),
        *actions(_buttons(case, policy)),
    ]
    return Message(f"{headline}: {cut(safe(case.report.what), FALLBACK_LIMIT)}\n" + "\n".join(lines), blocks)


def former_card(case: IncidentCase, policy: Policy, details: dict[str, Any]) -> Message:
    """What stays behind in a thread that is gone, or in a DM when the channel is back."""
    old = case.messages.get(str(details.get("slot", "")))
    text = f"{case.id} goes on in a thread of its own, because the message it was about was deleted."
    if old is not None and old.place.startswith("@"):
        text = f"{case.id} goes on in {escape(policy.incident.channel)}, where I can write again."
    return Message(text, [context(f":arrow_right: {text}")])


def _report(case: IncidentCase) -> list[Block]:
    """What was told; a message that stands right above is not said again."""
    report = case.report
    above = case.verbatim and not case.card_is_root
    fields = {
        "": "" if above else report.what,
        "Impact on users and customers": report.impact,
        "Errors": report.errors,
        "Tried already": report.steps,
    }
    return [section(f"{f'*{name}:*' if name else ''}\n{typed(text)}".strip()) for name, text in fields.items() if text]


def _origin(case: IncidentCase, policy: Policy) -> str:
    who = f"<@{case.reporter}>" if case.reporter else "an integration"
    source = f" · <{case.source}|the message>" if case.source else ""
    gone = " · the message was deleted, and this goes on all the same" if case.origin_gone else ""
    owner = f" · On it: <@{case.owner}>" if case.owner else ""
    issue = f" · Issue: <{case.issue.url}|#{case.issue.number}>" if case.issue else ""
    contact = (
        f" · Works with the on-call person: <@{case.contact}>" if case.contact not in {None, case.reporter} else ""
    )
    return f"Reported by {who} {slack_date(case.opened_at, policy.zone)}{source}{gone}{owner}{contact}{issue}"


def _buttons(case: IncidentCase, policy: Policy) -> list[Element]:
    match IncidentState(case.state):
        case IncidentState.WAITING:
            return _waiting_buttons(case, policy)
        case IncidentState.ANSWERED:
            return [_resolve(case, "primary"), *_more(case, Button.TAKE_ON, Button.PAGE_NOW, Button.REOPEN)]
        case IncidentState.HELD:
            return [_take_on(case), _page_now(case), _resolve(case), *_more(case, Button.REOPEN, Button.NOT_ONE)]
        case IncidentState.PAGED:
            return _paged_buttons(case, policy)
        case IncidentState.ACKNOWLEDGED:
            return [_resolve(case, "primary"), *_page_link(case, policy), *_more(case, Button.TAKE_ON)]
        case _:
            return _closed_buttons(case)


def _waiting_buttons(case: IncidentCase, policy: Policy) -> list[Element]:
    level = systems.level_policy(case.level, policy.incident)
    offered = case.outside and level.page_now_outside
    first = [_take_on(case), *([_page_now(case)] if offered else []), button("Don't page", Button.HOLD, case.id)]
    rest = (Button.NOT_ONE,) if offered else (Button.PAGE_NOW, Button.NOT_ONE)
    return [*first, _resolve(case), *_more(case, *rest)]


def _paged_buttons(case: IncidentCase, policy: Policy) -> list[Element]:
    page = case.page
    if page is not None and page.is_out:
        return [_take_on(case), _resolve(case), *_page_link(case, policy), *_more(case)]
    by_hand = [button("Paged by hand", Button.BY_HAND, case.id)] if page and page.trouble else []
    failed = page is not None and page.progress is Progress.FAILED
    again = [button("Try the page again", Button.PAGE_NOW, case.id)] if failed else []
    hold = button("Don't page", Button.HOLD, case.id)
    return [_take_on(case), *by_hand, *again, hold, _resolve(case), *_more(case, Button.NOT_ONE)]


def _closed_buttons(case: IncidentCase) -> list[Element]:
    if case.state == IncidentState.DISMISSED:
        return [button("It is one after all", Button.REOPEN, case.id)]
    again = button("Open it again", Button.REOPEN, case.id)
    return [again] if case.summary else [_resolve(case, "primary", "Add a line of summary"), again]


def call_buttons(case_id: str) -> list[Element]:
    """Offered to who wanted to help and is no responder."""
    return [button("Ping the responders", Button.CALL, case_id, "primary")]


def _take_on(case: IncidentCase) -> Element:
    return button("I'm on it", Button.TAKE_ON, case.id, "primary")


def _resolve(case: IncidentCase, style: Any = None, label: str = "Resolve") -> Element:  # noqa: ANN401 - as `button`
    return button(label, Button.RESOLVE, case.id, style)


def _page_now(case: IncidentCase) -> Element:
    return button("Page now", Button.PAGE_NOW, case.id, "danger", "Somebody is paged at once.")


def _page_link(case: IncidentCase, policy: Policy) -> list[Element]:
    if case.page is None or not case.page.url:
        return []
    return [link_button(f"Open in {policy.vendors.pager}", case.page.url, Button.OPEN_PAGE)]


MORE = {
    Button.PAGE_NOW: "Page now",
    Button.NOT_ONE: "Not an incident",
    Button.REOPEN: "Set the clock again",
    Button.TAKE_ON: "I take it over",
    Button.CHANGE: "Change systems or criticality",
    Button.DETAILS: "Describe it better",
}


def _more(case: IncidentCase, *names: Button) -> list[Element]:
    listed = (*names, Button.CHANGE, Button.DETAILS)
    return overflow(Button.MORE, [Choice(value(case.id, name), MORE[name]) for name in listed])
