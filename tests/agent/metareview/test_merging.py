"""What a chair wrote is never lost, and what they left alone follows the evidence."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.metareview.merging import Conflict, merge
from agent.metareview.text import join, sentences, units

BEFORE = "The paper prunes reefs [1]. R1 objects to novelty [2]. No reply is on record."
sentence = st.sampled_from([f"Sentence {word} [{n}]." for n, word in enumerate("abcdefgh", 1)])
text = st.lists(st.tuples(st.sampled_from([" ", "\n\n", "\n- "]), sentence), max_size=9).map(
    lambda parts: join(["".join(p) for p in parts])
)


def test_unedited_text_follows_the_draft():
    assert merge(BEFORE, BEFORE, "All new [3].").text == "All new [3]."


def test_edits_and_news_in_different_sentences_both_stand():
    yours = BEFORE.replace("R1 objects to novelty [2]", "R1 rightly objects to novelty [2]")
    now = BEFORE.replace("No reply is on record.", "The authors replied [3].")
    found = merge(BEFORE, yours, now)
    assert found.text == "The paper prunes reefs [1]. R1 rightly objects to novelty [2]. The authors replied [3]."
    assert found.conflicts == ()


def test_the_same_sentence_changed_by_both_is_the_chairs_and_the_other_is_told():
    yours = BEFORE.replace("No reply is on record.", "They never answered.")
    now = BEFORE.replace("No reply is on record.", "The authors replied [3].")
    found = merge(BEFORE, yours, now)
    assert found.text == yours
    assert found.conflicts == (Conflict("They never answered.", "No reply is on record.", "The authors replied [3]."),)


def test_what_the_chair_deleted_stays_deleted_and_a_new_form_of_it_is_told():
    yours = BEFORE.replace(" R1 objects to novelty [2].", "")
    assert merge(BEFORE, yours, BEFORE).text == yours
    found = merge(BEFORE, yours, BEFORE.replace("R1 objects", "R1 and R2 object"))
    assert found.text == yours
    assert found.conflicts == (Conflict("", "R1 objects to novelty [2].", "R1 and R2 object to novelty [2]."),)


def test_additions_of_both_at_one_place_both_stand():
    found = merge(BEFORE, BEFORE + " I was there.", BEFORE + " A run bears on it [run 9f2c1a].")
    assert found.text == BEFORE + " I was there. A run bears on it [run 9f2c1a]." and not found.conflicts


def test_an_addition_beside_a_sentence_that_changes_is_kept_without_a_conflict():
    found = merge(BEFORE, BEFORE + " I was there.", BEFORE.replace("No reply is on record.", "They replied [3]."))
    assert found.text.endswith("They replied [3]. I was there.") and not found.conflicts


@given(text, text, text)
def test_no_sentence_of_the_chair_is_ever_lost(before, yours, now):
    found = merge(before, yours, now)
    added = Counter(units(yours)) - Counter(units(before))
    if yours != before:
        held = Counter(units(found.text))
        # A sentence may have moved to the head of the text, where no white space stands before it.
        assert all(Counter(sentences(found.text))[unit.strip(" \n-")] >= 1 or held[unit] for unit in added)


@given(text, text, text)
def test_nothing_that_the_draft_says_now_is_dropped_in_silence(before, yours, now):
    found = merge(before, yours, now)
    told = Counter(s for c in found.conflicts for s in sentences(c.now))
    new = Counter(sentences(now)) - Counter(sentences(before))
    shown = Counter(sentences(found.text)) + told
    assert all(shown[s] >= 1 for s in new)


@given(text, text)
def test_who_changes_alone_is_followed(before, changed):
    assert merge(before, before, changed).text == changed
    assert merge(before, changed, before).text == changed
    assert merge(before, changed, changed).text == changed
    assert not merge(before, changed, changed).conflicts + merge(before, changed, before).conflicts


@given(text, text, text)
def test_merging_again_changes_nothing_more(before, yours, now):
    """After a refresh the generated text is the base: refreshing again must not bring an old sentence back."""
    found = merge(before, yours, now)
    assert merge(now, found.text, now).text == found.text


@pytest.mark.parametrize("which", ["yours", "now"])
def test_an_empty_side_is_no_accident(which):
    found = merge(BEFORE, "", BEFORE) if which == "yours" else merge(BEFORE, BEFORE, "")
    assert found.text == ""
