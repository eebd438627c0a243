"""Messages about a request besides its card: questions, the test, reminders, news."""

from typing import Any

from handlers.kit.blocks import actions, button, context, link_button, section
from handlers.request import cards
from handlers.request.ids import Button
from workflows.contract import actors
from workflows.contract.slack_port import Message
from workflows.lib.lateness import late
from workflows.lib.markup import code_block, cut, escape, quote, safe, slack_date
from workflows.policy.model import Policy
from workflows.request import texts
from workflows.request.model import RequestCase, Result


def asked(case: RequestCase, policy: Policy, details: dict[str, Any]) -> Message:
    """Support Operations asks its owner something."""
    question = case.asked
    if question is None or not _is_current(details, question.number):
        text = f":question: {case.id}: a newer question has come, see below. The issue has them all."
        return Message(text, [context(text)])
    words = f"\n{quote(cut(safe(question.words), cards.QUOTE_LIMIT))}" if question.words else ""
    who = actors.who(question.by, policy) if question.by else "Support Operations"
    text = f":question: {who} asks about *{_name(case)}*:{words}"
    if not case.is_asked:
        done = (
            f"Answered {slack_date(question.answered.at, policy.zone)}." if question.answered else "No longer needed."
        )
        return Message(f"{text}\n{done}", [section(text), context(f":white_check_mark: {done}")])
    return Message(text, [section(text), *actions([*_answer(case), *_page(case)])])


def test(case: RequestCase, policy: Policy, details: dict[str, Any]) -> Message:
    """Ask the owner to test a change on staging, and to sign it off."""
    round_ = case.test
    if round_ is None or not _is_current(details, round_.number):
        return _past(case)
    text = f":test_tube: *{_name(case)}* is on staging. Please test it."
    if case.is_to_test:
        hint = "It ships only after your sign-off. Speak up if it doesn't meet what you need, at any stage."
        return Message(text, [section(text), context(hint), *actions([*cards.waiting_buttons(case), *_page(case)])])
    return Message(f"{text}\n{_tested(case, policy)}", [section(text), context(_tested(case, policy)), *_still(case)])


def _tested(case: RequestCase, policy: Policy) -> str:
    if case.signed_off is not None:
        return (
            f":white_check_mark: <@{case.signed_off.by}> signed it off {slack_date(case.signed_off.at, policy.zone)}."
        )
    if case.test is not None and case.test.not_yet is not None:
        when = slack_date(case.test.not_yet.at, policy.zone)
        return (
            f":arrows_counterclockwise: Not right yet, said <@{case.test.not_yet.by}> {when}. Support Operations knows."
        )
    return f"No longer needed: {escape(texts.stands(case, policy).lower())}."


def _still(case: RequestCase) -> list[dict[str, Any]]:
    """Whoever changed their mind may sign off all the same."""
    return actions(cards.waiting_buttons(case)) if case.is_underway else []


def asked_reminder(case: RequestCase, policy: Policy, details: dict[str, Any]) -> Message:
    """The one reminder that a question waits."""
    if not case.is_asked or case.asked is None or not _is_current(details, case.asked.number):
        return _past(case)
    since = slack_date(case.asked.at, policy.zone)
    text = f":alarm_clock: *{_name(case)}* has been waiting for your answer since {since}.{_late(case, details)}"
    return Message(text, [section(text), *actions([*_answer(case), *_page(case)])])


def test_reminder(case: RequestCase, policy: Policy, details: dict[str, Any]) -> Message:
    """The one reminder that the test waits."""
    if not case.is_to_test or case.test is None or not _is_current(details, case.test.number):
        return _past(case)
    since = slack_date(case.test.at, policy.zone)
    text = f":alarm_clock: *{_name(case)}* has been on staging since {since}. Please test it.{_late(case, details)}"
    return Message(text, [section(text), *actions([*cards.waiting_buttons(case), *_page(case)])])


def question_reminder(case: RequestCase, _policy: Policy, details: dict[str, Any]) -> Message:
    """Nobody answered a question in the channel."""
    if not case.is_underway or case.replied is not None:
        return Message(":white_check_mark: Answered.")
    group = f"<!subteam^{case.group}> " if case.group else ""
    return Message(f":alarm_clock: {group}Can somebody answer <@{case.owner}>?{_late(case, details)}")


def take_over(case: RequestCase, policy: Policy, _details: dict[str, Any]) -> Message:
    """Its owner is gone: somebody has to answer for it."""
    if case.gone is None:
        text = f":white_check_mark: <@{case.owner}> answers for {_name(case)} now."
        return Message(text, [section(text)])
    stands = escape(texts.stands(case, policy)).lower()
    text = f":wave: I can't reach <@{case.gone}> any more. Who answers for *{_name(case)}* ({stands})?"
    return Message(text, [section(text), *actions([button("Take it over", Button.TAKE_OVER, case.id), *_page(case)])])


def news(case: RequestCase, policy: Policy, details: dict[str, Any]) -> Message:
    """Something happened to it."""
    match details["what"]:
        case "stage":
            text = f":arrow_forward: {_name(case)}: {escape(details['stage'])}."
        case "ended":
            text = _ended(case, Result(details["result"]), details["by"], policy)
        case "reopened":
            who = actors.who(details["by"], policy) if details["by"] else "Somebody"
            text = f":recycle: {who} reopened {_name(case)}."
        case "returned":
            why = escape(case.returned or "")
            text = f":leftwards_arrow_with_hook: {_name(case)} came back. {why} Press *Edit* on it."
        case "unwritten":
            words = code_block(cut(details["words"], cards.TYPED_LIMIT))
            text = f":warning: The tracker didn't take this for {_name(case)}. By hand, please:\n{words}"
        case _:
            text = f":warning: {case.id}: {escape(case.job.trouble or 'It is not sent yet.')}"
    return Message(text, [section(text), *actions(_page(case))])


def _ended(case: RequestCase, result: Result, by: str, policy: Policy) -> str:
    who = actors.who(by, policy)
    match result:
        case Result.SHIPPED:
            return f":rocket: {_name(case)} has shipped. <{policy.request.rollout_url}|Tell the team about the change>."
        case Result.SELF_SERVICE:
            return f":bulb: {_name(case)} was closed: you can do it yourself. The issue says how."
        case Result.MOVED:
            return f":truck: {_name(case)} isn't in its project any more; I can't follow it further."
        case _:
            return f":no_entry: {who} closed {_name(case)}. If that's wrong, press *Reopen* on it."


def _name(case: RequestCase) -> str:
    return f"{case.id} ({safe(cut(texts.summary(case), 120))})"


def _past(case: RequestCase) -> Message:
    text = f"No longer needed ({case.id})."
    return Message(text, [context(text)])


def _is_current(details: dict[str, Any], number: int) -> bool:
    return str(details["slot"]).endswith(f":{number}")


def _late(case: RequestCase, details: dict[str, Any]) -> str:
    return late(case.reminders_late.get(details["slot"], 0))


def _answer(case: RequestCase) -> list[dict[str, Any]]:
    return [button("Answer", Button.ANSWER, case.id, "primary")]


def _page(case: RequestCase) -> list[dict[str, Any]]:
    return [link_button("Open", case.link.url, Button.OPEN_PAGE)] if case.link else []
