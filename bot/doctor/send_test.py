"""`doctor --send-test`: one page, issue, comment and note of a test, and a signed webhook there and back.

Everything it opens it closes again. So an installation is proven before its first night.
"""

import hmac
import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import sha256
from typing import Final

import httpx

from bot.clients.gitlab import GitLab
from bot.clients.limits import fetch, limited
from bot.clients.pagerduty import PagerDuty
from bot.doctor.findings import Findings
from bot.service.assemble import gitlab_client, pagerduty_client, zendesk_clients
from bot.service.settings import Settings
from bot.webhooks.routes import zendesk_hook
from workflows.contract.clock import Clock
from workflows.contract.errors import EffectError, NotConnected
from workflows.lib.tickets import TicketRef
from workflows.policy.model import Policy

TITLE: Final = "Test of the escalation desk: please ignore"
TEXT: Final = "Somebody runs `doctor --send-test`. This is closed again at once; there is nothing to do."
_PATIENCE_SECONDS: Final = 10.0

Ask = Callable[[str], bool]
"""Shows what would be done, and asks whether it shall be."""


def plan(settings: Settings, policy: Policy, ticket: TicketRef | None, address: str) -> list[str]:
    """What would be done, a line each."""
    lines = []
    if settings.pagerduty_token:
        lines.append(f"page {policy.incident.service}, and resolve it at once: whoever is on call may be woken")
    if settings.gitlab_token:
        lines.append(f"open an issue in {policy.contact.issue_project}, comment on it, and close it")
    if ticket is not None:
        lines.append(f"write an internal note on ticket {ticket}")
    lines += [f"send {address}/webhooks/{vendor} a signed webhook" for vendor in _signed(settings, "0", 0)]
    return lines


class SendTest:
    """Does what was planned, and says of each how it went."""

    def __init__(self, settings: Settings, policy: Policy, clock: Clock, findings: Findings) -> None:
        self.settings = settings
        self.policy = policy
        self.clock = clock
        self.findings = findings
        self.mark = f"test-{clock.real_now():%Y%m%d%H%M%S}"

    def run(self, ticket: TicketRef | None, address: str) -> None:
        """Do all of it; what fails stops nothing else."""
        if (pager := pagerduty_client(self.settings, self.clock)) is not None:
            with _disconnecting(pager):
                self._page(pager)
        if (tracker := gitlab_client(self.settings, self.clock)) is not None:
            with _disconnecting(tracker):
                self._issue(tracker)
        if ticket is not None:
            self._note(ticket)
        self._webhooks(address)

    def _page(self, pager: PagerDuty) -> None:
        remedy = "See what doctor says of PagerDuty: From user, rights, service."
        with self._check("test page", remedy) as done:
            page = pager.page(TITLE, TEXT, service=self.policy.incident.service, key=f"desk-{self.mark}")
            try:
                pager.resolve(page.id)
            except EffectError as error:
                self.findings.failed("test page", error.sentence, f"Resolve it by hand: {page.url or page.id}")
            else:
                done(f"Opened and resolved {page.url or 'by an event'}".strip())

    def _issue(self, tracker: GitLab) -> None:
        project = self.policy.contact.issue_project
        with self._check("test issue", "See what doctor says of the project: token, role, address.") as done:
            issue = tracker.create(project, TITLE, TEXT, mark=self.mark)
            try:
                tracker.comment(project, issue.number, TEXT, mark=self.mark)
                tracker.close(project, issue.number)
            except EffectError as error:
                self.findings.failed("test issue", error.sentence, f"Close it by hand: {issue.url}")
            else:
                done(f"Opened, commented and closed {issue.url}")

    def _note(self, ticket: TicketRef) -> None:
        clients = zendesk_clients(self.settings, self.clock)
        with self._check("test note", "Name a ticket that is not closed, and see what doctor says of Zendesk.") as done:
            if ticket.account not in clients:
                raise NotConnected(f"The account {ticket.account} is not connected.")
            clients[ticket.account].add_internal_note(ticket.number, TEXT, mark=self.mark)
            done(f"Written on ticket {ticket}, for staff only,")
        for one in clients.values():
            one.disconnect()

    def _webhooks(self, address: str) -> None:
        stamp = self.clock.real_now()
        signed = _signed(self.settings, f"{stamp:%Y-%m-%dT%H:%M:%SZ}", int(stamp.timestamp()))
        with closing(limited(httpx.Client(timeout=_PATIENCE_SECONDS))) as http:
            for vendor, (body, headers) in signed.items():
                self._webhook(http, f"{address}/webhooks/{vendor}", vendor, body, headers)

    def _webhook(self, http: httpx.Client, url: str, vendor: str, body: bytes, headers: Mapping[str, str]) -> None:
        part, started = f"round trip of {vendor}", time.perf_counter()
        try:
            answer = fetch(http, "POST", url, seconds=_PATIENCE_SECONDS, content=body, headers=dict(headers))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            remedy = "Start the desk, and name the address the vendors use with --url https://YOUR-HOST."
            self.findings.failed(part, f"Nobody answers at {url} ({type(error).__name__}).", remedy)
            return
        seconds = time.perf_counter() - started
        if answer.is_success:
            self.findings.ok(part, f"Signed, sent to {url}, taken and answered in {seconds:.2f} s.")
        else:
            remedy = "The desk there runs with another secret, or a proxy in front changes bodies or headers."
            self.findings.failed(part, f"{url} answers {answer.status_code}.", remedy)

    @contextmanager
    def _check(self, part: str, remedy: str) -> Iterator[Callable[[str], None]]:
        """What goes wrong inside is this part's failure; `done` says how it went well."""
        with self.findings.check(part, remedy):
            started = time.perf_counter()
            yield lambda sentence: self.findings.ok(part, f"{sentence} in {time.perf_counter() - started:.2f} s.")


