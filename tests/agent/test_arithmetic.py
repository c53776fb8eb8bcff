"""Sums that a sentence shows: right ones need a source for their operands alone, wrong ones for everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.arithmetic import evaluate, is_right, without_results
from agent.checks import check_numbers
from tests.agent.desks import passage

TIDES = [passage("Rating: 6\nConfidence: 2", "a", "review"), passage("Rating: 5", "b", "review")]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Average: (6 + 5 + 8) / 3 = 6.33.", "Average: 6 + 5 + 8 ."),
        ("The gap is 27.2 - 26.8 = 0.4 points.", "The gap is 27.2 - 26.8  points."),
        ("A spread of 8 − 5 = 4.", "A spread of 8 − 5 = 4."),
        ("Over two tides (6 + 5) / 3 = 3.67.", "Over two tides (6 + 5) / 3 ."),
        ("Rating = 5", "Rating = 5"),
    ],
)
def test_a_right_sum_leaves_its_operands(text, left):
    assert without_results(text) == left


@pytest.mark.parametrize("text", ["Average: (6 + 5) / 2 = 5.5.", "A spread of 6 - 5 = 1."])
def test_what_shown_numbers_come_to_is_borne(text):
    assert check_numbers(text, TIDES) is None


@pytest.mark.parametrize(
    "text", ["Average: (6 + 5) / 2 = 6.5.", "Average: (6 + 7) / 2 = 6.5.", "(6 + 5) / 3 = 3.67", "The average is 5.5."]
)
def test_wrong_sums_and_foreign_operands_are_not(text):
    assert check_numbers(text, TIDES) is not None


@pytest.mark.parametrize("sum_", ["2**9", "1/0", "(3", "a + 1", "3 3"])
def test_only_plain_arithmetic_is_done(sum_):
    assert evaluate(sum_) is None


@given(st.lists(st.integers(1, 10), min_size=2, max_size=6))
def test_an_average_is_right_at_the_digits_shown(values):
    shown = f"{sum(values) / len(values):.2f}"
    assert is_right(f"({' + '.join(map(str, values))}) / {len(values)}", shown)
    assert not is_right(f"({' + '.join(map(str, values))}) / {len(values)}", f"{float(shown) + 0.02:.2f}")
