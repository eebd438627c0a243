"""The week in review: kudos, counts, what was wrong, and who reviews now and next; posted once a week.

It stands from the first review on. A kudos waits here until it was posted, so that none is lost and none stands twice.
Source: the page's "Kudos section for the week" and "Who is responsible for reviewing Support Satisfaction feedback".
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import Field

from workflows.contract.alerts import alert_admins
from workflows.contract.case_effects import SummarizeCases
from workflows.contract.effects import Effect
from workflows.contract.events import (
    CaseNotified,
    CaseSummaries,
    CaseSummary,
    Duty,
    DutySource,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    TimerDue,
)
from workflows.contract.file_effects import MarkedText, UploadFile, WriteCanvas, WriteDocument
from workflows.contract.message_effects import Say, channel, dm
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.process import Case, Decision, Note, Process, SetTimer
from workflows.contract.values import Frozen
from workflows.policy.model import Policy
from workflows.policy.review import WeekPlace
from workflows.review import people, standing

WEEK = "week"
NOW, NEXT = "week_now", "week_next"
POST = "week_review"
PICTURE, TABLE = "trends_picture", "trends_table"
NOT_SENT = "trends_not_sent"
LENGTH = timedelta(days=7)
MOST_KUDOS = 40
"""So many fit into one message."""
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#<>!|~@]")
JUST_AFTER = timedelta(minutes=1)


class Kudos(Frozen):
    """Somebody was praised: `who` (a Slack id), or somebody of this `name`; without both the team.

    `id` tells one kudos from another.
    """

    id: str
    who: str | None = None
    name: str = ""
    email: str | None = None
    words: str
    ticket: str
    url: str = ""


class WeekCase(Case):
    """What has gathered for the next week's review."""

    kudos: tuple[Kudos, ...] = ()
    posting: tuple[str, ...] = ()
    """The kudos that are being posted, by their ids."""
    manager: str | None = None
    next_manager: str | None = None
    names: dict[str, str] = Field(default_factory=dict)
    """What these two are called, by their ids: a document mentions nobody."""
    trouble: str | None = None
    """Why the last week's review could not be posted: what is in it waits."""

    @property
    def open_key(self) -> str | None:
        """There is one."""
        return standing.WEEK


@dataclass(frozen=True)
class TrendsAsked:
    """A manager (Slack id) wants the numbers as a file: `what` names its rendering, `trends` are plain values."""

    by: str
    what: str
    trends: dict[str, Any]


def decide(case: WeekCase, event: object, policy: Policy, now: datetime) -> Decision[WeekCase]:
    """Decide what an event changes for the week in review."""
    match event:
        case CaseNotified():
            return _notified(case, event, policy, now)
        case TimerDue():
            ask = AskWhoIsOnDuty(purpose=NOW)
            return Decision(case, effects=(ask,), timers=(SetTimer(WEEK, next_post(now, policy)),))
        case EffectSucceeded(effect=AskWhoIsOnDuty(purpose=purpose), result=Duty() as duty):
            return _on_duty(case, purpose, duty, now)
        case TrendsAsked(by=by, what=what, trends=trends):
            file = UploadFile(what=what, user=by, details={"trends": trends})
            return Decision(case, (Note(by, "asked for trends"),), (file,))
        case EffectSucceeded(effect=SummarizeCases(), result=CaseSummaries(cases=found)):
            return _post(case, found, policy, now)
        case EffectSucceeded(effect=WriteDocument() | WriteCanvas()) | EffectSucceeded(effect=Say(what="week_review")):
            left = tuple(one for one in case.kudos if one.id not in case.posting)
            return Decision(case.with_(kudos=left, posting=(), trouble=None), (Note("desk", "posted the week"),))
        case EffectFailed():
            return _failed(case, event, policy, now)
        case EffectSucceeded() | EffectDelayed() | EffectDropped():
            return Decision(case)
    raise TypeError(f"The week in review knows no {type(event).__name__}.")


def _failed(case: WeekCase, event: EffectFailed, policy: Policy, now: datetime) -> Decision[WeekCase]:
    """Who waits for it is told."""
    sentence = event.sentence
    match event.effect:
        case AskWhoIsOnDuty():
            return Decision(case, effects=(_ask(now),))
        case UploadFile(user=by):
            say = Say(what=NOT_SENT, to=dm(by), details={"sentence": sentence})
            return Decision(case, (Note("desk", f"could not send trends: {sentence}"),), (say,))
        case WriteDocument() | WriteCanvas() | Say(what="week_review"):
            note = Note("desk", f"could not post the week, so its kudos wait: {sentence}")
            sentence = f"The week in review waits: {sentence}"
            alert = alert_admins(policy, sentence, now, f"week:{policy.review.week.into}")
            return Decision(case.with_(posting=(), trouble=sentence), (note,), alert)
    return Decision(case)


def next_post(now: datetime, policy: Policy) -> datetime:
    """When the next week's review is posted, after `now`."""
    week, zone = policy.review.week, policy.time_zone
    today = standing.local_day(now, zone)
    ahead = (week.day - today.weekday()) % 7
    at = standing.at_local(today + timedelta(days=ahead), week.at, zone)
    return at if at > now else standing.at_local(today + timedelta(days=ahead + 7), week.at, zone)


