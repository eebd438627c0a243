"""People, as Slack knows them, kept for an hour in the desk's database."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from pydantic import TypeAdapter, ValidationError
from slack_sdk import WebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.clients.slack_calls import read
from bot.clients.slack_channels import Ask
from storage import cases
from storage.database import Database
from storage.tables import PersonRow
from workflows.contract.errors import Misconfigured, RetryLater, Unreachable
from workflows.contract.slack_port import Person

log = structlog.get_logger(__name__)

FRESH: Final = timedelta(hours=1)
_PERSON: Final = TypeAdapter(Person)
_Kept = tuple[Person, bool]
"""Somebody, and whether that is fresh."""


class People:
    """Asks who somebody is, and keeps the answer; an old answer is used while Slack cannot be asked."""

    def __init__(self, web: WebClient, now: Callable[[], datetime], ask: Ask, database: Database | None) -> None:
        self._web = web
        self._now = now
        self._ask = ask
        self._database = database
        self._team: tuple[str, str | None] | None = None

    def by_id(self, user: str, fresh: timedelta = FRESH) -> Person:
        """Who this is. `Unreachable` when Slack knows nobody of this id."""
        kept = self._kept(lambda connection: cases.remembered_person(connection, user), fresh)
        return self._fresh(kept, lambda: self._ask(self._web.users_info, f"who {user} is", user=user))

    def by_email(self, email: str) -> Person | None:
        """Who has this e-mail address, or None."""
        address = email.strip().lower()
        kept = self._kept(lambda connection: cases.remembered_person_by_email(connection, address))
        try:
            return self._fresh(
                kept, lambda: self._ask(self._web.users_lookupByEmail, "an e-mail address", email=address)
            )
        except Unreachable:
            return None

    def _fresh(self, kept: _Kept | None, ask: Callable[[], Mapping[str, Any]]) -> Person:
        if kept is not None and kept[1]:
            return kept[0]
        try:
            answer = ask()
            read(answer, "user", "id")
            person = person_of(answer["user"], self._own_team())
        except (RetryLater, Misconfigured) as error:
            if kept is None:
                raise
            log.warning("person_from_memory", person=kept[0].id, reason=error.sentence)
            return kept[0]
        self._keep(person)
        return person

    def is_own_team(self, team: str) -> bool:
        """Whether this is the id of the bot's workspace, or of its organisation."""
        return team in self._own()

    def _own_team(self) -> str:
        return self._own()[0]

    def _own(self) -> tuple[str, str | None]:
        """The ids of the bot's workspace and of its organisation, where there is one; asked once."""
        if self._team is None:
            answer = self._ask(self._web.auth_test, "the bot's own name")
            self._team = (read(answer, "team_id"), answer.get("enterprise_id") or None)
        return self._team

    def _kept(self, look: Callable[[Any], PersonRow | None], fresh: timedelta = FRESH) -> _Kept | None:
        if self._database is None:
            return None
        try:
            with self._database.read_only() as connection:
                row = look(connection)
            person = row and _PERSON.validate_python(row.data)
        except (SQLAlchemyError, ValidationError):  # written by another version, or not to be read now: ask Slack
            return None
        return (person, timedelta(0) <= self._now() - row.read_at < fresh) if row and person else None

    def _keep(self, person: Person) -> None:
        if self._database is None:
            return
        email = person.email.lower() if person.email else None
        try:
            with self._database.transaction() as connection:
                cases.remember_person(connection, person.id, email, asdict(person), self._now())
        except SQLAlchemyError as error:  # the answer is right all the same
            log.warning("person_not_kept", person=person.id, reason=type(error).__name__)


def person_of(user: Mapping[str, Any], own_team: str) -> Person:
    """Read Slack's JSON of a user; who belongs to another team and not also to `own_team` is foreign."""
    profile = user.get("profile")
    profile = profile if isinstance(profile, dict) else {}
    name = profile.get("real_name") or user.get("real_name") or profile.get("display_name") or user.get("name")
    return Person(
        id=str(user["id"]),
        name=str(name or user["id"]),
        email=profile.get("email") or None,
        time_zone=_zone(user.get("tz")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_foreign=bool(user.get("is_stranger")) or own_team not in _teams(user, own_team),
        is_active=not user.get("deleted"),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
    )


def _teams(user: Mapping[str, Any], own_team: str) -> tuple[object, ...]:
    """The teams of somebody; in an organisation of several workspaces one may be in many."""
    organisation = user.get("enterprise_user")
    more = organisation.get("teams") if isinstance(organisation, dict) else None
    return (user.get("team_id") or own_team, *(more if isinstance(more, list) else ()))


def _zone(name: object) -> str:
    """An IANA name, or UTC: Slack names no zone of deactivated people."""
    try:
        return ZoneInfo(str(name)).key if name else "UTC"
    except (ValueError, LookupError, OSError):
        return "UTC"
