"""The sentences of a passage that bear on a query."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.bearing import find_bearing

TEXT = "The harbour is old. Anchors were compared with the tide in a table. This took three weeks. The salt is blue."


def said(query: str, **options: int) -> list[str]:
    return [TEXT[a:b] for a, b in find_bearing(TEXT, query, **options)]


def test_the_sentence_with_the_words_of_the_query():
    assert said("Was an anchor compared with the tide?") == ["Anchors were compared with the tide in a table."]
    assert said("How blue is the salt?", most=1) == ["The salt is blue."]


def test_a_sentence_that_says_this_brings_what_it_speaks_of():
    assert said("How many weeks?") == ["Anchors were compared with the tide in a table.", "This took three weeks."]


def test_nothing_bears_on_something_else():
    assert said("Who wrote the reviews of the kernel?") == []
    assert find_bearing("", "anchor") == ()


def test_offsets_are_those_of_the_whole_text():
    start = TEXT.index("This")
    assert said("anchor salt", start=start) == ["The salt is blue."]


@given(st.text(max_size=200), st.text(max_size=60), st.integers(1, 4))
def test_spans_lie_in_the_text_in_order_and_are_no_more_than_wanted(text: str, query: str, most: int):
    spans = find_bearing(text, query, most=most)
    assert len(spans) <= most and list(spans) == sorted(spans)
    assert all(0 <= a < b <= len(text) for a, b in spans)
