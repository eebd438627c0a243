"""What leaves the desk, as data. An effect is decided by a rule, saved in the outbox and executed later.

Slack effects say WHAT to show, not how: the card is rendered from the case as it is when the effect leaves.
So ten refreshes of a card collapse into one, and a stale one can never overwrite a newer.
"""

from typing import Annotated

from pydantic import Field, TypeAdapter

from workflows.contract.account_effects import (
    FindAccounts,
    FindOrganizations,
    MakeSchedulingLink,
    ReadOpened,
    ReadOrigin,
    ReadProject,
)
from workflows.contract.case_effects import NotifyCase, SummarizeCases
from workflows.contract.file_effects import UploadFile, WriteCanvas, WriteDocument
from workflows.contract.issue_effects import (
    CloseIssue,
    CommentOnIssue,
    FindIssues,
    FindTitledIssue,
    LabelIssue,
    OpenIssue,
)
from workflows.contract.message_effects import LookAgain, Say, ShowCard, ShowView, Whisper
from workflows.contract.news_effects import AskForIssueChanges, AskForRatings, AskForTicketChanges, CheckTicket
from workflows.contract.page_effects import (
    AcknowledgePage,
    AskPage,
    AskWhoIsOnDuty,
    AskWhoResponds,
    AskWhoTheyAre,
    OpenPage,
    ResolvePage,
)
from workflows.contract.request_effects import (
    DraftMergeRequest,
    FindTrackerUser,
    NoteOnTicket,
    ReadIssueNews,
    ReadMergeRequest,
    ReadTemplate,
    SetTicketForm,
)
from workflows.contract.review_effects import (
    AssignIssue,
    LinkIssues,
    ReadParticipants,
    RenameIssue,
    ReopenIssue,
)
from workflows.contract.ticket_effects import AddTag, AssignTicket, CopyOnTicket, ReadTicket

Effect = Annotated[
    ShowCard
    | Say
    | Whisper
    | LookAgain
    | ShowView
    | ReadTicket
    | AddTag
    | CopyOnTicket
    | AssignTicket
    | FindIssues
    | FindTitledIssue
    | OpenIssue
    | CommentOnIssue
    | LabelIssue
    | CloseIssue
    | ReopenIssue
    | RenameIssue
    | AssignIssue
    | LinkIssues
    | ReadParticipants
    | AskForRatings
    | AskForTicketChanges
    | AskForIssueChanges
    | CheckTicket
    | UploadFile
    | WriteCanvas
    | WriteDocument
    | AskWhoIsOnDuty
    | AskWhoResponds
    | AskWhoTheyAre
    | OpenPage
    | AskPage
    | AcknowledgePage
    | ResolvePage
    | FindAccounts
    | FindOrganizations
    | ReadOrigin
    | ReadOpened
    | ReadProject
    | MakeSchedulingLink
    | ReadTemplate
    | FindTrackerUser
    | ReadIssueNews
    | DraftMergeRequest
    | ReadMergeRequest
    | SetTicketForm
    | NoteOnTicket
    | SummarizeCases
    | NotifyCase,
    Field(discriminator="type"),
]

EFFECT: TypeAdapter[Effect] = TypeAdapter(Effect)
