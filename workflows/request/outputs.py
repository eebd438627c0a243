"""The effects and timers that several rules need, each by a name that says what a person sees of it."""

from datetime import datetime, timedelta
from typing import Final

from workflows.contract.effect_base import Urgency
from workflows.contract.effects import Effect
from workflows.contract.issue_effects import CommentOnIssue, LabelIssue
from workflows.contract.message_effects import Place, Say, ShowCard, dm
from workflows.contract.message_effects import channel as to_channel
from workflows.contract.process import CancelTimer, MessageRef, SetTimer
from workflows.lib import business_time
from workflows.policy.model import Policy
from workflows.policy.request import RequestKind
from workflows.request import calendar
from workflows.request.model import Closing, RequestCase, RequestState, Result

CARD = "card"
ASKED = "asked"
TEST = "test"
ASKED_REMINDER = "asked_reminder"
TEST_REMINDER = "test_reminder"
QUESTION_REMINDER = "question_reminder"
TAKE_OVER = "take_over"
FORMER = "former"
NEWS = "news"
UNWRITTEN = "unwritten"

DRAFT_EXPIRES = "draft_expires"
LOOK = "look"
SHIP_DAY = "ship_day"
RETRY = "retry"
RETRY_POST = "retry_post"

AFTER_THE_END: Final = timedelta(days=14)
"""So long the tracker is still asked, once a day, whether somebody reopened it."""


def numbered(slot: str, number: int) -> str:
    """The slot of the second question, the third test."""
    return f"{slot}:{number}"


def show_card(case: RequestCase) -> tuple[Effect, ...]:
    """Show the owner how it stands."""
    return (ShowCard(slot=CARD, to=dm(case.owner), urgency=Urgency.ANSWER),) if case.owner else ()


def refresh(case: RequestCase) -> tuple[Effect, ...]:
    """Show what changed wherever the case is shown."""
    others = (
        ShowCard(slot=slot, to=_place(shown))
        for slot, shown in case.messages.items()
        if slot != CARD and not slot.startswith(FORMER)
    )
    return (*show_card(case), *others)


def _place(shown: MessageRef) -> Place:
    return dm(shown.place[1:]) if shown.place.startswith("@") else to_channel(shown.place)


def show_to_owner(case: RequestCase, slot: str) -> tuple[Effect, ...]:
    """A message to the owner with buttons of its own, by direct message."""
    return (ShowCard(slot=slot, to=dm(case.owner)),) if case.owner else ()


def tell(case: RequestCase, **details: str) -> tuple[Effect, ...]:
    """Tell the owner what happened, in the thread of the card."""
    if not case.owner:
        return ()
    return (Say(what=NEWS, to=dm(case.owner), thread_of=CARD, details=details),)


def tell_ended(case: RequestCase) -> tuple[Effect, ...]:
    """Tell the owner how it ended: as it was then, for it may be opened again before they read it."""
    return tell(case, what="ended", result=case.closing.result, by=case.closing.by) if case.closing else ()


def comment(case: RequestCase, body: str) -> tuple[Effect, ...]:
    """Write into its issue."""
    if case.issue is None:
        return ()
    return (CommentOnIssue(project=case.issue.project, number=case.issue.number, body=body),)


def label(case: RequestCase, *labels: str) -> tuple[Effect, ...]:
    """Label its issue."""
    if case.issue is None or not labels:
        return ()
    return (LabelIssue(project=case.issue.project, number=case.issue.number, add=labels),)


def without_owner_messages(case: RequestCase) -> tuple[RequestCase, tuple[Effect, ...]]:
    """The case without what stands in its owner's DM: somebody else has it now, and each message there says so."""
    going = [(slot, shown) for slot, shown in case.messages.items() if shown.place == f"@{case.owner}"]
    staying = {slot: shown for slot, shown in case.messages.items() if shown.place != f"@{case.owner}"}
    former = {f"{FORMER}:{number}": old for number, (_, old) in enumerate(going, start=case.former_places)}
    known = case.with_(messages={**staying, **former}, former_places=case.former_places + len(going))
    gone = () if case.gone else tuple(ShowCard(slot=slot, to=_place(old)) for slot, old in former.items())
    return known, gone


# ------------------------------------------------------------------------------------------- timers


def draft_timer(now: datetime, policy: Policy) -> SetTimer:
    """When a form that was not finished is forgotten."""
    return SetTimer(DRAFT_EXPIRES, business_time.due(now, policy.request.draft_kept_for, policy.calendars))


def reminder(name: str, now: datetime, policy: Policy) -> SetTimer:
    """When the owner is reminded of a question, or of the test."""
    return SetTimer(name, business_time.due(now, policy.request.remind_after, policy.calendars))


def look_later(case: RequestCase, policy: Policy, now: datetime) -> tuple[SetTimer | CancelTimer, ...]:
    """When the tracker is asked next how it stands."""
    every = policy.request.ask_every
    if every is None or case.link is None:
        return (CancelTimer(LOOK),)
    if case.closing is None:
        return (SetTimer(LOOK, now + every.length),)
    is_long_over = now >= case.closing.at + AFTER_THE_END
    return (CancelTimer(LOOK),) if is_long_over else (SetTimer(LOOK, now + max(every.length, timedelta(days=1))),)


def with_ship_day(case: RequestCase, policy: Policy, now: datetime) -> tuple[RequestCase, tuple[SetTimer, ...]]:
    """The case, knowing when it ships at the earliest; the date moves on when it is past."""
    if case.issue is None or case.kind is RequestKind.RFC:
        return case, ()
    ships_on = calendar.next_ship_day(now, policy.request.ship_day, policy.zone)
    return case.with_(ships_on=ships_on), (SetTimer(SHIP_DAY, calendar.day_after(ships_on, policy.zone)),)


def ended(
    case: RequestCase, by: str, result: Result, policy: Policy, now: datetime
) -> tuple[RequestCase, tuple[SetTimer | CancelTimer, ...]]:
    """The case, over; nobody is reminded any more."""
    closed = case.with_(state=RequestState.CLOSED, closing=Closing(by=by, at=now, result=result))
    names = (ASKED_REMINDER, TEST_REMINDER, QUESTION_REMINDER, SHIP_DAY, RETRY, RETRY_POST, DRAFT_EXPIRES)
    return closed, (*map(CancelTimer, names), *look_later(closed, policy, now))
