"""What a request to Support Operations asks of the tracker and the ticket system besides: see `effects`."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime

from workflows.contract.effect_base import EffectBase
from workflows.contract.merge_request_port import FileEdit
from workflows.lib.tickets import TicketRef


class ReadTemplate(EffectBase):
    """Ask for a project's issue template, by its name."""

    type: Literal["read_template"] = "read_template"
    project: str
    name: str

    LANE: ClassVar[str] = "tracker:read"


class FindTrackerUser(EffectBase):
    """Ask who somebody (a Slack id) is in the tracker."""

    type: Literal["find_tracker_user"] = "find_tracker_user"
    person: str

    LANE: ClassVar[str] = "tracker:read"


class ReadIssueNews(EffectBase):
    """Ask how an issue stands, and what was written there since then."""

    type: Literal["read_issue_news"] = "read_issue_news"
    project: str
    number: int
    since: AwareDatetime
    asked_at: AwareDatetime

    LANE: ClassVar[str] = "tracker:read"

    def collapse_key(self) -> str | None:
        """Asking twice is asking once."""
        return f"news:{self.project}#{self.number}"


class DraftMergeRequest(EffectBase):
    """Edit a file on a branch of its own, and open a merge request for it.

    Under one `branch` there is one, however often this is tried.
    """

    type: Literal["draft_merge_request"] = "draft_merge_request"
    project: str
    into: str | None
    """The branch it goes into; None for the project's default branch."""
    branch: str
    edit: FileEdit
    title: str
    description: str
    reviewers: tuple[str, ...] = ()
    """Their user names in the tracker."""

    LANE: ClassVar[str] = "tracker:write"


class ReadMergeRequest(EffectBase):
    """Ask how a merge request stands."""

    type: Literal["read_merge_request"] = "read_merge_request"
    project: str
    number: int

    LANE: ClassVar[str] = "tracker:read"

    def collapse_key(self) -> str | None:
        """Asking twice is asking once."""
        return f"merge_request:{self.project}!{self.number}"


class SetTicketForm(EffectBase):
    """Set a ticket's form, by the form's name; nothing is said to the customer."""

    type: Literal["set_ticket_form"] = "set_ticket_form"
    ticket: TicketRef
    form: str

    LANE: ClassVar[str] = "tickets:{ticket.account}:write"


class NoteOnTicket(EffectBase):
    """Write an internal note on a ticket: the customer does not see it."""

    type: Literal["note_on_ticket"] = "note_on_ticket"
    ticket: TicketRef
    body: str

    LANE: ClassVar[str] = "tickets:{ticket.account}:write"
