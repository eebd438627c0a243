"""By which way each fact from outside reaches the desk: told by a webhook, asked for, or neither."""

from collections.abc import Mapping

from bot.clients.zendesk import Zendesk
from bot.clients.zendesk_news import ZendeskNews
from bot.doctor.findings import Findings
from bot.service.settings import Settings
from workflows.contract.errors import EffectError
from workflows.lib.durations import Duration
from workflows.policy.model import Policy
from workflows.policy.polling import Topic


def ways(settings: Settings, policy: Policy, findings: Findings) -> None:
    """Say it for feedback and changes of each ticket account, for issues, and for pages."""
    for name, account in settings.zendesks.items():
        if account.token and name in policy.tickets.accounts:
            is_told = account.webhook_secret is not None
            _way(findings, f"feedback of {name}", policy, Topic.RATINGS, is_told=is_told)
            _way(findings, f"ticket changes of {name}", policy, Topic.TICKETS, is_told=is_told)
    if settings.gitlab_token:
        is_told = settings.gitlab_webhook_token is not None or settings.gitlab_webhook_signing_token is not None
        _way(findings, "issue changes", policy, Topic.ISSUES, is_told=is_told)
    if settings.pagerduty_token:
        is_told = settings.pagerduty_webhook_secret is not None
        asked = f"it is asked before each ping{_and_every(policy.polling.pages)}"
        findings.ok("page states", f"By webhook, and {asked}." if is_told else f"By asking: {asked}.")


def surveys(clients: Mapping[str, Zendesk], policy: Policy, findings: Findings) -> None:
    """Which survey each account has, what of it is not understood, and where the answer about contact is read."""
    for name, client in clients.items():
        account = policy.tickets.accounts.get(name)
        if account is None:
            continue
        news = ZendeskNews(client.http, name, account)
        try:
            sentence = news.surveys()
        except EffectError as error:
            findings.failed(f"survey of {name}", error.sentence, "See what is said of its token.")
            continue
        if news.unknown.kinds:
            kinds = ", ".join(sorted(news.unknown.kinds))
            remedy = "Ask with scales, open questions and choices: what is rated, said and wanted is read from those."
            findings.failed(f"survey of {name}", f"{sentence} Answers of these kinds are left out: {kinds}.", remedy)
        else:
            findings.ok(f"survey of {name}", sentence)
        if account.contact_field is None and account.contact_question is None:
            findings.skipped(
                f"contact wishes of {name}",
                "No field is named: only what a webhook's body says counts. Set "
                f"tickets.accounts.{name}.contact_field, or contact_question for a survey's.",
            )


def _way(findings: Findings, part: str, policy: Policy, topic: Topic, *, is_told: bool) -> None:
    every = policy.polling.every(topic)
    found = (["webhook"] if is_told else []) + ([f"asking every {every}"] if every else [])
    if found:
        findings.ok(part, f"By {' and '.join(found)}.")
    else:
        findings.skipped(part, f"The desk does not hear of them: set up the webhook, or polling.{topic} in the policy.")


def _and_every(every: Duration | None) -> str:
    return f", and every {every} while one is open" if every else ""
