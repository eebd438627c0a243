"""`python -m bot doctor`: a line for each part, what to do about each failed one, and nothing is changed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.doctor.checks import as_json, as_text, examine, send_test
from bot.doctor.findings import CheckState, Finding, Findings
from bot.doctor.policy_refs import named
from bot.doctor.send_test import TITLE
from bot.webhooks.zendesk import PUBLIC_SECRET
from sandbox.core.manifest import read_manifest
from sandbox.core.seed import add_person
from sandbox.server import Sandbox
from sandbox.vendors.google import DOCUMENT
from storage.database import Database
from tests.google_account import service_account
from tests.integration.webhooks.conftest import GITLAB, PAGERDUTY, ZENDESK, Address, HookedDesk
from tests.policies import company_policy, write_company_policy
from tests.tickets import EMEA
from tests.world import MANIFEST, WEBHOOKS, MovedClock, accounts_settings
from workflows.policy import fields

POLICY: dict[str, Any] = {
    "admins": ["omar@example.com"],
    "managers": {
        "on_duty_schedule": "SSAT Reviewing Manager",
        "fallback": {"group": "support-managers", "people": ["marco@example.com"]},
    },
}


class Patient:
    """A set-up in the sandbox, and the doctor who looks at it."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.clock = MovedClock()
        self.policy(POLICY)
        vendors = f"{sandbox.url}/vendors"
        self.environ = {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_API_URL": sandbox.api_url,
            "DATABASE_URL": f"sqlite:///{folder / 'desk.db'}",
            "ESCALATIONS_POLICY": str(folder / "policy.yml"),
            "ZENDESK_URL": f"{vendors}/zendesk",
            "ZENDESK_EMAIL": "desk@example.com",
            "ZENDESK_TOKEN": "sandbox-zendesk",
            "GITLAB_URL": f"{vendors}/gitlab",
            "GITLAB_TOKEN": "sandbox-gitlab",
            "PAGERDUTY_TOKEN": "sandbox-pagerduty",
            "PAGERDUTY_FROM": "desk@example.com",
            "PAGERDUTY_API_URL": f"{vendors}/pagerduty",
            **WEBHOOKS,
        }

    def policy(self, values: dict[str, Any]) -> None:
        """Write the company's policy."""
        write_company_policy(self.folder / "policy.yml", values)

    def examined(self, **changes: str | None) -> Findings:
        """What the doctor finds, with these settings changed (None: not set)."""
        environ = {name: value for name, value in {**self.environ, **changes}.items() if value is not None}
        return examine(environ, clock=self.clock)

    def part(self, name: str, **changes: str | None) -> Finding:
        """What the doctor finds of one part."""
        (found,) = [one for one in self.examined(**changes).found if one.part == name]
        return found

    def failed(self, **changes: str | None) -> dict[str, Finding]:
        """What failed, by its part; each has a remedy."""
        failed = {one.part: one for one in self.examined(**changes).found if one.state is CheckState.FAILED}
        assert all(one.remedy for one in failed.values())
        return failed


@pytest.fixture
def desk(database: Database) -> Iterator[HookedDesk]:
    """A desk that takes webhooks."""
    address = Address()
    address.server.start()
    desk = HookedDesk(database, address)
    yield desk
    desk.stop()
    address.server.stop()


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    """A set-up in which everything is as it should be."""
    database = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    database.migrate()
    database.close()
    with Sandbox(read_manifest(MANIFEST), rate_limits=False) as sandbox:
        yield Patient(sandbox, tmp_path)


def test_what_is_as_it_should_be_is_ok(patient: Patient) -> None:
    """Every part has its line, and none failed."""
    findings = patient.examined()
    assert [one for one in findings.found if one.state is not CheckState.OK] == []
    parts = {one.part for one in findings.found}
    for part in ("settings", "policy", "database", "Slack token", "Slack scopes", "Slack app token", "clock"):
        assert part in parts
    for part in ("Zendesk", "GitLab token", "PagerDuty", "PagerDuty service", "schedule SSAT Reviewing Manager"):
        assert part in parts
    assert {"channel #product", "channel #support_escalations", "channel #support-operations"} <= parts
    assert {"user group @support-managers", "person omar@example.com", "project gitlab-org/gitlab"} <= parts
    assert {"labels of gitlab-com/support/feedback", "webhooks of zendesk", "webhooks of pagerduty"} <= parts
    assert as_text(findings).endswith("\n\nEverything is as it should be.")


