"""Rich text: sections, lists, quotes and code, made of styled runs, links and mentions."""

from collections.abc import Mapping

from sandbox.blockkit.shapes import (
    NONE,
    ByType,
    Chars,
    Flag,
    Int,
    ListOf,
    Record,
    Shape,
    choice,
    record,
    typed,
)
from sandbox.blockkit.syntax import URL

ID = Chars(255)
RUN = Chars(40_000, blank=True)  # Slack names no limit for one run; the message as a whole has one
RUNS = 1000
BORDER = {"border": Int(0, 1)}
STYLE = record(
    NONE,
    {
        name: Flag()
        for name in (
            "bold",
            "italic",
            "strike",
            "code",
            "underline",
            "highlight",
            "client_highlight",
            "unlink",
        )
    },
)


def _run(name: str, required: Mapping[str, Shape], optional: Mapping[str, Shape] = NONE) -> Record:
    return typed(name, required, {"style": STYLE, **optional})


INLINE = ByType(
    {
        "text": _run("text", {"text": RUN}),
        "link": _run("link", {"url": URL}, {"text": RUN, "unsafe": Flag()}),
        "emoji": _run("emoji", {"name": ID}, {"unicode": ID, "skin_tone": Int(1, 6)}),
        "user": _run("user", {"user_id": ID}),
        "usergroup": _run("usergroup", {"usergroup_id": ID}),
        "channel": _run("channel", {"channel_id": ID}),
        "team": _run("team", {"team_id": ID}),
        "broadcast": _run("broadcast", {"range": choice("here", "channel", "everyone")}),
        "color": _run("color", {"value": ID}),
        "date": _run("date", {"timestamp": Int(0, 9_999_999_999), "format": RUN}, {"url": URL, "fallback": RUN}),
    }
)

INLINES = {"elements": ListOf(INLINE, most=RUNS, least=0)}
SECTION = typed("rich_text_section", INLINES)
LIST = typed(
    "rich_text_list",
    {
        "elements": ListOf(ByType({"rich_text_section": SECTION}), most=RUNS),
        "style": choice("bullet", "ordered"),
    },
    {"indent": Int(0, 8), "offset": Int(0, 10_000), **BORDER},
)

RICH_TEXT = typed(
    "rich_text",
    {
        "elements": ListOf(
            ByType(
                {
                    "rich_text_section": SECTION,
                    "rich_text_list": LIST,
                    "rich_text_quote": typed("rich_text_quote", INLINES, BORDER),
                    "rich_text_preformatted": typed("rich_text_preformatted", INLINES, {**BORDER, "language": ID}),
                }
            ),
            most=RUNS,
        )
    },
    {"block_id": ID},
)
