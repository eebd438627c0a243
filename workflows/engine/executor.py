"""Executes one effect through the ports: what an effect means, in a few lines each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from workflows.contract.account_port import Accounts, Customers, Projects, SchedulingLinks
from workflows.contract.case_effects import NotifyCase, SummarizeCases
from workflows.contract.clock import Clock
from workflows.contract.document_port import Documents, Paragraph
from workflows.contract.engine import CaseEngine, open_or_submit
from workflows.contract.errors import EffectError, NotConnected, NotFound, Unreachable
from workflows.contract.events import CaseNotified, EffectSucceeded
from workflows.contract.file_effects import UploadFile, WriteCanvas, WriteDocument
from workflows.contract.issue_effects import (
    CloseIssue,
    CommentOnIssue,
    FindIssues,
    FindTitledIssue,
    LabelIssue,
    OpenIssue,
)
from workflows.contract.issue_port import Issue, IssueReader, Issues
from workflows.contract.merge_request_port import MergeRequests
from workflows.contract.message_effects import LookAgain, Place, Say, ShowCard, ShowView, Whisper
from workflows.contract.news_effects import AskForIssueChanges, AskForRatings, AskForTicketChanges, CheckTicket
from workflows.contract.news_ports import IssueNews, TicketNews
from workflows.contract.page_effects import (
    AcknowledgePage,
    AskPage,
    AskWhoIsOnDuty,
    AskWhoResponds,
    AskWhoTheyAre,
    OpenPage,
    ResolvePage,
)
from workflows.contract.paging_ports import OnCall, Page, Pager
from workflows.contract.process import Case, Views
from workflows.contract.request_effects import NoteOnTicket
from workflows.contract.review_effects import (
    AssignIssue,
    LinkIssues,
    ReadParticipants,
    RenameIssue,
    ReopenIssue,
)
from workflows.contract.slack_port import Message, Posted, Slack
from workflows.contract.ticket_effects import AddTag, AssignTicket, CopyOnTicket, ReadTicket
from workflows.contract.ticket_ports import Forms, Tickets
from workflows.engine.claims import EffectAttempt
from workflows.engine.customers import CUSTOMER_EFFECTS, CustomerQuestions
from workflows.engine.inbox import Inbox
from workflows.engine.news import NewsReader
from workflows.engine.on_call import OnCallResolver
from workflows.engine.pages import OpenPages
from workflows.engine.request_steps import REQUEST_EFFECTS, RequestSteps
from workflows.engine.responders import ResponderResolver
from workflows.lib.tickets import TicketRef

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")


@dataclass(frozen=True)
class Ports:
    """The outside. A vendor that is not set up is None, and its effects fail as "not connected".

    `tickets`, `ticket_news` and `forms` are the accounts of the ticket system that are set up, by the policy's names
    for them.
    """

    slack: Slack
    tickets: Mapping[str, Tickets] = field(default_factory=dict)
    issues: Issues | None = None
    on_call: OnCall | None = None
    pager: Pager | None = None
    ticket_news: Mapping[str, TicketNews] = field(default_factory=dict)
    issue_news: IssueNews | None = None
    documents: Documents | None = None
    customers: Mapping[str, Customers] = field(default_factory=dict)
    accounts: Accounts | None = None
    projects: Projects | None = None
    scheduling: SchedulingLinks | None = None
    forms: Mapping[str, Forms] = field(default_factory=dict)
    reader: IssueReader | None = None
    merge_requests: MergeRequests | None = None


class EffectExecutor:
    """The `ExecuteEffect` of the dispatcher. `views` are the renderings of each process, by its prefix."""

    def __init__(
        self, ports: Ports, views: Mapping[str, Views[Any]], engine: CaseEngine, clock: Clock, inbox: Inbox
    ) -> None:
        self.ports = ports
        self.views = views
        self.engine = engine
        self.policy = policy = engine.policy
        self.clock = clock
        self.duty = OnCallResolver(policy, ports.slack, ports.on_call)
        self.responders = ResponderResolver(policy, ports.slack, ports.on_call)
        pager, service = ports.pager, self.policy.incident.service
        asked = (ports.customers, ports.accounts, ports.projects, ports.scheduling)
        self.customers = CustomerQuestions(*asked, self._email, policy)
        steps = (ports.reader, ports.merge_requests, ports.forms)
        self.requests = RequestSteps(*steps, self._email, self._with_names, policy)
        self.pages = OpenPages(pager, service, clock) if pager else None
        self.news = NewsReader(ports.ticket_news, ports.issue_news, inbox, clock)

    def __call__(self, case: Case, attempt: EffectAttempt) -> EffectSucceeded:
        """Execute this effect of this case; raises a `EffectError` when it could not be."""
        return EffectSucceeded(attempt.effect, self._execute(case, attempt))

    def _execute(self, case: Case, attempt: EffectAttempt) -> Any:  # noqa: ANN401, C901, PLR0911, PLR0912 - one line for each kind of effect
        if isinstance(attempt.effect, CUSTOMER_EFFECTS):
            return self.customers.ask(attempt.effect)
        if isinstance(attempt.effect, REQUEST_EFFECTS):
            return self.requests.take(attempt.effect)
        match attempt.effect:
            case ShowCard() as effect:
                return self._show_card(case, effect, attempt)
            case Say() as effect:
                return self._say(case, effect, attempt)
            case Whisper(what=what, user=user, channel=channel, thread=thread, details=details):
                message = self._views(case).messages[what](case, self.policy, details)
                return self.ports.slack.whisper(channel, user, message, thread=thread)
            case LookAgain() as effect:
                return self._look_again(case, effect)
            case ShowView(view=view, view_id=view_id):
                shown = self._views(case).modals[view](case, self.policy)
                return self.ports.slack.update_view(view_id, shown) if shown else None
            case ReadTicket(ticket=ticket):
                return self._tickets(ticket).read(ticket.number)
            case CopyOnTicket(ticket=ticket, person=person):
                return self._tickets(ticket).add_cc(ticket.number, self._email(person))
            case AssignTicket(ticket=ticket, person=person):
                return self._tickets(ticket).assign(ticket.number, self._email(person))
            case AddTag(ticket=ticket, tag=tag):
                return self._tickets(ticket).add_tag(ticket.number, tag)
            case FindIssues(project=project, words=words, limit=limit):
                return tuple(self._issues().search(project, words, limit=limit))
            case OpenIssue() as effect:
                return self._open_issue(effect, attempt)
            case CommentOnIssue() as effect:
                return self._comment(effect, attempt)
            case FindTitledIssue(project=project, title=title):
                return self._issues().find_titled(project, title)
            case LabelIssue(project=project, number=number, add=add, remove=remove):
                return self._issues().set_labels(project, number, add=add, remove=remove)
            case CloseIssue(project=project, number=number):
                return self._issues().close(project, number)
            case ReopenIssue(project=project, number=number):
                return self._issues().reopen(project, number)
            case AssignIssue(project=project, number=number, assignee=assignee):
                return self._issues().assign(project, number, assignee)
            case LinkIssues(project=project, number=number, other_project=other, other_number=other_number):
                return self._issues().relate(project, number, other, other_number)
            case WriteCanvas(canvas=canvas, heading=heading, markdown=markdown):
                return self.ports.slack.add_to_canvas(canvas, heading, markdown)
            case WriteDocument(document=document, heading=heading, paragraphs=paragraphs):
                texts = [Paragraph(one.mark, one.text) for one in paragraphs]
                return self._documents().add(document, Paragraph(heading.mark, heading.text), texts)
            case UploadFile(what=what, user=user, details=details):
                file = self._views(case).files[what](case, self.policy, details)
                channel = self.ports.slack.open_dm(user)
                return self.ports.slack.upload(channel, file, mark=attempt.mark, again=attempt.again)
            case AskForRatings() as asked:
                return self.news.ratings(asked)
            case AskForTicketChanges() as asked:
                return self.news.ticket_changes(asked)
            case AskForIssueChanges() as asked:
                return self.news.issue_changes(asked)
            case CheckTicket() as check:
                return self.news.ticket(check, attempt.number)
            case ReadParticipants(ticket=ticket):
                return self._tickets(ticket).participants(ticket.number)
            case RenameIssue(project=project, number=number, title=title):
                return self._issues().rename(project, number, title)
            case AskWhoIsOnDuty(fallback_only=True, skip=skip):
                return self.duty.fallback(skip)
            case AskWhoIsOnDuty(skip=skip, at=at, tries=tries):
                return self.duty.managers(at or self.clock.now(), skip, patient=attempt.number < tries)
            case AskWhoTheyAre(names=names):
                return self.duty.scheduled(None, names)
            case AskWhoResponds():
                return self.responders.at(self.clock.now())
            case OpenPage() as effect:
                return self._open_page(case, effect, attempt)
            case AskPage(key=key, asked_at=asked_at):
                return self._pages().under(key, since=asked_at)
            case AcknowledgePage(page_id=page_id):
                return self._pager().acknowledge(page_id)
            case ResolvePage(page_id=page_id):
                return self._pager().resolve(page_id)
            case NoteOnTicket(ticket=ticket, body=body):
                note = self._with_names(body)
                return self._tickets(ticket).add_internal_note(
                    ticket.number, note, mark=attempt.mark, again=attempt.again
                )
            case SummarizeCases() as effect:
                return self.engine.cases.summaries(effect, self.policy, self.clock.now())
            case NotifyCase() as effect:
                return self._notify(case, effect, attempt)
            case unknown:
                assert_never(unknown)

    def _show_card(self, case: Case, effect: ShowCard, attempt: EffectAttempt) -> Posted:
        shown = case.messages.get(effect.slot)
        where = shown.channel if shown is not None and shown.place == effect.to.name else effect.to.channel
        message = self._rendered(case, effect.slot.partition(":")[0], {"slot": effect.slot}, where)
        if shown is not None and shown.place == effect.to.name:
            try:
                self.ports.slack.update(shown.channel, shown.ts, message)
            except NotFound:
                pass  # somebody deleted it: post it again
            else:
                return Posted(shown.channel, shown.ts)
        posted = self._post(case, effect, message, attempt)
        if attempt.again:  # one that was found again may show the case as it was at an earlier try
            self.ports.slack.update(posted.channel, posted.ts, message)
        return posted

    def _say(self, case: Case, effect: Say, attempt: EffectAttempt) -> Posted:
        message = self._rendered(case, effect.what, effect.details, effect.to.channel)
        return self._post(case, effect, message, attempt)

    def _rendered(self, case: Case, what: str, details: dict[str, Any], channel: str | None) -> Message:
        views = self._views(case)
        known = {**details, "shared": self._is_shared(channel)} if channel and what in views.wordy else details
        return views.messages[what](case, self.policy, known)

    def _is_shared(self, channel: str) -> bool:
        """Whether another organisation reads there. What Slack does not say is held for so: nobody waits for it."""
        try:
            return self.ports.slack.is_shared(channel)
        except EffectError:
            return True

    def _post(self, case: Case, effect: ShowCard | Say, message: Message, attempt: EffectAttempt) -> Posted:
        card = case.messages.get(effect.thread_of) if effect.thread_of else None
        channel = card.channel if card else self._channel(effect.to)
        thread = card.ts if card else None
        return self.ports.slack.post(channel, message, mark=attempt.mark, thread=thread, again=attempt.again)

    def _notify(self, case: Case, effect: NotifyCase, attempt: EffectAttempt) -> None:
        """Under the effect's own mark, so that the other case takes it once, however often this is tried."""
        event = CaseNotified(effect.key, case.id, effect.purpose, effect.details)
        open_or_submit(self.engine, effect.kind, event, key=f"notify:{attempt.mark}", now=self.clock.now())

    def _look_again(self, case: Case, look: LookAgain) -> Posted | None:
        """Leave one message of a mark standing, and say where; see `LookAgain`."""
        message = look.message
        card = case.messages.get(message.thread_of) if message.thread_of else None
        channel = card.channel if card else self._channel(message.to)
        found = self.ports.slack.find(channel, look.mark, since=look.since, thread=card.ts if card else None)
        known = {(ref.channel, ref.ts) for ref in case.messages.values()}
        stays = next((one for one in found if (one.channel, one.ts) in known), None)
        if stays is None and (look.adopt or isinstance(message, Say)):
            stays = next(iter(found), None)
        for one in found:
            if one != stays and (one.channel, one.ts) not in known:
                self.ports.slack.remove(one.channel, one.ts)
        return stays

    def _open_issue(self, effect: OpenIssue, attempt: EffectAttempt) -> Issue:
        return self._issues().create(
            effect.project,
            effect.title,
            self._with_names(effect.description),
            mark=attempt.mark,
            labels=effect.labels,
            assignee=effect.assignee,
            confidential=effect.confidential,
            again=attempt.again,
        )

    def _comment(self, effect: CommentOnIssue, attempt: EffectAttempt) -> None:
        text = self._with_names(effect.body)
        self._issues().comment(
            effect.project, effect.number, text, mark=attempt.mark, internal=effect.internal, again=attempt.again
        )

    def _with_names(self, text: str) -> str:
        """People by their names, where a text for another system mentions them as Slack does; it needs no answer."""

        def name(mention: re.Match[str]) -> str:
            try:
                return self.ports.slack.person(mention[1]).name
            except EffectError:
                return mention[1]

        return _MENTION.sub(name, text)

    def _open_page(self, case: Case, effect: OpenPage, attempt: EffectAttempt) -> Page | None:
        """Page, unless nobody wants it any more; one that may have gone out already is looked for all the same."""
        pager = self._pager()
        text = self._views(case).pages[effect.what](case, self.policy, self._link(case, effect.thread))
        if text is None:
            return pager.find(effect.key) if attempt.again else None
        return pager.page(text.title, text.details, service=effect.service, key=effect.key)

    def _link(self, case: Case, slot: str) -> str:
        """A link to the message of this slot; a page does not wait for Slack to say what it is."""
        shown = case.messages.get(slot)
        if shown is None:
            return ""
        try:
            return self.ports.slack.permalink(shown.channel, shown.ts)
        except EffectError:
            return f"https://slack.com/archives/{shown.channel}/p{shown.ts.replace('.', '')}"

    def _channel(self, place: Place) -> str:
        return place.channel or self.ports.slack.open_dm(self._user(place.user or ""))

    def _email(self, person: str) -> str:
        """The address by which the ticket system knows somebody: that of the roster, or of Slack."""
        if "@" in person:
            return person
        entry = next((one for one in self.policy.roster if one.slack == person), None)
        email = entry.email if entry else self.ports.slack.person(person).email
        if email is None:
            raise Unreachable(f"Slack shows no e-mail address of <@{person}>.", "no_email")
        return email

    def _user(self, name: str) -> str:
        """The Slack id of somebody the policy may have named by e-mail address."""
        if "@" not in name:
            return name
        person = self.ports.slack.person_by_email(name)
        if person is None:
            raise Unreachable(f"Slack knows nobody of the address {name}.", "users_not_found")
        return person.id

    def _views(self, case: Case) -> Views[Any]:
        return self.views[case.id.split("-")[0]]

    def _documents(self) -> Documents:
        if self.ports.documents is None:
            raise NotConnected(f"{self.policy.vendors.documents} is not connected to the desk.")
        return self.ports.documents

    def _tickets(self, ticket: TicketRef) -> Tickets:
        """The ticket's own account: any other has another customer's ticket under the same number."""
        account = self.ports.tickets.get(ticket.account)
        if account is None:
            raise NotConnected(f"The ticket system's account “{ticket.account}” is not connected to the desk.")
        return account

    def _issues(self) -> Issues:
        if self.ports.issues is None:
            raise NotConnected("The issue tracker is not connected to the desk.")
        return self.ports.issues

    def _pager(self) -> Pager:
        if self.ports.pager is None:
            raise NotConnected(f"{self.policy.vendors.pager} is not connected to the desk.")
        return self.ports.pager

    def _pages(self) -> OpenPages:
        if self.pages is None:
            raise NotConnected(f"{self.policy.vendors.pager} is not connected to the desk.")
        return self.pages
