"""Typed text, made fit for where it is shown."""

import html
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.contract.values import IssueLink
from workflows.lib.markup import (
    code_block,
    cut,
    defuse_handles,
    defuse_mentions,
    defuse_quick_actions,
    escape,
    plain,
    quote,
    quoted_as_code,
    safe,
    slack_date,
    web_address,
)

LIVE = re.compile(r"<[!@][^<>]*>|@(?:channel|here|everyone)\b", re.IGNORECASE)
pieces = st.sampled_from([
    "<", ">", "!", "@", "|", "^", "&", "channel", "here", "everyone", "CHANNEL", "subteam^S0123456789", "U0123456789",
    "<!channel>", "<!here|here>", "@everyone", "`", "```", "/", "/close", "\n", "\r", "\u2028", " ", "\t", "\u200b",
    "&amp;", "&lt;!channel&gt;", "a\u0301", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea", "x",
])  # fmt: skip
typed = st.lists(pieces, max_size=20).map("".join) | st.text()


def test_only_three_characters_are_escaped() -> None:
    """What Slack asks for, and nothing else."""
    assert escape("<a> & \"b\" 'c' *d*") == "&lt;a&gt; &amp; \"b\" 'c' *d*"


@given(typed)
def test_escaping_loses_nothing(text: str) -> None:
    """The reader sees what was typed, and no tag survives."""
    escaped = escape(text)
    assert not set("<>") & set(escaped)
    assert escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!channel>", "@\u200bchannel"),
        ("<!here|here>", "@\u200bhere"),
        ("<!everyone>", "@\u200beveryone"),
        ("<!subteam^S0123456789|@managers>", "@\u200bmanagers"),
        ("<!subteam^S0123456789>", "@\u200bS0123456789"),
        ("<@U0123456789>", "@\u200bU0123456789"),
        ("<@U0123456789|ada>", "@\u200bada"),
        ("<!<!here|channel>>", "<\u200b!@\u200bchannel>"),
        ("<!<@U1|subteam^S0123456789>>", "<\u200b!@\u200bsubteam^S0123456789>"),
        ("Hey @channel, @Here!", "Hey @\u200bchannel, @\u200bHere!"),
        ("me@hereford.example", "me@hereford.example"),
        ("<https://example.com|a link>", "<https://example.com|a link>"),
    ],
)
def test_a_mention_is_shown_but_calls_nobody(text: str, shown: str) -> None:
    """Channels, groups and people, as tags or as typed."""
    assert defuse_mentions(text) == shown


@given(typed)
def test_no_mention_survives_being_defused(text: str) -> None:
    """Not even one hidden within another, and not in a second round."""
    defused = defuse_mentions(text)
    assert not LIVE.search(defused)
    assert defuse_mentions(defused) == defused


@given(typed)
def test_safe_text_calls_nobody_and_holds_no_tag(text: str) -> None:
    """This is what goes into a message; an unescaped one would not do either."""
    assert not LIVE.search(safe(text))
    assert not LIVE.search(html.unescape(escape(defuse_mentions(text.replace("&", "")))))
    assert "<" not in safe(text)


def test_a_quote_covers_every_line() -> None:
    """Whatever ends its lines."""
    assert quote("a\nb\r\nc\rd\u2028e\n\nf") == "> a\n> b\n> c\n> d\n> e\n>\n> f"


@given(typed)
def test_no_line_falls_out_of_a_quote(text: str) -> None:
    """Every line a reader can see begins with the mark."""
    assert all(line.startswith(">") for line in quote(text).splitlines())


