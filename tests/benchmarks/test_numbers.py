"""Numbers of a sentence that no source bears are found; those that stand there in another form are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.dialogues.numbers import read_numbers, wrong_numbers


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("leaves 13.7 % of 7.34G MACs", [(13.7, "%"), (7.34e9, "")]),
        ("a 12-fold cut, 4x faster, 2.5 times", [(12, "times"), (4, "times"), (2.5, "times")]),
        ("twelve-fold", [(12, "times")]),
        ("twenty-five layers", [(25, "")]),
        ("1,797 images and 45.87M weights", [(1797, ""), (45.87e6, "")]),
        ("ResNet-50 on CIFAR-10, R3, conv5, 2:4, AnonReviewer2, Reviewer 3", []),
        ("8-bit weights in Table 2 and Sec. 6.1", [(8, "bit"), (2, "table"), (6.1, "section")]),
        ("a loss of 0.43 points", [(0.43, "point")]),
        ("no one knows", []),
        ("between -0.5 and 96.35 percent", [(-0.5, ""), (96.35, "%")]),
    ],
)
def test_numbers_are_read_with_their_units(text, values):
    assert [(pytest.approx(n.value), n.unit) for n in read_numbers(text)] == values


@pytest.mark.parametrize(
    ("sentence", "source", "wrong"),
    [
        ("It leaves 13.7 % of the MACs.", "leaves 13.7 % of all", ()),
        ("It leaves 17.3 % of the MACs.", "leaves 13.7 % of all", ("17.3 %",)),
        ("It loses 13.7 points.", "leaves 13.7 % of all", ("13.7 points",)),
        ("It is 12 times smaller.", "a twelve-fold cut", ()),
        ("It is eleven times smaller.", "a twelve-fold cut", ("eleven times",)),
        ("45,870,000 weights", "45.87M weights", ()),
        ("In Table 3 it wins.", "our note on Table 2", ("3",)),
        ("The difference is 0.43 points.", "94.58 % against 95.01 %", ()),
        ("The difference is 0.53 points.", "94.58 % against 95.01 %", ("0.53 points",)),
        ("It reaches 0.43.", "94.58 % against 95.01 %", ("0.43",)),
        ("The mean rating is 4.67.", "4, 5 and 5", ()),
        ("Two concerns are shared.", "nothing here", ()),
        ("(54 - 50) / (60 - 50) = 40.0 %", "60 when dense, 50 with A and 54 with B", ()),
        ("(54 - 50) / (60 - 50) = 45.0 %", "60 when dense, 50 with A and 54 with B", ("45.0 %",)),
        ("(54 - 50) / (61 - 50) = 36.4 %", "60 when dense, 50 with A and 54 with B", ("61",)),
    ],
)
def test_a_number_must_stand_in_the_source_or_follow_from_it(sentence, source, wrong):
    assert wrong_numbers(sentence, [source]) == wrong


def test_reviewers_are_counted():
    assert wrong_numbers("Three reviewers ask for it.", ["x"], reviewers=(3, 2)) == ()
    assert wrong_numbers("Four reviewers ask for it.", ["x"], reviewers=(3, 2)) == ("Four",)


def test_a_run_may_be_rounded_and_a_paper_may_not():
    assert wrong_numbers("It reaches 82.28 %.", ['"mean": 0.82281'], rounded=True) == ()
    assert wrong_numbers("It reaches 82.28 %.", ['"mean": 0.82281']) == ("82.28 %",)


@given(st.decimals(0, 9999, places=2), st.sampled_from(["", " %", " points", "x", " bits"]))
def test_what_is_said_in_the_sources_words_is_never_wrong(value, unit):
    text = f"It comes to {value}{unit} there."
    assert wrong_numbers(text, [text]) == ()


def test_of_many_numbers_nothing_follows_but_what_the_sentence_repeats():
    source = " and ".join(f"{n * n + 0.5}" for n in range(2, 30))
    assert wrong_numbers("The gap is 61 points.", [source]) == ("61 points",)
    assert wrong_numbers("From 4.5 to 9.5 the gap is 5 points.", [source]) == ()
