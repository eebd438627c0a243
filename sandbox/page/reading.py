"""What the chosen person reads: names, clocks and dates as their Slack shows them, as HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import htpy as h
from emoji import emojize

from sandbox.core.model import Json, User
from sandbox.core.plain import DATE_FORMATS, unescape
from sandbox.core.workspace import Workspace

INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<token>[^<>]+)>"
    r"|(?<![\w*_~])(?P<mark>[*_~])(?=\S)(?P<inner>[^\n]*?\S)(?P=mark)(?![\w*_~])"
)
MARKS = {"*": h.strong, "_": h.em, "~": h.s}
QUOTED = re.compile(r"(?:&gt;|>) ?")
SHORTCODE = re.compile(r":[a-z0-9_+-]+:")
FENCE = "```"


def emoji(text: str) -> str:
    """Text with its `:short_codes:` turned into emoji; what is none stays."""
    return SHORTCODE.sub(lambda match: emojize(match[0], language="alias"), text)


@dataclass(frozen=True)
class Reading:
    """Renders text for one person."""

    workspace: Workspace
    person: User

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone."""
        return ZoneInfo(self.person.tz)

    @property
    def now(self) -> datetime:
        """The desk's time, in the person's zone."""
        return self.workspace.now().astimezone(self.zone)

    def at(self, ts: str | float) -> datetime:
        """A time in seconds since 1970, in the person's zone."""
        return datetime.fromtimestamp(float(ts), UTC).astimezone(self.zone)

    def clock(self, ts: str | float) -> h.Element:
        """The time of day, with the whole date to hover over."""
        moment = self.at(ts)
        return h.time(datetime=moment.isoformat(timespec="minutes"), title=f"{moment:%A, %-d %B %Y at %H:%M:%S %Z}")[
            f"{moment:%H:%M}"
        ]

    def day(self, moment: datetime) -> str:
        """A day as the dividers between messages say it."""
        near = {0: "Today", -1: "Yesterday", 1: "Tomorrow"}.get((moment.date() - self.now.date()).days)
        return near or f"{moment:%A, %-d %B}"

    def name_of(self, id_: str) -> str:
        """The name of a person, user group or channel."""
        workspace = self.workspace
        if user := workspace.users.get(id_):
            return user.name
        if group := workspace.usergroups.get(id_):
            return group.handle
        return workspace.channels[id_].name if id_ in workspace.channels else id_

    # ---------------------------------------------------------------------------------------------- text

    def text(self, thing: Json | None) -> h.Node:
        """A text object."""
        if thing is None:
            return None
        raw = str(thing.get("text", ""))
        return self.mrkdwn(raw) if thing.get("type") == "mrkdwn" else lines(emoji(raw))

    def mrkdwn(self, text: str) -> h.Node:
        """Slack's mark-up as HTML."""
        return [
            h.pre[unescape(self._plain(part.strip("\n")))] if odd else list(self._quotes(part))
            for odd, part in _alternating(text.split(FENCE))
            if part.strip("\n")
        ]

    def _quotes(self, text: str) -> Iterator[h.Node]:
        quoted: list[str] = []
        plain: list[str] = []
        for line in text.strip("\n").split("\n"):
            if QUOTED.match(line):
                yield from self._paragraph(plain)
                quoted.append(QUOTED.sub("", line, count=1))
            else:
                yield from self._quotation(quoted)
                plain.append(line)
        yield from self._paragraph(plain)
        yield from self._quotation(quoted)

    def _paragraph(self, plain: list[str]) -> Iterator[h.Node]:
        if plain:
            yield h.p[_broken([list(self.inline(line)) for line in plain])]
            plain.clear()

    def _quotation(self, quoted: list[str]) -> Iterator[h.Node]:
        if quoted:
            yield h.blockquote[_broken([list(self.inline(line)) for line in quoted])]
            quoted.clear()

    def inline(self, text: str) -> Iterator[h.Node]:
        """One line of mark-up."""
        end = 0
        for found in INLINE.finditer(text):
            yield emoji(unescape(text[end : found.start()]))
            if found["code"] is not None:
                yield h.code[unescape(self._plain(found["code"]))]
            elif found["token"] is not None:
                yield self._token(found["token"])
            else:
                yield MARKS[found["mark"]][list(self.inline(found["inner"]))]
            end = found.end()
        yield emoji(unescape(text[end:]))

    def as_typed(self, text: str) -> str:
        """A stored text as its author typed it: `@alice` for her id, an address for a link."""

        def typed(token: re.Match[str]) -> str:
            body = token[1].partition("|")[0]
            if body.startswith(("@", "#")):
                return body[0] + self.name_of(body[1:])
            if body.startswith("!subteam^"):
                return "@" + self.name_of(body.removeprefix("!subteam^"))
            return "@" + body[1:] if body.startswith("!") else body

        return unescape(re.sub(r"<([^<>]*)>", typed, text))

    def _plain(self, text: str) -> str:
        """What stands in code: links by their address or label, nothing bold."""
        return re.sub(r"<([^<>|]*)(?:\|([^<>]*))?>", lambda m: m[2] or m[1], text)

    def _token(self, token: str) -> h.Node:
        body, _, label = token.partition("|")
        if body.startswith("!date^"):
            return self._date(body, label)
        if body.startswith("!subteam^"):
            return self._mention("@" + self.name_of(body.removeprefix("!subteam^")), mine=self._is_in(body))
        if body.startswith("!"):
            return self._mention("@" + body.removeprefix("!").partition("^")[0], mine=True)
        if body.startswith("@"):
            return self._mention("@" + self.name_of(body[1:]), mine=body[1:] == self.person.id)
        if body.startswith("#"):
            return self._mention("#" + self.name_of(body[1:]), mine=False)
        shown = emoji(unescape(label or body.removeprefix("mailto:")))
        return link(unescape(body), shown)

    def _is_in(self, body: str) -> bool:
        group = self.workspace.usergroups.get(body.removeprefix("!subteam^"))
        return group is not None and self.person.id in group.users

    @staticmethod
    def _mention(shown: str, *, mine: bool) -> h.Element:
        return h.span(class_=["mention", {"mine": mine}])[shown]

    def _date(self, body: str, fallback: str) -> h.Node:
        try:
            _, epoch, form = body.split("^")[:3]
            moment = self.at(epoch)
        except (ValueError, IndexError, OverflowError):
            return unescape(fallback)
        shown = re.sub(r"\{(\w+)\}", lambda found: self._part(found[1], moment), form)
        return h.time(
            datetime=moment.isoformat(timespec="minutes"), title=f"{moment.astimezone(UTC):%a %d %b %H:%M} UTC"
        )[shown]

    def _part(self, name: str, moment: datetime) -> str:
        """A part of a date; the pretty ones say today, yesterday and tomorrow, as Slack does."""
        if name.endswith("_pretty") and abs(moment - self.now) < timedelta(days=3):
            days = (moment.date() - self.now.date()).days
            if days in {-1, 0, 1}:
                return {0: "today", -1: "yesterday", 1: "tomorrow"}[days]
        return moment.strftime(DATE_FORMATS.get(name, "{" + name + "}"))


def _alternating(parts: list[str]) -> Iterator[tuple[bool, str]]:
    for number, part in enumerate(parts):
        yield bool(number % 2), part


def _broken(rows: list[list[h.Node]]) -> list[h.Node]:
    """Rows with line breaks between them."""
    return [node for number, row in enumerate(rows) for node in ([h.br, *row] if number else row)]


def lines(text: str) -> h.Node:
    """Plain text with its line breaks."""
    return _broken([[line] for line in text.split("\n")])


def link(address: str, shown: h.Node) -> h.Node:
    """A link to a web page or mailbox; of any other address, such as `javascript:`, just the words."""
    if not address.startswith(("https://", "http://", "mailto:")):
        return h.span[shown]
    return h.a(href=address, target="_blank", rel="noopener")[shown]
