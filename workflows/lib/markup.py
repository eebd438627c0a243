"""Text that people typed, made fit for where it is shown.

For Slack, `safe` comes first (or `escape`, for text of our own); `quote`, `cut` and `plain` take what is escaped
already. `code_block` takes text as it is, and escapes it: what is copied from it is just that text. For the issue
tracker, `defuse_quick_actions` comes last, when the text is whole.
"""

import re
import unicodedata
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

_HANDLE: Final = re.compile(r"(?<![\w.+-])@(?=\w)")
_ENDS_A_LINK: Final = re.compile(r"[<>|\s\x00-\x1f]")
_ZERO_WIDTH: Final = "\u200b"
_ENTITY: Final = re.compile(r"&(?:amp|lt|gt);")
_LIVE_MENTION: Final = re.compile(r"<[!@]([^<>|]*)(?:\|([^<>]*))?>")
_LEFT_OVER: Final = re.compile(r"<(?=[!@])")
_MASS_MENTION: Final = re.compile(r"@(?=(?:channel|here|everyone|all)\b)", re.IGNORECASE)
_LINE_BREAK: Final = re.compile("(\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029])")
_INDENT: Final = re.compile("^[\\s\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e]*")
_FENCE: Final = re.compile("`{3,}")
_PERSON_OR_TIME: Final = re.compile(r"(<@[UW][A-Z0-9]+>|<!date\^[0-9]+\^[^<>|]*\|[^<>|]*>)")
_TOKEN: Final = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_MARK: Final = re.compile(r"(?<![\w*_~`])([*_~`]+)(?=\S)(.{1,300}?)(?<=\S)\1(?![\w*_~`])")
_QUOTE_MARK: Final = re.compile(r"^(?:>|&gt;) ?", re.MULTILINE)
_JOINERS: Final = frozenset("\u200d\ufe0e\ufe0f")
_REGIONAL: Final = range(0x1F1E6, 0x1F200)
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_LOW_SURROGATES: Final = range(0xDC00, 0xE000)
_LONGEST_CLUSTER: Final = 32
"""A letter with more marks than this on it is not spared when a text is cut."""


def web_address(url: str) -> str:
    """Make an address that a vendor gave fit for a link: what would end the link, and begin a mention, is encoded.

    Empty for what is no web address: nobody is led anywhere else.
    """
    if not url.startswith(("http://", "https://")):
        return ""
    return _ENDS_A_LINK.sub(lambda found: f"%{ord(found[0]):02X}", url)


def escape(text: str) -> str:
    """Escape the three characters that mean something to Slack: & < >."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_but_people(text: str) -> str:
    """Escape a line of a case's story, in which people (`<@U1>`) and times stand as Slack shows them."""
    return "".join(part if number % 2 else escape(part) for number, part in enumerate(_PERSON_OR_TIME.split(text)))


def defuse_mentions(text: str) -> str:
    """Show mentions without calling anybody: `<!channel>` and `@channel`, `<!subteam^S1|@team>`, `<@U1>`.

    A zero-width space stands after the @ then. Other tags of Slack's, such as links, stay as they are.
    """
    # What is left of a tag inside a tag is no mention, but would look like one to the next reader.
    defused = _LEFT_OVER.sub(f"<{_ZERO_WIDTH}", _LIVE_MENTION.sub(_shown_mention, text))
    return _MASS_MENTION.sub(f"@{_ZERO_WIDTH}", defused)


def safe(text: str) -> str:
    """Make what a person typed fit for a message: nobody is called, nothing becomes a link."""
    return escape(defuse_mentions(text))


def quote(text: str) -> str:
    """Lay out as a block quote, every line of it."""
    return "\n".join(f"> {line}".rstrip() for line in _LINE_BREAK.split(text)[::2])


def code_block(text: str) -> str:
    """Escape, and lay out as a code block that ends where it should, whatever stands in it."""
    return f"```\n{_FENCE.sub(lambda fence: _ZERO_WIDTH.join(fence[0]), escape(text))}\n```"


def cut(text: str, limit: int, more: str = "…") -> str:
    """Return at most `limit` characters; where something is left out, `more` stands at the end.

    An entity, a tag of Slack's or a letter with its marks is left out as a whole rather than cut through.
    """
    if len(text) <= limit:
        return text
    if limit <= len(more):
        return more[: max(limit, 0)]
    end = _clear_of_markup(text, _clear_of_clusters(text, limit - len(more)))
    return text[:end].rstrip() + more