def test_it_changes_nothing(patient: Patient) -> None:
    """It reads from Slack and the vendors, and leaves the database as it found it."""
    before = (patient.folder / "desk.db").read_bytes()
    patient.examined()
    reading = {
        "auth.test",
        "apps.connections.open",  # it asks for an address; nobody connects to it
        "conversations.list",
        "conversations.info",
        "usergroups.list",
        "usergroups.users.list",
        "users.info",
        "users.lookupByEmail",
    }
    called = {str(call["method"]) for call in patient.sandbox.control.calls(None)}
    assert called
    assert called <= reading
    for vendor in (patient.sandbox.vendors.zendesk, patient.sandbox.vendors.gitlab, patient.sandbox.vendors.pagerduty):
        assert vendor.calls
        assert {call.split()[0] for call in vendor.calls} == {"GET"}
    assert (patient.folder / "desk.db").read_bytes() == before


# ------------------------------------------------------------------------------------ its own side


def test_incomplete_settings_are_named_and_nothing_else_is_asked(patient: Patient) -> None:
    """All of them at once; no value is shown."""
    failed = patient.failed(SLACK_APP_TOKEN=None, ZENDESK_TOKEN=None)
    assert list(failed) == ["settings"]
    assert "SLACK_APP_TOKEN: missing" in failed["settings"].sentence
    assert "ZENDESK_TOKEN: missing" in failed["settings"].sentence
    assert patient.sandbox.control.calls(None) == []


def test_a_policy_with_mistakes_fails_with_their_lines(patient: Patient) -> None:
    """What does not depend on it is looked at all the same."""
    (patient.folder / "policy.yml").write_text("time_zone: Europe/Atlantis\n", encoding="utf-8")
    findings = patient.examined()
    failed = [one for one in findings.found if one.state is CheckState.FAILED]
    assert [one.part for one in failed] == ["policy"]
    assert "policy.yml:1: time_zone:" in failed[0].sentence
    assert "database" in {one.part for one in findings.found}


@pytest.mark.parametrize(
    ("url", "state", "sentence"),
    [
        ("sqlite:///{folder}/new.db", CheckState.SKIPPED, "made when the desk starts"),
        ("sqlite:///{folder}/empty.db", CheckState.SKIPPED, "the next start brings its tables up to date"),
        ("sqlite:///{folder}/nowhere/desk.db", CheckState.FAILED, "There is no folder"),
        ("sqlite:///{folder}/newer.db", CheckState.FAILED, "A newer version of the desk has written it"),
        ("sqlite:///{folder}/none.db", CheckState.FAILED, "It does not answer"),
        ("postgresql://desk:secret@127.0.0.1:9/desk", CheckState.FAILED, "It does not answer"),
    ],
)
def test_a_database_that_is_not_ready_is_said(patient: Patient, url: str, state: CheckState, sentence: str) -> None:
    """Missing, empty, of a newer version, no database at all, not running."""
    (patient.folder / "empty.db").touch()
    (patient.folder / "none.db").write_bytes(b"This is no database, but a text that is long enough to be read." * 20)
    newer = Database(f"sqlite:///{patient.folder / 'newer.db'}")
    newer.migrate()
    with newer.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    found = patient.part("database", DATABASE_URL=url.format(folder=patient.folder))
    assert (found.state, sentence in found.sentence) == (state, True), found
    assert "secret" not in found.sentence
    assert not (patient.folder / "new.db").exists()


