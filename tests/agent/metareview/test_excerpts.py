"""The sentence that a draft quotes stands alone: no thanks, no fragment, no bracket left open."""

import pytest

from agent.metareview.excerpts import is_fragment, stands_alone, telling


def test_a_long_sentence_is_not_cut_within_brackets_or_before_its_verb():
    text = (
        "From Fig. 7 it looks like the loss that is written as the sum of the rate and of the distortion of the tide"
        " (assuming the formula in (2) is the one that is used; it is not said which) is not the one that was trained"
        " on, which matters for the comparison with the others that the paper draws in its fourth section."
    )
    cut = telling(text)
    assert cut.count("(") == cut.count(")") and "is not the one that was trained" in cut
    middle = f"{'The gauge of the harbour ' * 6}, which stands at the pier since the last century, is wrong in most of {'the tables and ' * 6}figures."
    assert telling(middle) == middle


def test_a_long_sentence_is_cut_at_a_clause_that_it_can_do_without():
    text = f"{'The gauge at the pier is read once a day ' * 3}; {'and more is told of it here ' * 6}."
    assert telling(text) == text[: text.index(";")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Thank you very much for pointing this out. The typo is gone.", "The typo is gone."),
        ("We thank the reviewer for the kind words. Table 4 has the latency.", "Table 4 has the latency."),
        ("The gauge is noisy. Not to mention the tide-aware training and STE.", "The gauge is noisy."),
        ("Such as the pier. The reading is wrong at night.", "The reading is wrong at night."),
    ],
)
def test_thanks_and_what_hangs_on_another_sentence_are_passed_over(text, told):
    assert telling(text) == told == telling(text, objecting=True)


def test_where_there_is_only_a_fragment_the_whole_is_told():
    text = "Not to mention the tide-aware training and STE"
    assert telling(text, objecting=True) == text and is_fragment(text) and not stands_alone(text)
    assert not stands_alone("Our replies, by topic") and stands_alone("We read the gauge twice a day in winter.")


def test_of_a_reply_the_authors_own_doing_comes_before_what_it_grants():
    reply = "The experiments on the harbour system are important. We conducted them and show the results in Part 4.4."
    assert telling(reply, "Experiments on the harbour system are absent.").startswith("We conducted them")


def test_of_a_praise_the_praising_sentence_is_told():
    text = "The paper prunes by tides. The experiments are thorough and convincing."
    assert telling(text, praising=True) == "The experiments are thorough and convincing."