@given(typed)
def test_a_code_block_ends_where_it_should(text: str) -> None:
    """Nothing within can end it, and the text can still be read."""
    block = code_block(text)
    assert block.startswith("```\n")
    assert block.endswith("\n```")
    assert "```" not in block[3:-3]
    assert not set("<>") & set(block)
    assert block[4:-4].replace("\u200b", "") == escape(text.replace("\u200b", ""))


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("short", 5, "short"),
        ("shorter", 5, "shor…"),
        ("a b c d", 5, "a b…"),
        ("ab&amp;cd", 6, "ab…"),
        ("ab&amp;cd", 8, "ab&amp;…"),
        ("see <https://example.com/a?b&amp;c|the page> for it", 30, "see…"),
        ("ae\u0301i\u0300xx", 4, "ae\u0301…"),
        ("ae\u0301xx", 3, "a…"),
        ("x\U0001f468\u200d\U0001f469\u200d\U0001f467yy", 5, "x…"),
        ("x\U0001f44d\U0001f3feyy", 3, "x…"),
        ("\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7yy", 4, "\U0001f1e9\U0001f1ea…"),
        ("x\ud83d\udc4dyy", 3, "x…"),
        ("anything", 0, ""),
        ("anything", -3, ""),
        ("anything", 1, "…"),
    ],
)
def test_a_long_text_is_cut_between_what_belongs_together(text: str, limit: int, short: str) -> None:
    """Entities, tags, accented letters, emoji and flags are kept or left out as a whole."""
    assert cut(text, limit) == short


def test_the_end_of_a_cut_text_may_be_chosen() -> None:
    """It counts towards the limit."""
    assert cut("a" * 100, 20, more=" … (more in the case)") == " … (more in the case"
    assert cut("a" * 100, 22, more=" … (more in the case)") == "a … (more in the case)"


@given(typed, st.integers(0, 40), st.sampled_from(["…", "", " [cut]"]))
def test_a_cut_text_is_never_too_long_nor_cut_again(text: str, limit: int, more: str) -> None:
    """Escaped text stays well-formed, and what fits stays as it is."""
    escaped = safe(text)
    short = cut(escaped, limit, more)
    assert len(short) <= limit
    assert cut(short, limit, more) == short
    assert not re.search(r"&(?!amp;|lt;|gt;)", short)
    assert short == escaped or limit < len(escaped)
    assert short.endswith(more) or short == escaped or limit < len(more)


def test_a_heap_of_marks_is_cut_all_the_same() -> None:
    """A letter under a thousand accents does not make the whole text vanish."""
    assert len(cut("word " * 20 + "a" + "\u0301" * 1000, 600)) > 560


@pytest.mark.parametrize(
    ("text", "defused"),
    [
        ("/close", "\\/close"),
        ("first\n  /label ~bug", "first\n  \\/label ~bug"),
        ("first\r/close\r\n\t/close", "first\r\\/close\r\n\t\\/close"),
        ("first\u2028/close\x85/close", "first\u2028\\/close\x85\\/close"),
        ("\ufeff\u200b /close", "\ufeff\u200b \\/close"),
        ("\u00a0/close", "\u00a0\\/close"),
        ("/\u00e9t\u00e9", "\\/\u00e9t\u00e9"),
        ("a/b /c", "a/b /c"),
        ("/ or //comment or /1", "/ or //comment or /1"),
        ("> /close", "> /close"),
        ("", ""),
    ],
)
def test_a_line_the_tracker_would_obey_is_defused(text: str, defused: str) -> None:
    """Only lines that begin with / and a letter are commands."""
    assert defuse_quick_actions(text) == defused


@given(typed)
def test_no_line_is_a_command_once_defused(text: str) -> None:
    """Nor does a second round change anything, nor is anything lost."""
    defused = defuse_quick_actions(text)
    assert not any(re.match(r"[\s\u200b]*/[^\W\d_]", line) for line in defused.splitlines())
    assert defuse_quick_actions(defused) == defused
    assert defused.replace("\\", "") == text.replace("\\", "")


