"""What managers read about reviews by DM, and the team once a week."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from handlers.kit.blocks import SECTION_LIMIT, Block, actions, button, context, divider, section
from handlers.review.ids import Button
from handlers.review.queue import TONE_EMOJI
from workflows.contract.slack_port import Message
from workflows.lib.markup import cut, escape, plain, quote, safe, slack_date
from workflows.policy.model import Policy
from workflows.policy.review import Tone
from workflows.review.manager import ManagerCase
from workflows.review.model import ReviewCase
from workflows.review.week import WeekCase

Details = dict[str, Any]

MOST_ROWS = 20
WORDS = 300
UNOWNED = ":warning: *{} without an owner*: nobody was on duty."
WHAT_TO_DO = "Press *Assign to me* in `/feedback reviews`, or put somebody on the on-call schedule: they'll get them."


def digest(_case: ManagerCase, _policy: Policy, details: Details) -> Message:
    """What waits for a manager: once, for all of it; and for a stand-in what nobody owns."""
    rows, unowned, last = details["rows"], details["unowned"], set(details["last_chance"])
    title = f":inbox_tray: *{_reviews(len(rows))} waiting for you*" if rows else ":inbox_tray: *Reviews nobody owns*"
    chance = [row for row in (*rows, *unowned) if row["id"] in last]
    others = [row for row in rows if row["id"] not in last]
    blocks: list[Block] = [section(title)]
    if others:
        blocks += _sections(_lines(others))
    if unowned:
        blocks += [*_sections([UNOWNED.format(_reviews(len(unowned))), *_lines(unowned)]), context(WHAT_TO_DO)]
    if chance:
        blocks += _sections([":hourglass: *Last chance for kudos: these close by themselves*", *_lines(chance)])
    blocks += actions([button("Open my reviews", Button.OPEN_QUEUE, "queue", "primary")])
    return Message(plain("\n".join([title, *_lines((*rows, *unowned))])), blocks)


def scorecard(_case: ManagerCase, policy: Policy, details: Details) -> Message:
    """How a manager's turn went: the page's three signs of success, and what is open."""
    ends = details["ends_at"] and slack_date(datetime.fromisoformat(details["ends_at"]), policy.zone)
    title = (
        ":trophy: *Your turn as Reviewing Manager is over*"
        if details["over"]
        else (
            f":calendar: *Your turn as Reviewing Manager ends {ends}*" if ends else ":calendar: *Your turn ends soon*"
        )
    )
    numbers = (
        f"*Triaged:* {details['triaged']} of {details['reviews']}   *Contacts begun:* {details['contacts']}   "
        f"*Closed:* {details['closed']}"
    )
    rows = details["rows"]
    still = [f"*Still open:* {len(rows)}", *_lines(rows)] if rows else ["*Still open:* none. Well done."]
    foot = "They stay yours unless you hand them over." if rows else ""
    row = [button("Open my reviews", Button.OPEN_QUEUE, "queue")] if rows else []
    if rows and details["over"] and details["next"]:
        ask = f"<@{details['next']}> gets all {len(rows)} of them, and the issues are assigned to them."
        row.append(button("Hand over what is open", Button.HAND_OVER, details["manager"], confirm=ask))
    blocks = [section(f"{title}\n{numbers}"), *_sections(still), *([context(foot)] if foot else []), *actions(row)]
    return Message(plain("\n".join([title, numbers, *still])), blocks)


def handed_over(_case: ManagerCase, _policy: Policy, details: Details) -> Message:
    """For both managers of a hand-over."""
    count = _reviews(details["count"])
    return Message(f":handshake: <@{details['by']}> handed over {count} to <@{details['to']}>.")


def manager_informed(case: ReviewCase, policy: Policy, details: Details) -> Message:
    """For the manager of somebody who took part in a ticket: to be talked about in a 1:1."""
    people = ", ".join(map(escape, details["people"]))
    why = f"\n{quote(cut(safe(details['why']), 2000))}" if details["why"] else ""
    issue = f" (<{case.issue.url}|feedback issue>)" if case.issue else ""
    link = policy.tickets.agent_url(case.ticket) if case.ticket else None
    ticket = f"<{link}|ticket {case.ticket}>" if link else f"ticket {case.ticket}"
    text = (
        f":speech_balloon: <@{details['by']}> asks you to talk with {people} about the feedback on {ticket}{issue}, "
        f"for example in a 1:1.{why}"
    )
    return Message(text)


def trends_not_sent(_case: WeekCase, _policy: Policy, details: Details) -> Message:
    """For who asked for trends as a file."""
    sentence = escape(cut(details["sentence"], 400))
    return Message(
        f":warning: I couldn't send you the trends as a file. {sentence} `/feedback trends` has the numbers."
    )


def week_review(_case: WeekCase, policy: Policy, details: Details) -> Message:
    """The week in review, for the team: no customer is named, and none quoted where another organisation reads."""
    counts = details["counts"]
    said = ", ".join(f"{counts[tone]} {tone}" for tone in ("good", "neutral", "bad") if counts.get(tone)) or "none"
    lines = [f"*Reviews this week:* {said}   *Closed:* {details['closed']}"]
    if details["themes"]:
        lines.append(f"*Themes:* {', '.join(f'{escape(label)} ({count})' for label, count in details['themes'])}")
    lines.append(_managers(details, policy))
    title = "*Support week in review*"
    blocks: list[Block] = [section(f":newspaper: {title}"), section("\n".join(lines)), divider()]
    quotes = not details.get("shared")
    kudos = [_kudos(one, quotes=quotes) for one in details["kudos"]]
    blocks.append(section(":clap: *Kudos*" if kudos else "No kudos this week."))
    blocks += [section(text) for text in kudos]
    if details["left"]:
        blocks.append(context(f"{details['left']} more follow next week."))
    return Message(plain("\n".join((title, *lines, *kudos))), blocks)


def _kudos(one: Details, *, quotes: bool) -> str:
    who = f"<@{one['who']}>" if one["who"] else escape(one["name"]) or "The whole team"
    ticket = f"<{one['url']}|#{one['ticket']}>" if one["url"] else f"#{one['ticket']}"
    line = f"*{who}* (ticket {ticket})"
    return f"{line}\n{quote(cut(safe(one['words']), WORDS))}" if quotes else line


def _managers(details: Details, policy: Policy) -> str:
    """Who reviews now and next, with the rotation's link."""
    now = f"<@{details['manager']}>" if details["manager"] else "nobody is on duty"
    following = f", then <@{details['next_manager']}>" if details["next_manager"] else ""
    url = policy.review.week.rotation_url
    return f"*Reviewing Manager:* {now}{following}{f' (<{url}|rotation>)' if url else ''}"


def _reviews(count: int) -> str:
    return f"{count} review{'' if count == 1 else 's'}"


def _lines(rows: Iterable[Details]) -> list[str]:
    """One line a review; of very many the first."""
    known = list(rows)
    shown = [_line(row) for row in known[:MOST_ROWS]]
    more = len(known) - len(shown)
    return [*shown, *([f"… and {more} more"] if more > 0 else [])]


def _sections(lines: Iterable[str]) -> list[Block]:
    """Lines in as few paragraphs as Slack's limit for one allows: a line that is cut would be no link any more."""
    texts = [""]
    for line in lines:
        longer = f"{texts[-1]}\n{line}".lstrip("\n")
        texts = [*texts[:-1], longer] if len(longer) <= SECTION_LIMIT else [*texts, line]
    return [section(text) for text in texts]


def _line(row: Details) -> str:
    ticket = f"<{row['url']}|#{row['ticket']}>" if row["url"] else f"#{row['ticket']}"
    return f"{TONE_EMOJI[Tone(row['tone'])]} {row['id']} · ticket {ticket} · {row['age']} · {escape(row['waits_for'])}"
