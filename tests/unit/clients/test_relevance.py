"""Which issues fit some words best."""

from hypothesis import given
from hypothesis import strategies as st

from bot.clients.relevance import best_first, queries, words_of

Candidate = tuple[str, str, int]


def same(candidate: Candidate) -> Candidate:
    """Read a candidate that is its own title, description and votes."""
    return candidate


def test_words_are_folded_once_each_and_not_too_short() -> None:
    """Punctuation goes, what belongs inside a word stays."""
    assert words_of("The CI job: the time-out (a job of CI), v1.2!") == ["the", "job", "time-out", "v1.2"]


def test_few_words_are_looked_for_together_first() -> None:
    """All of them in one issue is the best there can be; then the longest alone."""
    assert queries("dark mode hurts") == ["dark mode hurts", "hurts", "dark", "mode"]


def test_a_long_text_is_looked_for_by_its_longest_words() -> None:
    """No issue holds all the words of a paragraph."""
    text = "When our scheduled pipelines start, the runner cannot reach the repository"
    assert queries(text) == ["repository", "scheduled", "pipelines"]


def test_nothing_worth_looking_for_is_not_looked_for() -> None:
    """No words, no calls."""
    assert queries("?! a b") == []


def test_what_holds_more_of_the_words_comes_first() -> None:
    """A word in the title weighs more than one in the description; votes decide between equals."""
    low, high = ("Dark room", "", 1), ("Dark room", "", 9)
    both, described = ("Dark mode", "", 0), ("Mode", "dark", 0)
    assert best_first("dark mode", [low, described, high, both], same) == [both, described, high, low]


@given(st.text(), st.lists(st.tuples(st.text(), st.text(), st.integers(0, 99))))
def test_sorting_loses_and_invents_nothing(text: str, found: list[Candidate]) -> None:
    """Whatever people type, and whatever is found."""
    assert sorted(best_first(text, found, same)) == sorted(found)


@given(st.text())
def test_there_are_never_many_queries(text: str) -> None:
    """At most four calls, none of them empty."""
    found = queries(text)
    assert len(found) <= 4
    assert all(query.strip() for query in found)
