"""The desk's own side: settings, policy, database and the secrets of the webhooks."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.findings import Findings
from bot.service.settings import Settings
from bot.service.skew import most_skew, skew_of
from bot.webhooks.routes import SETTINGS as SECRETS
from bot.webhooks.routes import zendesk_hook
from bot.webhooks.zendesk import PUBLIC_SECRET
from storage.database import Database
from workflows.contract.clock import Clock
from workflows.lib.durations import Duration
from workflows.policy.model import Policy


def database(settings: Settings, findings: Findings) -> None:
    """Whether it answers, and whether its tables are those of this version. Nothing is made or changed."""
    url = settings.database_url.get_secret_value()
    file = _file(url)
    if file is not None and not file.exists():
        _not_there(file, findings)
        return
    remedy = "Check DATABASE_URL, and that the database runs and lets this machine in."
    desk_database = Database(url)
    try:
        is_current = desk_database.is_current()
    except CommandError:
        sentence = "A newer version of the desk has written it."
        findings.failed("database", sentence, "Run that version, or go back to a backup of this one.")
    except SQLAlchemyError as error:
        findings.failed("database", f"It does not answer ({type(error).__name__}).", remedy)
    else:
        if is_current:
            findings.ok("database", "It answers, and its tables are up to date.")
        else:
            findings.skipped("database", "It answers; the next start brings its tables up to date.")
    finally:
        desk_database.close()


def clocks(settings: Settings, clock: Clock, lease: Duration, findings: Findings) -> None:
    """Whether this machine's clock agrees with the database's, where that may run on another machine."""
    url = settings.database_url.get_secret_value()
    if _file(url) is not None:  # on this machine; opening it would make it
        return
    desk_database = Database(url)
    try:
        skew = skew_of(desk_database, clock)
    except SQLAlchemyError:  # said already
        return
    finally:
        desk_database.close()
    if abs(skew) <= most_skew(lease):
        findings.ok("clock", "It agrees with the database's.")
        return
    direction = "ahead of" if skew > timedelta(0) else "behind"
    sentence = f"This machine's clock is {abs(skew).total_seconds():.0f} seconds {direction} the database's."
    findings.failed("clock", sentence, "Let both machines set their clocks by a time server.")


def managers(policy: Policy, findings: Findings) -> None:
    """Who has what comes, and who hears of it while nobody is on duty."""
    part, known = "managers on duty", policy.managers
    stand_ins = known.fallback.people or known.fallback.group or policy.admins
    if not stand_ins:
        sentence = "While nobody is on duty, nobody hears of what comes."
        findings.failed(part, sentence, "Set managers.fallback in the policy, or at least admins.")
    elif known.on_duty_schedule is None and known.rota is None:
        findings.skipped(part, "The policy has no schedule and no rota: all that comes is the fallback's.")
    else:
        findings.ok(part, "They take turns; the policy's fallback stands in.")


def _file(url: str) -> Path | None:
    """The file of an SQLite database."""
    path = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else ""
    return Path(unquote(path.partition("?")[0])) if path else None


def _not_there(file: Path, findings: Findings) -> None:
    if file.absolute().parent.is_dir():
        findings.skipped("database", f"{file.name} is made when the desk starts for the first time.")
    else:
        findings.failed("database", f"There is no folder {file.parent}.", "Make it, or correct DATABASE_URL.")


def webhooks(settings: Settings, findings: Findings) -> None:
    """Which vendors may tell the desk something."""
    secrets = [(vendor, name, getattr(settings, name.lower())) for vendor, name in SECRETS.items()]
    if settings.gitlab_webhook_signing_token is not None:
        secrets = [one for one in secrets if one[0] != "gitlab"]
        secrets.append(("gitlab", "GITLAB_WEBHOOK_SIGNING_TOKEN", settings.gitlab_webhook_signing_token))
    secrets += [
        (zendesk_hook(account), f"{SECRETS['zendesk']}_{account.upper()}", further.webhook_secret)
        for account, further in settings.zendesk_more.items()
    ]
    for vendor, name, secret in secrets:
        part = f"webhooks of {vendor}"
        if secret is None:
            findings.skipped(part, f"{name} is not set: the desk does not hear of what happens there.")
        elif PUBLIC_SECRET in _each(secret.get_secret_value()):
            remedy = "Set the secret of your own webhook: Admin Center > Webhooks > your webhook > Reveal secret."
            findings.failed(
                part, "This is the secret Zendesk publishes for tests; nothing signed with it is taken.", remedy
            )
        elif not any(_each(secret.get_secret_value())):
            findings.failed(part, f"{name} holds no secret.", "Set it, or several with commas between them.")
        else:
            findings.ok(part, f"Taken at /webhooks/{vendor}.")


def _each(secrets: str) -> list[str]:
    """The secrets of a setting that may hold several."""
    return [secret.strip() for secret in secrets.split(",") if secret.strip()]
