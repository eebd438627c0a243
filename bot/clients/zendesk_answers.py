"""What Zendesk answers, as far as the desk reads it."""

from datetime import datetime

from pydantic import Field, TypeAdapter

from bot.clients.http import VendorModel


class Ticket(VendorModel):
    """A ticket; `updated_at` is opaque, to be handed back as the stamp of a safe update."""

    id: int
    subject: str | None = None
    status: str
    tags: list[str] = Field(default_factory=list)
    updated_at: str
    created_at: datetime
    requester_id: int | None = None
    assignee_id: int | None = None
    organization_id: int | None = None


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
    created_at: datetime
    updated_at: datetime | None = None


class TicketAnswer(VendorModel):
    """A ticket and what was side-loaded with it."""

    ticket: Ticket
    users: list[Named] = Field(default_factory=list)
    organizations: list[Named] = Field(default_factory=list)


class Tags(VendorModel):
    """The tags of a ticket."""

    tags: list[str]


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


class CommentPage(ListPage):
    """A page of comments with who wrote them."""

    comments: list[Comment]
    users: list[Named] = Field(default_factory=list)


class Ratings(ListPage):
    """A page of ratings."""

    satisfaction_ratings: list[Rating]


class Forms(ListPage):
    """A page of ticket forms."""

    ticket_forms: list[Named]


TICKET = TypeAdapter(TicketAnswer)
TAGS = TypeAdapter(Tags)
USERS = TypeAdapter(Users)
ME = TypeAdapter(MeAnswer)
ORGANIZATION = TypeAdapter(Organization)
COMMENTS = TypeAdapter(Comments)
COMMENT_PAGES = TypeAdapter(CommentPage)
RATINGS = TypeAdapter(Ratings)
FORMS = TypeAdapter(Forms)