def test_webhooks_without_a_secret_are_skipped_and_with_the_published_one_failed(patient: Patient) -> None:
    """What everybody can sign is worse than nothing."""
    assert patient.part("webhooks of gitlab", GITLAB_WEBHOOK_TOKEN=None).state is CheckState.SKIPPED
    for secret, state in (
        (PUBLIC_SECRET, CheckState.FAILED),
        (f"own, {PUBLIC_SECRET}", CheckState.FAILED),
        (" , ", CheckState.FAILED),
        ("for-events,for-triggers", CheckState.OK),
    ):
        assert patient.part("webhooks of zendesk", ZENDESK_WEBHOOK_SECRET=secret).state is state, secret


# ------------------------------------------------------------------------------------------- Slack


def test_a_wrong_bot_token_fails(patient: Patient) -> None:
    """Nothing else of Slack is asked; the vendors are. The token itself is not shown."""
    failed = patient.failed(SLACK_BOT_TOKEN="xoxb-wrong")
    assert "Slack token" in failed
    assert "channel #product" not in {one.part for one in patient.examined(SLACK_BOT_TOKEN="xoxb-wrong").found}
    assert "xoxb-wrong" not in as_text(patient.examined(SLACK_BOT_TOKEN="xoxb-wrong"))


def test_a_slack_that_cannot_be_reached_fails(patient: Patient) -> None:
    """Nobody listens there."""
    assert "cannot be reached" in patient.failed(SLACK_API_URL="http://127.0.0.1:9/api/")["Slack token"].sentence


def test_missing_scopes_are_named(patient: Patient) -> None:
    """By comparing what the token has with the manifest."""
    workspace = patient.sandbox.app.workspace
    workspace.app = replace(workspace.app, scopes=workspace.app.scopes - {"groups:history", "im:write"})
    assert patient.failed()["Slack scopes"].sentence == "The token lacks groups:history, im:write."


def test_a_wrong_app_token_fails_and_over_http_it_is_not_needed(patient: Patient) -> None:
    """Socket Mode needs it, HTTP does not."""
    assert "Slack app token" in patient.failed(SLACK_APP_TOKEN="xapp-wrong")
    http = {"SLACK_MODE": "http", "SLACK_APP_TOKEN": None, "SLACK_SIGNING_SECRET": "x"}
    assert patient.part("Slack app token", **http).state is CheckState.SKIPPED


@pytest.mark.parametrize(
    ("seconds", "state"), [(0, CheckState.OK), (25, CheckState.OK), (40, CheckState.FAILED), (-40, CheckState.FAILED)]
)
def test_a_clock_that_is_wrong_fails(patient: Patient, seconds: int, state: CheckState) -> None:
    """Before or behind Slack's."""
    patient.clock.skipped = timedelta(seconds=seconds)
    assert patient.part("clock").state is state


@pytest.mark.parametrize(
    ("channel", "sentence"),
    [
        ("#not-invited", "The bot is not a member."),
        ("#archived", "No such channel"),
        ("#secret", "No such channel"),
        ("#nowhere", "No such channel"),
        ("C0NOWHERE", "there is no such channel"),
        ("#partner-shared", "It is shared with another organisation"),
    ],
)
def test_a_channel_the_desk_cannot_write_to_fails(patient: Patient, channel: str, sentence: str) -> None:
    """Not invited, archived, private, misspelt, or read by strangers."""
    patient.policy({**POLICY, "contact": {"channel": channel}})
    found = patient.failed()
    assert list(found) == [f"channel {channel}"]
    assert sentence in found[f"channel {channel}"].sentence


def test_a_user_group_that_is_missing_or_empty_fails(patient: Patient) -> None:
    """A group nobody is in mentions nobody."""
    patient.policy({**POLICY, "incident": {"responders": "nobody-here"}})
    assert list(patient.failed()) == ["user group @nobody-here"]
    group = next(one for one in patient.sandbox.app.workspace.usergroups.values() if one.handle == "support-managers")
    group.users.clear()
    assert "It has no members." in patient.failed()["user group @support-managers"].sentence


