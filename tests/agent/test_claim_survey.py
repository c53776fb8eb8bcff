"""Which sentences of a submission are listed with an experiment: those that claim it or ask for it, and no others."""

import pytest

from agent.claim_survey import is_listed
from agent.claims import Plan, understand_claim

NETWORK, MIXTURE = {"1612.01543"}, {"1702.04008"}


@pytest.mark.parametrize(
    ("sentence", "kind", "own"),
    [
        (
            "Uniform quantization is slightly better with Hessian-weighted cluster means than with plain means.",
            "claim",
            NETWORK,
        ),
        ("The reviewer asks how much the diagonal approximation of the Hessian loses.", "question", NETWORK),
        ("The learning rate of the mixture is very sensitive.", "claim", MIXTURE),
        ("I doubt that the hyper-priors are needed.", "question", MIXTURE),
        ("Symmetric grids are better than asymmetric ones at 4 bits.", "claim", set()),
        ("Why is GPTQ not compared with OBQ at 3 bits?", "question", set()),
    ],
)
def test_what_claims_or_asks_is_listed(sentence, kind, own):
    found = understand_claim(sentence)
    assert isinstance(found, Plan) and is_listed(found, sentence, kind, own)


@pytest.mark.parametrize(
    ("sentence", "kind", "own"),
    [
        (
            "The learning rate of the mixture is very sensitive.",
            "claim",
            set(),
        ),  # of another paper, which names one side
        ("Our codec has a hyper-prior on its variances.", "question", set()),
        ("After pruning the accuracy drops only a little.", "question", set()),  # names no method
        ("Why should quantization lose no accuracy?", "question", set()),
        ("Channels are compared after removing whole filters.", "question", set()),
        ("At 4 bits (asymmetric grids for weights) it is ahead of the others.", "claim", set()),
        ("Searching block by block and pruning the search space improves the accuracy.", "claim", set()),
        ("Gradients are accumulated on each node independently before they are propagated.", "question", set()),
        ("The magnitude of the update is scaled by the Hessian-weighted step of k-means.", "claim", NETWORK),
        ("If uniform quantization works with the plain mean, this part adds nothing.", "question", NETWORK),
        ("Components whose KL divergence lies below a threshold are merged.", "claim", MIXTURE),
    ],
)
def test_what_only_has_its_words_is_not(sentence, kind, own):
    found = understand_claim(sentence)
    assert not isinstance(found, Plan) or not is_listed(found, sentence, kind, own)


def test_patterns_that_are_only_named_are_not_set_against_each_other():
    sentence = "We prune every layer with 2:4/4:8 sparsity, or skip it entirely."
    assert not isinstance(understand_claim(sentence), Plan)
    assert isinstance(understand_claim("4:8 or 2:4 with OBS"), Plan)
