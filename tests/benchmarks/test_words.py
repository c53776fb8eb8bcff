"""K-Precision, copying and the support of a sentence by its passages."""

import pytest

from benchmarks.dialogues.support import THRESHOLD, calibrate, is_supported, load_pairs
from benchmarks.dialogues.words import copied_share, k_precision, stem

PASSAGE = "The masks are updated after every training epoch by magnitude."


def test_k_precision_counts_each_word_as_often_as_it_stands_there():
    assert k_precision("The masks!", [PASSAGE]) == 1
    assert k_precision("masks masks", [PASSAGE]) == 0.5
    assert k_precision("masks of coral", [PASSAGE, "coral"]) == pytest.approx(2 / 3)
    assert k_precision("masks", []) is None and k_precision("", [PASSAGE]) is None


def test_copied_are_runs_of_five_words_outside_of_quotation_marks():
    assert copied_share("They say masks are updated after every epoch", [PASSAGE]) == pytest.approx(5 / 8)
    assert copied_share("They say masks are updated after each epoch", [PASSAGE]) == 0
    assert copied_share("They say “masks are updated after every epoch”", [PASSAGE]) == 0
    assert copied_share('They say "masks are updated after every training epoch" by magnitude', [PASSAGE]) == 0
    assert copied_share(PASSAGE, [PASSAGE]) == 1 and copied_share(PASSAGE, []) is None
    half = PASSAGE.split()
    assert copied_share(PASSAGE, [" ".join(half[:4]), " ".join(half[4:8])]) == 0


@pytest.mark.parametrize(
    "words", ["quantize quantized quantizing quantization", "compare compares compared", "review reviews"]
)
def test_forms_of_a_word_have_one_stem(words):
    assert len({stem(word) for word in words.split()}) == 1


def test_a_sentence_is_borne_by_its_words_and_not_by_others():
    assert is_supported("After each epoch of training, the masks get updated.", [PASSAGE])
    assert not is_supported("The learning rate decays linearly over the schedule.", [PASSAGE])
    assert not is_supported("The masks are not updated after training epochs.", [PASSAGE])
    assert not is_supported("The masks are updated after every epoch.", ["The masks are never updated after an epoch."])


def test_the_passages_own_sentence_is_always_borne():
    passage = (
        "It discusses Scalpel (Yu et al. 2017) and Mao et al. (2017) without measuring against them. It is not new."
    )
    assert is_supported(
        "It discusses Scalpel (Yu et al. 2017) and Mao et al. (2017) without measuring against them.", [passage]
    )


def test_a_label_with_a_denial_beside_the_score_is_no_denial():
    scores = "Rating: 5 (Marginally below acceptance threshold; 1 to 10)\nConfidence: 4 (Confident but not absolutely certain; 1 to 5)"
    assert is_supported(
        "R2 rates it 5 (Marginally below acceptance threshold), with confidence 4 (Confident but not absolutely certain).",
        [scores],
    )
    assert is_supported("The ratings lie between 4 and 5.", [scores])


def test_the_threshold_holds_what_is_said_of_it():
    chosen, reported = (calibrate(pairs) for pairs in load_pairs())
    assert chosen.precision > 0.95 and chosen.recall > 0.95
    assert reported.pairs == 30 and reported.precision > 0.8 and reported.recall > 0.75
    others = [calibrate(load_pairs()[0], threshold) for threshold in (THRESHOLD - 0.3, THRESHOLD + 0.3)]
    assert all(min(c.precision, c.recall) < min(chosen.precision, chosen.recall) for c in others)
