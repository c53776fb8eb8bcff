"""A sentence of a review is read as praise, objection, question or request, or as none of these."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.discussion.stances import Stance, read_opening, split_contrast, stance_of


@pytest.mark.parametrize(
    ("sentence", "stance"),
    [
        ("The harbour model is well written and fun to read.", "praises"),
        ("The tide tables are convincing.", "praises"),
        ("I think the claim on foam is non-trivial.", "praises"),
        ("The idea is neat, but the piers are hardly described.", "objects"),
        ("Although the foam is thin, the salt study is convincing.", "praises"),
        ("While the topic is timely, only one pier was measured.", "objects"),
        ("The text is clear, though a figure might help.", "praises"),
        ("The gain is impressive, yet I do not believe the tide clock.", "objects"),
        ("It would be interesting to see the piers of winter as well.", "asks"),
        ("The study would benefit from a second harbour.", "asks"),
        ("A table of tides would be really helpful.", "asks"),
        ("I'd suggest moving the salt proof to the front.", "asks"),
        ("The authors should state how deep the piers are.", "asks"),
        ("Compare with dredging.", "asks"),
        ("One advantage of the piers that the authors did not mention is their shade.", "praises"),
        ("The tide ratio is not very impressive.", "objects"),
        ("The pier is not nicely written or rather easy to follow.", "objects"),
        ("How deep are the piers?", "asks"),
        ("What is the actual contribution over dredging?", "objects"),
        ("Isn't this the same as dredging?", "objects"),
        ("The tide clock is a straightforward extension of dredging.", "objects"),
        ("Nothing is said of winter, which I find worrying.", "objects"),
        ("This paper introduces a tide clock for harbours.", "describes"),
        ("I recommend rejection.", "describes"),
        ("I am not very familiar with the literature on harbours.", "describes"),
        ("I have a few questions:", "describes"),
    ],
)
def test_sentences_are_read_by_their_main_clause(sentence: str, stance: Stance):
    assert stance_of(sentence) == stance


@pytest.mark.parametrize(
    ("sentence", "heading", "stance"),
    [
        ("It takes two tides.", "objects", "objects"),
        ("It takes two tides.", "praises", "praises"),
        ("It takes two tides.", "asks", "asks"),
        ("It is unclear how the tides are measured.", "asks", "objects"),
        ("The tides are nicely drawn.", "objects", "praises"),
        ("The tides are nicely drawn, but too few.", "praises", "objects"),
        ("Please add a map.", "objects", "asks"),
        ("The main weakness is the map.", "describes", "objects"),
    ],
)
def test_the_heading_tells_where_the_words_do_not(sentence: str, heading: Stance, stance: Stance):
    assert stance_of(sentence, heading) == stance


def test_an_opening_ends_at_the_first_judgement():
    told = ["Harbours are busy.", "This work proposes a tide clock.", "They test it on two piers with few errors."]
    assert read_opening([*told, "I like the clock.", "This paper shows more."]) == 3
    assert read_opening(["I like the clock.", *told]) == 0
    assert read_opening(["Harbours are busy."] * 5) == 0


@given(
    st.lists(st.sampled_from([*"abc ,.;?", " but ", "although ", " however, ", " tides "]), max_size=40).map("".join)
)
def test_the_clauses_of_a_contrast_are_parts_of_the_sentence(sentence: str):
    assert all(clause in sentence for clause in split_contrast(sentence))
    stance_of(sentence)
