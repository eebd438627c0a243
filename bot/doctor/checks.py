"""The whole examination, from the settings on."""

import json
from collections.abc import Mapping
from pathlib import Path

from bot.doctor import local, news, requests, vendors
from bot.doctor.findings import CheckState, Finding, Findings
from bot.doctor.send_test import Ask, SendTest, plan
from bot.doctor.slack import SlackDoctor
from bot.policyfile.loader import load as load_policy
from bot.service.assemble import (
    calendly_client,
    gitlab_client,
    google_client,
    pagerduty_client,
    salesforce_client,
    zendesk_clients,
)
from bot.service.clock import SystemClock
from bot.service.settings import Settings, SettingsError
from bot.service.settings import load as load_settings
from workflows.contract.clock import Clock
from workflows.contract.errors import PolicyError
from workflows.lib.tickets import NotATicket, parse_ticket
from workflows.policy.model import Policy


def examine(environ: Mapping[str, str], env_file: Path | None = None, clock: Clock | None = None) -> Findings:
    """Look at everything that can be looked at; what depends on something broken is left out."""
    findings = Findings()
    try:
        settings = load_settings(environ, env_file)
    except SettingsError as error:
        findings.failed("settings", error.sentence, "Set what is named here; docs/install.md lists every variable.")
        return findings
    findings.ok("settings", f"Complete; Slack reaches the desk by {settings.mode}.")
    local.database(settings, findings)
    local.webhooks(settings, findings)
    policy = _policy(settings, findings)
    if policy is not None:
        clock = clock or SystemClock()
        local.clocks(settings, clock, policy.delivery.lease, findings)
        news.ways(settings, policy, findings)
        local.managers(policy, findings)
        _outside(settings, policy, clock, findings)
    return findings


def send_test(
    environ: Mapping[str, str],
    env_file: Path | None,
    ask: Ask,
    *,
    ticket: str | None = None,
    address: str | None = None,
    clock: Clock | None = None,
) -> Findings | None:
    """Say what a test would send, ask, and send it; None when nobody wants that. Nothing else is looked at."""
    findings = Findings()
    try:
        settings = load_settings(environ, env_file)
        policy = load_policy(settings.escalations_policy)
        about = parse_ticket(ticket, policy.tickets.accounts) if ticket else None
    except (SettingsError, PolicyError, NotATicket) as error:
        findings.failed("settings", error.sentence, "Run doctor without --send-test first: it says what to mend.")
        return findings
    address = (address or f"http://{settings.host}:{settings.port}").rstrip("/")
    lines = plan(settings, policy, about, address)
    if not lines:
        findings.skipped("test", "No vendor is connected, and no webhook taken: there is nothing to send.")
    elif not ask("\n".join(["This will", *(f"  - {line}" for line in lines)])):
        return None
    else:
        SendTest(settings, policy, clock or SystemClock(), findings).run(about, address)
    return findings


def _policy(settings: Settings, findings: Findings) -> Policy | None:
    file = settings.escalations_policy
    try:
        policy = load_policy(file)
    except PolicyError as error:
        findings.failed(
            "policy", error.sentence, "Correct these lines; `python -m bot policy check FILE` says the same."
        )
        return None
    findings.ok("policy", f"{file or 'The default one'} is right.")
    return policy


def _outside(settings: Settings, policy: Policy, clock: Clock, findings: Findings) -> None:
    slack = SlackDoctor(settings, policy, clock, findings)
    slack.look()
    zendesks, gitlab = zendesk_clients(settings, clock), gitlab_client(settings, clock)
    pagerduty = pagerduty_client(settings, clock)
    vendors.zendesk(zendesks, policy, findings)
    requests.forms(zendesks, policy, findings)
    news.surveys(zendesks, policy, findings)
    google = google_client(settings, clock)
    vendors.google(google, policy, findings)
    salesforce, calendly = salesforce_client(settings, policy, clock), calendly_client(settings, clock)
    vendors.accounts(salesforce, policy, findings)
    vendors.calendly(calendly, policy, findings)
    if gitlab is None:
        findings.skipped("GitLab", vendors.OFF)
    elif vendors.GitLabDoctor(gitlab, policy, clock.real_now(), findings).look():
        requests.RequestDoctor(gitlab, policy, findings).look()
    if pagerduty is None:
        findings.skipped("PagerDuty", vendors.OFF)
    else:
        vendors.PagerDutyDoctor(pagerduty, policy, slack, findings).look(
            settings.pagerduty_from, has_events=settings.pagerduty_routing_key is not None
        )
    for client in (*zendesks.values(), gitlab, pagerduty, google, salesforce, calendly):
        if client is not None:
            client.disconnect()


def as_text(findings: Findings) -> str:
    """A line for each part, and below a failed one what to do."""
    lines = [line for one in findings.found for line in _lines(one)]
    failed = sum(one.state is CheckState.FAILED for one in findings.found)
    lines.append("\nEverything is as it should be." if failed == 0 else f"\n{failed} to be mended.")
    return "\n".join(lines)


def _lines(one: Finding) -> list[str]:
    sentence = one.sentence.replace("\n", "\n" + " " * 8)
    line = f"{one.state.upper() if one.state is CheckState.FAILED else one.state:<7} {one.part}: {sentence}"
    return [line, f"        -> {one.remedy}"] if one.state is CheckState.FAILED else [line]


def as_json(findings: Findings) -> str:
    """Every finding, for a program to read."""
    return json.dumps({"well": findings.is_well, "parts": [one.as_json() for one in findings.found]}, indent=2)