def test_people_slack_does_not_know_fail(patient: Patient) -> None:
    """Misspelt, or gone."""
    patient.policy({**POLICY, "admins": ["omar@example.com", "onar@example.com", "dave@example.com", "U0NOBODY99"]})
    assert list(patient.failed()) == ["person onar@example.com", "person dave@example.com", "person U0NOBODY99"]


# ----------------------------------------------------------------------------------------- vendors


def test_vendors_that_are_not_connected_are_skipped(patient: Patient) -> None:
    """A line for each, and nothing failed: the steps are done by hand."""
    off = {name: None for name in patient.environ if name.startswith(("ZENDESK", "GITLAB", "PAGERDUTY"))}
    findings = patient.examined(**off)
    skipped = {one.part for one in findings.found if one.state is CheckState.SKIPPED}
    assert findings.is_well
    assert {"Zendesk", "GitLab", "PagerDuty"} <= skipped


@pytest.mark.parametrize(
    ("setting", "part"),
    [
        ("ZENDESK_TOKEN", "Zendesk"),
        ("GITLAB_TOKEN", "GitLab token"),
        ("PAGERDUTY_TOKEN", "PagerDuty"),
    ],
)
def test_a_wrong_token_of_a_vendor_fails(patient: Patient, setting: str, part: str) -> None:
    """And is not shown."""
    found = patient.failed(**{setting: "wrong-token"})
    assert part in found
    assert "wrong-token" not in as_json(patient.examined(**{setting: "wrong-token"}))


def test_an_account_of_zendesk_that_is_no_agent_fails(patient: Patient) -> None:
    """An end user, or nobody at all."""
    me = patient.sandbox.vendors.zendesk.users[9001]
    me["role"] = "end-user"
    assert "is end-user" in patient.failed()["Zendesk"].sentence
    me["id"] = None
    assert "anonymous" in patient.failed()["Zendesk"].sentence


def test_every_account_of_zendesk_is_looked_at(patient: Patient, tmp_path: Path) -> None:
    """One that is not set up is skipped; a wrong token fails by its setting's name, as does one the policy lacks."""
    policy = tmp_path / "two.yml"
    write_company_policy(policy, {**POLICY, "tickets": {"accounts": {"emea": EMEA}}})
    two = {"ESCALATIONS_POLICY": str(policy)}
    assert patient.part("Zendesk emea", **two).state is CheckState.SKIPPED
    emea = {f"{name}_EMEA": patient.environ[name] for name in ("ZENDESK_URL", "ZENDESK_EMAIL", "ZENDESK_TOKEN")}
    assert patient.part("Zendesk emea", **two, **emea).state is CheckState.OK
    wrong = patient.failed(**two, **emea | {"ZENDESK_TOKEN_EMEA": "wrong-token"})["Zendesk emea"]
    assert "ZENDESK_TOKEN_EMEA" in str(wrong.remedy)
    assert "tickets.accounts" in str(patient.failed(**emea)["Zendesk emea"].remedy)
    assert patient.part("webhooks of zendesk-emea", **two, **emea).state is CheckState.SKIPPED


def test_a_token_of_gitlab_without_rights_fails(patient: Patient) -> None:
    """The wrong scope, expired, not a member of a project; and one that cannot be asked is no fault."""
    gitlab = patient.sandbox.vendors.gitlab
    gitlab.token["scopes"] = ["read_api"]
    assert "not api" in patient.failed()["GitLab token"].sentence
    gitlab.token |= {"scopes": ["api"], "expires_at": "2020-01-01"}
    assert "expired on 2020-01-01" in patient.failed()["GitLab token"].sentence
    gitlab.token["expires_at"] = "2999-12-31"
    assert "until 2999-12-31" in patient.part("GitLab token").sentence
    gitlab.access_levels["gitlab-org/gitlab"] = 10
    assert list(patient.failed()) == ["project gitlab-org/gitlab"]


