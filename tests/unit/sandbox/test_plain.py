"""Blocks and mrkdwn read as a person reads them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.core.plain import Reader, escape, mentions, unescape

NAMES = {"U0ALICE": "alice", "C0SUPPORT": "support", "S0OPS": "support-ops"}


def reader(time_zone: str = "Europe/Lisbon") -> Reader:
    """Return somebody who knows the names."""
    return Reader(lambda id_: NAMES.get(id_, id_), time_zone)


@pytest.mark.parametrize(
    ("mrkdwn", "plain"),
    [
        ("*Ticket* _123456_ ~old~ `code`", "Ticket 123456 old code"),
        ("*_both_*", "both"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("<@U0ALICE> in <#C0SUPPORT|> and <#C0SUPPORT|x>", "@alice in #support and #support"),
        ("<!subteam^S0OPS> <!channel> <!here>", "@support-ops @channel @here"),
        ("<https://x.example/1|ticket 1> <https://x.example>", "ticket 1 (https://x.example/1) https://x.example"),
        ("<mailto:a@example.com|a@example.com>", "a@example.com (a@example.com)"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("<!date^1795216034^{date_short_pretty} at {time}|soon>", "Nov 20, 2026 at 23:07"),
        ("<!date^soon^{time}|soon>", "soon"),
    ],
)
def test_mrkdwn_reads_without_its_marks(mrkdwn: str, plain: str) -> None:
    """Names for ids, labels with addresses, dates in the reader's zone, entities undone."""
    assert reader().mrkdwn(mrkdwn) == plain


def test_a_date_is_shown_in_the_readers_zone() -> None:
    """The same moment, another day."""
    assert reader("Asia/Tokyo").mrkdwn("<!date^1795216034^{date_num} {time}|x>") == "2026-11-21 08:07"


@given(st.text())
def test_escaping_can_be_undone_and_leaves_no_control_characters(text: str) -> None:
    """Whatever was typed comes back, and nothing in between means anything to Slack."""
    assert unescape(escape(text)) == text
    assert not {"<", ">"} & set(escape(text))


def test_blocks_read_line_by_line() -> None:
    """Headers, sections with fields, context, buttons, inputs with their values."""
    text = {"type": "plain_text", "text": "Go"}
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": "FB-12 *raw*"}},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*Area*"},
            "fields": [{"type": "mrkdwn", "text": "<@U0ALICE>"}],
            "accessory": {"type": "button", "action_id": "go", "text": text},
        },
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "a"}, {"type": "plain_text", "text": "b"}]},
        {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "A chart"},
        {
            "type": "input",
            "block_id": "b",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "a"},
            "hint": {"type": "plain_text", "text": "Your own"},
        },
    ]
    values = {"b": {"a": {"type": "plain_text_input", "value": "Ada"}}}
    assert reader().blocks(blocks, values).splitlines() == [
        "FB-12 *raw*",
        "Area",
        "@alice",
        "[Go]",
        "---",
        "a b",
        "[image: A chart]",
        "Name: Ada",
        "  Your own",
    ]


def test_rich_text_reads_in_order() -> None:
    """Text, links, people and lists."""
    section = {
        "type": "rich_text_section",
        "elements": [
            {"type": "text", "text": "See "},
            {"type": "link", "url": "https://x.example", "text": "here"},
            {"type": "user", "user_id": "U0ALICE"},
        ],
    }
    listed = {"type": "rich_text_list", "style": "bullet", "elements": [section, section]}
    shown = reader().blocks([{"type": "rich_text", "elements": [listed]}])
    assert shown == "\n".join(["See here (https://x.example)@alice"] * 2)


def test_mentions_are_found_in_text_and_mrkdwn_but_not_in_plain_text() -> None:
    """Only what Slack would notify."""
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "<!subteam^S0OPS|@ops> <@U0ALICE>"}},
        {"type": "section", "text": {"type": "plain_text", "text": "<@U0NOT>"}},
    ]
    assert mentions("<!channel> &lt;!here&gt;", blocks) == ["channel", "S0OPS", "U0ALICE"]
