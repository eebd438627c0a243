"""The vendors: tokens and their rights, and everything the policy names there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol

from bot.clients.calendly import Calendly
from bot.clients.gitlab import GitLab
from bot.clients.google_docs import GoogleDocs
from bot.clients.pagerduty import PagerDuty
from bot.clients.salesforce import Salesforce
from bot.clients.zendesk import Zendesk, vendor_name
from bot.doctor.findings import CheckState, Findings
from bot.doctor.policy_refs import named
from workflows.contract.errors import EffectError, Misconfigured, NotFound
from workflows.contract.paging_ports import OnDuty
from workflows.contract.slack_port import Person
from workflows.lib.tickets import MAIN
from workflows.policy import fields
from workflows.policy.csm import AccountSource
from workflows.policy.model import Policy
from workflows.policy.review import WeekPlace

OFF: Final = "Not connected: its steps are done by hand."
PLANNER: Final = 15
"""The least role in GitLab that may label and close issues."""


class People(Protocol):
    """Who people are in Slack."""

    def person(self, name: str) -> Person | None:
        """Who this is, by e-mail address or id; None when nobody who is still there."""
        ...

    def is_manager(self, person: Person) -> bool:
        """Whether somebody may use what is for managers."""
        ...


def zendesk(clients: Mapping[str, Zendesk], policy: Policy, findings: Findings) -> None:
    """Every account of the policy, and that no other is set up."""
    for account in policy.tickets.accounts:
        _zendesk_account(account, clients.get(account), findings)
    for account in sorted(clients.keys() - policy.tickets.accounts.keys()):
        remedy = f"Add it to tickets.accounts in the policy, or take the ZENDESK_..._{account.upper()} settings away."
        findings.failed(vendor_name(account), "It is set up, but the policy has no account of this name.", remedy)


def _zendesk_account(account: str, client: Zendesk | None, findings: Findings) -> None:
    """The token, and whether its account may do what the desk does."""
    part, behind = vendor_name(account), "" if account == MAIN else f"_{account.upper()}"
    if client is None:
        findings.skipped(part, OFF)
        return
    settings = f"ZENDESK_URL{behind}, ZENDESK_EMAIL{behind} and ZENDESK_TOKEN{behind}"
    with findings.check(part, f"Check {settings} (Admin Center > Apps and integrations > API tokens)."):
        me = client.me()
        if me.role in {"agent", "admin"}:
            findings.ok(part, f"The token is {me.name}'s, {me.role}: it may read, tag and note tickets.")
        else:
            findings.failed(part, f"{me.name} is {me.role or 'no agent'}.", "Use the token of an agent or admin.")


def google(client: GoogleDocs | None, policy: Policy, findings: Findings) -> None:
    """Whether the week in review can be written into its document, where it goes into one."""
    week = policy.review.week
    if week.into is not WeekPlace.DOCUMENT or week.document is None:
        return
    if client is None:
        findings.failed("Google Docs", "It isn't connected.", "Set GOOGLE_SERVICE_ACCOUNT: the week in review waits.")
        return
    with findings.check("Google Docs", "Check GOOGLE_SERVICE_ACCOUNT: it holds the JSON key itself."):
        account = client.account
    if findings.found[-1].part == "Google Docs":
        return
    with findings.check("Google Docs", f"Share the document with {account} as an editor."):
        client.can_read(week.document)
        findings.ok("Google Docs", "The document of the week in review can be read.")


def accounts(client: Salesforce | None, policy: Policy, findings: Findings) -> None:
    """Whether accounts can be looked up where the policy says they are known."""
    own = policy.csm
    if own.accounts is AccountSource.NONE:
        return
    if own.accounts is AccountSource.ROSTER:
        without = [name for name, entry in own.roster.items() if entry.csm is None]
        if not own.roster:
            findings.failed("accounts", "The roster is empty.", "Write the accounts into csm.roster in the policy.")
        elif without:
            remedy = "Add `csm` to them in csm.roster, or nobody hears of their tickets."
            findings.failed("accounts", f"No customer success manager of {', '.join(without[:10])}.", remedy)
        else:
            findings.ok("accounts", f"The roster has {len(own.roster)}.")
    elif client is None:
        remedy = "Set SALESFORCE_URL, SALESFORCE_CLIENT_ID, SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY."
        findings.failed("Salesforce", "It isn't connected.", remedy)
    else:
        with findings.check("Salesforce", "Check the SALESFORCE_ settings, and csm.account_fields in the policy."):
            client.check()
            findings.ok("Salesforce", "Accounts can be read, with every field of the policy.")


def calendly(client: Calendly | None, policy: Policy, findings: Findings) -> None:
    """Whether links to book one call can be made, for each manager's page."""
    own = policy.contact
    if not own.single_use_links:
        return
    if client is None:
        findings.failed("Calendly", "It isn't connected.", "Set CALENDLY_TOKEN, or contact.single_use_links: false.")
        return
    with findings.check("Calendly", "Check CALENDLY_TOKEN (Calendly: Integrations > API and webhooks)."):
        findings.ok("Calendly", f"The token is {client.me()}'s.")
    if findings.found[-1].state is CheckState.FAILED:
        return
    for page in own.scheduling_urls.values():
        with findings.check(f"page {page}", "Correct it in contact.scheduling_urls: the page of an active event type."):
            client.knows(page)
            findings.ok(f"page {page}", "Links to it can be made.")


