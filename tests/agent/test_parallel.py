"""Messages that ask one comparison of two things, and the two questions that they come to."""

import pytest

from agent.parallel import in_parallel, sets_together


@pytest.mark.parametrize(
    ("message", "second"),
    [
        ("By how many points is Herring ahead on Whelk with 4 nets, and by how many with 32?", "By how many points is Herring ahead on Whelk with 32 nets"),
        ("By what percentage is its error lower than that of Gull, and by what percentage lower than that of Plover?", "By what percentage is its error lower than that of Plover"),
        ("By which factor does it compress the sorted LeNet, and by which the sorted AlexNet?", "By which factor does it compress the sorted AlexNet"),
        ("how many times Gull's rate? and Plover's?", "how many times Plover's rate"),
        ("by how much does it exceed the best and the mean of the shuffled orders?", "by how much does it exceed the mean of the shuffled orders?"),
    ],
)  # fmt: skip
def test_the_second_question_has_the_words_it_leaves_out(message, second):
    assert in_parallel(message)[1] == second
    assert sets_together(message)


@pytest.mark.parametrize(
    "message",
    [
        "who stands where, and why is reviewer 4 worried?",
        "How many points does it gain over Gull?",
        "what do they compare against and what is missing?",
    ],
)
def test_what_asks_one_comparison_or_none_is_left_whole(message):
    assert in_parallel(message) == ()


def test_what_asks_for_the_first_of_two_changes_is_not_cut():
    assert sets_together("How much does A lose and how much B, and how many times larger is the first loss?")


@pytest.mark.parametrize("more", ["And is Table 2 right?", "And what does reviewer 2 say?", "And who gave it a 6?"])
def test_a_second_question_on_something_else_is_no_second_side(more):
    assert in_parallel(f"By how many points is Herring ahead of Gull at 3 bits? {more}") == ()


def test_long_words_take_no_time():
    assert in_parallel("By how much is it better than Gull and " + "g" * 5000 + " !") == ()