def test_a_date_is_shown_in_the_readers_zone_or_in_a_named_one() -> None:
    """Slack fills in the reader's time; the fallback says whose time it is."""
    instant = datetime(2026, 11, 20, 17, 55, tzinfo=UTC)
    token = "<!date^1795197300^{date_short_pretty} at {time}|Fri 20 Nov 2026, "
    assert slack_date(instant, ZoneInfo("UTC")) == f"{token}17:55 UTC>"
    assert slack_date(instant, ZoneInfo("America/Los_Angeles")) == f"{token}09:55 America/Los_Angeles>"


@pytest.mark.parametrize(
    ("text", "read_out"),
    [
        ("*Bold* and _slanted_ and ~gone~ and `code`", "Bold and slanted and gone and code"),
        ("*one* and *two*", "one and two"),
        ("see <https://example.com|the page> or <https://example.com>", "see the page or https://example.com"),
        ("due <!date^1^{time}|Fri 17:55 UTC>", "due Fri 17:55 UTC"),
        ("from <@U0123456789> of <!subteam^S0123456789>", "from <@U0123456789> of <!subteam^S0123456789>"),
        ("<!channel> look", "@\u200bchannel look"),
        ("> quoted\n&gt; again", "quoted\nagain"),
        ("```\nsome code\n```", "some code"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
    ],
)
def test_a_notification_reads_without_marks(text: str, read_out: str) -> None:
    """What is read out is words; people stay tags for Slack to name."""
    assert plain(text) == read_out


@given(typed)
def test_a_notification_calls_nobody_en_masse(text: str) -> None:
    """Whatever the message was made of."""
    assert not re.search(r"<!(?:channel|here|everyone)|@(?:channel|here|everyone)\b", plain(text), re.IGNORECASE)


@pytest.mark.parametrize(
    "text", ["<!" * 20_000, "*a " * 13_000, "`" * 40_000, "\n" * 40_000, "&" * 40_000, "a\u0301" * 20_000]
)
@pytest.mark.timeout(5)
def test_a_long_text_is_made_fit_quickly(text: str) -> None:
    """A message of Slack's greatest length cannot hold the desk up."""
    assert len(cut(quote(code_block(text)), 3000)) <= 3000
    assert plain(text) is not None
    assert defuse_quick_actions(text) == text


def test_typed_handles_notify_nobody_in_the_tracker() -> None:
    """`@all` and `@name` are shown with a zero-width space; e-mail addresses are left alone."""
    assert defuse_handles("@all ask (@ada) or ada@example.com") == "@\u200ball ask (@\u200bada) or ada@example.com"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://gitlab.com/a/b/-/issues/4?x=1#note_2", "https://gitlab.com/a/b/-/issues/4?x=1#note_2"),
        ("https://x|foo> <!channel> <https://y", "https://x%7Cfoo%3E%20%3C!channel%3E%20%3Chttps://y"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_an_address_from_a_vendor_neither_ends_its_link_nor_begins_a_mention(given: str, shown: str) -> None:
    """A tracker's webhook may hold anything where an issue's address belongs."""
    assert web_address(given) == shown


def test_an_issue_link_holds_only_what_may_stand_in_a_link() -> None:
    """Whoever makes the link, and whatever is rendered from it."""
    link = IssueLink(project="a/b", number=4, title="t", url="https://x|foo> <!channel> <https://y")
    assert not set(link.url) & set("<>| ")


@pytest.mark.parametrize(
    "text",
    [
        "![x](https://evil.example/x.png) <img src=https://evil.example/y>",
        "```\n![x](https://evil.example/x.png)\n```",
        "````` @all",
        "/close\r\n\u2028/assign @all\n> [click](https://evil.example)",
        "",
    ],
)
def test_a_customers_words_are_code_in_the_tracker(text: str) -> None:
    """Nothing in them is loaded, linked, obeyed or notified: no line ends the code or leaves the quotation."""
    first, *lines, last = quoted_as_code(text).splitlines()
    assert first == last
    assert first.removeprefix("> ").strip("`") == ""
    assert first.removeprefix("> ") not in text
    assert all(line.startswith(">") for line in lines)
    assert len(lines) == len(re.split("\r\n|[\n\u2028]", text))
