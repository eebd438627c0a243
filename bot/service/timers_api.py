"""What the desk will do by itself next: for the sandbox, whose clock people move."""

import re
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection

from storage.backlog import unhandled_webhooks
from storage.cases import read_case
from storage.database import Database
from storage.outbox import pending_effects
from storage.tables import TimerRow
from storage.timers import waiting_timers

SHOWN = 20
"""So many timers are told, the soonest first."""

REASONS = {
    "acknowledge": "reminds the product team to acknowledge it",
    "tell_customer": "reminds the submitter to tell the customer",
    "draft_expires": "forgets the form that was not sent",
    "remind": "reminds the owner: {} % of the time is over",
    "unclaimed": "asks in the thread who takes it",
    "due": "the time is over",
    "overdue": "reminds the owner: it is overdue",
    "snoozed": "reminds again after the snooze",
    "step": "takes the next step of the escalation",
    "still_on_it": "asks whether somebody is still on it",
    "channel": "tries the channel again, which did not take the card",
    "call": "calls the next manager: nobody has taken it",
    "page_ping": "pings again until somebody acknowledges the page",
    "auto_close": "closes a good review nothing happened to",
    "digest": "sends a manager what waits for them",
    "rotation": "asks who the Reviewing Manager is",
    "last_days": "sends the Reviewing Manager a scorecard",
    "ask_for_ratings": "asks the ticket system for new ratings",
    "week": "posts the week in review",
    "ask_for_tickets": "asks the ticket system for new tickets",
    "try_again": "asks again whose a new ticket is",
    "gathered_tickets": "tells a customer success manager of many tickets at once",
    "new_tickets": "sends a customer success manager the day's new tickets",
    "gaps_digest": "tells the lead whose tickets nobody hears of",
    "question_over": "stops asking whether something is broken",
}
"""Why a timer goes off, by its name; what stands behind a colon fills the gap."""


def reason(name: str) -> str:
    """Why the timer of this name goes off, in words."""
    base, _, detail = name.partition(":")
    return REASONS.get(base, re.sub(r"[_:]", " ", name)).format(detail)


def due_routes(database: Database) -> APIRouter:
    """`/sandbox/timers` and `/sandbox/waiting`. Served only where the clock is one that can be moved."""
    routes = APIRouter(prefix="/sandbox")

    @routes.get("/timers")
    def timers() -> list[dict[str, Any]]:
        with database.read_only() as connection:
            return [_described(connection, row) for row in waiting_timers(connection)[:SHOWN]]

    @routes.get("/waiting")
    def waiting() -> int:
        """How much is on its way: what waits to leave, but for second looks, and webhooks nobody has handled."""
        with database.read_only() as connection:
            leaving = [row for row in pending_effects(connection) if row.payload["type"] != "look_again"]
            return len(leaving) + unhandled_webhooks(connection).count

    return routes


def _described(connection: Connection, row: TimerRow) -> dict[str, Any]:
    case = read_case(connection, row.case_id)
    return {
        "case": row.case_id,
        "kind": case.kind if case else "",
        "state": case.state if case else "",
        "name": row.name,
        "reason": reason(row.name),
        "due_at": row.due_at.isoformat(),
    }