def defuse_quick_actions(text: str) -> str:
    """Keep the issue tracker from obeying lines such as `/close`: a backslash before the / is not shown by it."""
    return "".join(map(_without_action, _LINE_BREAK.split(text)))


def defuse_handles(text: str) -> str:
    """Show `@all` and `@name` without the issue tracker notifying anybody; e-mail addresses stay as they are."""
    return _HANDLE.sub(f"@{_ZERO_WIDTH}", text)


def quoted_as_code(text: str) -> str:
    """Quote a customer's words in the issue tracker: as code, in which nothing is loaded, linked or notified."""
    longest = max((len(run[0]) for run in re.finditer("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    lines = (fence, *_LINE_BREAK.split(defuse_handles(text))[::2], fence)
    return "\n".join(f"> {line}".rstrip() for line in lines)


def slack_date(instant: datetime, fallback_zone: ZoneInfo) -> str:
    """Return a time each reader sees in their own zone; where that does not work, it is shown in this one.

    `instant` is aware; the fallback reads `Fri 20 Nov 2026, 17:55 UTC`.
    """
    local = instant.astimezone(fallback_zone)
    fallback = f"{local:%a} {local.day} {local:%b %Y, %H:%M} {fallback_zone.key}"
    return f"<!date^{int(instant.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def amount(minutes: int) -> str:
    """How long that is, for a sentence: `5 min`, `2 h 5 min`, `3 days 4 h`."""
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if days:
        return f"{days} day{'s' if days > 1 else ''}{f' {hours} h' if hours else ''}"
    return f"{hours} h{f' {left} min' if left else ''}" if hours else f"{left} min"


def plain(text: str) -> str:
    """Return mrkdwn as it should be read out or shown in a notification.

    Links become their labels and dates their fallback; bold, quotes and code lose their marks. People and groups
    stay tags, for Slack to name them; nobody is called en masse. The text stays escaped: a notification is mrkdwn.
    """
    bare = _TOKEN.sub(_label, _QUOTE_MARK.sub("", text.replace("```", "")))
    return _MASS_MENTION.sub(f"@{_ZERO_WIDTH}", _MARK.sub(r"\2", bare)).strip()


def _shown_mention(mention: re.Match[str]) -> str:
    label, name = mention[2], mention[1]
    shown = (label or name.partition("^")[2] or name).lstrip("@")
    return f"@{_ZERO_WIDTH}{shown.lstrip(_ZERO_WIDTH)}"


def _label(token: re.Match[str]) -> str:
    target, label = token[1], token[2]
    if target.startswith(("@", "#", "!subteam^")):
        return token[0]
    return label or target.replace("!", "@")


def _without_action(line: str) -> str:
    rest = _INDENT.sub("", line, count=1)
    if rest[:1] == "/" and rest[1:2].isalpha():
        return f"{line[: len(line) - len(rest)]}\\{rest}"
    return line


def _clear_of_markup(text: str, end: int) -> int:
    """Move an end back before the entity or tag it would cut through."""
    for opening, form in (("&", _ENTITY), ("<", _TOKEN)):
        start = text.rfind(opening, 0, end)
        found = form.match(text, start) if start >= 0 else None
        if found and found.end() > end:
            end = start
    return end


def _clear_of_clusters(text: str, end: int) -> int:
    """Move an end back before the letter or emoji it would cut through."""
    for at in range(end, max(end - _LONGEST_CLUSTER, 0), -1):
        if not _belong_together(text, at):
            return at
    return end


def _belong_together(text: str, at: int) -> bool:
    """Say whether the character at this place goes with the one before it."""
    before, after = text[at - 1], text[at]
    if ord(after) in _REGIONAL:
        flags = len(text[:at]) - len(text[:at].rstrip("".join(map(chr, _REGIONAL))))
        return flags % 2 == 1
    return (
        after in _JOINERS
        or before == "\u200d"
        or unicodedata.combining(after) > 0
        or ord(after) in _SKIN_TONES
        or ord(after) in _LOW_SURROGATES
    )