def _notified(case: WeekCase, event: CaseNotified, policy: Policy, now: datetime) -> Decision[WeekCase]:
    timers = () if case.state == "standing" else (SetTimer(WEEK, next_post(now, policy)),)
    known = case.with_(state="standing")
    if event.purpose != standing.KUDOS:
        return Decision(known, timers=timers)
    kudos = Kudos.model_validate(dict(event.details))
    if any(one.id == kudos.id for one in case.kudos):
        return Decision(known, timers=timers)
    return Decision(
        known.with_(kudos=(*case.kudos, kudos)), (Note("desk", f"took a kudos of {event.source}"),), timers=timers
    )


def _on_duty(case: WeekCase, purpose: str, duty: Duty, now: datetime) -> Decision[WeekCase]:
    by_turns = duty.source in {DutySource.SCHEDULE, DutySource.ROTA}
    person = duty.people[0] if duty.people and by_turns else None
    who, name = (person.id, {person.id: person.name}) if person else (None, {})
    if purpose == NEXT:
        following = who if who != case.manager else None
        return Decision(case.with_(next_manager=following, names=case.names | name), effects=(_ask(now),))
    known = case.with_(manager=who, next_manager=None, names=name)
    if who is None or duty.until is None:
        return Decision(known, effects=(_ask(now),))
    return Decision(known, effects=(AskWhoIsOnDuty(purpose=NEXT, at=duty.until + JUST_AFTER),))


def _ask(now: datetime) -> SummarizeCases:
    return standing.reviews(WEEK, now - LENGTH)


def _post(case: WeekCase, found: Sequence[CaseSummary], policy: Policy, now: datetime) -> Decision[WeekCase]:
    """Everything that gathered, once a week. What does not fit into one message is in the next week's."""
    week, day = policy.review.week, standing.local_day(now, policy.time_zone)
    of_week = [one for one in found if datetime.fromisoformat(one.details["rated_at"]) > now - LENGTH]
    kudos = case.kudos[:MOST_KUDOS] if week.into is WeekPlace.POST else case.kudos
    details: dict[str, Any] = {
        "kudos": [_shown(one, policy) for one in kudos],
        "left": len(case.kudos) - len(kudos),
        "counts": dict(Counter(str(one.details["tone"]) for one in of_week)),
        "closed": sum(not one.is_open for one in found if not one.details["recorded_only"]),
        "themes": Counter(str(one.details["label"]) for one in of_week if one.details["label"]).most_common(3),
        "manager": case.manager,
        "next_manager": case.next_manager,
    }
    posting = case.with_(posting=tuple(one.id for one in kudos))
    return Decision(posting, effects=(_write(case, details, day, policy),))


def _write(case: WeekCase, details: dict[str, Any], day: date, policy: Policy) -> Effect:
    week, title = policy.review.week, f"Week of {day:%d %B %Y}"
    url, numbers, managers = week.rotation_url, _numbers(details), _managers(case)
    if week.into is WeekPlace.CANVAS and week.canvas is not None:
        rows = [_as_it_is(row) for row in (numbers, managers, *map(_line, details["kudos"]))]
        rows[1] += f" [Rotation]({url})" if url else ""
        return WriteCanvas(canvas=week.canvas, heading=title, markdown="\n".join(f"- {row}" for row in rows))
    if week.into is WeekPlace.DOCUMENT and week.document is not None:
        heading = MarkedText(mark=f"week:{day}", text=title)
        managers += f" Rotation: {url}" if url else ""
        lines = [
            MarkedText(mark=f"numbers:{day}", text=numbers),
            MarkedText(mark=f"managers:{day}", text=managers),
        ]
        lines += [MarkedText(mark=f"kudos:{one['id']}", text=_line(one)) for one in details["kudos"]]
        return WriteDocument(document=week.document, heading=heading, paragraphs=tuple(lines))
    return Say(what=POST, to=channel(week.channel), details=details, once=f"{case.id}:{POST}:{day}")


def _managers(case: WeekCase) -> str:
    """Who reviews now and next."""
    now, following = (case.names.get(who or "", "") for who in (case.manager, case.next_manager))
    return f"Reviewing Manager: {now or 'nobody is on duty'}{f', then {following}' if following else ''}."


def _numbers(details: dict[str, Any]) -> str:
    counts = ", ".join(f"{count} {tone}" for tone, count in sorted(details["counts"].items())) or "none"
    themes = ", ".join(f"{label} ({count})" for label, count in details["themes"])
    return f"Reviews: {counts}. Closed: {details['closed']}.{f' Themes: {themes}.' if themes else ''}"


def _as_it_is(text: str) -> str:
    """Text that means nothing to markdown: one line, no mentions, links or pictures."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))


def _line(kudos: dict[str, Any]) -> str:
    """A kudos as a line of a document."""
    return f"Kudos: {kudos['name'] or 'the whole team'}, ticket {kudos['ticket']}: {kudos['words']}"


def _shown(kudos: Kudos, policy: Policy) -> dict[str, Any]:
    """A kudos as it is shown: who does not want to be named is not, nor in the customer's words."""
    shown = {**kudos.model_dump(), "email": None}
    if not people.is_unnamed(kudos.who, kudos.email, kudos.name, policy):
        return shown
    words = people.without_them(kudos.words, kudos.email, kudos.name, policy)
    return {**shown, "who": None, "name": people.TEAMMATE, "words": words}


PROCESS: Process[WeekCase] = Process(
    kind=standing.WEEK,
    prefix="RW",
    model=WeekCase,
    blank=lambda case_id, now: WeekCase(id=case_id, state="new", opened_at=now),
    decide=decide,
)
