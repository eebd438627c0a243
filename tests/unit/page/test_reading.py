"""Slack's mark-up as HTML, for one reader."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import htpy as h
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.core.model import AppSettings
from sandbox.core.plain import escape
from sandbox.core.seed import fill
from sandbox.core.workspace import Workspace
from sandbox.page.reading import Reading
from sandbox.users.messages import MessageActions

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TODAY, TOMORROW, LATER = (int(datetime(2026, 3, day, 23, 30, tzinfo=UTC).timestamp()) for day in (1, 2, 20))


def reading(name: str = "pia") -> Reading:
    """What somebody reads on a Monday at noon."""
    workspace = Workspace(AppSettings(), lambda: NOON, lambda: 0.0)
    fill(workspace)
    return Reading(workspace, workspace.person(name))


def html(text: str, name: str = "pia") -> str:
    """The HTML of a text in Slack's mark-up."""
    return str(h.fragment[reading(name).mrkdwn(text)])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "<p>plain</p>"),
        ("*bold* and _italic_ and ~gone~", "<p><strong>bold</strong> and <em>italic</em> and <s>gone</s></p>"),
        ("*_both_*", "<p><strong><em>both</em></strong></p>"),
        ("snake_case_name and 2*3*4", "<p>snake_case_name and 2*3*4</p>"),
        ("`*code*`", "<p><code>*code*</code></p>"),
        ("```a\nb```", "<pre>a\nb</pre>"),
        ("one\ntwo", "<p>one<br>two</p>"),
        ("&gt; said\nthen", "<blockquote>said</blockquote><p>then</p>"),
        ("&lt;b&gt; &amp; co", "<p>&lt;b&gt; &amp; co</p>"),
        (":eyes: :no_such_thing:", "<p>👀 :no_such_thing:</p>"),
        ("<@U0PIA>", '<p><span class="mention mine">@pia</span></p>'),
        ("<@U0ALICE>", '<p><span class="mention">@alice</span></p>'),
        ("<#C0PRODUCT>", '<p><span class="mention">#product</span></p>'),
        (
            "<https://example.com?a=1&amp;b=2|the *page*>",
            '<p><a href="https://example.com?a=1&amp;b=2" target="_blank" rel="noopener">the *page*</a></p>',
        ),
    ],
)
def test_mark_up_becomes_html(text: str, shown: str) -> None:
    """Each piece of mark-up as Slack shows it."""
    assert html(text) == shown


@pytest.mark.parametrize(
    ("name", "epoch", "shown"),
    [
        ("alice", TODAY, "yesterday at 23:30"),  # London
        ("pia", TODAY, "today at 00:30"),  # Copenhagen is an hour ahead
        ("pia", TOMORROW, "tomorrow at 00:30"),
        ("adam", LATER, "Mar 20, 2026 at 19:30"),  # New York
    ],
)
def test_a_date_is_shown_in_the_readers_zone(name: str, epoch: int, shown: str) -> None:
    """Today, yesterday and tomorrow are the reader's own."""
    assert f">{shown}</time>" in html(f"<!date^{epoch}^{{date_short_pretty}} at {{time}}|never seen>", name)


def test_a_date_that_cannot_be_read_shows_its_fallback() -> None:
    """As in Slack."""
    assert html("<!date^soon^{date}|some day>") == "<p>some day</p>"


@given(
    st.lists(
        st.sampled_from(["@pia", "#product", "@support-ops", "@here", "<b> & co", "https://example.com/a", "*so*"])
    )
)
def test_a_message_that_is_edited_reads_as_it_was_typed(words: list[str]) -> None:
    """Whatever Slack made of it, its author gets the words back."""
    alice = reading("alice")
    typed = " ".join(words)
    assert alice.as_typed(MessageActions(alice.workspace).typed(typed)) == typed


class Tags(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it; nothing may listen."""
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.tags.add(tag)


KNOWN = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "a", "span", "time"}


@given(st.text(alphabet="<>&|*_~`:!@#^aU0{}\n \"'=/", max_size=60))
def test_nothing_in_a_text_becomes_a_tag_of_its_own(text: str) -> None:
    """Whatever an app sends, raw or escaped, is drawn with the few tags there are."""
    assert Tags(html(text)).tags <= KNOWN
    assert Tags(html(escape(text))).tags <= KNOWN
