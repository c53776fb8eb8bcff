"""Sentences as chairs and reviewers write them, elliptic, doubtful, turned round or with slips: which experiment they
ask for, and which way round; or why there is none."""

from pathlib import Path

import pytest

from agent.claim_words import OWN_RATIO
from tests.agent.plans import plan, refusal

HOW = {"beats": "greater", "no worse than": "not_worse", "equals": "equivalent", "before": "ordered"}
LINES = Path(__file__).with_name("chair_sentences.txt").read_text(encoding="utf-8").splitlines()
ROWS = [tuple(field.strip() for field in line.split(" | ")) for line in LINES if line and not line.startswith("#")]


@pytest.mark.parametrize(("sentence", "name", "side", "how", "other"), ROWS, ids=[row[0][:60] for row in ROWS])
def test_a_sentence_is_read_as_what_it_asks_for(sentence, name, side, how, other):
    found = plan(sentence)
    expected = found.experiment.expectation
    assert (found.contrast or "methods") == name.removesuffix("?")
    assert (expected.treatment, expected.direction, expected.baseline) == (side, HOW[how], other)
    assert found.unambiguous != name.endswith("?")


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("L-OBS beats ExactOBS at 50 %", "L-OBS"),
        ("OBQ at 2 bits outperforms BRECQ on ResNet-18.", "BRECQ"),
        ("The paper says compressing BERT to 4x fewer FLOPs keeps 82.1 F1; verify.", "FLOPs"),
        ("Could you check the run time, 65 minutes on a 3090?", "hardware"),
        ("The paper is well written and the OBS derivation is easy to follow.", "no comparison"),
        ("the speed up on a real accelerator is never measured. Can you measure it?", "hardware"),
        ("Would dropout have done the same?", "dropout"),
        ("Adadelta vs Adam in the fine-tuning, any difference?", "fine-tuning"),
        ("Which of the four data sets is the hardest?", "nothing to run"),
        ("random init of the means would work as well as spreading them evenly", "soft weight-sharing"),
        ("Is the KL merging step needed at all?", "holds fixed"),
        ("Spearmint was run on the test set.", "nothing to run"),
        ("How do they compare with vector quantization of Gong et al.?", "vector quantization"),
        ("R2: please compare against product quantization", "product quantization"),
        ("The manuscript is 20 pages long, which is too much.", "nothing to run"),
        ("Sparse index coding with Huffman on gaps saves storage against a 4-bit fixed index", "Huffman"),
        ("1.6x throughput on 18 CNNs?", "throughput"),
        ("Does concatenation with requantization loose accuracy?", "concatenation"),
        ("Super resolution suffers more than classification.", "nothing to run"),
        ("Is latency improved by a factor 1.5 on a Xeon?", "latency"),
        ("soft weight sharing prunes more weights than magnitude pruning at the same accuracy", "weight sharing"),
        ("is 2:4 better than 1:4?", "different shares"),
        ("Could we see OBQ beat AdaRound here?", "AdaRound"),
        ("the ethics statement is missing", "judgement"),
        ("On a GPU, would these dynamic masks bring any speed-up?", "GPU"),
        ("Does INT8 help on the V100?", "V100"),
        ("The final compression rate of 45 on CIFAR-10 seems too good.", "storage ratio"),
    ],
)
def test_what_is_no_test_is_declined_with_its_reason(sentence, why):
    assert why in refusal(sentence)


def test_each_side_can_have_a_setting_of_its_own():
    arms = {
        arm.name: dict(arm.settings) for arm in plan("ExactOBS at 2:4 is as good as AdaPrune at 4:8.").experiment.arms
    }
    assert arms["ExactOBS"] == {"n": 2, "m": 4} and arms["magnitude mask + least-squares refit"] == {"n": 4, "m": 8}
    arms = {arm.name: dict(arm.settings) for arm in plan("2-bit OBQ beats 3-bit RTN.").experiment.arms}
    assert arms["OBQ"] == {"bits": 2} and arms["round-to-nearest"] == {"bits": 3}


def test_settings_of_their_own_that_an_experiment_does_not_take_are_asked_about():
    found = plan("Hessian weighted k means with 3 bits outperforms kmeans with 4 bits")
    assert not found.unambiguous and "3 bits and 4 bits" in " ".join(found.changes)


def test_a_stated_factor_is_told_as_left_out():
    assert '"at least twice the" is left out' in " ".join(
        plan("Does IP save at least twice the MACs that weight pruning saves alone?").changes
    )


def test_a_change_of_what_is_equal_within_a_margin_is_one_beyond_it():
    expected = plan("Does folding the batchnorm change the outputs?").experiment.expectation
    assert (expected.treatment, expected.direction, expected.margin) == ("dense", "greater", 1e-3)


@pytest.mark.parametrize(
    ("sentence", "name", "sides"),
    [
        ("Deep compression reaches 40x on LeNet-300-100 where soft weight sharing gets 64x.", "soft_ratio", ("soft weight-sharing", "Deep Compression (90 %, 4 bits)")),
        ("verify that soft weight-sharing reaches 64x on LeNet", "soft_ratio", ("soft weight-sharing", "Deep Compression (90 %, 4 bits)")),
        ("Uniform quantization with Huffman codes compresses ResNet-32 by a factor of 22.17.", "uniform_ratio", ("uniform quantization (as k = 8)", "k-means (k = 8)")),
    ],
)  # fmt: skip
def test_a_stated_ratio_is_told_as_another_nets_and_its_direction_is_run(sentence, name, sides):
    found = plan(sentence)
    expected = found.experiment.expectation
    assert found.contrast == name and (expected.treatment, expected.baseline) == sides
    assert expected.direction == "greater" and not expected.margin and OWN_RATIO in found.changes


@pytest.mark.parametrize(
    "sentence", ["162x on LeNet-5-Caffe is hard to believe, run it", "22.17 times on ResNet-32 is over-claimed"]
)
def test_a_ratio_without_a_method_is_declined_with_what_could_be_run(sentence):
    assert "ratio of its own" in refusal(sentence) and "Name the method" in refusal(sentence)