class GitLabDoctor:
    """Asks GitLab about the token, and about everything that the policy names there."""

    def __init__(self, client: GitLab, policy: Policy, today: datetime, findings: Findings) -> None:
        self.client = client
        self.policy = policy
        self.today = today
        self.findings = findings

    def look(self) -> bool:
        """Look at everything; without a token that works there is nothing more to see, and it is False."""
        if not self._token():
            return False
        known = [project for project in named(self.policy, fields.Project) if self._project(project)]
        for project, labels in self._wanted_labels().items():
            if project in known:
                self._labels(project, labels)
        for entry in self.policy.roster:
            if entry.tracker:
                self._user(entry.tracker)
        return True

    def _wanted_labels(self) -> dict[str, dict[str, None]]:
        """The labels the policy sets, by project, each once."""
        contact, review = self.policy.contact, self.policy.review
        tones = (label for labels in review.issue_labels.values() for label in labels)
        wanted: dict[str, dict[str, None]] = {}
        for project, labels in (
            (contact.issue_project, (*contact.issue_labels, contact.request_label, contact.contacted_label)),
            (review.issue_project, (*tones, *review.feedback_labels)),
        ):
            wanted[project] = {**wanted.get(project, {}), **dict.fromkeys(labels)}
        return wanted

    def _token(self) -> bool:
        remedy = "Check GITLAB_URL and GITLAB_TOKEN: an access token with the scope api."
        try:
            token = self.client.token()
        except NotFound:
            self.findings.skipped("GitLab token", "GitLab does not say what this kind of token may do.")
            return True
        except EffectError as error:
            self.findings.failed("GitLab token", error.sentence, remedy)
            return not isinstance(error, Misconfigured)
        if "api" not in token.scopes:
            scopes = ", ".join(token.scopes) or "none"
            self.findings.failed("GitLab token", f"It has the scopes {scopes}, but not api.", remedy)
        elif token.expires_at and token.expires_at <= self.today.date():
            self.findings.failed("GitLab token", f"It expired on {token.expires_at}.", remedy)
        else:
            until = f", until {token.expires_at}" if token.expires_at else ""
            self.findings.ok("GitLab token", f"It has the scope api{until}.")
        return True

    def _project(self, project: str) -> bool:
        part, remedy = f"project {project}", "Correct it in the policy, or add the token's user as a Reporter."
        try:
            found = self.client.project(project)
        except EffectError as error:
            self.findings.failed(part, error.sentence, remedy)
            return False
        if found.archived or found.issues_access_level == "disabled":
            self.findings.failed(part, "It is archived, or its issues are off.", "Name another project in the policy.")
        elif found.access_level < PLANNER:
            self.findings.failed(part, "The token may not label and close issues there.", remedy)
        else:
            self.findings.ok(part, "The token may open, label and close issues.")
        return True

    def _labels(self, project: str, labels: dict[str, None]) -> None:
        part = f"labels of {project}"
        with self.findings.check(part, "Try again later."):
            missing = [label for label in labels if not self.client.has_label(project, label)]
            if missing:
                self.findings.failed(
                    part, f"There is no {', '.join(missing)}.", "Make them: the project > Manage > Labels."
                )
            else:
                self.findings.ok(part, f"All {len(labels)} are there.")

    def _user(self, username: str) -> None:
        part = f"GitLab user @{username}"
        with self.findings.check(part, "Try again later."):
            if self.client.user(username):
                self.findings.ok(part, "GitLab knows them.")
            else:
                self.findings.failed(
                    part, "GitLab knows nobody of this name.", "Correct `tracker` in the policy's roster."
                )


