"""From what Slack sends to an event, or to a sentence for the person beside what they typed. Pure."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from handlers.incident.ids import BY_SHEET, Field
from handlers.incident.modals import Prefill
from handlers.kit.memory import Memory
from handlers.kit.parsing import as_read
from handlers.kit.seen import texts_seen
from workflows.incident.events import CriticalityChanged, Described, Reported, Resolved, StandInNamed
from workflows.incident.model import Report, Thread
from workflows.incident.systems import systems_in
from workflows.policy.model import Policy

Json = dict[str, Any]
Errors = dict[str, str]
"""Block id -> what is wrong there."""

SAID = {None, "file_share", "me_message", "thread_broadcast", "bot_message"}
"""The kinds of messages in which somebody says something; joins, topics and the like are none."""


# ----------------------------------------------------------------------------------- messages in channels


@dataclass(frozen=True)
class Said:
    """A message: `by` is None for an integration, whose ids and names `sender` holds; `thread` is where it replies."""

    at: Thread
    by: str | None
    text: str
    thread: Thread | None
    sender: tuple[str, ...] = ()

    @property
    def when(self) -> datetime:
        """When it was written."""
        return time_of(self.at.ts)


@dataclass(frozen=True)
class Edited:
    """A message was edited."""

    at: Thread
    text: str


@dataclass(frozen=True)
class Deleted:
    """A message was deleted."""

    at: Thread


def of_event(body: Json) -> Said | Edited | Deleted | None:
    """What a message event says, or None: the desk's own messages, joins, changes that change no text."""
    event = body["event"]
    match event.get("subtype"):
        case "message_changed":
            return _changed(event, body)
        case "message_deleted":
            return Deleted(Thread(channel=event["channel"], ts=str(event.get("deleted_ts") or "")))
        case kind if kind in SAID and not _is_own(event, body):
            return _said(event)
    return None


def time_of(ts: str) -> datetime:
    """When a message was written, by its ts."""
    return datetime.fromtimestamp(float(ts), UTC)


def _said(event: Json) -> Said:
    channel, ts, thread = event["channel"], str(event["ts"]), event.get("thread_ts")
    is_reply = thread is not None and str(thread) != ts
    by = None if event.get("bot_id") else event.get("user")
    root = Thread(channel=channel, ts=str(thread)) if is_reply else None
    return Said(Thread(channel=channel, ts=ts), by, text_of(event), root, _sender(event) if by is None else ())


def _sender(event: Json) -> tuple[str, ...]:
    """By what an integration may be known: its bot id, app id and names."""
    profile = event.get("bot_profile") or {}
    known = (event.get("bot_id"), event.get("app_id"), event.get("username"), profile.get("name"))
    return tuple(dict.fromkeys(str(name) for name in known if name))


def _changed(event: Json, body: Json) -> Edited | Deleted | None:
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    at = Thread(channel=event["channel"], ts=str(now.get("ts") or ""))
    if now.get("subtype") == "tombstone":
        return Deleted(at)
    if text_of(now) == text_of(before) or _is_own(now, body):
        return None
    return Edited(at, text_of(now))


def _is_own(message: Json, body: Json) -> bool:
    """Whether the desk wrote this itself."""
    ourselves = {one.get("user_id") for one in body.get("authorizations") or ()}
    return message.get("app_id") == body.get("api_app_id") or message.get("user") in ourselves - {None}


def text_of(message: Json) -> str:
    """What people see of a message; of one that only has attachments, what stands in for them."""
    attached = [str(one.get("fallback") or one.get("text") or "") for one in message.get("attachments") or ()]
    return as_read("\n".join(filter(None, texts_seen(message))) or "\n".join(filter(None, attached)))


# ------------------------------------------------------------------------------------- commands and shortcuts


def of_command(text: str, policy: Policy) -> Prefill:
    """`/incident what is happening`: the systems it names are chosen already."""
    return Prefill(Report(what=html.unescape(text)), systems_in(text, policy.incident))