def test_a_project_or_label_that_is_missing_fails(patient: Patient) -> None:
    """Misspelt in the policy, or not made yet."""
    patient.policy({**POLICY, "feedback": {"issue_project": "gitlab-org/gitlub"}})
    assert list(patient.failed()) == ["project gitlab-org/gitlub"]
    patient.sandbox.vendors.gitlab.labels.discard("SSAT::Contact")
    assert "SSAT::Contact" in patient.failed()["labels of gitlab-com/support/feedback"].sentence


def test_what_requests_need_is_looked_at(patient: Patient) -> None:
    """The templates' headings, the stages' labels, a Developer's role, who approves, the ticket form."""
    gitlab, zendesk = patient.sandbox.vendors.gitlab, patient.sandbox.vendors.zendesk
    tracker, team = "gitlab-com/gl-security/corp/cust-support-ops/issue-tracker", "gitlab-com/support/team"
    gitlab.repository.templates[tracker]["Bug"] = "### Steps to reproduce"
    del gitlab.repository.templates[tracker]["Feature"]
    gitlab.labels.discard("Stage::Triage")
    gitlab.access_levels[team] = 20
    zendesk.forms.pop()
    failed = patient.failed()
    assert "What is the current bug behavior?" in failed[f"issue template Bug of {tracker}"].sentence
    assert "none of this name" in failed[f"issue template Feature of {tracker}"].sentence
    assert "Stage::Triage" in failed[f"stages in {tracker}"].sentence
    assert "may not make branches" in failed[f"merge requests in {team}"].sentence
    assert "no form of this name" in failed["Zendesk form Support Ops"].sentence
    gitlab.access_levels[team] = 30
    approvers = {"self_service": {"team_yaml": {"merge_request": {"approvers": ["nobody"]}}}}
    patient.policy({**POLICY, "request": approvers})
    assert "nobody called nobody" in patient.failed()[f"merge requests in {team}"].sentence


def test_pages_may_go_out_as_events(patient: Patient) -> None:
    """Without a From user a routing key will do, and the doctor says that it is so."""
    found = patient.part("PagerDuty", PAGERDUTY_FROM=None, PAGERDUTY_ROUTING_KEY="key")
    assert found.state is CheckState.OK
    assert "as events" in found.sentence


def test_what_pagerduty_does_not_know_fails(patient: Patient) -> None:
    """The From user, the schedule, the service."""
    assert "unknown@example.com" in patient.failed(PAGERDUTY_FROM="unknown@example.com")["PagerDuty"].sentence
    managers = {**POLICY["managers"], "on_duty_schedule": "Reviewers"}
    patient.policy({**POLICY, "managers": managers, "incident": {"service": "Nothing"}})
    assert set(patient.failed()) == {"schedule Reviewers", "PagerDuty service"}
    patient.policy({**POLICY, "incident": {"service": "PNOWHERE"}})
    assert set(patient.failed()) == {"PagerDuty service"}
    page = {"after": "100%", "who": ["on_call"], "how": "page"}
    night = {"after": "5m", "who": [{"schedule": "Night shift"}], "how": "dm"}
    patient.policy({**POLICY, "incident": {"escalation": [page, night]}})
    assert set(patient.failed()) == {"schedule Night shift"}


def test_somebody_on_duty_whom_slack_does_not_know_fails_until_the_roster_matches_them(patient: Patient) -> None:
    """The e-mail addresses of the two systems differ."""
    pagerduty = patient.sandbox.vendors.pagerduty
    user = next(one for one in pagerduty.users if one["email"] == "maria@example.com")
    user["email"] = "maria.garcia@example.com"
    pagerduty.duty["PSSATRM"] = [(1, "maria.garcia@example.com")]
    part = "schedule SSAT Reviewing Manager"
    assert "Slack knows nobody of that address" in patient.failed()[part].sentence
    slack_id = add_person(patient.sandbox.app.workspace, "mariagarcia").id
    roster = [{"email": "maria.garcia@example.com", "slack": slack_id, "tracker": "maria"}]
    managers = {**POLICY["managers"], "users": [slack_id]}
    patient.policy({**POLICY, "managers": managers, "roster": roster})
    assert patient.failed() == {}
    roster[0]["tracker"] = "marya"
    patient.policy({**POLICY, "managers": managers, "roster": roster})
    assert list(patient.failed()) == ["GitLab user @marya"]


