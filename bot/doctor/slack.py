"""Slack: the tokens, the scopes, and everything the policy names there."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

import yaml
from slack_sdk.web import SlackResponse

from bot.clients.http import unobserved
from bot.clients.slack_calls import SlackData, ask, read, web_client
from bot.clients.slack_channels import Channels, is_shared_abroad
from bot.clients.slack_groups import Groups
from bot.clients.slack_people import People
from bot.doctor.findings import Findings
from bot.doctor.policy_refs import named
from bot.service.settings import Settings
from workflows.contract.clock import Clock
from workflows.contract.errors import EffectError
from workflows.contract.slack_port import Person as SlackPerson
from workflows.policy import fields
from workflows.policy.model import Policy
from workflows.policy.review import WeekPlace

MANIFEST: Final = Path(__file__).parents[2] / "manifest.yml"
SKEW: Final = timedelta(seconds=30)
"""A clock may differ from Slack's by this; Slack's own signatures are refused after five minutes."""

CANVASES: Final = ("canvases:read", "canvases:write")
"""Needed where the week in review goes into a canvas."""
INSTALL: Final = "Install the app again: your app > OAuth & Permissions > Reinstall to Workspace."


def _ask(method: Callable[..., SlackResponse], what: str, **arguments: object) -> SlackData:
    return ask(method, what, observe=unobserved, **arguments)


class SlackDoctor:
    """Asks Slack about the token, and about everything that the policy names there."""

    def __init__(self, settings: Settings, policy: Policy, clock: Clock, findings: Findings) -> None:
        self.settings = settings
        self.policy = policy
        self.clock = clock
        self.findings = findings
        self.web = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
        self.channels = Channels(self.web, clock.real_now, _ask)
        self.groups = Groups(self.web, clock.real_now, _ask)
        self._people = People(self.web, clock.real_now, _ask, None)
        self.headers: Mapping[str, str] = {}

    def look(self) -> None:
        """Look at everything; without a token that works there is nothing more to see."""
        if not self._token():
            return
        self._scopes()
        self._clock()
        self._way_in()
        for channel in named(self.policy, fields.Channel):
            self._channel(channel)
        for group in named(self.policy, fields.Group):
            self._group(group)
        for person in dict.fromkeys([*named(self.policy, fields.PersonRef), *self._roster()]):
            self._person(person)

    def person(self, name: str) -> SlackPerson | None:
        """Who this is in Slack, by e-mail address or id; None when nobody who is still there."""
        found = self._people.by_email(name) if "@" in name else self._people.by_id(name)
        return found if found is not None and found.is_active else None

    def is_manager(self, person: SlackPerson) -> bool:
        """Whether somebody may use what is for managers; a group that cannot be read is said elsewhere."""
        managers = self.policy.managers
        in_turns = managers.rota.people if managers.rota else ()
        named_people = {one.lower() for one in (*managers.users, *in_turns, *managers.fallback.people)}
        if {person.id.lower(), (person.email or "").lower()} & named_people:
            return True
        try:
            return any(
                person.id in self.groups.group(group).members
                for group in (managers.group, managers.fallback.group)
                if group
            )
        except EffectError:
            return True

    # ----------------------------------------------------------------------------------- tokens

    def _token(self) -> bool:
        try:
            answer = ask(self._auth_test, "the bot's own name")
            team, user = read(answer, "team"), read(answer, "user")
        except EffectError as error:
            self.findings.failed("Slack token", error.sentence, f"Check SLACK_BOT_TOKEN and SLACK_API_URL. {INSTALL}")
            return False
        self.findings.ok("Slack token", f"The bot is @{user} in {team}.")
        return True

    def _auth_test(self) -> SlackResponse:
        answer = self.web.auth_test()
        self.headers = {name.lower(): str(value) for name, value in answer.headers.items()}
        return answer

    def _scopes(self) -> None:
        wanted = {*_manifest()["oauth_config"]["scopes"]["bot"], *self._scopes_by_policy()}
        given = {scope.strip() for scope in self.headers.get("x-oauth-scopes", "").split(",") if scope.strip()}
        if not given:
            self.findings.skipped("Slack scopes", "Slack does not say which scopes the token has.")
        elif missing := sorted(wanted - given):
            self.findings.failed(
                "Slack scopes",
                f"The token lacks {', '.join(missing)}.",
                f"Paste manifest.yml at your app > App Manifest; docs/vendors.md says what canvases need. {INSTALL}"
                if missing[0] in CANVASES
                else f"Paste manifest.yml at your app > App Manifest. {INSTALL}",
            )
        else:
            self.findings.ok("Slack scopes", f"All {len(wanted)} scopes that are needed are there.")

    def _scopes_by_policy(self) -> tuple[str, ...]:
        """What the manifest does not ask for, because most companies do without."""
        return CANVASES if self.policy.review.week.into is WeekPlace.CANVAS else ()

    def _clock(self) -> None:
        try:
            theirs = parsedate_to_datetime(self.headers.get("date", ""))
        except ValueError:
            self.findings.skipped("clock", "Slack does not say what time it is.")
            return
        skew = abs(self.clock.real_now() - theirs)
        if skew > SKEW:
            self.findings.failed(
                "clock",
                f"This machine's clock differs from Slack's by {round(skew.total_seconds())} seconds.",
                "Let the machine keep its time by NTP: deadlines and signatures depend on it.",
            )
        else:
            self.findings.ok("clock", "It agrees with Slack's.")

    def _way_in(self) -> None:
        if self.settings.mode == "http":
            self.findings.skipped("Slack app token", "Not needed: Slack calls the desk over HTTP.")
            return
        token = self.settings.slack_app_token
        app = web_client(token.get_secret_value() if token else None, self.settings.slack_api_url)
        remedy = "Make one with the scope connections:write: your app > Basic Information > App-Level Tokens."
        with self.findings.check("Slack app token", f"Check SLACK_APP_TOKEN. {remedy}"):
            ask(app.apps_connections_open, "a Socket Mode connection", app_token=app.token)
            self.findings.ok("Slack app token", "Socket Mode may be used.")

    # ---------------------------------------------------------------------- what the policy names

    def _channel(self, channel: str) -> None:
        part, remedy = f"channel {channel}", "Correct its name in the policy, or type /invite @desk in the channel."
        with self.findings.check(part, remedy):
            found = self.channels.id_of(channel)
            if found is None:
                self.findings.failed(part, "No such channel; or it is archived, or private without the bot.", remedy)
                return
            answer = ask(self.web.conversations_info, f"the channel {channel}", channel=found)
            self._membership(part, answer.get("channel"))

    def _membership(self, part: str, channel: Any) -> None:  # noqa: ANN401 - Slack's JSON
        about: Mapping[str, Any] = channel if isinstance(channel, dict) else {}
        if about.get("is_archived"):
            self.findings.failed(part, "It is archived.", "Unarchive it, or name another one in the policy.")
        elif not about.get("is_member"):
            self.findings.failed(part, "The bot is not a member.", "Type /invite @desk in the channel.")
        elif is_shared_abroad(about):
            self.findings.failed(
                part,
                "It is shared with another organisation: cards there leave out what customers said.",
                "Name a channel of your own in the policy, or end the sharing in the channel's settings.",
            )
        else:
            self.findings.ok(part, "The bot is a member.")

    def _group(self, group: str) -> None:
        part = f"user group @{group}"
        with self.findings.check(part, "Make it in Slack (People > User groups), or correct its name in the policy."):
            members = self.groups.group(group).members
            if members:
                self.findings.ok(part, f"{len(members)} member{'s' * (len(members) != 1)}.")
            else:
                self.findings.failed(part, "It has no members.", "Add members in Slack, or name another group.")

    def _roster(self) -> list[str]:
        return [entry.slack or entry.email for entry in self.policy.roster]

    def _person(self, name: str) -> None:
        part = f"person {name}"
        remedy = "Correct the policy; where the address is another one in Slack, add the person to `roster`."
        with self.findings.check(part, remedy):
            found = self.person(name)
            if found is None:
                self.findings.failed(part, "Slack knows nobody of this name, or nobody any more.", remedy)
            else:
                self.findings.ok(part, f"{found.name} in Slack.")


def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return manifest
