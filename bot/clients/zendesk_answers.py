"""What Zendesk answers, as far as the desk reads it."""

from datetime import UTC, datetime
from typing import Any

from pydantic import AwareDatetime, Field, TypeAdapter

from bot.clients.http import VendorModel

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that is not told."""


class CustomField(VendorModel):
    """What stands in a field of a company's own: text, the tag of an option, a checkbox."""

    id: int
    value: Any = None


class TicketRating(VendorModel):
    """The rating that a ticket has."""

    id: int | None = None
    score: str = ""
    comment: str | None = None


class Ticket(VendorModel):
    """A ticket; `updated_at` is opaque, to be handed back as the stamp of a safe update."""

    id: int
    subject: str | None = None
    status: str
    tags: list[str] = Field(default_factory=list)
    updated_at: str = ""
    created_at: AwareDatetime = LONG_AGO
    requester_id: int | None = None
    assignee_id: int | None = None
    organization_id: int | None = None
    custom_fields: list[CustomField] = Field(default_factory=list)
    satisfaction_rating: TicketRating | None = None


class Named(VendorModel):
    """A person, an organisation or a form."""

    id: int
    name: str | None = None
    email: str | None = None
    suspended: bool = False
    role: str | None = None


class Comment(VendorModel):
    """A comment on a ticket."""

    body: str | None = None
    plain_body: str | None = None
    public: bool = False
    author_id: int | None = None


class Rating(VendorModel):
    """A satisfaction rating."""

    id: int
    ticket_id: int | None = None
    score: str
    comment: str | None = None
    reason: str | None = None
    created_at: AwareDatetime = LONG_AGO
    updated_at: AwareDatetime | None = None

    @property
    def at(self) -> datetime:
        """When the customer gave it, or changed it last."""
        return self.updated_at or self.created_at


class TicketAnswer(VendorModel):
    """A ticket and what was side-loaded with it."""

    ticket: Ticket
    users: list[Named] = Field(default_factory=list)
    organizations: list[Named] = Field(default_factory=list)


class Users(VendorModel):
    """The people a search found."""

    users: list[Named]


class Me(VendorModel):
    """Whose token this is. A wrong token may be answered with nobody: then there is no id."""

    id: int | None = None
    name: str = ""
    role: str = ""


class MeAnswer(VendorModel):
    """Whose token this is."""

    user: Me


class Organization(VendorModel):
    """An organisation, by its number and name."""

    organization: Named


class Comments(VendorModel):
    """The comments of a ticket, a page of them."""

    comments: list[Comment]


class _Meta(VendorModel):
    has_more: bool = False
    after_cursor: str | None = None


class _Links(VendorModel):
    next: str | None = None


class ListPage(VendorModel):
    """A page of a list. By cursor (`meta`, `links`), or as older lists have it (`next_page`)."""

    meta: _Meta = _Meta()
    links: _Links = _Links()
    next_page: str | None = None

    @property
    def following(self) -> str | None:
        """The address of the page after this one, if there is one."""
        return self.links.next if self.meta.has_more else self.next_page

    @property
    def cursor(self) -> str | None:
        """Where the next page begins, if there is one."""
        return self.meta.after_cursor if self.meta.has_more else None


class CommentPage(ListPage):
    """A page of comments with who wrote them."""

    comments: list[Comment]
    users: list[Named] = Field(default_factory=list)


class TicketList(VendorModel):
    """The tickets that were asked for."""

    tickets: list[Ticket]


class AuditEvent(VendorModel):
    """A part of an update: a comment, or a field that changed."""

    type: str = ""
    field_name: str | None = None
    previous_value: Any = None
    value: Any = None
    public: bool = False
    author_id: int | None = None
    body: str | None = None


class _Source(VendorModel):
    rel: str | None = None
    to: dict[str, Any] = Field(default_factory=dict)


class _Via(VendorModel):
    source: _Source = _Source()


class Audit(VendorModel):
    """An update of a ticket."""

    id: int
    created_at: AwareDatetime = LONG_AGO
    author_id: int | None = None
    events: list[AuditEvent] = Field(default_factory=list)
    via: _Via = _Via()


class AuditPage(ListPage):
    """A page of updates with who made them."""

    audits: list[Audit]
    users: list[Named] = Field(default_factory=list)


class Ratings(ListPage):
    """A page of ratings."""

    satisfaction_ratings: list[Rating]


class Forms(ListPage):
    """A page of ticket forms."""

    ticket_forms: list[Named]


TICKET = TypeAdapter(TicketAnswer)
USERS = TypeAdapter(Users)
ME = TypeAdapter(MeAnswer)
ORGANIZATION = TypeAdapter(Organization)
COMMENTS = TypeAdapter(Comments)
COMMENT_PAGES = TypeAdapter(CommentPage)
RATINGS = TypeAdapter(Ratings)
FORMS = TypeAdapter(Forms)
TICKETS = TypeAdapter(TicketList)
AUDITS = TypeAdapter(AuditPage)
