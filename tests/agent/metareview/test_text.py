"""Sentences and marks of a meta-review's text."""

from hypothesis import given
from hypothesis import strategies as st

from agent.metareview.text import (
    citations_in,
    count_words,
    join,
    runs_in,
    sentences,
    tidy,
    units,
    with_marks,
    without_marks,
)

words = st.text(alphabet="ab.!? \n\r\t-“”[1]AZ", max_size=80)


@given(words)
def test_units_put_together_are_the_text(text):
    assert join(units(text)).split() == tidy(text).split()
    assert join(units(join(units(text)))) == join(units(text))


def test_sentences_end_where_they_seem_to_end():
    text = "One is here [1]. Two, e.g. this, cites Fig. 3 [2].\n\n- A point. Another says “No. It does not. Never” [3]."
    assert sentences(text) == [
        "One is here [1].",
        "Two, e.g. this, cites Fig. 3 [2].",
        "A point.",
        "Another says “No. It does not. Never” [3].",
    ]


def test_marks_stand_before_the_full_stop_and_can_be_taken_away():
    marked = with_marks("It is new.", ["[1]", "[12]", "[run 9f2c1ab0]"])
    assert marked == "It is new [1][12][run 9f2c1ab0]."
    assert (citations_in(marked), runs_in(marked), without_marks(marked)) == (["1", "12"], ["9f2c1ab0"], "It is new.")


def test_a_number_in_brackets_within_a_quotation_is_no_mark():
    said = "R1 praises: “As AWQ [1] does, it clips” [7]."
    assert citations_in(said) == ["7"] and without_marks(said) == "R1 praises: “As AWQ [1] does, it clips”."


def test_marks_are_no_words():
    assert count_words("Only four words here [1][22] [run 9f2c1ab0].") == 4