class PagerDutyDoctor:
    """Asks PagerDuty, and Slack about the people it names."""

    def __init__(self, client: PagerDuty, policy: Policy, people: People, findings: Findings) -> None:
        self.client = client
        self.policy = policy
        self.people = people
        self.findings = findings

    def look(self, from_email: str | None, *, has_events: bool) -> None:
        """The From user (or that pages go out as events), the service, the schedules and who is on duty."""
        with self.findings.check("PagerDuty", "Check PAGERDUTY_TOKEN and PAGERDUTY_FROM (API Access Keys)."):
            self._from_user(from_email, has_events=has_events)
        with self.findings.check("PagerDuty service", "Correct incident.service in the policy: its id or name."):
            name = self.client.service(self.policy.incident.service)
            self.findings.ok("PagerDuty service", f"{name} can be paged.")
        own = self.policy.incident
        steps = (target.schedule for step in own.escalation for target in step.who)
        schedules = (self.policy.managers.on_duty_schedule, own.on_call.schedule, *steps)
        for schedule in dict.fromkeys(schedule for schedule in schedules if schedule):
            self._schedule(schedule)

    def _from_user(self, email: str | None, *, has_events: bool) -> None:
        found = self.client.user(email) if email else None
        if email is None and has_events:
            self.findings.ok("PagerDuty", "Pages go out as events, without a link at first: no PAGERDUTY_FROM is set.")
        elif found is None:
            sentence = f"PagerDuty has no user {email}." if email else "PAGERDUTY_FROM is not set."
            self.findings.failed("PagerDuty", sentence, "Set PAGERDUTY_FROM to the e-mail address of a PagerDuty user.")
        else:
            self.findings.ok("PagerDuty", f"Pages are sent in the name of {found.name}.")

    def _schedule(self, schedule: str) -> None:
        part = f"schedule {schedule}"
        with self.findings.check(part, "Correct its name in the policy: the schedule's id or name."):
            on_duty = self.client.on_duty(schedule)
            if not on_duty:
                self.findings.ok(part, "It is there; nobody is on duty now, so the policy's fallback is asked.")
            for someone in on_duty:
                self._on_duty(schedule, someone)

    def _on_duty(self, schedule: str, someone: OnDuty) -> None:
        part = f"schedule {schedule}"
        entry = next((one for one in self.policy.roster if one.email == (someone.email or "").lower()), None)
        name = (entry.slack if entry else None) or someone.email
        person = self.people.person(name) if name else None
        if person and (schedule != self.policy.managers.on_duty_schedule or self.people.is_manager(person)):
            self.findings.ok(part, f"On duty now: {someone.name}.")
        elif person:
            sentence = f"{someone.name} is on duty, but is none of the managers: they can't use what is theirs."
            remedy = "Add them to the group `managers.group` in Slack, or to `managers.users` in the policy."
            self.findings.failed(part, sentence, remedy)
        else:
            remedy = "Add them to `roster` in the policy, with their e-mail address in PagerDuty and Slack member id."
            self.findings.failed(part, f"{someone.name} is on duty, but Slack knows nobody of that address.", remedy)
