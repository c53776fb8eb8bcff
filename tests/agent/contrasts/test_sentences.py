"""Which way round a sentence claims a contrast, for every kind of expectation."""

import pytest

from agent import contrasts
from agent.claim_words import Untestable, words
from agent.claims import Plan, understand_claim
from agent.contrasts import CONTRASTS, Contrast, Draft
from agent.contrasts.sentences import find_contrast, read_with, reverse
from compression_demo.types import Arm, Expectation

ARMS = (
    Arm("dense", "dense"),
    *(Arm(f"rounding at {bits} bits", "rtn", (("bits", bits),)) for bits in (2, 3, 4)),
    *(Arm(f"OBQ at {bits} bits", "obq", (("bits", bits),)) for bits in (2, 3, 4)),
)
GAIN = Expectation("OBQ at 2 bits", "rounding at 2 bits", minus=("OBQ at 4 bits", "rounding at 4 bits"))
ORDER = Expectation("OBQ at 4 bits", "OBQ at 2 bits", direction="ordered", order=("OBQ at 4 bits", "OBQ at 3 bits", "OBQ at 2 bits"))  # fmt: skip
PLAIN = Expectation("OBQ at 2 bits", "rounding at 2 bits")
CLOSE = Expectation("OBQ at 4 bits", "rounding at 4 bits", direction="equivalent", margin=0.5)


def made(expectation: Expectation) -> Contrast:
    return Contrast(
        "made", "red ants carry more than black ants", "X", "X1", (words(r"(?:red|black) ants"),), words(r"red ants"),
        words(r"black ants"), lambda text: Draft(ARMS, expectation, around=(expectation,)), "Red ants carry more.",
        unless=(words("green"),), worse=words("lag"),
    )  # fmt: skip


def expected(sentence: str, expectation: Expectation) -> tuple[Expectation, bool]:
    read = read_with(made(expectation), sentence)
    assert read.experiment.around == (read.experiment.expectation,)
    return read.experiment.expectation, read.denied


@pytest.mark.parametrize("drafted", [PLAIN, GAIN, ORDER])
@pytest.mark.parametrize(
    ("sentence", "turned", "denied"),
    [
        ("red ants do better than black ants", False, False),
        ("do red ants beat black ants?", False, False),
        ("black ants are worse than red ants", False, False),
        ("red ants do better", False, False),
        ("what do red ants cost?", False, False),
        ("it is better with those than with black ants", False, False),
        ("compared to black ants it is worse", True, False),
        ("black ants outperform red ants", True, False),
        ("red ants lag black ants", True, False),
        ("red ants are not better than black ants", False, True),
        ("it is doubtful that black ants beat red ants", True, True),
    ],
)
def test_open_claims_are_turned_as_they_are_made(drafted, sentence, turned, denied):
    assert expected(sentence, drafted) == (reverse(drafted) if turned else drafted, denied)


def test_what_is_reversed_twice_is_as_before_and_never_the_same():
    for one in (PLAIN, GAIN, ORDER):
        assert reverse(reverse(one)) == one != reverse(one)
    assert reverse(ORDER).order == ORDER.order[::-1] and reverse(GAIN).minus == (GAIN.treatment, GAIN.baseline)


def test_a_claim_of_no_difference_is_an_equivalence_with_its_margin():
    found, denied = expected("red ants and black ants are the same within 2 points", GAIN)
    assert (found.direction, found.margin, found.minus, denied) == ("equivalent", 2, GAIN.minus, False)
    assert expected("red ants are no worse than black ants", PLAIN)[0].direction == "not_worse"
    assert expected("red ants are on par with black ants", CLOSE)[0] == CLOSE


def test_a_difference_claimed_where_none_is_expected():
    found, _ = expected("red ants beat black ants by 3 points", CLOSE)
    assert (found.direction, found.treatment, found.margin) == ("greater", "OBQ at 4 bits", 3)
    found, _ = expected("black ants beat red ants", CLOSE)
    assert (found.direction, found.treatment) == ("greater", "rounding at 4 bits")


def test_a_margin_is_left_out_where_the_metric_has_no_points():
    drafted = Expectation("OBQ at 2 bits", "rounding at 2 bits", "layer_error")
    read = read_with(made(drafted), "red ants beat black ants by 3 points")
    assert read.experiment.expectation == drafted and "left out" in " ".join(read.changes)


def test_a_sentence_without_direction_says_what_is_tested():
    read = read_with(made(PLAIN), "what do red ants do?")
    assert "red ants carry more than black ants" in read.changes[0]


def test_settings_that_the_experiment_does_not_have_are_named():
    changes = " ".join(read_with(made(PLAIN), "red ants beat black ants at 7 bits and 40 % sparsity").changes)
    assert "7 bits are left out" in changes and "40 % sparsity is left out" in changes
    assert "left out" not in " ".join(read_with(made(PLAIN), "red ants beat black ants at 3 bits").changes)


def test_speed_is_not_measured():
    with pytest.raises(Untestable, match="speed"):
        read_with(made(PLAIN), "red ants are faster than black ants")
    assert '"faster" is left out' in " ".join(
        read_with(made(PLAIN), "red ants are faster and lose less accuracy than black ants").changes
    )


def test_the_contrast_that_asks_for_most_of_a_sentence_is_taken():
    narrow = Contrast("narrow", "t", "X", "X2", (words("red"), words("hill")), words("a"), words("b"), made(PLAIN).draft, "")  # fmt: skip
    assert find_contrast("red ants on a hill", (made(PLAIN), narrow)) is narrow
    assert find_contrast("red ants in green grass", (made(PLAIN), narrow)) is None


@pytest.mark.parametrize("contrast", CONTRASTS, ids=lambda c: c.name)
def test_the_standard_sentence_of_a_contrast_is_read_as_it(contrast):
    found = understand_claim(contrast.example)
    assert isinstance(found, Plan), found
    assert found.contrast == contrast.name and found.unambiguous and found.hypothesis.endswith(".")
    assert contrasts.understand(contrast.example) is not None


def test_contrasts_have_names_of_their_own():
    assert len({c.name for c in CONTRASTS}) == len(CONTRASTS)


def test_what_is_done_in_the_same_way_is_no_claim_of_equality() -> None:
    said = "Red ants carry by their legs, black ants by their jaws; both are counted in the same way."
    assert expected(said, PLAIN)[0].direction == "greater"
    assert expected("Red ants and black ants carry the same.", PLAIN)[0].direction == "equivalent"