def of_message(payload: Json, policy: Policy, *, in_channel: bool) -> Prefill:
    """The message a person chose "Start incident timer" on; one in another channel is only linked."""
    message, channel = payload["message"], payload["channel"]["id"]
    text, ts = text_of(message), str(message["ts"])
    reporter = None if message.get("bot_id") else message.get("user")
    memory = (
        Memory(channel=channel, ts=ts, root=str(message.get("thread_ts") or ts), reporter=reporter)
        if in_channel
        else Memory(reporter=reporter, source=_permalink(payload, ts))
    )
    return Prefill(Report(what=text), systems_in(text, policy.incident), memory=memory)


# -------------------------------------------------------------------------------------------------- modals


def of_form(view: Json, by: str, policy: Policy) -> Reported | Errors:
    """The form: every field that is wrong is named at once."""
    memory, report = Memory.of(view), of_report(view, policy)
    systems, other = chosen(view, Field.SYSTEMS), typed(view, Field.OTHER)
    errors = dict(report) if isinstance(report, dict) else {}
    if not systems and not other:
        errors[Field.SYSTEMS] = "Please choose a system, or name another one below."
    if errors or isinstance(report, dict):
        return errors
    named = systems_in(other, policy.incident) if other else ()
    return Reported(
        by=by,
        report=report,
        systems=tuple(dict.fromkeys((*systems, *named))),
        other="" if named else other,
        reporter=memory.reporter,
        origin=_thread(memory.channel, memory.ts),
        root=_thread(memory.channel, memory.root),
        source=memory.source,
    )


def of_report(view: Json, policy: Policy) -> Report | Errors:
    """What is happening, the impact, errors, steps."""
    values = {name: typed(view, name) for name in (Field.WHAT, Field.IMPACT, Field.ERRORS, Field.STEPS)}
    limit = policy.incident.text_limit
    errors: Errors = {
        name: f"This has {len(text)} characters; {limit} fit." for name, text in values.items() if len(text) > limit
    }
    if not values[Field.WHAT]:
        errors[Field.WHAT] = "Please say in a few words what is happening."
    if not values[Field.IMPACT]:
        errors[Field.IMPACT] = "Please say whom it keeps from what; “not known yet” will do."
    return errors or Report(**{name.value: text for name, text in values.items()})


def of_details(view: Json, by: str, policy: Policy) -> Described | Errors:
    """A better description."""
    report = of_report(view, policy)
    return report if isinstance(report, dict) else Described(by, report)


def of_change(view: Json, by: str, policy: Policy) -> CriticalityChanged | Errors:
    """Other systems, or a level of one's own."""
    level = next(iter(chosen(view, Field.LEVEL)), BY_SHEET)
    if level != BY_SHEET and level not in policy.incident.levels:
        return {Field.LEVEL: "This level is not in the policy any more. Please choose another one."}
    return CriticalityChanged(by, chosen(view, Field.SYSTEMS), None if level == BY_SHEET else level)


def of_resolve(view: Json, by: str, _policy: Policy) -> Resolved | Errors:
    """A line of summary."""
    summary = " ".join(typed(view, Field.SUMMARY).split())
    return Resolved(by, summary) if summary else {Field.SUMMARY: "Please say in a line what it was."}


def of_stand_in(view: Json, by: str, _policy: Policy) -> StandInNamed | Errors:
    """Who stands in."""
    person = str(_state(view, Field.PERSON).get("selected_user") or "")
    return StandInNamed(by, person) if person else {Field.PERSON: "Please choose somebody."}


def typed(view: Json, name: str) -> str:
    """What was typed there."""
    return str(_state(view, name).get("value") or "").strip()


def chosen(view: Json, name: str) -> tuple[str, ...]:
    """What was chosen there."""
    state = _state(view, name)
    options = state.get("selected_options") or [state.get("selected_option")]
    return tuple(str(option["value"]) for option in options if option)


def _state(view: Json, name: str) -> Mapping[str, Any]:
    elements: Mapping[str, Any] = view["state"]["values"].get(name, {})
    return next(iter(elements.values()), {})


def _thread(channel: str | None, ts: str | None) -> Thread | None:
    return Thread(channel=channel, ts=ts) if channel and ts else None


def _permalink(payload: Json, ts: str) -> str | None:
    domain, channel = (payload.get("team") or {}).get("domain"), payload["channel"]["id"]
    return f"https://{domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}" if domain else None
