"""Carries out what requests ask of the tracker and of ticket forms besides: for `workflows.engine.executor`."""

from collections.abc import Callable, Mapping
from typing import assert_never

from workflows.contract.errors import NotConnected
from workflows.contract.issue_port import IssueNews, IssueReader, Template, TrackerUser
from workflows.contract.merge_request_port import MergeRequest, MergeRequests
from workflows.contract.request_effects import (
    DraftMergeRequest,
    FindTrackerUser,
    ReadIssueNews,
    ReadMergeRequest,
    ReadTemplate,
    SetTicketForm,
)
from workflows.contract.ticket_ports import Forms
from workflows.lib.tickets import TicketRef
from workflows.policy.model import Policy

RequestEffect = DraftMergeRequest | FindTrackerUser | ReadIssueNews | ReadMergeRequest | ReadTemplate | SetTicketForm
REQUEST_EFFECTS = (DraftMergeRequest, FindTrackerUser, ReadIssueNews, ReadMergeRequest, ReadTemplate, SetTicketForm)

RequestAnswer = MergeRequest | TrackerUser | IssueNews | Template | None


class RequestSteps:
    """What requests ask. A vendor that is not set up is None.

    `email_of` knows people by their Slack id, `with_names` names those a text mentions.
    """

    def __init__(
        self,
        reader: IssueReader | None,
        merge_requests: MergeRequests | None,
        forms: Mapping[str, Forms],
        email_of: Callable[[str], str],
        with_names: Callable[[str], str],
        policy: Policy,
    ) -> None:
        self._known_reader = reader
        self._known_merge_requests = merge_requests
        self._known_forms = forms
        self._email_of = email_of
        self._with_names = with_names
        self._policy = policy

    def take(self, effect: RequestEffect) -> RequestAnswer:
        """Take this step; raises a `EffectError` when it could not be."""
        match effect:
            case ReadTemplate(project=project, name=name):
                return self._reader().template(project, name)
            case FindTrackerUser(person=person):
                return self._tracker_user(person)
            case ReadIssueNews(project=project, number=number, since=since):
                return self._reader().news(project, number, since)
            case DraftMergeRequest():
                return self._draft(effect)
            case ReadMergeRequest(project=project, number=number):
                return self._merge_requests().merge_request(project, number)
            case SetTicketForm(ticket=ticket, form=form):
                self._forms(ticket).set_form(ticket.number, form)
                return None
            case unknown:
                assert_never(unknown)

    def _draft(self, effect: DraftMergeRequest) -> MergeRequest:
        return self._merge_requests().draft(
            effect.project,
            effect.into,
            effect.branch,
            effect.edit,
            effect.title,
            self._with_names(effect.description),
            reviewers=effect.reviewers,
        )

    def _tracker_user(self, person: str) -> TrackerUser:
        """By the roster, or else by their e-mail address."""
        entry = next((one for one in self._policy.roster if one.slack == person and one.tracker), None)
        return TrackerUser(entry.tracker) if entry else self._reader().username(self._email_of(person))

    def _reader(self) -> IssueReader:
        if self._known_reader is None:
            raise NotConnected(f"{self._policy.vendors.tracker} is not connected to the desk.")
        return self._known_reader

    def _merge_requests(self) -> MergeRequests:
        if self._known_merge_requests is None:
            raise NotConnected(f"{self._policy.vendors.tracker} is not connected to the desk.")
        return self._known_merge_requests

    def _forms(self, ticket: TicketRef) -> Forms:
        if ticket.account not in self._known_forms:
            raise NotConnected(f"{self._policy.vendors.tickets} is not connected to the desk.")
        return self._known_forms[ticket.account]