@contextmanager
def _disconnecting(client: PagerDuty | GitLab) -> Iterator[None]:
    try:
        yield
    finally:
        client.disconnect()


def _signed(settings: Settings, stamp: str, epoch: int) -> dict[str, tuple[bytes, dict[str, str]]]:
    """A webhook of each vendor whose secret is set, signed as that vendor signs; it says nothing."""
    found: dict[str, tuple[bytes, dict[str, str]]] = {}
    for name, account in settings.zendesks.items():
        if account.webhook_secret:
            body = json.dumps({"type": "desk.test"}).encode()
            mac = b64encode(_mac(_first(account.webhook_secret.get_secret_value()), stamp.encode() + body).digest())
            headers = {
                "X-Zendesk-Webhook-Signature": mac.decode(),
                "X-Zendesk-Webhook-Signature-Timestamp": stamp,
            }
            found[zendesk_hook(name)] = (body, headers)
    body = json.dumps({"object_kind": "desk_test"}).encode()
    if settings.gitlab_webhook_token:
        found["gitlab"] = (body, {"X-Gitlab-Token": _first(settings.gitlab_webhook_token.get_secret_value())})
    elif settings.gitlab_webhook_signing_token:
        token = _first(settings.gitlab_webhook_signing_token.get_secret_value())
        mac = b64encode(_mac(token, f"desk-test.{epoch}.".encode() + body).digest())
        headers = {
            "webhook-id": "desk-test",
            "webhook-timestamp": str(epoch),
            "webhook-signature": f"v1,{mac.decode()}",
        }
        found["gitlab"] = (body, headers)
    if settings.pagerduty_webhook_secret:
        body = json.dumps({"event": {"id": "desk-test", "event_type": "pagey.ping"}}).encode()
        mac_hex = _mac(_first(settings.pagerduty_webhook_secret.get_secret_value()), body).hexdigest()
        found["pagerduty"] = (body, {"X-PagerDuty-Signature": f"v1={mac_hex}"})
    return found


def _mac(secret: str, signed: bytes) -> hmac.HMAC:
    return hmac.new(secret.encode(), signed, sha256)


def _first(secrets: str) -> str:
    return next((one.strip() for one in secrets.split(",") if one.strip()), "")