def test_nobody_on_duty_is_no_fault(patient: Patient) -> None:
    """The policy has a fallback for that."""
    patient.sandbox.vendors.pagerduty.duty["PSSATRM"] = []
    found = patient.part("schedule SSAT Reviewing Manager")
    assert (found.state, "nobody is on duty now" in found.sentence) == (CheckState.OK, True)


# ------------------------------------------------------------------------------------ command line


def test_the_command_exits_1_when_something_fails(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says below the failed line what to do."""
    for name, value in patient.environ.items():
        monkeypatch.setenv(name, value)
    well = CliRunner().invoke(app, ["doctor"])
    assert (well.exit_code, well.output.splitlines()[-1]) == (0, "Everything is as it should be.")
    patient.policy({**POLICY, "contact": {"channel": "#not-invited"}})
    ill = CliRunner().invoke(app, ["doctor"])
    assert ill.exit_code == 1
    lines = ill.output.splitlines()
    failed = lines.index("FAILED  channel #not-invited: The bot is not a member.")
    assert lines[failed + 1] == "        -> Type /invite @desk in the channel."
    assert lines[-1] == "1 to be mended."


def test_the_command_speaks_json(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """For whoever watches it by a program."""
    for name, value in patient.environ.items():
        monkeypatch.setenv(name, value)
    answer = CliRunner().invoke(app, ["doctor", "--json"])
    said = json.loads(answer.output)
    assert (answer.exit_code, said["well"]) == (0, True)
    assert {"part": "clock", "state": "ok", "sentence": "It agrees with Slack's.", "remedy": ""} in said["parts"]


def test_everything_the_policy_names_is_found_wherever_it_stands() -> None:
    """By the kind of its field: in sections, lists, and keys people choose."""
    policy = company_policy()
    channels = named(policy, fields.Channel)
    areas = [area.channel for area in policy.feedback.areas.values()]
    own = {policy.contact.channel, policy.incident.channel, policy.review.week.channel}
    assert {*areas, *own} == set(channels)
    assert len(channels) == len(set(channels))
    assert set(named(policy, fields.Project)) >= {policy.feedback.issue_project, policy.contact.issue_project}
    leads = policy.contact.model_copy(update={"leads": {"a@example.com": "b@example.com"}})
    people = named(policy.model_copy(update={"contact": leads}), fields.PersonRef)
    assert {"a@example.com", "b@example.com"} <= set(people)


def test_the_document_of_the_week_is_looked_at(patient: Patient) -> None:
    """Only where the week in review goes into one: not connected, not shared, or as it should be."""
    assert "Google Docs" not in {one.part for one in patient.examined().found}
    patient.policy({**POLICY, "review": {"week": {"into": "document", "document": DOCUMENT}}})
    assert "GOOGLE_SERVICE_ACCOUNT" in patient.failed()["Google Docs"].remedy
    site = patient.sandbox.url
    account = {"GOOGLE_SERVICE_ACCOUNT": service_account(site), "GOOGLE_DOCS_URL": f"{site}/vendors/google"}
    assert patient.part("Google Docs", **account).state is CheckState.OK
    assert "JSON key" in patient.failed(**{**account, "GOOGLE_SERVICE_ACCOUNT": "{}"})["Google Docs"].remedy
    patient.sandbox.vendors.google.documents.clear()
    assert "desk@p.example" in patient.failed(**account)["Google Docs"].remedy


def test_accounts_are_looked_at_where_the_policy_says_they_are_known(patient: Patient) -> None:
    """Salesforce with every field of the policy, or a roster; and links to book a call with each page."""
    assert not {"Salesforce", "accounts", "Calendly"} & {one.part for one in patient.examined().found}
    pages = {"maria@example.com": "https://calendly.com/maria-marques/30min"}
    booking = {"contact": {"single_use_links": True, "scheduling_urls": pages}}
    patient.policy({**POLICY, "csm": {"accounts": "system"}, **booking})
    failed = patient.failed()
    assert "SALESFORCE_URL" in failed["Salesforce"].remedy
    assert "CALENDLY_TOKEN" in failed["Calendly"].remedy
    given = accounts_settings(patient.sandbox)
    assert not {"Salesforce", "Calendly"} & patient.failed(**given).keys()
    assert patient.part("Calendly", **given).sentence == "The token is Maria Marques's."
    assert (
        "refuses our login" in patient.failed(**given | {"SALESFORCE_USERNAME": "x@example.com"})["Salesforce"].sentence
    )
    assert "Calendly" in patient.failed(**given | {"CALENDLY_TOKEN": "wrong"})
    fields = {"accounts": "system", "account_fields": {"csm_email": "CSM__r.Email"}}
    booking["contact"]["scheduling_urls"] = {"maria@example.com": "https://calendly.com/gone/30min"}
    patient.policy({**POLICY, "csm": fields, **booking})
    failed = patient.failed(**given)
    assert "CSM__r.Email" in failed["Salesforce"].sentence
    assert "page https://calendly.com/gone/30min" in failed
    patient.policy({**POLICY, "csm": {"accounts": "roster"}})
    assert "empty" in patient.failed()["accounts"].sentence
    patient.policy({**POLICY, "csm": {"accounts": "roster", "roster": {"ACME": {}}}})
    assert "ACME" in patient.failed()["accounts"].sentence
    patient.policy({**POLICY, "csm": {"accounts": "roster", "roster": {"ACME": {"csm": "carol@example.com"}}}})
    assert patient.part("accounts").state is CheckState.OK


# --------------------------------------------------------------------------- by which way facts come


def test_it_says_by_which_way_each_fact_comes(patient: Patient) -> None:
    """By a webhook, by asking, by both, or not at all: then it says what to set."""
    told = patient.part("ticket changes of main")
    assert (told.state, told.sentence) == (CheckState.OK, "By webhook.")
    silent = {"ZENDESK_WEBHOOK_SECRET": None, "GITLAB_WEBHOOK_TOKEN": None, "PAGERDUTY_WEBHOOK_SECRET": None}
    unheard = patient.part("issue changes", **silent)
    assert unheard.state is CheckState.SKIPPED
    assert "polling.issues" in unheard.sentence
    assert patient.part("page states", **silent).sentence.startswith(
        "By asking: it is asked before each ping, and every"
    )
    patient.policy({**POLICY, "polling": {"ratings": "10m", "issues": "5m"}})
    assert patient.part("feedback of main").sentence == "By webhook and asking every 10m."
    assert patient.part("feedback of main", **silent).sentence == "By asking every 10m."
    assert patient.part("issue changes", GITLAB_WEBHOOK_SIGNING_TOKEN="whsec_b2xk").state is CheckState.OK


def test_what_a_survey_asks_and_the_desk_does_not_understand_is_said(patient: Patient) -> None:
    """Its kind, with what is understood; the older survey is fine."""
    assert patient.part("survey of main").state is CheckState.OK
    answer = {"type": "matrix", "question": {"sub_type": "grid"}, "created_at": "2026-11-20T10:00:00Z"}
    subjects = [{"id": "1", "type": "ticket", "zrn": "zen:ticket:1"}]
    patient.sandbox.vendors.zendesk.surveys.responses = [{"id": "1", "answers": [answer], "subjects": subjects}]
    failed = patient.failed()["survey of main"]
    assert "left out: matrix grid" in failed.sentence


# -------------------------------------------------------------------------------------- a test is sent


def sent(
    patient: Patient, url: str, *, agrees: bool = True, **changes: str | None
) -> tuple[list[str], Findings | None]:
    """What a test would do, and what came of it."""
    shown: list[str] = []

    def ask(what: str) -> bool:
        shown.append(what)
        return agrees

    environ = {name: value for name, value in {**patient.environ, **changes}.items() if value is not None}
    return shown, send_test(environ, None, ask, ticket="123456", address=url, clock=patient.clock)


def test_a_test_opens_and_closes_one_of_each_and_comes_back(patient: Patient, desk: HookedDesk) -> None:
    """A page, an issue with a comment, a note for staff, and each signed webhook; it asked first."""
    vendors = patient.sandbox.vendors
    shown, findings = sent(
        patient,
        f"http://127.0.0.1:{desk.address.server.port}",
        ZENDESK_WEBHOOK_SECRET=f"{ZENDESK},other",
        GITLAB_WEBHOOK_TOKEN=GITLAB,
        PAGERDUTY_WEBHOOK_SECRET=PAGERDUTY,
    )
    assert "whoever is on call may be woken" in shown[0]
    assert findings is not None
    assert [(one.part, one.state) for one in findings.found if one.state is not CheckState.OK] == []
    parts = {"test page", "test issue", "test note", "round trip of zendesk", "round trip of gitlab"}
    assert parts | {"round trip of pagerduty"} == {one.part for one in findings.found}
    assert [one["status"] for one in vendors.pagerduty.incidents] == ["resolved"]
    (issue,) = [one for one in vendors.gitlab.issues["gitlab-com/support/feedback"] if one["title"] == TITLE]
    assert (issue["state"], len(vendors.gitlab.notes[issue["id"]])) == ("closed", 1)
    assert vendors.zendesk.comments[123456][-1]["public"] is False
    assert desk.saved() == [], "a test says nothing to any case"


def test_a_test_nobody_agrees_to_sends_nothing(patient: Patient) -> None:
    """Neither does one without anybody there to ask."""
    assert sent(patient, "http://127.0.0.1:9", agrees=False)[1] is None
    assert patient.sandbox.vendors.pagerduty.calls == []


def test_a_test_says_what_did_not_come_back(patient: Patient, desk: HookedDesk) -> None:
    """Nobody there, another secret, a page that is refused: the others are tried all the same."""
    _, findings = sent(patient, "http://127.0.0.1:9", PAGERDUTY_FROM="nobody@example.com")
    assert findings is not None
    failed = {one.part: one for one in findings.found if one.state is CheckState.FAILED}
    assert {"test page", "round trip of zendesk", "round trip of gitlab", "round trip of pagerduty"} == set(failed)
    assert "--url" in failed["round trip of gitlab"].remedy
    _, findings = sent(patient, f"http://127.0.0.1:{desk.address.server.port}")
    assert findings is not None
    answered = {one.part: one.sentence for one in findings.found if one.part.startswith("round trip")}
    assert all("answers 401" in sentence for sentence in answered.values())


def test_a_canvas_needs_scopes_that_the_manifest_does_not_ask_for(patient: Patient) -> None:
    """They are missed only where the week in review goes into one."""
    assert "Slack scopes" not in patient.failed()
    patient.policy({"review": {"week": {"into": "canvas", "canvas": "F0WEEKLY"}}})
    found = patient.failed()["Slack scopes"]
    assert "canvases:read, canvases:write" in found.sentence
    assert "docs/vendors.md says what canvases need" in found.remedy


def test_somebody_hears_of_what_comes_while_nobody_is_on_duty(patient: Patient) -> None:
    """The fallback, or the admins; without both it is said."""
    assert patient.part("managers on duty").state is CheckState.OK
    patient.policy({"managers": {"fallback": {"group": None, "people": []}}, "admins": []})
    assert "nobody hears of what comes" in patient.failed()["managers on duty"].sentence


def test_who_is_on_duty_for_managers_is_one(patient: Patient) -> None:
    """Else they have requests and reviews whose buttons are not for them."""
    patient.sandbox.vendors.pagerduty.set_on_duty("SSAT Reviewing Manager", ["alice@example.com"])
    assert "is none of the managers" in patient.failed()["schedule SSAT Reviewing Manager"].sentence
    patient.policy({**POLICY, "managers": {**POLICY["managers"], "users": ["alice@example.com"]}})
    assert patient.part("schedule SSAT Reviewing Manager").state is CheckState.OK
